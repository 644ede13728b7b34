//! Rule: sber-old-request-size
//!
//! A request fits what a journal carries. No document limits the lines of a cart, percent-encoded Cyrillic is long, and a
//! request that cannot be written down first must not be sent.

use crate::old::record::REFUND;
use refund_core::{
    Message, MessageDef, Opaque, Violation,
    opaque::OpaqueError,
    rules::{Evidence, RuleDef, RuleId, Severity},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("sber-old-request-size"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&TOO_LONG],
    source: "a limit of this program: the journal keeps every request before it is sent",
    contradiction: None,
};

pub(super) static TOO_LONG: MessageDef = MessageDef {
    id: "sber-old-request-size",
    en: "With its lines and parameters the request has { $bytes ->
    [one] { $bytes } byte
   *[other] { $bytes } bytes
}, the journal keeps at most { $limit }. Refund the lines in several steps.",
    ru: "Запрос вместе с позициями и параметрами занимает { $bytes ->
    [one] { $bytes } байт
    [few] { $bytes } байта
   *[many] { $bytes } байт
}, журнал хранит не больше { $limit }. Верните позиции несколькими возвратами.",
};

/// The form as the journal keeps it.
pub(in crate::old) fn payload(form: Vec<u8>) -> Result<Opaque, Violation> {
    Opaque::new(REFUND, form).map_err(|error| {
        let (bytes, limit) = match error {
            OpaqueError::TooLong { length, limit, .. } => (length.to_string(), limit),
            _ => ("?".to_owned(), Opaque::MAX_BYTES),
        };
        let message = Message::new(&TOO_LONG).with("bytes", bytes).with("limit", limit);
        Violation::new(&RULE, "lines", message)
    })
}
