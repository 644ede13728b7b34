//! Rule: loyalty-in-roubles
//!
//! An order paid with loyalty points is in roubles.

use super::{Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Value, Violation, view::View};
use crate::{Currency, Message, MessageDef, Money};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("loyalty-in-roubles"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Sber, refund.do: «Для Сбербанк «Спасибо» валюта заказа должна быть рубли РФ» (CONFIRMED)",
    contradiction: None,
};

static MESSAGE: MessageDef = MessageDef {
    id: "loyalty-in-roubles",
    en: "The order was paid with loyalty points and must be in RUB; it is in { $order }. Refund it in the gateway's \
         cabinet.",
    ru: "Заказ оплачен с баллами и должен быть в RUB, а он в { $order }. Верните его в кабинете шлюза.",
};

pub(super) fn check(view: &View<'_>, found: &mut Findings) {
    let (points, order) = (view.payment.points.is_some_and(Money::is_positive), view.currency());
    if points && order != Currency::RUB {
        let message = Message::new(&MESSAGE).with("order", order);
        let allowed = Allowed::Only(Value::text(Currency::RUB));
        found.push(
            Violation::new(&RULE, "payment", message).with_given(Value::text(order)).with_allowed(allowed),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::{Money, Prior, RefundAmount, RefundCommand};

    #[test]
    fn points_go_with_roubles_only() {
        let check = |points: Option<i64>, currency, expected: &[&str]| {
            let mut payment = order();
            payment.cart = None;
            payment.captured = Money::new(PAID, currency);
            payment.points = points.map(|points| Money::new(points, currency));
            let full = RefundCommand { amount: RefundAmount::Full, ..bare(1) };
            assert_eq!(broken(&full, &payment, &Prior::none(currency)), expected, "{points:?} {currency}");
        };
        check(Some(1), crate::Currency::RUB, &[]);
        check(Some(1), yen(), &["loyalty-in-roubles@payment"]);
        check(Some(0), yen(), &[]);
        check(None, yen(), &[]);
    }
}
