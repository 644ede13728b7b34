//! What keeps a work loop from spinning, and machines from waiting for each other: due moments, jitter, windows by
//! several clocks, and hints that never do more than ask.

use super::{
    BLIND, HERE, READABLE, VERIFIED, accepted, approved, at, doubted, fold, held_unknown, kept, planned,
    play, policy, sending, unknown,
};
use crate::machine::{
    Command, Decision, DoubtKind, Event, FiredKind, Machine, Phase, Postponement, Record, State, StatusKind,
    Stop, step,
};
use refund_core::{BootId, KeyTrust, Moment, NotSentReason, Tier};

fn by(boot: u128, seconds: u64) -> Moment {
    Moment { boot: BootId(boot), ..at(seconds) }
}

/// Sends and doubts of a readable gateway come back when their window is over, not at the next call.
#[test]
fn a_doubt_says_when_something_can_be_done_about_it() {
    for (tier, due) in [(READABLE, 905), (BLIND, 90), (VERIFIED, 90)] {
        let lost = Event::Fired(FiredKind::Unknown { why: DoubtKind::Timeout, salvaged: false });
        let mut rows = super::fire(tier);
        rows.push((at(90), lost, Command::Keep(doubted(DoubtKind::Timeout, due))));
        play(policy(tier), approved(), &rows);
    }
    assert_eq!(unknown(READABLE).due, Some(at(905)));
}

/// 1 s doubling to 256, 5 s doubling to an hour; jitter takes up to a half away and never more.
#[test]
fn what_did_not_get_through_comes_back_later_and_later() {
    for (event, why, waits) in [
        (Event::LookupFailed, Postponement::LookupFailed, [1, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256]),
        (Event::PaymentBusy, Postponement::Busy, [5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600]),
    ] {
        let mut state = approved();
        let mut now = 0;
        for wait in waits {
            let rows = if why == Postponement::Busy { 3 } else { 1 };
            let mut machine = play(policy(READABLE), state, &super::attempt(READABLE, 1, now)[..rows]);
            for (jitter, millis) in [(0, wait * 1_000), (u16::MAX, wait * 500)] {
                machine.jitter = jitter;
                let due = at(now).after(std::time::Duration::from_millis(millis));
                let (_, command) = step(machine, event, at(now)).expect("answers the lookup");
                assert_eq!(command, Command::Keep(Record::Postponed { why, due }), "{wait} s, {jitter}");
            }
            state = state.apply(Record::Postponed { why, due: at(now + wait) }).expect("follows");
            // A person need not wait.
            play(policy(READABLE), state, &[(at(now), Event::Nudge, Command::Lookup)]);
            let early = (at(now + wait - 1), Event::Go, Command::Wait(at(now + wait)));
            play(policy(READABLE), state, &[early]);
            now += wait;
        }
    }
    // The gateway's own schedule is kept to the second, whatever chance says.
    let mut machine = play(policy(BLIND), approved(), &super::fire(BLIND));
    machine.jitter = u16::MAX;
    let (_, command) = step(machine, Event::Fired(FiredKind::Accepted), at(0)).expect("fired");
    assert_eq!(command, Command::Keep(Record::Accepted { due: at(10) }));
}

/// Sends are stopped: before the look, before the connection, and before anything is armed.
#[test]
fn a_pause_sends_nothing_wherever_it_comes() {
    let paused = Event::Paused { until: at(60) };
    let record = Record::Postponed { why: Postponement::Paused, due: at(60) };
    let stop = Command::Stop(Stop::Paused { until: at(60) });
    for length in [1, 4, 5] {
        let mut rows = super::fire(READABLE)[..length].to_vec();
        rows.extend(kept(at(0), paused, record, stop));
        rows.push((at(59), Event::Go, Command::Wait(at(60))));
        rows.push((at(60), Event::Go, Command::Lookup));
        let machine = play(policy(READABLE), approved(), &rows);
        assert_eq!((machine.state.attempt, machine.state.not_sent), (0, 0));
    }
    // A resend stays unknown; its reason holds, and the connection is made anew.
    let reason = super::may_resend(crate::machine::ResendGround::KeyReplay);
    let mut rows = kept(at(1), Event::Go, reason, Command::Open);
    rows.extend(kept(at(1), paused, record, stop));
    rows.push((at(60), Event::Go, Command::Open));
    assert_eq!(play(policy(VERIFIED), unknown(VERIFIED), &rows).state.phase, Phase::Unknown);
}

