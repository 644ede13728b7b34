//! Rule: cart-quantity-remaining
//!
//! A line's quantity is within what was sold less what earlier refunds took of it.

use super::{
    Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Violation, lines::JoinedLine, view::View,
};
use crate::{Message, MessageDef, Quantity};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-quantity-remaining"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE, &NOTHING],
    source: "Sber, refund.do: «Значение элемента quantity … не должно превышать значение аналогичного параметра в корзине заказа» (CONFIRMED); less what is already refunded (ECOM counts refundedQuantity, CONFIRMED; form dialect GUESS)",
    contradiction: Some(
        "The text compares with the original order and speaks of a completion, because it is shared with deposit.do. What is \
         left counts here: otherwise one line could come back twice.",
    ),
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-quantity-remaining",
    en: "{ $asked } of line \"{ $position }\" asked, { $left } left: { $sold } sold, { $used } refunded or reserved \
         (refunds: { $by }). Ask for { $left } or less.",
    ru: "По позиции «{ $position }» запрошено { $asked }, осталось { $left }: продано { $sold }, возвращено или занято \
         { $used } (возвраты: { $by }). Запросите не больше { $left }.",
};

static NOTHING: MessageDef = MessageDef {
    id: "cart-quantity-remaining-nothing",
    en: "{ $asked } of line \"{ $position }\" asked, nothing is left: { $sold } sold, { $used } refunded or reserved \
         (refunds: { $by }). Leave the line out.",
    ru: "По позиции «{ $position }» запрошено { $asked }, а возвращать нечего: продано { $sold }, возвращено или занято \
         { $used } (возвраты: { $by }). Уберите эту позицию.",
};

pub(super) fn check(view: &View<'_>, line: &JoinedLine<'_>, found: &mut Findings) {
    let (Some(sold), Some(left)) = (line.sold, line.quantity_left()) else { return };
    let asked = line.asked.quantity;
    if asked.thousandths() <= 0 || asked <= left {
        return;
    }
    let some = left.thousandths() > 0;
    let by = view.takers(&sold.position);
    let message = Message::new(if some { &MESSAGE } else { &NOTHING })
        .with("asked", asked)
        .with("position", line.shown_position())
        .with("left", left)
        .with("sold", sold.quantity)
        .with("used", Quantity::from_thousandths(line.taken.quantity))
        .with("by", super::named(&by));
    let violation = Violation::new(&RULE, line.path("quantity"), message).with_given(asked);
    let violation = violation.with_allowed(Allowed::AtMost(left.into())).with_taken_by(by);
    found.push(violation.with_suggestion(some.then(|| left.into())));
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
