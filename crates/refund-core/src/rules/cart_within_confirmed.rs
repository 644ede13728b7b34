//! Rule: cart-within-confirmed
//!
//! The cart's total is within the confirmed money of the order; with the points where the order was paid with points.

use super::{Facts, RuleDef, RuleId, Violation};
use crate::{Message, MessageDef, Money};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-within-confirmed"),
    message: &MESSAGE,
    source: "Sber, refund.do: «Сумма возврата (в деньгах) в корзине не должна превышать подтверждённую денежную сумму оригинального заказа (для запросов autoRefund сравниваются композитные суммы денег и баллов)» (CONFIRMED)",
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-within-confirmed",
    en: "The cart totals { $total }, the order was confirmed for { $confirmed }.",
    ru: "Корзина на { $total }, а подтверждённая сумма заказа { $confirmed }.",
};

static OVERFLOW: MessageDef = MessageDef {
    id: "cart-within-confirmed-overflow",
    en: "The cart's total is too large to be counted.",
    ru: "Сумма корзины слишком велика, её не сосчитать.",
};

pub(super) fn check(facts: &Facts<'_>, total: Option<i64>) -> Option<Violation> {
    let lines = facts.lines()?;
    let Some(total) = total else {
        // Lines without an amount are told one by one; only an overflow is told here.
        let told = lines.iter().all(|line| line.amount.or(line.price).is_some());
        return told.then(|| Violation::new(RULE.id, "lines", Message::new(&OVERFLOW)));
    };
    let points = facts.payment.points.map_or(0, Money::minor);
    let confirmed = facts.payment.captured.minor().saturating_add(points);
    (total > confirmed).then(|| {
        let (total, confirmed) = (facts.money(total), facts.money(confirmed));
        Violation::new(RULE.id, "lines", Message::new(&MESSAGE).with("total", total).with("confirmed", confirmed))
    })
}
