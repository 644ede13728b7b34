//! What is durable, and the trait every store implements.
//!
//! A journal is append-only: records are numbered per refund, chained by hash per payment, and never changed. Bytes
//! that may hold personal data lie beside the chain, named in it by digest, so that they can be erased without
//! breaking it. This module must not know SQL; `suite` holds what every store must pass.

use crate::machine::{Record, State};
use async_trait::async_trait;
use refund_core::{
    ArmLog, At, Currency, Digest, IntentId, IntentKey, Money, Opaque, PaymentRef, Prior, WallTime,
};
use std::time::Duration;

/// What may be attached to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Role {
    /// The command as it was planned, in [`crate::codec`]'s schema.
    Command,
    /// The prepared request, the provider's schema.
    Prepared,
    /// The provider's data of the payment before the lineage's first send.
    Baseline,
    /// The gateway's reference of the refund, the provider's schema.
    Reference,
    /// What the gateway answered, the provider's schema.
    Evidence,
    /// What the refund takes of each line, in [`crate::codec`]'s schema.
    Lines,
    /// What a person said: reason, actor, evidence; or violations. [`crate::codec`]'s schema.
    Note,
}

impl Role {
    /// The stable word stores write.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Prepared => "prepared",
            Self::Baseline => "baseline",
            Self::Reference => "reference",
            Self::Evidence => "evidence",
            Self::Lines => "lines",
            Self::Note => "note",
        }
    }

    /// The role of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::Command,
            Self::Prepared,
            Self::Baseline,
            Self::Reference,
            Self::Evidence,
            Self::Lines,
            Self::Note,
        ]
        .into_iter()
        .find(|role| role.as_str() == word)
    }
}

/// Bytes attached to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What they are.
    pub role: Role,
    /// The bytes.
    pub data: Opaque,
}

/// A record with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The record.
    pub record: Record,
    /// When it was written, for people.
    pub wall: WallTime,
    /// What belongs to it, at most one of each role.
    pub attachments: Vec<Attachment>,
}

impl Recorded {
    /// A record with nothing attached.
    pub fn bare(record: Record, wall: WallTime) -> Self {
        Self { record, wall, attachments: Vec::new() }
    }

    /// Attaches bytes.
    #[must_use]
    pub fn with(mut self, role: Role, data: Opaque) -> Self {
        self.attachments.push(Attachment { role, data });
        self
    }

    /// The attachment of this role.
    pub fn attached(&self, role: Role) -> Option<&Opaque> {
        self.attachments.iter().find(|attachment| attachment.role == role).map(|attachment| &attachment.data)
    }
}

/// A refund to be planned.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its id, derived from account and key ([`crate::lineage::intent_id`]).
    pub intent: IntentId,
    /// The caller's key.
    pub key: IntentKey,
    /// Of which payment.
    pub payment: PaymentRef,
    /// In which currency.
    pub currency: Currency,
    /// How much; `None` for everything that is left.
    pub amount: Option<Money>,
    /// The command, encoded by [`crate::codec::encode_command`]: what "the same request" means.
    pub command: Opaque,
    /// Who wants it and why, encoded by [`crate::codec::encode_note`].
    pub note: Opaque,
    /// When, for people.
    pub wall: WallTime,
}

/// What planning came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planned {
    /// It is new.
    Fresh,
    /// The same key and the same request are there already.
    Same,
    /// The key is there with another request.
    Differs {
        /// The first field that differs, as request files call it.
        field: &'static str,
    },
}

/// A refund this worker may work on until the lease ends.
#[derive(Clone, Debug)]
pub struct Lease {
    /// Whose record, under which fence, after which number.
    pub at: At,
    /// Of which payment.
    pub payment: PaymentRef,
    /// The payment's currency.
    pub currency: Currency,
    /// The caller's key.
    pub key: IntentKey,
    /// All its records.
    pub history: Vec<Recorded>,
}

/// A reservation: one transaction on the payment's row.
#[derive(Clone, Debug)]
pub struct Reservation {
    /// Whose, under which lease.
    pub at: At,
    /// The record ([`Record::Reserved`]) with the prepared request and the baseline attached.
    pub recorded: Recorded,
}

