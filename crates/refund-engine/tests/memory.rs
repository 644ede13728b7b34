//! The journal in memory passes the suite of every journal, and fails exactly as it is told to.

use refund_core::{Clock, WallTime};
use refund_engine::{
    ManualClock,
    memory::MemoryJournal,
    suite::{CASES, Subject, run_all},
};
use std::sync::Arc;

async fn subject() -> Subject {
    let clock = ManualClock::starting(WallTime(1_795_000_000_000));
    let journal = Arc::new(MemoryJournal::new(Arc::new(clock.clone()) as Arc<dyn Clock>));
    Subject { journal, clock }
}

#[tokio::test]
async fn it_passes_the_suite() {
    assert_eq!(run_all(subject).await, CASES);
}
