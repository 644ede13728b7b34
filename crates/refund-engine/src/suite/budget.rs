//! Reservations: a payment is never refunded beyond what it brought, and unknowns keep it to themselves.

use super::{
    Subject,
    scene::{DONE, LONG_AGO, LOST, Worker, approved, planned, reserved, sending, shown},
};
use crate::machine::{Baseline, BaselineRole, Decision, HoldReason, Proof, Refusal, WithdrawReason};
use crate::{JournalError, Phase, Record};

/// Exactly what is left can be reserved, one kopeck more cannot.
pub async fn the_budget_holds_to_the_minor_unit(subject: &Subject) {
    let none = shown(10_000, None);
    sending(subject, "1001", "k-1", 6_000, none).await.must(DONE).await;
    let mut too_much = approved(subject, "1001", "k-2", 4_001).await;
    assert_eq!(too_much.reserve(4_001, none).await, Err(JournalError::Budget { left: 4_000 }));
    assert_eq!(too_much.state().await.phase, Phase::Approved, "nothing was written");
    let mut exact = approved(subject, "1001", "k-3", 4_000).await;
    exact.must_reserve(4_000, none).await;
    exact.must_arm().await;
    exact.must(DONE).await;
    let mut one = approved(subject, "1001", "k-4", 1).await;
    assert_eq!(one.reserve(1, none).await, Err(JournalError::Budget { left: 0 }));
    // What the gateway says it captured decides, also when it says less than before.
    assert_eq!(one.reserve(1, shown(9_000, None)).await, Err(JournalError::Budget { left: -1_000 }));
    let mut whole = approved(subject, "1002", "k-5", i64::MAX).await;
    assert_eq!(whole.reserve(i64::MAX, none).await, Err(JournalError::Budget { left: 10_000 }));
}

/// While one refund of a payment is on its way or in doubt, no other is reserved.
pub async fn a_payment_takes_one_refund_at_a_time(subject: &Subject) {
    let seen = shown(10_000, Some(0));
    let mut first = reserved(subject, "1001", "k-1", 100, seen).await;
    let mut second = approved(subject, "1001", "k-2", 100).await;
    let busy = Err(JournalError::PaymentBusy { by: first.at.intent });
    assert_eq!(second.reserve(100, seen).await, busy, "reserved");
    first.must_arm().await;
    assert_eq!(second.reserve(100, seen).await, busy, "sending");
    first.must(LOST).await;
    assert_eq!(second.reserve(100, seen).await, busy, "unknown");
    first.must(Record::Accepted { due: first.soon(1) }).await;
    assert_eq!(second.reserve(100, seen).await, busy, "accepted, and read against the payment's sums");
    first.must(Record::Held { why: HoldReason::Mismatch }).await;
    assert_eq!(second.reserve(100, seen).await, busy, "a person must decide");
    first.must(Record::Decided { decision: Decision::Happened }).await;
    second.must_reserve(100, shown(10_000, Some(100))).await;
    second.must_reserve(100, shown(10_000, Some(100))).await; // Its own reservation is not in its way.
}

/// An accepted refund that nobody reads against the payment's sums leaves the payment free; its amount stays taken.
pub async fn an_accepted_refund_nobody_reads_against_lets_others_in(subject: &Subject) {
    let none = shown(10_000, None);
    let mut first = sending(subject, "1001", "k-1", 6_000, none).await;
    first.must(Record::Accepted { due: first.soon(1) }).await;
    let mut second = approved(subject, "1001", "k-2", 4_001).await;
    assert_eq!(second.reserve(4_001, none).await, Err(JournalError::Budget { left: 4_000 }));
    reserved(subject, "1001", "k-3", 4_000, none).await;
}

