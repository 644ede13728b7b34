//! Leases: one worker at a time, and one who was overtaken writes nothing.

use super::{
    Subject,
    scene::{DONE, LOST, TERM, Worker, approved, planned, reserved, sending, shown},
};
use crate::machine::{Decision, DoubtKind, HoldReason, PollAnswer, Postponement, Refusal, WithdrawReason};
use crate::{JournalError, Lease, Phase, Record};
use refund_core::{ArmError, IntentId, NotSentReason};
use std::{sync::Arc, time::Duration};

/// While a lease lives nobody else gets the refund; a refund that is not there is said so.
pub async fn a_claim_is_exclusive(subject: &Subject) {
    let intent = planned(subject, "1001", "k-1", 100).await;
    let lease = subject.journal.claim(intent, TERM).await.expect("free");
    assert_eq!((lease.at.intent, lease.at.seq, lease.history.len()), (intent, 1, 1));
    assert_eq!(lease.payment, super::scene::order("1001"));
    assert_eq!(lease.key, super::scene::key("k-1"));
    assert_eq!(subject.journal.claim(intent, TERM).await.err(), Some(JournalError::Leased));
    subject.clock.advance(TERM - Duration::from_millis(1));
    assert_eq!(subject.journal.claim(intent, TERM).await.err(), Some(JournalError::Leased));
    let nobody = IntentId(7);
    assert_eq!(subject.journal.claim(nobody, TERM).await.err(), Some(JournalError::NotFound));
    assert_eq!(subject.journal.history(nobody).await, Err(JournalError::NotFound));
}

/// From the moment it ends, a lease can be taken over, and the new fence is higher.
pub async fn an_expired_lease_is_taken_over_with_a_higher_fence(subject: &Subject) {
    let intent = planned(subject, "1001", "k-1", 100).await;
    let first = Worker::claim(subject, intent).await;
    subject.clock.advance(TERM);
    let second = Worker::claim(subject, intent).await;
    assert!(second.at.fence > first.at.fence, "{:?} after {:?}", second.at, first.at);
    assert_eq!(subject.journal.claim(intent, TERM).await.err(), Some(JournalError::Leased));
}

/// A worker who lost the lease cannot append, reserve, arm or prolong, and cannot give back the other's lease.
pub async fn a_fenced_off_worker_cannot_write(subject: &Subject) {
    let mut late = approved(subject, "1001", "k-1", 100).await;
    subject.clock.advance(TERM);
    let holder = Worker::claim(subject, late.at.intent).await;
    assert_eq!(holder.at.seq, late.at.seq, "both know the last record; only the fence tells them apart");

    let withdrawn = Record::Withdrawn { why: WithdrawReason::Person };
    assert_eq!(late.append(withdrawn).await, Err(JournalError::Fenced));
    assert_eq!(late.reserve(100, shown(100, None)).await, Err(JournalError::Fenced));
    assert_eq!(late.journal.renew(late.at, TERM).await, Err(JournalError::Fenced));
    assert_eq!(late.journal.release(late.at).await, Ok(()));
    assert_eq!(late.journal.claim(late.at.intent, TERM).await.err(), Some(JournalError::Leased));
    assert_eq!(late.state().await.seq, 2, "nothing was written");

    let mut late = holder;
    late.must_reserve(100, shown(100, None)).await;
    subject.clock.advance(TERM);
    let mut holder = Worker::claim(subject, late.at.intent).await;
    assert_eq!(late.arm().await, Err(ArmError::Fenced));
    holder.must_arm().await;
    assert_eq!(late.append(DONE).await, Err(JournalError::Fenced));
    assert_eq!((late.state().await.phase, late.state().await.seq), (Phase::Sending, 4));
}

/// A lease that is given back can be taken at once, and its holder writes nothing more under it.
pub async fn a_lease_given_back_is_free_at_once_and_writes_nothing_more(subject: &Subject) {
    let mut first = approved(subject, "1001", "k-1", 100).await;
    first.release().await;
    assert_eq!(
        first.append(Record::Withdrawn { why: WithdrawReason::Person }).await,
        Err(JournalError::Fenced)
    );
    assert_eq!(first.journal.renew(first.at, TERM).await, Err(JournalError::Fenced));
    let second = Worker::claim(subject, first.at.intent).await;
    assert!(second.at.fence > first.at.fence);
    first.release().await;
    assert_eq!(subject.journal.claim(first.at.intent, TERM).await.err(), Some(JournalError::Leased));
}

