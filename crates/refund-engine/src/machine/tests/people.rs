//! What people may do, and when.

use super::{
    AMOUNT, BLIND, READABLE, approved, at, doubted, elsewhere, fold, kept, planned, play, policy, reserved,
    sending,
};
use crate::machine::{
    Command, Decision, DoubtKind, Event, HoldReason, Machine, Misstep, Phase, Proof, ReceiptTrack, Record,
    ResendGround, State, Stop, WithdrawReason, step,
};
use refund_core::Moment;

const NOTED: Command = Command::Stop(Stop::Noted);
const DECISIONS: [(Decision, Phase); 3] = [
    (Decision::Happened, Phase::Settled),
    (Decision::DidNotHappen, Phase::DidNotHappen),
    (Decision::SendAgain, Phase::Reserved),
];

fn decide(decision: Decision, seen: Moment) -> Event {
    Event::Decide { decision, seen }
}

/// Held since second 0; the window ends at second 905.
fn held() -> State {
    let lost = sending(BLIND).apply(doubted(DoubtKind::Timeout, 0)).expect("follows");
    lost.apply(Record::Held { why: HoldReason::NoEvidence }).expect("follows")
}

fn refused(state: State, event: Event, seconds: u64) -> Misstep {
    let stepped = step(Machine::new(state, policy(READABLE)), event, at(seconds));
    stepped.map(|(_, command)| command).expect_err("refused")
}

#[test]
fn a_decision_before_the_window_is_over_is_refused() {
    for (decision, phase) in DECISIONS {
        for second in [0, 904] {
            assert_eq!(
                refused(held(), decide(decision, at(second)), second),
                Misstep::WindowOpen { until: at(905) }
            );
        }
        let rows = kept(at(905), decide(decision, at(905)), Record::Decided { decision }, NOTED);
        assert_eq!(play(policy(BLIND), held(), &rows).state.phase, phase);
        // Seen before and written after, because the machine slept or the journal was busy: it may have happened since.
        assert_eq!(refused(held(), decide(decision, at(904)), 2_000), Misstep::WindowOpen { until: at(905) });
        assert_eq!(
            refused(held(), decide(decision, elsewhere(904)), 2_000),
            Misstep::WindowOpen { until: at(905) }
        );
    }
}

/// After a reboot nobody can tell how long ago it was sent: the window starts again, that is written, and the decision
/// is asked for again later.
#[test]
fn a_decision_after_a_reboot_restarts_the_window_first() {
    for (decision, phase) in DECISIONS {
        let restarted = Record::WindowRestarted { from: elsewhere(12), due: elsewhere(912) };
        let later = Command::Stop(Stop::Held { from: Some(elsewhere(912)) });
        let rows = kept(elsewhere(7), decide(decision, elsewhere(7)), restarted, later);
        let machine = play(policy(BLIND), held(), &rows);
        assert_eq!(machine.state.phase, Phase::NeedsReview);
        let early =
            step(machine, decide(decision, elsewhere(911)), elsewhere(911)).map(|(_, command)| command);
        assert_eq!(early, Err(Misstep::WindowOpen { until: elsewhere(912) }));
        let rows =
            kept(elsewhere(912), decide(decision, elsewhere(912)), Record::Decided { decision }, NOTED);
        assert_eq!(play(policy(BLIND), machine.state, &rows).state.phase, phase);
    }
    // Only looking at it restarts it, too.
    let rows = kept(
        elsewhere(7),
        Event::Go,
        Record::WindowRestarted { from: elsewhere(12), due: elsewhere(912) },
        Command::Stop(Stop::Held { from: Some(elsewhere(912)) }),
    );
    play(policy(BLIND), held(), &rows);
}

#[test]
fn held_waits_for_a_person_for_ever() {
    for second in [1, 905, 1_000_000_000] {
        let rows = [(at(second), Event::Go, Command::Stop(Stop::Held { from: Some(at(905)) }))];
        let machine = play(policy(BLIND), held(), &rows);
        assert_eq!((machine.state.phase, machine.state.claims()), (Phase::NeedsReview, AMOUNT));
    }
}

#[test]
fn sent_again_is_a_new_lineage_with_a_fresh_look() {
    let mut rows = kept(
        at(905),
        decide(Decision::SendAgain, at(905)),
        Record::Decided { decision: Decision::SendAgain },
        NOTED,
    );
    rows.extend(super::attempt(BLIND, 2, 906));
    play(policy(BLIND), held(), &rows);
}

