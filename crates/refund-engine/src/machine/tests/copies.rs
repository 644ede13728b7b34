//! What the fold refuses although its phase would take it: news of one copy says nothing of another, and what a person did
//! makes a reservation old. And what a run says at its edges: busy at the last moment, moments of another boot.

use super::{
    AMOUNT, BLIND, READABLE, VERIFIED, accepted, approved, armed, at, baseline, doubted, elsewhere, fire,
    fold, held_unknown, kept, may_resend, planned, play, policy, reserved, sending, unknown,
};
use crate::machine::{
    Baseline, Command, Decision, DoubtKind, Event, HoldReason, Phase, PollAnswer, Postponement, Record,
    Refusal, ResendGround, SeenVerdict, State, StatusKind, Stop, Taken,
};
use refund_core::{NotSentReason, Tier};

const HELD: Record = Record::Held { why: HoldReason::Mismatch };

fn decided(decision: Decision) -> Record {
    Record::Decided { decision }
}

fn then(state: State, records: &[Record]) -> State {
    records.iter().try_fold(state, |state, record| state.apply(*record)).expect("follows")
}

/// The second lineage of a refund whose first one a person says did not happen, sent at second 1000.
fn sent_on_word(tier: Tier) -> State {
    let word = [Record::Held { why: HoldReason::NoEvidence }, decided(Decision::SendAgain)];
    then(then(unknown(tier), &word), &[reserved(2, tier), armed(2, 1, 1_000)])
}

/// Refused with a code that has to be confirmed.
fn to_confirm(state: State) -> State {
    let refusal = Refusal::Unconfirmed;
    let why = DoubtKind::AmbiguousRefusal;
    then(state, &[Record::Doubted { why, refusal, salvaged: false, due: at(2_000) }])
}

/// Sent twice, one lineage.
fn sent_twice(tier: Tier) -> State {
    then(unknown(tier), &[may_resend(ResendGround::SelfFencing), armed(1, 2, 1_000)])
}

#[test]
fn a_refusal_closes_only_what_was_sent_once() {
    let rows = [
        ("once", sending(READABLE), true),
        ("once, and confirmed", to_confirm(sending(READABLE)), true),
        ("twice", sent_twice(READABLE), false),
        ("twice, and confirmed", to_confirm(sent_twice(READABLE)), false),
        ("after a word", sent_on_word(READABLE), false),
        ("after a word, and confirmed", to_confirm(sent_on_word(READABLE)), false),
    ];
    for (name, state, closes) in rows {
        assert_eq!(state.apply(Record::Declined).is_ok(), closes, "{name}");
    }
}

/// Two copies of a lineage are one refund where a key is replayed, which the fold cannot know: it takes the machine's word
/// there. Two lineages never are.
#[test]
fn a_cancellation_after_a_word_closes_nothing() {
    let taken = Record::Accepted { due: at(1_010) };
    let works = Record::Polled { answer: PollAnswer::Processing, due: at(1_020) };
    for (name, before, closes) in [
        ("once", sending(BLIND), true),
        ("twice", sent_twice(VERIFIED), true),
        ("after a word", sent_on_word(BLIND), false),
    ] {
        for more in [&[taken][..], &[taken, works], &[taken, HELD]] {
            let state = then(before, more);
            assert_eq!(state.apply(Record::Canceled).is_ok(), closes, "{name}, {:?}", state.phase);
        }
    }
}

#[test]
fn nobody_says_that_it_did_not_happen_of_what_may_still_be_carried_out() {
    let held = then(accepted(BLIND), &[HELD]);
    assert_eq!(held.taken, Taken::Yes);
    assert!(held.apply(decided(Decision::Happened)).is_ok());
    let canceled = then(held, &[Record::Held { why: HoldReason::RefusedOnResend }]);
    for decision in [Decision::DidNotHappen, Decision::SendAgain] {
        assert!(held.apply(decided(decision)).is_err(), "{decision:?}");
        assert!(canceled.apply(decided(decision)).is_ok(), "{decision:?}, once its status says so");
    }
}

