//! Rule: cart-within-confirmed
//!
//! The cart's total is within the confirmed money of the order; with the points where the order was paid with points, as
//! far as they are left.

use super::{Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Violation, view::View};
use crate::{Message, MessageDef, Money};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-within-confirmed"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Sber, refund.do: «Сумма возврата (в деньгах) в корзине не должна превышать подтверждённую денежную сумму оригинального заказа (для запросов autoRefund сравниваются композитные суммы денег и баллов)» (CONFIRMED); less the points that went back (GUESS, as for quantities)",
    contradiction: None,
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-within-confirmed",
    en: "The cart totals { $total }, the order was confirmed for { $confirmed }. Take out what is not refunded.",
    ru: "Корзина на { $total }, а подтверждённая сумма заказа { $confirmed }. Уберите то, что не возвращается.",
};

pub(super) fn check(view: &View<'_>, total: i64, found: &mut Findings) {
    let points = view.points_left().map_or(0, Money::minor);
    let confirmed = view.payment.captured.minor().saturating_add(points);
    if total > confirmed {
        let (total, confirmed) = (view.money(total), view.money(confirmed));
        let message = Message::new(&MESSAGE).with("total", total).with("confirmed", confirmed);
        let violation = Violation::new(&RULE, "lines", message).with_given(total);
        found.push(violation.with_allowed(Allowed::AtMost(confirmed.into())));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::Money;

    #[test]
    fn the_cart_stays_within_what_was_confirmed() {
        let everything = |honey| refund(PAID, vec![worth("1", 2_000, 20_000), worth("2", 1_500, honey)]);
        expect(&everything(45_015), &[]);
        let found = broken(&everything(45_016), &order(), &nothing_before());
        assert_eq!(
            found,
            [
                "cart-amount-remaining@lines[1].amount",
                "cart-within-confirmed@lines",
                "items-total-the-sum@amount",
            ]
        );
    }

    #[test]
    fn points_count_where_the_order_was_paid_with_points() {
        let mut payment = order();
        payment.captured = Money::rub(PAID - 1_000);
        let all = refund(PAID - 1_000, vec![worth("1", 2_000, 20_000), worth("2", 1_500, 45_015)]);
        let found = broken(&all, &payment, &nothing_before());
        assert_eq!(found, ["cart-within-confirmed@lines", "items-total-the-sum@amount"]);
        payment.points = Some(Money::rub(1_000));
        assert_eq!(broken(&all, &payment, &nothing_before()), ["items-total-the-sum@amount"]);
    }
}
