//! One payment and the refunds of it, as the gateway's own books have them.
//!
//! Knows no request, no reply and no clock.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::receipt::Receipt;
use crate::switches::Reservation;

/// Whose payment it is. A dialect of Sber's is a gateway of its own: it shares no wire form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gateway {
    Robokassa,
    SberOld,
    SberEcom,
}

impl Gateway {
    const NAMES: [(&'static str, Self); 3] =
        [("robokassa", Self::Robokassa), ("sber-old", Self::SberOld), ("sber-ecom", Self::SberEcom)];

    /// The name the control API uses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Robokassa => "robokassa",
            Self::SberOld => "sber-old",
            Self::SberEcom => "sber-ecom",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, gateway)| *gateway)
    }
}

/// How far a payment has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Registered, nobody has paid.
    Created,
    /// The money is held on the card and not taken.
    Held,
    Paid,
    /// Cancelled in full: the payer has everything back without a refund.
    Reversed,
    Declined,
}

/// Whether paying takes the money at once or only holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    OneStage,
    TwoStage,
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
    /// Money as registered, minor units; neither completion nor refunds change it.
    pub(crate) registered: u64,
    /// What the payer paid in money, minor units; for a hold, what is held.
    pub(crate) captured: u64,
    /// What the shop is credited, minor units (`OutSum`); lower where a commission is kept.
    pub(crate) credited: u64,
    /// Loyalty points paid on top of the money, in hundredths.
    pub(crate) points: u64,
    /// ISO 4217 numeric.
    pub(crate) currency: String,
    pub(crate) phase: Phase,
    pub(crate) scheme: Scheme,
    pub(crate) created_at: Timestamp,
    pub(crate) paid_at: Timestamp,
    /// The cart as it was registered, line by line.
    pub(crate) cart: Vec<Box<RawValue>>,
    /// The whole bundle the cart came in, where the gateway takes one.
    pub(crate) bundle: Option<Box<RawValue>>,
    /// The fiscal block of the registration (`additionalOfdParams`), where there was one.
    pub(crate) fiscal: Option<Fiscal>,
    /// What happened to the money apart from refunds, oldest first.
    pub(crate) moves: Vec<Move>,
    pub(crate) receipts: Vec<Receipt>,
    pub(crate) refunds: Vec<Refund>,
}

/// A fiscal block: the documents' names and the values as they were sent.
pub(crate) type Fiscal = BTreeMap<String, Box<RawValue>>;

/// Something that happened to a payment's money and is no refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) kind: MoveKind,
    pub(crate) amount: u64,
    pub(crate) at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MoveKind {
    /// Taken at once.
    Authorization,
    /// Held.
    Preauthorization,
    /// A hold taken.
    Completion,
    Reversal,
}

impl Payment {
    /// A paid one without cart, points or history; the rest is filled in by struct update.
    pub(crate) fn paid(
        gateway: Gateway,
        id: impl Into<String>,
        number: impl Into<String>,
        captured: u64,
        at: Timestamp,
    ) -> Self {
        Self {
            gateway,
            id: id.into(),
            number: number.into(),
            user: None,
            registered: captured,
            captured,
            credited: captured,
            points: 0,
            currency: "643".to_owned(),
            phase: Phase::Paid,
            scheme: Scheme::OneStage,
            created_at: at,
            paid_at: at,
            cart: Vec::new(),
            bundle: None,
            fiscal: None,
            moves: Vec::new(),
            receipts: Vec::new(),
            refunds: Vec::new(),
        }
    }

    /// Everything that was accepted for refund and not cancelled.
    pub(crate) fn refunded(&self) -> u64 {
        self.sum(|refund| refund.state != RefundState::Canceled)
    }

    /// What has gone back for good.
    pub(crate) fn finished(&self) -> u64 {
        self.sum(|refund| refund.state == RefundState::Finished)
    }

    /// What can still be refunded. Whether a request that is still processing counts is contested.
    pub(crate) fn remaining(&self, reservation: Reservation) -> u64 {
        let taken = match reservation {
            Reservation::AtAcceptance => self.refunded(),
            Reservation::AtFinish => self.finished(),
        };
        self.captured.saturating_sub(taken)
    }

    /// Points given back, by refunds that were not cancelled.
    pub(crate) fn points_refunded(&self) -> u64 {
        self.standing().fold(0, |sum, refund| sum.saturating_add(refund.points))
    }

    pub(crate) fn points_remaining(&self) -> u64 {
        self.points.saturating_sub(self.points_refunded())
    }

    /// What the payer's bank approved, money only.
    pub(crate) fn approved(&self) -> u64 {
        match self.phase {
            Phase::Created | Phase::Declined => 0,
            Phase::Held | Phase::Paid | Phase::Reversed => self.registered,
        }
    }

    /// Refunds that were not cancelled.
    pub(crate) fn standing(&self) -> impl Iterator<Item = &Refund> {
        self.refunds.iter().filter(|refund| refund.state != RefundState::Canceled)
    }

    pub(crate) fn moved(&self, kind: MoveKind) -> bool {
        self.moves.iter().any(|entry| entry.kind == kind)
    }

    fn sum(&self, counts: impl Fn(&Refund) -> bool) -> u64 {
        let amounts = self.refunds.iter().filter(|refund| counts(refund)).map(|refund| refund.amount);
        amounts.fold(0, u64::saturating_add)
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
    /// Loyalty points that went back with the money.
    pub(crate) points: u64,
    /// Sum kept back from the payer, part of `amount`.
    pub(crate) penalty: u64,
    pub(crate) at: Timestamp,
    pub(crate) due: Timestamp,
    pub(crate) state: RefundState,
    pub(crate) request: Option<Uuid>,
    pub(crate) origin: Origin,
    pub(crate) lines: Vec<Box<RawValue>>,
    /// Fiscal parameters sent with it.
    pub(crate) extras: Fiscal,
    pub(crate) key: Option<ReplayKey>,
    /// Which of the payment's receipts it asked for.
    pub(crate) receipt: Option<usize>,
}

/// What a repeat of a request is recognised by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReplayKey {
    pub(crate) id: String,
    /// The request without its credentials.
    pub(crate) data: serde_json::Value,
}
