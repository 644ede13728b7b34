//! From "approved" to the first answer: the order of effects, and every way of not sending.

use super::{
    AMOUNT, BLIND, FINAL, READABLE, TIMEOUT, VERIFIED, approved, armed, at, attempt, baseline, elsewhere,
    fire, fold, kept, planned, play, policy, reserved,
};
use crate::machine::{
    Baseline, BaselineRole, Command, DoubtKind, Event, FiredKind, Machine, Misstep, Phase, Postponement,
    Proof, Record, Refusal, Stop, WithdrawReason, step,
};
use refund_core::{Moment, NotSentReason};

fn not_sent(seconds: u64) -> Record {
    Record::NotSent { why: NotSentReason::Refused, due: at(seconds) }
}

fn postponed(why: Postponement, due: u64) -> Record {
    Record::Postponed { why, due: at(due) }
}

const PAUSED: Event = Event::Paused { until: Moment::new(super::HERE, 1_060_000) };
const REFUSED: Event = Event::NotSent(NotSentReason::Refused);
const NOT_REACHED: Command = Command::Stop(Stop::NotReached);

#[test]
fn nothing_is_fired_that_was_not_looked_up_checked_reserved_opened_and_armed() {
    for tier in [BLIND, READABLE, VERIFIED] {
        let machine = play(policy(tier), approved(), &fire(tier));
        assert_eq!((machine.state.phase, machine.state.maybe_sent), (Phase::Sending, 1));
    }
}

#[test]
fn a_connection_that_fails_backs_off_doubling_to_256_seconds_and_keeps_the_lineage() {
    let mut state = approved();
    let mut now = 0;
    for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 256] {
        let mut rows = attempt(READABLE, 1, now);
        rows.truncate(4); // Up to "open".
        rows.extend(kept(at(now), REFUSED, not_sent(now + wait), NOT_REACHED));
        let machine = play(policy(READABLE), state, &rows);
        state = machine.state;
        assert_eq!((state.phase, state.lineage, state.maybe_sent), (Phase::Reserved, 1, 0));
        let early = [(at(now + wait - 1), Event::Go, Command::Wait(at(now + wait)))];
        play(policy(READABLE), state, &early);
        now += wait;
    }
    // A moment of another boot holds nothing back.
    play(policy(READABLE), state, &[(elsewhere(0), Event::Go, Command::Lookup)]);
}

#[test]
fn a_request_that_surely_did_not_leave_after_arming_is_sent_as_a_new_lineage() {
    let mut rows = fire(READABLE);
    rows.extend(kept(
        at(6),
        Event::NotSent(NotSentReason::PermitExpired),
        Record::NotSent { why: NotSentReason::PermitExpired, due: at(7) },
        NOT_REACHED,
    ));
    rows.extend(attempt(READABLE, 2, 7));
    let machine = play(policy(READABLE), approved(), &rows);
    assert_eq!((machine.state.lineage, machine.state.attempt, machine.state.maybe_sent), (2, 1, 1));
}

#[test]
fn answers_of_a_first_send() {
    let waits = |seconds| Command::Wait(at(seconds));
    let unconfirmed = Record::Doubted {
        why: DoubtKind::AmbiguousRefusal,
        refusal: Refusal::Unconfirmed,
        salvaged: false,
        due: at(905),
    };
    let cases = [
        (Event::Fired(FiredKind::Accepted), Record::Accepted { due: at(11) }, waits(11)),
        (Event::Fired(FiredKind::Settled), Record::Settled { by: Proof::Reply }, FINAL),
        (Event::Fired(FiredKind::Declined), Record::Declined, FINAL),
        (Event::Fired(FiredKind::DeclinedUnconfirmed), unconfirmed, waits(905)),
        (TIMEOUT, super::doubted(DoubtKind::Timeout, 905), waits(905)),
    ];
    for (event, record, then) in cases {
        let mut rows = fire(READABLE);
        rows.extend(kept(at(1), event, record, then));
        play(policy(READABLE), approved(), &rows);
    }
}

#[test]
fn what_stops_a_refund_before_anything_is_sent() {
    let looked = || fire(READABLE)[..1].to_vec();
    let checked = || fire(READABLE)[..3].to_vec();
    let withdrawn = |why| Record::Withdrawn { why };
    let cases = [
        (
            "the gateway cannot be asked",
            looked(),
            kept(at(0), Event::LookupFailed, postponed(Postponement::LookupFailed, 1), NOT_REACHED),
        ),
        (
            "a rule is broken",
            fire(READABLE)[..2].to_vec(),
            kept(at(0), Event::Broken, withdrawn(WithdrawReason::Rules), FINAL),
        ),
        (
            "the payment is used up",
            checked(),
            kept(at(0), Event::OverBudget, withdrawn(WithdrawReason::Budget), FINAL),
        ),
        (
            "the payment is busy",
            checked(),
            kept(at(0), Event::PaymentBusy, postponed(Postponement::Busy, 5), Command::Stop(Stop::Busy)),
        ),
        (
            "sends are paused",
            looked(),
            kept(
                at(0),
                PAUSED,
                postponed(Postponement::Paused, 60),
                Command::Stop(Stop::Paused { until: at(60) }),
            ),
        ),
        ("another refund moved what was left", checked(), vec![(at(0), Event::BudgetMoved, Command::Lookup)]),
    ];
    for (name, mut rows, end) in cases {
        rows.extend(end);
        let machine = play(policy(READABLE), approved(), &rows);
        assert_eq!(machine.state.maybe_sent, 0, "{name}");
    }
}

