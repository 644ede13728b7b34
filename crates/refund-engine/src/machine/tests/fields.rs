//! What each record does to every field of a state in which all of them are set: what it changes, and that it leaves
//! the rest alone.

use super::{AMOUNT, BLIND, READABLE, at, baseline, elsewhere, play, policy};
use crate::machine::{
    Baseline, Command, Decision, DoubtKind, Event, HoldReason, Look, Phase, PollAnswer, Postponement, Proof,
    ReceiptTrack, Record, Refusal, ResendGround, SeenVerdict, State, Stop, WithdrawReason,
};
use refund_core::{Moment, NotSentReason};

/// At second 900.
const LOOK: Look = Look { verdict: SeenVerdict::NotSeen, at: Moment::new(super::HERE, 1_900_000) };

/// The seventh record of a refund that has seen much; the second attempt of its third lineage.
fn worn(phase: Phase) -> State {
    State {
        phase,
        seq: 7,
        amount: Some(AMOUNT),
        lineage: 3,
        attempt: 2,
        maybe_sent: 1,
        baseline: Some(baseline(READABLE)),
        window_from: Some(at(5)),
        resend: Some(ResendGround::KeyReplay),
        doubt: Some(DoubtKind::Timeout),
        refusal: Refusal::Unconfirmed,
        salvaged: true,
        look: Some(LOOK),
        asked: 4,
        not_sent: 3,
        due: Some(at(50)),
        receipt: ReceiptTrack::Pending,
        ..State::EMPTY
    }
}

/// Everything these cases speak of.
fn seen(state: &State) -> impl PartialEq + std::fmt::Debug {
    (
        (
            state.phase,
            state.seq,
            state.amount,
            state.lineage,
            state.attempt,
            state.maybe_sent,
            state.baseline,
        ),
        (
            state.window_from,
            state.window_elsewhere,
            state.resend,
            state.doubt,
            state.refusal,
            state.salvaged,
            state.look,
        ),
        (state.asked, state.not_sent, state.due, state.receipt),
    )
}

fn becomes(state: State, record: Record, expected: State) {
    let next = state.apply(record).unwrap_or_else(|refused| panic!("{refused}"));
    let expected = State { seq: state.seq + 1, ..expected };
    assert_eq!(seen(&next), seen(&expected), "{record:?} on {state:?}");
}

/// A doubt that is over.
fn sure(state: State) -> State {
    State { doubt: None, refusal: Refusal::None, look: None, resend: None, ..state }
}

/// A lineage that is over.
fn over(state: State) -> State {
    State { maybe_sent: 0, salvaged: false, not_sent: 0, due: None, ..sure(state) }
}

#[test]
fn before_the_send() {
    let unsent = |phase| State { maybe_sent: 0, ..worn(phase) };
    for phase in [Phase::Planned, Phase::Approved, Phase::Reserved] {
        let withdrawn = Record::Withdrawn { why: WithdrawReason::Person };
        becomes(unsent(phase), withdrawn, State { phase: Phase::Withdrawn, due: None, ..unsent(phase) });
        assert!(worn(phase).apply(withdrawn).is_err(), "{phase:?}: something of it may have been sent");
    }
    becomes(unsent(Phase::Planned), Record::Approved, unsent(Phase::Approved));
    let fresh: Baseline = baseline(BLIND);
    for phase in [Phase::Approved, Phase::Reserved] {
        let record = Record::Reserved { lineage: 4, amount: AMOUNT, baseline: fresh };
        let reserved = State {
            phase: Phase::Reserved,
            lineage: 4,
            attempt: 0,
            baseline: Some(fresh),
            due: None,
            ..unsent(phase)
        };
        becomes(unsent(phase), record, reserved);
    }
    becomes(
        unsent(Phase::Reserved),
        Record::TakenByHand,
        State { phase: Phase::ByHand, due: None, ..unsent(Phase::Reserved) },
    );
}

