//! Acme's own rule, beside those of `refund-core` that hold for every gateway.
//!
//! A rule is told with a stable id, a place and both values, before a byte is sent.

use refund_core::{CheckedRefund, Message, MessageDef, Money, RuleId, Violation, rules::RuleDef};

/// The least Acme refunds.
pub const MINIMUM: Money = Money::rub(1_00);

/// The rule as data.
pub static AT_LEAST_MINIMUM: RuleDef = RuleDef {
    id: RuleId::new("acme-minimum"),
    message: &TOO_LITTLE,
    source: "Acme Pay, Refunds, \"Limits\" (made up)",
};

static TOO_LITTLE: MessageDef = MessageDef {
    id: "acme-minimum",
    en: "{ $asked } asked; Acme refunds { $minimum } and more.",
    ru: "Запрошено { $asked }: Акме возвращает от { $minimum }.",
};

/// What Acme would refuse. Another currency than the minimum's is refused too.
pub fn check(refund: &CheckedRefund) -> Option<Violation> {
    let enough = refund.amount().checked_cmp(MINIMUM).is_ok_and(|order| order.is_ge());
    let message = || Message::new(&TOO_LITTLE).with("asked", refund.amount()).with("minimum", MINIMUM);
    (!enough).then(|| Violation::new(AT_LEAST_MINIMUM.id, "amount", message()))
}
