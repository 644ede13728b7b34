//! The plain rules, checked to the last state, and broken rules that the same check must see.

use super::{
    bounded::{
        AT_MOST_ONCE, Action, FAILED_IS_NOT_APPLIED, NEVER_MORE_THAN_CAPTURED, SETTLED_IS_APPLIED, Scenario,
        World,
    },
    chances::Proves,
    rules::Clause,
};
use stateright::{Checker, HasDiscoveries, Model, Path};
use std::{
    collections::{BTreeSet, HashMap, hash_map::DefaultHasher},
    hash::BuildHasherDefault,
};

fn fenced() -> Scenario {
    Scenario { fencing: true, captured: 3, g1: true, ..Scenario::of(Proves::Nothing) }
}

fn shared() -> Scenario {
    Scenario { cabinet: 2, ..Scenario::of(Proves::SumsOfAnybody) }
}

/// A gateway that shows nothing and acknowledges; resends rely on its balance.
fn acknowledging() -> Scenario {
    Scenario { acknowledges: true, ..fenced() }
}

/// Two refunds that together are all that was captured.
fn two(proves: Proves) -> Scenario {
    Scenario { amounts: vec![2, 2], ..Scenario::of(proves) }
}

/// The shortest life that breaks the promise, if there is one.
fn breaks(scenario: Scenario, promise: &'static str) -> Option<Vec<Action>> {
    let found = HasDiscoveries::AllOf(BTreeSet::from([promise]));
    let checked = scenario.checker().finish_when(found).spawn_bfs().join();
    checked.discovery(promise).map(Path::into_actions)
}

fn keeps_every_promise(scenario: Scenario) {
    let checked = scenario.checker().spawn_bfs().join();
    assert!(checked.is_done() && checked.unique_state_count() > 500);
    // Includes that all can be done, which is shown by an example.
    checked.assert_properties();
}

#[test]
fn every_promise_is_kept_in_every_state() {
    for scenario in [
        Scenario::of(Proves::SumsOfOursAlone),
        Scenario::of(Proves::Nothing),
        Scenario::of(Proves::Replays),
        shared(),
        fenced(),
        acknowledging(),
        Scenario { acknowledges: true, ..Scenario::of(Proves::Nothing) },
    ] {
        keeps_every_promise(scenario);
    }
}

#[test]
fn two_refunds_of_one_payment_do_not_harm_each_other_where_sums_are_read() {
    keeps_every_promise(two(Proves::SumsOfOursAlone));
}

#[test]
fn two_refunds_of_one_payment_do_not_harm_each_other_where_nothing_is_shown() {
    keeps_every_promise(two(Proves::Nothing));
}

/// The readings that `exceptions` and `differences` name and the machine chose: no promise is broken by them.
#[test]
fn what_the_machine_reads_into_the_text_breaks_no_promise() {
    // With a verified key a cancelled copy is the only one.
    let keyed = Scenario { acknowledges: true, ..Scenario::of(Proves::Replays) };
    let keyed = Scenario { model: keyed.model.without(Clause::CancelledCopyIsNotTheOnlyOne), ..keyed };
    keeps_every_promise(keyed);
    // A fence goes before a person where sums are read too, if nobody else refunds or somebody does.
    let fence = |proves| Scenario { fencing: true, g1: true, captured: 3, ..Scenario::of(proves) };
    keeps_every_promise(fence(Proves::SumsOfOursAlone));
    keeps_every_promise(Scenario { cabinet: 1, ..fence(Proves::SumsOfAnybody) });
}

/// "With faults off, each intent is final within a bounded time": from every state there is a way to the end, whatever was
/// lost before.
#[test]
fn from_everywhere_there_is_a_way_to_the_end() {
    for scenario in [
        Scenario::of(Proves::SumsOfOursAlone),
        Scenario::of(Proves::Nothing),
        Scenario::of(Proves::Replays),
        shared(),
        fenced(),
        acknowledging(),
        Scenario { acknowledges: true, ..Scenario::of(Proves::Nothing) },
    ] {
        let (states, stuck) = ways(&scenario);
        assert!(states > 500, "only {states} states");
        assert!(stuck.is_none(), "{stuck:?}");
    }
    // It can see: without people a held refund waits for ever.
    let nobody = Scenario { nobody_decides: true, ..Scenario::of(Proves::Nothing) };
    assert!(ways(&nobody).1.is_some());
}

