//! What happened to a payment, as it stood right then: the stuff of callbacks.
//!
//! Knows no wire form and no target; nobody may be listening.

use super::{Gateway, Payment};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct News {
    pub(crate) gateway: Gateway,
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) what: What,
    /// Money captured, less what has been refunded.
    pub(crate) deposited: u64,
    /// Everything refunded so far.
    pub(crate) refunded: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Created,
    /// Held.
    Approved,
    Deposited,
    Reversed,
    /// This much went back.
    Refunded(u64),
}

impl News {
    pub(super) fn of(payment: &Payment, what: What) -> Self {
        let refunded = payment.finished();
        Self {
            gateway: payment.gateway,
            id: payment.id.clone(),
            number: payment.number.clone(),
            what,
            deposited: payment.captured.saturating_sub(refunded),
            refunded,
        }
    }
}
