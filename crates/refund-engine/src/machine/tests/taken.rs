//! A refund the gateway took and that waits for a person: it may still be carried out, so its status decides first.

use super::{
    AMOUNT, BLIND, FINAL, READABLE, Row, accepted, armed, at, doubted, elsewhere, fold, kept, planned, play,
    policy, reserved, unknown,
};
use crate::machine::{
    Command, Decision, DoubtKind, Event, HoldReason, Machine, Misstep, Phase, PollAnswer, Proof, Record,
    State, StatusKind, Stop, Taken, step,
};

const ASK: Command = Command::AskStatus;
const HELD: Command = Command::Stop(Stop::Held { from: Some(at_905()) });

const fn at_905() -> refund_core::Moment {
    refund_core::Moment { boot: super::HERE, millis: 1_905_000 }
}

fn held(state: State, why: HoldReason) -> State {
    state.apply(Record::Held { why }).expect("follows")
}

/// Every way to it: taken and in work, the schedule used up or the status about something else.
fn waiting() -> Vec<State> {
    let works = Record::Polled { answer: PollAnswer::Processing, due: at(30) };
    let mut states = Vec::new();
    for why in [HoldReason::Deadline, HoldReason::Mismatch] {
        for tier in [BLIND, READABLE] {
            states.push(held(accepted(tier), why));
            states.push(held(accepted(tier).apply(works).expect("follows"), why));
        }
    }
    states
}

#[test]
fn a_person_cannot_say_that_it_did_not_happen() {
    for state in waiting() {
        for decision in [Decision::DidNotHappen, Decision::SendAgain] {
            for now in [at(1), at(905), at(1_000_000_000), elsewhere(1)] {
                let machine = Machine::new(state, policy(BLIND));
                let stepped = step(machine, Event::Decide { decision, seen: now }, now);
                assert_eq!(stepped.map(|(_, command)| command), Err(Misstep::Acknowledged), "{decision:?}");
            }
        }
        // That it did, a person may see in the cabinet.
        let decision = Decision::Happened;
        let rows = kept(
            at(905),
            Event::Decide { decision, seen: at(905) },
            Record::Decided { decision },
            Command::Stop(Stop::Noted),
        );
        assert_eq!(play(policy(BLIND), state, &rows).state.phase, Phase::Settled);
    }
}

/// The gateway may have an end for it by now.
#[test]
fn looking_at_it_asks_for_its_status_and_takes_an_end() {
    for state in waiting() {
        for event in [Event::Go, Event::Nudge] {
            for (kind, record, phase, claims) in [
                (StatusKind::Settled, Record::Settled { by: Proof::Status }, Phase::Settled, AMOUNT),
                (StatusKind::Canceled, Record::Canceled, Phase::Canceled, 0),
            ] {
                let mut rows = vec![(at(70), event, ASK)];
                rows.extend(kept(at(70), Event::Status(kind), record, FINAL));
                let end = play(policy(BLIND), state, &rows).state;
                assert_eq!((end.phase, end.claims()), (phase, claims));
            }
        }
    }
}

/// Anything else is no news: it goes on waiting, nothing is written, and it can be asked again.
#[test]
fn a_status_that_is_no_end_leaves_it_waiting() {
    for state in waiting() {
        let mut rows: Vec<Row> = Vec::new();
        for kind in
            [StatusKind::Processing, StatusKind::Unrecognised, StatusKind::Failed, StatusKind::Mismatch]
        {
            rows.push((at(70), Event::Nudge, ASK));
            rows.push((at(70), Event::Status(kind), HELD));
        }
        assert_eq!(play(policy(BLIND), state, &rows).state, state);
    }
    // After a reboot the window starts again, as for every refund that is held.
    let restarted = Record::WindowRestarted { from: elsewhere(12), due: elsewhere(912) };
    let later = Command::Stop(Stop::Held { from: Some(elsewhere(912)) });
    let mut rows = vec![(elsewhere(7), Event::Go, ASK)];
    rows.extend(kept(elsewhere(7), Event::Status(StatusKind::Processing), restarted, later));
    let machine = play(policy(BLIND), held(accepted(BLIND), HoldReason::Deadline), &rows);
    assert!(machine.state.may_still_be_told());
}

/// A copy that was cancelled says nothing of the copy before it: a person decides, with every answer open.
#[test]
fn a_copy_that_was_cancelled_opens_the_decision() {
    let state = fold(&[
        planned(),
        Record::Approved,
        reserved(1, BLIND),
        armed(1, 1, 0),
        doubted(DoubtKind::Timeout, 0),
        super::may_resend(crate::machine::ResendGround::SelfFencing),
        armed(1, 2, 0),
        Record::Accepted { due: at(10) },
        Record::Held { why: HoldReason::Deadline },
    ]);
    let mut rows = vec![(at(70), Event::Nudge, ASK)];
    let refused = Record::Held { why: HoldReason::RefusedOnResend };
    rows.extend(kept(at(70), Event::Status(StatusKind::Canceled), refused, HELD));
    let state = play(policy(BLIND), state, &rows).state;
    assert_eq!((state.phase, state.taken), (Phase::NeedsReview, Taken::Canceled));
    play(policy(BLIND), state, &[(at(71), Event::Nudge, HELD)]);
    for (decision, phase) in [
        (Decision::Happened, Phase::Settled),
        (Decision::DidNotHappen, Phase::DidNotHappen),
        (Decision::SendAgain, Phase::Approved),
    ] {
        let event = Event::Decide { decision, seen: at(905) };
        let rows = kept(at(905), event, Record::Decided { decision }, Command::Stop(Stop::Noted));
        let end = play(policy(BLIND), state, &rows).state;
        assert_eq!(end.phase, phase);
        assert!(decision == Decision::Happened || end.taken == Taken::No, "the lineage is over");
    }
}

#[test]
fn only_what_was_taken_can_be_ended_by_its_status_while_it_waits() {
    let (settled, refused) =
        (Record::Settled { by: Proof::Status }, Record::Held { why: HoldReason::RefusedOnResend });
    let lost = held(unknown(READABLE), HoldReason::NoEvidence);
    for state in waiting() {
        for (record, fits) in [
            (settled, true),
            (Record::Canceled, true),
            (refused, true),
            (Record::Held { why: HoldReason::Deadline }, false),
            (Record::Settled { by: Proof::Reply }, false),
            (Record::Settled { by: Proof::Evidence }, false),
            (Record::Declined, false),
        ] {
            assert_eq!(state.apply(record).is_ok(), fits, "{record:?}");
            assert!(lost.apply(record).is_err(), "{record:?} after a doubt");
        }
    }
}
