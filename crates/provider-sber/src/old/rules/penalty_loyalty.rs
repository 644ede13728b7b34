//! Rule: sber-old-penalty-loyalty
//!
//! No penalty is kept from an order that was paid with loyalty points.

use refund_core::{
    CheckedRefund, Message, MessageDef, Money, Payment, Violation,
    rules::{RuleDef, RuleId},
};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("sber-old-penalty-loyalty"),
    message: &LOYALTY,
    source: "Sber, refund.do, jsonParams: error 5, «Penalty is not supported for orders with loyalty» (CONFIRMED; the \
             same sentence says that the parameter is ignored, the error is what can be seen)",
};

pub(super) static LOYALTY: MessageDef = MessageDef {
    id: "sber-old-penalty-loyalty",
    en: "A penalty of { $penalty } is asked for, and { $points } of the order were paid with loyalty points: Sber keeps no \
         penalty from such orders. Refund the smaller amount without a penalty.",
    ru: "Указан штраф { $penalty }, а { $points } заказа оплачены баллами лояльности: по таким заказам Сбер не удерживает \
         штраф. Верните меньшую сумму без штрафа.",
};

pub(super) fn check(refund: &CheckedRefund, payment: &Payment) -> Option<Violation> {
    let penalty = refund.command().penalty?;
    let points = payment.points.filter(|points| Money::is_positive(*points))?;
    let message = Message::new(&LOYALTY).with("penalty", penalty).with("points", points);
    Some(Violation::new(RULE.id, "penalty", message))
}
