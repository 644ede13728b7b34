//! Fiscal receipts: a track of their own beside the money.
//!
//! A receipt is asked for, waits, and ends well or badly by the sandbox's clock. Knows no wire form.

use jiff::Timestamp;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::switches::ReceiptOutcome;

/// One receipt.
pub(crate) struct Receipt {
    pub(crate) id: Uuid,
    /// What it documents.
    pub(crate) cause: Cause,
    pub(crate) direction: Direction,
    pub(crate) state: ReceiptState,
    pub(crate) asked_at: Timestamp,
    /// When it leaves [`ReceiptState::Waiting`], and for what.
    pub(crate) due: Timestamp,
    pub(crate) outcome: ReceiptOutcome,
    /// Minor units.
    pub(crate) total: u64,
    /// The cart it was asked for with.
    pub(crate) bundle: Box<RawValue>,
}

/// The operation a receipt belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    Payment,
    Completion,
    Reversal,
    Refund,
    /// `doReceipt`: asked for by itself.
    ByHand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Sell,
    SellRefund,
}

impl Direction {
    /// As `receiptType` is written in requests (CONFIRMED, ecomtest).
    pub(crate) fn named(word: &str) -> Option<Self> {
        match word {
            "sell" => Some(Self::Sell),
            "sell_refund" => Some(Self::SellRefund),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReceiptState {
    Waiting,
    Over(ReceiptOutcome),
}

impl ReceiptState {
    /// The word the ledger prints.
    pub(crate) fn word(self) -> &'static str {
        use crate::switches::Word;
        match self {
            Self::Waiting => "requested",
            Self::Over(outcome) => outcome.word(),
        }
    }
}

impl Receipt {
    /// Ends the waiting if it is time.
    pub(super) fn settle(&mut self, now: Timestamp) {
        if self.state == ReceiptState::Waiting && self.due <= now {
            self.state = ReceiptState::Over(self.outcome);
        }
    }
}
