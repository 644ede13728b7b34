//! The toolkit's sentences in Russian and English.
//!
//! [`refund_core::Message`] is a sentence as data: a Fluent pattern in each language and the values to put in. This
//! crate puts them together with `fluent-bundle`. It must not know where a sentence is shown, nor the journal, nor a
//! gateway; it reads no environment (the caller hands the value of `LANG` to [`Lang::from_env_value`]).
//!
//! # Writing a pattern
//!
//! Values are text and enter as they are: `{ $amount }`. A pattern that *selects* on a value gets it as a number if it
//! is a whole number, so Russian plurals work; each form stands on a line of its own:
//!
//! ```
//! use refund_core::{Message, MessageDef};
//! use refund_text::{Lang, render};
//!
//! static FOUND: MessageDef = MessageDef {
//!     id: "found",
//!     en: "{ $n ->
//!         [one] { $n } refund
//!        *[other] { $n } refunds
//!     } found.",
//!     ru: "{ $n ->
//!         [one] Найден { $n } возврат
//!         [few] Найдено { $n } возврата
//!        *[many] Найдено { $n } возвратов
//!     }.",
//! };
//! refund_text::check_def(&FOUND)?;
//! assert_eq!(render(&Message::new(&FOUND).with("n", 22), Lang::Ru), "Найдено 22 возврата.");
//! assert_eq!(render(&Message::new(&FOUND).with("n", 1), Lang::En), "1 refund found.");
//! # Ok::<(), refund_text::DefError>(())
//! ```
//!
//! A pattern may also select on a word: `{ $state -> [held] удержан *[other] { $state } }`. It may not refer to other
//! messages, terms or functions. [`check_def`] finds all of that in a test, so that [`render`] never has to fail.
#![deny(missing_docs)]

mod check;
mod forms;
mod lang;
mod pattern;

pub use check::{DefError, Problem, check_def};
pub use forms::{counted, forms};
pub use lang::{Lang, UnknownLang};

use pattern::Pattern;
use refund_core::{Message, MessageDef};

/// The sentence in a language.
///
/// Total: a pattern that cannot be read is shown as it is written, and whenever a pattern could not use its values
/// (broken, or a value it asks for is missing) the values follow in parentheses, so that nothing a person needs is
/// hidden. Values are inserted as they are, without bidirectional isolates; a value the pattern does not ask for is
/// left out.
pub fn render(message: &Message, lang: Lang) -> String {
    let (written, values) = (lang.pattern_of(message.def()), message.args());
    match Pattern::parse(written) {
        Ok(pattern) => pattern.fill(values, lang).unwrap_or_else(|holed| with_values(&holed, values)),
        Err(_) => with_values(written, values),
    }
}

/// A sentence that has no values, in a language.
pub fn render_def(def: &'static MessageDef, lang: Lang) -> String {
    render(&Message::new(def), lang)
}

