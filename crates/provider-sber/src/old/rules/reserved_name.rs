//! Rule: sber-old-reserved-name
//!
//! Parameters of the caller's own go under free names: not the gateway's reserved ones, and not the penalty's, which has
//! a place of its own where it is checked.

use crate::old::wire::form::{JsonParams, JsonParamsError};
use refund_core::{
    Message, MessageDef, RefundCommand, Violation,
    outcome::sanitize,
    rules::{Evidence, RuleDef, RuleId, Severity},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("sber-old-reserved-name"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&RESERVED, &PENALTY],
    source: "Sber, refund.do, jsonParams: «В параметре запрещено передавать зарезервированные имена» (CONFIRMED)",
    contradiction: None,
};

pub(super) static RESERVED: MessageDef = MessageDef {
    id: "sber-old-reserved-name",
    en: "Sber reserves the parameter name \"{ $name }\" and may reject the order for it; leave it out.",
    ru: "Имя параметра «{ $name }» зарезервировано Сбером, из-за него заказ может быть отклонён; уберите его.",
};
pub(super) static PENALTY: MessageDef = MessageDef {
    id: "sber-old-reserved-name-penalty",
    en: "The penalty is not a parameter here: write it as the refund's penalty, where its amount is checked.",
    ru: "Удержание передаётся не параметром: укажите его как penalty возврата, там проверяется его сумма.",
};

/// The name under which the penalty is sent.
pub(super) const PENALTY_NAME: &str = "penalty";

/// The parameters whose names are free.
pub(super) fn check(command: &RefundCommand, found: &mut Vec<Violation>) -> JsonParams {
    command.params.iter().fold(JsonParams::new(), |params, (name, value)| {
        let added = match name.as_str() {
            PENALTY_NAME => Err(Message::new(&PENALTY)),
            _ => params.clone().with(name, value).map_err(|error| refused(&error)),
        };
        added.unwrap_or_else(|message| {
            found.push(Violation::new(&RULE, format!("params.{}", sanitize(name, 60)), message));
            params
        })
    })
}

fn refused(error: &JsonParamsError) -> Message {
    let (JsonParamsError::Reserved { name } | JsonParamsError::Twice { name }) = error;
    Message::new(&RESERVED).with("name", sanitize(name, 60))
}
