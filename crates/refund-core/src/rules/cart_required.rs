//! Rule: cart-required
//!
//! An order registered with a cart and refunded by another amount than the whole needs a cart. An amount of zero, which
//! the gateway takes for "everything", is never sent: *within-remaining* refuses it.

use super::{
    Evidence, Findings, RuleDef, RuleId, Severity, Violation, cart_optional_when_full,
    view::{Comparable, View},
};
use crate::{Message, MessageDef};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-required"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Sber, refund.do: «При возврате заказа на сумму отличную от суммы списания (кроме передачи значения «0») обязательно должна передаваться корзина товаров» (CONFIRMED); without it code 8 (CONFIRMED)",
    contradiction: Some(
        "The document asks for a cart whenever the sum differs; code 8 is reported for orders registered with a cart. An \
         order without a cart is refunded in part without one.",
    ),
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-required",
    en: "{ $asked } of { $captured } is refunded and the order has a cart: say which lines come back.",
    ru: "Возвращается { $asked } из { $captured }, а у заказа есть корзина: укажите, какие позиции возвращаются.",
};

pub(super) fn check(view: &View<'_>, found: &mut Findings) {
    if view.comparable == Comparable::No {
        return;
    }
    let needed = view.payment.cart.is_some() && !cart_optional_when_full::permits(view);
    if needed && view.wished().is_none() {
        let (asked, captured) = (view.asked(), view.payment.captured);
        let message = Message::new(&MESSAGE).with("asked", asked).with("captured", captured);
        found.push(Violation::new(&RULE, "lines", message).with_given(asked));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn a_part_of_an_order_with_a_cart_names_its_lines() {
        expect(&bare(10_000), &["cart-required@lines"]);
        expect(&refund(10_000, vec![some("1", 1_000)]), &[]);
        let mut without = order();
        without.cart = None;
        assert!(
            broken(&bare(10_000), &without, &nothing_before()).is_empty(),
            "an order without a cart needs none"
        );
    }

    #[test]
    fn the_rest_after_an_earlier_refund_is_not_the_whole() {
        let prior = before("1", 1_000, 10_000);
        let found = broken(&bare(PAID - 10_000), &order(), &prior);
        assert_eq!(found, ["cart-required@lines", "cart-continues@lines"]);
    }
}
