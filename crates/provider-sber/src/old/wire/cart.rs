//! The cart inside a status reply: `orderBundle.cartItems.items[]`.
//!
//! Numbers and strings are both taken, because both are seen (REPORTED). A cart that cannot be read is said to be
//! unreadable and does not spoil the money around it. It must not check the cart: that is the rules' work.

use super::{
    Unreadable,
    fiscal::{self, FiscalCodes},
};
use crate::raw;
use refund_core::{Cart, Currency, Line, Measure, Money, Quantity, Refunded};
use serde::Deserialize;
use serde_json::value::RawValue;

/// What a reply says of the order's cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CartReading {
    /// The order has none, or this account's status version does not show it.
    Absent,
    /// It has this one.
    Read {
        /// The cart in core's words.
        cart: Cart,
        /// The fiscal numbers of its lines, line by line.
        codes: Vec<FiscalCodes>,
    },
    /// It has one that this version cannot read.
    Unreadable(Unreadable),
}

#[derive(Deserialize)]
struct Bundle<'a> {
    #[serde(borrow, default, rename = "cartItems", deserialize_with = "raw::present")]
    cart: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct CartItems<'a> {
    #[serde(borrow, default, deserialize_with = "raw::present")]
    items: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow, default, rename = "positionId", deserialize_with = "raw::present")]
    position: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "raw::present")]
    name: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "itemCode", deserialize_with = "raw::present")]
    code: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "raw::present")]
    quantity: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "itemPrice", deserialize_with = "raw::present")]
    price: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "itemAmount", deserialize_with = "raw::present")]
    amount: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "itemCurrency", deserialize_with = "raw::present")]
    currency: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "raw::present")]
    tax: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "itemAttributes", deserialize_with = "raw::present")]
    attributes: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct ItemQuantity<'a> {
    #[serde(borrow, default, deserialize_with = "raw::present")]
    value: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "raw::present")]
    measure: Option<&'a RawValue>,
}

/// Reads `orderBundle`; amounts are in the order's currency unless a line names its own.
pub(super) fn read(bundle: Option<&RawValue>, currency: Option<Currency>) -> CartReading {
    match lines(bundle, currency) {
        Ok(None) => CartReading::Absent,
        Ok(Some(lines)) => {
            let (lines, codes) = lines.into_iter().unzip();
            CartReading::Read { cart: Cart { lines }, codes }
        }
        Err(error) => CartReading::Unreadable(error),
    }
}

type Lines = Vec<(Line, FiscalCodes)>;

fn lines(bundle: Option<&RawValue>, currency: Option<Currency>) -> Result<Option<Lines>, Unreadable> {
    let Some(bundle) = raw::given(bundle) else { return Ok(None) };
    let bundle: Bundle<'_> = raw::object(bundle, "orderBundle")?;
    let Some(cart) = raw::given(bundle.cart) else { return Ok(None) };
    let cart: CartItems<'_> = raw::object(cart, "orderBundle.cartItems")?;
    let Some(items) = raw::given(cart.items) else { return Ok(None) };
    let items = raw::list(items, "orderBundle.cartItems.items")?;
    let lines: Result<Vec<_>, _> =
        items.iter().enumerate().map(|(index, item)| line(item, index, currency)).collect();
    Ok(Some(lines?).filter(|lines| !lines.is_empty()))
}

