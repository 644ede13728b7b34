//! Sent again on a person's word: if that was wrong, what the gateway refuses now is a second copy.

use super::{
    AMOUNT, BLIND, DOCUMENTED, FINAL, READABLE, SHARED, VERIFIED, approved, armed, at, attempt, baseline,
    doubted, fold, kept, planned, play, policy, unknown,
};
use crate::machine::{
    Command, Decision, DoubtKind, Event, FiredKind, HoldReason, Machine, Misstep, Phase, ProbedKind, Record,
    Refusal, SeenVerdict, State, StatusKind, Stop, WithdrawReason, step,
};
use refund_core::Tier;

const TIERS: [Tier; 5] = [BLIND, READABLE, SHARED, DOCUMENTED, VERIFIED];
const WAITS: Command = Command::Stop(Stop::Held { from: None });

fn held(why: HoldReason) -> Record {
    Record::Held { why }
}

/// Sent at second 0 and lost; a person said at second 905 that it did not happen.
fn on_word(tier: Tier) -> State {
    let lost = unknown(tier).apply(held(HoldReason::NoEvidence)).expect("follows");
    lost.apply(Record::Decided { decision: Decision::SendAgain }).expect("follows")
}

/// The same, proven by two looks that saw nothing.
fn proven(tier: Tier) -> State {
    unknown(tier).apply(Record::ProvenNot).expect("follows")
}

#[test]
fn a_refusal_is_no_failure_when_only_a_person_says_that_the_first_did_not_happen() {
    let declined = Event::Fired(FiredKind::Declined);
    for tier in TIERS {
        let mut rows = attempt(tier, 2, 1_000);
        let from = Command::Stop(Stop::Held { from: Some(at(1_905)) });
        rows.extend(kept(at(1_001), declined, held(HoldReason::RefusedOnResend), from));
        let machine = play(policy(tier), on_word(tier), &rows);
        assert_eq!((machine.state.phase, machine.state.claims()), (Phase::NeedsReview, AMOUNT));
        // A person's next word may be another one; the amount stays taken until it is said.
        for (decision, phase) in [
            (Decision::Happened, Phase::Settled),
            (Decision::DidNotHappen, Phase::DidNotHappen),
            (Decision::SendAgain, Phase::Reserved),
        ] {
            let rows = kept(
                at(1_905),
                Event::Decide { decision, seen: at(1_905) },
                Record::Decided { decision },
                Command::Stop(Stop::Noted),
            );
            assert_eq!(play(policy(tier), machine.state, &rows).state.phase, phase);
        }
        // Evidence is no word: what is refused then is refused.
        let mut rows = attempt(tier, 2, 1_000);
        rows.extend(kept(at(1_001), declined, Record::Declined, FINAL));
        play(policy(tier), proven(tier), &rows);
    }
}

#[test]
fn a_refusal_that_was_confirmed_is_no_failure_either() {
    let refused = Record::Doubted {
        why: DoubtKind::AmbiguousRefusal,
        refusal: Refusal::Unconfirmed,
        salvaged: false,
        due: at(1_905),
    };
    let look = Record::Looked { verdict: SeenVerdict::NotSeen, at: at(1_905), due: at(1_965) };
    let seen = Event::Probed(ProbedKind::NotSeen);
    let waits = Command::Stop(Stop::Held { from: Some(at(1_905)) });
    let ends = [
        (on_word(READABLE), held(HoldReason::RefusedOnResend), waits),
        (proven(READABLE), Record::Declined, FINAL),
    ];
    for (state, record, then) in ends {
        let mut rows = attempt(READABLE, 2, 1_000);
        let unsure = Event::Fired(FiredKind::DeclinedUnconfirmed);
        rows.extend(kept(at(1_001), unsure, refused, Command::Wait(at(1_905))));
        rows.push((at(1_905), Event::Go, Command::Probe));
        rows.extend(kept(at(1_905), seen, look, Command::Wait(at(1_965))));
        rows.push((at(1_965), Event::Go, Command::Probe));
        rows.extend(kept(at(1_965), seen, record, then));
        play(policy(READABLE), state, &rows);
    }
}

/// The payment has no room for it: perhaps because the first took effect.
#[test]
fn what_does_not_fit_any_more_keeps_its_amount() {
    for tier in TIERS {
        for (length, event, why) in
            [(2, Event::Broken, WithdrawReason::Rules), (3, Event::OverBudget, WithdrawReason::Budget)]
        {
            for (state, lineage, record, then) in [
                (on_word(tier), 2, held(HoldReason::Contradiction), WAITS),
                (proven(tier), 2, Record::Withdrawn { why }, FINAL),
                (approved(), 1, Record::Withdrawn { why }, FINAL),
            ] {
                let mut rows = attempt(tier, lineage, 1_000)[..length].to_vec();
                rows.extend(kept(at(1_000), event, record, then));
                let claims = if then == WAITS { AMOUNT } else { 0 };
                assert_eq!(play(policy(tier), state, &rows).state.claims(), claims);
            }
        }
    }
}

