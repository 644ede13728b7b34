//! Plans refunds, runs each in a task of its own, and takes people's decisions.
//!
//! The door for embedders: a journal, a timer, providers by account. It must not know SQL, files or a concrete
//! gateway.

mod hints;
mod preview;

pub use hints::HintError;
pub use preview::{Preview, PreviewError};

use crate::{
    clock::Timer,
    codec::{self, Note},
    driver::{Halt, Job, Patience, Report, drive},
    journal::{Journal, JournalError, Lease, Plan, Planned},
    lineage::intent_id,
    machine::{Decision, Event},
    metrics::Labels,
    stop::{Drained, Stopper},
    traffic::{Feedback, Gate},
};
use refund_core::{
    AccountId, IntentId, IntentKey, Money, PaymentRef, ProviderId, RefundAmount, RefundCommand,
    RefundProvider, Traffic,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// How long a lease lives without being renewed: longer than the slowest call to a gateway.
pub const LEASE_TERM: Duration = Duration::from_secs(15 * 60);

/// A refund somebody wants.
#[derive(Clone, Debug)]
pub struct NewRefund {
    /// The caller's key: one intent, one key.
    pub key: IntentKey,
    /// What is wanted.
    pub command: RefundCommand,
    /// Who wants it and why.
    pub note: Note,
}

/// Runs refunds against one journal.
#[derive(Clone)]
pub struct Engine {
    journal: Arc<dyn Journal>,
    timer: Arc<dyn Timer>,
    accounts: BTreeMap<(ProviderId, AccountId), Account>,
    term: Duration,
    stopper: Stopper,
    /// Where every run's chance comes from.
    chance: Arc<Mutex<fastrand::Rng>>,
}

/// One account of a gateway: who speaks to it, and what it bears.
#[derive(Clone)]
struct Account {
    provider: Arc<dyn RefundProvider>,
    gate: Gate,
}

/// How an account is driven beside what its gateway describes.
#[derive(Clone, Debug)]
pub struct Wiring {
    /// How many calls it is asked to bear.
    pub traffic: Traffic,
    /// Where its transport leaves complaints ([`crate::traffic::Metered`]).
    pub feedback: Feedback,
}

impl Wiring {
    /// As the gateway describes itself, with a transport that leaves nothing.
    pub fn of(provider: &dyn RefundProvider) -> Self {
        Self { traffic: provider.describe().traffic, feedback: Feedback::default() }
    }
}

/// Builds an [`Engine`].
pub struct EngineBuilder(Engine);

impl EngineBuilder {
    /// Registers the gateway that serves an account.
    #[must_use]
    pub fn provider(self, account: AccountId, provider: Arc<dyn RefundProvider>) -> Self {
        let wiring = Wiring::of(&*provider);
        self.provider_with(account, provider, wiring)
    }

    /// As [`EngineBuilder::provider`], with a rate of one's own or a transport that reports complaints.
    #[must_use]
    pub fn provider_with(
        mut self,
        account: AccountId,
        provider: Arc<dyn RefundProvider>,
        wiring: Wiring,
    ) -> Self {
        let id = provider.describe().id.clone();
        let labels = Labels::new(id.as_str(), account.as_str());
        let gate = Gate::new(wiring.traffic, Arc::clone(&self.0.timer), wiring.feedback, labels);
        self.0.accounts.insert((id, account), Account { provider, gate });
        self
    }

    /// Fixes the chance that back-offs are shortened by, so that a run can be repeated exactly.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.0.chance = Arc::new(Mutex::new(fastrand::Rng::with_seed(seed)));
        self
    }

    /// Changes how long a lease lives ([`LEASE_TERM`]).
    #[must_use]
    pub fn lease_term(mut self, term: Duration) -> Self {
        self.0.term = term;
        self
    }

    /// The engine.
    pub fn build(self) -> Engine {
        self.0
    }
}