/// What the gateway shows as refunded counts, whoever refunded it.
pub async fn what_others_refunded_in_the_cabinet_counts(subject: &Subject) {
    let mut worker = approved(subject, "1001", "k-1", 4_000).await;
    assert_eq!(
        worker.reserve(4_000, shown(10_000, Some(6_001))).await,
        Err(JournalError::Budget { left: 3_999 })
    );
    assert_eq!(
        worker.reserve(4_000, shown(10_000, Some(12_000))).await,
        Err(JournalError::Budget { left: -2_000 })
    );
    worker.must_reserve(4_000, shown(10_000, Some(6_000))).await;
    worker.must_arm().await;
    worker.must(DONE).await;
    // What this journal refunded is in the gateway's sum and is not counted twice.
    sending(subject, "1002", "k-2", 5_000, shown(10_000, Some(0))).await.must(DONE).await;
    let mut rest = approved(subject, "1002", "k-3", 5_000).await;
    rest.must_reserve(5_000, shown(10_000, Some(5_000))).await;
}

/// What was withdrawn, declined, cancelled or surely did not happen is free again.
pub async fn what_surely_did_not_happen_is_given_back(subject: &Subject) {
    let none = shown(100, None);
    let held = Record::Held { why: HoldReason::NoEvidence };
    let unconfirmed = Record::Doubted {
        why: crate::machine::DoubtKind::AmbiguousRefusal,
        refusal: Refusal::Unconfirmed,
        salvaged: false,
        due: LONG_AGO,
    };
    let worker = reserved(subject, "withdrawn", "withdrawn-1", 100, none).await;
    freed(subject, worker, "withdrawn", &[Record::Withdrawn { why: WithdrawReason::Person }]).await;
    let worker = reserved(subject, "by-hand", "by-hand-1", 100, none).await;
    let not = Record::Decided { decision: Decision::DidNotHappen };
    freed(subject, worker, "by-hand", &[Record::TakenByHand, not]).await;
    for (name, records) in [
        ("declined", vec![Record::Declined]),
        ("confirmed", vec![unconfirmed, Record::Declined]),
        ("decided", vec![LOST, held, not]),
    ] {
        let worker = sending(subject, name, &format!("{name}-1"), 100, none).await;
        freed(subject, worker, name, &records).await;
    }
    let worker = sending(subject, "canceled", "canceled-1", 100, none).await;
    let accepted = Record::Accepted { due: worker.soon(1) };
    freed(subject, worker, "canceled", &[accepted, Record::Canceled]).await;
}

async fn freed(subject: &Subject, mut worker: Worker, name: &str, records: &[Record]) {
    for record in records {
        let mut other = approved(subject, name, &format!("{name}-{}", record.kind()), 100).await;
        let answer = other.reserve(100, shown(100, None)).await;
        assert!(answer.is_err(), "{name}: before {record:?} the amount is taken, yet {answer:?}");
        worker.must(*record).await;
    }
    reserved(subject, name, &format!("{name}-2"), 100, shown(100, None)).await;
}

/// What only a person's word says did not happen keeps its amount also where it let others in and queues again; it keeps
/// nobody waiting, and no withdrawal frees it.
pub async fn what_queues_again_on_a_word_keeps_its_amount(subject: &Subject) {
    let none = Baseline { role: BaselineRole::Unused, ..shown(100, None) };
    let mut word = sending(subject, "1001", "k-1", 60, none).await;
    let took = Record::Accepted { due: word.soon(1) };
    let cancelled = Record::Held { why: HoldReason::RefusedOnResend };
    let again = Record::Decided { decision: Decision::SendAgain };
    for record in [took, cancelled, again] {
        word.must(record).await;
    }
    assert_eq!(word.state().await.phase, Phase::Approved);
    let mut other = approved(subject, "1001", "k-2", 41).await;
    assert_eq!(other.reserve(41, none).await, Err(JournalError::Budget { left: 40 }));
    reserved(subject, "1001", "k-3", 40, none).await;
    let withdrawn = word.append(Record::Withdrawn { why: WithdrawReason::Person }).await;
    assert!(matches!(withdrawn, Err(JournalError::Broken { .. })), "{withdrawn:?}");
    word.must(Record::Decided { decision: Decision::DidNotHappen }).await;
    reserved(subject, "1002", "k-4", 100, none).await;
}

