//! The permit to send: made only by arming a durable record, spent by value, tied to one payload, dead after its
//! deadline.
//!
//! This is the promise "no send without a record, no second send from one record", held by types. It must not know
//! what stands behind [`ArmLog`].
//!
//! A permit cannot be used twice, forged or copied, nothing fires without arming, and a journaled send fires once:
//! `tests/permit/*.rs` are programs that try, and must not compile.

use crate::{Clock, Digest, IntentId, Moment, NotSent, NotSentReason, Opened, Submission};
use async_trait::async_trait;
use std::time::Duration;

/// How long a permit lives after arming began: 5 seconds.
pub const FIRE_WITHIN: Duration = Duration::from_secs(5);

/// Whose record, under which lease, after which event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The intent.
    pub intent: IntentId,
    /// The fencing token of the lease it is worked under. A store refuses an older one.
    pub fence: u64,
    /// The number of the intent's last event, as the writer knows it. A store refuses anything else.
    pub seq: u64,
}

/// The record "may be sent from now on".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArmRecord {
    /// Whose.
    pub at: At,
    /// Which lineage of the intent, from 1.
    pub lineage: u32,
    /// Which attempt of the lineage, from 1.
    pub attempt: u16,
    /// Digest of the prepared request.
    pub digest: Digest,
    /// The permit's deadline: from it the settle window counts.
    pub fire_by: Moment,
}

/// Where the record becomes durable.
#[async_trait]
pub trait ArmLog: Send + Sync {
    /// Writes the record.
    ///
    /// `Ok` means that the commit has returned from the disk, and that fence and sequence number were checked in the
    /// same transaction.
    ///
    /// # Errors
    /// [`ArmError`]; after [`ArmError::CommitUnknown`] the record may be there, so nothing is sent and the refund is
    /// found again as "may have been sent".
    async fn arm(&self, record: &ArmRecord) -> Result<(), ArmError>;
}

/// Why nothing may be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArmError {
    /// The connection was opened for another payload than the record names.
    #[error("the opened request is not the one on record")]
    OtherPayload,
    /// Somebody wrote an event in between: the writer's picture is stale.
    #[error("the journal has moved on; load the refund again")]
    Stale,
    /// Another refund of the payment came into doubt since this one was reserved, and has to become final first.
    #[error("another refund of this payment has to become final first")]
    Busy,
    /// The lease was taken over.
    #[error("another worker holds the lease now")]
    Fenced,
    /// The store failed before and takes nothing more until it is opened again.
    #[error("the journal is closed after an earlier write error")]
    Poisoned,
    /// The commit's answer was lost.
    #[error("the journal cannot tell whether the record was written")]
    CommitUnknown,
    /// The store cannot be written.
    #[error("the journal cannot be written: {0}")]
    Unavailable(String),
}

/// Leave to send one payload once, until its deadline.
///
/// Private fields, no `Clone`, made by [`Journaled::arm`] alone.
#[derive(Debug)]
#[must_use = "a permit is spent by sending"]
pub struct SendPermit {
    digest: Digest,
    fire_by: Moment,
}

impl SendPermit {
    /// The payload it is for.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The moment after which it is dead.
    pub fn fire_by(&self) -> Moment {
        self.fire_by
    }

    /// Spends the permit. The transport calls this last, with nothing but the write after it.
    ///
    /// # Errors
    /// [`NotSentReason::PermitExpired`] after the deadline, and on another boot of the machine.
    pub fn spend(self, clock: &dyn Clock) -> Result<(), NotSent> {
        let now = clock.now();
        if now.boot == self.fire_by.boot && now.millis < self.fire_by.millis {
            return Ok(());
        }
        let late = self.fire_by.until(now).map_or(0, |late| late.as_millis());
        Err(NotSent::new(NotSentReason::PermitExpired, format!("the permit expired {late} ms ago")))
    }
}

/// A connection with a durable record behind it. Firing consumes it.
#[must_use = "a journaled send is fired or dropped"]
pub struct Journaled {
    opened: Box<dyn Opened>,
    permit: SendPermit,
}

impl Journaled {
    /// Writes the record and, once it is durable, makes the one permit for it.
    ///
    /// `record.fire_by` is computed before the write begins, so that a journal that stalls eats into the deadline.
    ///
    /// # Errors
    /// [`ArmError`]; nothing was sent and the connection is dropped.
    pub async fn arm(
        opened: Box<dyn Opened>,
        record: &ArmRecord,
        log: &dyn ArmLog,
    ) -> Result<Self, ArmError> {
        if opened.digest() != record.digest {
            return Err(ArmError::OtherPayload);
        }
        log.arm(record).await?;
        Ok(Self { opened, permit: SendPermit { digest: record.digest, fire_by: record.fire_by } })
    }

    /// Sends, once.
    pub async fn fire(self) -> Submission {
        self.opened.fire(self.permit).await
    }
}

impl std::fmt::Debug for Journaled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journaled").field("permit", &self.permit).finish_non_exhaustive()
    }
}