impl Engine {
    /// An engine over a journal and a timer.
    pub fn builder(journal: Arc<dyn Journal>, timer: Arc<dyn Timer>) -> EngineBuilder {
        EngineBuilder(Self {
            journal,
            timer,
            accounts: BTreeMap::new(),
            term: LEASE_TERM,
            stopper: Stopper::new(),
            chance: Arc::new(Mutex::new(fastrand::Rng::new())),
        })
    }

    /// The journal.
    pub fn journal(&self) -> &Arc<dyn Journal> {
        &self.journal
    }

    /// The timer.
    pub fn timer(&self) -> &Arc<dyn Timer> {
        &self.timer
    }

    /// The gateway that serves a payment's account.
    ///
    /// # Errors
    /// [`Halt::NoProvider`].
    pub fn provider(&self, payment: &PaymentRef) -> Result<&Arc<dyn RefundProvider>, Halt> {
        self.account(payment).map(|account| &account.provider)
    }

    fn account(&self, payment: &PaymentRef) -> Result<&Account, Halt> {
        let key = (payment.provider.clone(), payment.account.clone());
        self.accounts.get(&key).ok_or_else(|| Halt::NoProvider {
            provider: payment.provider.to_string(),
            account: payment.account.to_string(),
        })
    }

    /// The id under which the journal knows, or will know, a refund.
    pub fn intent_of(&self, new: &NewRefund) -> IntentId {
        intent_id(&new.command.payment.provider, &new.command.payment.account, &new.key)
    }

    /// Writes the intent into the journal. The same key with the same request is [`Planned::Same`].
    ///
    /// # Errors
    /// [`Halt::NoProvider`], [`Halt::Journal`].
    pub async fn plan(&self, new: &NewRefund) -> Result<(IntentId, Planned), Halt> {
        let provider = self.provider(&new.command.payment)?;
        let amount = match new.command.amount {
            RefundAmount::Full => None,
            RefundAmount::Exactly(money) => Some(money),
        };
        let gateway = provider.describe().capabilities.currencies.first().copied();
        let currency = amount.map(Money::currency).or(gateway).unwrap_or(refund_core::Currency::RUB);
        let intent = self.intent_of(new);
        let plan = Plan {
            intent,
            key: new.key.clone(),
            payment: new.command.payment.clone(),
            currency,
            amount,
            command: codec::encode_command(&new.command),
            note: codec::encode_note(&new.note),
            wall: self.timer.wall(),
        };
        let planned = self.journal.plan(std::slice::from_ref(&plan)).await?;
        let planned = planned.first().copied().ok_or(JournalError::CommitUnknown)?;
        Ok((intent, planned))
    }

    /// Confirms a planned refund.
    ///
    /// # Errors
    /// [`Halt::Misstep`] when it is not planned any more.
    pub async fn approve(&self, intent: IntentId, note: Note) -> Result<Report, Halt> {
        self.event(intent, Event::Approve, Patience::None, Some(note)).await
    }

    /// Works on a refund until it is final, needs a person, or (without patience) must wait.
    ///
    /// # Errors
    /// [`Halt`].
    pub async fn run(&self, intent: IntentId, patience: Patience) -> Result<Report, Halt> {
        self.event(intent, Event::Go, patience, None).await
    }

    /// As [`Engine::run`], and asks an acknowledged refund's status now although it is not due, or tries again at once what
    /// did not get through. One that waits for a
    /// person is asked for, too, whether nudged or run: the gateway may have an end for it by now.
    ///
    /// # Errors
    /// [`Halt`].
    pub async fn nudge(&self, intent: IntentId, patience: Patience) -> Result<Report, Halt> {
        self.event(intent, Event::Nudge, patience, None).await
    }

    /// Takes a refund back of which nothing may have been sent.
    ///
    /// # Errors
    /// [`Halt::Misstep`] when something may have been sent; [`crate::machine::Misstep::OnWord`] when only a person's word
    /// says that it did not happen: that is decided ([`Engine::decide`]), not withdrawn.
    pub async fn withdraw(&self, intent: IntentId, note: Note) -> Result<Report, Halt> {
        self.event(intent, Event::Withdraw, Patience::None, Some(note)).await
    }

