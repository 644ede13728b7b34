//! Rule: items-total-the-sum
//!
//! The lines total the refund, to the kopeck.

use super::{Facts, RuleDef, RuleId, Violation};
use crate::{Message, MessageDef};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("items-total-the-sum"),
    message: &MESSAGE,
    source: "Sber, ECOM error table, code 8: the sum of the cart's positions differs from the order's (CONFIRMED; for OLD refunds GUESS); Robokassa, vendor plugin: items are sent only when they total the refund (CONFIRMED)",
};

static MESSAGE: MessageDef = MessageDef {
    id: "items-total-the-sum",
    en: "The lines total { $total }, the refund is { $asked }: { $difference } apart.",
    ru: "Позиции дают { $total }, а возврат на { $asked }: разница { $difference }.",
};

pub(super) fn check(facts: &Facts<'_>, total: Option<i64>) -> Option<Violation> {
    let (total, asked) = (total?, facts.asked());
    (total != asked.minor()).then(|| {
        let message = Message::new(&MESSAGE)
            .with("total", facts.money(total))
            .with("asked", asked)
            .with("difference", facts.money(total.saturating_sub(asked.minor())));
        Violation::new(RULE.id, "amount", message)
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_lines_total_the_refund_to_the_kopeck() {
        let two = |kopecks| refund(kopecks, vec![some("1", 1_000), some("2", 500)]);
        expect(&two(25_005), &[]);
        expect(&two(25_004), &["items-total-the-sum@amount"]);
        expect(&two(25_006), &["items-total-the-sum@amount"]);
        let values = values(&two(25_004), &order(), &nothing_before(), "items-total-the-sum");
        assert_eq!(values, ["total=250.05 RUB", "asked=250.04 RUB", "difference=0.01 RUB"]);
    }
}
