//! Rule: items-total-the-sum
//!
//! The lines total the refund, to the kopeck.

use super::{
    Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Violation,
    view::{Comparable, View},
};
use crate::{Message, MessageDef};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("items-total-the-sum"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Sber, ECOM error table, code 8: the sum of the cart's positions differs from the order's (CONFIRMED; for refunds of the form dialect GUESS); Robokassa, vendor plugin: items are sent only when they total the refund (CONFIRMED)",
    contradiction: Some(
        "Robokassa's plugin lets lines and sum differ by up to 0.01 and sends no lines at all when they differ by more. To \
         the kopeck here: a receipt that differs from the money would be wrong.",
    ),
};

static MESSAGE: MessageDef = MessageDef {
    id: "items-total-the-sum",
    en: "The lines total { $total }, the refund is { $asked }: the lines are { $difference } { $side ->
    [more] more
   *[less] less
}. Correct the refund's amount or the lines.",
    ru: "Позиции дают { $total }, а возврат на { $asked }: в позициях { $side ->
    [more] больше
   *[less] меньше
} на { $difference }. Исправьте сумму возврата или позиции.",
};

pub(super) fn check(view: &View<'_>, total: i64, found: &mut Findings) {
    let asked = view.asked();
    if total == asked.minor() || view.comparable == Comparable::No {
        return;
    }
    let difference = i64::try_from(total.abs_diff(asked.minor())).unwrap_or(i64::MAX);
    let total = view.money(total);
    let message = Message::new(&MESSAGE)
        .with("total", total)
        .with("asked", asked)
        .with("difference", view.money(difference))
        .with("side", if total.minor() > asked.minor() { "more" } else { "less" });
    let violation = Violation::new(&RULE, "amount", message).with_given(asked);
    found.push(violation.with_allowed(Allowed::Only(total.into())));
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
        assert_eq!(values, ["total=250.05 RUB", "asked=250.04 RUB", "difference=0.01 RUB", "side=more"]);
    }
}
