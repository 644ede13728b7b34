//! Rule: cart-continues
//!
//! Once an order was refunded with a cart, every further refund of it carries one.

use super::{Facts, RuleDef, RuleId, Violation};
use crate::{Message, MessageDef, PriorCarts};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-continues"),
    message: &MESSAGE,
    source: "Sber, refund.do: «В случае проведения нескольких возвратов по заказам с корзиной все они должны осуществляться только по алгоритму возврата с корзиной» (CONFIRMED)",
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-continues",
    en: "An earlier refund of this order had a cart ({ $by }); every further one needs a cart too.",
    ru: "Прежний возврат этого заказа был с корзиной ({ $by }); следующие тоже возможны только с корзиной.",
};

pub(super) fn check(facts: &Facts<'_>) -> Option<Violation> {
    let bound = facts.binds_cart() && facts.prior.carts == PriorCarts::Some;
    (bound && facts.lines().is_none()).then(|| {
        let mut keys: Vec<_> = facts.prior.lines.iter().map(|line| line.by.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        Violation::new(RULE.id, "lines", Message::new(&MESSAGE).with("by", keys.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::PriorCarts;

    #[test]
    fn once_with_a_cart_always_with_a_cart() {
        let mut prior = before("1", 1_000, 10_000);
        let mut without = order();
        without.cart = None;
        assert_eq!(broken(&bare(10_000), &without, &prior), ["cart-continues@lines"]);
        prior.carts = PriorCarts::None;
        assert!(broken(&bare(10_000), &without, &prior).is_empty());
        prior.carts = PriorCarts::Some;
        let with = refund(10_000, vec![some("1", 1_000)]);
        assert!(broken(&with, &order(), &prior).is_empty());
    }
}
