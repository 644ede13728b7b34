//! Rule: raw-continues
//!
//! A refund of a raw sum, made past the cart by another program, is followed by raw ones only. This program makes none,
//! so it stops here.

use super::{Evidence, Findings, RuleDef, RuleId, Severity, Violation, view::View};
use crate::{Message, MessageDef, PriorRoute};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("raw-continues"),
    severity: Severity::Error,
    evidence: Evidence::Guess,
    messages: &[&MESSAGE],
    source: "Sber, form dialect: processRawSumRefund.do and processRawPositionRefund.do refund a sum or a part of a \
             position without a cart (REPORTED, third-party code); that they are not mixed with carts follows from \
             refund.do's rule about several refunds of an order with a cart (GUESS)",
    contradiction: Some(
        "No document forbids the mixture. After a raw refund nobody can tell which lines it took, so what is left of a \
         line is not known here: the careful side is taken.",
    ),
};

static MESSAGE: MessageDef = MessageDef {
    id: "raw-continues",
    en: "An earlier refund of this order gave back a raw sum past the cart, so what is left of its lines is not known. \
         Make further refunds of it the same way, in the gateway's cabinet, and record them here.",
    ru: "Прежний возврат этого заказа был на сумму, минуя корзину, поэтому остатки позиций неизвестны. Следующие \
         возвраты делайте так же, в кабинете шлюза, и отмечайте их здесь.",
};

pub(super) fn check(view: &View<'_>, found: &mut Findings) {
    if view.prior.route == PriorRoute::Raw {
        found.push(Violation::new(&RULE, "payment", Message::new(&MESSAGE)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::PriorRoute;

    #[test]
    fn after_a_raw_refund_lines_are_not_known() {
        let mut prior = before("1", 500, 5_000);
        let asked = refund(10_000, vec![some("1", 1_000)]);
        assert!(broken(&asked, &order(), &prior).is_empty());
        prior.route = PriorRoute::Raw;
        assert_eq!(broken(&asked, &order(), &prior), ["raw-continues@payment"]);
        assert_eq!(
            broken(&bare(1), &order(), &prior)[..3],
            ["cart-required@lines", "cart-continues@lines", "raw-continues@payment"]
        );
    }
}
