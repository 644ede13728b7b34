//! Reading a block, tolerant in form and strict in telling.

use super::{
    Block,
    notes::{
        DEEP, DUPLICATE_KEY, KEY_SPELLING, KIND, NESTED, NULL, NUMBER, SPELLING, TWICE, UNKNOWN, UNKNOWN_KEY,
        VALUE_KIND,
    },
};
use crate::{
    Findings, Violation,
    params::{Fields, Key},
    shown,
};
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;
use std::fmt;

/// How deep objects may be nested: `agent_info`, `MTOperator` and one more.
const DEEPEST: usize = 3;

/// A block that was read, with every liberty that was taken and everything that could not be read.
#[derive(Clone, Debug)]
pub struct Reading {
    block: Block,
    notes: Findings,
}

impl Reading {
    /// The block.
    pub fn block(&self) -> &Block {
        &self.block
    }

    /// The block alone.
    pub fn into_block(self) -> Block {
        self.block
    }

    /// What was wrong with the form: unknown keys, values of another kind, other spellings. An error here means that
    /// something could not be taken over.
    pub fn notes(&self) -> &Findings {
        &self.notes
    }
}

/// The text is not a JSON object. It does not hold the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "additionalOfdParams is not a JSON object: line {}, column {}", self.line, self.column)
    }
}

impl std::error::Error for ReadError {}

/// Reads a block from JSON.
///
/// # Errors
/// [`ReadError`] when the text is not one JSON object. Everything else is told in [`Reading::notes`].
pub fn read(json: &str) -> Result<Reading, ReadError> {
    let members: Members<'_> = serde_json::from_str(json)
        .map_err(|error| ReadError { line: error.line(), column: error.column() })?;
    let mut reader = Reader { block: Block::new(), notes: Vec::new() };
    reader.object(&members, "", 1);
    Ok(Reading { block: reader.block, notes: reader.notes.into() })
}

/// An object's members in their order, repeated ones too.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Visitor).map(Members)
    }
}

struct Reader {
    block: Block,
    notes: Vec<Violation>,
}

/// What a JSON value is.
enum Kind<'a> {
    Text(String),
    Number(&'a str),
    Null,
    Bool(&'a str),
    List(Vec<&'a RawValue>),
    Object(Members<'a>),
}

impl Reader {
    fn object(&mut self, members: &Members<'_>, prefix: &str, depth: usize) {
        for (name, raw) in &members.0 {
            let path = format!("{prefix}{name}");
            match (Key::parse_any_case(&path), kind(raw)) {
                (Some(key), kind) => self.member(key, &path, kind, depth),
                (None, Some(Kind::Object(inner))) if depth < DEEPEST && is_group(&path) => {
                    self.object(&inner, &format!("{path}."), depth + 1);
                }
                (None, _) => self.notes.push(Violation::at_path(&UNKNOWN_KEY, &UNKNOWN, shown::plain(&path))),
            }
        }
    }

    fn member(&mut self, key: Key, path: &str, kind: Option<Kind<'_>>, depth: usize) {
        if depth > 1 {
            self.notes.push(Violation::new(&NESTED, &DEEP, key));
        }
        if path != key.name() {
            let violation = Violation::new(&KEY_SPELLING, &SPELLING, key);
            self.notes.push(violation.with("value", shown::plain(path)));
        }
        if self.block.has(key) {
            return self.notes.push(Violation::new(&DUPLICATE_KEY, &TWICE, key));
        }
        match kind {
            Some(Kind::List(list)) if key.is_list() => self.list(key, &list),
            Some(kind) => {
                if let Some(text) = self.text(key, None, kind) {
                    self.block.put(key, vec![text]);
                }
            }
            None => self.wrong_kind(key, None, "?"),
        }
    }

    fn list(&mut self, key: Key, list: &[&RawValue]) {
        let texts = list.iter().enumerate().filter_map(|(index, raw)| match kind(raw) {
            Some(kind) => self.text(key, Some(index), kind),
            None => {
                self.wrong_kind(key, Some(index), "?");
                None
            }
        });
        let texts = texts.collect();
        self.block.put(key, texts);
    }

    /// The text of a value; a number's digits as they stood.
    fn text(&mut self, key: Key, index: Option<usize>, kind: Kind<'_>) -> Option<String> {
        match kind {
            Kind::Text(text) => return Some(text),
            Kind::Number(digits) => {
                self.notes.push(Violation::in_list(&VALUE_KIND, &NUMBER, key, index).warning());
                return Some(digits.to_owned());
            }
            Kind::Null => self.notes.push(Violation::in_list(&VALUE_KIND, &NULL, key, index).warning()),
            Kind::Bool(word) => self.wrong_kind(key, index, word),
            Kind::List(_) => self.wrong_kind(key, index, "[…]"),
            Kind::Object(_) => self.wrong_kind(key, index, "{…}"),
        }
        None
    }

    fn wrong_kind(&mut self, key: Key, index: Option<usize>, value: &str) {
        let belongs = if key.is_list() && index.is_none() { "[\"…\"]" } else { "\"…\"" };
        let violation = Violation::in_list(&VALUE_KIND, &KIND, key, index).with("value", value);
        self.notes.push(violation.with("limit", belongs));
    }
}

/// Does some key lie below this name?
fn is_group(path: &str) -> bool {
    let below = |key: Key| {
        let (name, length) = (key.name().as_bytes(), path.len());
        name.len() > length && name[length] == b'.' && name[..length].eq_ignore_ascii_case(path.as_bytes())
    };
    Key::all().any(below)
}

/// `None` for a number too long to be JSON of this reader, which does not happen: raw values are valid JSON.
fn kind(raw: &RawValue) -> Option<Kind<'_>> {
    let json = raw.get();
    Some(match json.as_bytes().first()? {
        b'"' => Kind::Text(serde_json::from_str(json).ok()?),
        b'{' => Kind::Object(serde_json::from_str(json).ok()?),
        b'[' => Kind::List(serde_json::from_str(json).ok()?),
        b'n' => Kind::Null,
        b't' | b'f' => Kind::Bool(json),
        _ => Kind::Number(json),
    })
}
