//! A text of a file, left where it stands.
//!
//! Only a text with an escape in it (`\\"`, `\\u0430`) has to be copied.

use serde::Deserialize;
use std::{borrow::Cow, ops::Deref};

/// A text of a file. A type of its own, because serde copies an `Option<Cow<str>>` whatever it is told.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Text<'_> {
    pub(super) fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_escape_is_copied() {
        let borrowed = |json: &str| {
            let text: Option<Text<'_>> = serde_json::from_str(json).expect("a text");
            text.map(|text| (matches!(text.0, Cow::Borrowed(_)), text.into_string()))
        };
        assert_eq!(borrowed("\"\u{427}\u{430}\u{439}\""), Some((true, "\u{427}\u{430}\u{439}".to_owned())));
        assert_eq!(borrowed(r#""a\"b""#), Some((false, "a\"b".to_owned())));
        assert_eq!(borrowed("null"), None);
    }
}
