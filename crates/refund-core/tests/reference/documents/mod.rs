//! The check of a refund, written a second time from the gateways' documents and in the plainest way: `Vec`, `HashMap`
//! and `Decimal`, one function per rule with the document's sentence above it. Nothing here is fast.
//!
//! It must not call the rules of the crate under test, nor its arithmetic (`Line::total`, `extend`, `checked_*`,
//! `Format::check`, `RuleSet::severity`): of that crate it knows the types that carry a case, and nothing that decides.

mod bindings;
mod cart;
mod formats;
mod lines;
mod money;
mod order;
mod reading;

pub(crate) use bindings::{Binding, Bindings, OPTIONAL, RULES};
use reading::{LineMoney, countable, times, units};
pub(crate) use reading::{Reading, paid};

use crate::case::Case;
use refund_core::refund::Extent;
use rust_decimal::Decimal;

/// One broken rule: its id, the place in the request, and whether it refuses.
pub(crate) type Broken = (&'static str, String, Binding);

/// What the documents say of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opinion {
    /// What is broken, sorted; warnings too.
    pub(crate) broken: Vec<Broken>,
    /// What is given back, where nothing that refuses is broken.
    pub(crate) accepted: Option<Accepted>,
}

/// What an accepted refund gives back, in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) amount: Decimal,
    pub(crate) extent: Extent,
    /// Per line: position, quantity, money.
    pub(crate) lines: Option<Vec<(String, Decimal, Decimal)>>,
}

/// What a rule found: the places where it is broken.
type Places = Vec<String>;

/// A rule: where it is broken in a case.
type Check = fn(&Reading<'_>) -> Places;

/// Every rule beside its id, in precedence order.
const CHECKS: &[(&str, Check)] = &[
    ("payment-captured", money::payment_captured),
    ("within-remaining", money::within_remaining),
    ("cart-required", cart::cart_required),
    ("cart-continues", cart::cart_continues),
    ("raw-continues", cart::raw_continues),
    ("loyalty-in-roubles", money::loyalty_in_roubles),
    ("penalty-not-with-loyalty", money::penalty_not_with_loyalty),
    ("cart-formats", formats::cart_formats),
    ("cart-line-positive", lines::cart_line_positive),
    ("cart-countable", cart::cart_countable),
    ("cart-positions-unique", lines::cart_positions_unique),
    ("order-positions-unique", order::order_positions_unique),
    ("cart-codes-unique", lines::cart_codes_unique),
    ("cart-one-currency", lines::cart_one_currency),
    ("cart-line-in-order", order::cart_line_in_order),
    ("cart-measure-in-order", order::cart_measure_in_order),
    ("cart-quantity-remaining", order::cart_quantity_remaining),
    ("cart-amount-remaining", order::cart_amount_remaining),
    ("cart-price-times-quantity", lines::cart_price_times_quantity),
    ("cart-within-confirmed", cart::cart_within_confirmed),
    ("items-total-the-sum", cart::items_total_the_sum),
    ("order-totals-the-payment", order::order_totals_the_payment),
];

/// Reads a case by the documents.
pub(crate) fn opinion(case: &Case) -> Opinion {
    let reading = Reading::of(case);
    let mut broken = Vec::new();
    for (rule, check) in CHECKS {
        let Some(binding) = case.bindings.of(rule) else { continue };
        broken.extend(check(&reading).into_iter().map(|place| (*rule, place, binding)));
    }
    broken.sort();
    let refused = broken.iter().any(|(.., binding)| *binding == Binding::Refuses);
    let accepted = (!refused).then(|| accepted(&reading));
    Opinion { broken, accepted }
}

/// What an unbroken refund gives back. Some rules that only warn leave a line's money unknown to nobody: what a refund
/// rests on always refuses.
fn accepted(reading: &Reading<'_>) -> Accepted {
    let amount = reading.asked().expect("nothing is broken, so the amount is known");
    let extent = if amount < reading.remaining() {
        Extent::Part
    } else if reading.taken().is_zero() {
        Extent::Untouched
    } else {
        Extent::Remainder
    };
    let line = |(index, line): (usize, &refund_core::RefundLine)| {
        let LineMoney::Known(money) = reading.line_money(index) else {
            panic!("nothing is broken, so the line's money is known");
        };
        (line.position.clone(), units(line.quantity.thousandths()), money)
    };
    let lines = reading.has_cart().then(|| reading.asked_lines().iter().enumerate().map(line).collect());
    Accepted { amount, extent, lines }
}

#[test]
fn every_rule_is_read_once_in_precedence_order() {
    let read: Vec<_> = CHECKS.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(read, RULES);
    let all = refund_core::rules::ALL.iter().map(|rule| rule.id.as_str());
    // «В случае полного возврата заказа, передача корзины товаров необязательна»: it permits and cannot be broken. And
    // lines are made before there is a check.
    let elsewhere = ["cart-optional-when-full", "cart-allocation"];
    assert_eq!(all.filter(|id| !elsewhere.contains(id)).collect::<Vec<_>>(), RULES);
}
