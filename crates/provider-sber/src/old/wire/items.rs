//! `refundItems`: the lines of a refund as refund.do takes them, compact JSON text inside one form value.
//!
//! An object with one member `items` (CONFIRMED, BPC; REPORTED, four third-party codebases). `positionId` and
//! `quantity` are enough (CONFIRMED, Sber wiki); the rest repeats what the order was registered with (GUESS), which the
//! document compares: position, name and code must be the order's own (CONFIRMED, Sber, refund.do). Numbers are printed
//! from integers. It must not know what was sold or what may come back.

use super::{
    fiscal::{FiscalCodes, ItemAttributes, Tax},
    form::Amount,
};
use refund_core::{Currency, Quantity};
use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundItem<'a> {
    /// `positionId`, N..12: printed as a number where it is one (both are taken, REPORTED).
    pub position: &'a str,
    /// `name`, as registered.
    pub name: &'a str,
    /// `quantity.value`: a number of at most three decimals.
    pub quantity: Quantity,
    /// `quantity.measure`, as registered.
    pub measure: Option<&'a str>,
    /// `itemAmount`: the money of the whole line, minor units.
    pub amount: Amount,
    /// `itemPrice`: the price of one unit, minor units. Price × quantity must be the amount (CONFIRMED, BPC).
    pub price: Option<Amount>,
    /// `itemCurrency`: the order's.
    pub currency: Currency,
    /// `itemCode`, as registered.
    pub code: Option<&'a str>,
    /// `tax.taxType` and `itemAttributes`, as registered.
    pub fiscal: FiscalCodes,
}

/// The lines of a refund.
///
/// ```
/// use provider_sber::old::wire::{fiscal::FiscalCodes, items::{RefundItem, RefundItems}, refund::Amount};
/// use refund_core::{Currency, Quantity};
/// let tea = RefundItem {
///     position: "1",
///     name: "Чай",
///     quantity: Quantity::from_thousandths(1_500),
///     measure: Some("кг"),
///     amount: Amount::from_minor(15_000).expect("twelve digits at most"),
///     price: Amount::from_minor(10_000),
///     currency: Currency::RUB,
///     code: None,
///     fiscal: FiscalCodes::default(),
/// };
/// assert_eq!(
///     RefundItems(vec![tea]).to_json(),
///     r#"{"items":[{"positionId":1,"name":"Чай","quantity":{"value":1.5,"measure":"кг"},"itemAmount":15000,"itemPrice":10000,"itemCurrency":643}]}"#
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundItems<'a>(pub Vec<RefundItem<'a>>);

impl RefundItems<'_> {
    /// Compact JSON text.
    pub fn to_json(&self) -> String {
        let items: Vec<_> = self.0.iter().map(item).collect();
        serde_json::to_string(&Whole { items })
            .expect("texts and numbers printed from integers are always JSON")
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    items: Vec<Item<'a>>,
}

/// Members in the order of the platform's own samples.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    #[serde(serialize_with = "number_or_text")]
    position_id: &'a str,
    name: &'a str,
    quantity: ItemQuantity<'a>,
    item_amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_price: Option<i64>,
    item_currency: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax: Option<Tax>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_attributes: Option<ItemAttributes>,
}

#[derive(Serialize)]
struct ItemQuantity<'a> {
    #[serde(serialize_with = "decimal")]
    value: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    measure: Option<&'a str>,
}

fn item<'a>(line: &RefundItem<'a>) -> Item<'a> {
    Item {
        position_id: line.position,
        name: line.name,
        quantity: ItemQuantity { value: line.quantity, measure: line.measure },
        item_amount: line.amount.minor(),
        item_price: line.price.map(Amount::minor),
        item_currency: line.currency.numeric(),
        item_code: line.code,
        tax: Tax::of(line.fiscal),
        item_attributes: ItemAttributes::of(line.fiscal),
    }
}

