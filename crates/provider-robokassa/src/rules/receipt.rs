//! Rule: robokassa-receipt
//!
//! A receipt is made from positions, so a refund with a receipt says which lines come back. A refund without one never
//! sends any, even when lines are given: those then only say what of the order is used up.

use refund_core::{
    CheckedLine, CheckedRefund, Message, MessageDef, ReceiptChoice, RuleId, Violation,
    rules::{Evidence, RuleDef, Severity},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("robokassa-receipt"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&NO_LINES, &UNKNOWN],
    source: "Vendor plugin: with positions a refund receipt of that composition is made, without them money goes back \
             with no refund receipt from this call (CONFIRMED)",
    contradiction: None,
};

pub(super) static NO_LINES: MessageDef = MessageDef {
    id: "robokassa-receipt",
    en: "Robokassa makes a refund's receipt from its lines: say which lines of the order come back, or refund without a \
         receipt and make it with your own cash register.",
    ru: "Robokassa составляет чек возврата из позиций: укажите, какие позиции заказа возвращаются, или верните без чека \
         и пробейте чек на своей кассе.",
};

pub(super) static UNKNOWN: MessageDef = MessageDef {
    id: "robokassa-receipt-unknown",
    en: "This version of the Robokassa provider does not know this kind of receipt.",
    ru: "Эта версия модуля Robokassa не знает такого вида чека.",
};

/// The lines to send; none for money only.
pub(super) fn check(refund: &CheckedRefund) -> Result<&[CheckedLine], Violation> {
    match (refund.receipt(), refund.lines()) {
        (ReceiptChoice::None, _) => Ok(&[]),
        (ReceiptChoice::Cart, Some(lines)) => Ok(lines),
        (ReceiptChoice::Cart, None) => Err(Violation::new(&RULE, "lines", Message::new(&NO_LINES))),
        _ => Err(Violation::new(&RULE, "receipt", Message::new(&UNKNOWN))),
    }
}
