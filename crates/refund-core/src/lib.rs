//! Money, carts, the rules of a refund, its outcomes, and the contract every gateway implements.
//!
//! This crate is what a provider needs and nothing else. It must not know any gateway, an HTTP client, an async
//! runtime, a file or a store; it never reads a clock (it only names [`Clock`]); its domain types have no serde, so
//! that renaming one never changes a payload, a file or a journal.
//!
//! | module | room |
//! |---|---|
//! | [`format`](mod@format) | the documents' notation for texts (`ANS..100`) |
//! | [`money`], [`quantity`] | exact amounts: minor units and thousandths, decimals only at the edges |
//! | [`id`] | identifiers by role, so that two strings cannot be swapped |
//! | [`payment`], [`cart`] | what the gateway knows of the payment |
//! | [`refund`], [`rules`] | what is asked, and the only door to a [`CheckedRefund`] |
//! | [`allocate`] | exact refund lines from an amount, from quantities, or of all that is left |
//! | [`outcome`] | what can come of a send; why "unknown" is an outcome and not an error |
//! | [`provider`], [`transport`], [`permit`] | the contract: open, arm, fire |
//! | [`descriptor`] | a gateway described as data |
//! | [`message`] | sentences in English and Russian, as data |
//!
//! # One send
//!
//! ```text
//! prepare ──> open ──> Journaled::arm (durable record) ──> fire ──> Outcome
//!   pure      no effect possible        │                  exactly one attempt
//!                                       └── the only maker of a SendPermit
//! ```
#![deny(missing_docs)]

pub mod allocate;
pub mod cart;
pub mod descriptor;
pub mod format;
pub mod id;
pub mod message;
pub mod money;
pub mod opaque;
pub mod outcome;
pub mod payment;
pub mod permit;
pub mod provider;
pub mod quantity;
pub mod refund;
pub mod rules;
pub mod time;
pub mod transport;

pub use allocate::{Allocation, Splitting, Unallocatable};
pub use cart::{AsLine, Cart, Line, LineFiscal, LineNumbers, Measure, RefundLine, Refunded};
pub use descriptor::{
    Actors, Capabilities, CartNeed, CartPolicy, Descriptor, KeyTrust, Name, OperatorTexts, SelfFencing,
    Support, Tier, Timing, Traffic,
};
pub use id::{AccountId, IdError, IntentId, IntentKey, LineageKey, PaymentId, PaymentRef, ProviderId};
pub use message::{Message, MessageDef};
pub use money::{Currency, Money, MoneyError};
pub use opaque::{Digest, Opaque, OpaqueError};
pub use outcome::{
    Certainty, Decline, Doubt, DoubtReason, NotSent, NotSentReason, ProviderRef, RefundOutcome, Submission,
};
pub use payment::{Payment, PaymentState};
pub use permit::{ArmError, ArmLog, ArmRecord, At, Journaled, SendPermit};
pub use provider::{
    Callback, LookupError, Notice, Notifications, NotifyError, Opened, Probe, ProbeReport, RefundProvider,
    RefundState, StatusError, StatusQuery, StatusReport, Verdict,
};
pub use quantity::{Quantity, QuantityError};
pub use refund::{
    CheckedLine, CheckedRefund, Prepared, Prior, PriorCarts, PriorRoute, ReceiptChoice, RefundAmount,
    RefundCommand, UsedLine, UsedStage,
};
pub use rules::{RuleId, Violation, Violations};
pub use time::{BootId, Clock, Moment, WallTime};
pub use transport::{Exchange, Fired, Method, ReadError, Ready, Reply, Request, Transport};