#[test]
fn armed_and_not_sent() {
    let fresh = State { attempt: 0, maybe_sent: 0, due: None, ..worn(Phase::Reserved) };
    let armed = |attempt| Record::Armed { lineage: 3, attempt, fire_by: at(99) };
    let sending = |state, attempt, maybe_sent| State {
        phase: Phase::Sending,
        attempt,
        maybe_sent,
        window_from: Some(at(99)),
        resend: None,
        due: None,
        ..state
    };
    becomes(fresh, armed(1), sending(fresh, 1, 1));
    becomes(worn(Phase::Unknown), armed(3), sending(worn(Phase::Unknown), 3, 2));

    let not_sent = Record::NotSent { why: NotSentReason::Dns, due: at(77) };
    let counted = |state: State| State { not_sent: 4, due: Some(at(77)), ..state };
    for phase in [Phase::Reserved, Phase::Unknown] {
        becomes(worn(phase), not_sent, counted(worn(phase)));
    }
    for phase in [Phase::Approved, Phase::Reserved, Phase::Unknown] {
        for why in
            [Postponement::LookupFailed, Postponement::Lagging, Postponement::Busy, Postponement::Paused]
        {
            // A pause is nobody's failure.
            let not_sent = if why == Postponement::Paused { 3 } else { 4 };
            let waits = State { not_sent, due: Some(at(77)), ..worn(phase) };
            becomes(worn(phase), Record::Postponed { why, due: at(77) }, waits);
        }
    }
    let clear = State { resend: None, ..worn(Phase::Unknown) };
    for on in [ResendGround::KeyReplay, ResendGround::SelfFencing] {
        becomes(clear, Record::MayResend { on }, State { resend: Some(on), ..clear });
    }
    // This attempt is taken back; whether another copy may be under way decides where to.
    let once = worn(Phase::Sending);
    becomes(once, not_sent, counted(State { phase: Phase::Reserved, maybe_sent: 0, ..once }));
    let twice = State { maybe_sent: 2, ..once };
    becomes(twice, not_sent, counted(State { phase: Phase::Unknown, maybe_sent: 1, ..twice }));
}

#[test]
fn answers() {
    for phase in [Phase::Sending, Phase::Unknown] {
        let taken =
            State { phase: Phase::Accepted, asked: 0, not_sent: 0, due: Some(at(60)), ..sure(worn(phase)) };
        becomes(worn(phase), Record::Accepted { due: at(60) }, taken);
    }
    for (phase, by) in [
        (Phase::Sending, Proof::Reply),
        (Phase::Unknown, Proof::Evidence),
        (Phase::Accepted, Proof::Status),
        (Phase::Processing, Proof::Status),
    ] {
        let settled = State { phase: Phase::Settled, due: None, ..sure(worn(phase)) };
        becomes(worn(phase), Record::Settled { by }, settled);
    }
    for phase in [Phase::Sending, Phase::Unknown] {
        becomes(worn(phase), Record::Declined, State { phase: Phase::Declined, ..over(worn(phase)) });
    }
    let doubted = |salvaged| Record::Doubted {
        why: DoubtKind::EmptyReply,
        refusal: Refusal::None,
        salvaged,
        due: at(61),
    };
    let unknown = State {
        phase: Phase::Unknown,
        doubt: Some(DoubtKind::EmptyReply),
        refusal: Refusal::None,
        look: None,
        asked: 0,
        due: Some(at(61)),
        ..worn(Phase::Sending)
    };
    becomes(worn(Phase::Sending), doubted(false), unknown);
    for (before, now) in [(false, true), (true, false), (false, false)] {
        let state = State { salvaged: before, ..worn(Phase::Sending) };
        becomes(state, doubted(now), State { salvaged: before || now, ..unknown });
    }
}

