//! The queue of a file: who waits does not starve, and who must wait for another process is told.

use super::bench::{Bench, TERM, Worker, plan_of};
use refund_engine::{Journal, JournalError, Record};
use std::time::Duration;

/// A refund that was looked at and given back (its payment is busy, say) lets the others go first.
#[tokio::test]
async fn who_was_given_back_goes_to_the_end() {
    let bench = Bench::new();
    let journal = bench.open();
    let names = ["1001", "1002", "1003"];
    for name in names {
        let mut worker = Worker::plan(&journal, &bench.clock, &plan_of(name, name, 100)).await;
        worker.append(Record::Approved).await;
        journal.release(worker.at).await.expect("given back");
        bench.clock.advance(Duration::from_millis(1));
    }
    let mut order = Vec::new();
    for _ in 0..7 {
        let lease = journal.claim_due(1, TERM).await.expect("readable").pop().expect("all are due");
        journal.release(lease.at).await.expect("given back");
        order.push(lease.key.to_string());
        bench.clock.advance(Duration::from_millis(1));
    }
    assert_eq!(order.join(" "), "1001 1002 1003 1001 1002 1003 1001");
}

/// Another process that does not let go is waited for, five seconds; then nothing was done and nothing is lost.
#[tokio::test]
async fn a_locked_file_is_unavailable_and_not_poisoned() {
    let bench = Bench::new();
    let journal = bench.open();
    let other = rusqlite::Connection::open(&bench.path).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("locks");
    let answer = journal.plan(&[plan_of("1001", "k-1", 100)]).await;
    let Err(JournalError::Unavailable { place, detail }) = answer else { panic!("{answer:?}") };
    assert_eq!(place, bench.path.display().to_string());
    assert!(detail.starts_with("another process kept it locked for 5 seconds; try again"), "{detail}");
    assert_eq!(journal.list(&Default::default()).await, Ok(vec![]), "reading goes on meanwhile");
    other.execute_batch("ROLLBACK").expect("lets go");
    assert!(journal.plan(&[plan_of("1001", "k-1", 100)]).await.is_ok());
}
