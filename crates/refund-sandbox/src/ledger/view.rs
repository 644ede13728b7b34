//! The ledger as the control API prints it: sums in minor units for every gateway.
//!
//! The member names are a contract with every test that reads them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Fiscal, Gateway, Ledger, Origin, Payment, Refund};

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
    /// Loyalty points that went back with the money; absent without any.
    #[serde(skip_serializing_if = "is_zero")]
    points: u64,
    /// The key a repeat is recognised by; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_refund_id: Option<&'a str>,
    at: String,
    state: &'static str,
    penalty: u64,
    lines: &'a [Box<RawValue>],
    /// `null` where no receipt was asked for.
    receipt: Option<ReceiptView<'a>>,
}

#[derive(Serialize)]
struct ReceiptView<'a> {
    state: &'static str,
    /// Absent where the gateway tells none.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// The cart it was asked for with; absent where the gateway takes none.
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<&'a RawValue>,
    /// Fiscal parameters sent with the refund, by the document's names; absent without any.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extras: &'a Fiscal,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
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
        refunds: payment.refunds.iter().map(|entry| refund(payment, entry)).collect(),
    }
}

fn refund<'a>(payment: &'a Payment, refund: &'a Refund) -> RefundView<'a> {
    RefundView {
        amount: refund.amount,
        points: refund.points,
        external_refund_id: refund.key.as_ref().map(|key| key.id.as_str()),
        at: refund.at.to_string(),
        state: refund.state.word(),
        penalty: refund.penalty,
        lines: &refund.lines,
        receipt: receipt(payment, refund),
    }
}

/// A receipt with a life of its own where the gateway keeps one. Elsewhere items ask for a refund
/// receipt and without them money goes back with none (Robokassa: CONFIRMED, vendor plugin). Whether
/// a full refund of Sber's OLD dialect reuses the order's cart is open, so it is not shown.
fn receipt<'a>(payment: &'a Payment, refund: &'a Refund) -> Option<ReceiptView<'a>> {
    let kept = refund.receipt.and_then(|at| payment.receipts.get(at));
    let asked = refund.origin == Origin::Api && !(refund.lines.is_empty() && refund.extras.is_empty());
    let extras = &refund.extras;
    match (payment.gateway, kept) {
        (_, Some(kept)) => Some(ReceiptView {
            state: kept.state.word(),
            id: Some(kept.id.to_string()),
            bundle: Some(&kept.bundle),
            extras,
        }),
        // Without its FFD members a cart makes no receipt there (CONFIRMED, ecomtest).
        (Gateway::SberEcom, None) => None,
        (_, None) => asked.then_some(ReceiptView { state: "requested", id: None, bundle: None, extras }),
    }
}
