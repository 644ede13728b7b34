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

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn a_thousandth_too_many_is_refused() {
        expect(&refund(20_000, vec![some("1", 2_000)]), &[]);
        expect(
            &refund(20_000, vec![worth("1", 2_001, 20_000)]),
            &["cart-quantity-remaining@lines[0].quantity"],
        );
        let prior = before("1", 500, 5_000);
        let left = |thousandths| refund(15_000, vec![worth("1", thousandths, 15_000)]);
        assert!(broken(&left(1_500), &order(), &prior).is_empty());
        assert_eq!(broken(&left(1_501), &order(), &prior), ["cart-quantity-remaining@lines[0].quantity"]);
        assert!(broken(&left(1_499), &order(), &prior).is_empty());
    }

    #[test]
    fn the_refund_that_used_it_up_is_named() {
        let asked = refund(15_000, vec![worth("1", 2_000, 15_000)]);
        let values = values(&asked, &order(), &before("1", 500, 5_000), "cart-quantity-remaining");
        assert_eq!(values, ["asked=2", "position=1", "left=1.5", "sold=2", "used=0.5", "by=k-1"]);
    }
}
