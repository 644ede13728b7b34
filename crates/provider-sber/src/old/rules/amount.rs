//! Rule: sber-old-amount
//!
//! An amount has at most twelve digits of minor units and is never zero: the refund's and each line's.

use crate::old::wire::form::Amount;
use refund_core::{
    Message, MessageDef, Money, Violation,
    rules::{Allowed, Evidence, RuleDef, RuleId, Severity},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("sber-old-amount"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&TOO_LONG],
    source: "Sber, refund.do: amount is N..12, minor units (CONFIRMED); 0 means the whole order (CONFIRMED, Sber \
             wiki) and is never sent",
    contradiction: None,
};

pub(super) static TOO_LONG: MessageDef = MessageDef {
    id: "sber-old-amount",
    en: "{ $asked } is outside what the gateway takes: from { $least } to { $most }, twelve digits of minor units.",
    ru: "{ $asked } вне допустимого: шлюз принимает от { $least } до { $most }, двенадцать цифр в копейках.",
};

pub(super) fn check(asked: Money, path: &str) -> Result<Amount, Violation> {
    Amount::from_minor(asked.minor()).ok_or_else(|| {
        let message = Message::new(&TOO_LONG)
            .with("asked", asked)
            .with("least", Money::new(1, asked.currency()))
            .with("most", Money::new(Amount::MAX, asked.currency()));
        let limits = (Money::new(1, asked.currency()), Money::new(Amount::MAX, asked.currency()));
        let allowed = Allowed::Between(limits.0.into(), limits.1.into());
        Violation::new(&RULE, path, message).with_given(asked).with_allowed(allowed)
    })
}
