//! A payment as its gateway knows it at one moment.
//!
//! It must not know how the gateway was asked. What only the provider understands travels as [`Opaque`].

use crate::{Cart, Money, Opaque};

/// What the gateway said of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Payment {
    /// What the payer paid and the gateway took (Robokassa's `IncSum`). For a payment that was never taken: zero.
    pub captured: Money,
    /// What has been given back so far, all refunds together; `None` where the gateway does not show refunds.
    pub refunded: Option<Money>,
    /// Where the payment stands.
    pub state: PaymentState,
    /// The way it was paid, as the gateway calls it (`BankCard`). For people.
    pub method: Option<String>,
    /// The order's cart, where the gateway has it.
    pub cart: Option<Cart>,
    /// Loyalty points the order was paid with beside the money, in minor units of the same currency.
    pub points: Option<Money>,
    /// How many of those points the gateway says went back; `None` where it does not say.
    pub points_refunded: Option<Money>,
    /// The fiscal block sent at registration, where the gateway echoes it: the provider's own schema.
    pub fiscal: Option<Opaque>,
    /// What the provider needs for its next calls (an operation key, the refunds seen). Secret-free.
    pub data: Opaque,
}

impl Payment {
    /// A payment with what every gateway tells; the rest is added field by field.
    pub fn new(captured: Money, state: PaymentState, data: Opaque) -> Self {
        Self {
            captured,
            refunded: None,
            state,
            method: None,
            cart: None,
            points: None,
            points_refunded: None,
            fiscal: None,
            data,
        }
    }
}

/// Where a payment stands, in the field's words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PaymentState {
    /// Registered, no money taken yet.
    Pending,
    /// Money is held on the payer's account, not taken: it is reversed, not refunded.
    Held,
    /// Money was taken; refunds are possible, also after earlier ones.
    Captured,
    /// The payment was undone or declined; there is nothing to give back.
    Void,
    /// The gateway stopped it and handles it by hand.
    Suspended,
    /// A state this version does not know, in the gateway's own spelling.
    Other(String),
}

impl PaymentState {
    /// The stable word for files and messages.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Held => "held",
            Self::Captured => "captured",
            Self::Void => "void",
            Self::Suspended => "suspended",
            Self::Other(word) => word,
        }
    }
}