/// `text (amount = 150.00 RUB; left = 3)`.
fn with_values(text: &str, values: &[(&'static str, String)]) -> String {
    let list: Vec<_> = values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    match list.is_empty() {
        true => text.to_owned(),
        false => format!("{text} ({})", list.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A definition made at run time; leaked, because definitions are constants everywhere else.
    fn def(en: &str, ru: &str) -> &'static MessageDef {
        let keep = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
        Box::leak(Box::new(MessageDef { id: "test", en: keep(en), ru: keep(ru) }))
    }

    #[test]
    fn values_enter_as_they_are() {
        let message = Message::new(def("{ $asked } of { $left }", "{ $asked } из { $left }"));
        let message = message.with("asked", "1.10 RUB").with("left", "{ $asked } \u{202e}«x»");
        assert_eq!(render(&message, Lang::En), "1.10 RUB of { $asked } \u{202e}«x»");
        assert_eq!(render(&message, Lang::Ru), "1.10 RUB из { $asked } \u{202e}«x»");
    }

    #[test]
    fn russian_counts_in_three_forms() {
        let ru = "{ $n ->\n [one] { $n } возврат\n [few] { $n } возврата\n*[many] { $n } возвратов\n}";
        let en = "{ $n ->\n [one] { $n } refund\n*[other] { $n } refunds\n}";
        let cases = [
            ("0", "0 возвратов", "0 refunds"),
            ("1", "1 возврат", "1 refund"),
            ("2", "2 возврата", "2 refunds"),
            ("5", "5 возвратов", "5 refunds"),
            ("11", "11 возвратов", "11 refunds"),
            ("12", "12 возвратов", "12 refunds"),
            ("21", "21 возврат", "21 refunds"),
            ("22", "22 возврата", "22 refunds"),
            ("25", "25 возвратов", "25 refunds"),
            ("101", "101 возврат", "101 refunds"),
            ("111", "111 возвратов", "111 refunds"),
            ("1000002", "1000002 возврата", "1000002 refunds"),
            ("-1", "-1 возврат", "-1 refund"),
            // Not whole numbers in their plain form: text, and the form without a condition.
            ("007", "007 возвратов", "007 refunds"),
            ("1.00", "1.00 возвратов", "1.00 refunds"),
            ("inf", "inf возвратов", "inf refunds"),
            ("9007199254740993", "9007199254740993 возвратов", "9007199254740993 refunds"),
            ("", " возвратов", " refunds"),
        ];
        for (count, russian, english) in cases {
            let message = Message::new(def(en, ru)).with("n", count);
            assert_eq!(render(&message, Lang::Ru), russian, "{count:?}");
            assert_eq!(render(&message, Lang::En), english, "{count:?}");
        }
    }

    #[test]
    fn a_pattern_selects_on_numbers_and_words() {
        let pattern = "{ $what ->\n [0] none\n [held] on hold\n*[other] { $what }\n}";
        let rendered = |what| render(&Message::new(def(pattern, pattern)).with("what", what), Lang::Ru);
        assert_eq!([rendered("0"), rendered("held"), rendered("7")], ["none", "on hold", "7"]);
    }

    #[test]
    fn no_value_is_hidden_by_a_mistake() {
        let cases = [
            // A value is missing.
            ("Asked { $asked }, left { $left }.", "Asked 5, left {$left}. (asked = 5)"),
            ("{ $n ->\n [one] a\n*[other] b\n}", "b (asked = 5)"),
            // Not a pattern: an open brace, no default form, nothing at all, an attribute that would swallow text.
            ("Asked { $asked", "Asked { $asked (asked = 5)"),
            ("{ $asked ->\n [one] a\n}", "{ $asked ->\n [one] a\n} (asked = 5)"),
            ("", " (asked = 5)"),
            ("text\n.hidden = { $asked }", "text\n.hidden = { $asked } (asked = 5)"),
            // References to what is not there.
            ("{ other } { $asked }", "{other} 5 (asked = 5)"),
            ("{ NUMBER($asked) }", "{NUMBER()} (asked = 5)"),
        ];
        for (pattern, expected) in cases {
            let message = Message::new(def(pattern, pattern)).with("asked", 5);
            assert_eq!(render(&message, Lang::En), expected, "{pattern:?}");
        }
        assert_eq!(render_def(def("", "Готово."), Lang::Ru), "Готово.");
    }

    proptest! {
        #[test]
        fn nothing_panics_and_a_plain_pattern_shows_every_value(
            pattern in "[a-z{}$\\[\\]*.=\"\\-> \n\u{a0}ж№#\\\\]{0,40}", one in "\\PC{0,12}", other in "\\PC{0,12}",
        ) {
            let message = Message::new(def(&pattern, &pattern)).with("a", &one).with("b", &other);
            let _ = (render(&message, Lang::En), render(&message, Lang::Ru));
            let _ = check_def(message.def());

            let plain = Message::new(def("{ $a }|{ $b }", "{ $b }|{ $a }")).with("a", &one).with("b", &other);
            prop_assert_eq!(render(&plain, Lang::En), format!("{one}|{other}"));
            prop_assert_eq!(render(&plain, Lang::Ru), format!("{other}|{one}"));
        }

        #[test]
        fn a_counted_number_prints_as_it_was_given(count: i64) {
            let pattern = "{ $n ->\n [one] { $n }\n*[other] { $n }\n}";
            let message = Message::new(def(pattern, pattern)).with("n", count);
            prop_assert_eq!(render(&message, Lang::Ru), count.to_string());
        }
    }
}