/// Nothing of it was sent, and yet it is looked at and reserved again: while a person had it, others were served.
#[test]
fn what_a_person_had_in_hand_is_reserved_again_before_it_is_armed() {
    let unsent = Record::NotSent { why: NotSentReason::Dns, due: at(1) };
    let by_hand = then(approved(), &[reserved(1, READABLE), unsent, Record::TakenByHand]);
    let again = then(by_hand, &[decided(Decision::SendAgain)]);
    assert_eq!((again.phase, again.attempt, again.claims()), (Phase::Reserved, 0, AMOUNT));
    assert!(!again.may_be_armed() && again.apply(armed(1, 1, 9)).is_err());
    let fresh = then(again, &[reserved(1, READABLE)]);
    assert!(fresh.may_be_armed() && fresh.apply(armed(1, 1, 9)).is_ok());
    // The same after a word, when the next lineage was reserved and then held.
    let word = then(held_unknown(), &[decided(Decision::SendAgain), reserved(2, BLIND), HELD]);
    let again = then(word, &[decided(Decision::SendAgain)]);
    assert!(again.on_word && !again.may_be_armed() && again.apply(armed(2, 1, 9)).is_err());
}

/// A sibling that let others in came into doubt between the reservation and the send: back in the queue, with a moment.
#[test]
fn a_payment_found_busy_at_the_last_moment_is_waited_for() {
    let busy = |due| Record::Postponed { why: Postponement::Busy, due: at(due) };
    let stop = Command::Stop(Stop::Busy);
    let mut rows = fire(BLIND)[..5].to_vec();
    rows.extend(kept(at(0), Event::PaymentBusy, busy(5), stop));
    rows.push((at(4), Event::Go, Command::Wait(at(5))));
    rows.push((at(5), Event::Go, Command::Lookup));
    assert_eq!(play(policy(BLIND), approved(), &rows).state.attempt, 0);
    // A resend stays unknown and keeps its reason.
    let mut rows = kept(at(6), Event::Go, may_resend(ResendGround::KeyReplay), Command::Open);
    rows.push((at(6), Event::OpenDone, Command::Arm(armed(1, 2, 6))));
    rows.extend(kept(at(6), Event::PaymentBusy, busy(11), stop));
    rows.push((at(10), Event::Go, Command::Wait(at(11))));
    rows.push((at(11), Event::Go, Command::Open));
    assert_eq!(play(policy(VERIFIED), unknown(VERIFIED), &rows).state.phase, Phase::Unknown);
}

/// The schedule's next place is a moment of a boot that is over: asked out of turn, it gets one that can be waited for.
#[test]
fn a_question_after_a_boot_goes_on_by_the_new_clock() {
    for event in [Event::Nudge, Event::Hint] {
        let polled = Record::Polled { answer: PollAnswer::Failed, due: elsewhere(21) };
        let mut rows = vec![(elsewhere(1), event, Command::AskStatus)];
        let wait = Command::Wait(elsewhere(21));
        rows.extend(kept(elsewhere(1), Event::Status(StatusKind::Failed), polled, wait));
        // From then on the schedule stays, whoever asks.
        rows.push((elsewhere(2), event, Command::AskStatus));
        rows.push((elsewhere(2), Event::Status(StatusKind::Failed), wait));
        play(policy(BLIND), accepted(BLIND), &rows);
    }
}

/// A look of the other machine is no half of a pair, and the next one is not reckoned from it.
#[test]
fn a_look_after_a_look_of_another_machine_begins_a_pair_of_its_own() {
    let not_seen = Event::Probed(crate::machine::ProbedKind::NotSeen);
    let looked = |at, due| Record::Looked { verdict: SeenVerdict::NotSeen, at, due };
    // Both know the window; the other one looked last.
    let restarted = Record::WindowRestarted { from: elsewhere(5), due: elsewhere(905) };
    let seen = then(unknown(READABLE), &[restarted, looked(elsewhere(905), elsewhere(965))]);
    let mut rows = vec![(at(970), Event::Go, Command::Probe)];
    rows.extend(kept(at(970), not_seen, looked(at(970), at(1_030)), Command::Wait(at(1_030))));
    rows.push((at(1_030), Event::Go, Command::Probe));
    rows.push((at(1_030), not_seen, Command::Keep(Record::ProvenNot)));
    play(policy(READABLE), seen, &rows);
}

/// Role "evidence", but the gateway showed no sum before the send: whatever a look says, there is nothing to compare with.
#[test]
fn a_baseline_without_a_sum_is_no_evidence() {
    let blank = Baseline { refunded: None, ..baseline(READABLE) };
    let reservation = Record::Reserved { lineage: 1, amount: AMOUNT, baseline: blank };
    let lost = [planned(), Record::Approved, reservation, armed(1, 1, 0), doubted(DoubtKind::Timeout, 0)];
    let held = Record::Held { why: HoldReason::NoEvidence };
    let until = Command::Stop(Stop::Held { from: Some(at(905)) });
    play(policy(READABLE), fold(&lost), &kept(at(0), Event::Go, held, until));
}
