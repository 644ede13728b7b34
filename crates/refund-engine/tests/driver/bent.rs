//! A journal that is not as it should be: it refuses what fits, or hands out histories that were damaged.

use async_trait::async_trait;
use refund_core::{ArmError, ArmLog, ArmRecord, At, Currency, IntentId, IntentKey, PaymentRef};
use refund_engine::{
    Journal, JournalError, Lease, ListQuery, Listed, Plan, Planned, Recorded, Reservation, Totals, Verified,
    memory::MemoryJournal,
};
use std::time::Duration;

/// What happens to a lease before the engine sees it.
type Bend = Box<dyn Fn(&mut Lease) + Send + Sync>;

/// A journal that can be mean, and whose leases can be damaged.
pub(crate) struct Bent {
    pub(crate) inner: MemoryJournal,
    /// What it says is left of every budget.
    pub(crate) left: Option<i64>,
    pub(crate) bend: Option<Bend>,
}

impl Bent {
    pub(crate) fn of(journal: &MemoryJournal) -> Self {
        Self { inner: journal.clone(), left: None, bend: None }
    }
}

type Done<T> = Result<T, JournalError>;

#[async_trait]
impl ArmLog for Bent {
    async fn arm(&self, record: &ArmRecord) -> Result<(), ArmError> {
        self.inner.arm(record).await
    }
}

#[async_trait]
impl Journal for Bent {
    async fn plan(&self, plans: &[Plan]) -> Done<Vec<Planned>> {
        self.inner.plan(plans).await
    }
    async fn claim(&self, intent: IntentId, term: Duration) -> Done<Lease> {
        let mut lease = self.inner.claim(intent, term).await?;
        if let Some(bend) = &self.bend {
            bend(&mut lease);
        }
        Ok(lease)
    }
    async fn claim_due(&self, limit: u16, term: Duration) -> Done<Vec<Lease>> {
        self.inner.claim_due(limit, term).await
    }
    async fn renew(&self, at: At, term: Duration) -> Done<()> {
        self.inner.renew(at, term).await
    }
    async fn release(&self, at: At) -> Done<()> {
        self.inner.release(at).await
    }
    async fn reserve(&self, reservation: &Reservation) -> Done<u64> {
        match self.left {
            Some(left) => Err(JournalError::Budget { left }),
            None => self.inner.reserve(reservation).await,
        }
    }
    async fn append(&self, at: At, recorded: &Recorded) -> Done<u64> {
        self.inner.append(at, recorded).await
    }
    async fn totals(&self, of: &PaymentRef, currency: Currency, except: Option<IntentId>) -> Done<Totals> {
        self.inner.totals(of, currency, except).await
    }
    async fn find(&self, intent: IntentId) -> Done<Option<Listed>> {
        self.inner.find(intent).await
    }
    async fn find_key(&self, key: &IntentKey) -> Done<Vec<Listed>> {
        self.inner.find_key(key).await
    }
    async fn list(&self, query: &ListQuery) -> Done<Vec<Listed>> {
        self.inner.list(query).await
    }
    async fn history(&self, intent: IntentId) -> Done<Vec<Recorded>> {
        self.inner.history(intent).await
    }
    async fn verify(&self) -> Done<Verified> {
        self.inner.verify().await
    }
}
