//! The journal as the processes use it: watched by the judge, and broken on purpose for the mutants.

use crate::{
    process::Leash,
    world::{STORE, Shared},
};
use async_trait::async_trait;
use futures_util::FutureExt as _;
use refund_core::{ArmError, ArmLog, ArmRecord, At, Currency, IntentId, IntentKey, PaymentRef};
use refund_engine::{
    Journal, JournalError, Lease, ListQuery, Listed, Plan, Planned, Recorded, Reservation, State, Totals,
    Verified, memory::MemoryJournal,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

type Done<T> = Result<T, JournalError>;
/// A journal a process has opened.
pub(crate) type Opened = Arc<dyn Journal>;

/// What is really on disk, whatever a store says.
#[derive(Clone)]
pub(crate) struct Truth(pub(crate) Vec<(Option<IntentId>, MemoryJournal)>);

impl Truth {
    fn of(&self, intent: IntentId) -> &MemoryJournal {
        let mine = self.0.iter().find(|(whose, _)| whose.is_none_or(|whose| whose == intent));
        &mine.expect("every refund has a journal").1
    }

    pub(crate) fn history(&self, intent: IntentId) -> Vec<Recorded> {
        let history = self.of(intent).history(intent).now_or_never().expect("memory does not wait");
        history.unwrap_or_default()
    }

    pub(crate) fn listed(&self) -> Vec<Listed> {
        let lists = self.0.iter().map(|(_, journal)| journal.list(&ListQuery::default()).now_or_never());
        lists.flat_map(|list| list.expect("memory does not wait").expect("readable")).collect()
    }

    pub(crate) fn verify(&self) -> Done<()> {
        self.0
            .iter()
            .try_for_each(|(_, one)| one.verify().now_or_never().expect("memory does not wait").map(drop))
    }

    /// Lets the next write of a kind go wrong.
    pub(crate) fn order(&self, write: refund_engine::memory::Write, failure: refund_engine::memory::Failure) {
        self.0.iter().for_each(|(_, journal)| journal.fail_next(write, failure));
    }
}

/// How a kind of store is made and opened.
pub(crate) trait Store {
    fn make(&self, world: &Shared) -> Truth {
        Truth(vec![(None, MemoryJournal::new(Arc::new(world.clock(STORE))))])
    }

    /// As a process finds it that has just been started.
    fn open(&self, truth: &Truth) -> Opened;
}

/// Does what the contract says.
pub(crate) struct Honest;

impl Store for Honest {
    fn open(&self, truth: &Truth) -> Opened {
        Arc::new(truth.0[0].1.reopen())
    }
}

/// Says "armed" before the record is on disk: it gets there with the next write, or is lost with the process.
pub(crate) struct Forgetful;

impl Store for Forgetful {
    fn open(&self, truth: &Truth) -> Opened {
        Arc::new(Bent { inner: truth.0[0].1.reopen(), bend: Bend::Forgetful(Mutex::default()) })
    }
}

/// Arms for whoever asks, overtaken or not.
pub(crate) struct Fenceless;

impl Store for Fenceless {
    fn open(&self, truth: &Truth) -> Opened {
        Arc::new(Bent { inner: truth.0[0].1.reopen(), bend: Bend::Fenceless })
    }
}

/// Keeps every refund for itself, as if its payment had no others: no lock, no budget.
pub(crate) struct Lockless;

impl Store for Lockless {
    fn make(&self, world: &Shared) -> Truth {
        let journal = || MemoryJournal::new(Arc::new(world.clock(STORE)));
        Truth(crate::ledger::intents().map(|intent| (Some(intent), journal())).to_vec())
    }

    fn open(&self, truth: &Truth) -> Opened {
        let own =
            truth.0.iter().map(|(whose, journal)| (whose.expect("one each"), journal.reopen())).collect();
        Arc::new(Apart(own))
    }
}

enum Bend {
    Forgetful(Mutex<Option<ArmRecord>>),
    Fenceless,
}

/// A journal that arms badly and is honest otherwise.
struct Bent {
    inner: MemoryJournal,
    bend: Bend,
}

impl Bent {
    /// What was said to be written long ago.
    async fn flush(&self) {
        if let Bend::Forgetful(late) = &self.bend {
            let late = late.lock().expect("no panic").take();
            if let Some(record) = late {
                // Whether it still fits nobody asks any more.
                let _ = self.inner.arm(&record).await;
            }
        }
    }
}

#[async_trait]
impl ArmLog for Bent {
    async fn arm(&self, record: &ArmRecord) -> Result<(), ArmError> {
        match &self.bend {
            Bend::Forgetful(late) => {
                *late.lock().expect("no panic") = Some(*record);
                Ok(())
            }
            Bend::Fenceless => match self.inner.arm(record).await {
                Err(ArmError::Fenced | ArmError::Stale) => Ok(()),
                other => other,
            },
        }
    }
}

/// Journals of which each refund has its own.
struct Apart(BTreeMap<IntentId, MemoryJournal>);

impl Apart {
    /// It is late with nothing.
    async fn flush(&self) {}
}

#[async_trait]
impl ArmLog for Apart {
    async fn arm(&self, record: &ArmRecord) -> Result<(), ArmError> {
        self.0[&record.at.intent].arm(record).await
    }
}

/// Passes every call on, to whichever journal is meant.
macro_rules! passes_on {
    ($type:ty, |$self:ident, $intent:ident| $inner:expr, $all:expr) => {
        #[async_trait]
        impl Journal for $type {
            async fn plan(&self, plans: &[Plan]) -> Done<Vec<Planned>> {
                let mut answers = Vec::new();
                for plan in plans {
                    let ($self, $intent) = (self, plan.intent);
                    answers.extend($inner.plan(std::slice::from_ref(plan)).await?);
                }
                Ok(answers)
            }
            async fn claim(&self, intent: IntentId, term: Duration) -> Done<Lease> {
                let ($self, $intent) = (self, intent);
                $inner.claim(intent, term).await
            }
            async fn claim_due(&self, limit: u16, term: Duration) -> Done<Vec<Lease>> {
                let mut due = Vec::new();
                for journal in ($all)(self) {
                    due.extend(journal.claim_due(limit, term).await?);
                }
                Ok(due)
            }
            async fn renew(&self, at: At, term: Duration) -> Done<()> {
                let ($self, $intent) = (self, at.intent);
                $inner.renew(at, term).await
            }
            async fn release(&self, at: At) -> Done<()> {
                let ($self, $intent) = (self, at.intent);
                $inner.release(at).await
            }
            async fn reserve(&self, reservation: &Reservation) -> Done<u64> {
                self.flush().await;
                let ($self, $intent) = (self, reservation.at.intent);
                $inner.reserve(reservation).await
            }
            async fn append(&self, at: At, recorded: &Recorded) -> Done<u64> {
                self.flush().await;
                let ($self, $intent) = (self, at.intent);
                $inner.append(at, recorded).await
            }
            async fn totals(
                &self,
                of: &PaymentRef,
                currency: Currency,
                except: Option<IntentId>,
            ) -> Done<Totals> {
                let ($self, $intent) = (self, except.expect("a refund asks for the others"));
                $inner.totals(of, currency, except).await
            }
            async fn find(&self, intent: IntentId) -> Done<Option<Listed>> {
                let ($self, $intent) = (self, intent);
                $inner.find(intent).await
            }
            async fn find_key(&self, _: &IntentKey) -> Done<Vec<Listed>> {
                unreachable!("the world knows its refunds by id")
            }
            async fn list(&self, query: &ListQuery) -> Done<Vec<Listed>> {
                let mut listed = Vec::new();
                for journal in ($all)(self) {
                    listed.extend(journal.list(query).await?);
                }
                Ok(listed)
            }
            async fn history(&self, intent: IntentId) -> Done<Vec<Recorded>> {
                let ($self, $intent) = (self, intent);
                $inner.history(intent).await
            }
            async fn verify(&self) -> Done<Verified> {
                unreachable!("the world verifies the truth")
            }
        }
    };
}

passes_on!(Bent, |own, _intent| own.inner, |own: &Self| vec![own.inner.clone()]);
passes_on!(Apart, |own, intent| own.0[&intent], |own: &Self| own.0.values().cloned().collect::<Vec<_>>());

/// What a process holds: every call costs a step before and after, and every write is judged.
pub(crate) struct Watched {
    inner: Opened,
    truth: Truth,
    world: Shared,
    leash: Leash,
    site: usize,
}

impl Watched {
    pub(crate) fn new(inner: Opened, truth: Truth, world: Shared, leash: Leash, site: usize) -> Self {
        Self { inner, truth, world, leash, site }
    }

    /// Looks at the journal as it is on disk now.
    fn judged<T: std::fmt::Debug, E: std::fmt::Debug>(
        &self,
        what: &str,
        intent: IntentId,
        answer: &Result<T, E>,
    ) {
        judged(&self.world, &self.truth, Some(intent));
        self.world.tell(|| {
            let history = self.truth.history(intent);
            let last = history.last().map(|recorded| recorded.record);
            format!(
                "machine {} {what} {intent}: {answer:?}, {} records, last {last:?}",
                self.site,
                history.len()
            )
        });
    }
}

/// Brings the judge up to date: the states, and one refund's history against its kept state.
pub(crate) fn judged(world: &Shared, truth: &Truth, intent: Option<IntentId>) {
    use crate::judge::Invariant;
    let listed = truth.listed();
    let folded = intent.map(|intent| {
        let history = truth.history(intent);
        (
            State::fold(history.iter().map(|recorded| recorded.record)),
            listed.iter().find(|one| one.intent == intent),
        )
    });
    let mut world = world.lock();
    if let Some((folded, Some(kept))) = &folded
        && *folded != Ok(kept.state)
    {
        world.broke(Invariant::I9, format!("{folded:?} is kept as {:?}", kept.state));
    }
    world.judge.states(&listed);
    world.judged();
}

#[async_trait]
impl ArmLog for Watched {
    async fn arm(&self, record: &ArmRecord) -> Result<(), ArmError> {
        self.leash.tick().await;
        self.world.lock().judge.asked_to_arm(record.at.intent, record.lineage, record.attempt, record.digest);
        let answer = self.inner.arm(record).await;
        self.judged("arms", record.at.intent, &answer);
        self.leash.tick().await;
        answer
    }
}

#[async_trait]
impl Journal for Watched {
    async fn plan(&self, plans: &[Plan]) -> Done<Vec<Planned>> {
        self.inner.plan(plans).await
    }

    async fn claim(&self, intent: IntentId, term: Duration) -> Done<Lease> {
        self.leash.tick().await;
        let answer = self.inner.claim(intent, term).await;
        self.world.tell(|| {
            format!(
                "machine {} claims {intent}: {:?}",
                self.site,
                answer.as_ref().map(|lease| lease.at.fence)
            )
        });
        self.leash.tick().await;
        answer
    }

    async fn claim_due(&self, limit: u16, term: Duration) -> Done<Vec<Lease>> {
        self.leash.tick().await;
        let answer = self.inner.claim_due(limit, term).await;
        self.leash.tick().await;
        answer
    }

    async fn renew(&self, at: At, term: Duration) -> Done<()> {
        self.leash.tick().await;
        let answer = self.inner.renew(at, term).await;
        self.leash.tick().await;
        answer
    }

    async fn release(&self, at: At) -> Done<()> {
        self.leash.tick().await;
        let answer = self.inner.release(at).await;
        self.leash.tick().await;
        answer
    }

    async fn reserve(&self, reservation: &Reservation) -> Done<u64> {
        self.leash.tick().await;
        let answer = self.inner.reserve(reservation).await;
        self.judged("reserves", reservation.at.intent, &answer);
        self.leash.tick().await;
        answer
    }

    async fn append(&self, at: At, recorded: &Recorded) -> Done<u64> {
        self.leash.tick().await;
        let answer = self.inner.append(at, recorded).await;
        self.judged("appends to", at.intent, &answer);
        self.leash.tick().await;
        answer
    }

    async fn totals(
        &self,
        payment: &PaymentRef,
        currency: Currency,
        except: Option<IntentId>,
    ) -> Done<Totals> {
        self.leash.tick().await;
        let answer = self.inner.totals(payment, currency, except).await;
        self.leash.tick().await;
        answer
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
