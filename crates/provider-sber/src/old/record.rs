//! What this dialect writes into opaque values: its own small JSON, versioned by schema name, composed from what was
//! read and never copied from a reply. No secrets, no card data.
//!
//! It must not decide anything.

use super::wire::{cart::CartReading, fiscal::FiscalCodes, status::Order};
use refund_core::{Cart, Opaque, OpaqueError, outcome::sanitize};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The prepared request: the form without credentials.
pub(super) const REFUND: &str = "sber-old/refund@1";
/// What is kept of a payment between calls.
const PAYMENT: &str = "sber-old/payment@1";
/// What receipts say of the order's lines.
const FISCAL: &str = "sber-old/fiscal@1";
/// What refund.do answered.
const REPLY: &str = "sber-old/reply@1";
/// What a probe saw.
const PROBE: &str = "sber-old/probe@1";

/// What is kept of a payment: enough to say later which refunds are new.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentRecord {
    /// The shop's number of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) order_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) order_status: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) payment_state: Option<String>,
    /// Amounts of `refunds[]` in minor units; absent when the gateway showed no list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refunds: Option<Vec<i64>>,
    /// Why the cart could not be read, if there is one that could not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unreadable_cart: Option<String>,
}

impl PaymentRecord {
    /// What is worth keeping of this order.
    pub(super) fn of(order: &Order) -> Self {
        let unreadable_cart = match &order.cart {
            CartReading::Unreadable(error) => Some(sanitize(&error.to_string(), 160)),
            CartReading::Absent | CartReading::Read { .. } => None,
        };
        Self {
            order_number: order.order_number.as_deref().map(|number| sanitize(number, 64)),
            order_status: order.status.map(|status| status.number()),
            payment_state: state(order),
            refunds: amounts(order),
            unreadable_cart,
        }
    }

    /// As opaque data.
    pub(super) fn keep(&self) -> Result<Opaque, OpaqueError> {
        Opaque::new(PAYMENT, json(self))
    }

    /// Back from opaque data; the error says what it is instead.
    pub(super) fn read(data: &Opaque) -> Result<Self, String> {
        if data.schema() != PAYMENT {
            return Err(format!("the payment's data is {}, this version reads {PAYMENT}", data.schema()));
        }
        serde_json::from_slice(data.bytes())
            .map_err(|_| format!("the payment's data is not what {PAYMENT} says it is"))
    }
}

/// The fiscal numbers of an order's lines by position: `{"1":[6,4,1]}` is tax type, payment method, payment object;
/// `null` for what the reply does not show.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct FiscalRecord(BTreeMap<String, Numbers>);

type Numbers = (Option<u8>, Option<u8>, Option<u8>);

impl FiscalRecord {
    /// What the reply shows; nothing when it shows nothing, or more than can be carried.
    pub(super) fn keep(cart: &Cart, codes: &[FiscalCodes]) -> Option<Opaque> {
        let lines = cart.lines.iter().zip(codes).filter(|(_, codes)| !codes.is_empty());
        let record = Self(
            lines
                .map(|(line, codes)| (line.position.clone(), (codes.tax, codes.method, codes.object)))
                .collect(),
        );
        (!record.0.is_empty()).then(|| Opaque::new(FISCAL, json(&record)).ok()).flatten()
    }

    /// Back from a payment; empty when it has none, or another's.
    pub(super) fn read(data: Option<&Opaque>) -> Self {
        let ours = data.filter(|data| data.schema() == FISCAL);
        ours.and_then(|data| serde_json::from_slice(data.bytes()).ok()).unwrap_or_default()
    }

    /// The numbers of one line.
    pub(super) fn of(&self, position: &str) -> FiscalCodes {
        let (tax, method, object) = self.0.get(position).copied().unwrap_or_default();
        FiscalCodes { tax, method, object }
    }
}

/// What refund.do answered, or how the answer was lost.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReplyRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) http: Option<u16>,
    /// Normalised: a missing code that counts as success is written as 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error_message: Option<String>,
    /// Why the answer says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) doubt: Option<String>,
    /// The cleaned beginning of an answer that says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) excerpt: Option<String>,
}

impl ReplyRecord {
    /// As evidence.
    pub(super) fn evidence(&self) -> Opaque {
        Opaque::cut(REPLY, json(self))
    }
}

/// What a probe asked and saw.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProbeRecord {
    pub(super) asked: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refunded_before: Option<i64>,
    #[serde(flatten)]
    pub(super) seen: Option<SeenRecord>,
    /// Why nothing was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) problem: Option<String>,
}

/// The order's numbers as a probe saw them.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SeenRecord {
    order_status: Option<i64>,
    payment_state: Option<String>,
    amount: Option<i64>,
    deposited: Option<i64>,
    refunded: Option<i64>,
    refunds: Option<Vec<i64>>,
}

impl SeenRecord {
    /// The numbers of this order.
    pub(super) fn of(order: &Order) -> Self {
        let sums = order.sums.unwrap_or_default();
        Self {
            order_status: order.status.map(|status| status.number()),
            payment_state: state(order),
            amount: order.amount,
            deposited: sums.deposited,
            refunded: sums.refunded,
            refunds: amounts(order),
        }
    }
}

impl ProbeRecord {
    /// As evidence.
    pub(super) fn evidence(&self) -> Opaque {
        Opaque::cut(PROBE, json(self))
    }
}

fn state(order: &Order) -> Option<String> {
    order.payment_state.as_deref().map(|state| sanitize(state, 32))
}

fn amounts(order: &Order) -> Option<Vec<i64>> {
    order.refunds.as_ref().map(|refunds| refunds.iter().map(|refund| refund.amount).collect())
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts, whole numbers and lists of them are always JSON")
}