#[test]
fn looks() {
    for phase in [Phase::Unknown, Phase::NeedsReview] {
        // Only what somebody works on has a moment to be worked on from.
        let due = (phase == Phase::Unknown).then_some(elsewhere(62));
        let restarted = State {
            window_from: Some(elsewhere(9)),
            window_elsewhere: [Some(at(5)), None],
            look: None,
            due,
            ..worn(phase)
        };
        becomes(worn(phase), Record::WindowRestarted { from: elsewhere(9), due: elsewhere(62) }, restarted);
    }
    let looked = |verdict, at, due| Record::Looked { verdict, at, due };
    let unknown = worn(Phase::Unknown);
    let again = State { asked: 5, due: Some(at(960)), ..unknown };
    // The first look of this boot stands.
    becomes(unknown, looked(SeenVerdict::NotSeen, at(950), at(960)), again);
    becomes(unknown, looked(SeenVerdict::Unreadable, at(950), at(960)), again);
    let fresh = Look { verdict: SeenVerdict::NotSeen, at: elsewhere(950) };
    becomes(
        unknown,
        looked(SeenVerdict::NotSeen, fresh.at, elsewhere(960)),
        State { look: Some(fresh), asked: 5, due: Some(elsewhere(960)), ..unknown },
    );
    let none = State { look: None, ..unknown };
    becomes(none, looked(SeenVerdict::Unreadable, at(950), at(960)), State { look: None, ..again });
    becomes(unknown, Record::ProvenNot, State { phase: Phase::Reserved, ..over(unknown) });
}

#[test]
fn polls() {
    let polled = |answer, due| Record::Polled { answer, due: at(due) };
    for (phase, answer, then) in [
        (Phase::Accepted, PollAnswer::Processing, Phase::Processing),
        (Phase::Accepted, PollAnswer::Failed, Phase::Accepted),
        (Phase::Accepted, PollAnswer::Unrecognised, Phase::Accepted),
        (Phase::Processing, PollAnswer::Processing, Phase::Processing),
        (Phase::Processing, PollAnswer::Failed, Phase::Processing),
    ] {
        let next = State { phase: then, asked: 5, due: Some(at(80)), ..worn(phase) };
        becomes(worn(phase), polled(answer, 80), next);
        // Only the first news leaves the schedule as it was.
        let counted = if phase == Phase::Accepted && then == Phase::Processing { 4 } else { 5 };
        let next = State { phase: then, asked: counted, ..worn(phase) };
        becomes(worn(phase), polled(answer, 50), next);
    }
    for phase in [Phase::Accepted, Phase::Processing] {
        becomes(worn(phase), Record::Canceled, State { phase: Phase::Canceled, ..over(worn(phase)) });
    }
}

#[test]
fn people() {
    for phase in [Phase::Unknown, Phase::Accepted, Phase::Processing] {
        let held = State { phase: Phase::NeedsReview, due: None, ..worn(phase) };
        becomes(worn(phase), Record::Held { why: HoldReason::Contradiction }, held);
    }
    for phase in [Phase::NeedsReview, Phase::ByHand] {
        let decided = |decision| Record::Decided { decision };
        let happened = State { phase: Phase::Settled, due: None, ..sure(worn(phase)) };
        becomes(worn(phase), decided(Decision::Happened), happened);
        let not = State { phase: Phase::DidNotHappen, ..over(worn(phase)) };
        becomes(worn(phase), decided(Decision::DidNotHappen), not);
        // What was reserved before is old.
        let again = State { phase: Phase::Reserved, baseline: None, ..over(worn(phase)) };
        becomes(worn(phase), decided(Decision::SendAgain), again);
    }
}

/// The words are in journals, files and messages: they never change.
#[test]
fn the_words_of_the_phases() {
    let words = [
        "planned",
        "approved",
        "reserved",
        "sending",
        "accepted",
        "processing",
        "settled",
        "canceled",
        "declined",
        "unknown",
        "needs_review",
        "by_hand",
        "withdrawn",
        "did_not_happen",
    ];
    assert_eq!(Phase::ALL.map(Phase::as_str), words);
}

/// What was armed and proven unsent has a permit's deadline behind it and no window: a person who took it over decides
/// at once.
#[test]
fn a_window_is_there_only_for_what_may_have_been_sent() {
    let by_hand = State { maybe_sent: 0, ..worn(Phase::ByHand) };
    let decision = Decision::Happened;
    let rows =
        [(at(6), Event::Decide { decision, seen: at(6) }, Command::Keep(Record::Decided { decision }))];
    play(policy(READABLE), by_hand, &rows);
    let waits =
        play(policy(READABLE), by_hand, &[(at(6), Event::Go, Command::Stop(Stop::Held { from: None }))]);
    assert_eq!(waits.state.window_from, Some(at(5)));
}
