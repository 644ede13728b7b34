//! What the kit must be able to do to a gateway: seed a payment, break the next call, read the ledger and the requests.
//!
//! [`GatewayUnderTest`] is the only thing a stranger writes. It must not know the provider under test: what the kit
//! believes is the gateway's ledger, never the provider's word.

use crate::ManualClock;
use async_trait::async_trait;
use refund_core::{Callback, Cart, Money, PaymentRef};
use std::{fmt, time::Duration};

/// A gateway that can be set up, broken and looked into: an emulator, a vendor's test environment with a cabinet API, or
/// a page of code in a test.
///
/// # Contract
/// - One kit run has the gateway to itself.
/// - The ledger tells what really happened to the money, whatever the gateway answered.
/// - Every request that reached the gateway is told, also one whose answer was lost, and never with a secret in it.
/// - What cannot be done is [`Ability::Unsupported`] with the reason. The case is then listed as skipped, by name.
#[async_trait]
pub trait GatewayUnderTest: Send + Sync {
    /// The clock that the provider's transport spends permits against.
    fn clock(&self) -> &ManualClock;

    /// The secrets the provider was set up with, in every spelling that may travel (plain, form-encoded, Base64). None
    /// of them may be in anything the provider gives out.
    fn canaries(&self) -> Vec<String>;

    /// What the provider prints of itself: `Debug` of the provider and its settings, captured log lines. Searched for
    /// [`GatewayUnderTest::canaries`].
    fn prints(&self) -> Vec<String>;

    /// Makes a payment, as if somebody had just paid.
    ///
    /// # Errors
    /// [`GatewayError`] when the gateway failed.
    async fn seed(&self, seed: &Seed) -> Result<Seeded, GatewayError>;

    /// Breaks the next call of this kind, once.
    ///
    /// # Errors
    /// [`GatewayError`] when the gateway failed.
    async fn break_next(&self, call: Call, fault: Fault) -> Result<Ability, GatewayError>;

    /// Forgets faults that have not struck.
    ///
    /// # Errors
    /// [`GatewayError`] when the gateway failed.
    async fn clear_faults(&self) -> Result<(), GatewayError>;

    /// What really happened to one payment.
    ///
    /// # Errors
    /// [`GatewayError`] when the gateway failed or has no such payment.
    async fn ledger(&self, payment: &PaymentRef) -> Result<Ledger, GatewayError>;

    /// How many requests have come so far.
    ///
    /// # Errors
    /// [`GatewayError`] when the gateway failed.
    async fn mark(&self) -> Result<Mark, GatewayError>;

    /// Every request that came after a mark, oldest first.
    ///
    /// # Errors
    /// [`GatewayError`] when the gateway failed.
    async fn requests_since(&self, mark: Mark) -> Result<Vec<Seen>, GatewayError>;

    /// Lets the gateway's own time pass, where it has one (a refund that takes minutes). The kit moves
    /// [`GatewayUnderTest::clock`] by itself.
    ///
    /// # Errors
    /// [`GatewayError`] when the gateway failed.
    async fn advance(&self, time: Duration) -> Result<(), GatewayError>;

    /// Somebody acts behind the provider's back.
    ///
    /// # Errors
    /// [`GatewayError`] when the gateway failed.
    async fn elsewhere(&self, payment: &PaymentRef, deed: Deed) -> Result<Ability, GatewayError>;

    /// A word that must be in the provider's [`refund_core::Decline`] after the gateway refused a refund of more than is
    /// left: its code or a part of its text.
    fn refusal_says(&self) -> String;

    /// A callback about the latest refund of a payment, as this gateway would send it; `None` if it sends none.
    ///
    /// # Errors
    /// [`GatewayError`] when the gateway failed.
    async fn callback(&self, payment: &PaymentRef, seal: Seal) -> Result<Option<Callback>, GatewayError>;
}

/// The gateway under test could not do what it was asked: the run says nothing about the provider.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the gateway under test failed: {0}")]
pub struct GatewayError(pub String);

/// Whether the gateway under test can do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// It is done.
    Done,
    /// It cannot, and why.
    Unsupported(&'static str),
}

/// The payment the kit wants.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seed {
    /// How much was paid.
    pub captured: Money,
    /// The order's cart; its lines total [`Seed::captured`].
    pub cart: Option<Cart>,
    /// Taken, or only held.
    pub standing: Standing,
}