/// What is done, unknown or waits for a person keeps its amount.
pub async fn what_may_have_happened_keeps_its_amount(subject: &Subject) {
    let held = Record::Held { why: HoldReason::NoEvidence };
    let happened = Record::Decided { decision: Decision::Happened };
    let again = Record::Decided { decision: Decision::SendAgain };
    for (name, records) in [
        ("sending", vec![]),
        ("settled", vec![DONE]),
        ("unknown", vec![LOST]),
        ("evidence", vec![LOST, Record::Settled { by: Proof::Evidence }]),
        ("held", vec![LOST, held]),
        ("happened", vec![LOST, held, happened]),
        ("send-again", vec![LOST, held, again]),
        ("proven-not", vec![LOST, Record::ProvenNot]),
    ] {
        let mut worker = sending(subject, name, &format!("{name}-1"), 60, shown(100, Some(0))).await;
        for record in records {
            worker.must(record).await;
        }
        let mut other = approved(subject, name, &format!("{name}-2"), 41).await;
        // The gateway does not show it yet, and still it counts.
        let answer = other.reserve(41, shown(100, Some(0))).await;
        let expected = if worker.state().await.holds_payment() {
            JournalError::PaymentBusy { by: worker.at.intent }
        } else {
            JournalError::Budget { left: 40 }
        };
        assert_eq!(answer, Err(expected), "{name}");
    }
}

/// Budgets are per payment: neither another order nor the same order of another account is touched.
pub async fn payments_have_budgets_of_their_own(subject: &Subject) {
    reserved(subject, "1001", "k-1", 100, shown(100, None)).await;
    reserved(subject, "1002", "k-2", 100, shown(100, None)).await;
    let mut elsewhere = super::scene::plan_of(subject, "1001", "k-3", 100);
    elsewhere.payment.account = refund_core::AccountId::parse("another-shop").expect("a plain word");
    elsewhere.intent =
        crate::lineage::intent_id(&elsewhere.payment.provider, &elsewhere.payment.account, &elsewhere.key);
    let mut command = crate::codec::decode_command(&elsewhere.command).expect("a command");
    command.payment = elsewhere.payment.clone();
    elsewhere.command = crate::codec::encode_command(&command);
    subject.journal.plan(std::slice::from_ref(&elsewhere)).await.expect("planned");
    let mut worker = Worker::claim(subject, elsewhere.intent).await;
    worker.must(Record::Approved).await;
    worker.must_reserve(100, shown(100, None)).await;
}

/// Sixteen refunds of 60 out of 100 at once: one is reserved, the others are told of it.
pub async fn of_many_reservations_at_once_one_wins(subject: &Subject) {
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..16 {
        let mut worker = approved(subject, "1001", &format!("k-{number}"), 60).await;
        tasks.spawn(async move { (worker.at.intent, worker.reserve(60, shown(100, Some(0))).await) });
    }
    let answers = tasks.join_all().await;
    let winners: Vec<_> = answers.iter().filter(|(_, answer)| answer.is_ok()).collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    let by = winners[0].0;
    let told = answers.iter().filter(|(_, answer)| *answer == Err(JournalError::PaymentBusy { by })).count();
    assert_eq!(told, 15, "{answers:?}");
}

/// Many workers who each carry a refund through at once never move more than the payment brought.
pub async fn refunds_of_one_payment_never_exceed_it_together(subject: &Subject) {
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..10 {
        let intent = planned(subject, "1001", &format!("k-{number}"), 30).await;
        let subject = subject.clone();
        tasks.spawn(async move { through(&subject, intent).await });
    }
    let settled: usize = tasks.join_all().await.into_iter().map(usize::from).sum();
    assert_eq!(settled, 3, "three times 30 fit into 100");
    let totals = subject.journal.totals(&super::scene::order("1001"), refund_core::Currency::RUB, None).await;
    let totals = totals.expect("readable");
    assert_eq!((totals.done.minor(), totals.open.minor()), (90, 0));
}

/// Carries one refund through, trying again while the payment is busy.
async fn through(subject: &Subject, intent: refund_core::IntentId) -> bool {
    let mut worker = Worker::claim(subject, intent).await;
    worker.must(Record::Approved).await;
    loop {
        match worker.reserve(30, shown(100, None)).await {
            Ok(_) => break,
            Err(JournalError::PaymentBusy { .. }) => tokio::task::yield_now().await,
            Err(JournalError::Budget { .. }) => return false,
            Err(error) => panic!("{error}"),
        }
    }
    worker.must_arm().await;
    worker.must(DONE).await;
    true
}