/// Each broken rule breaks a promise, among them this one.
#[test]
fn what_breaks_the_rules_is_seen() {
    let without =
        |clause: Clause, scenario: Scenario| Scenario { model: scenario.model.without(clause), ..scenario };
    let alone = || Scenario::of(Proves::SumsOfOursAlone);
    let blind = || Scenario::of(Proves::Nothing);
    // The lock alone keeps the sum; without it and without the claim of what is unknown nothing does.
    let greedy = Scenario { captured: 2, ..two(Proves::SumsOfOursAlone) };
    let unclaimed = without(Clause::UnknownKeepsItsClaim, greedy);
    let cases: [(&str, Scenario, &str); 14] = [
        ("no settle window", without(Clause::SettleWindow, alone()), AT_MOST_ONCE),
        ("a timeout is a failure", without(Clause::NoFailureByItself, blind()), FAILED_IS_NOT_APPLIED),
        ("a resend anywhere", without(Clause::ResendOnlyWhereItCannotDouble, blind()), AT_MOST_ONCE),
        ("a refused resend fails", without(Clause::RefusalOfAFirstSendOnly, fenced()), FAILED_IS_NOT_APPLIED),
        ("a system error fails", without(Clause::SystemErrorIsNoRefusal, alone()), FAILED_IS_NOT_APPLIED),
        ("a person decides early", without(Clause::PersonAfterTheWindow, blind()), AT_MOST_ONCE),
        ("somebody's refund is ours", without(Clause::SharedProvesNobody, shared()), SETTLED_IS_APPLIED),
        (
            "no lock on the payment",
            without(Clause::OneAtATime, two(Proves::SumsOfOursAlone)),
            SETTLED_IS_APPLIED,
        ),
        (
            "an old look",
            without(Clause::LookBeforeReserving, two(Proves::SumsOfOursAlone)),
            SETTLED_IS_APPLIED,
        ),
        (
            "a cancelled copy is the end",
            without(Clause::CancelledCopyIsNotTheOnlyOne, acknowledging()),
            FAILED_IS_NOT_APPLIED,
        ),
        (
            "what was taken is given up",
            without(Clause::TakenMayStillBeCarriedOut, acknowledging()),
            FAILED_IS_NOT_APPLIED,
        ),
        ("a fence without G1", Scenario { g1: false, ..fenced() }, AT_MOST_ONCE),
        ("neither lock nor claim", without(Clause::OneAtATime, unclaimed), NEVER_MORE_THAN_CAPTURED),
        ("a permit without an end", Scenario { permits_never_die: true, ..alone() }, AT_MOST_ONCE),
    ];
    for (name, scenario, promise) in cases {
        assert!(breaks(scenario, promise).is_some(), "{name}: nobody sees that \"{promise}\" is broken");
    }
}

/// How many states there are, and one from which no end can be reached.
fn ways(scenario: &Scenario) -> (usize, Option<World>) {
    let mut number: HashMap<World, usize, BuildHasherDefault<DefaultHasher>> = HashMap::default();
    let (mut worlds, mut from): (Vec<World>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
    let mut meet = |world: World, worlds: &mut Vec<World>, from: &mut Vec<Vec<usize>>| {
        *number.entry(world).or_insert_with_key(|world| {
            worlds.push(world.clone());
            from.push(Vec::new());
            worlds.len() - 1
        })
    };
    for world in scenario.init_states() {
        meet(world, &mut worlds, &mut from);
    }
    let mut at = 0;
    while at < worlds.len() {
        let world = worlds[at].clone();
        for (_, next) in scenario.next_steps(&world) {
            let next = meet(next, &mut worlds, &mut from);
            from[next].push(at);
        }
        at += 1;
    }
    let mut reached: Vec<bool> = worlds.iter().map(|world| scenario.is_over(world)).collect();
    let mut open: Vec<usize> = (0..worlds.len()).filter(|at| reached[*at]).collect();
    while let Some(at) = open.pop() {
        for before in from[at].drain(..) {
            if !reached[before] {
                reached[before] = true;
                open.push(before);
            }
        }
    }
    let stuck = reached.iter().position(|ends| !ends);
    (worlds.len(), stuck.map(|at| worlds[at].clone()))
}
