//! Rule: sber-old-currency
//!
//! Roubles alone are refunded here.

use crate::old::descriptor::CURRENCIES;
use refund_core::{
    Message, MessageDef, Money, Violation,
    rules::{Allowed, Evidence, RuleDef, RuleId, Severity, Value},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("sber-old-currency"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&OTHER],
    source: "refund.do has no currency member in Sber's table (CONFIRMED); roubles alone are supported here",
    contradiction: None,
};

pub(super) static OTHER: MessageDef = MessageDef {
    id: "sber-old-currency",
    en: "The refund is in { $asked }; this gateway refunds in { $supported } here. Refund it in Sber's cabinet.",
    ru: "Возврат запрошен в { $asked }; через этот шлюз поддерживается возврат в { $supported }. Верните его в личном кабинете Сбера.",
};

pub(super) fn check(amount: Money) -> Option<Violation> {
    let supported = CURRENCIES.contains(&amount.currency());
    (!supported).then(|| {
        let names: Vec<_> = CURRENCIES.iter().map(|currency| currency.code()).collect();
        let message = Message::new(&OTHER).with("asked", amount).with("supported", names.join(", "));
        let allowed = CURRENCIES.iter().map(Value::text).collect();
        let violation = Violation::new(&RULE, "amount", message).with_given(Value::text(amount.currency()));
        violation.with_allowed(Allowed::OneOf(allowed))
    })
}
