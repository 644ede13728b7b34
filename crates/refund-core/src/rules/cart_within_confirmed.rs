//! Rule: cart-within-confirmed
//!
//! The cart's total is within the confirmed money of the order. Points the order was paid with do not count: they are
//! part of the comparison in another request (`autoRefund`), which is not sent here.

use super::{Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Violation, view::View};
use crate::{Message, MessageDef};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-within-confirmed"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Sber, refund.do: «Сумма возврата (в деньгах) в корзине не должна превышать подтверждённую денежную сумму оригинального заказа (для запросов autoRefund сравниваются композитные суммы денег и баллов)» (CONFIRMED)",
    contradiction: None,
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-within-confirmed",
    en: "The cart totals { $total }, the order was confirmed for { $confirmed }. Take out what is not refunded.",
    ru: "Корзина на { $total }, а подтверждённая сумма заказа { $confirmed }. Уберите то, что не возвращается.",
};

pub(super) fn check(view: &View<'_>, total: i64, found: &mut Findings) {
    let confirmed = view.payment.captured;
    if total > confirmed.minor() {
        let total = view.money(total);
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
    fn points_are_no_part_of_what_was_confirmed_in_money() {
        let mut payment = order();
        payment.captured = Money::rub(PAID - 1_000);
        let all = refund(PAID - 1_000, vec![worth("1", 2_000, 20_000), worth("2", 1_500, 45_015)]);
        let found = broken(&all, &payment, &nothing_before());
        assert_eq!(found, ["cart-within-confirmed@lines", "items-total-the-sum@amount"]);
        payment.points = Some(Money::rub(1_000));
        assert_eq!(broken(&all, &payment, &nothing_before()), found);
        // The rest of the honey was paid with points: its money alone comes back.
        let money = refund(PAID - 1_000, vec![worth("1", 2_000, 20_000), worth("2", 1_500, 44_015)]);
        assert!(broken(&money, &payment, &nothing_before()).is_empty());
    }
}
