//! What a receipt says of a cart line, as this dialect codes it: `tax.taxType` and the attributes `paymentMethod` and
//! `paymentObject`.
//!
//! The numbers are kept as they came, so that a refund can say of a line what its sale said, whatever a number means;
//! words are given to attested numbers only. It must not choose a rate: the rate of a refund is that of the sale.

use crate::raw;
use refund_core::LineFiscal;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Numbers of one line, each as far as the reply shows it (0 to 99).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FiscalCodes {
    /// `tax.taxType`.
    pub tax: Option<u8>,
    /// The attribute `paymentMethod`.
    pub method: Option<u8>,
    /// The attribute `paymentObject`.
    pub object: Option<u8>,
}

/// 0, 1, 2, 4, 6, 7: Sber, tax types (CONFIRMED for the newer dialect, shared by this one); 3: REPORTED, third-party
/// code. Numbers for 5, 7 and 22 % are told differently by different sources and get no word.
const TAXES: [(u8, &str); 7] =
    [(0, "none"), (1, "vat0"), (2, "vat10"), (3, "vat18"), (4, "vat110"), (6, "vat20"), (7, "vat120")];

/// From 1 on (CONFIRMED, BPC).
const METHODS: [&str; 7] = [
    "full_prepayment",
    "prepayment",
    "advance",
    "full_payment",
    "partial_payment",
    "credit",
    "credit_payment",
];

/// From 1 on (REPORTED, third-party code; the vendor's row is blank).
const OBJECTS: [&str; 13] = [
    "commodity",
    "excise",
    "job",
    "service",
    "gambling_bet",
    "gambling_prize",
    "lottery",
    "lottery_prize",
    "intellectual_activity",
    "payment",
    "agent_commission",
    "composite",
    "another",
];

impl FiscalCodes {
    /// True when the reply says nothing of the line.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// The words that fiscal back ends share; `None` unless all three are there and attested.
    pub fn words(self) -> Option<LineFiscal> {
        let (_, vat) = TAXES.iter().find(|(code, _)| Some(*code) == self.tax)?;
        let word = |words: &[&str], code: Option<u8>| {
            let index = usize::from(code?).checked_sub(1)?;
            words.get(index).map(|word| (*word).to_owned())
        };
        let (method, object) = (word(&METHODS, self.method)?, word(&OBJECTS, self.object)?);
        Some(LineFiscal { vat: (*vat).to_owned(), method, object })
    }
}

#[derive(Deserialize)]
struct TaxRead<'a> {
    #[serde(borrow, default, rename = "taxType", deserialize_with = "raw::present")]
    code: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct AttributesRead<'a> {
    #[serde(borrow, default, deserialize_with = "raw::present")]
    attributes: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct AttributeRead<'a> {
    #[serde(borrow, default, deserialize_with = "raw::present")]
    name: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "raw::present")]
    value: Option<&'a RawValue>,
}

/// Reads a line's `tax` and `itemAttributes`. What cannot be read is left out: it spoils neither the cart nor the money.
pub(super) fn read(tax: Option<&RawValue>, attributes: Option<&RawValue>) -> FiscalCodes {
    let mut codes = FiscalCodes { tax: tax_code(tax), ..FiscalCodes::default() };
    for entry in entries(attributes) {
        let Ok(entry) = raw::object::<AttributeRead<'_>>(entry, "attributes") else { continue };
        match entry.name.and_then(raw::scalar).as_deref() {
            Some("paymentMethod") => codes.method = codes.method.or(code(entry.value)),
            Some("paymentObject") => codes.object = codes.object.or(code(entry.value)),
            _ => {}
        }
    }
    codes
}

fn tax_code(tax: Option<&RawValue>) -> Option<u8> {
    let tax: TaxRead<'_> = raw::object(raw::given(tax)?, "tax").ok()?;
    code(tax.code)
}

fn entries(attributes: Option<&RawValue>) -> Vec<&RawValue> {
    let read = || {
        let outer: AttributesRead<'_> = raw::object(raw::given(attributes)?, "itemAttributes").ok()?;
        raw::list(raw::given(outer.attributes)?, "attributes").ok()
    };
    read().unwrap_or_default()
}

