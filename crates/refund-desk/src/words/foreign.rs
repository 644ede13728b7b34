//! What serde says about a value that does not fit, taken apart, so that it can be said in another language.
//!
//! Its sentences are read for their well-known beginnings only; one that is not recognised stays as it is. Nothing is
//! decided by them.

use refund_core::{Message, MessageDef, outcome::sanitize};

/// How a value does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// A name nobody knows, and those that are known.
    Unknown { name: String, known: String },
    /// A value that is none of the words.
    Word { found: String, known: String },
    /// A name that must be there.
    Missing { name: String },
    /// The same name twice.
    Twice { name: String },
    /// A value of another type.
    Type { found: String, expected: String },
}

/// Reads serde's English.
pub(crate) fn misfit(text: &str) -> Option<Misfit> {
    let text = without_position(text);
    let quoted = |text: &str| text.trim_matches('`').to_owned();
    if let Some(rest) = text.strip_prefix("unknown field ") {
        let (name, known) = rest.split_once(", expected ").unwrap_or((rest, ""));
        return Some(Misfit::Unknown { name: quoted(name), known: list(known) });
    }
    if let Some(rest) = text.strip_prefix("unknown variant ") {
        let (found, known) = rest.split_once(", expected ").unwrap_or((rest, ""));
        return Some(Misfit::Word { found: quoted(found), known: list(known) });
    }
    if let Some(name) = text.strip_prefix("missing field ") {
        return Some(Misfit::Missing { name: quoted(name) });
    }
    if let Some(name) = text.strip_prefix("duplicate field ") {
        return Some(Misfit::Twice { name: quoted(name) });
    }
    let (found, expected) = text.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    Some(Misfit::Type { found: found.to_owned(), expected: expected.to_owned() })
}

/// Says it.
pub(crate) fn sentence(misfit: &Misfit) -> Message {
    let tidy = |text: &str| sanitize(text, 300);
    match misfit {
        Misfit::Unknown { name, known } => {
            Message::new(&UNKNOWN).with("name", tidy(name)).with("known", tidy(known))
        }
        Misfit::Word { found, known } => {
            Message::new(&WORD).with("found", tidy(found)).with("known", tidy(known))
        }
        Misfit::Missing { name } => Message::new(&MISSING).with("name", tidy(name)),
        Misfit::Twice { name } => Message::new(&TWICE).with("name", tidy(name)),
        Misfit::Type { found, expected } => {
            // The first word is the type; the value itself stands in the file for everybody to see.
            let found = tidy(found.split(' ').next().unwrap_or_default());
            let expected = tidy(expected.trim_start_matches("an ").trim_start_matches("a "));
            Message::new(&TYPE).with("found", found).with("expected", expected)
        }
    }
}

/// A technical line without the layers an HTTP client wraps it in: those say which of its parts was at work, which
/// tells an operator nothing.
pub fn without_layers(text: &str) -> String {
    let layer = |part: &&str| *part != "error sending request" && !part.starts_with("client error (");
    text.split(": ").filter(layer).collect::<Vec<_>>().join(": ")
}

/// Where in the text: `serde_json` says it at the end, and the path says it better.
fn without_position(text: &str) -> &str {
    text.rsplit_once(" at line ").map_or(text, |(text, _)| text)
}

/// "one of `a`, `b`" → "a, b".
fn list(known: &str) -> String {
    known.trim_start_matches("one of ").replace('`', "").replace(" or ", ", ")
}

static UNKNOWN: MessageDef = MessageDef {
    id: "field-unknown",
    en: "There is no field \"{ $name }\"; the fields are: { $known }.",
    ru: "Поля «{ $name }» нет; есть поля: { $known }.",
};
static WORD: MessageDef = MessageDef {
    id: "field-word",
    en: "\"{ $found }\" is not possible here; possible are: { $known }.",
    ru: "Значение «{ $found }» здесь невозможно; возможны: { $known }.",
};
static MISSING: MessageDef = MessageDef {
    id: "field-missing",
    en: "The field \"{ $name }\" is missing.",
    ru: "Не хватает поля «{ $name }».",
};
static TWICE: MessageDef = MessageDef {
    id: "field-twice",
    en: "The field \"{ $name }\" is given twice.",
    ru: "Поле «{ $name }» указано дважды.",
};
static TYPE: MessageDef = MessageDef {
    id: "field-type",
    en: "{ $expected ->
    [string] Text in quotes is needed here
    [boolean] True or false is needed here
    [map] A table is needed here
    [object] An object is needed here
    [sequence] A list is needed here
   *[other] Another value is needed here ({ $expected })
}, and there is { $found ->
    [integer] a whole number
    [floating] a decimal number
    [string] text
    [sequence] a list
    [map] an object
   *[other] { $found }
}.",
    ru: "{ $expected ->
    [string] Здесь нужна строка в кавычках
    [boolean] Здесь нужно true или false
    [map] Здесь нужна таблица
    [object] Здесь нужен объект
    [sequence] Здесь нужен список
   *[other] Здесь нужно другое значение ({ $expected })
}, а указано: { $found ->
    [integer] целое число
    [floating] дробное число
    [string] строка
    [sequence] список
    [map] объект
   *[other] { $found }
}.",
};

/// Every sentence of this module, for tests.
pub(crate) const DEFS: &[&MessageDef] = &[&UNKNOWN, &WORD, &MISSING, &TWICE, &TYPE];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clients_layers_are_left_out() {
        let text = "connection-lost: error sending request: client error (SendRequest): connection closed";
        assert_eq!(without_layers(text), "connection-lost: connection closed");
        assert_eq!(without_layers("7: Сумма возврата превышает"), "7: Сумма возврата превышает");
    }

    #[test]
    fn serdes_sentences_are_taken_apart() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "only read")]
        struct Sample {
            word: Option<Word>,
            text: String,
        }
        #[derive(Debug, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Word {
            Cart,
            None,
        }
        let read = |json: &str| {
            let error = serde_json::from_str::<Sample>(json).expect_err(json);
            misfit(&error.to_string())
        };
        let text = |text: &str| text.to_owned();
        assert_eq!(read(r#"{"x":1}"#), Some(Misfit::Unknown { name: text("x"), known: text("word, text") }));
        assert_eq!(
            read(r#"{"word":"paper"}"#),
            Some(Misfit::Word { found: text("paper"), known: text("cart, none") })
        );
        assert_eq!(read("{}"), Some(Misfit::Missing { name: text("text") }));
        assert_eq!(read(r#"{"text":"","text":""}"#), Some(Misfit::Twice { name: text("text") }));
        let expected = Misfit::Type { found: text("floating point `1.5`"), expected: text("a string") };
        assert_eq!(read(r#"{"text":1.5}"#), Some(expected));
        assert_eq!(read("{"), None);
    }
}
