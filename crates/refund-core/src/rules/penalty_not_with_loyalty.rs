//! Rule: penalty-not-with-loyalty
//!
//! Nothing is kept from the refund of an order that was paid with loyalty points.

use super::{Evidence, Findings, RuleDef, RuleId, Severity, Violation, view::View};
use crate::{Message, MessageDef, Money};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("penalty-not-with-loyalty"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Sber, refund.do, jsonParams: error 5, «Penalty is not supported for orders with loyalty» (CONFIRMED)",
    contradiction: Some(
        "The same sentence says that the parameter is ignored and that an error is returned. The error is what can be \
         seen, and a penalty that is ignored would pay out too much, so it is refused here.",
    ),
};

static MESSAGE: MessageDef = MessageDef {
    id: "penalty-not-with-loyalty",
    en: "{ $penalty } is to be kept, and { $points } of the order were paid with loyalty points: nothing can be kept from \
         such an order. Refund the smaller amount without a penalty.",
    ru: "Указано удержание { $penalty }, а { $points } заказа оплачены баллами лояльности: по таким заказам удержание \
         невозможно. Верните меньшую сумму без удержания.",
};

/// A penalty of zero is refused too: the gateway looks at the parameter's name.
pub(super) fn check(view: &View<'_>, found: &mut Findings) {
    let points = view.payment.points.filter(|points| Money::is_positive(*points));
    if let (Some(penalty), Some(points)) = (view.command.penalty, points) {
        let message = Message::new(&MESSAGE).with("penalty", penalty).with("points", points);
        found.push(Violation::new(&RULE, "penalty", message).with_given(penalty));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::{Money, RefundCommand};

    #[test]
    fn nothing_is_kept_from_an_order_with_points() {
        let check = |points: Option<i64>, penalty: Option<i64>, expected: &[&str]| {
            let mut payment = order();
            payment.points = points.map(Money::rub);
            let asked = RefundCommand { penalty: penalty.map(Money::rub), ..bare(PAID) };
            assert_eq!(broken(&asked, &payment, &nothing_before()), expected, "{points:?} {penalty:?}");
        };
        check(Some(1), Some(1), &["penalty-not-with-loyalty@penalty"]);
        check(Some(1), Some(0), &["penalty-not-with-loyalty@penalty"]);
        check(Some(1), None, &[]);
        check(Some(0), Some(1), &[]);
        check(None, Some(1), &[]);
    }
}