fn line(item: &RawValue, index: usize, order: Option<Currency>) -> Result<(Line, FiscalCodes), Unreadable> {
    let at = |member: &str| format!("orderBundle.cartItems.items[{index}]{member}");
    let item: Item<'_> = raw::object(item, &at(""))?;
    let currency = match raw::given(item.currency) {
        Some(raw) => Some(super::status::currency(raw, &at(".itemCurrency"))?),
        None => order,
    };
    let money = |member: Option<&RawValue>, name: &str| -> Result<Option<Money>, Unreadable> {
        let Some(raw) = raw::given(member) else { return Ok(None) };
        let currency = currency.ok_or_else(|| Unreadable::new(at(name), "an amount without a currency"))?;
        Ok(Some(Money::new(raw::amount(raw, &at(name))?, currency)))
    };
    let (quantity, measure) = quantity(item.quantity, &at(".quantity"))?;
    let codes = fiscal::read(item.tax, item.attributes);
    let line = Line {
        position: text(item.position, &at(".positionId"))?,
        name: text(item.name, &at(".name"))?,
        code: raw::given(item.code).map(|raw| text(Some(raw), &at(".itemCode"))).transpose()?,
        quantity,
        measure,
        price: money(item.price, ".itemPrice")?,
        amount: money(item.amount, ".itemAmount")?,
        fiscal: codes.words(),
        refunded: Refunded::default(),
    };
    Ok((line, codes))
}

fn quantity(raw: Option<&RawValue>, path: &str) -> Result<(Quantity, Option<Measure>), Unreadable> {
    let missing = || Unreadable::new(path, "missing");
    let quantity: ItemQuantity<'_> = raw::object(raw::given(raw).ok_or_else(missing)?, path)?;
    let value = format!("{path}.value");
    let measure = raw::given(quantity.measure).map(|raw| text(Some(raw), &format!("{path}.measure")));
    let read = Quantity::parse(&text(quantity.value, &value)?)
        .map_err(|_| Unreadable::new(&value, "not a decimal number of at most three places"))?;
    Ok((read, measure.transpose()?.map(Measure)))
}

