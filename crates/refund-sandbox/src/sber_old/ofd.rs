//! `additionalOfdParams`: one flat JSON object with dotted names, read into the document's names.
//!
//! Knows names, formats and what may differ from the registration; what a receipt does with it is not
//! asked here. Five codebases send dotted names and one nests them (REPORTED): names are taken in any
//! case and nesting is undone.

use std::collections::BTreeMap;

use crate::ledger::Fiscal;
use crate::switches::{SberSwitches, Strictness};
use crate::text::json::{Members, array, number, owned, string};

use Form::{Citizenship, Date, DateTime, Digits, Phones, Text};

/// The deepest name of the document has three parts.
const DEEPEST: usize = 3;

/// How a value is written; lengths are in characters.
#[derive(Clone, Copy)]
enum Form {
    /// Letters, digits, symbols. Where the document says `A` it means free text too: a cashier's name is
    /// no Latin word.
    Text(usize),
    /// This many digits, as a string or a number.
    Digits(usize, usize),
    /// An array of `+N…`, at most 19 characters each.
    Phones,
    /// `dd.mm.yyyy`.
    Date,
    /// `dd.mm.yyyy HH:MM:SS`.
    DateTime,
    /// Exactly three digits.
    Citizenship,
}

/// Whether a refund may send another value than the registration did.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Free,
    Fixed,
}

/// The document's table (CONFIRMED).
static TABLE: [(&str, Form, Change); 33] = {
    use Change::{Fixed, Free};
    [
        ("agent_info.type", Digits(1, 2), Fixed),
        ("agent_info.paying.operation", Text(24), Fixed),
        ("agent_info.paying.phones", Phones, Fixed),
        ("agent_info.paymentsOperator.phones", Phones, Fixed),
        ("agent_info.MTOperator.address", Text(256), Fixed),
        ("agent_info.MTOperator.inn", Digits(10, 12), Fixed),
        ("agent_info.MTOperator.name", Text(64), Fixed),
        ("agent_info.MTOperator.phones", Phones, Fixed),
        ("supplier_info.phones", Phones, Fixed),
        ("cashier", Text(256), Free),
        ("additional_check_props", Text(16), Free),
        ("additional_user_props.name", Text(24), Free),
        ("additional_user_props.value", Text(24), Free),
        ("cashier_inn", Digits(1, 12), Fixed),
        ("client.address", Text(256), Fixed),
        ("client.birth_date", Date, Fixed),
        ("client.citizenship", Citizenship, Fixed),
        ("client.document_code", Digits(2, 2), Fixed),
        ("client.passport_number", Text(11), Fixed),
        ("client.email", Text(64), Fixed),
        ("client.phone", Text(19), Fixed),
        ("client.inn", Digits(12, 12), Fixed),
        ("client.name", Text(256), Fixed),
        ("operatingCheckProps.name", Text(256), Fixed),
        ("operatingCheckProps.timestamp", DateTime, Fixed),
        ("operatingCheckProps.value", Text(64), Fixed),
        ("sectoralCheckProps.date", Date, Fixed),
        ("sectoralCheckProps.federalId", Text(256), Fixed),
        ("sectoralCheckProps.number", Digits(1, 32), Fixed),
        ("sectoralCheckProps.value", Text(256), Fixed),
        ("company.automat_number", Text(20), Fixed),
        ("company.location", Text(243), Fixed),
        ("company.payment_address", Text(243), Fixed),
    ]
};

/// Reads a block; the answer has the document's spelling of every known name.
pub(crate) fn read(text: &str, unknown: Strictness) -> Result<Fiscal, String> {
    let mut flat = BTreeMap::new();
    flatten(text, "", 0, &mut flat)?;
    let mut block = Fiscal::new();
    for (name, value) in flat {
        let known = row(&name);
        if known.is_none() && unknown == Strictness::Refuse {
            return Err(format!("{name} is no name of the document"));
        }
        if let Some((known, form, _)) = known
            && !fits(*form, value)
        {
            return Err(format!("{known} has another format or length"));
        }
        let spelt = known.map_or(name, |(known, _, _)| (*known).to_owned());
        let value = owned(value).ok_or("a value is not JSON")?;
        if block.insert(spelt.clone(), value).is_some() {
            return Err(format!("{spelt} is given twice"));
        }
    }
    consistent(&block)?;
    Ok(block)
}

