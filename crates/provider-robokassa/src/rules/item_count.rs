//! Rule: robokassa-item-count
//!
//! A receipt has at most 100 positions, lines that became two counted twice.

use refund_core::{
    Message, MessageDef, RuleId, Violation,
    rules::{Allowed, Evidence, RuleDef, Severity},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("robokassa-item-count"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Robokassa, fiscalisation page: 100 positions per receipt (CONFIRMED for payments; for refunds GUESS)",
    contradiction: None,
};

/// The most positions.
pub(crate) const ITEMS_MAX: usize = 100;

pub(super) static MESSAGE: MessageDef = MessageDef {
    id: "robokassa-item-count",
    en: "The refund has { $lines } lines and becomes { $items } positions, because some prices do not divide; a receipt has \
         at most { $most }. Refund it in two steps.",
    ru: "В возврате { $lines } позиций, из-за неделящихся цен в чеке их будет { $items }, а можно не больше { $most }. \
         Сделайте два возврата.",
};

pub(super) fn check(lines: usize, items: usize) -> Option<Violation> {
    (items > ITEMS_MAX).then(|| {
        let message =
            Message::new(&MESSAGE).with("lines", lines).with("items", items).with("most", ITEMS_MAX);
        let allowed = Allowed::AtMost(ITEMS_MAX.into());
        Violation::new(&RULE, "lines", message).with_given(items).with_allowed(allowed)
    })
}
