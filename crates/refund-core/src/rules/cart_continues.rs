//! Rule: cart-continues
//!
//! Once an order was refunded with a cart, every further refund of it carries one.

use super::{Evidence, Findings, RuleDef, RuleId, Severity, Violation, view::View};
use crate::{Message, MessageDef, PriorCarts};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-continues"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Sber, refund.do: «В случае проведения нескольких возвратов по заказам с корзиной все они должны осуществляться только по алгоритму возврата с корзиной» (CONFIRMED)",
    contradiction: None,
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-continues",
    en: "An earlier refund of this order had a cart ({ $by }); every further one needs a cart too: say which lines come \
         back.",
    ru: "Прежний возврат этого заказа был с корзиной ({ $by }); следующие тоже возможны только с корзиной: укажите, \
         какие позиции возвращаются.",
};

pub(super) fn check(view: &View<'_>, found: &mut Findings) {
    if view.prior.carts != PriorCarts::Some || view.wished().is_some() {
        return;
    }
    let mut keys: Vec<_> = view.prior.lines.iter().map(|line| line.by.clone()).collect();
    keys.sort_unstable();
    keys.dedup();
    let message = Message::new(&MESSAGE).with("by", super::named(&keys));
    found.push(Violation::new(&RULE, "lines", message).with_taken_by(keys));
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
