//! What Refund/Create is asked: the token's payload and the address.
//!
//! Compact JSON, raw UTF-8, members in the order of the sample token: `OpKey`, `RefundSum`, `InvoiceItems` (CONFIRMED,
//! Robokassa, refund API page). It must not know the token around it.

use super::{items::InvoiceItem, op_key::OpKey, roubles::Roubles};
use serde::Serialize;

/// The path below the services' address.
pub const PATH: &str = "/RefundService/Refund/Create";

/// The payload of the token.
///
/// ```
/// use provider_robokassa::wire::{create::CreatePayload, op_key::OpKey, roubles::Roubles};
/// use refund_core::Money;
/// let mut payload = CreatePayload::new(OpKey::parse("ABC-1").expect("a key"));
/// assert_eq!(payload.to_json(), br#"{"OpKey":"ABC-1"}"#);
/// payload.refund_sum = Roubles::new(Money::rub(150));
/// assert_eq!(payload.to_json(), br#"{"OpKey":"ABC-1","RefundSum":1.5}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CreatePayload {
    /// Which operation.
    pub op_key: OpKey,
    /// How much. Left out it means everything still unrefunded, also after earlier partial refunds (CONFIRMED, vendor
    /// plugin, as its assumption).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_sum: Option<Roubles>,
    /// The positions to make a refund receipt of. Without them money goes back with no receipt from this call
    /// (CONFIRMED, vendor plugin).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub invoice_items: Vec<InvoiceItem>,
}

impl CreatePayload {
    /// A full refund without a receipt; the rest is set field by field.
    pub fn new(op_key: OpKey) -> Self {
        Self { op_key, refund_sum: None, invoice_items: Vec::new() }
    }

    /// The bytes that are signed.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and numbers printed from integers always serialise")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::items::{PaymentMethod, PaymentObject, Tax};
    use insta::assert_snapshot;
    use refund_core::{Money, Quantity};

    fn payload(kopecks: Option<i64>) -> CreatePayload {
        let key = OpKey::parse("0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF").expect("the sample's key");
        CreatePayload {
            refund_sum: kopecks.and_then(|minor| Roubles::new(Money::rub(minor))),
            ..CreatePayload::new(key)
        }
    }

    fn text(payload: &CreatePayload) -> String {
        String::from_utf8(payload.to_json()).expect("JSON is UTF-8")
    }

    #[test]
    fn money_only_payloads() {
        assert_snapshot!(text(&payload(None)), @r#"{"OpKey":"0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF"}"#);
        assert_snapshot!(text(&payload(Some(150))), @r#"{"OpKey":"0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF","RefundSum":1.5}"#);
        assert_snapshot!(text(&payload(Some(1_234))), @r#"{"OpKey":"0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF","RefundSum":12.34}"#);
    }

    #[test]
    fn a_position_prints_fractions_exactly_and_cyrillic_raw() {
        let item = InvoiceItem {
            name: "Сыр «Ё» \"мягкий\"".to_owned(),
            quantity: Quantity::from_thousandths(375),
            cost: Roubles::new(Money::rub(10_010)).expect("roubles"),
            tax: Tax::Vat22,
            payment_method: PaymentMethod::FullPayment,
            payment_object: PaymentObject::NonOperatingGain,
        };
        let with_items = CreatePayload { invoice_items: vec![item], ..payload(Some(3_754)) };
        assert_snapshot!(text(&with_items), @r#"{"OpKey":"0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF","RefundSum":37.54,"InvoiceItems":[{"Name":"Сыр «Ё» \"мягкий\"","Quantity":0.375,"Cost":100.1,"Tax":"vat22","PaymentMethod":"full_payment","PaymentObject":"non-operating_gain"}]}"#);
    }
}
