//! Cart lines as the OLD dialect writes them, read into integers.
//!
//! Reads both carts: the one an order was registered with and the one a refund sends. Which refund
//! cart fits which order is in `rules`.

use serde_json::value::RawValue;

use super::cart_members;
use crate::text::json::{Members, array, number, owned, string};
use crate::text::number::{digits12, scaled};

/// One position.
#[derive(Debug)]
pub(crate) struct Line {
    /// Digits without leading zeros: `1` and `"1"` are one position (REPORTED: both are sent).
    pub(super) position: u64,
    pub(super) name: Option<String>,
    pub(super) code: Option<String>,
    /// Thousandths: at most three decimals (CONFIRMED, platform vendor).
    pub(super) quantity: u64,
    /// Minor units for the whole position.
    pub(super) amount: Option<u64>,
    /// Minor units for one unit.
    pub(super) price: Option<u64>,
    /// ISO 4217 numeric, three digits.
    pub(super) currency: Option<String>,
    /// The line as it was sent.
    pub(super) raw: Box<RawValue>,
}

/// The platform vendor's limit for a name (CONFIRMED there).
const LONGEST_NAME: usize = 255;

/// What is wrong with a line, for a person.
pub(crate) type Complaint = String;

impl Line {
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// The position's sum, if the line says it: `itemAmount`, else price times quantity, half up
    /// (CONFIRMED, Sber wiki, credit registration page).
    pub(crate) fn sum(&self) -> Option<u64> {
        let product = || crate::money::scaled_product(self.price?, self.quantity, 1_000);
        self.amount.or_else(product)
    }
}

/// `refundItems`: an object whose one member `items` is an array (CONFIRMED, platform vendor).
pub(super) fn refund_lines(text: &str, name_limit: usize) -> Result<Vec<Line>, Complaint> {
    let members = Members::parse(text).ok_or("refundItems is not an object of single members")?;
    let items = members.get("items").and_then(array).ok_or("refundItems.items is not an array")?;
    if items.is_empty() {
        return Err("refundItems.items is empty".to_owned());
    }
    items.into_iter().map(|item| line(item, name_limit)).collect()
}

/// A line of a registered cart: it must also have a name, a code, a measure and a sum.
pub(crate) fn registered_line(text: &str) -> Result<Line, Complaint> {
    let line = line(text, LONGEST_NAME)?;
    if line.name.is_none() || line.code.is_none() {
        return Err("a registered position needs name and itemCode".to_owned());
    }
    if line.sum().is_none() {
        return Err("a registered position needs itemPrice or itemAmount".to_owned());
    }
    Ok(line)
}

/// A line of a refund that was accepted before.
pub(super) fn earlier_line(text: &str) -> Result<Line, Complaint> {
    line(text, LONGEST_NAME)
}

/// `positionId` and `quantity` are enough for a refund (CONFIRMED, Sber wiki); what else is sent must
/// have its format.
fn line(text: &str, name_limit: usize) -> Result<Line, Complaint> {
    let members = Members::parse(text).ok_or("an item is not an object of single members")?;
    let position = members.get("positionId").ok_or("an item has no positionId")?;
    let quantity = members.get("quantity").ok_or("an item has no quantity")?;
    cart_members::check(&members)?;
    Ok(Line {
        position: whole(position).ok_or("positionId is not N..12")?,
        name: members.get("name").map(|text| short(text, "name", name_limit)).transpose()?,
        code: members.get("itemCode").map(|text| short(text, "itemCode", 100)).transpose()?,
        quantity: thousandths(quantity)?,
        amount: members.get("itemAmount").map(|text| minor(text, "itemAmount")).transpose()?,
        price: members.get("itemPrice").map(|text| minor(text, "itemPrice")).transpose()?,
        currency: members.get("itemCurrency").map(currency).transpose()?,
        raw: owned(text).ok_or("an item is not JSON")?,
    })
}

fn thousandths(text: &str) -> Result<u64, Complaint> {
    let members = Members::parse(text).ok_or("quantity is not an object of single members")?;
    if let Some(measure) = members.get("measure") {
        short(measure, "quantity.measure", 20)?;
    }
    let value = members.get("value").and_then(number).ok_or("quantity.value is not a number")?;
    let value = scaled(value, 3).map_err(|_| "quantity.value is not a number of at most three decimals")?;
    if value == 0 { Err("quantity.value is not positive".to_owned()) } else { Ok(value) }
}

/// An integer of at most twelve digits, as a number or as a string of digits.
pub(super) fn whole(text: &str) -> Option<u64> {
    let digits = string(text).or_else(|| number(text).map(str::to_owned))?;
    digits12(&digits)
}

/// `N3`, as a number or as a string.
fn currency(text: &str) -> Result<String, Complaint> {
    let digits = string(text).or_else(|| number(text).map(str::to_owned));
    let three = digits.filter(|text| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit()));
    three.ok_or_else(|| "itemCurrency is not N3".to_owned())
}

fn minor(text: &str, name: &str) -> Result<u64, Complaint> {
    whole(text).ok_or_else(|| format!("{name} is not N..12"))
}

