//! Rule: robokassa-receipt
//!
//! Money alone for now: a receipt that was asked for is refused rather than silently left out.

use refund_core::{Message, MessageDef, ReceiptChoice, RuleId, Violation, rules::RuleDef};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("robokassa-receipt"),
    message: &MESSAGE,
    source: "Vendor plugin: without positions money goes back with no refund receipt from this call (CONFIRMED)",
};

static MESSAGE: MessageDef = MessageDef {
    id: "robokassa-receipt",
    en: "This version refunds through Robokassa without a receipt. Ask for the refund without one and make the receipt \
         with your own cash register, or refund in Robokassa's cabinet.",
    ru: "Эта версия делает возврат через Robokassa без чека. Запросите возврат без чека и пробейте чек на своей кассе \
         или сделайте возврат в личном кабинете Robokassa.",
};

pub(super) fn check(receipt: ReceiptChoice) -> Result<(), Violation> {
    match receipt {
        ReceiptChoice::None => Ok(()),
        _ => Err(Violation::new(RULE.id, "receipt", Message::new(&MESSAGE))),
    }
}
