//! Writing: numbers, order, and the record before the send.

use super::{
    Subject,
    scene::{DONE, LOST, approved, data, planned, reserved, sending, shown},
};
use crate::machine::{HoldReason, ResendGround, WithdrawReason};
use crate::{JournalError, Phase, Record, Recorded, Role};
use refund_core::{ArmError, Clock, Digest};

/// Whoever does not know the last record writes nothing, by none of the three calls.
pub async fn a_stale_number_is_refused_and_nothing_is_written(subject: &Subject) {
    let worker = reserved(subject, "1001", "k-1", 100, shown(100, None)).await;
    let before = worker.journal.history(worker.at.intent).await;
    for seq in [worker.at.seq - 1, worker.at.seq + 1, 0] {
        let mut stale = worker.clone();
        stale.at.seq = seq;
        let expected = JournalError::Stale { expected: seq, found: worker.at.seq };
        let withdrawn = Record::Withdrawn { why: WithdrawReason::Person };
        assert_eq!(stale.append(withdrawn).await, Err(expected.clone()));
        assert_eq!(stale.reserve(100, shown(100, None)).await, Err(expected));
        assert_eq!(stale.arm().await, Err(ArmError::Stale));
    }
    assert_eq!(worker.journal.history(worker.at.intent).await, before);
}

/// A record that cannot follow is refused, and the refund stays where it was.
pub async fn a_record_that_cannot_follow_is_refused(subject: &Subject) {
    let mut worker = approved(subject, "1001", "k-1", 100).await;
    for record in [DONE, LOST, Record::Approved, Record::Declined, Record::ProvenNot, Record::Canceled] {
        let answer = worker.append(record).await;
        assert!(matches!(answer, Err(JournalError::Broken { .. })), "{record:?}: {answer:?}");
    }
    let answer = worker.arm().await;
    assert!(answer.is_err(), "nothing is reserved: {answer:?}");
    let answer = worker.reserve(101, shown(1_000, None)).await;
    assert!(matches!(answer, Err(JournalError::Broken { .. })), "not the amount planned: {answer:?}");
    assert_eq!((worker.state().await.phase, worker.state().await.seq), (Phase::Approved, 2));

    let mut twice = worker.reservation(100, shown(100, None)).await;
    twice.recorded = twice.recorded.with(Role::Prepared, data("acme/refund@1", "another request"));
    let answer = worker.journal.reserve(&twice).await;
    assert!(matches!(answer, Err(JournalError::Broken { .. })), "two requests: {answer:?}");
    worker.must_reserve(100, shown(100, None)).await;

    let mut unapproved =
        super::scene::Worker::claim(subject, planned(subject, "1002", "k-2", 100).await).await;
    let answer = unapproved.reserve(100, shown(100, None)).await;
    assert!(matches!(answer, Err(JournalError::Broken { .. })), "nobody approved it: {answer:?}");
    assert_eq!(unapproved.state().await.seq, 1);
}

/// Plans, reservations and arms have calls of their own that check more; `append` does not take them, nor does
/// `reserve` take anything else.
pub async fn records_with_calls_of_their_own_cannot_be_appended(subject: &Subject) {
    let mut worker = approved(subject, "1001", "k-1", 100).await;
    let reservation = worker.reservation(100, shown(100, None)).await;
    let answer = worker.append(reservation.recorded.record).await;
    assert!(matches!(answer, Err(JournalError::Broken { .. })), "{answer:?}");
    let answer = worker.append(Record::Planned { amount: Some(100) }).await;
    assert!(matches!(answer, Err(JournalError::Broken { .. })), "{answer:?}");
    let mut other = reservation.clone();
    other.recorded = Recorded::bare(Record::Withdrawn { why: WithdrawReason::Person }, subject.clock.wall());
    let answer = worker.journal.reserve(&other).await;
    assert!(matches!(answer, Err(JournalError::Broken { .. })), "{answer:?}");

    worker.must_reserve(100, shown(100, None)).await;
    let armed = Record::Armed { lineage: 1, attempt: 1, fire_by: worker.soon(5) };
    let answer = worker.append(armed).await;
    assert!(matches!(answer, Err(JournalError::Broken { .. })), "{answer:?}");
    assert_eq!((worker.state().await.phase, worker.state().await.seq), (Phase::Reserved, 3));
}

