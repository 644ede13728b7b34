//! JSON objects, read strictly: a member given twice is an error, values stay raw text.
//!
//! A duplicate is refused because two readers may pick different ones, and one of them is the
//! reader that checks. Values stay raw so that numbers keep their digits.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of one JSON object.
pub(crate) struct Members<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Members<'a> {
    /// Reads `text` as one JSON object; `None` if it is anything else or has a member twice.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).map(|value| value.get())
    }

    /// Every member, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &'a str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.get()))
    }

    /// The first name that is not among the known ones.
    pub(crate) fn stranger(&self, known: &[&str]) -> Option<&str> {
        self.0.keys().map(String::as_str).find(|name| !known.contains(name))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor).map(Members)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = BTreeMap<String, &'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value::<&'de RawValue>()?;
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a member is given twice"));
            }
        }
        Ok(members)
    }
}

/// The elements of a JSON array as raw text; `None` for anything else.
pub(crate) fn array(text: &str) -> Option<Vec<&str>> {
    let elements: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    Some(elements.into_iter().map(RawValue::get).collect())
}

/// The value of a JSON string; `None` for anything else.
pub(crate) fn string(text: &str) -> Option<String> {
    serde_json::from_str(text).ok()
}

/// The digits of a JSON number as they were written; `None` for anything else.
pub(crate) fn number(text: &str) -> Option<&str> {
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit()).then_some(text)
}

/// An owned copy of raw JSON text that has been parsed before.
pub(crate) fn owned(text: &str) -> Option<Box<RawValue>> {
    RawValue::from_string(text.to_owned()).ok()
}

/// Whether there is whitespace between the tokens of valid JSON text.
pub(crate) fn has_whitespace(text: &str) -> bool {
    let (mut in_string, mut escaped) = (false, false);
    for byte in text.bytes() {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b' ' | b'\t' | b'\r' | b'\n') => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_given_twice_is_refused_whatever_its_spelling() {
        assert!(Members::parse(r#"{"a":1,"b":2}"#).is_some());
        assert!(Members::parse(r#"{"a":1,"a":1}"#).is_none());
        assert!(Members::parse(r#"{"a":1,"\u0061":2}"#).is_none());
        assert!(Members::parse("[]").is_none());
        assert!(Members::parse(r#"{"a":1} x"#).is_none());
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(1_000_000), "]".repeat(1_000_000));
        // Either answer is fine as long as there is one.
        let _ = Members::parse(&deep).is_some();
        let _ = array(&"[".repeat(1_000_000)).is_some();
    }

    #[test]
    fn whitespace_counts_only_between_tokens() {
        for (text, expected) in [
            (r#"{"a":"b c"}"#, false),
            (r#"{"a": 1}"#, true),
            (r#"{"a\" ":1}"#, false),
            (r#"{"a\\":1}"#, false),
            (r#"{"a\\": 1}"#, true),
            ("{\"a\":1}\n", true),
        ] {
            assert_eq!(has_whitespace(text), expected, "{text}");
        }
    }
}
