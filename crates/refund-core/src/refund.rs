//! What somebody asks to refund, and the form of it that every rule has accepted.
//!
//! [`CheckedRefund`] has one door, [`crate::rules::check`]. [`Prepared`] is a provider's complete request without
//! credentials. Nothing here may know a gateway.

use crate::{Cart, Digest, Money, Opaque, PaymentRef, Quantity, RefundLine, Violation, allocate::Allocation};
use std::collections::BTreeMap;

/// How much to give back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundAmount {
    /// Everything that is left of the payment.
    Full,
    /// Exactly this amount.
    Exactly(Money),
}

/// Whether the refund makes a fiscal receipt. Chosen by name, never by leaving a field out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReceiptChoice {
    /// A receipt from the cart.
    Cart,
    /// Money only; the receipt, if the law asks for one, is made elsewhere.
    None,
}

/// One refund somebody decided on, not yet checked against anything.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefundCommand {
    /// Of which payment.
    pub payment: PaymentRef,
    /// How much.
    pub amount: RefundAmount,
    /// With which receipt.
    pub receipt: ReceiptChoice,
    /// Which lines come back; `None` is a refund without a cart.
    pub lines: Option<Vec<RefundLine>>,
    /// The order as the shop knows it, for gateways that have no cart. The gateway's own comes first where it has one.
    pub order: Option<Cart>,
    /// What is kept from the refund (Sber's `penalty`).
    pub penalty: Option<Money>,
    /// More parameters for the gateway, by name (Sber's `jsonParams`).
    pub params: BTreeMap<String, String>,
    /// The language of the gateway's messages, two letters.
    pub language: Option<String>,
    /// Receipt fields beyond the lines, by the gateway's own names (Sber's `additionalOfdParams`, dotted keys).
    pub receipt_extras: BTreeMap<String, Vec<String>>,
    /// How the lines are to be made, where they are not written out ([`crate::allocate::complete`]).
    pub allocate: Option<Allocation>,
}

impl RefundCommand {
    /// A money-only refund; the rest is set field by field.
    pub fn new(payment: PaymentRef, amount: RefundAmount) -> Self {
        Self {
            payment,
            amount,
            receipt: ReceiptChoice::None,
            lines: None,
            order: None,
            penalty: None,
            params: BTreeMap::new(),
            language: None,
            receipt_extras: BTreeMap::new(),
            allocate: None,
        }
    }
}

/// What the journal knows of earlier refunds of the same payment, beside what the gateway says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Prior {
    /// Refunds this journal saw done.
    pub done: Money,
    /// Refunds it reserved, sent, or cannot tell the outcome of.
    pub open: Money,
    /// The lines those refunds took, in any order.
    pub lines: Vec<UsedLine>,
    /// Whether those refunds had carts. Lines prove that one had, whatever stands here.
    pub carts: PriorCarts,
    /// Whether all of them went by the order's lines, as far as anybody knows.
    pub route: PriorRoute,
    /// How many loyalty points those refunds gave back or reserved; `None` where the journal does not count them.
    pub points: Option<Money>,
}

/// What an earlier refund took of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedLine {
    /// Which line of the order.
    pub position: String,
    /// How much of it.
    pub quantity: Quantity,
    /// For how much money.
    pub amount: Money,
    /// The refund's key, for people.
    pub by: String,
    /// Whether it is done. The gateway's own count may hold what is done, never what is only reserved.
    pub stage: UsedStage,
}

/// How far the refund that took a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsedStage {
    /// It happened; a gateway that counts may count it too.
    Done,
    /// It is reserved, sent, or its outcome is not known.
    Open,
}

impl UsedLine {
    /// What the finished refund `by` took of a line.
    pub fn new(position: String, quantity: Quantity, amount: Money, by: String) -> Self {
        Self { position, quantity, amount, by, stage: UsedStage::Done }
    }

    /// The same of a refund that is not finished.
    #[must_use]
    pub fn open(self) -> Self {
        Self { stage: UsedStage::Open, ..self }
    }
}

/// Whether earlier refunds of the payment had carts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PriorCarts {
    /// There were none, or nobody knows.
    #[default]
    None,
    /// One of them had a cart.
    Some,
}

/// How earlier refunds of the payment were made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PriorRoute {
    /// As refunds here are, or nobody knows.
    #[default]
    Usual,
    /// One of them gave back a raw sum past the cart (Sber's `processRaw…` requests), made by another program.
    Raw,
}

impl Prior {
    /// A payment this journal never refunded, in the payment's currency.
    pub fn none(currency: crate::Currency) -> Self {
        Self::of(Money::zero(currency), Money::zero(currency))
    }

    /// Sums without lines; those are added field by field.
    pub fn of(done: Money, open: Money) -> Self {
        Self {
            done,
            open,
            lines: Vec::new(),
            carts: PriorCarts::None,
            route: PriorRoute::Usual,
            points: None,
        }
    }
}

/// A refund that every rule has accepted against one snapshot of the payment.
///
/// The private fields make [`crate::rules::check`] the only door.
///
/// ```compile_fail,E0451
/// use refund_core::{CheckedRefund, Money};
/// fn forge(mut checked: CheckedRefund) -> CheckedRefund {
///     CheckedRefund { amount: Money::rub(1_000_000), ..checked }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedRefund {
    pub(crate) command: RefundCommand,
    pub(crate) amount: Money,
    pub(crate) extent: Extent,
    pub(crate) lines: Option<Vec<CheckedLine>>,
    pub(crate) warnings: Vec<Violation>,
}

/// A line every rule has accepted: what was asked, joined with the order's line it is a part of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckedLine {
    /// The order's line.
    pub sold: crate::Line,
    /// How much comes back.
    pub quantity: Quantity,
    /// How much money goes back for it.
    pub amount: Money,
}

/// How the checked amount relates to the payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The whole of a payment that, as far as gateway and journal know, nothing was ever refunded of.
    Untouched,
    /// All that is left after earlier refunds.
    Remainder,
    /// A part.
    Part,
}

impl CheckedRefund {
    /// Of which payment.
    pub fn payment(&self) -> &PaymentRef {
        &self.command.payment
    }

    /// Exactly how much, above zero.
    pub fn amount(&self) -> Money {
        self.amount
    }

    /// Whether that is all of it.
    pub fn extent(&self) -> Extent {
        self.extent
    }

    /// With which receipt.
    pub fn receipt(&self) -> ReceiptChoice {
        self.command.receipt
    }

    /// Which lines come back; `None` for a refund without a cart.
    pub fn lines(&self) -> Option<&[CheckedLine]> {
        self.lines.as_deref()
    }

    /// What a person should look at, in precedence order; none of it refuses.
    pub fn warnings(&self) -> &[Violation] {
        &self.warnings
    }

    /// The whole command, for what only a provider understands (penalty, parameters, language, receipt extras).
    pub fn command(&self) -> &RefundCommand {
        &self.command
    }
}

/// A provider's complete request in the journal's form: everything but credentials, which `open` adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    payload: Opaque,
    digest: Digest,
}

impl Prepared {
    /// Takes a complete, secret-free request.
    pub fn new(payload: Opaque) -> Self {
        let digest = payload.digest();
        Self { payload, digest }
    }

    /// The request, for its provider.
    pub fn payload(&self) -> &Opaque {
        &self.payload
    }

    /// What a permit is tied to.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}
