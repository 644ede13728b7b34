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
