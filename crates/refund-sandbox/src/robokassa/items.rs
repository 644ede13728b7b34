//! `InvoiceItems`: the receipt lines of a refund.
//!
//! An array of objects, whatever the page's table says (CONFIRMED, its own example), with the price
//! of *one unit* in `Cost` (CONFIRMED, vendor plugin). Knows no operation: the API keeps no cart.

use serde_json::value::RawValue;

use super::Refusal;
use crate::money::scaled_product;
use crate::switches::{ItemValues, RobokassaSwitches, Strictness};
use crate::text::json::{Members, array, number, owned, string};
use crate::text::number::scaled;

/// One line.
#[derive(Debug)]
pub(super) struct Item {
    /// Thousandths of a unit.
    quantity: u64,
    /// Kopecks for one unit.
    cost: u64,
    /// The line as it was sent.
    pub(super) raw: Box<RawValue>,
}

/// `NomenclatureCode` is not shown in the refund document but exists in the Invoice API's items and in
/// the partner refund (GUESS for refunds).
const MEMBERS: [&str; 7] =
    ["Name", "Quantity", "Cost", "Tax", "PaymentMethod", "PaymentObject", "NomenclatureCode"];

/// Rates of a Russian shop: docs' samples and transcript, `vat22` and `vat122` from the vendor plugin.
const TAXES: [&str; 12] = [
    "none", "vat0", "vat10", "vat110", "vat20", "vat120", "vat5", "vat7", "vat105", "vat107", "vat22",
    "vat122",
];

/// CONFIRMED (transcript; vendor plugin).
const METHODS: [&str; 7] = [
    "full_prepayment",
    "prepayment",
    "advance",
    "full_payment",
    "partial_payment",
    "credit",
    "credit_payment",
];

/// CONFIRMED (transcript), the hyphen of `non-operating_gain` included; `tovar_mark` is REPORTED.
const OBJECTS: [&str; 19] = [
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
    "resort_fee",
    "property_right",
    "non-operating_gain",
    "insurance_premium",
    "sales_tax",
    "tovar_mark",
];

/// Reads the array.
pub(super) fn read(text: &str, switches: &RobokassaSwitches) -> Result<Vec<Item>, Refusal> {
    let lines = array(text).ok_or_else(|| Refusal::own("InvoiceItems is not an array"))?;
    lines.into_iter().map(|line| item(line, switches)).collect()
}

/// Unit price times quantity over all lines, each rounded half up to a kopeck (rounding: GUESS).
pub(super) fn total(items: &[Item]) -> Option<u64> {
    let lines = items.iter().map(|item| scaled_product(item.cost, item.quantity, 1_000));
    lines.into_iter().try_fold(0_u64, |sum, line| sum.checked_add(line?))
}

fn item(text: &str, switches: &RobokassaSwitches) -> Result<Item, Refusal> {
    let members =
        Members::parse(text).ok_or_else(|| Refusal::own("an item is not an object of single members"))?;
    if switches.unknown_members == Strictness::Refuse && members.stranger(&MEMBERS).is_some() {
        return Err(Refusal::own("an item has an unknown member"));
    }
    if members.get("Name").and_then(string).is_none_or(|name| name.is_empty()) {
        return Err(Refusal::own("an item's Name is not a text"));
    }
    listed(&members, "Tax", &TAXES, switches.item_values)?;
    if members.get("Tax").is_none() {
        return Err(Refusal::own("an item has no Tax"));
    }
    listed(&members, "PaymentMethod", &METHODS, switches.item_values)?;
    listed(&members, "PaymentObject", &OBJECTS, switches.item_values)?;
    // Digits before and after the point: 5 and 3 for a quantity (REPORTED), 8 and 2 for a price.
    let quantity = digits(&members, "Quantity", 3, 100_000_000)?;
    if quantity == 0 {
        return Err(Refusal::own("an item's Quantity is not positive"));
    }
    let cost = digits(&members, "Cost", 2, 10_000_000_000)?;
    let raw = owned(text).ok_or_else(|| Refusal::own("an item is not JSON"))?;
    Ok(Item { quantity, cost, raw })
}