/// How a seeded payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The money was taken.
    Paid,
    /// The money is held and not taken.
    Held,
}

/// What came of seeding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seeded {
    /// The payment, by the name the provider looks it up under.
    Payment(PaymentRef),
    /// This gateway has no such payments, and why.
    Unsupported(&'static str),
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Moves money.
    Refund,
    /// Asks about a payment. Where a gateway answers both questions at one address, this and [`Call::Status`] are one.
    Lookup,
    /// Asks about a refund.
    Status,
}

/// One way to go wrong. "Commit" is the moment money moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// Nobody listens: no byte leaves.
    Unreachable,
    /// The connection closes without an answer, and nothing happened.
    DropBeforeCommit,
    /// The connection closes without an answer, and it happened.
    DropAfterCommit,
    /// 5xx, and nothing happened.
    ErrorBeforeCommit,
    /// 5xx, and it happened.
    ErrorAfterCommit,
    /// Half of the answer, then the connection closes; it happened.
    HalfBody,
    /// 200 with a page of HTML; it happened.
    HtmlSuccess,
    /// 200 with bytes that are no text; it happened.
    GarbageSuccess,
    /// 200 with nothing in it; it happened.
    EmptySuccess,
    /// A success without the reference that a success carries; it happened.
    MissingReference,
    /// 429, and nothing happened.
    RateLimit,
    /// 307 to the same address, and nothing happened.
    Redirect,
    /// 502 with a page that quotes the whole request, credentials included; it happened.
    Echo,
    /// A state that no document lists, in an otherwise good answer.
    UnknownWord,
}

impl Fault {
    /// Whether money moves although the call goes wrong.
    pub fn commits(self) -> Commit {
        match self {
            Self::Unreachable
            | Self::DropBeforeCommit
            | Self::ErrorBeforeCommit
            | Self::RateLimit
            | Self::Redirect => Commit::No,
            Self::DropAfterCommit
            | Self::ErrorAfterCommit
            | Self::HalfBody
            | Self::HtmlSuccess
            | Self::GarbageSuccess
            | Self::EmptySuccess
            | Self::MissingReference
            | Self::Echo
            | Self::UnknownWord => Commit::Yes,
        }
    }
}

/// Whether money moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    /// It moves.
    Yes,
    /// It stays.
    No,
}

/// What somebody does behind the provider's back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Deed {
    /// Refunds so much in the merchant's cabinet.
    Refund(Money),
    /// Cancels the latest refund in the merchant's cabinet while it is being carried out.
    CancelLatest,
    /// Moves the payment to a system where the gateway no longer finds it, nor its refunds.
    Forget,
}

/// Whether a callback is the gateway's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seal {
    /// Signed as the gateway signs.
    Genuine,
    /// Signed with another key.
    Forged,
    /// Genuine, with another payment's name written into it.
    Altered,
}

/// What really happened to one payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ledger {
    /// What was taken.
    pub captured: Money,
    /// What was given back, all refunds together that were not cancelled.
    pub refunded: Money,
    /// How many refunds that are, the cabinet's included.
    pub refunds: usize,
}

impl Ledger {
    /// One payment's ledger.
    pub fn new(captured: Money, refunded: Money, refunds: usize) -> Self {
        Self { captured, refunded, refunds }
    }
}

/// A place in the stream of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(pub u64);

/// A request that reached the gateway.
#[derive(Clone, PartialEq, Eq)]
pub struct Seen {
    /// What it is for; `None` for a request nobody can place, which the kit counts as one that moves money.
    pub call: Option<Call>,
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// Query and body with every secret cut out.
    pub bytes: Vec<u8>,
}

impl Seen {
    /// Whether it may have moved money.
    pub fn may_move_money(&self) -> bool {
        !matches!(self.call, Some(Call::Lookup | Call::Status))
    }
}

impl fmt::Debug for Seen {
    /// As text: its secrets are cut out already.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { call, method, path, bytes } = self;
        write!(f, "{method} {path} ({call:?}) {:?}", String::from_utf8_lossy(bytes))
    }
}

impl Seed {
    /// A paid payment without a cart.
    pub fn paid(captured: Money) -> Self {
        Self { captured, cart: None, standing: Standing::Paid }
    }
}
