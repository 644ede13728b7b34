//! What somebody asks to refund, and the form of it that every rule has accepted.
//!
//! [`CheckedRefund`] has one door, [`crate::rules::check`]. [`Prepared`] is a provider's complete request without
//! credentials. Nothing here may know a gateway.

use crate::{Digest, Money, Opaque, PaymentRef};

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
}

impl RefundCommand {
    /// A money-only refund; the rest is set field by field.
    pub fn new(payment: PaymentRef, amount: RefundAmount) -> Self {
        Self { payment, amount, receipt: ReceiptChoice::None }
    }
}

/// What the journal knows of earlier refunds of the same payment, beside what the gateway says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prior {
    /// Refunds this journal saw done.
    pub done: Money,
    /// Refunds it reserved, sent, or cannot tell the outcome of.
    pub open: Money,
}

impl Prior {
    /// A payment this journal never refunded, in the payment's currency.
    pub fn none(currency: crate::Currency) -> Self {
        Self { done: Money::zero(currency), open: Money::zero(currency) }
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
