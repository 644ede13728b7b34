//! Rule: cart-required
//!
//! An order registered with a cart and refunded by another amount than the whole needs a cart. An amount of zero, which
//! the gateway takes for "everything", is never sent: *within-remaining* refuses it.

use super::{Facts, RuleDef, RuleId, Violation, cart_optional_when_full};
use crate::{Message, MessageDef};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-required"),
    message: &MESSAGE,
    source: "Sber, refund.do: «При возврате заказа на сумму отличную от суммы списания (кроме передачи значения «0») обязательно должна передаваться корзина товаров» (CONFIRMED); without it code 8 (CONFIRMED)",
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-required",
    en: "{ $asked } of { $captured } is refunded and the order has a cart: say which lines come back.",
    ru: "Возвращается { $asked } из { $captured }, а у заказа есть корзина: укажите, какие позиции возвращаются.",
};

pub(super) fn check(facts: &Facts<'_>) -> Option<Violation> {
    let needed = facts.binds_cart() && facts.payment.cart.is_some() && !cart_optional_when_full::permits(facts);
    (needed && facts.lines().is_none()).then(|| {
        let message = Message::new(&MESSAGE).with("asked", facts.asked()).with("captured", facts.payment.captured);
        Violation::new(RULE.id, "lines", message)
    })
}
