//! Rule: cart-optional-when-full
//!
//! A refund of the whole untouched payment needs no cart. The rule permits: it never refuses, others ask it.

use super::{CoreRule, Evidence, RuleDef, RuleId, Severity, view::View};
use crate::{MessageDef, refund::Extent};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-optional-when-full"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Sber, refund.do: «В случае полного возврата заказа, передача корзины товаров необязательна» (CONFIRMED)",
    contradiction: None,
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-optional-when-full",
    en: "A refund of the whole payment needs no cart.",
    ru: "Для возврата всего платежа корзина не нужна.",
};

/// True when the refund may do without a cart because it gives everything back at once.
pub(super) fn permits(view: &View<'_>) -> bool {
    view.binds(CoreRule::CartOptionalWhenFull) && view.extent() == Extent::Untouched
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_whole_payment_goes_back_without_a_cart_and_a_kopeck_less_does_not() {
        expect(&bare(PAID), &[]);
        expect(&bare(PAID - 1), &["cart-required@lines"]);
        assert_eq!(
            broken(&bare(PAID + 1), &order(), &nothing_before()),
            ["within-remaining@amount", "cart-required@lines",]
        );
    }
}