/// While it was accepted it let other refunds of the payment in. If it went back to its reservation, it and one of those
/// could wait for each other for ever: it queues again.
#[test]
fn sent_again_after_it_let_others_in_it_queues_again() {
    let again = Record::Decided { decision: Decision::SendAgain };
    // What the gateway took was cancelled; of the copy before it nobody can tell.
    let held = |tier| {
        let (lost, reason) = (doubted(DoubtKind::Timeout, 0), super::may_resend(ResendGround::KeyReplay));
        let copies = [super::armed(1, 1, 0), lost, reason, super::armed(1, 2, 0)];
        let end = [Record::Accepted { due: at(10) }, Record::Held { why: HoldReason::RefusedOnResend }];
        fold(&[&[planned(), Record::Approved, reserved(1, tier)], &copies[..], &end].concat())
    };
    let rows = kept(at(905), decide(Decision::SendAgain, at(905)), again, NOTED);
    let machine = play(policy(BLIND), held(BLIND), &rows);
    // The word may be wrong: the amount stays taken, and keeps nobody else waiting.
    assert_eq!((machine.state.phase, machine.state.claims()), (Phase::Approved, AMOUNT));
    assert!(!machine.state.holds_payment());
    assert_eq!(machine.state.amount, Some(AMOUNT), "what was fixed stays fixed");
    play(policy(BLIND), machine.state, &super::attempt(BLIND, 2, 906));
    // Read against the payment's sums, it kept the payment to itself all the time.
    let machine = play(policy(READABLE), held(READABLE), &rows);
    assert_eq!((machine.state.phase, machine.state.claims()), (Phase::Reserved, AMOUNT));
}

/// A person does it in the cabinet: nothing was sent from here, so there is no window.
#[test]
fn by_hand_is_reserved_here_and_closed_on_evidence() {
    let state = fold(&[planned(), Record::Approved, reserved(1, READABLE)]);
    let rows = kept(at(0), Event::TakeByHand, Record::TakenByHand, NOTED);
    let by_hand = play(policy(READABLE), state, &rows).state;
    assert_eq!((by_hand.phase, by_hand.claims(), by_hand.holds_payment()), (Phase::ByHand, AMOUNT, true));
    play(policy(READABLE), by_hand, &[(at(1), Event::Go, Command::Stop(Stop::Held { from: None }))]);
    for (decision, phase) in DECISIONS {
        let rows = kept(at(1), decide(decision, at(1)), Record::Decided { decision }, NOTED);
        assert_eq!(play(policy(READABLE), by_hand, &rows).state.phase, phase);
    }
}

/// What each phase lets a person do: approve, withdraw, take by hand, decide.
#[test]
fn what_a_person_may_do_in_each_phase() {
    let take = reserved(1, READABLE);
    let took = Record::Accepted { due: at(10) };
    let processing = Record::Polled { answer: crate::machine::PollAnswer::Processing, due: at(10) };
    let sent =
        |more: &[Record]| fold(&[&[planned(), Record::Approved, take, super::armed(1, 1, 0)], more].concat());
    let lost = doubted(DoubtKind::Timeout, 905);
    let held = Record::Held { why: HoldReason::NoEvidence };
    let withdrawn = Record::Withdrawn { why: WithdrawReason::Person };
    let not = Record::Decided { decision: Decision::DidNotHappen };
    let table = [
        (fold(&[planned()]), [true, true, false, false]),
        (approved(), [false, true, false, false]),
        (fold(&[planned(), Record::Approved, take]), [false, true, true, false]),
        (sent(&[]), [false; 4]),
        (sent(&[took]), [false; 4]),
        (sent(&[took, processing]), [false; 4]),
        (sent(&[Record::Settled { by: Proof::Reply }]), [false; 4]),
        (sent(&[took, Record::Canceled]), [false; 4]),
        (sent(&[Record::Declined]), [false; 4]),
        (sent(&[lost]), [false; 4]),
        (sent(&[lost, held]), [false, false, false, true]),
        (fold(&[planned(), Record::Approved, take, Record::TakenByHand]), [false, false, false, true]),
        (fold(&[planned(), withdrawn]), [false; 4]),
        (sent(&[lost, held, not]), [false; 4]),
    ];
    let events = [Event::Approve, Event::Withdraw, Event::TakeByHand, decide(Decision::Happened, at(2_000))];
    for ((state, allowed), phase) in table.into_iter().zip(Phase::ALL) {
        assert_eq!(state.phase, phase);
        for (event, allowed) in events.into_iter().zip(allowed) {
            let stepped = step(Machine::new(state, policy(READABLE)), event, at(2_000));
            match stepped {
                Ok((_, Command::Keep(_))) => assert!(allowed, "{phase:?}: {event:?}"),
                Err(Misstep::NotNow { phase: told }) => {
                    assert!(!allowed && told == phase, "{phase:?}: {event:?}")
                }
                other => panic!("{phase:?}: {event:?} came to {other:?}"),
            }
        }
    }
    // Proven unsent or proven not, it is back where it can be taken back.
    let disproven = sent(&[lost, Record::ProvenNot]);
    let rows = kept(at(0), Event::Withdraw, withdrawn, Command::Stop(Stop::Final));
    play(policy(READABLE), disproven, &rows);
}

#[test]
fn what_was_said_is_noted_and_nothing_else_is_begun() {
    play(policy(READABLE), fold(&[planned()]), &kept(at(0), Event::Approve, Record::Approved, NOTED));
    play(policy(READABLE), fold(&[planned()]), &[(at(0), Event::Go, Command::Stop(Stop::NotApproved))]);
    let news = Event::ReceiptNews(ReceiptTrack::Failed);
    for state in [approved(), sending(READABLE), held(), fold(&[planned()])] {
        let rows = kept(at(0), news, Record::Receipt(ReceiptTrack::Failed), NOTED);
        let machine = play(policy(READABLE), state, &rows);
        assert_eq!((machine.state.phase, machine.state.claims()), (state.phase, state.claims()));
    }
}