/// Machines that look in turn: each starts the window once by its own clock, then waits for it.
#[test]
fn a_window_is_started_once_by_each_of_three_machines() {
    let restarted =
        |boot, now: u64| Record::WindowRestarted { from: by(boot, now + 5), due: by(boot, now + 905) };
    let wait = |boot, until| Command::Wait(by(boot, until));
    let mut rows = kept(by(2, 100), Event::Go, restarted(2, 100), wait(2, 1_005));
    rows.push((by(1, 100), Event::Go, wait(1, 905)));
    rows.extend(kept(by(3, 200), Event::Go, restarted(3, 200), wait(3, 1_105)));
    for _ in 0..3 {
        rows.push((by(1, 300), Event::Go, wait(1, 905)));
        rows.push((by(2, 300), Event::Go, wait(2, 1_005)));
        rows.push((by(3, 300), Event::Go, wait(3, 1_105)));
    }
    let machine = play(policy(READABLE), unknown(READABLE), &rows);
    for (boot, over) in [(1, 905), (2, 1_005), (3, 1_105)] {
        play(policy(READABLE), machine.state, &[(by(boot, over), Event::Go, Command::Probe)]);
    }
    // A person's decision waits for the window of the machine it is made on, whoever looked last.
    let held = held_unknown();
    let mut rows = kept(
        by(2, 100),
        Event::Go,
        restarted(2, 100),
        Command::Stop(Stop::Held { from: Some(by(2, 1_005)) }),
    );
    let decision = Decision::DidNotHappen;
    let event = Event::Decide { decision, seen: by(1, 905) };
    rows.extend(kept(by(1, 905), event, Record::Decided { decision }, Command::Stop(Stop::Noted)));
    play(policy(BLIND), held, &rows);
    // A fourth one pushes the oldest out; whoever it was starts again, and the other two do not.
    let (state, now) = (machine.state, by(4, 400));
    let known = play(policy(READABLE), state, &kept(now, Event::Go, restarted(4, 400), wait(4, 1_305))).state;
    assert_eq!(known.window_by(HERE), None);
    assert_eq!([2, 3, 4].map(|boot| known.window_by(BootId(boot)).is_some()), [true; 3]);
    // A send is a new beginning for all of them.
    let resent = fold_on(
        known,
        &[super::may_resend(crate::machine::ResendGround::KeyReplay), { super::armed(1, 2, 2_000) }],
    );
    assert_eq!((resent.window_from, resent.window_elsewhere), (Some(at(2_005)), [None, None]));
}

fn fold_on(state: State, records: &[Record]) -> State {
    records.iter().try_fold(state, |state, record| state.apply(*record)).expect("follows")
}

/// A hint asks for the status of what the gateway took, and does nothing anywhere else: above all it sends nothing.
#[test]
fn a_hint_only_asks() {
    let mut rows = vec![(at(1), Event::Hint, Command::AskStatus)];
    rows.push((at(1), Event::Status(StatusKind::Failed), Command::Wait(at(10))));
    play(policy(BLIND), accepted(BLIND), &rows);
    let held = accepted(BLIND).apply(Record::Held { why: crate::machine::HoldReason::Deadline });
    play(policy(BLIND), held.expect("follows"), &[(at(1), Event::Hint, Command::AskStatus)]);
    let noted = Command::Stop(Stop::Noted);
    let unsent = Record::NotSent { why: NotSentReason::Dns, due: at(1) };
    for state in [
        fold(&[planned()]),
        approved(),
        sending(READABLE),
        sending(READABLE).apply(unsent).expect("follows"),
        unknown(READABLE),
        unknown(VERIFIED),
        held_unknown(),
    ] {
        let machine = play(policy(VERIFIED), state, &[(at(2_000), Event::Hint, noted)]);
        assert_eq!(machine.state, state, "nothing is written");
    }
}

/// A key whose replay nobody has shown is read like any readable gateway, also where others refund the orders.
#[test]
fn a_keyed_gateway_can_be_shared() {
    let actors = refund_core::Actors::Shared;
    for trust in [KeyTrust::Documented, KeyTrust::Verified] {
        let tier = Tier::Keyed { trust, actors };
        let state = fold_on(unknown(READABLE), &[]);
        let exhausted = super::Policy { attempts_max: 1, ..policy(tier) };
        let rows = [
            (at(905), Event::Go, Command::Probe),
            (at(905), Event::Probed(crate::machine::ProbedKind::Happened), {
                Command::Keep(Record::Held { why: crate::machine::HoldReason::SharedAccount })
            }),
        ];
        play(exhausted, state, &rows);
        // Found by its key it has a reference, and is ours.
        let rows = [
            (at(905), Event::Go, Command::Probe),
            (at(905), Event::Probed(crate::machine::ProbedKind::HappenedWithReference), {
                Command::Keep(Record::Accepted { due: at(915) })
            }),
        ];
        play(exhausted, state, &rows);
    }
    let machine = Machine::new(unknown(VERIFIED), policy(Tier::Keyed { trust: KeyTrust::Verified, actors }));
    let (_, command) = step(machine, Event::Go, at(1)).expect("begins");
    let reason = super::may_resend(crate::machine::ResendGround::KeyReplay);
    assert_eq!(command, Command::Keep(reason), "a replay is safe whoever else refunds");
}