/// Prolonging counts from now, and works as long as nobody else took the refund.
pub async fn a_renewed_lease_lives_on(subject: &Subject) {
    let mut worker = approved(subject, "1001", "k-1", 100).await;
    subject.clock.advance(Duration::from_secs(50));
    assert_eq!(worker.journal.renew(worker.at, TERM).await, Ok(()));
    subject.clock.advance(Duration::from_secs(59));
    assert_eq!(worker.journal.claim(worker.at.intent, TERM).await.err(), Some(JournalError::Leased));
    // Ended, but not taken over: the worker may go on.
    subject.clock.advance(Duration::from_secs(30));
    assert_eq!(worker.journal.renew(worker.at, TERM).await, Ok(()));
    assert_eq!(worker.journal.claim(worker.at.intent, TERM).await.err(), Some(JournalError::Leased));
    worker.must_reserve(100, shown(100, None)).await;
}

/// A lease of another boot of the machine is over, whatever its moment says: nobody of that boot is left.
pub async fn a_lease_of_another_boot_is_over(subject: &Subject) {
    let mut before = approved(subject, "1001", "k-1", 100).await;
    let due = before.soon(86_400);
    before.must_reserve(100, shown(100, None)).await;
    before.must(Record::NotSent { why: NotSentReason::Dns, due }).await;
    let other = planned(subject, "1002", "k-2", 100).await;
    let claimed = Worker::claim(subject, other).await;
    assert_eq!(due_intents(subject, 10).await, vec![], "leased, and not due for a day");
    subject.clock.reboot();
    assert!(Worker::claim(subject, other).await.at.fence > claimed.at.fence, "nobody of that boot is left");
    let due = subject.journal.claim_due(10, TERM).await.expect("readable");
    assert_eq!(due.len(), 1, "neither lease nor due moment of another boot holds anything back");
    assert!(due[0].at.fence > before.at.fence);
    assert_eq!(
        before.append(Record::Withdrawn { why: WithdrawReason::Person }).await,
        Err(JournalError::Fenced)
    );
}

/// Of many who claim at once, one gets the refund.
pub async fn only_one_of_many_claims_wins(subject: &Subject) {
    let intent = planned(subject, "1001", "k-1", 100).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let journal = Arc::clone(&subject.journal);
        tasks.spawn(async move { journal.claim(intent, TERM).await });
    }
    let answers = tasks.join_all().await;
    let lost = answers.iter().filter(|answer| matches!(answer, Err(JournalError::Leased))).count();
    assert_eq!((answers.iter().filter(|answer| answer.is_ok()).count(), lost), (1, 15));
}

/// What was due first is handed out first, as many as asked for.
pub async fn due_refunds_come_oldest_first(subject: &Subject) {
    let mut intents = Vec::new();
    for (name, seconds) in [("1001", 30), ("1002", 10), ("1003", 100), ("1004", 20)] {
        let mut worker = reserved(subject, name, name, 100, shown(100, None)).await;
        let due = worker.soon(seconds);
        worker.must(Record::NotSent { why: NotSentReason::Refused, due }).await;
        worker.release().await;
        intents.push(worker.at.intent);
    }
    assert_eq!(due_intents(subject, 10).await, vec![], "none is due yet");
    subject.clock.advance(Duration::from_secs(60));
    assert_eq!(due_intents(subject, 2).await, vec![intents[1], intents[3]]);
    assert_eq!(due_intents(subject, 2).await, vec![intents[0]], "two are leased, one is not due");
    subject.clock.advance(Duration::from_secs(39));
    assert_eq!(due_intents(subject, 0).await, vec![], "as many as asked for");
    subject.clock.advance(Duration::from_secs(1));
    assert_eq!(due_intents(subject, 1).await.len(), 1, "a moment is reached when it is there");
}

