//! Rule: cart-quantity-remaining
//!
//! A line's quantity is within what was sold less what earlier refunds took of it.

use super::{Facts, RuleDef, RuleId, Violation, facts::quantity, lines::Joined};
use crate::{Message, MessageDef};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-quantity-remaining"),
    message: &MESSAGE,
    source: "Sber, refund.do: «Значение элемента quantity … не должно превышать значение аналогичного параметра в корзине заказа» (CONFIRMED); less what is already refunded (ECOM counts refundedQuantity, CONFIRMED; OLD GUESS)",
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-quantity-remaining",
    en: "{ $asked } of line \"{ $position }\" asked, { $left } left: { $sold } sold, { $used } refunded or reserved by { $by }.",
    ru: "По позиции «{ $position }» запрошено { $asked }, осталось { $left }: продано { $sold }, возвращено или занято { $used } (возвраты: { $by }).",
};

pub(super) fn check(facts: &Facts<'_>, line: &Joined<'_>, found: &mut Vec<Violation>) {
    let Some(sold) = line.sold else { return };
    let (asked, used) = (line.asked.quantity.thousandths(), line.taken.quantity);
    let left = sold.quantity.thousandths().saturating_sub(used);
    if asked > left {
        let message = Message::new(&MESSAGE)
            .with("asked", line.asked.quantity)
            .with("position", &sold.position)
            .with("left", quantity(left.max(0)))
            .with("sold", sold.quantity)
            .with("used", quantity(used))
            .with("by", facts.takers(&sold.position));
        found.push(Violation::new(RULE.id, line.path("quantity"), message));
    }
}
