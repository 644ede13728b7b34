//! The contract every gateway implements, and the questions it answers.
//!
//! [`RefundProvider`] is object-safe and has no default bodies: a new duty must be thought about in every provider. It
//! must not know the journal, the engine or an HTTP library; the engine must not know a gateway.

use crate::{
    CheckedRefund, Descriptor, Digest, LineageKey, Money, NotSent, Opaque, Payment, PaymentRef, Prepared,
    ProviderRef, ReadError, SendPermit, Submission, Violations, WallTime,
};
use async_trait::async_trait;

/// One gateway.
///
/// # Contract
/// - One call, one attempt: nothing below the engine repeats a request.
/// - Nothing but [`Opened::fire`] may have an effect at the gateway.
/// - What is unknown is said to be unknown: a timeout, a reset, a 5xx, an empty or unreadable success.
/// - [`Opaque`] values and error texts hold no secrets.
/// - Gateway values nobody has seen before never panic; they become `Other`, `Unrecognised` or `Unknown`.
#[async_trait]
pub trait RefundProvider: Send + Sync {
    /// What the gateway is and can do. Constant while the program runs.
    fn describe(&self) -> &Descriptor;

    /// The payment as the gateway knows it now.
    ///
    /// # Errors
    /// [`LookupError`], which also says whether asking again may help.
    async fn lookup(&self, payment: &PaymentRef) -> Result<Payment, LookupError>;

    /// Builds the complete request without credentials. Pure: the same input gives the same bytes.
    ///
    /// # Errors
    /// Every rule of this gateway that is broken.
    fn prepare(
        &self,
        refund: &CheckedRefund,
        payment: &Payment,
        key: &LineageKey,
    ) -> Result<Prepared, Violations>;

    /// Adds credentials and signature, resolves, connects, shakes hands. No effect is possible yet.
    ///
    /// # Errors
    /// [`NotSent`].
    async fn open(&self, prepared: &Prepared) -> Result<Box<dyn Opened>, NotSent>;

    /// How a refund the gateway acknowledged stands. The id and the amount it answers are compared with the question.
    ///
    /// # Errors
    /// [`StatusError`]; it never changes what is known of the refund.
    async fn status(&self, query: &StatusQuery<'_>) -> Result<StatusReport, StatusError>;

    /// After an unknown outcome: what the gateway can prove right now. The engine decides when to ask and what to make
    /// of it (settle window, agreeing reads).
    async fn probe(&self, probe: &Probe<'_>) -> ProbeReport;

    /// The verifier of the gateway's callbacks, if it sends any about refunds.
    fn notifications(&self) -> Option<&dyn Notifications>;
}

/// A request that stands ready behind an open connection.
#[async_trait]
pub trait Opened: Send {
    /// Digest of the prepared request it holds.
    fn digest(&self) -> Digest;

    /// Sends under a permit: exactly one attempt, refused after the permit's deadline.
    async fn fire(self: Box<Self>, permit: SendPermit) -> Submission;
}

/// Why a payment could not be looked up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LookupError {
    /// The gateway does not know it.
    #[error("the gateway does not know this payment: {detail}")]
    NotFound {
        /// The gateway's words.
        detail: String,
    },
    /// The gateway refused the credentials or the right to ask.
    #[error("the gateway refused the credentials: {detail}")]
    Denied {
        /// The gateway's words.
        detail: String,
    },
    /// It could not be asked, or did not answer.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Its answer could not be read, or says that it cannot tell.
    #[error("the gateway cannot tell: {detail}")]
    CannotTell {
        /// What it said instead.
        detail: String,
    },
    /// The payment's name is not of the form this gateway uses.
    #[error("not a payment of this gateway: {detail}")]
    NotOurs {
        /// What is wrong with it.
        detail: String,
    },
}

/// Which acknowledged refund is asked for, and how much it must be.
#[derive(Clone, Copy, Debug)]
pub struct StatusQuery<'a> {
    /// Of which payment.
    pub payment: &'a PaymentRef,
    /// The gateway's reference.
    pub reference: &'a ProviderRef,
    /// What was asked to be refunded.
    pub amount: Money,
}

/// How an acknowledged refund stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusReport {
    /// The state.
    pub state: RefundState,
    /// The answer, secret-free, for the journal.
    pub evidence: Opaque,
}

/// The state of an acknowledged refund.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefundState {
    /// Being carried out.
    Processing,
    /// Done, by the amount asked.
    Settled,
    /// Cancelled in the merchant's cabinet.
    Canceled,
    /// The answer is about another refund or another amount: a person must look.
    Mismatch {
        /// What was asked for and what was answered.
        detail: String,
    },
    /// A word this version does not know: keep asking, and tell somebody.
    Unrecognised {
        /// The gateway's word (sanitised, at most 64 characters).
        label: String,
    },
}

/// Why a status could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatusError {
    /// It could not be asked, or did not answer.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The gateway does not know the reference.
    #[error("the gateway does not know this refund: {detail}")]
    NotFound {
        /// The gateway's words.
        detail: String,
    },
    /// The answer could not be read.
    #[error("the gateway's answer cannot be read: {detail}")]
    Unreadable {
        /// What it looked like.
        detail: String,
    },
    /// This gateway has no status of a refund.
    #[error("this gateway has no status of a refund")]
    Unsupported,
}

/// What a probe may look at.
#[derive(Clone, Copy, Debug)]
pub struct Probe<'a> {
    /// Of which payment.
    pub payment: &'a PaymentRef,
    /// The payment as it was before the lineage's first send.
    pub baseline: &'a Payment,
    /// The request that may have been carried out.
    pub prepared: &'a Prepared,
    /// How much it was for.
    pub amount: Money,
    /// The lineage's key.
    pub key: &'a LineageKey,
    /// A reference found in a reply that was cut.
    pub salvaged: Option<&'a ProviderRef>,
}

/// What a probe found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeReport {
    /// The verdict of this one look.
    pub verdict: Verdict,
    /// What was read, secret-free, for the journal.
    pub evidence: Opaque,
}

/// What one look at the gateway proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The refund took effect.
    Happened(Option<ProviderRef>),
    /// It had not taken effect when this was read.
    NotSeen,
    /// What is seen fits neither, or the gateway shows nothing.
    CannotTell {
        /// Why.
        detail: String,
    },
    /// The gateway could not be read this time; asking later may help.
    Unreadable {
        /// What broke.
        detail: String,
    },
}

/// A callback as it was received.
#[derive(Clone)]
pub struct Callback {
    /// The method.
    pub method: String,
    /// The query string, raw.
    pub query: String,
    /// Header names (lower case) and values.
    pub headers: Vec<(String, String)>,
    /// The body, raw.
    pub body: Vec<u8>,
    /// When it came.
    pub received: WallTime,
}

/// Verifies callbacks. Pure.
pub trait Notifications: Sync {
    /// Says which payment, and which refund if it tells, a genuine callback is about. A callback is a hint to ask the
    /// gateway; it never changes a refund by itself.
    ///
    /// # Errors
    /// [`NotifyError`].
    fn verify(&self, raw: &Callback) -> Result<Notice, NotifyError>;
}

/// What a genuine callback is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which payment.
    pub payment: PaymentRef,
    /// Which refund, if it tells.
    pub reference: Option<ProviderRef>,
}

/// Why a callback is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotifyError {
    /// It cannot be read.
    #[error("the callback cannot be read: {0}")]
    Unreadable(String),
    /// Its signature is wrong.
    #[error("the callback's signature is wrong")]
    Forged,
    /// It is genuine and about something else than refunds.
    #[error("the callback is not about a refund")]
    Irrelevant,
}