/// Once `arm` has answered, the record is there for everybody; it is written only for the payload that was reserved.
pub async fn an_armed_record_is_durable_and_names_its_payload(subject: &Subject) {
    let mut worker = reserved(subject, "1001", "k-1", 100, shown(100, Some(0))).await;
    let mut other = worker.arm_record().await;
    other.digest = Digest::of(b"another request");
    assert_eq!(worker.journal.arm(&other).await, Err(ArmError::OtherPayload));
    for (lineage, attempt) in [(1, 0), (1, 2), (2, 1)] {
        let mut odd = worker.arm_record().await;
        (odd.lineage, odd.attempt) = (lineage, attempt);
        let answer = worker.journal.arm(&odd).await;
        assert!(answer.is_err(), "lineage {lineage}, attempt {attempt}: {answer:?}");
    }
    assert_eq!(worker.state().await.seq, 3, "nothing was written");

    let record = worker.arm_record().await;
    worker.must_arm().await;
    let history = worker.journal.history(worker.at.intent).await.expect("readable");
    let last = history.last().expect("not empty");
    let expected = Record::Armed { lineage: 1, attempt: 1, fire_by: record.fire_by };
    assert_eq!((last.record, last.wall, history.len()), (expected, subject.clock.wall(), 4));
    let state = worker.state().await;
    assert_eq!((state.phase, state.maybe_sent, state.window_from), (Phase::Sending, 1, Some(record.fire_by)));

    // A resend of the same lineage says first why it cannot double, and carries the same payload.
    worker.must(LOST).await;
    assert!(worker.arm().await.is_err(), "nobody wrote why it may be sent again");
    worker.must(Record::MayResend { on: ResendGround::KeyReplay }).await;
    let mut other = worker.arm_record().await;
    other.digest = Digest::of(b"another request");
    assert_eq!(worker.journal.arm(&other).await, Err(ArmError::OtherPayload));
    worker.must_arm().await;
    assert_eq!(worker.state().await.attempt, 2);
}

/// One reservation is armed once: a second arm from the same number is refused.
pub async fn a_second_arm_from_one_number_is_refused(subject: &Subject) {
    let worker = reserved(subject, "1001", "k-1", 100, shown(100, None)).await;
    let record = worker.arm_record().await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let journal = std::sync::Arc::clone(&worker.journal);
        tasks.spawn(async move { journal.arm(&record).await });
    }
    let answers = tasks.join_all().await;
    let stale = answers.iter().filter(|answer| **answer == Err(ArmError::Stale)).count();
    assert_eq!((answers.iter().filter(|answer| answer.is_ok()).count(), stale), (1, 7));
    assert_eq!(worker.state().await.attempt, 1);
}

/// A refund reserved while a sibling seemed safe is not armed once the sibling's outcome is in doubt: the payment is busy,
/// for a reservation as well.
pub async fn a_reservation_overtaken_by_a_doubt_cannot_be_armed(subject: &Subject) {
    let none = shown(200, None);
    let mut first = sending(subject, "1001", "k-1", 100, none).await;
    first.must(Record::Accepted { due: first.soon(1) }).await;
    let mut second = reserved(subject, "1001", "k-2", 100, none).await;
    first.must(Record::Held { why: HoldReason::Deadline }).await;
    assert_eq!(second.arm().await, Err(ArmError::Busy));
    let busy = JournalError::PaymentBusy { by: first.at.intent };
    assert_eq!(second.reserve(100, none).await, Err(busy));
    assert_eq!(second.state().await.phase, Phase::Reserved, "its amount stays taken");

    first.must(Record::Decided { decision: crate::machine::Decision::Happened }).await;
    second.must_arm().await;

    // A resend has had the payment since its first send: a sibling that came into doubt does not stop it.
    let mut first = sending(subject, "1002", "k-3", 100, none).await;
    first.must(Record::Accepted { due: first.soon(1) }).await;
    let mut second = sending(subject, "1002", "k-4", 100, none).await;
    second.must(LOST).await;
    first.must(Record::Held { why: HoldReason::Deadline }).await;
    second.must(Record::MayResend { on: ResendGround::SelfFencing }).await;
    second.must_arm().await;
}