/// Whether a refund may send this block for an order registered with that one.
pub(super) fn changeable(
    sent: &Fiscal,
    registered: Option<&Fiscal>,
    switches: &SberSwitches,
) -> Result<(), String> {
    let Some(registered) = registered else {
        return match switches.ofd_without_registration {
            Strictness::Accept => Ok(()),
            Strictness::Refuse => Err("was not sent at registration".to_owned()),
        };
    };
    // The document marks four names as free to differ; that the others are not is a GUESS.
    let differs = |name: &str, value: &str| registered.get(name).is_some_and(|known| known.get() != value);
    let fixed = |name: &str| row(name).is_some_and(|(_, _, change)| *change == Change::Fixed);
    let changed = sent.iter().find(|(name, value)| fixed(name) && differs(name, value.get()));
    match changed {
        Some((name, _)) if switches.ofd_changed_values == Strictness::Refuse => {
            Err(format!("{name} differs from the registration"))
        }
        _ => Ok(()),
    }
}

/// Between names: what stands in the document's notes.
fn consistent(block: &Fiscal) -> Result<(), String> {
    let any = |prefix: &str| block.keys().any(|name| name.starts_with(prefix));
    if any("agent_info.") && !block.contains_key("agent_info.type") {
        return Err("agent_info.type is mandatory beside other members of agent_info".to_owned());
    }
    if block.contains_key("client.email") && block.contains_key("client.phone") {
        return Err("client.email and client.phone exclude each other".to_owned());
    }
    Ok(())
}

fn flatten<'a>(
    text: &'a str,
    prefix: &str,
    depth: usize,
    flat: &mut BTreeMap<String, &'a str>,
) -> Result<(), String> {
    let members = Members::parse(text).ok_or("is not an object of single members")?;
    for (name, value) in members.iter() {
        let name = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
        if value.starts_with('{') {
            if depth + 1 >= DEEPEST {
                return Err(format!("{name} is nested too deep"));
            }
            flatten(value, &name, depth + 1, flat)?;
        } else if flat.insert(name.clone(), value).is_some() {
            return Err(format!("{name} is given twice"));
        }
    }
    Ok(())
}

fn row(name: &str) -> Option<&'static (&'static str, Form, Change)> {
    TABLE.iter().find(|(known, _, _)| known.eq_ignore_ascii_case(name))
}

fn fits(form: Form, value: &str) -> bool {
    let digits = |from: usize, to: usize| {
        let text = string(value).or_else(|| number(value).map(str::to_owned));
        let all = |text: &String| text.bytes().all(|byte| byte.is_ascii_digit());
        text.filter(all).is_some_and(|text| (from..=to).contains(&text.len()))
    };
    let pattern = |pattern: &str| string(value).is_some_and(|text| like(&text, pattern));
    match form {
        Text(longest) => string(value).is_some_and(|text| (1..=longest).contains(&text.chars().count())),
        Digits(from, to) => digits(from, to),
        Citizenship => digits(3, 3),
        Date => pattern("00.00.0000"),
        DateTime => pattern("00.00.0000 00:00:00"),
        Phones => array(value).is_some_and(|phones| phones.into_iter().all(phone)),
    }
}

fn phone(value: &str) -> bool {
    let digits = |text: &str| {
        let rest = text.strip_prefix('+').unwrap_or(text);
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())
    };
    string(value).is_some_and(|text| text.len() <= 19 && digits(&text))
}

