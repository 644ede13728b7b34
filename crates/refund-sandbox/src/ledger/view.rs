//! The ledger as the control API prints it: sums in minor units for every gateway.
//!
//! The member names are a contract with every test that reads them.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Ledger, Origin, Payment, Refund};

/// `{"payments":[…]}`.
#[derive(Serialize)]
pub(crate) struct LedgerView<'a> {
    payments: Vec<PaymentView<'a>>,
}

#[derive(Serialize)]
struct PaymentView<'a> {
    gateway: &'static str,
    id: &'a str,
    captured: u64,
    /// Accepted and not cancelled, so a request that is still processing counts.
    refunded: u64,
    points: u64,
    refunds: Vec<RefundView<'a>>,
}

#[derive(Serialize)]
struct RefundView<'a> {
    amount: u64,
    at: String,
    state: &'static str,
    penalty: u64,
    lines: &'a [Box<RawValue>],
    /// `null` where no receipt was asked for.
    receipt: Option<ReceiptView>,
}

#[derive(Serialize)]
struct ReceiptView {
    state: &'static str,
}

/// Every payment, in the order they were entered.
pub(crate) fn view(ledger: &Ledger) -> LedgerView<'_> {
    LedgerView { payments: ledger.payments.iter().map(payment).collect() }
}

fn payment(payment: &Payment) -> PaymentView<'_> {
    PaymentView {
        gateway: payment.gateway.name(),
        id: &payment.id,
        captured: payment.captured,
        refunded: payment.refunded(),
        points: payment.points,
        refunds: payment.refunds.iter().map(refund).collect(),
    }
}

fn refund(refund: &Refund) -> RefundView<'_> {
    // Items ask for a refund receipt; without them money goes back with none (Robokassa: CONFIRMED,
    // vendor plugin). Whether a full Sber refund reuses the order's cart is open, so it is not shown.
    let asked = refund.origin == Origin::Api && !refund.lines.is_empty();
    RefundView {
        amount: refund.amount,
        at: refund.at.to_string(),
        state: refund.state.word(),
        penalty: refund.penalty,
        lines: &refund.lines,
        receipt: asked.then_some(ReceiptView { state: "requested" }),
    }
}
