//! Rule: cart-one-currency
//!
//! All lines are in the order's currency; an order paid with loyalty points is in roubles.

use super::{Facts, RuleDef, RuleId, Violation, lines::Joined};
use crate::{Currency, Message, MessageDef, Money};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-one-currency"),
    message: &MESSAGE,
    source: "Sber, refund.do: «Все товарные позиции корзины должны быть выражены в одной и той же валюте …, совпадающей с валютой оригинального заказа. Для Сбербанк «Спасибо» валюта заказа должна быть рубли РФ» (CONFIRMED)",
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-one-currency",
    en: "The line is in { $given }, the order is in { $order }.",
    ru: "Позиция в валюте { $given }, а заказ в { $order }.",
};

static LOYALTY: MessageDef = MessageDef {
    id: "cart-one-currency-loyalty",
    en: "The order was paid with loyalty points and must be in RUB; it is in { $order }.",
    ru: "Заказ оплачен с баллами и должен быть в RUB, а он в { $order }.",
};

pub(super) fn check(facts: &Facts<'_>, line: &Joined<'_>, found: &mut Vec<Violation>) {
    let order = facts.currency();
    let asked = line.asked;
    let written = [asked.currency, asked.price.map(Money::currency), asked.amount.map(Money::currency)];
    if let Some(given) = written.into_iter().flatten().find(|currency| *currency != order) {
        let message = Message::new(&MESSAGE).with("given", given).with("order", order);
        found.push(Violation::new(RULE.id, line.path("currency"), message));
    }
    let points = facts.payment.points.is_some_and(Money::is_positive);
    if line.index == 0 && points && order != Currency::RUB {
        let message = Message::new(&LOYALTY).with("order", order);
        found.push(Violation::new(RULE.id, line.path("currency"), message));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::{Currency, Money, RefundLine};

    #[test]
    fn lines_speak_the_orders_currency() {
        let yen = Currency::from_code("JPY").expect("the yen is in ISO 4217");
        let tea = |currency| RefundLine { currency, ..some("1", 1_000) };
        expect(&refund(10_000, vec![tea(Some(Currency::RUB))]), &[]);
        expect(&refund(10_000, vec![tea(Some(yen))]), &["cart-one-currency@lines[0].currency"]);
        let amount = RefundLine { amount: Some(Money::new(10_000, yen)), ..some("1", 1_000) };
        expect(&refund(10_000, vec![amount]), &["cart-one-currency@lines[0].currency"]);
    }

    #[test]
    fn points_go_with_roubles_only() {
        let yen = Currency::from_code("JPY").expect("the yen is in ISO 4217");
        let mut payment = order();
        payment.points = Some(Money::new(1, yen));
        payment.captured = Money::new(PAID, yen);
        for line in &mut payment.cart.as_mut().expect("has one").lines {
            (line.price, line.amount) = (None, None);
        }
        let mut asked = refund(0, vec![RefundLine { amount: Some(Money::new(5, yen)), ..some("1", 1_000) }]);
        asked.amount = crate::RefundAmount::Exactly(Money::new(5, yen));
        let prior = crate::Prior::none(yen);
        assert_eq!(broken(&asked, &payment, &prior), ["cart-one-currency@lines[0].currency"]);
        payment.points = None;
        assert!(broken(&asked, &payment, &prior).is_empty());
    }
}