/// A verdict read against a baseline that lacks an earlier refund would take that one for this one.
#[test]
fn nothing_is_sent_against_a_baseline_that_lags_behind_the_journal() {
    let table = [
        (BaselineRole::Evidence, Some(0), 600, true),
        (BaselineRole::Evidence, Some(599), 600, true),
        (BaselineRole::Evidence, Some(600), 600, false),
        (BaselineRole::Evidence, None, 600, false), // It shows nothing: nothing can be read against it anyway.
        (BaselineRole::Unused, Some(0), 600, false),
    ];
    for (role, refunded, used, lags) in table {
        let baseline = Baseline { captured: 2_000, refunded, used, role };
        assert_eq!(baseline.lags(), lags, "{baseline:?}");
        let mut rows = vec![(at(0), Event::Go, Command::Lookup)];
        let looked = Event::LookedUp(baseline);
        match lags {
            true => rows.extend(kept(at(0), looked, postponed(Postponement::Lagging, 1), NOT_REACHED)),
            false => rows.push((at(0), looked, Command::Check { lineage: 1 })),
        }
        play(policy(READABLE), approved(), &rows);
    }
}

/// Another refund of the payment was done between the look and the reservation: look again, same lineage, and only
/// then open.
#[test]
fn a_reservation_on_an_outdated_look_is_made_again() {
    let fresh = Baseline { captured: 2_000, refunded: Some(600), used: 600, role: BaselineRole::Evidence };
    let mut rows = fire(READABLE);
    rows.truncate(3);
    rows.push((at(0), Event::ReserveOutdated, Command::Lookup));
    rows.extend([
        (at(0), Event::LookedUp(fresh), Command::Check { lineage: 1 }),
        (
            at(0),
            Event::Checked { amount: AMOUNT },
            Command::Reserve(Record::Reserved { lineage: 1, amount: AMOUNT, baseline: fresh }),
        ),
        (at(0), Event::ReserveDone, Command::Open),
        (at(0), Event::OpenDone, Command::Arm(armed(1, 1, 0))),
    ]);
    let machine = play(policy(READABLE), approved(), &rows);
    assert_eq!(machine.state.baseline, Some(fresh));
}

#[test]
fn an_event_that_answers_no_command_is_refused_and_changes_nothing() {
    let events = [
        Event::LookedUp(baseline(READABLE)),
        Event::LookupFailed,
        Event::Checked { amount: AMOUNT },
        Event::Broken,
        Event::ReserveDone,
        Event::ReserveOutdated,
        Event::OverBudget,
        Event::BudgetMoved,
        Event::PaymentBusy,
        Event::OpenDone,
        REFUSED,
        Event::ArmDone,
        TIMEOUT,
        Event::KeepDone,
        Event::Status(crate::machine::StatusKind::Settled),
        Event::Probed(crate::machine::ProbedKind::NotSeen),
        Event::Go,
        Event::Nudge,
        Event::Withdraw,
        PAUSED,
        Event::Hint,
    ];
    let rows = fire(READABLE);
    for length in 1..=rows.len() {
        let machine = play(policy(READABLE), approved(), &rows[..length]);
        // What may answer the command that is out; everything else is a misstep.
        let answers: &[usize] = match length {
            1 => &[0, 1, 19],
            2 => &[2, 3],
            3 => &[4, 5, 6, 7, 8],
            4 => &[9, 10, 19],
            5 => &[8, 11, 19],
            _ => &[10, 12],
        };
        for (index, event) in events.iter().enumerate() {
            let stepped = step(machine, *event, at(0));
            if answers.contains(&index) {
                assert!(stepped.is_ok(), "{event:?} after {:?}: {stepped:?}", machine.stage);
            } else {
                let misstep = Misstep::Unexpected { event: *event, stage: machine.stage };
                assert_eq!(stepped.map(|(_, command)| command), Err(misstep));
                unchanged(machine, *event, misstep);
            }
        }
    }
    // A record that cannot follow is found before it is written: here the second reservation is for another amount.
    let state = fold(&[planned(), Record::Approved, reserved(1, READABLE)]);
    let machine = play(policy(READABLE), state, &rows[..2]);
    let wrong = step(machine, Event::Checked { amount: AMOUNT + 1 }, at(0));
    let Err(misstep @ Misstep::OutOfOrder(_)) = wrong else { panic!("{wrong:?}") };
    unchanged(machine, Event::Checked { amount: AMOUNT + 1 }, misstep);
    let right = step(machine, Event::Checked { amount: AMOUNT }, at(0));
    assert_eq!(right.map(|(_, command)| command), Ok(Command::Reserve(reserved(1, READABLE))));
}

/// Stepped in place, a machine that refuses an event is as it was.
fn unchanged(before: Machine, event: Event, misstep: Misstep) {
    let mut machine = before;
    assert_eq!(machine.step(event, at(0)), Err(misstep));
    assert_eq!((machine.state, machine.stage), (before.state, before.stage), "{event:?}");
}