/// What a payment's refunds of this journal add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Refunds that are done.
    pub done: Money,
    /// Refunds reserved, in flight, unknown or held.
    pub open: Money,
}

impl From<Totals> for Prior {
    fn from(totals: Totals) -> Self {
        Prior::of(totals.done, totals.open)
    }
}

/// Which refunds to list.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// Of this payment only.
    pub payment: Option<PaymentRef>,
    /// In these phases only; empty for all.
    pub phases: Vec<crate::Phase>,
    /// At most so many, newest first; 0 for all.
    pub limit: u32,
}

/// One refund as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub intent: IntentId,
    /// The caller's key.
    pub key: IntentKey,
    /// Of which payment.
    pub payment: PaymentRef,
    /// The payment's currency.
    pub currency: Currency,
    /// The state its records add up to.
    pub state: State,
    /// When it was planned.
    pub planned: WallTime,
    /// When its last record was written.
    pub changed: WallTime,
}

/// What a verified journal holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many payments.
    pub payments: u64,
    /// How many records.
    pub records: u64,
    /// One digest over the heads of all chains, in order of payment: to be kept outside, since a chain alone cannot
    /// show that its end was cut off.
    pub root: Digest,
}

/// Why a journal did not do as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// Somebody wrote a record in between.
    #[error("the refund has moved on: record {found} is the last, {expected} was expected")]
    Stale {
        /// The number the writer knew.
        expected: u64,
        /// The number that is there.
        found: u64,
    },
    /// The lease was taken over.
    #[error("another worker holds the refund now")]
    Fenced,
    /// No refund with this id.
    #[error("the journal has no such refund")]
    NotFound,
    /// Somebody else is working on it.
    #[error("another worker is busy with the refund")]
    Leased,
    /// The payment's budget does not hold it.
    #[error("other refunds have used the payment up: {left} minor units are left")]
    Budget {
        /// What is left, in minor units; may be negative if others refunded in the cabinet.
        left: i64,
    },
    /// Another refund of the payment has to become final first.
    #[error("refund {by} of the same payment has to become final first")]
    PaymentBusy {
        /// Which.
        by: IntentId,
    },
    /// The store failed before and takes nothing more until it is opened again.
    #[error("the journal is closed after an earlier write error; open it again")]
    Poisoned,
    /// The commit's answer was lost.
    #[error("the journal cannot tell whether the record was written")]
    CommitUnknown,
    /// The store cannot be read or written.
    #[error("the journal at {place} cannot be used: {detail}")]
    Unavailable {
        /// Which file or server; no credentials.
        place: String,
        /// What went wrong.
        detail: String,
    },
    /// A record does not fit, its bytes are of a newer version, or the chain is broken.
    #[error("the journal is damaged at payment {payment}, record {number}: {detail}")]
    Broken {
        /// Of which payment.
        payment: String,
        /// The record's number in the payment's chain, from 1.
        number: u64,
        /// What is wrong.
        detail: String,
    },
}

/// A store of records.
///
/// # Contract
/// - `Ok` of every writing call means that the commit has returned from the disk.
/// - Every writing call checks fence and sequence number in its transaction ([`JournalError::Fenced`],
///   [`JournalError::Stale`]) and folds the record into the state, refusing one that cannot follow.
/// - [`Journal::reserve`] and [`ArmLog::arm`] hold the invariants "Σ of a payment ≤ captured" and "one unresolved
///   refund per payment" in one transaction on the payment's row.
/// - [`ArmLog::arm`] writes [`Record::Armed`] from the record it is given. It refuses a digest other than that of the
///   request the newest reservation carries with [`refund_core::ArmError::OtherPayload`], for a resend as for a first
///   send, and writes nothing; a resend without a [`Record::MayResend`] before it does not fit. When another refund of
///   the payment came to [`State::holds_payment`] since the reservation (an accepted one that turned out to need a
///   person), the writer's picture of the payment is as old as its number would be: [`refund_core::ArmError::Stale`].
///   Of several that arm from one number, one succeeds.
/// - A lease, like a due moment, of another boot of the machine holds nothing back: nobody of that boot is left. Its
///   holder is fenced off as soon as somebody else claims. A lease that has ended and was not taken over still writes
///   and can be prolonged; one that was given back neither.
/// - A refund that is given back without a moment to wait for queues behind the others that are due.
/// - Where several machines share a store, leases and due moments must be told by the store's clock: moments of boot time
///   compare on one machine only, so a store that uses them hands every machine's waiting refunds to the others. Settle
///   windows are not the store's: each machine keeps its own ([`State::window_by`]), up to three of them.
/// - After a failed commit the store is poisoned: it takes nothing more until opened again.
#[async_trait]
pub trait Journal: ArmLog {
    /// Plans refunds in one transaction: all or none of the fresh ones.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] and its kin. A key with another request is not an error but
    /// [`Planned::Differs`].
    async fn plan(&self, plans: &[Plan]) -> Result<Vec<Planned>, JournalError>;