/// A text of 1 to `limit` characters. Limits are the platform vendor's (CONFIRMED there); plugins cut
/// `name` to 100 (REPORTED).
pub(super) fn short(text: &str, name: &str, limit: usize) -> Result<String, Complaint> {
    let value = string(text).ok_or_else(|| format!("{name} is not a string"))?;
    let length = value.chars().count();
    if (1..=limit).contains(&length) {
        Ok(value)
    } else {
        Err(format!("{name} is not 1 to {limit} characters"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"positionId":1,"name":"Чай","quantity":{"value":1.5,"measure":"кг"},"itemPrice":101,"itemCode":"t-1"}"#;

    fn reads(item: &str) -> bool {
        refund_lines(&format!(r#"{{"items":[{item}]}}"#), 255).is_ok()
    }

    #[test]
    fn a_line_is_read_into_integers() {
        let line = registered_line(GOOD).unwrap();
        assert_eq!((line.position, line.quantity, line.price, line.amount), (1, 1_500, Some(101), None));
        assert_eq!(line.sum(), Some(152)); // 151.5
        assert_eq!(line.raw.get(), GOOD);
    }

    #[test]
    fn working_clients_write_numbers_either_way() {
        for (from, to) in
            [("\"positionId\":1", "\"positionId\":\"1\""), ("\"itemPrice\":101", "\"itemPrice\":\"101\"")]
        {
            assert!(reads(&GOOD.replace(from, to)), "{to}");
        }
        assert!(reads(r#"{"positionId":1,"quantity":{"value":1}}"#));
    }

    #[test]
    fn names_and_codes_are_measured_in_characters() {
        let named = |length: usize| GOOD.replace("Чай", &"ё".repeat(length));
        let lines = |item: &str, limit| refund_lines(&format!(r#"{{"items":[{item}]}}"#), limit).is_ok();
        assert!(lines(&named(255), 255) && !lines(&named(256), 255));
        assert!(lines(&named(100), 100) && !lines(&named(101), 100));
        let coded = |length: usize| GOOD.replace("t-1", &"ё".repeat(length));
        assert!(reads(&coded(100)) && !reads(&coded(101)));
    }

    #[test]
    fn everything_the_documents_show_is_read() {
        // Optional members as the platform vendor's pages and working clients write them.
        for member in [
            r#""itemDetails":{}"#,
            r#""itemDetails":{"itemDetailsParams":[{"name":"color","value":"red"}]}"#,
            r#""itemCurrency":643"#,
            r#""itemCurrency":"643""#,
            r#""tax":{"taxType":6,"taxSum":7833}"#,
            r#""tax":{"taxType":"6"}"#,
            r#""discount":{"discountType":"percent","discountValue":"10"}"#,
            r#""agentInterest":{"interestType":"percent","interestValue":5}"#,
            r#""itemAttributes":{"attributes":[{"name":"paymentMethod","value":"4"},{"name":"paymentObject","value":"1"},{"name":"agent_info","value":{"type":"6"}}]}"#,
            r#""somethingOfANewerVersion":[1]"#,
        ] {
            assert!(
                reads(&GOOD.replace("\"positionId\":1", &format!("\"positionId\":1,{member}"))),
                "{member}"
            );
        }
    }

    #[test]
    fn broken_lines_are_refused() {
        for (from, to) in [
            ("\"positionId\":1", "\"positionId\":1.5"),
            ("\"positionId\":1", "\"positionId\":null"),
            ("\"positionId\":1", "\"positionId\":1,\"positionId\":1"),
            ("\"value\":1.5", "\"value\":\"1.5\""),
            ("\"value\":1.5", "\"value\":1.2345"),
            ("\"value\":1.5", "\"value\":0"),
            ("\"value\":1.5", "\"value\":-1"),
            ("\"itemPrice\":101", "\"itemPrice\":1.01"),
            ("\"itemPrice\":101", "\"itemPrice\":1000000000000"),
            ("\"Чай\"", "\"\""),
            ("\"кг\"", "7"),
            ("\"кг\"", "\"килограмм сахарного песка\""), // 24 characters
            ("\"positionId\":1", "\"positionId\":1234567890123"),
            ("\"positionId\":1", "\"positionId\":1,\"itemCurrency\":\"RUB\""),
            ("\"positionId\":1", "\"positionId\":1,\"itemCurrency\":6430"),
            ("\"positionId\":1", "\"positionId\":1,\"tax\":6"),
            ("\"positionId\":1", "\"positionId\":1,\"tax\":{\"taxType\":\"nds\"}"),
            ("\"positionId\":1", "\"positionId\":1,\"tax\":{\"taxType\":6,\"taxSum\":1.5}"),
            ("\"positionId\":1", "\"positionId\":1,\"itemDetails\":{\"itemDetailsParams\":{}}"),
            (
                "\"positionId\":1",
                "\"positionId\":1,\"discount\":{\"discountType\":\"a discount type that is long\"}",
            ),
            ("\"positionId\":1", "\"positionId\":1,\"itemAttributes\":{\"paymentMethod\":\"4\"}"),
            (
                "\"positionId\":1",
                "\"positionId\":1,\"itemAttributes\":{\"attributes\":[{\"name\":\"paymentMethod\",\"value\":\"8\"}]}",
            ),
        ] {
            assert!(!reads(&GOOD.replace(from, to)), "{to}");
        }
        for text in ["", "[]", "{}", r#"{"items":{}}"#, r#"{"items":[]}"#, r#"{"items":[1]}"#] {
            assert!(refund_lines(text, 255).is_err(), "{text}");
        }
    }
}