/// Whether a text has a digit wherever the pattern has `0` and the pattern's own character elsewhere.
fn like(text: &str, pattern: &str) -> bool {
    let fits =
        |(byte, pattern): (u8, u8)| if pattern == b'0' { byte.is_ascii_digit() } else { byte == pattern };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Result<Vec<String>, String> {
        read(text, Strictness::Refuse).map(|block| block.into_keys().collect())
    }

    #[test]
    fn dotted_names_come_in_any_case_and_nesting_is_undone() {
        let expected = Ok(vec!["agent_info.MTOperator.name".to_owned(), "agent_info.type".to_owned()]);
        for text in [
            r#"{"agent_info.type":"6","agent_info.MTOperator.name":"Оператор"}"#,
            r#"{"Agent_Info.TYPE":"6","agent_info.mtoperator.name":"Оператор"}"#,
            r#"{"agent_info":{"type":"6","MTOperator":{"name":"Оператор"}}}"#,
            r#"{"agent_info":{"type":6,"MTOperator.name":"Оператор"}}"#,
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn values_have_the_documents_formats() {
        let long = |length: usize| "ж".repeat(length);
        for (name, good, bad) in [
            ("cashier", format!("\"{}\"", long(256)), format!("\"{}\"", long(257))),
            ("additional_check_props", format!("\"{}\"", long(16)), format!("\"{}\"", long(17))),
            ("additional_user_props.value", format!("\"{}\"", long(24)), format!("\"{}\"", long(25))),
            ("supplier_info.phones", r#"["+74957444401"]"#.to_owned(), r#""+74957444401""#.to_owned()),
            ("supplier_info.phones", "[]".to_owned(), r#"["+7 495"]"#.to_owned()),
            ("client.birth_date", r#""01.02.1990""#.to_owned(), r#""1990-02-01""#.to_owned()),
            ("client.citizenship", r#""643""#.to_owned(), r#""RU""#.to_owned()),
            ("client.inn", r#""123456789012""#.to_owned(), r#""1234567890""#.to_owned()),
            ("client.passport_number", r#""1111 222222""#.to_owned(), r#""1111 2222223""#.to_owned()),
            ("cashier_inn", "123456789012".to_owned(), "1234567890123".to_owned()),
            (
                "operatingCheckProps.timestamp",
                r#""21.11.2026 09:00:00""#.to_owned(),
                r#""21.11.2026T09:00:00""#.to_owned(),
            ),
            ("company.payment_address", format!("\"{}\"", long(243)), format!("\"{}\"", long(244))),
        ] {
            assert_eq!(names(&format!(r#"{{"{name}":{good}}}"#)), Ok(vec![name.to_owned()]), "{good}");
            assert_eq!(
                names(&format!(r#"{{"{name}":{bad}}}"#)),
                Err(format!("{name} has another format or length")),
                "{bad}"
            );
        }
    }

    #[test]
    fn blocks_that_cannot_be_are_refused() {
        for (text, expected) in [
            ("[]", "is not an object of single members"),
            (r#"{"cashier":"a","cashier":"b"}"#, "is not an object of single members"),
            (r#"{"cashier":"a","Cashier":"b"}"#, "cashier is given twice"),
            (
                r#"{"client.email":"a@b.ru","client.phone":"+79990000000"}"#,
                "client.email and client.phone exclude each other",
            ),
            (
                r#"{"agent_info.MTOperator.name":"x"}"#,
                "agent_info.type is mandatory beside other members of agent_info",
            ),
            (r#"{"use_legacy_vat":"1"}"#, "use_legacy_vat is no name of the document"),
            (r#"{"a":{"b":{"c":{"d":1}}}}"#, "a.b.c is nested too deep"),
        ] {
            assert_eq!(names(text), Err(expected.to_owned()), "{text}");
        }
        let kept = read(r#"{"use_legacy_vat":"1"}"#, Strictness::Accept).unwrap();
        assert_eq!(kept["use_legacy_vat"].get(), "\"1\"");
    }
}