    /// Hands a reserved refund to a person who does it in the cabinet.
    ///
    /// # Errors
    /// [`Halt::Misstep`] when it is not reserved.
    pub async fn take_by_hand(&self, intent: IntentId, note: Note) -> Result<Report, Halt> {
        self.event(intent, Event::TakeByHand, Patience::None, Some(note)).await
    }

    /// Records a person's decision on a held refund, with reason and evidence in the note.
    ///
    /// # Errors
    /// [`Halt::Misstep`] before the settle window is over, when the refund is not held, and for "it did not happen" while
    /// the gateway may still carry it out ([`crate::machine::Misstep::Acknowledged`]).
    pub async fn decide(&self, intent: IntentId, decision: Decision, note: Note) -> Result<Report, Halt> {
        // Now, and not when the journal is ready: what was seen by now is what counts.
        let seen = self.timer.now();
        self.event(intent, Event::Decide { decision, seen }, Patience::None, Some(note)).await
    }

    /// Says that it is time to leave: nothing more is armed, looks and waits are given up, and what was fired is waited
    /// for and written. Runs end with [`crate::Ended::Interrupted`]; what people say is still written.
    pub fn stop(&self) {
        self.stopper.ask();
    }

    /// How many runs ended with [`crate::Ended::Interrupted`]: refunds that somebody has to go on with.
    pub fn interrupted(&self) -> usize {
        self.stopper.left()
    }

    /// Returns when nothing is under way any more, or after `limit`: the gateways' response timeout, after which no
    /// answer comes.
    pub async fn drained(&self, limit: Duration) -> Drained {
        self.stopper.drained(&*self.timer, limit).await
    }

    /// Works on what is due, one after another: also what a crashed worker left behind.
    ///
    /// # Errors
    /// [`Halt::Journal`] when the due refunds cannot be claimed; each refund's own end is in the list.
    pub async fn work(
        &self,
        limit: u16,
        patience: Patience,
    ) -> Result<Vec<(IntentId, Result<Report, Halt>)>, Halt> {
        let engine = self.clone();
        let task = tokio::spawn(async move {
            let _under_way = engine.stopper.under_way();
            if engine.stopper.asked() {
                return Ok(Vec::new());
            }
            let leases = engine.journal.claim_due(limit, engine.term).await?;
            let mut ends = Vec::with_capacity(leases.len());
            for lease in leases {
                let intent = lease.at.intent;
                ends.push((intent, engine.drive(lease, Event::Go, patience, None).await));
            }
            Ok(ends)
        });
        task.await.unwrap_or_else(|error| Err(Halt::Task(error.to_string())))
    }

    /// Claims and drives in a task of its own: whoever waits for it may go away, the refund does not.
    async fn event(
        &self,
        intent: IntentId,
        begin: Event,
        patience: Patience,
        note: Option<Note>,
    ) -> Result<Report, Halt> {
        let engine = self.clone();
        let task = tokio::spawn(async move {
            let _under_way = engine.stopper.under_way();
            let lease = engine.journal.claim(intent, engine.term).await?;
            engine.drive(lease, begin, patience, note).await
        });
        task.await.unwrap_or_else(|error| Err(Halt::Task(error.to_string())))
    }

    async fn drive(
        &self,
        lease: Lease,
        begin: Event,
        patience: Patience,
        note: Option<Note>,
    ) -> Result<Report, Halt> {
        let Account { provider, gate } = match self.account(&lease.payment) {
            Ok(account) => account.clone(),
            Err(halt) => {
                self.journal.release(lease.at).await?;
                return Err(halt);
            }
        };
        let job = Job {
            provider,
            journal: Arc::clone(&self.journal),
            timer: Arc::clone(&self.timer),
            gate,
            stopper: self.stopper.clone(),
            chance: self.chance.lock().unwrap_or_else(PoisonError::into_inner).fork(),
            term: self.term,
            patience,
            lease,
            begin,
            note,
        };
        drive(job).await
    }
}
