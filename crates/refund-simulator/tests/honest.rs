//! The machine as it is breaks nothing, in schedules that are lively enough to mean something.

use refund_simulator::{Figures, HARD, Invariant, Kind, Laboratory, Mutant, Order, Simulator, run};

/// Schedules per tier; `cargo xtask simulate` and `soak` play the millions.
const SCHEDULES: u64 = 12_000;

fn figures(kind: Kind) -> Figures {
    let mut simulator = Simulator::new();
    for seed in (0..SCHEDULES).chain(HARD..HARD + SCHEDULES / 4) {
        let verdict = simulator.play(kind, seed);
        assert_eq!(verdict.first, None, "seed {seed} of {}: {}", kind.as_str(), verdict.broken);
    }
    simulator.take_figures()
}

fn lively(kind: Kind) {
    let seen = figures(kind);
    let least = |count: u64, percent: u64, what: &str| {
        assert!(count * 100 >= seen.schedules * percent, "{}: too few {what}: {seen:?}", kind.as_str());
    };
    least(seen.events, 4_000, "events");
    least(seen.sends, 100, "sends");
    least(seen.unknowns, 30, "unknown outcomes");
    least(seen.overtaken, 5, "workers that were overtaken");
    assert!(seen.decisions > 0, "nobody decided anything: {seen:?}");
    assert_eq!(seen.doubles, 0);
    match kind {
        Kind::Verified => least(seen.resends, 20, "resends"),
        Kind::SharedFenced | Kind::BlindFenced => least(seen.resends, 4, "resends"),
        // Where evidence decides, the fence is hardly ever needed.
        Kind::ExclusiveFenced => {}
        _ => assert_eq!(seen.resends, 0, "nothing may be sent again here: {seen:?}"),
    }
    if kind.as_str().starts_with("blind") || kind.as_str().starts_with("shared") {
        least(seen.holds, 15, "refunds that a person decided");
    }
}

macro_rules! tiers {
    ($($name:ident: $kind:expr),+ $(,)?) => { $(#[test] fn $name() { lively($kind); })+ };
}

tiers! {
    keyed_and_verified: Kind::Verified,
    keyed_by_document_only: Kind::Documented,
    readable: Kind::Exclusive,
    readable_and_fenced: Kind::ExclusiveFenced,
    shared: Kind::Shared,
    shared_and_fenced: Kind::SharedFenced,
    blind: Kind::Blind,
    blind_and_fenced: Kind::BlindFenced,
}

#[test]
fn the_same_seed_tells_the_same_story_byte_for_byte() {
    for kind in Kind::ALL {
        for seed in [0, 1, 77, 4_711, HARD + 5] {
            let (mut one, mut two) = (Laboratory::new(Mutant::None), Laboratory::new(Mutant::None));
            // What was played before leaves nothing behind.
            two.play(kind, seed + 1);
            let (first, second) = (one.tell(kind, seed).1, two.tell(kind, seed).1);
            assert!(first.lines().count() > 8, "{}, seed {seed}: nothing happened", kind.as_str());
            assert_eq!(first, second, "{}, seed {seed}", kind.as_str());
        }
    }
}

/// What is compiled without mutants and stories plays the same schedules.
#[test]
fn the_laboratory_plays_what_the_simulator_plays() {
    for kind in Kind::ALL {
        let (mut fast, mut told) = (Simulator::new(), Laboratory::new(Mutant::None));
        for seed in 0..500 {
            fast.play(kind, seed);
            told.tell(kind, seed);
            assert_eq!(fast.take_figures(), told.take_figures(), "{}, seed {seed}", kind.as_str());
        }
    }
}

#[test]
fn threads_change_nothing() {
    let order = Order { schedules: 20_000, from_seed: 3, threads: 1, kind: None };
    let (one, three) = (run(order, |_| ()), run(Order { threads: 3, ..order }, |_| ()));
    assert_eq!(one.tiers, three.tiers);
    assert_eq!((one.total().schedules, one.violation, three.violation), (20_000, None, None));
}

#[test]
fn a_schedule_allocates_nothing_once_the_tables_have_grown() {
    let mut simulator = Simulator::new();
    let mut play = |seeds: std::ops::Range<u64>| {
        for (kind, seed) in seeds.flat_map(|seed| Kind::ALL.map(|kind| (kind, seed))) {
            simulator.play(kind, seed);
        }
    };
    play(0..3_000);
    let counted = allocation_counter::measure(|| play(0..3_000));
    assert_eq!(counted.count_total, 0);
}

#[test]
fn invariants_have_names() {
    assert_eq!(Invariant::parse("D6"), Some(Invariant::D6));
    assert_eq!(Invariant::parse("I11"), None);
}
