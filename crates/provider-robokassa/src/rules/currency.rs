//! Rule: robokassa-currency
//!
//! Refunds by API exist for Russian shops alone, and their sums are roubles.

use crate::wire::roubles::Roubles;
use refund_core::{
    Currency, Message, MessageDef, Money, RuleId, Violation,
    rules::{Allowed, Evidence, RuleDef, Severity, Value},
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
    en: "Robokassa refunds roubles; { $amount } was asked. Ask for roubles.",
    ru: "Robokassa возвращает рубли, а запрошено { $amount }. Укажите сумму в рублях.",
};

pub(super) fn check(amount: Money) -> Result<Roubles, Violation> {
    Roubles::new(amount).ok_or_else(|| {
        let message = Message::new(&MESSAGE).with("amount", amount);
        let given = Value::text(amount.currency());
        let allowed = Allowed::Only(Value::text(Currency::RUB));
        Violation::new(&RULE, "amount", message).with_given(given).with_allowed(allowed)
    })
}