/// It kept its reservation all the time: sent again it does not queue anew.
#[test]
fn what_waited_with_its_reservation_goes_back_to_it() {
    for tier in TIERS {
        let waits = on_word(tier).apply(held(HoldReason::Contradiction)).expect("follows");
        let again = waits.apply(Record::Decided { decision: Decision::SendAgain }).expect("follows");
        assert_eq!((again.phase, again.claims(), again.on_word), (Phase::Reserved, AMOUNT, true));
        play(policy(tier), again, &attempt(tier, 2, 2_000));
    }
}

/// A key makes one refund of the copies of one lineage, never of two lineages.
#[test]
fn a_cancellation_is_no_failure_either() {
    for tier in TIERS {
        for (state, record, then) in [
            (
                on_word(tier),
                held(HoldReason::RefusedOnResend),
                Command::Stop(Stop::Held { from: Some(at(1_905)) }),
            ),
            (proven(tier), Record::Canceled, FINAL),
        ] {
            let mut rows = attempt(tier, 2, 1_000);
            let took = Record::Accepted { due: at(1_010) };
            rows.extend(kept(at(1_000), Event::Fired(FiredKind::Accepted), took, Command::Wait(at(1_010))));
            rows.push((at(1_010), Event::Go, Command::AskStatus));
            rows.extend(kept(at(1_010), Event::Status(StatusKind::Canceled), record, then));
            play(policy(tier), state, &rows);
        }
    }
}

/// Without such a word nothing is held from where nothing may have been sent before.
#[test]
fn who_knows_that_it_was_on_a_word() {
    assert!(on_word(BLIND).on_word && !proven(READABLE).on_word && !unknown(BLIND).on_word);
    let by_hand =
        approved().apply(Record::Reserved { lineage: 1, amount: AMOUNT, baseline: baseline(BLIND) });
    let by_hand = by_hand.and_then(|state| state.apply(Record::TakenByHand)).expect("follows");
    let again = by_hand.apply(Record::Decided { decision: Decision::SendAgain }).expect("follows");
    assert!(!again.on_word, "nothing of it was sent from here");
    for (state, fits) in [(on_word(BLIND), true), (proven(READABLE), false), (again, false)] {
        assert_eq!(state.apply(held(HoldReason::Contradiction)).is_ok(), fits);
    }
    let lost_again = attempt(BLIND, 2, 1_000);
    let sent = play(policy(BLIND), on_word(BLIND), &lost_again).state;
    assert!(sent.on_word && sent.apply(doubted(DoubtKind::Timeout, 0)).expect("follows").on_word);
}

/// Taken back like a wish would free the amount and forget that it may have happened: a person decides instead, and the
/// evidence is kept.
#[test]
fn it_is_not_withdrawn_but_decided() {
    for tier in TIERS {
        let reserved = on_word(tier);
        // The same in its other place: it had let others in, so it queues as approved.
        let queued = fold(&[
            planned(),
            Record::Approved,
            super::reserved(1, BLIND),
            armed(1, 1, 0),
            Record::Accepted { due: at(10) },
            held(HoldReason::RefusedOnResend),
            Record::Decided { decision: Decision::SendAgain },
        ]);
        assert_eq!((reserved.phase, queued.phase), (Phase::Reserved, Phase::Approved));
        for state in [reserved, queued] {
            assert_eq!((state.claims(), state.never_sent()), (AMOUNT, false));
            let machine = Machine::new(state, policy(tier));
            let stepped = step(machine, Event::Withdraw, at(1_000)).map(|(_, command)| command);
            assert_eq!(stepped, Err(Misstep::OnWord));
            for why in [WithdrawReason::Person, WithdrawReason::Rules, WithdrawReason::Budget] {
                assert!(state.apply(Record::Withdrawn { why }).is_err(), "{why:?}");
            }
            for (decision, phase, claims) in [
                (Decision::DidNotHappen, Phase::DidNotHappen, 0),
                (Decision::Happened, Phase::Settled, AMOUNT),
            ] {
                let event = Event::Decide { decision, seen: at(1_000) };
                let rows = kept(at(1_000), event, Record::Decided { decision }, Command::Stop(Stop::Noted));
                let end = play(policy(tier), state, &rows).state;
                assert_eq!((end.phase, end.claims()), (phase, claims));
            }
            let again = Event::Decide { decision: Decision::SendAgain, seen: at(1_000) };
            let stepped = step(machine, again, at(1_000)).map(|(_, command)| command);
            assert_eq!(stepped, Err(Misstep::NotNow { phase: state.phase }));
        }
        // What does not fit any more waits where it stands, and queues again from there.
        let waits = queued.apply(held(HoldReason::Contradiction)).expect("follows");
        let again = waits.apply(Record::Decided { decision: Decision::SendAgain }).expect("follows");
        assert_eq!((again.phase, again.claims()), (Phase::Approved, AMOUNT));
    }
    // Without such a word nobody decides on what waits in the queue.
    let decision = Decision::DidNotHappen;
    for state in [approved(), proven(READABLE)] {
        assert!(state.apply(Record::Decided { decision }).is_err());
    }
}
