//! Plans refunds, runs each in a task of its own, and takes people's decisions.
//!
//! The door for embedders: a journal, a timer, providers by account. It must not know SQL, files or a concrete
//! gateway.

use crate::{
    clock::Timer,
    codec::{self, Note},
    driver::{Halt, Job, Patience, Report, drive},
    journal::{Journal, JournalError, Lease, Plan, Planned},
    lineage::{intent_id, lineage_key},
    machine::{Decision, Event},
    made::completed,
    prior::prior,
};
use refund_core::{
    AccountId, CheckedRefund, IntentId, IntentKey, LookupError, Money, Payment, PaymentRef, Prepared,
    ProviderId, RefundAmount, RefundCommand, RefundProvider, Violations, rules,
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

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
    providers: BTreeMap<(ProviderId, AccountId), Arc<dyn RefundProvider>>,
    term: Duration,
}

/// Builds an [`Engine`].
pub struct EngineBuilder(Engine);

impl EngineBuilder {
    /// Registers the gateway that serves an account.
    #[must_use]
    pub fn provider(mut self, account: AccountId, provider: Arc<dyn RefundProvider>) -> Self {
        self.0.providers.insert((provider.describe().id.clone(), account), provider);
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

/// What a refund would come to, with nothing planned, reserved or sent.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The payment as the gateway knows it.
    pub payment: Payment,
    /// The refund the rules accepted.
    pub checked: CheckedRefund,
    /// The request that would be sent, without credentials.
    pub prepared: Prepared,
}

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PreviewError {
    /// The payment could not be looked up.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// Rules refuse the refund.
    #[error("{0}")]
    Rules(#[from] Violations),
    /// The journal or the configuration.
    #[error(transparent)]
    Halt(#[from] Halt),
}

impl Engine {
    /// An engine over a journal and a timer.
    pub fn builder(journal: Arc<dyn Journal>, timer: Arc<dyn Timer>) -> EngineBuilder {
        EngineBuilder(Self { journal, timer, providers: BTreeMap::new(), term: LEASE_TERM })
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
        let key = (payment.provider.clone(), payment.account.clone());
        self.providers.get(&key).ok_or_else(|| Halt::NoProvider {
            provider: payment.provider.to_string(),
            account: payment.account.to_string(),
        })
    }

    /// Checks a refund the way a run would, without planning, reserving or sending anything.
    ///
    /// # Errors
    /// [`PreviewError`].
    pub async fn preview(&self, new: &NewRefund) -> Result<Preview, PreviewError> {
        let provider = self.provider(&new.command.payment)?;
        let intent = self.intent_of(new);
        let payment = provider.lookup(&new.command.payment).await?;
        let currency = payment.captured.currency();
        let prior =
            prior(&*self.journal, &new.command.payment, currency, intent).await.map_err(Halt::from)?;
        let policy = &provider.describe().cart;
        let command = completed(&new.command, &payment, &prior, policy, &[])?;
        let checked = rules::check(&command, &payment, &prior, policy)?;
        let key = lineage_key(&new.command.payment, intent, 1);
        let prepared = provider.prepare(&checked, &payment, &key)?;
        Ok(Preview { payment, checked, prepared })
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

    /// As [`Engine::run`], and asks an acknowledged refund's status now although it is not due. One that waits for a
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
    /// [`Halt::Misstep`] when something may have been sent.
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
        let provider = match self.provider(&lease.payment) {
            Ok(provider) => Arc::clone(provider),
            Err(halt) => {
                self.journal.release(lease.at).await?;
                return Err(halt);
            }
        };
        let job = Job {
            provider,
            journal: Arc::clone(&self.journal),
            timer: Arc::clone(&self.timer),
            term: self.term,
            patience,
            lease,
            begin,
            note,
        };
        drive(job).await
    }
}
