//! The least a check can do: the same comparisons and sums over integers that are already there.
//!
//! No currencies, no overflow checks beyond saturation, no sentence about what is wrong.

use crate::cases::{Case, Verdict};
use refund_core::{PaymentState, RefundAmount};

/// The fields a check looks at, in kopecks.
pub(crate) struct Fields {
    asked: Option<i64>,
    captured: i64,
    shown: Option<i64>,
    done: i64,
    open: i64,
    is_captured: bool,
}

impl Fields {
    pub(crate) fn of(case: &Case) -> Self {
        let asked = match case.command.amount {
            RefundAmount::Full => None,
            RefundAmount::Exactly(amount) => Some(amount.minor()),
        };
        Self {
            asked,
            captured: case.payment.captured.minor(),
            shown: case.payment.refunded.map(|shown| shown.minor()),
            done: case.prior.done.minor(),
            open: case.prior.open.minor(),
            is_captured: case.payment.state == PaymentState::Captured,
        }
    }
}

pub(crate) fn check(fields: &Fields) -> Verdict {
    let used = fields.shown.unwrap_or(0).max(fields.done).saturating_add(fields.open);
    let remaining = fields.captured.saturating_sub(used);
    let amount = fields.asked.unwrap_or(remaining);
    match (fields.is_captured, amount > 0 && amount <= remaining) {
        (true, true) => Verdict::Accepted(amount),
        (is_captured, fits) => Verdict::Refused { state: !is_captured, amount: !fits },
    }
}
