//! What of a value may be shown: plain values cut and escaped, personal ones as their shape alone.
//!
//! It must not know which values are personal: that stands with each key.

/// The most characters that are shown.
const MOST: usize = 40;

/// The value for people: cut, control characters escaped.
pub(crate) fn plain(text: &str) -> String {
    shaped(text, |c| c)
}

/// The shape of a personal value: every letter and digit is a star, separators stay, because they are what is usually
/// wrong: `+371 2 1234567` is `+*** * *******`.
pub(crate) fn masked(text: &str) -> String {
    shaped(text, |c| if is_separator(c) { c } else { '*' })
}

fn is_separator(c: char) -> bool {
    c.is_control() || matches!(c, ' ' | '+' | '-' | '.' | '/' | '@' | '(' | ')')
}

fn shaped(text: &str, show: impl Fn(char) -> char) -> String {
    let mut shown = String::new();
    for c in text.chars().take(MOST).map(show) {
        match c.is_control() {
            true => shown.extend(c.escape_unicode()),
            false => shown.push(c),
        }
    }
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn personal_values_show_their_shape() {
        let cases = [
            ("+371 2 1234567", "+*** * *******"),
            ("ivan@example.ru", "****@*******.**"),
            ("4500 123456", "**** ******"),
            ("Иванов\nИ.", "******\\u{a}*."),
            ("\u{202e}", "*"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(masked(text), expected, "{text:?}");
        }
        assert_eq!(plain("31.02.2026"), "31.02.2026");
        assert_eq!(plain(&"x".repeat(41)), format!("{}…", "x".repeat(40)));
    }

    proptest! {
        #[test]
        fn no_letter_and_no_digit_survives_masking(text in "\\PC{0,60}") {
            let shown = masked(&text);
            prop_assert!(!shown.chars().any(char::is_alphanumeric), "{}", shown);
        }
    }
}
