//! A block as texts by key: what was read, or what is to be written.
//!
//! It may hold anything: an agent without a type, both contacts, the 31st of February. `Debug` shows the keys alone.

use crate::params::{Fields, KEYS, Key, Value};
use serde::{Serialize, Serializer, ser::SerializeMap};
use std::fmt;

/// Texts by key, unchecked.
#[derive(Clone, PartialEq, Eq)]
pub struct Block {
    /// By the key's place in the table.
    fields: [Option<Held>; KEYS.len()],
}

impl Default for Block {
    fn default() -> Self {
        Self { fields: [const { None }; KEYS.len()] }
    }
}

/// A value that the block owns. As JSON it is a text or an array of texts.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Held {
    One(String),
    Many(Vec<String>),
}

impl Block {
    /// An empty block.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same values as texts.
    pub fn of(fields: &dyn Fields) -> Self {
        let held = |value| match value {
            Value::One(text) => Held::One(text.to_owned()),
            Value::Many(texts) => Held::Many(texts.to_vec()),
        };
        let mut block = Self::new();
        for key in Key::all() {
            block.fields[key as usize] = fields.field(key).map(held);
        }
        block
    }

    /// Puts a text, whatever it is. For a list of telephones it is a list of this one.
    #[must_use]
    pub fn with(mut self, key: Key, text: impl Into<String>) -> Self {
        self.put(key, vec![text.into()]);
        self
    }

    /// Puts telephones, whatever they are. Of a key that holds one text, the last is taken.
    #[must_use]
    pub fn with_list(mut self, key: Key, texts: &[&str]) -> Self {
        self.put(key, texts.iter().map(|text| (*text).to_owned()).collect());
        self
    }

    /// Takes a key out.
    #[must_use]
    pub fn without(mut self, key: Key) -> Self {
        self.fields[key as usize] = None;
        self
    }

    /// The keys that are there, in the order of Sber's table.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        Key::all().filter(|key| self.has(*key))
    }

    /// Is nothing there?
    pub fn is_empty(&self) -> bool {
        self.keys().next().is_none()
    }

    pub(super) fn put(&mut self, key: Key, mut texts: Vec<String>) {
        let held = match (key.is_list(), texts.pop()) {
            (false, Some(text)) => Held::One(text),
            (false, None) => return,
            (true, last) => {
                texts.extend(last);
                Held::Many(texts)
            }
        };
        self.fields[key as usize] = Some(held);
    }
}

impl Fields for Block {
    fn field(&self, key: Key) -> Option<Value<'_>> {
        self.fields[key as usize].as_ref().map(|held| match held {
            Held::One(text) => Value::One(text),
            Held::Many(texts) => Value::Many(texts),
        })
    }
}

impl Serialize for Block {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, held) in Key::all().zip(&self.fields) {
            if let Some(held) = held {
                map.serialize_entry(key.name(), held)?;
            }
        }
        map.end()
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys().map(Key::name)).finish()
    }
}
