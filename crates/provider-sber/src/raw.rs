//! JSON values read from the very text that came: whole numbers become integers, never floats, and what cannot be read
//! is said with its place.
//!
//! Shared by the dialects, because it knows no member of either. It must not print a text it read: a reply may hold
//! anything.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A value that cannot be read, and where it stood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {why}")]
pub struct Unreadable {
    /// The member's path, `paymentAmountInfo.refundedAmount`; `$` for the body as a whole.
    pub path: String,
    /// What is wrong with it. Texts of the reply are described, not quoted.
    pub why: String,
}

impl Unreadable {
    pub(crate) fn new(path: impl Into<String>, why: impl Into<String>) -> Self {
        Self { path: path.into(), why: why.into() }
    }
}

/// For `deserialize_with`: a member that is present, `null` included. Plain `Option` would take `null` for absent.
pub(crate) fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(from).map(Some)
}

/// A member that is present and not `null`.
pub(crate) fn given(member: Option<&RawValue>) -> Option<&RawValue> {
    member.filter(|raw| raw.get() != "null")
}

/// The whole body as one JSON object.
pub(crate) fn body<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Unreadable> {
    // A derived struct would also read itself from an array, by position.
    let first = bytes.iter().find(|byte| !b" \t\r\n".contains(byte));
    if first != Some(&b'{') {
        return Err(Unreadable::new("$", "the body is not a JSON object"));
    }
    serde_json::from_slice(bytes)
        .map_err(|error| Unreadable::new("$", format!("not JSON as expected: {error}")))
}

/// A member as a JSON object.
pub(crate) fn object<'a, T: Deserialize<'a>>(raw: &'a RawValue, path: &str) -> Result<T, Unreadable> {
    if !raw.get().starts_with('{') {
        return Err(Unreadable::new(path, format!("{} instead of an object", describe(raw))));
    }
    serde_json::from_str(raw.get()).map_err(|error| Unreadable::new(path, error.to_string()))
}

/// A member as a JSON array; one object alone counts as an array of one.
pub(crate) fn list<'a>(raw: &'a RawValue, path: &str) -> Result<Vec<&'a RawValue>, Unreadable> {
    match raw.get().as_bytes().first() {
        Some(b'{') => Ok(vec![raw]),
        Some(b'[') => {
            serde_json::from_str(raw.get()).map_err(|error| Unreadable::new(path, error.to_string()))
        }
        _ => Err(Unreadable::new(path, format!("{} instead of an array", describe(raw)))),
    }
}

/// A number's digits or a string's characters; nothing for other values.
pub(crate) fn scalar(raw: &RawValue) -> Option<String> {
    match raw.get().as_bytes().first() {
        Some(b'"') => serde_json::from_str(raw.get()).ok(),
        Some(b'-' | b'0'..=b'9') => Some(raw.get().to_owned()),
        _ => None,
    }
}

/// A whole number, written as a number or as a string of digits. A fraction, an exponent, a leading zero or plus, or
/// more than 64 bits cannot be read: none of them is attested, and `1e2` must not become an amount.
pub(crate) fn integer(raw: &RawValue, path: &str) -> Result<i64, Unreadable> {
    let refuse = || Unreadable::new(path, format!("{} instead of a whole number", describe(raw)));
    let text = scalar(raw).ok_or_else(refuse)?;
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let canonical = match digits.as_bytes() {
        [b'0'] => digits.len() == text.len(),
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    text.parse().ok().filter(|_| canonical).ok_or_else(refuse)
}

/// An amount in minor units: a whole number that is not below zero.
pub(crate) fn amount(raw: &RawValue, path: &str) -> Result<i64, Unreadable> {
    match integer(raw, path)? {
        minor @ 0.. => Ok(minor),
        minor => Err(Unreadable::new(path, format!("{minor} is below zero"))),
    }
}

/// What a value looks like. Numbers are shown, texts are not.
pub(crate) fn describe(raw: &RawValue) -> String {
    match raw.get().as_bytes().first() {
        Some(b'"') => "a text".to_owned(),
        Some(b'{') => "an object".to_owned(),
        Some(b'[') => "an array".to_owned(),
        Some(b't' | b'f') => "a truth value".to_owned(),
        Some(b'n') => "null".to_owned(),
        _ => raw.get().chars().take(24).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).expect("valid JSON")
    }

    #[test]
    fn whole_numbers_and_nothing_else() {
        let cases: &[(&str, Option<i64>)] = &[
            ("0", Some(0)),
            ("47000", Some(47_000)),
            ("\"47000\"", Some(47_000)),
            ("-1", Some(-1)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9007199254740993", Some(9_007_199_254_740_993)),
            ("9223372036854775808", None),
            ("-0", None),
            ("1.0", None),
            ("1e2", None),
            ("\"007\"", None),
            ("\"+1\"", None),
            ("\" 1\"", None),
            ("\"\"", None),
            ("\"-\"", None),
            ("true", None),
            ("null", None),
            ("{}", None),
            ("[1]", None),
        ];
        for (text, expected) in cases {
            assert_eq!(integer(&raw(text), "x").ok(), *expected, "{text}");
        }
        assert!(amount(&raw("-1"), "x").is_err());
    }

    #[test]
    fn errors_name_the_place_and_quote_no_text() {
        let error = amount(&raw("12.50"), "paymentAmountInfo.refundedAmount").expect_err("a fraction");
        assert_eq!(error.to_string(), "paymentAmountInfo.refundedAmount: 12.50 instead of a whole number");
        let error = integer(&raw("\"secret\""), "amount").expect_err("a text");
        assert_eq!(error.to_string(), "amount: a text instead of a whole number");
    }

    #[test]
    fn a_struct_is_never_read_from_an_array() {
        #[derive(Debug, Deserialize)]
        struct One {
            #[expect(dead_code, reason = "only whether it can be read matters here")]
            a: i64,
        }
        assert!(serde_json::from_str::<One>("[1]").is_ok(), "the trap this module closes");
        assert!(body::<One>(b"[1]").is_err());
        assert!(object::<One>(&raw("[1]"), "x").is_err());
        assert!(body::<One>(b" {\"a\":1}").is_ok());
    }
}
