//! What may follow what: 14 phases × 21 records, every cell written by hand.

use super::{AMOUNT, READABLE, armed, at, baseline, doubted, fold, may_resend, planned, reserved};
use crate::machine::{
    Decision, DoubtKind, HoldReason, OutOfOrder, Phase, PollAnswer, Postponement, Proof, ReceiptTrack,
    Record, Refusal, ResendGround, SeenVerdict, State, WithdrawReason,
};
use refund_core::NotSentReason;

/// Columns, in the order a record may come.
const KINDS: [&str; 21] = [
    "planned",
    "approved",
    "reserved",
    "armed",
    "postponed",
    "may_resend",
    "not_sent",
    "accepted",
    "settled",
    "declined",
    "doubted",
    "window_restarted",
    "looked",
    "proven_not",
    "polled",
    "canceled",
    "held",
    "decided",
    "taken_by_hand",
    "withdrawn",
    "receipt",
];

/// One letter per phase a record may lead to, `.` where it may not come at all.
///
/// P planned, A approved, R reserved, S sending, a accepted, p processing, D settled (done), C canceled, X declined,
/// U unknown, H needs review (held), B by hand, W withdrawn, N did not happen.
#[rustfmt::skip]
const TABLE: [(Phase, [&str; 21]); 14] = [
    //                     plan appr rsvd armd post mayr nots accp setl decl doub wind look pnot poll canc held deci hand wdrn rcpt
    (Phase::Planned,      [".", "A", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "W", "P"]),
    (Phase::Approved,     [".", ".", "R", ".", "A", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "W", "A"]),
    (Phase::Reserved,     [".", ".", "R", "S", "R", ".", "R", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "B", "W", "R"]),
    (Phase::Sending,      [".", ".", ".", ".", ".", ".", "R", "a", "D", "X", "U", ".", ".", ".", ".", ".", ".", ".", ".", ".", "S"]),
    (Phase::Accepted,     [".", ".", ".", ".", ".", ".", ".", ".", "D", ".", ".", ".", ".", ".", "ap", "C", "H", ".", ".", ".", "a"]),
    (Phase::Processing,   [".", ".", ".", ".", ".", ".", ".", ".", "D", ".", ".", ".", ".", ".", "p", "C", "H", ".", ".", ".", "p"]),
    (Phase::Settled,      [".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "D"]),
    (Phase::Canceled,     [".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "C"]),
    (Phase::Declined,     [".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "X"]),
    (Phase::Unknown,      [".", ".", ".", ".", "U", "U", "U", "a", "D", ".", ".", "U", "U", "R", ".", ".", "H", ".", ".", ".", "U"]),
    (Phase::NeedsReview,  [".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "H", ".", ".", ".", ".", ".", "DNR", ".", ".", "H"]),
    (Phase::ByHand,       [".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "DNR", ".", ".", "B"]),
    (Phase::Withdrawn,    [".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "W"]),
    (Phase::DidNotHappen, [".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "N"]),
];

fn letter(phase: Phase) -> char {
    match phase {
        Phase::Planned => 'P',
        Phase::Approved => 'A',
        Phase::Reserved => 'R',
        Phase::Sending => 'S',
        Phase::Accepted => 'a',
        Phase::Processing => 'p',
        Phase::Settled => 'D',
        Phase::Canceled => 'C',
        Phase::Declined => 'X',
        Phase::Unknown => 'U',
        Phase::NeedsReview => 'H',
        Phase::ByHand => 'B',
        Phase::Withdrawn => 'W',
        Phase::DidNotHappen => 'N',
    }
}

/// The shortest history that ends in this phase.
fn in_phase(phase: Phase) -> State {
    let (plan, yes, take, arm) = (planned(), Record::Approved, reserved(1, READABLE), armed(1, 1, 0));
    let (lost, took) = (doubted(DoubtKind::Timeout, 905), Record::Accepted { due: at(10) });
    let held = Record::Held { why: HoldReason::Contradiction };
    let tail: Vec<Record> = match phase {
        Phase::Planned => vec![plan],
        Phase::Approved => vec![plan, yes],
        Phase::Reserved => vec![plan, yes, take],
        Phase::Sending => vec![plan, yes, take, arm],
        Phase::Accepted => vec![plan, yes, take, arm, took],
        Phase::Processing => {
            vec![plan, yes, take, arm, took, Record::Polled { answer: PollAnswer::Processing, due: at(30) }]
        }
        Phase::Settled => vec![plan, yes, take, arm, Record::Settled { by: Proof::Reply }],
        Phase::Canceled => vec![plan, yes, take, arm, took, Record::Canceled],
        Phase::Declined => vec![plan, yes, take, arm, Record::Declined],
        Phase::Unknown => vec![plan, yes, take, arm, lost],
        Phase::NeedsReview => vec![plan, yes, take, arm, lost, held],
        Phase::ByHand => vec![plan, yes, take, Record::TakenByHand],
        Phase::Withdrawn => vec![plan, yes, Record::Withdrawn { why: WithdrawReason::Person }],
        Phase::DidNotHappen => {
            vec![plan, yes, take, arm, lost, held, Record::Decided { decision: Decision::DidNotHappen }]
        }
    };
    let state = fold(&tail);
    assert_eq!(state.phase, phase);
    state
}

/// Every form a record of this kind can take here; numbers that must fit are made to fit.
fn variants(kind: &str, state: &State) -> Vec<Record> {
    let due = at(1_000);
    match kind {
        "planned" => vec![planned(), Record::Planned { amount: None }],
        "approved" => vec![Record::Approved],
        "reserved" => (0..4).map(|lineage| reserved(lineage, READABLE)).collect(),
        "armed" => vec![armed(state.lineage, state.attempt + 1, 0)],
        "postponed" => vec![Record::Postponed { why: Postponement::Busy, due }],
        "may_resend" => vec![may_resend(ResendGround::KeyReplay)],
        "not_sent" => vec![Record::NotSent { why: NotSentReason::Dns, due }],
        "accepted" => vec![Record::Accepted { due }],
        "settled" => [Proof::Reply, Proof::Status, Proof::Evidence].map(|by| Record::Settled { by }).to_vec(),
        "declined" => vec![Record::Declined],
        "doubted" => [Refusal::None, Refusal::Unconfirmed]
            .map(|refusal| Record::Doubted { why: DoubtKind::Timeout, refusal, salvaged: true, due })
            .to_vec(),
        "window_restarted" => vec![Record::WindowRestarted { from: due, due }],
        "looked" => [SeenVerdict::NotSeen, SeenVerdict::Unreadable]
            .map(|verdict| Record::Looked { verdict, at: at(900), due })
            .to_vec(),
        "proven_not" => vec![Record::ProvenNot],
        "polled" => [PollAnswer::Processing, PollAnswer::Unrecognised, PollAnswer::Failed]
            .map(|answer| Record::Polled { answer, due })
            .to_vec(),
        "canceled" => vec![Record::Canceled],
        "held" => vec![Record::Held { why: HoldReason::NoEvidence }],
        "decided" => [Decision::Happened, Decision::DidNotHappen, Decision::SendAgain]
            .map(|decision| Record::Decided { decision })
            .to_vec(),
        "taken_by_hand" => vec![Record::TakenByHand],
        "withdrawn" => [WithdrawReason::Person, WithdrawReason::Rules, WithdrawReason::Budget]
            .map(|why| Record::Withdrawn { why })
            .to_vec(),
        "receipt" => vec![Record::Receipt(ReceiptTrack::Failed)],
        other => panic!("no record is called {other}"),
    }
}

#[test]
fn every_phase_takes_exactly_the_records_of_the_picture() {
    for (index, (phase, cells)) in TABLE.iter().enumerate() {
        assert_eq!(*phase, Phase::ALL[index], "one row per phase, in the order of life");
        let state = in_phase(*phase);
        for (kind, expected) in KINDS.iter().zip(cells) {
            let mut found = String::new();
            for record in variants(kind, &state) {
                assert_eq!(record.kind(), *kind);
                match state.apply(record) {
                    Ok(next) => {
                        assert_eq!(next.seq, state.seq + 1, "{phase:?} + {record:?}");
                        let led = letter(next.phase);
                        found.extend((!found.contains(led)).then_some(led));
                    }
                    Err(refused) => {
                        assert_eq!(refused, OutOfOrder { seq: state.seq + 1, record: kind, phase: *phase });
                    }
                }
            }
            let (mut found, mut expected): (Vec<char>, Vec<char>) =
                (found.chars().collect(), expected.replace('.', "").chars().collect());
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{phase:?} + {kind}");
        }
    }
}

#[test]
fn which_proof_settles_where() {
    for (phase, fits) in [
        (Phase::Sending, Proof::Reply),
        (Phase::Unknown, Proof::Evidence),
        (Phase::Accepted, Proof::Status),
        (Phase::Processing, Proof::Status),
    ] {
        for by in [Proof::Reply, Proof::Status, Proof::Evidence] {
            let settled = in_phase(phase).apply(Record::Settled { by });
            assert_eq!(settled.is_ok(), by == fits, "{phase:?} by {by:?}");
        }
    }
}

#[test]
fn a_history_begins_with_its_plan_and_has_one() {
    for kind in KINDS {
        for record in variants(kind, &State::EMPTY) {
            assert_eq!(State::EMPTY.apply(record).is_ok(), kind == "planned", "{record:?} first");
        }
    }
    for (amount, fits) in [(None, true), (Some(1), true), (Some(0), false), (Some(-1), false)] {
        assert_eq!(State::EMPTY.apply(Record::Planned { amount }).is_ok(), fits, "{amount:?}");
    }
}

#[test]
fn only_a_first_refusal_or_a_confirmed_one_declines() {
    let why = DoubtKind::AmbiguousRefusal;
    let refused = |refusal| Record::Doubted { why, refusal, salvaged: false, due: at(905) };
    let once = in_phase(Phase::Sending);
    let twice = fold(&[
        planned(),
        Record::Approved,
        reserved(1, READABLE),
        armed(1, 1, 0),
        doubted(DoubtKind::Timeout, 0),
        may_resend(ResendGround::KeyReplay),
        armed(1, 2, 10),
    ]);
    let to_confirm = once.apply(refused(Refusal::Unconfirmed)).expect("follows");
    let ambiguous = once.apply(refused(Refusal::None)).expect("follows");
    for (state, declines) in [(once, true), (twice, false), (to_confirm, true), (ambiguous, false)] {
        assert_eq!(state.apply(Record::Declined).is_ok(), declines, "{state:?}");
    }
}

/// A lineage is what shares key and baseline: kept while nothing of it was armed, new after a verdict.
#[test]
fn lineages_and_attempts_count_without_gaps() {
    let approved = fold(&[planned(), Record::Approved]);
    let untouched = in_phase(Phase::Reserved);
    let unsent =
        in_phase(Phase::Sending).apply(Record::NotSent { why: NotSentReason::PermitExpired, due: at(1) });
    let disproven = in_phase(Phase::Unknown).apply(Record::ProvenNot);
    let again = in_phase(Phase::NeedsReview).apply(Record::Decided { decision: Decision::SendAgain });
    for (name, state, lineage) in [
        ("approved", approved, 1),
        ("reserved and not armed", untouched, 1),
        ("armed and proven unsent", unsent.expect("follows"), 2),
        ("proven not", disproven.expect("follows"), 2),
        ("to be sent again", again.expect("follows"), 2),
    ] {
        for wanted in 0..4 {
            let took = state.apply(reserved(wanted, READABLE));
            assert_eq!(took.is_ok(), wanted == lineage, "{name}: lineage {wanted}");
            if let Ok(next) = took {
                assert_eq!((next.attempt, next.maybe_sent, next.look), (0, 0, None), "{name}");
            }
        }
    }
    for (lineage, attempt, fits) in [(1, 1, true), (1, 0, false), (1, 2, false), (0, 1, false), (2, 1, false)]
    {
        assert_eq!(untouched.apply(armed(lineage, attempt, 0)).is_ok(), fits, "{lineage}/{attempt}");
    }
    for (lineage, attempt, fits) in [(1, 2, true), (1, 1, false), (1, 3, false), (2, 1, false), (2, 2, false)]
    {
        let unknown = in_phase(Phase::Unknown);
        assert!(unknown.apply(armed(lineage, attempt, 0)).is_err(), "nobody wrote why it may be sent again");
        let reason = unknown.apply(may_resend(ResendGround::SelfFencing)).expect("follows");
        let resent = reason.apply(armed(lineage, attempt, 0));
        assert_eq!(resent.is_ok(), fits, "resend {lineage}/{attempt}");
    }
}

#[test]
fn an_amount_is_fixed_by_the_first_reservation() {
    let take = |amount| Record::Reserved { lineage: 1, amount, baseline: baseline(READABLE) };
    let full = fold(&[Record::Planned { amount: None }, Record::Approved]);
    for (amount, fits) in [(1, true), (1_000, true), (0, false), (-1, false)] {
        assert_eq!(full.apply(take(amount)).is_ok(), fits, "everything left, which is {amount}");
    }
    let fixed = full.apply(take(AMOUNT)).expect("follows");
    let exact = fold(&[planned(), Record::Approved]);
    for state in [fixed, exact] {
        for (amount, fits) in [(AMOUNT, true), (AMOUNT - 1, false), (AMOUNT + 1, false)] {
            assert_eq!(state.apply(take(amount)).is_ok(), fits, "{amount} of {:?}", state.amount);
        }
    }
}

/// What may have happened takes from the budget, and what is final nobody changes.
#[test]
fn phases_that_use_the_budget_and_phases_that_hold_the_payment() {
    // Phase, takes its amount, keeps the payment to itself (outcomes read against its sums), is final.
    let table = [
        (Phase::Planned, false, false, false),
        (Phase::Approved, false, false, false),
        (Phase::Reserved, true, true, false),
        (Phase::Sending, true, true, false),
        (Phase::Accepted, true, true, false),
        (Phase::Processing, true, true, false),
        (Phase::Settled, true, false, true),
        (Phase::Canceled, false, false, true),
        (Phase::Declined, false, false, true),
        (Phase::Unknown, true, true, false),
        (Phase::NeedsReview, true, true, false),
        (Phase::ByHand, true, true, false),
        (Phase::Withdrawn, false, false, true),
        (Phase::DidNotHappen, false, false, true),
    ];
    for ((phase, claims, holds, ends), expected) in table.into_iter().zip(Phase::ALL) {
        assert_eq!(phase, expected);
        let state = in_phase(phase);
        assert_eq!(state.claims(), if claims { AMOUNT } else { 0 }, "{phase:?}");
        assert_eq!((state.holds_payment(), phase.is_final()), (holds, ends), "{phase:?}");
    }
    // A reservation of which something became keeps amount and payment, and is not armed before it is made again.
    let not_sent = Record::NotSent { why: NotSentReason::Dns, due: at(1) };
    let again = Record::Decided { decision: Decision::SendAgain };
    for (phase, record) in [
        (Phase::Reserved, not_sent),
        (Phase::Sending, not_sent),
        (Phase::Unknown, Record::ProvenNot),
        (Phase::NeedsReview, again),
    ] {
        let waits = in_phase(phase).apply(record).expect("follows");
        assert_eq!((waits.phase, waits.holds_payment(), waits.claims()), (Phase::Reserved, true, AMOUNT));
        for attempt in 0..4 {
            assert!(waits.apply(armed(1, attempt, 0)).is_err(), "{phase:?} + {record:?}, attempt {attempt}");
        }
        let fresh =
            waits.apply(reserved(waits.lineage + u32::from(waits.attempt > 0), READABLE)).expect("follows");
        assert!(fresh.holds_payment() && fresh.apply(armed(fresh.lineage, 1, 0)).is_ok());
    }
    // An accepted refund whose outcome nobody reads against the sums lets others in.
    let took = super::accepted(super::BLIND);
    assert!(!took.holds_payment() && took.claims() == AMOUNT);
}

#[test]
fn news_of_the_receipt_changes_neither_phase_nor_budget_nor_anything_else() {
    for phase in Phase::ALL {
        let state = in_phase(phase);
        for track in [ReceiptTrack::NotAsked, ReceiptTrack::Pending, ReceiptTrack::Done, ReceiptTrack::Failed]
        {
            let told = state.apply(Record::Receipt(track)).expect("always may come");
            assert_eq!(told, State { receipt: track, seq: state.seq + 1, ..state }, "{phase:?}");
        }
        for kind in KINDS.iter().filter(|kind| **kind != "receipt") {
            let failed = state.apply(Record::Receipt(ReceiptTrack::Failed)).expect("always may come");
            for record in variants(kind, &state) {
                let (with, without) = (failed.apply(record), state.apply(record));
                assert_eq!(with.is_ok(), without.is_ok(), "{phase:?} + {record:?}");
                let receipt = with.map(|next| next.receipt);
                assert!(receipt.is_err() || receipt == Ok(ReceiptTrack::Failed), "{phase:?} + {record:?}");
            }
        }
    }
}
