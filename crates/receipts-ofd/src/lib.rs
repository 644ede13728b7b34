//! Fiscal fields of Russian refund receipts (54-FZ, FFD 1.05 and 1.2): the vocabulary, the block of additional
//! parameters, its checks, and how every back end codes the same thing. Usable alone: there is no gateway, no cart, no
//! clock and no runtime here.
//!
//! | want to | look at |
//! |---|---|
//! | name a VAT rate, a settlement object, a document | [`Vocabulary`] and its lists: [`VatRate`], [`SettlementObject`], … |
//! | know how a back end codes it | [`Vocabulary::coding`], [`SberOldVat`] |
//! | describe the buyer, the agent, the cashier | [`AdditionalOfdParams`] |
//! | read and write the block as JSON | [`wire`] |
//! | find out what is wrong with it | [`check`] |
//! | refund: what may change, which VAT, which lines | [`refund`], [`receipt`] |
//! | hold a text against `ANS..256` | [`Format`] |
//!
//! Facts carry their [`Evidence`]: CONFIRMED stands in a primary source, REPORTED is second-hand, GUESS is an inference.
//! Where nobody attests a coding there is none. Amounts are integers of kopecks, quantities of thousandths.
//!
//! Personal data is never in `Debug`, in an error or in a violation: of a personal value its shape is shown.
#![deny(missing_docs)]

mod back_end;
mod calendar;
mod contact;
mod context;
mod country;
mod evidence;
mod ffd;
mod format;
mod inn;
mod message;
mod params;
mod rules;
mod shown;
mod validation;
mod vocabulary;

pub mod catalogue;
pub mod receipt;
pub mod refund;
pub mod wire;

pub use back_end::{BackEnd, Coding, Reason, Wire};
pub use calendar::{CivilDate, CivilMoment};
pub use contact::{CashierInn, Contact, Email, Phone, Phones, Text, TextError};
pub use context::{Basket, Context, InnSums, MerchantKind, OfdPartner, Settled};
pub use country::Country;
pub use evidence::Evidence;
pub use ffd::{FfdVersion, Versions};
pub use format::{A, An, Ans, Fault, Format, FormatError, N, Ns, Utc};
pub use inn::{Inn, InnError};
pub use message::{Message, MessageDef};
pub use params::{
    AdditionalOfdParams, Agent, AtRefund, Buyer, Company, Fields, IdentityDocument, KEYS, Key, KeyDef,
    OperationProperty, Privacy, SectoralProperty, TransferOperator, UserProperty, Value,
};
pub use rules::{ALL as RULES, Correction, Findings, RuleDef, Severity, Violation, check};
pub use vocabulary::{
    AgentType, Code, DocumentCode, Entry, FoivId, Holder, InForce, MarkCodeKind, Measure, PaymentType,
    PlannedStatus, SberOldVat, SberOldVatError, SettlementMethod, SettlementObject, SettlementType, Table,
    TaxationSystem, UnknownCode, VatKind, VatRate, Vocabulary,
};

/// The README's examples compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
