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
        Violation::new(
            RULE.id,
            "lines",
            Message::new(&MESSAGE).with("total", total).with("confirmed", confirmed),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::{Money, RefundLine};

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

    #[test]
    fn a_total_that_cannot_be_counted_is_refused() {
        let huge =
            |position: &str| RefundLine { amount: Some(Money::rub(i64::MAX)), ..some(position, 1_000) };
        let found = broken(&refund(PAID, vec![huge("1"), huge("2")]), &order(), &nothing_before());
        assert!(found.contains(&"cart-within-confirmed@lines".to_owned()), "{found:?}");
    }
}