fn code(raw: Option<&RawValue>) -> Option<u8> {
    let number = raw::integer(raw::given(raw)?, "code").ok()?;
    u8::try_from(number).ok().filter(|code| *code <= 99)
}

/// `tax` as a refund sends it. The tax sum is left to the gateway: a part of a line has another one than the sale.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tax {
    tax_type: u8,
}

/// `itemAttributes` as a refund sends it.
#[derive(Serialize)]
pub(super) struct ItemAttributes {
    attributes: Vec<Attribute>,
}

#[derive(Serialize)]
struct Attribute {
    name: &'static str,
    value: String,
}

impl Tax {
    pub(super) fn of(codes: FiscalCodes) -> Option<Self> {
        codes.tax.map(|tax_type| Self { tax_type })
    }
}

impl ItemAttributes {
    pub(super) fn of(codes: FiscalCodes) -> Option<Self> {
        let named = [("paymentMethod", codes.method), ("paymentObject", codes.object)];
        let attribute = |(name, code): (&'static str, Option<u8>)| {
            code.map(|code| Attribute { name, value: code.to_string() })
        };
        let attributes: Vec<_> = named.into_iter().filter_map(attribute).collect();
        (!attributes.is_empty()).then_some(Self { attributes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(tax: &str, attributes: &str) -> (Option<u8>, Option<u8>, Option<u8>) {
        let raw = |text: &str| RawValue::from_string(text.to_owned()).expect("valid JSON");
        let (tax, attributes) = (raw(tax), raw(attributes));
        let FiscalCodes { tax, method, object } = read(Some(&tax), Some(&attributes));
        (tax, method, object)
    }

    #[test]
    fn numbers_are_read_in_every_spelling_and_nothing_else_is() {
        let both =
            r#"{"attributes":[{"name":"paymentMethod","value":"4"},{"name":"paymentObject","value":1}]}"#;
        let cases = [
            (r#"{"taxType":6,"taxSum":7833}"#, both, (Some(6), Some(4), Some(1))),
            (r#"{"taxType":"12"}"#, "null", (Some(12), None, None)),
            (r#"{"taxType":100}"#, "{}", (None, None, None)),
            (r#"{"taxType":-1}"#, r#"{"attributes":[]}"#, (None, None, None)),
            (r#"{"taxType":"vat20"}"#, r#"{"attributes":"x"}"#, (None, None, None)),
            ("[6]", r#"{"attributes":[7,{"name":"nomenclature","value":"00 01"}]}"#, (None, None, None)),
            ("null", r#"{"attributes":{"name":"paymentMethod","value":"1"}}"#, (None, Some(1), None)),
        ];
        for (tax, attributes, expected) in cases {
            assert_eq!(codes(tax, attributes), expected, "{tax} {attributes}");
        }
        assert!(read(None, None).is_empty());
    }

    #[test]
    fn words_are_given_to_attested_numbers_only() {
        let words = |tax, method, object| {
            let codes = FiscalCodes { tax: Some(tax), method: Some(method), object: Some(object) };
            codes.words().map(|fiscal| format!("{} {} {}", fiscal.vat, fiscal.method, fiscal.object))
        };
        assert_eq!(words(6, 4, 1).as_deref(), Some("vat20 full_payment commodity"));
        assert_eq!(words(0, 1, 13).as_deref(), Some("none full_prepayment another"));
        assert_eq!(words(7, 7, 4).as_deref(), Some("vat120 credit_payment service"));
        for (tax, method, object) in
            [(5, 4, 1), (10, 4, 1), (12, 4, 1), (6, 0, 1), (6, 8, 1), (6, 4, 0), (6, 4, 14)]
        {
            assert_eq!(words(tax, method, object), None, "{tax} {method} {object}");
        }
        assert_eq!(FiscalCodes { tax: Some(6), ..FiscalCodes::default() }.words(), None);
    }
}
