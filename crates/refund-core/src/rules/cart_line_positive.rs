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
