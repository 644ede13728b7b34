//! Rule: robokassa-operation-key
//!
//! A refund names its operation by the operation key and nothing else, so without one there is nothing to send.

use crate::{schema, wire::op_key::OpKey};
use refund_core::{
    Message, MessageDef, Payment, RuleId, Violation,
    rules::{Evidence, RuleDef, Severity},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("robokassa-operation-key"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&ABSENT, &UNREADABLE],
    source: "Robokassa, refund API page: OpKey is required (CONFIRMED); that some payment methods have none: a merchant \
             (REPORTED), contradicted by the vendor plugin",
    contradiction: Some(
        "A merchant says that only card payments have a key; the plugin refunds payments by SBP too. The method is not \
         looked at: what counts is whether there is a key.",
    ),
};

pub(super) static ABSENT: MessageDef = MessageDef {
    id: "robokassa-operation-key",
    en: "Robokassa gives no operation key (OpKey) for this payment, and a refund by API needs one. Look the payment up \
         again; if the key stays absent, refund it in Robokassa's cabinet and record that here.",
    ru: "Robokassa не сообщает ключ операции (OpKey) этого платежа, а без него возврат по API невозможен. Запросите \
         платёж ещё раз; если ключа по-прежнему нет, сделайте возврат в личном кабинете Robokassa и отметьте его здесь.",
};

pub(super) static UNREADABLE: MessageDef = MessageDef {
    id: "robokassa-operation-key-unreadable",
    en: "The stored data of this payment (\"{ $schema }\") cannot be read by this version of the Robokassa provider. \
         Look the payment up again.",
    ru: "Сохранённые данные платежа («{ $schema }») не читаются этой версией модуля Robokassa. Запросите платёж ещё раз.",
};

pub(super) fn check(payment: &Payment) -> Result<OpKey, Violation> {
    let message = match schema::op_key(&payment.data) {
        Ok(Some(key)) => return Ok(key),
        Ok(None) => Message::new(&ABSENT),
        Err(schema::NotOurs) => Message::new(&UNREADABLE).with("schema", payment.data.schema()),
    };
    Err(Violation::new(&RULE, "payment", message))
}
