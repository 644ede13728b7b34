//! The engine's behaviour suite on real files: through one handle, and through two that share the file.

use super::bench::Bench;
use async_trait::async_trait;
use refund_core::{ArmError, ArmLog, ArmRecord, At, Currency, IntentId, IntentKey, PaymentRef};
use refund_engine::suite::{CASES, Subject, run_all};
use refund_engine::{
    Journal, JournalError, Lease, ListQuery, Listed, Plan, Planned, Recorded, Reservation, Totals, Verified,
};
use refund_journal::SqliteJournal;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Two handles on one file; every call goes to the other one than the last. What one wrote the other must know.
struct Alternating {
    handles: [SqliteJournal; 2],
    calls: AtomicUsize,
    _directory: tempfile::TempDir,
}

impl Alternating {
    fn next(&self) -> &SqliteJournal {
        &self.handles[self.calls.fetch_add(1, Ordering::SeqCst) % 2]
    }
}

#[async_trait]
impl ArmLog for Alternating {
    async fn arm(&self, record: &ArmRecord) -> Result<(), ArmError> {
        self.next().arm(record).await
    }
}

#[async_trait]
impl Journal for Alternating {
    async fn plan(&self, plans: &[Plan]) -> Result<Vec<Planned>, JournalError> {
        self.next().plan(plans).await
    }
    async fn claim(&self, intent: IntentId, term: Duration) -> Result<Lease, JournalError> {
        self.next().claim(intent, term).await
    }
    async fn claim_due(&self, limit: u16, term: Duration) -> Result<Vec<Lease>, JournalError> {
        self.next().claim_due(limit, term).await
    }
    async fn renew(&self, at: At, term: Duration) -> Result<(), JournalError> {
        self.next().renew(at, term).await
    }
    async fn release(&self, at: At) -> Result<(), JournalError> {
        self.next().release(at).await
    }
    async fn reserve(&self, reservation: &Reservation) -> Result<u64, JournalError> {
        self.next().reserve(reservation).await
    }
    async fn append(&self, at: At, recorded: &Recorded) -> Result<u64, JournalError> {
        self.next().append(at, recorded).await
    }
    async fn totals(
        &self,
        payment: &PaymentRef,
        currency: Currency,
        except: Option<IntentId>,
    ) -> Result<Totals, JournalError> {
        self.next().totals(payment, currency, except).await
    }
    async fn find(&self, intent: IntentId) -> Result<Option<Listed>, JournalError> {
        self.next().find(intent).await
    }
    async fn find_key(&self, key: &IntentKey) -> Result<Vec<Listed>, JournalError> {
        self.next().find_key(key).await
    }
    async fn list(&self, query: &ListQuery) -> Result<Vec<Listed>, JournalError> {
        self.next().list(query).await
    }
    async fn history(&self, intent: IntentId) -> Result<Vec<Recorded>, JournalError> {
        self.next().history(intent).await
    }
    async fn verify(&self) -> Result<Verified, JournalError> {
        self.next().verify().await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_behaves() {
    let directory = tempfile::tempdir().expect("a directory");
    let number = AtomicUsize::new(0);
    let make = async || {
        let mut bench = Bench::new();
        bench.path = directory.path().join(number.fetch_add(1, Ordering::SeqCst).to_string());
        Subject { journal: Arc::new(bench.open()), clock: bench.clock }
    };
    assert_eq!(run_all(make).await, CASES);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_handles_on_one_file_behave_as_one() {
    let make = async || {
        let bench = Bench::new();
        let handles = [bench.open(), bench.open()];
        let journal = Alternating { handles, calls: AtomicUsize::new(0), _directory: bench.directory };
        Subject { journal: Arc::new(journal), clock: bench.clock }
    };
    assert_eq!(run_all(make).await, CASES);
}

/// A case that is dropped from the suite by mistake is noticed here.
#[test]
fn the_suite_has_all_its_cases() {
    assert_eq!(CASES.len(), 37);
}