/// Digits become a JSON number as long as they are one: `007` stays a text, or the position would be another.
fn number_or_text<S: Serializer>(position: &str, to: S) -> Result<S::Ok, S::Error> {
    let digits = !position.is_empty() && position.bytes().all(|byte| byte.is_ascii_digit());
    match digits && (position.len() == 1 || !position.starts_with('0')) {
        true => number(position.to_owned(), to),
        false => to.serialize_str(position),
    }
}

fn decimal<S: Serializer>(quantity: &Quantity, to: S) -> Result<S::Ok, S::Error> {
    number(quantity.to_string(), to)
}

fn number<S: Serializer>(digits: String, to: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(digits).map_err(S::Error::custom)?.serialize(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(position: &str, thousandths: i64) -> RefundItem<'_> {
        RefundItem {
            position,
            name: "n",
            quantity: Quantity::from_thousandths(thousandths),
            measure: None,
            amount: Amount::from_minor(1).expect("in range"),
            price: None,
            currency: Currency::RUB,
            code: None,
            fiscal: FiscalCodes::default(),
        }
    }

    fn json(line: RefundItem<'_>) -> String {
        RefundItems(vec![line]).to_json()
    }

    #[test]
    fn a_line_with_everything_and_one_with_what_is_needed() {
        let whole = RefundItem {
            name: "Сыр «Ё» \"мягкий\"",
            measure: Some("шт."),
            price: Amount::from_minor(1),
            code: Some("сыр-1"),
            fiscal: FiscalCodes { tax: Some(6), method: Some(4), object: Some(1) },
            ..line("1", 1_000)
        };
        insta::assert_snapshot!(json(whole), @r#"{"items":[{"positionId":1,"name":"Сыр «Ё» \"мягкий\"","quantity":{"value":1,"measure":"шт."},"itemAmount":1,"itemPrice":1,"itemCurrency":643,"itemCode":"сыр-1","tax":{"taxType":6},"itemAttributes":{"attributes":[{"name":"paymentMethod","value":"4"},{"name":"paymentObject","value":"1"}]}}]}"#);
        insta::assert_snapshot!(json(line("2", 1)), @r#"{"items":[{"positionId":2,"name":"n","quantity":{"value":0.001},"itemAmount":1,"itemCurrency":643}]}"#);
    }

    #[test]
    fn positions_are_numbers_where_they_are_numbers() {
        for (position, printed) in [
            ("1", "1"),
            ("0", "0"),
            ("999999999999", "999999999999"),
            ("007", "\"007\""),
            ("a", "\"a\""),
            ("-1", "\"-1\""),
            ("", "\"\""),
        ] {
            let json = json(line(position, 1_000));
            assert!(json.contains(&format!("\"positionId\":{printed},")), "{json}");
        }
    }

    #[test]
    fn quantities_have_no_useless_zeros() {
        for (thousandths, printed) in [
            (1_000, "1"),
            (1_500, "1.5"),
            (10_000, "10"),
            (1, "0.001"),
            (120, "0.12"),
            (99_999_999, "99999.999"),
        ] {
            let json = json(line("1", thousandths));
            assert!(json.contains(&format!("{{\"value\":{printed}}}")), "{json}");
        }
    }

    proptest! {
        /// Read back by another reader of JSON, as text, so that no float can hide a lost digit.
        #[test]
        fn quantities_and_texts_come_back(thousandths in 1..=99_999_999_i64, name in "\\PC{1,40}") {
            #[derive(serde::Deserialize)]
            struct Items<'a> { #[serde(borrow)] items: Vec<One<'a>> }
            #[derive(serde::Deserialize)]
            struct One<'a> { name: String, #[serde(borrow)] quantity: Value<'a> }
            #[derive(serde::Deserialize)]
            struct Value<'a> { #[serde(borrow)] value: &'a RawValue }
            let text = json(RefundItem { name: &name, ..line("1", thousandths) });
            let read: Items<'_> = serde_json::from_str(&text).expect("JSON");
            prop_assert_eq!(&read.items[0].name, &name);
            let value = Quantity::parse(read.items[0].quantity.value.get());
            prop_assert_eq!(value, Ok(Quantity::from_thousandths(thousandths)));
        }
    }
}