    /// Takes one refund to work on, due or not and in any phase; a lease that has expired is taken over with a higher fence.
    ///
    /// # Errors
    /// [`JournalError::Leased`] while another worker's lease lives, [`JournalError::NotFound`].
    async fn claim(&self, intent: IntentId, term: Duration) -> Result<Lease, JournalError>;

    /// Takes refunds that can be worked on now: approved or later, not final, not waiting for a person, due, and not
    /// leased; oldest due first.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] and its kin.
    async fn claim_due(&self, limit: u16, term: Duration) -> Result<Vec<Lease>, JournalError>;

    /// Prolongs a lease.
    ///
    /// # Errors
    /// [`JournalError::Fenced`] when it was taken over.
    async fn renew(&self, at: At, term: Duration) -> Result<(), JournalError>;

    /// Gives a lease back. A lease that was taken over is not an error.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] and its kin.
    async fn release(&self, at: At) -> Result<(), JournalError>;

    /// Takes an amount from the payment's budget and writes the record, in one transaction on the payment's row.
    /// Answers the new sequence number.
    ///
    /// Refused when another refund of the payment [`State::holds_payment`], when the payment's other refunds
    /// ([`State::claims`]) and this one together exceed `baseline.captured`, or when what the gateway showed as
    /// refunded, the payment's refunds that it cannot show yet (reserved but not armed) and this one exceed it.
    ///
    /// # Errors
    /// [`JournalError::Budget`], [`JournalError::PaymentBusy`], [`JournalError::Fenced`], [`JournalError::Stale`].
    async fn reserve(&self, reservation: &Reservation) -> Result<u64, JournalError>;

    /// Writes a record. Answers the new sequence number. [`Record::Reserved`], [`Record::Armed`] and
    /// [`Record::Planned`] have calls of their own and are refused here.
    ///
    /// # Errors
    /// [`JournalError::Fenced`], [`JournalError::Stale`], [`JournalError::Broken`] for a record that cannot follow or
    /// carries two attachments of one role.
    async fn append(&self, at: At, recorded: &Recorded) -> Result<u64, JournalError>;

    /// What the payment's refunds add up to, without `except`. Zero in `currency` when there are none.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] and its kin.
    async fn totals(
        &self,
        payment: &PaymentRef,
        currency: Currency,
        except: Option<IntentId>,
    ) -> Result<Totals, JournalError>;

    /// The refund a caller's key names within an account.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] and its kin.
    async fn find(&self, intent: IntentId) -> Result<Option<Listed>, JournalError>;

    /// All refunds with this key, whatever their account: for people who type a key.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] and its kin.
    async fn find_key(&self, key: &IntentKey) -> Result<Vec<Listed>, JournalError>;

    /// Refunds, newest first.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] and its kin.
    async fn list(&self, query: &ListQuery) -> Result<Vec<Listed>, JournalError>;

    /// A refund's whole history.
    ///
    /// # Errors
    /// [`JournalError::NotFound`], [`JournalError::Broken`].
    async fn history(&self, intent: IntentId) -> Result<Vec<Recorded>, JournalError>;

    /// Reads everything, recomputes every hash, folds every history and compares with the state that is kept beside.
    ///
    /// # Errors
    /// [`JournalError::Broken`] at the first byte that does not fit.
    async fn verify(&self) -> Result<Verified, JournalError>;
}
