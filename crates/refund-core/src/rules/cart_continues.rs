//! Rule: cart-continues
//!
//! Once an order was refunded with a cart, every further refund of it carries one.

use super::{
    Evidence, Findings, RuleDef, RuleId, Severity, Violation,
    view::{Comparable, View},
};
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
    let had_cart = view.prior.carts == PriorCarts::Some || !view.prior.lines.is_empty();
    // Where sums cannot be put together, lines that were to be made are not made: they are not missing.
    let to_be_made = view.command.allocate.is_some() && view.comparable == Comparable::No;
    if !had_cart || view.wished().is_some() || to_be_made {
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
        // Lines prove that there was one.
        prior.carts = PriorCarts::None;
        assert_eq!(broken(&bare(10_000), &without, &prior), ["cart-continues@lines"]);
        prior.lines.clear();
        assert!(broken(&bare(10_000), &without, &prior).is_empty());
        prior.carts = PriorCarts::Some;
        assert_eq!(broken(&bare(10_000), &without, &prior), ["cart-continues@lines"]);
        let with = refund(10_000, vec![some("1", 1_000)]);
        assert!(broken(&with, &order(), &prior).is_empty());
    }
}
