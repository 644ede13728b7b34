//! The toy's language: lines of `name value`.

use std::collections::BTreeMap;

/// Lines by name.
pub(crate) struct Lines<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Lines<'a> {
    /// `None` unless every line is `name value` and no name stands twice.
    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        let mut lines = BTreeMap::new();
        for line in std::str::from_utf8(body).ok()?.lines() {
            let (name, value) = line.split_once(' ')?;
            if name.is_empty() || name.contains('<') || lines.insert(name, value).is_some() {
                return None;
            }
        }
        Some(Self(lines))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).copied()
    }

    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().map(|(name, value)| (*name, *value))
    }
}
