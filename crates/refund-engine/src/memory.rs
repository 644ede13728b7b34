//! The journal in its plainest form: maps behind one lock, in memory.
//!
//! It is what the trait's text says and nothing more, for tests, examples and simulation: **nothing of it survives the
//! process**, so no real refund may be sent on its word. Two things make it more than a stub: it can fail on command in
//! every way a store can ([`Failure`]), and [`MemoryJournal::reopen`] gives what a restart would find. It must not
//! know a gateway or a driver.

mod store;

use crate::journal::{
    Journal, JournalError, Lease, ListQuery, Listed, Plan, Planned, Recorded, Reservation, Totals, Verified,
};
use async_trait::async_trait;
use refund_core::{ArmError, ArmLog, ArmRecord, At, Clock, Currency, IntentId, IntentKey, PaymentRef};
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use store::Store;

/// The writing calls of a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Write {
    /// [`Journal::plan`].
    Plan,
    /// [`Journal::append`].
    Append,
    /// [`Journal::reserve`].
    Reserve,
    /// [`ArmLog::arm`].
    Arm,
}

/// How a write goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// Nothing is written, the store says so and goes on.
    Unavailable,
    /// Nothing is written, and this handle takes nothing more: [`JournalError::Poisoned`].
    Poison,
    /// The commit's answer is lost, and nothing was written.
    CommitLost,
    /// The commit's answer is lost, and it was written.
    CommitKept,
}

/// A journal that lives as long as its process. **Not durable.**
///
/// Clones share what is written and the handle's fate; [`MemoryJournal::reopen`] shares only what is written.
#[derive(Clone)]
pub struct MemoryJournal {
    store: Arc<Mutex<Store>>,
    poisoned: Arc<AtomicBool>,
    clock: Arc<dyn Clock>,
}

impl MemoryJournal {
    /// An empty journal whose leases end by this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { store: Arc::default(), poisoned: Arc::default(), clock }
    }

    /// What is committed, under a new handle: as a program that was started again finds it. Faults that were ordered
    /// and have not come are forgotten.
    #[must_use]
    pub fn reopen(&self) -> Self {
        let mut store = self.lock();
        store.faults.clear();
        store.crash_at = None;
        drop(store);
        Self { store: Arc::clone(&self.store), poisoned: Arc::default(), clock: Arc::clone(&self.clock) }
    }

    /// Lets the next write of this kind go wrong. Several orders are carried out one after another.
    pub fn fail_next(&self, write: Write, failure: Failure) {
        self.lock().faults.push((write, failure));
    }

    /// Pretends that the program dies with the `n`-th write from now, from 1: that write is committed, its caller is
    /// told [`JournalError::Poisoned`], and so is everybody afterwards. Nothing that was committed is forgotten.
    pub fn crash_after(&self, n: u64) {
        let mut store = self.lock();
        store.crash_at = Some(store.writes + n);
    }

    /// How many writes were committed so far.
    pub fn writes(&self) -> u64 {
        self.lock().writes
    }

    fn lock(&self) -> MutexGuard<'_, Store> {
        // A panic of another test thread leaves whole records behind: each is added by one push.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One transaction: checks, then writes, then may lose its answer.
    fn write<T>(
        &self,
        kind: Write,
        transaction: impl FnOnce(&mut Store) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let mut store = self.lock();
        if self.poisoned.load(Ordering::SeqCst) {
            return Err(JournalError::Poisoned);
        }
        let failure = store.take_fault(kind);
        match failure {
            Some(Failure::Unavailable) => return Err(unavailable()),
            Some(Failure::Poison) => {
                self.poisoned.store(true, Ordering::SeqCst);
                return Err(unavailable());
            }
            Some(Failure::CommitLost) => return Err(JournalError::CommitUnknown),
            Some(Failure::CommitKept) | None => {}
        }
        let answer = transaction(&mut store)?;
        store.writes += 1;
        if store.crash_at.is_some_and(|at| store.writes >= at) {
            self.poisoned.store(true, Ordering::SeqCst);
            return Err(JournalError::Poisoned);
        }
        if failure == Some(Failure::CommitKept) { Err(JournalError::CommitUnknown) } else { Ok(answer) }
    }

    fn read<T>(&self, reading: impl FnOnce(&Store) -> Result<T, JournalError>) -> Result<T, JournalError> {
        reading(&self.lock())
    }
}

impl std::fmt::Debug for MemoryJournal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryJournal").field("writes", &self.writes()).finish_non_exhaustive()
    }
}

fn unavailable() -> JournalError {
    JournalError::Unavailable { place: "memory".to_owned(), detail: "a failure was ordered".to_owned() }
}

#[async_trait]
impl ArmLog for MemoryJournal {
    async fn arm(&self, record: &ArmRecord) -> Result<(), ArmError> {
        let wall = self.clock.wall();
        let mut other_payload = false;
        let written = self.write(Write::Arm, |store| store.arm(record, wall, &mut other_payload));
        match written {
            Ok(()) => Ok(()),
            Err(_) if other_payload => Err(ArmError::OtherPayload),
            Err(JournalError::Stale { .. }) => Err(ArmError::Stale),
            Err(JournalError::PaymentBusy { .. }) => Err(ArmError::Busy),
            Err(JournalError::Fenced) => Err(ArmError::Fenced),
            Err(JournalError::Poisoned) => Err(ArmError::Poisoned),
            Err(JournalError::CommitUnknown) => Err(ArmError::CommitUnknown),
            Err(error) => Err(ArmError::Unavailable(error.to_string())),
        }
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn plan(&self, plans: &[Plan]) -> Result<Vec<Planned>, JournalError> {
        self.write(Write::Plan, |store| store.plan(plans))
    }

    async fn claim(&self, intent: IntentId, term: Duration) -> Result<Lease, JournalError> {
        self.lock().claim(intent, self.clock.now(), term)
    }

    async fn claim_due(&self, limit: u16, term: Duration) -> Result<Vec<Lease>, JournalError> {
        self.lock().claim_due(limit, self.clock.now(), term)
    }

    async fn renew(&self, at: At, term: Duration) -> Result<(), JournalError> {
        self.lock().renew(at, self.clock.now().after(term))
    }

    async fn release(&self, at: At) -> Result<(), JournalError> {
        self.lock().release(at);
        Ok(())
    }

    async fn reserve(&self, reservation: &Reservation) -> Result<u64, JournalError> {
        self.write(Write::Reserve, |store| store.reserve(reservation))
    }

    async fn append(&self, at: At, recorded: &Recorded) -> Result<u64, JournalError> {
        self.write(Write::Append, |store| store.append(at, recorded))
    }

    async fn totals(
        &self,
        payment: &PaymentRef,
        currency: Currency,
        except: Option<IntentId>,
    ) -> Result<Totals, JournalError> {
        self.read(|store| store.totals(payment, currency, except))
    }

    async fn find(&self, intent: IntentId) -> Result<Option<Listed>, JournalError> {
        self.read(|store| Ok(store.find(intent)))
    }

    async fn find_key(&self, key: &IntentKey) -> Result<Vec<Listed>, JournalError> {
        self.read(|store| Ok(store.newest_first(|listed| listed.key == *key)))
    }

    async fn list(&self, query: &ListQuery) -> Result<Vec<Listed>, JournalError> {
        self.read(|store| Ok(store.list(query)))
    }

    async fn history(&self, intent: IntentId) -> Result<Vec<Recorded>, JournalError> {
        self.read(|store| store.history(intent))
    }

    async fn verify(&self) -> Result<Verified, JournalError> {
        self.read(Store::verify)
    }
}
