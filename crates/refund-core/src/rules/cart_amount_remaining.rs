//! Rule: cart-amount-remaining
//!
//! A line's money is within what was paid for it less what earlier refunds gave back for it.

use super::{Facts, RuleDef, RuleId, Violation, lines::Joined};
use crate::{Line, Message, MessageDef};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-amount-remaining"),
    message: &MESSAGE,
    source: "Sber, refund.do: «Значение элемента itemAmount … не должно превышать значение аналогичного параметра в оригинальном заказе» (CONFIRMED); less what is already refunded (GUESS, as for quantities)",
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-amount-remaining",
    en: "{ $asked } for line \"{ $position }\" asked, { $left } left: { $sold } paid, { $used } refunded or reserved by { $by }.",
    ru: "За позицию «{ $position }» запрошено { $asked }, осталось { $left }: оплачено { $sold }, возвращено или занято { $used } (возвраты: { $by }).",
};

pub(super) fn check(facts: &Facts<'_>, line: &Joined<'_>, found: &mut Vec<Violation>) {
    let Some(paid) = line.sold.and_then(Line::total) else { return };
    let Some(asked) = line.amount else { return };
    let left = paid.minor().saturating_sub(line.taken.amount);
    if asked > left {
        let message = Message::new(&MESSAGE)
            .with("asked", facts.money(asked))
            .with("position", &line.asked.position)
            .with("left", facts.money(left.max(0)))
            .with("sold", paid)
            .with("used", facts.money(line.taken.amount))
            .with("by", facts.takers(&line.asked.position));
        found.push(Violation::new(RULE.id, line.path("amount"), message));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn a_kopeck_too_much_is_refused() {
        expect(&refund(20_000, vec![worth("1", 2_000, 20_000)]), &[]);
        expect(&refund(20_001, vec![worth("1", 2_000, 20_001)]), &["cart-amount-remaining@lines[0].amount"]);
        let prior = before("1", 500, 5_000);
        let left = |kopecks| refund(kopecks, vec![worth("1", 1_500, kopecks)]);
        assert!(broken(&left(15_000), &order(), &prior).is_empty());
        assert_eq!(broken(&left(15_001), &order(), &prior), ["cart-amount-remaining@lines[0].amount"]);
        assert!(broken(&left(14_999), &order(), &prior).is_empty());
    }

    #[test]
    fn the_refund_that_used_it_up_is_named() {
        let asked = refund(15_001, vec![worth("1", 1_500, 15_001)]);
        let values = values(&asked, &order(), &before("1", 500, 5_000), "cart-amount-remaining");
        let expected = [
            "asked=150.01 RUB",
            "position=1",
            "left=150.00 RUB",
            "sold=200.00 RUB",
            "used=50.00 RUB",
            "by=k-1",
        ];
        assert_eq!(values, expected);
    }
}