/// A text, or a number's digits as they stood.
fn text(raw: Option<&RawValue>, path: &str) -> Result<String, Unreadable> {
    let raw = raw::given(raw).ok_or_else(|| Unreadable::new(path, "missing"))?;
    raw::scalar(raw)
        .ok_or_else(|| Unreadable::new(path, format!("{} instead of a text or a number", raw::describe(raw))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use refund_core::LineFiscal;

    fn reading(bundle: &str) -> CartReading {
        let raw = RawValue::from_string(bundle.to_owned()).expect("valid JSON");
        read(Some(&raw), Some(Currency::RUB))
    }

    #[test]
    fn numbers_and_strings_are_both_taken() {
        let numbers = r#"{"orderCreationDate":"2026-11-01","cartItems":{"items":[{"positionId":1,"name":"Товар 1",
            "quantity":{"value":1.5,"measure":"шт."},"itemAmount":47000,"itemPrice":31333,"itemCurrency":643,
            "itemCode":"sku-1","tax":{"taxType":6,"taxSum":7833},"depositedItemAmount":"47000",
            "itemAttributes":{"attributes":[{"name":"paymentMethod","value":"4"},{"name":"paymentObject","value":"1"}]}}]}}"#;
        let strings = numbers
            .replace("\"positionId\":1", "\"positionId\":\"1\"")
            .replace("1.5", "\"1.500\"")
            .replace("47000,", "\"47000\",")
            .replace("31333", "\"31333\"")
            .replace(":643", ":\"643\"");
        let expected = Line {
            position: "1".to_owned(),
            name: "Товар 1".to_owned(),
            code: Some("sku-1".to_owned()),
            quantity: Quantity::from_thousandths(1_500),
            measure: Some(Measure("шт.".to_owned())),
            price: Some(Money::rub(31_333)),
            amount: Some(Money::rub(47_000)),
            fiscal: Some(LineFiscal {
                vat: "vat20".to_owned(),
                method: "full_payment".to_owned(),
                object: "commodity".to_owned(),
            }),
            refunded: Refunded::default(),
        };
        let codes = vec![FiscalCodes { tax: Some(6), method: Some(4), object: Some(1) }];
        for bundle in [numbers, &strings] {
            let expected =
                CartReading::Read { cart: Cart { lines: vec![expected.clone()] }, codes: codes.clone() };
            assert_eq!(reading(bundle), expected, "{bundle}");
        }
    }

    /// A rate that nobody attests has no word, and its number is kept.
    #[test]
    fn no_float_is_on_the_way() {
        // 2^53 + 1 of minor units, and quantities whose floats are 0.30000000000000004 and 9007199254740.992.
        for (value, thousandths) in
            [("0.3", 300), ("0.300", 300), ("9007199254740.993", 9_007_199_254_740_993)]
        {
            let item = format!(
                r#"{{"positionId":1,"name":"n","quantity":{{"value":{value}}},"itemAmount":9007199254740993,"itemPrice":9007199254740993}}"#
            );
            let CartReading::Read { cart, .. } = reading(&format!(r#"{{"cartItems":{{"items":[{item}]}}}}"#))
            else {
                panic!("{value} is readable");
            };
            let (line, money) = (&cart.lines[0], Some(Money::rub(9_007_199_254_740_993)));
            assert_eq!((line.quantity.thousandths(), line.amount, line.price), (thousandths, money, money));
        }
    }

    #[test]
    fn fiscal_members_never_spoil_a_cart() {
        let read = |members: &str| {
            let item = format!(r#"{{"positionId":1,"name":"n","quantity":{{"value":1}},{members}}}"#);
            match reading(&format!(r#"{{"cartItems":{{"items":[{item}]}}}}"#)) {
                CartReading::Read { cart, codes } => (cart.lines[0].fiscal.clone(), codes[0].tax),
                other => panic!("{members}: {other:?}"),
            }
        };
        assert_eq!(read(r#""tax":{"taxType":12}"#), (None, Some(12)));
        for broken in
            [r#""tax":7"#, r#""tax":{"taxType":"x"},"itemAttributes":[]"#, r#""itemAttributes":null"#]
        {
            assert_eq!(read(broken), (None, None), "{broken}");
        }
    }

    #[test]
    fn an_order_without_a_cart_has_none() {
        let empty =
            ["null", "{}", r#"{"cartItems":null}"#, r#"{"cartItems":{}}"#, r#"{"cartItems":{"items":[]}}"#];
        for bundle in empty {
            assert_eq!(reading(bundle), CartReading::Absent, "{bundle}");
        }
        assert_eq!(read(None, Some(Currency::RUB)), CartReading::Absent);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let item = |members: &str| format!(r#"{{"cartItems":{{"items":[{members}]}}}}"#);
        let minimal = r#""positionId":"1","name":"n","quantity":{"value":1}"#;
        assert!(matches!(reading(&item(&format!("{{{minimal}}}"))), CartReading::Read { .. }));
        let cases = [
            ("7".to_owned(), "orderBundle: 7 instead of an object"),
            (r#"{"cartItems":{"items":"x"}}"#.to_owned(), "items: a text instead of an array"),
            (item("3"), "items[0]: 3 instead of an object"),
            (item(r#"{"name":"n","quantity":{"value":1}}"#), "items[0].positionId: missing"),
            (item(r#"{"positionId":1,"quantity":{"value":1}}"#), "items[0].name: missing"),
            (item(r#"{"positionId":1,"name":"n"}"#), "items[0].quantity: missing"),
            (item(r#"{"positionId":1,"name":"n","quantity":{"value":0.0001}}"#), "items[0].quantity.value"),
            (item(r#"{"positionId":1,"name":"n","quantity":{"value":1e3}}"#), "items[0].quantity.value"),
            (item(&format!(r#"{{{minimal},"itemAmount":1.5}}"#)), "items[0].itemAmount: 1.5"),
            (item(&format!(r#"{{{minimal},"itemPrice":-1}}"#)), "items[0].itemPrice: -1 is below zero"),
            (item(&format!(r#"{{{minimal},"itemCurrency":"1"}}"#)), "items[0].itemCurrency"),
            (item(&format!(r#"{{{minimal},"itemCode":[]}}"#)), "items[0].itemCode: an array"),
        ];
        for (bundle, part) in cases {
            match reading(&bundle) {
                CartReading::Unreadable(error) => {
                    assert!(error.to_string().contains(part), "{bundle}: {error}")
                }
                other => panic!("{bundle}: {other:?}"),
            }
        }
    }
}
