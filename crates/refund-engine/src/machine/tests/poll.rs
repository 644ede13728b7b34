//! After the gateway took it: the schedule, its end, and questions out of turn.

use super::{
    BLIND, FINAL, READABLE, VERIFIED, accepted, armed, at, elsewhere, fold, kept, planned, play, policy,
    reserved,
};
use crate::machine::{Command, Event, HoldReason, Phase, PollAnswer, Proof, Record, StatusKind, Stop};

const ASK: Command = Command::AskStatus;

fn polled(answer: PollAnswer, due: u64) -> Record {
    Record::Polled { answer, due: at(due) }
}

fn held_from(seconds: u64) -> Command {
    Command::Stop(Stop::Held { from: Some(at(seconds)) })
}

#[test]
fn the_status_is_asked_on_schedule_until_it_is_settled() {
    let mut rows = vec![(at(9), Event::Go, Command::Wait(at(10))), (at(10), Event::Go, ASK)];
    rows.extend(kept(
        at(10),
        Event::Status(StatusKind::Processing),
        polled(PollAnswer::Processing, 30),
        Command::Wait(at(30)),
    ));
    rows.push((at(31), Event::Go, ASK));
    rows.extend(kept(
        at(31),
        Event::Status(StatusKind::Failed),
        polled(PollAnswer::Failed, 61),
        Command::Wait(at(61)),
    ));
    rows.push((at(61), Event::Go, ASK));
    rows.extend(kept(
        at(61),
        Event::Status(StatusKind::Settled),
        Record::Settled { by: Proof::Status },
        FINAL,
    ));
    play(policy(BLIND), accepted(BLIND), &rows);
    // A due moment of another boot says nothing; asking early harms nobody.
    play(policy(BLIND), accepted(BLIND), &[(elsewhere(0), Event::Go, ASK)]);
}

#[test]
fn every_end_of_a_question() {
    let cases = [
        (StatusKind::Settled, Record::Settled { by: Proof::Status }, FINAL),
        (StatusKind::Canceled, Record::Canceled, FINAL),
        (StatusKind::Mismatch, Record::Held { why: HoldReason::Mismatch }, held_from(905)),
        (StatusKind::Processing, polled(PollAnswer::Processing, 30), Command::Wait(at(30))),
        (StatusKind::Unrecognised, polled(PollAnswer::Unrecognised, 30), Command::Wait(at(30))),
        (StatusKind::Failed, polled(PollAnswer::Failed, 30), Command::Wait(at(30))),
    ];
    for (kind, record, then) in cases {
        let mut rows = vec![(at(10), Event::Go, ASK)];
        rows.extend(kept(at(10), Event::Status(kind), record, then));
        play(policy(READABLE), accepted(READABLE), &rows);
    }
}

/// Three places, three questions: after the third a person is asked. It never fails by age.
#[test]
fn a_schedule_that_is_used_up_asks_a_person() {
    for kind in [StatusKind::Processing, StatusKind::Unrecognised, StatusKind::Failed] {
        let answer = match kind {
            StatusKind::Processing => PollAnswer::Processing,
            StatusKind::Unrecognised => PollAnswer::Unrecognised,
            _ => PollAnswer::Failed,
        };
        let mut rows = vec![(at(10), Event::Go, ASK)];
        rows.extend(kept(at(10), Event::Status(kind), polled(answer, 30), Command::Wait(at(30))));
        rows.push((at(30), Event::Go, ASK));
        rows.extend(kept(at(30), Event::Status(kind), polled(answer, 60), Command::Wait(at(60))));
        rows.push((at(60), Event::Go, ASK));
        let held = Record::Held { why: HoldReason::Deadline };
        rows.extend(kept(at(60), Event::Status(kind), held, held_from(905)));
        let machine = play(policy(BLIND), accepted(BLIND), &rows);
        assert_eq!((machine.state.phase, machine.state.claims()), (Phase::NeedsReview, super::AMOUNT));
    }
}

/// Somebody wants to know now, or a callback hints at news: the schedule keeps all its places.
#[test]
fn a_nudge_uses_up_no_place_of_the_schedule() {
    let mut rows = Vec::new();
    for second in 1..4 {
        rows.push((at(second), Event::Nudge, ASK));
        rows.push((at(second), Event::Status(StatusKind::Failed), Command::Wait(at(10))));
    }
    // The first news is worth a record; it comes between two places and uses none.
    rows.push((at(5), Event::Nudge, ASK));
    let news = polled(PollAnswer::Processing, 10);
    rows.extend(kept(at(5), Event::Status(StatusKind::Processing), news, Command::Wait(at(10))));
    rows.push((at(6), Event::Nudge, ASK));
    rows.push((at(6), Event::Status(StatusKind::Processing), Command::Wait(at(10))));
    // All three places are still there.
    for (now, due) in [(10, 30), (30, 60)] {
        rows.push((at(now), Event::Go, ASK));
        let answer = polled(PollAnswer::Processing, due);
        rows.extend(kept(at(now), Event::Status(StatusKind::Processing), answer, Command::Wait(at(due))));
    }
    rows.push((at(60), Event::Go, ASK));
    let held = Record::Held { why: HoldReason::Deadline };
    rows.extend(kept(at(60), Event::Status(StatusKind::Processing), held, held_from(905)));
    play(policy(BLIND), accepted(BLIND), &rows);
}

#[test]
fn a_nudge_that_brings_the_end_ends_it() {
    for (kind, record, then) in [
        (StatusKind::Settled, Record::Settled { by: Proof::Status }, FINAL),
        (StatusKind::Canceled, Record::Canceled, FINAL),
        (StatusKind::Mismatch, Record::Held { why: HoldReason::Mismatch }, held_from(905)),
    ] {
        let mut rows = vec![(at(1), Event::Nudge, ASK)];
        rows.extend(kept(at(1), Event::Status(kind), record, then));
        play(policy(BLIND), accepted(BLIND), &rows);
    }
    // Elsewhere a nudge is a push to go on.
    play(policy(BLIND), super::approved(), &[(at(0), Event::Nudge, Command::Lookup)]);
    play(policy(READABLE), super::unknown(READABLE), &[(at(1), Event::Nudge, Command::Wait(at(905)))]);
}

/// Of two copies the gateway may have cancelled the second because the first had used the money up: that is no failure.
/// Where a key makes the copies one refund, it is.
#[test]
fn a_cancellation_after_a_resend_is_no_failure() {
    let resent = |tier| {
        fold(&[
            planned(),
            Record::Approved,
            reserved(1, tier),
            armed(1, 1, 0),
            super::doubted(crate::machine::DoubtKind::Timeout, 0),
            super::may_resend(crate::machine::ResendGround::KeyReplay),
            armed(1, 2, 90),
            Record::Accepted { due: at(100) },
        ])
    };
    for (tier, record, then) in [
        (BLIND, Record::Held { why: HoldReason::RefusedOnResend }, held_from(995)),
        (READABLE, Record::Held { why: HoldReason::RefusedOnResend }, held_from(995)),
        (VERIFIED, Record::Canceled, FINAL),
    ] {
        let mut rows = vec![(at(100), Event::Go, ASK)];
        rows.extend(kept(at(100), Event::Status(StatusKind::Canceled), record, then));
        play(policy(tier), resent(tier), &rows);
    }
}
