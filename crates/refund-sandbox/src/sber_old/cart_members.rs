//! Formats and lengths of the optional members of a cart line: the rule about formats, apart from the
//! members other rules count with.
//!
//! Limits are the platform vendor's (CONFIRMED there). Members nobody lists are left alone: extra ones do
//! no harm on that platform.

use super::cart::{Complaint, short, whole};
use crate::text::json::{Members, array, number, string};

pub(super) fn check(line: &Members<'_>) -> Result<(), Complaint> {
    if let Some(tax) = line.get("tax") {
        let tax = object(tax, "tax")?;
        for name in ["taxType", "taxSum"] {
            if tax.get(name).is_some_and(|value| whole(value).is_none()) {
                return Err(format!("tax.{name} is not N..12"));
            }
        }
    }
    pair(line, "discount", "discountType", "discountValue")?;
    pair(line, "agentInterest", "interestType", "interestValue")?;
    details(line)?;
    attributes(line)
}

fn object<'a>(text: &'a str, name: &str) -> Result<Members<'a>, Complaint> {
    Members::parse(text).ok_or_else(|| format!("{name} is not an object of single members"))
}

/// A type and a value of at most 20 characters; the value may be a number.
fn pair(line: &Members<'_>, name: &str, kind: &str, value: &str) -> Result<(), Complaint> {
    let Some(text) = line.get(name) else { return Ok(()) };
    let members = object(text, name)?;
    if let Some(text) = members.get(kind) {
        short(text, &format!("{name}.{kind}"), 20)?;
    }
    match members.get(value) {
        Some(text) if number(text).is_some_and(|digits| digits.len() <= 20) => Ok(()),
        Some(text) => short(text, &format!("{name}.{value}"), 20).map(drop),
        None => Ok(()),
    }
}

/// Names of at most 255 and values of at most 2000 characters; an empty object is what samples send.
fn details(line: &Members<'_>) -> Result<(), Complaint> {
    let Some(text) = line.get("itemDetails") else { return Ok(()) };
    let Some(list) = object(text, "itemDetails")?.get("itemDetailsParams") else { return Ok(()) };
    for entry in array(list).ok_or("itemDetails.itemDetailsParams is not an array")? {
        let entry = object(entry, "an entry of itemDetailsParams")?;
        for (name, limit) in [("name", 255), ("value", 2_000)] {
            let text =
                entry.get(name).ok_or_else(|| format!("an entry of itemDetailsParams has no {name}"))?;
            short(text, &format!("itemDetailsParams.{name}"), limit)?;
        }
    }
    Ok(())
}

/// Always an array of name/value pairs (CONFIRMED, platform vendor).
fn attributes(line: &Members<'_>) -> Result<(), Complaint> {
    let Some(text) = line.get("itemAttributes") else { return Ok(()) };
    let list = object(text, "itemAttributes")?.get("attributes").and_then(array);
    for entry in list.ok_or("itemAttributes.attributes is not an array")? {
        let entry = object(entry, "an attribute")?;
        let name = entry.get("name").and_then(string).ok_or("an attribute has no name")?;
        let value = entry.get("value").ok_or_else(|| format!("attribute {name} has no value"))?;
        // Payment objects go up to 33 since FFD 1.2 (CONFIRMED, ecomtest).
        let known = match name.as_str() {
            "paymentMethod" => 1..=7,
            "paymentObject" => 1..=33,
            _ => continue,
        };
        if !whole(value).is_some_and(|value| known.contains(&value)) {
            return Err(format!("attribute {name} is none of its values"));
        }
    }
    Ok(())
}
