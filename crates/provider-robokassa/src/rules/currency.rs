//! Rule: robokassa-currency
//!
//! Refunds by API exist for Russian shops alone, and their sums are roubles.

use crate::wire::roubles::Roubles;
use refund_core::{
    Message, MessageDef, Money, RuleId, Violation,
    rules::{Evidence, RuleDef, Severity},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("robokassa-currency"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Vendor plugin: refunds for Russian shops only (CONFIRMED)",
    contradiction: None,
};

pub(super) static MESSAGE: MessageDef = MessageDef {
    id: "robokassa-currency",
    en: "Robokassa refunds roubles; { $amount } was asked.",
    ru: "Robokassa возвращает рубли, а запрошено { $amount }.",
};

pub(super) fn check(amount: Money) -> Result<Roubles, Violation> {
    Roubles::new(amount)
        .ok_or_else(|| Violation::new(&RULE, "amount", Message::new(&MESSAGE).with("amount", amount)))
}
