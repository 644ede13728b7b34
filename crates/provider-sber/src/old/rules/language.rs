//! Rule: sber-old-language
//!
//! The language of the gateway's words is two lower-case Latin letters: the refund's own, else the account's setting.

use crate::old::{config::Config, wire::form::Language};
use refund_core::{
    Message, MessageDef, RefundCommand, Violation,
    outcome::sanitize,
    rules::{Evidence, RuleDef, RuleId, Severity, Value},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("sber-old-language"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&UNKNOWN],
    source: "platform documents (BPC), refund.do: language is a code of ISO 639-1 (CONFIRMED); Sber's own table of the \
             reply speaks of it too (CONFIRMED)",
    contradiction: None,
};

pub(super) static UNKNOWN: MessageDef = MessageDef {
    id: "sber-old-language",
    en: "\"{ $given }\" is not a language code of two lower-case Latin letters, for example ru.",
    ru: "«{ $given }» не код языка из двух строчных латинских букв, например ru.",
};

pub(super) fn check(command: &RefundCommand, config: &Config) -> Result<Option<Language>, Violation> {
    let Some(given) = command.language.as_deref() else { return Ok(config.language()) };
    Language::parse(given).map(Some).ok_or_else(|| {
        let message = Message::new(&UNKNOWN).with("given", sanitize(given, 20));
        Violation::new(&RULE, "language", message).with_given(Value::Text(sanitize(given, 20)))
    })
}