/// Planned, held, taken by hand and final refunds are nobody's to work on; everything between is.
pub async fn only_what_can_be_worked_on_is_due(subject: &Subject) {
    let none = shown(100, None);
    planned(subject, "planned", "planned", 100).await;
    let mut expected = vec![approved(subject, "approved", "approved", 100).await];
    expected.push(reserved(subject, "reserved", "reserved", 100, none).await);
    expected.push(sending(subject, "sending", "sending", 100, none).await);
    for (name, records) in [
        ("unknown", vec![LOST]),
        ("accepted", vec![Record::Accepted { due: expected[0].soon(0) }]),
        (
            "processing",
            vec![
                Record::Accepted { due: expected[0].soon(0) },
                Record::Polled { answer: PollAnswer::Processing, due: expected[0].soon(0) },
            ],
        ),
    ] {
        expected.push(after(subject, name, &records).await);
    }
    let held = Record::Held { why: HoldReason::NoEvidence };
    let decided = |decision| vec![LOST, held, Record::Decided { decision }];
    let mut others = vec![
        after(subject, "settled", &[DONE]).await,
        after(subject, "declined", &[Record::Declined]).await,
        after(subject, "needs-review", &[LOST, held]).await,
        after(subject, "did-not-happen", &decided(Decision::DidNotHappen)).await,
        after(subject, "happened", &decided(Decision::Happened)).await,
        after(subject, "canceled", &[Record::Accepted { due: expected[0].soon(0) }, Record::Canceled]).await,
    ];
    expected.push(after(subject, "send-again", &decided(Decision::SendAgain)).await);
    let mut by_hand = reserved(subject, "by-hand", "by-hand", 100, none).await;
    by_hand.must(Record::TakenByHand).await;
    let mut withdrawn = approved(subject, "withdrawn", "withdrawn", 100).await;
    withdrawn.must(Record::Withdrawn { why: WithdrawReason::Person }).await;
    others.extend([by_hand, withdrawn]);

    for worker in expected.iter().chain(&others) {
        worker.release().await;
    }
    let mut found = due_intents(subject, 100).await;
    let mut expected: Vec<_> = expected.iter().map(|worker| worker.at.intent).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

/// Two workers who ask for due refunds at once never get the same one.
pub async fn what_is_due_is_handed_out_once(subject: &Subject) {
    for number in 0..12 {
        let name = format!("order-{number}");
        approved(subject, &name, &name, 100).await.release().await;
    }
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let journal = Arc::clone(&subject.journal);
        tasks.spawn(async move { journal.claim_due(4, TERM).await.expect("readable") });
    }
    let leases: Vec<Lease> = tasks.join_all().await.into_iter().flatten().collect();
    let mut intents: Vec<IntentId> = leases.iter().map(|lease| lease.at.intent).collect();
    intents.sort();
    intents.dedup();
    assert_eq!((leases.len(), intents.len()), (12, 12));
    assert!(leases.iter().all(|lease| lease.history.len() == 2 && lease.at.seq == 2));
}

/// A worker that looks for work again and again does not get what can only wait: a doubt before its window is over, a
/// window that was started again, a payment that is busy or could not be looked up.
pub async fn what_waits_is_not_handed_out_again_at_once(subject: &Subject) {
    let mut doubted = sending(subject, "1001", "k-1", 100, shown(100, None)).await;
    let (soon, later) = (doubted.soon(10), doubted.soon(20));
    let (why, refusal) = (DoubtKind::Timeout, Refusal::None);
    doubted.must(Record::Doubted { why, refusal, salvaged: false, due: soon }).await;
    let mut restarted = after(subject, "1002", &[LOST]).await;
    restarted.must(Record::WindowRestarted { from: soon, due: later }).await;
    let mut expected = vec![doubted.at.intent, restarted.at.intent];
    let mut workers = vec![doubted, restarted];
    for (name, why, due) in [("1003", Postponement::LookupFailed, soon), ("1004", Postponement::Busy, later)]
    {
        let mut worker = approved(subject, name, name, 100).await;
        worker.must(Record::Postponed { why, due }).await;
        expected.push(worker.at.intent);
        workers.push(worker);
    }
    for worker in &workers {
        worker.release().await;
    }
    assert_eq!(due_intents(subject, 10).await, vec![], "all of them wait");
    subject.clock.advance(Duration::from_secs(10));
    let mut found = due_intents(subject, 10).await;
    found.sort();
    let mut first = vec![expected[0], expected[2]];
    first.sort();
    assert_eq!(found, first);
    subject.clock.advance(Duration::from_secs(10));
    assert_eq!(due_intents(subject, 10).await.len(), 2);
}

async fn due_intents(subject: &Subject, limit: u16) -> Vec<IntentId> {
    let leases = subject.journal.claim_due(limit, TERM).await.expect("readable");
    leases.into_iter().map(|lease| lease.at.intent).collect()
}

/// A refund of an order of its own that was sent, and what followed.
async fn after(subject: &Subject, name: &str, records: &[Record]) -> Worker {
    let mut worker = sending(subject, name, name, 100, shown(100, None)).await;
    for record in records {
        worker.must(*record).await;
    }
    worker
}
