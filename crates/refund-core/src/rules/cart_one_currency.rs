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
