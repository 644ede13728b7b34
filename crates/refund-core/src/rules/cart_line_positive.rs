//! Rule: cart-line-positive
//!
//! A line's quantity, price and amount are above zero. There is no negative line: a discount is part of the price.

use super::{Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Value, Violation, lines::JoinedLine};
use crate::{Message, MessageDef, Money, Quantity};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-line-positive"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&QUANTITY, &MONEY],
    source: "Sber wiki, cart: a quantity that is too small is an error (CONFIRMED); Sber, ECOM API, itemPrice and \
             itemAmount: the price after the discount (CONFIRMED), so there is no negative line; Robokassa, refund API: \
             Quantity and Cost are what is returned (CONFIRMED), zero of it GUESS",
    contradiction: None,
};

static QUANTITY: MessageDef = MessageDef {
    id: "cart-line-positive",
    en: "{ $given } of line \"{ $position }\" asked; a quantity is { $least } or more. Leave out a line that does not come \
         back.",
    ru: "По позиции «{ $position }» запрошено { $given }: количество должно быть не меньше { $least }. Если позиция не \
         возвращается, уберите её.",
};

static MONEY: MessageDef = MessageDef {
    id: "cart-line-positive-money",
    en: "The { $field ->
    [price] price
   *[amount] amount
} of line \"{ $position }\" is { $given }; it must be above zero, with discounts already taken off.",
    ru: "{ $field ->
    [price] Цена
   *[amount] Сумма
} позиции «{ $position }» — { $given }: нужно больше нуля, скидка уже должна быть вычтена.",
};

pub(super) fn check(line: &JoinedLine<'_>, found: &mut Findings) {
    let asked = line.asked;
    if asked.quantity.thousandths() <= 0 {
        let least = Quantity::from_thousandths(1);
        let message = Message::new(&QUANTITY)
            .with("given", asked.quantity)
            .with("position", line.shown_position())
            .with("least", least);
        let violation = Violation::new(&RULE, line.path("quantity"), message).with_given(asked.quantity);
        found.push(violation.with_allowed(Allowed::AtLeast(least.into())));
    }
    if let Some(price) = asked.price.filter(|price| !price.is_positive()) {
        found.push(money(line, "price", price));
    }
    // What a bad quantity or price makes is told of them.
    let own = asked.amount.is_some() || (asked.price.is_none() && asked.quantity.thousandths() > 0);
    if let Some(amount) = line.amount().filter(|amount| own && !amount.is_positive()) {
        found.push(money(line, "amount", asked.amount.unwrap_or(amount)));
    }
}

fn money(line: &JoinedLine<'_>, field: &str, given: Money) -> Violation {
    let message = Message::new(&MONEY)
        .with("field", field)
        .with("position", line.shown_position())
        .with("given", given);
    let least = Value::Money(Money::new(1, given.currency()));
    Violation::new(&RULE, line.path(field), message).with_given(given).with_allowed(Allowed::AtLeast(least))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::{Money, RefundLine};

    #[test]
    fn a_thousandth_and_a_kopeck_are_enough_and_nothing_is_not() {
        let check = |line: RefundLine, kopecks, expected: &[&str]| {
            expect(&refund(kopecks, vec![line, worth("2", 1, 10)]), expected);
        };
        let priced =
            |price, kopecks| RefundLine { price: Some(Money::rub(price)), ..worth("1", 1_000, kopecks) };
        check(worth("1", 1, 10_000), 10_010, &[]);
        check(worth("1", 0, 10_000), 10_010, &["cart-line-positive@lines[0].quantity"]);
        check(worth("1", -1, 10_000), 10_010, &["cart-line-positive@lines[0].quantity"]);
        check(worth("1", 1_000, 1), 11, &[]);
        check(worth("1", 1_000, 0), 10, &["cart-line-positive@lines[0].amount"]);
        check(worth("1", 1_000, -1), 9, &["cart-line-positive@lines[0].amount"]);
        check(priced(1, 1), 11, &[]);
        check(priced(0, 0), 10, &["cart-line-positive@lines[0].price", "cart-line-positive@lines[0].amount"]);
        check(
            priced(-1, -1),
            9,
            &["cart-line-positive@lines[0].price", "cart-line-positive@lines[0].amount"],
        );
        // 0.004 of 1.00 is less than half a kopeck; nothing but the quantity is wrong with none of it.
        let some_of = |thousandths| RefundLine { price: Some(Money::rub(100)), ..some("1", thousandths) };
        check(some_of(5), 11, &[]);
        let tiny = refund(10, vec![some("1", 0), worth("2", 1, 10)]);
        expect(&tiny, &["cart-line-positive@lines[0].quantity"]);
        let cheap = |thousandths| {
            let mut payment = order();
            payment.cart.as_mut().expect("a cart").lines[0].price = Some(Money::rub(100));
            broken(&refund(11, vec![some("1", thousandths), worth("2", 1, 10)]), &payment, &nothing_before())
        };
        assert!(cheap(5).is_empty());
        assert_eq!(cheap(4), ["cart-line-positive@lines[0].amount", "items-total-the-sum@amount"]);
    }
}
