//! Rule: cart-one-currency
//!
//! All lines are in the payment's currency: what is asked, and the order's own lines it is compared with.

use super::{
    Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Value, Violation, lines::JoinedLine, view::View,
};
use crate::{Message, MessageDef, Money};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-one-currency"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE, &ORDER],
    source: "Sber, refund.do: «Все товарные позиции корзины должны быть выражены в одной и той же валюте …, совпадающей с валютой оригинального заказа» (CONFIRMED)",
    contradiction: None,
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-one-currency",
    en: "The line is in { $given }, the order is in { $order }. Write its amounts in { $order }.",
    ru: "Позиция в валюте { $given }, а заказ в { $order }. Укажите её суммы в { $order }.",
};

static ORDER: MessageDef = MessageDef {
    id: "cart-one-currency-order",
    en: "The order's own line \"{ $position }\" is in { $given }, the payment is in { $order }: they cannot be compared. \
         Correct the order, or refund without a cart.",
    ru: "Позиция «{ $position }» самого заказа в валюте { $given }, а платёж в { $order }: их нельзя сравнить. Исправьте \
         заказ или верните без корзины.",
};

pub(super) fn check(view: &View<'_>, line: &JoinedLine<'_>, found: &mut Findings) {
    let order = view.currency();
    let asked = line.asked;
    let other = |money: Option<Money>| money.map(Money::currency).filter(|currency| *currency != order);
    let written = asked.currency.filter(|currency| *currency != order);
    let allowed = || Allowed::Only(Value::text(order));
    if let Some(given) = written.or_else(|| other(asked.price)).or_else(|| other(asked.amount)) {
        let message = Message::new(&MESSAGE).with("given", given).with("order", order);
        let violation = Violation::new(&RULE, line.path("currency"), message);
        found.push(violation.with_given(Value::text(given)).with_allowed(allowed()));
    }
    let Some(sold) = line.sold else { return };
    let counter = other(sold.refunded.amount);
    if let Some(given) = other(sold.price).or_else(|| other(sold.amount)).or(counter) {
        let message = Message::new(&ORDER)
            .with("position", line.shown_position())
            .with("given", given)
            .with("order", order);
        let violation = Violation::new(&RULE, line.path("position"), message);
        found.push(violation.with_given(Value::text(given)).with_allowed(allowed()));
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
    fn the_orders_own_lines_are_in_it_too() {
        let yen = Currency::from_code("JPY").expect("the yen is in ISO 4217");
        let asked = refund(10_000, vec![worth("1", 1_000, 10_000)]);
        let mut payment = order();
        payment.cart.as_mut().expect("a cart").lines[0].amount = Some(Money::new(20_000, yen));
        let found = broken(&asked, &payment, &nothing_before());
        assert_eq!(found, ["cart-one-currency@lines[0].position"]);
        let mut payment = order();
        payment.cart.as_mut().expect("a cart").lines[1].amount = Some(Money::new(20_000, yen));
        assert!(broken(&asked, &payment, &nothing_before()).is_empty(), "a line that does not come back");
    }
}
