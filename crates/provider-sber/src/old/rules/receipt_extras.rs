//! Rule: sber-old-receipt-extras
//!
//! Receipt fields beyond the lines have the names, numbers and lengths of the document, and go with a receipt.
//!
//! The gateway takes them only for an order that was registered with such a block. Its status shows no trace of that
//! block in any document, so it cannot be checked here: whoever writes the fields says that there was one. If there was
//! none the gateway is expected to refuse (GUESS), before any money moves.

use crate::old::wire::ofd::{OfdParams, OfdParamsError};
use refund_core::{
    CheckedRefund, Message, MessageDef, ReceiptChoice, Violation,
    format::Mismatch,
    outcome::sanitize,
    rules::{Evidence, RuleDef, RuleId, Severity},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("sber-old-receipt-extras"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&UNKNOWN, &COUNT, &FORMAT, &NO_RECEIPT],
    source: "Sber, refund.do, table of additionalOfdParams: names and formats (CONFIRMED); «Если блок \
             additionalOfdParams был передан при регистрации заказа, его можно передать при возврате средств» (CONFIRMED)",
    contradiction: Some(
        "The table calls additionalOfdParams mandatory, its text says that the block may be sent. It is optional here.",
    ),
};

pub(super) static UNKNOWN: MessageDef = MessageDef {
    id: "sber-old-receipt-extras",
    en: "Sber knows no receipt field \"{ $field }\". Names are compared as they are spelled, with dots and capitals.",
    ru: "Сбер не знает поля чека «{ $field }». Имена сравниваются буквально, вместе с точками и прописными буквами.",
};
pub(super) static COUNT: MessageDef = MessageDef {
    id: "sber-old-receipt-extras-count",
    en: "The receipt field \"{ $field }\" takes { $takes } values, { $found } are given.",
    ru: "Поле чека «{ $field }»: значений нужно { $takes }, указано { $found }.",
};
/// The value is not told: it may be personal data.
pub(super) static FORMAT: MessageDef = MessageDef {
    id: "sber-old-receipt-extras-format",
    en: "Value { $index } of the receipt field \"{ $field }\" is not { $format }: { $why ->
    [length] it has { $found } characters
   *[character] its character { $found } cannot stand there
}.",
    ru: "Значение { $index } поля чека «{ $field }» не подходит под { $format }: { $why ->
    [length] символов { $found }
   *[character] его символ номер { $found } здесь недопустим
}.",
};
pub(super) static NO_RECEIPT: MessageDef = MessageDef {
    id: "sber-old-receipt-extras-no-receipt",
    en: "Receipt fields are given and no receipt is wanted. Ask for the receipt by name (receipt: cart), or leave the \
         fields out.",
    ru: "Указаны поля чека, но чек не нужен. Запросите чек явно (receipt: cart) или уберите поля.",
};

/// The block; `None` without fields, or when one of them is wrong.
pub(super) fn check(refund: &CheckedRefund, found: &mut Vec<Violation>) -> Option<OfdParams> {
    let extras = &refund.command().receipt_extras;
    if refund.receipt() == ReceiptChoice::None && !extras.is_empty() {
        found.push(Violation::new(&RULE, "receipt_extras", Message::new(&NO_RECEIPT)));
    }
    match OfdParams::parse(extras) {
        Ok(params) => params,
        Err(wrong) => {
            found.extend(wrong.iter().map(|(field, error)| violation(field, error)));
            None
        }
    }
}

fn violation(field: &str, error: &OfdParamsError) -> Violation {
    let field = sanitize(field, 60);
    let message = match error {
        OfdParamsError::Unknown => Message::new(&UNKNOWN),
        OfdParamsError::Count { found, takes } => {
            Message::new(&COUNT).with("takes", takes).with("found", found)
        }
        OfdParamsError::Format { index, format, mismatch } => {
            let (why, found) = match mismatch {
                Mismatch::Length { found } => ("length", found),
                Mismatch::Character { position, .. } => ("character", position),
            };
            Message::new(&FORMAT)
                .with("index", index)
                .with("format", format)
                .with("why", why)
                .with("found", found)
        }
    };
    Violation::new(&RULE, format!("receipt_extras.{field}"), message.with("field", field))
}
