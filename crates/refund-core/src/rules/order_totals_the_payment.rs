//! Rule: order-totals-the-payment
//!
//! The order as the shop gives it totals what was paid. A warning: the shop may know of a discount the gateway does not.

use super::{Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Violation, view::View};
use crate::{Line, Message, MessageDef, Money};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("order-totals-the-payment"),
    severity: Severity::Warning,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Robokassa, fiscalisation page: positions add up to the operation's sum (CONFIRMED for payments); Sber wiki, \
             register.do: positions add up to the order's amount (CONFIRMED)",
    contradiction: Some(
        "It holds when a payment is made, not necessarily of what a shop writes down later: part of a held payment may \
         have been taken. So it warns and does not refuse.",
    ),
};

static MESSAGE: MessageDef = MessageDef {
    id: "order-totals-the-payment",
    en: "The shop's order totals { $total }, the payment was { $paid }. Make sure that it is the right order and that its \
         discounts are in its prices.",
    ru: "Заказ магазина на { $total }, а платёж был на { $paid }. Проверьте, что это тот самый заказ и что скидки учтены \
         в его ценах.",
};

/// Only an order that the shop gave, and only one that tells the money of every line in the payment's currency.
pub(super) fn check(view: &View<'_>, found: &mut Findings) {
    let (Some(order), None) = (&view.command.order, &view.payment.cart) else { return };
    let currency = view.currency();
    let add = |sum: i64, line: &Line| {
        let total = line.total().filter(|total| total.currency() == currency)?;
        sum.checked_add(total.minor())
    };
    let Some(total) = order.lines.iter().try_fold(0_i64, add) else { return };
    let points = view.payment.points.map_or(0, Money::minor);
    let paid = view.payment.captured.minor().saturating_add(points);
    if total != paid {
        let (total, paid) = (view.money(total), view.money(paid));
        let message = Message::new(&MESSAGE).with("total", total).with("paid", paid);
        let violation = Violation::new(&RULE, "order", message).with_given(total);
        found.push(violation.with_allowed(Allowed::Only(paid.into())));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::{Money, Payment, RefundCommand};

    /// The order comes from the shop; so many kopecks more or less than was paid.
    fn from_shop(off: i64) -> (RefundCommand, Payment) {
        let mut payment = order();
        let mut cart = payment.cart.take();
        let line = &mut cart.as_mut().expect("a cart").lines[1];
        line.amount = Some(Money::rub(45_015 + off));
        (RefundCommand { order: cart, ..refund(10_000, vec![some("1", 1_000)]) }, payment)
    }

    #[test]
    fn a_shops_order_that_totals_something_else_is_told_and_accepted() {
        for (off, expected) in [
            (0, &[][..]),
            (1, &["order-totals-the-payment@order"]),
            (-1, &["order-totals-the-payment@order"]),
        ] {
            let (command, payment) = from_shop(off);
            assert_eq!(warned(&command, &payment, &nothing_before()), expected, "{off}");
        }
        let (command, mut payment) = from_shop(500);
        payment.points = Some(Money::rub(500));
        assert!(warned(&command, &payment, &nothing_before()).is_empty(), "money and points");
        let (mut command, payment) = from_shop(500);
        command.order.as_mut().expect("an order").lines[0].price = None;
        command.order.as_mut().expect("an order").lines[0].amount = None;
        command.lines.as_mut().expect("lines")[0].amount = Some(Money::rub(10_000));
        assert!(warned(&command, &payment, &nothing_before()).is_empty(), "nobody can add it up");
        let mut own = order();
        own.captured = Money::rub(PAID + 1);
        let asked = refund(10_000, vec![some("1", 1_000)]);
        assert!(
            warned(&asked, &own, &nothing_before()).is_empty(),
            "the gateway's own cart is its own affair"
        );
    }
}
