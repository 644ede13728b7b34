//! One payment and the refunds of it, as the gateway's own books have them.
//!
//! Knows no request, no reply and no clock.

use jiff::Timestamp;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::switches::Reservation;

/// Whose payment it is. A dialect of Sber's is a gateway of its own: it shares no wire form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gateway {
    Robokassa,
    SberOld,
}

impl Gateway {
    const NAMES: [(&'static str, Self); 2] = [("robokassa", Self::Robokassa), ("sber-old", Self::SberOld)];

    /// The name the control API uses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Robokassa => "robokassa",
            Self::SberOld => "sber-old",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, gateway)| *gateway)
    }
}

/// Whether the money was taken or only held on the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    Paid,
    Held,
}

/// One payment.
pub(crate) struct Payment {
    pub(crate) gateway: Gateway,
    /// Operation key at Robokassa, order id at Sber.
    pub(crate) id: String,
    /// The merchant's own number: InvId at Robokassa, orderNumber at Sber.
    pub(crate) number: String,
    /// The only Sber user that sees it; `None`: both built-in ones do.
    pub(crate) user: Option<String>,
    /// What the payer paid in money, minor units.
    pub(crate) captured: u64,
    /// What the shop is credited, minor units (`OutSum`); lower where a commission is kept.
    pub(crate) credited: u64,
    /// Loyalty points paid on top of the money, in hundredths.
    pub(crate) points: u64,
    pub(crate) hold: Hold,
    pub(crate) paid_at: Timestamp,
    /// The cart as it was registered, line by line.
    pub(crate) cart: Vec<Box<RawValue>>,
    pub(crate) refunds: Vec<Refund>,
}

impl Payment {
    /// Everything that was accepted for refund and not cancelled.
    pub(crate) fn refunded(&self) -> u64 {
        self.sum(|refund| refund.state != RefundState::Canceled)
    }

    /// What can still be refunded. Whether a request that is still processing counts is contested.
    pub(crate) fn remaining(&self, reservation: Reservation) -> u64 {
        let taken = match reservation {
            Reservation::AtAcceptance => self.refunded(),
            Reservation::AtFinish => self.sum(|refund| refund.state == RefundState::Finished),
        };
        self.captured.saturating_sub(taken)
    }

    fn sum(&self, counts: impl Fn(&Refund) -> bool) -> u64 {
        let amounts = self.refunds.iter().filter(|refund| counts(refund)).map(|refund| refund.amount);
        amounts.fold(0, u64::saturating_add)
    }

    #[cfg(test)]
    pub(crate) fn for_tests(id: &str, captured: u64) -> Self {
        Self {
            gateway: Gateway::Robokassa,
            id: id.to_owned(),
            number: "1".to_owned(),
            user: None,
            captured,
            credited: captured,
            points: 0,
            hold: Hold::Paid,
            paid_at: Timestamp::UNIX_EPOCH,
            cart: vec![],
            refunds: vec![],
        }
    }
}

/// Who asked for a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A client, through the gateway's API.
    Api,
    /// A person in the merchant's cabinet.
    Cabinet,
}

/// Where a refund is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefundState {
    Processing,
    Finished,
    Canceled,
}

impl RefundState {
    /// The word the ledger prints; the same three Robokassa uses as labels (CONFIRMED).
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Processing => "processing",
            Self::Finished => "finished",
            Self::Canceled => "canceled",
        }
    }
}

/// One refund.
pub(crate) struct Refund {
    pub(crate) amount: u64,
    /// Sum kept back from the payer, part of `amount`.
    pub(crate) penalty: u64,
    pub(crate) at: Timestamp,
    pub(crate) due: Timestamp,
    pub(crate) state: RefundState,
    pub(crate) request: Option<Uuid>,
    pub(crate) origin: Origin,
    pub(crate) lines: Vec<Box<RawValue>>,
}
