//! Texts that mean the same and are spelled otherwise: white space, letter case, Unicode's composed and decomposed forms.
//!
//! The gateway compares bytes, so such a difference is an error; what a person meant is plain, so it can be offered.

use super::Value;
use crate::{Line, outcome::sanitize};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// The order's own text, where what was given differs from it by spelling alone. Nothing for a text that does not print:
/// it could not be copied.
pub(super) fn meant(given: &str, order: &str) -> Option<Value> {
    (given != order && prints(order) && fold(given) == fold(order)).then(|| Value::text(order))
}

fn prints(text: &str) -> bool {
    sanitize(text, usize::MAX) == text
}

/// Composed (NFC), lower-case, words a single space apart.
fn fold(text: &str) -> String {
    let lower: String = text.nfc().flat_map(char::to_lowercase).nfc().collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The order's positions by their folded text; those that two lines share are nobody's.
#[derive(Debug)]
pub(super) struct Folded<'a>(BTreeMap<String, Option<&'a str>>);

impl<'a> Folded<'a> {
    pub(super) fn new(lines: &'a [Line]) -> Self {
        let mut index = BTreeMap::new();
        for line in lines {
            let one = index.entry(fold(&line.position)).or_insert(Some(line.position.as_str()));
            if *one != Some(line.position.as_str()) {
                *one = None;
            }
        }
        Self(index)
    }

    /// The one position that was meant.
    pub(super) fn position(&self, given: &str) -> Option<Value> {
        let position = (*self.0.get(&fold(given))?)?;
        meant(given, position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_is_no_meaning() {
        let check = |given: &str, order: &str, expected: bool| {
            assert_eq!(meant(given, order), expected.then(|| Value::text(order)), "{given:?} for {order:?}");
        };
        check("Чай ", "Чай", true);
        check("чай", "Чай", true);
        check("Чаи\u{306}", "Чай", true);
        check("Чай\u{a0}чёрный", "Чай чёрный", true);
        check("Чай  чёрный", "Чай чёрный", true);
        check("STRASSE", "Strasse", true);
        // Nothing to offer: the same, another word, a word more, a text that cannot be copied.
        check("Чай", "Чай", false);
        check("Чаи", "Чай", false);
        check("Чайчёрный", "Чай чёрный", false);
        check("Чай", "Чай\u{202e}", false);
        check("чай", "Чай\n", false);
        check("", "Чай", false);
    }

    #[test]
    fn a_position_is_offered_only_where_one_is_meant() {
        let line = |position: &str| Line::new(position, "n", crate::Quantity::from_thousandths(1));
        let lines = [line("A-1"), line("b"), line("B")];
        let folded = Folded::new(&lines);
        assert_eq!(folded.position(" a-1"), Some(Value::text("A-1")));
        assert_eq!(folded.position("A-1"), None);
        assert_eq!(folded.position(" b "), None, "b or B");
        assert_eq!(folded.position("2"), None);
    }
}