fn digits(members: &Members<'_>, name: &str, places: u32, limit: u64) -> Result<u64, Refusal> {
    let refusal = || Refusal::own(format!("an item's {name} is not a number within its digits"));
    let token = members.get(name).and_then(number).ok_or_else(refusal)?;
    scaled(token, places).ok().filter(|value| *value < limit).ok_or_else(refusal)
}

/// A member that may be absent but, if present, is a string, and a listed one where that is asked.
fn listed(members: &Members<'_>, name: &str, list: &[&str], values: ItemValues) -> Result<(), Refusal> {
    let Some(text) = members.get(name) else { return Ok(()) };
    let value = string(text).ok_or_else(|| Refusal::own(format!("an item's {name} is not a string")))?;
    if values == ItemValues::Documented && !list.contains(&value.as_str()) {
        return Err(Refusal::own(format!("an item's {name} is not a documented value")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Mode;
    use crate::switches::Switches;

    fn read_total(mode: Mode, items: &str) -> Result<Option<u64>, String> {
        let items = read(items, &Switches::preset(mode).robokassa);
        items.map(|items| total(&items)).map_err(|refusal| refusal.message)
    }

    fn line(quantity: &str, cost: &str) -> String {
        format!(r#"{{"Name":"Чай","Quantity":{quantity},"Cost":{cost},"Tax":"vat20"}}"#)
    }

    #[test]
    fn cost_is_the_price_of_one_unit() {
        for (lines, expected) in [
            (vec![line("2", "50.00")], 10_000),
            (vec![line("1.000", "100.00"), line("3", "33.33")], 19_999),
            (vec![line("0.5", "0.01")], 1),     // half a kopeck, up
            (vec![line("0.335", "9.99")], 335), // 3.34665
            (vec![], 0),
        ] {
            let items = format!("[{}]", lines.join(","));
            assert_eq!(read_total(Mode::Strict, &items), Ok(Some(expected)), "{items}");
        }
    }

    #[test]
    fn items_that_no_document_describes_are_refused() {
        let good = line("1", "1");
        for (from, to, lenient_takes_it) in [
            ("\"vat20\"", "\"vat18\"", true),
            ("\"vat20\"", "20", false),
            ("\"Tax\"", "\"tax\"", false),
            ("\"Чай\"", "\"\"", false),
            ("\"Чай\"", "null", false),
            ("\"Quantity\":1", "\"Quantity\":\"1\"", false),
            ("\"Quantity\":1", "\"Quantity\":0", false),
            ("\"Quantity\":1", "\"Quantity\":1.0001", false),
            ("\"Quantity\":1", "\"Quantity\":100000", false),
            ("\"Cost\":1", "\"Cost\":1.001", false),
            ("\"Cost\":1", "\"Cost\":-1", false),
            ("\"Cost\":1", "\"Cost\":1,\"PaymentMethod\":\"pre_payment\"", true),
            ("\"Cost\":1", "\"Cost\":1,\"PaymentObject\":\"non_operating_gain\"", true),
            ("\"Cost\":1", "\"Cost\":1,\"payment_method\":\"full_payment\"", true),
            ("\"Cost\":1", "\"Cost\":1,\"Cost\":1", false),
        ] {
            let items = format!("[{}]", good.replace(from, to));
            assert!(read_total(Mode::Strict, &items).is_err(), "strict {items}");
            assert_eq!(read_total(Mode::Lenient, &items).is_ok(), lenient_takes_it, "lenient {items}");
        }
        for items in ["{}", "\"[]\"", "[1]", "[[]]", "null"] {
            assert!(read_total(Mode::Lenient, items).is_err(), "{items}");
        }
    }
}
