//! Mistakes of files as problems: the sentence, the place, what would have been right. They must not know a gateway.

use super::sentences::{
    BAD_AMOUNT, BAD_ID, BAD_QUANTITY, EMPTY_ID, LONG_ID, MALFORMED, NO_CURRENCY, NOT_A_NUMBER, OTHER_SCHEMA,
    QUANTITY_DECIMALS, QUANTITY_NOT_A_NUMBER, SEE_EXAMPLE, SYNTAX, TOO_MANY_DECIMALS, WRITE_AMOUNT,
    WRITE_QUANTITY,
};
use crate::{
    problem::{Kind, Problem},
    words::foreign,
};
use refund_core::{IdError, Message, MessageDef, MoneyError, QuantityError};

/// A value that breaks the schema, at a path.
pub(super) fn wrong(message: impl Into<Message>, at: &str) -> Problem {
    Problem::new(Kind::Rules, message).at(at)
}

/// What serde says, in our words; `example` shows a file that is right.
pub(super) fn malformed(path: &str, error: &serde_json::Error, example: &str) -> Problem {
    let amount = ["amount", "penalty", "paid", "price", "points"].contains(&last(path));
    let advice = match last(path) {
        _ if amount => Message::new(&WRITE_AMOUNT),
        "quantity" => Message::new(&WRITE_QUANTITY),
        _ => see(example),
    };
    let problem = Problem::new(Kind::Rules, mismatch(error)).advise(advice);
    // The path of the whole is a dot, which tells nobody anything.
    if matches!(path, "" | "." | "?") { problem } else { problem.at(path) }
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn mismatch(error: &serde_json::Error) -> Message {
    let text = error.to_string();
    match foreign::misfit(&text) {
        Some(misfit) => foreign::sentence(&misfit),
        None if error.is_eof() || error.is_syntax() => {
            Message::new(&SYNTAX).with("line", error.line()).with("column", error.column())
        }
        None => Message::new(&MALFORMED).with("error", tidy(&text)),
    }
}

/// What a file that is right looks like.
pub(super) fn see(example: &str) -> Message {
    Message::new(&SEE_EXAMPLE).with("example", example)
}

pub(super) fn other_schema(found: &str, expected: &str) -> Problem {
    wrong(Message::new(&OTHER_SCHEMA).with("found", tidy(found)).with("expected", expected), "schema")
}

pub(super) fn bad_amount(error: &MoneyError, at: &str) -> Problem {
    let message = match error {
        MoneyError::TooManyDecimals { text, .. } => Message::new(&TOO_MANY_DECIMALS).with("text", tidy(text)),
        MoneyError::NotANumber { text } => Message::new(&NOT_A_NUMBER).with("text", tidy(text)),
        other => Message::new(&BAD_AMOUNT).with("error", other),
    };
    wrong(message, at).advise(&WRITE_AMOUNT)
}

pub(super) fn bad_quantity(error: &QuantityError, at: &str) -> Problem {
    let message = match error {
        QuantityError::TooManyDecimals { text } => Message::new(&QUANTITY_DECIMALS).with("text", tidy(text)),
        QuantityError::NotANumber { text } => Message::new(&QUANTITY_NOT_A_NUMBER).with("text", tidy(text)),
        other => Message::new(&BAD_QUANTITY).with("error", other),
    };
    wrong(message, at).advise(&WRITE_QUANTITY)
}

pub(super) fn bad_currency(text: &str, at: &str) -> Problem {
    said(&NO_CURRENCY, text, at)
}

pub(super) fn bad_id(error: &IdError, at: &str) -> Problem {
    let message = match error {
        IdError::Empty { .. } => Message::new(&EMPTY_ID),
        IdError::TooLong { length, limit, .. } => {
            Message::new(&LONG_ID).with("length", length).with("limit", limit)
        }
        other => Message::new(&BAD_ID).with("error", other),
    };
    wrong(message, at)
}

fn said(def: &'static MessageDef, text: &str, at: &str) -> Problem {
    wrong(Message::new(def).with("text", tidy(text)), at)
}

/// Somebody else's words in a sentence of ours: no control characters, not endless.
pub(super) fn tidy(text: &str) -> String {
    refund_core::outcome::sanitize(text, 300)
}
