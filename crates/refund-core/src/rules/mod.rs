//! The rules a refund must obey before a byte is sent. One rule, one file, one id.
//!
//! Ids are kebab-case and stable. Rules run in precedence order and everything they find is reported together, with the
//! place, both values, the earlier refunds that used it up and, where there is exactly one, a correction. Rules that a
//! checked refund rests on always hold; the others hold where a gateway's [`CartPolicy`] binds them, with its limits and
//! as bad as it says. Warnings are told and refuse nothing. Rules from outside implement [`Rule`].

mod alike;
mod bindings;
mod book;
mod cart_amount_remaining;
mod cart_codes_unique;
mod cart_continues;
mod cart_countable;
mod cart_formats;
mod cart_line_in_order;
mod cart_line_positive;
mod cart_measure_in_order;
mod cart_one_currency;
mod cart_optional_when_full;
mod cart_positions_unique;
mod cart_price_times_quantity;
mod cart_quantity_remaining;
mod cart_required;
mod cart_within_confirmed;
mod checker;
mod custom;
mod def;
mod index;
mod items_total_the_sum;
mod lines;
mod loyalty_in_roubles;
mod order_positions_unique;
mod order_totals_the_payment;
mod payment_captured;
mod penalty_not_with_loyalty;
mod raw_continues;
mod scratch;
mod screen;
#[cfg(test)]
mod screen_proofs;
mod sums;
mod taken;
#[cfg(test)]
mod testing;
mod texts;
mod value;
mod view;
mod violation;
mod within_remaining;

pub use bindings::RuleSet;
pub use book::{ALL, CoreRule, Hold, RETIRED, find};
pub use checker::Checker;
pub use custom::{Findings, Rule};
pub use def::{Evidence, RuleDef, RuleId, Severity};
pub use lines::JoinedLine;
pub(crate) use sums::Sums;
pub use value::{Allowed, Suggestion, Value};
pub use view::View;
pub use violation::{Violation, Violations};

use crate::{CartPolicy, CheckedRefund, Payment, Prior, RefundCommand};

/// Checks a refund against the payment as the gateway knows it, the journal's earlier refunds and the gateway's policy.
///
/// Warnings refuse nothing: they are in [`CheckedRefund::warnings`].
///
/// # Errors
/// Everything that was found, errors and warnings, in precedence order; within a rule in order of the lines.
pub fn check(
    command: &RefundCommand,
    payment: &Payment,
    prior: &Prior,
    policy: &CartPolicy,
) -> Result<CheckedRefund, Violations> {
    Checker::new().check(command, payment, prior, policy)
}

/// The cart's rules alone, for a cart that is already parsed: nothing is built, and nothing is allocated when nothing is
/// wrong, the order's sequence is kept, codes ascend and nothing was refunded before (else see [`Checker`]). Answers the
/// cart's total in minor units. Warnings are not told here.
///
/// # Errors
/// As [`check`].
pub fn check_cart(
    command: &RefundCommand,
    payment: &Payment,
    prior: &Prior,
    policy: &CartPolicy,
) -> Result<i64, Violations> {
    Checker::new().check_cart(command, payment, prior, policy)
}

/// Everything about a refund but its cart and the policy's own rules.
fn whole(view: &View<'_>, found: &mut Findings) {
    payment_captured::check(view, found);
    within_remaining::check(view, found);
    for (rule, check) in WHOLE {
        if view.binds(*rule) {
            check(view, found);
        }
    }
    if view.binds(CoreRule::OrderTotalsThePayment) {
        order_totals_the_payment::check(view, found);
    }
}

type Check = fn(&View<'_>, &mut Findings);

/// Rules that look at a refund as a whole and bind by policy.
const WHOLE: &[(CoreRule, Check)] = &[
    (CoreRule::CartRequired, cart_required::check),
    (CoreRule::CartContinues, cart_continues::check),
    (CoreRule::RawContinues, raw_continues::check),
    (CoreRule::LoyaltyInRoubles, loyalty_in_roubles::check),
    (CoreRule::PenaltyNotWithLoyalty, penalty_not_with_loyalty::check),
];

/// The rules of a cart as a whole, by its total in minor units.
fn total(view: &View<'_>, total: i64, found: &mut Findings) {
    if view.binds(CoreRule::CartWithinConfirmed) {
        cart_within_confirmed::check(view, total, found);
    }
    if view.binds(CoreRule::ItemsTotalTheSum) {
        items_total_the_sum::check(view, total, found);
    }
}

/// How many refunds a sentence names; the violation has them all.
const NAMED_MAX: usize = 5;

/// The refunds that took something, for people: the first few, or a dash.
fn named(keys: &[String]) -> String {
    match (keys.len(), keys.get(..NAMED_MAX)) {
        (0, _) => "-".to_owned(),
        (count, Some(first)) if count > NAMED_MAX => format!("{}, … ({count})", first.join(", ")),
        _ => keys.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AccountId, CartNeed, Currency, Money, Opaque, PaymentId, PaymentRef, PaymentState, ProviderId,
        RefundAmount, refund::Extent,
    };
    use proptest::prelude::*;

    #[test]
    fn five_earlier_refunds_are_named_and_more_are_counted() {
        let keys = |count: usize| (1..=count).map(|number| format!("r-{number}")).collect::<Vec<_>>();
        assert_eq!(named(&keys(0)), "-");
        assert_eq!(named(&keys(1)), "r-1");
        assert_eq!(named(&keys(5)), "r-1, r-2, r-3, r-4, r-5");
        assert_eq!(named(&keys(6)), "r-1, r-2, r-3, r-4, r-5, … (6)");
    }

    const POLICY: CartPolicy = CartPolicy::new(CartNeed::OrdersWithCart);

    fn command(amount: RefundAmount) -> RefundCommand {
        let payment = PaymentRef {
            provider: ProviderId::from_static("acme"),
            account: AccountId::parse("shop").expect("valid"),
            payment: PaymentId::parse("1").expect("valid"),
        };
        RefundCommand::new(payment, amount)
    }

    fn payment(captured: i64, refunded: Option<i64>, state: PaymentState) -> Payment {
        let data = Opaque::new("acme/payment@1", Vec::new()).expect("short");
        Payment { refunded: refunded.map(Money::rub), ..Payment::new(Money::rub(captured), state, data) }
    }

    fn prior(done: i64, open: i64) -> Prior {
        Prior::of(Money::rub(done), Money::rub(open))
    }

    /// Amount in kopecks (`None` is full), captured, shown by the gateway, done and open in the journal.
    type Case = (Option<i64>, i64, Option<i64>, i64, i64);

    fn verdict(case: Case, state: PaymentState) -> Result<(i64, Extent), Vec<&'static str>> {
        let (amount, captured, shown, done, open) = case;
        let amount = amount.map_or(RefundAmount::Full, |minor| RefundAmount::Exactly(Money::rub(minor)));
        check(&command(amount), &payment(captured, shown, state), &prior(done, open), &POLICY)
            .map(|checked| (checked.amount().minor(), checked.extent()))
            .map_err(|found| found.as_slice().iter().map(|v| v.rule.as_str()).collect())
    }

    /// The checked amount and its extent, or the broken rule.
    type Expected = Result<(i64, Extent), &'static str>;

    #[test]
    fn amounts_against_what_is_left() {
        let cases: &[(Case, Expected)] = &[
            ((None, 100, Some(0), 0, 0), Ok((100, Extent::Untouched))),
            ((None, 100, None, 0, 0), Ok((100, Extent::Untouched))),
            ((Some(100), 100, None, 0, 0), Ok((100, Extent::Untouched))),
            ((Some(99), 100, None, 0, 0), Ok((99, Extent::Part))),
            ((Some(101), 100, None, 0, 0), Err("within-remaining")),
            ((None, 100, Some(30), 0, 0), Ok((70, Extent::Remainder))),
            ((None, 100, Some(30), 30, 0), Ok((70, Extent::Remainder))),
            // The gateway shows less than we saw done: the stricter counts.
            ((Some(71), 100, Some(0), 30, 0), Err("within-remaining")),
            ((Some(70), 100, Some(0), 30, 0), Ok((70, Extent::Remainder))),
            // An open refund uses up the payment although the gateway does not show it.
            ((Some(41), 100, Some(0), 0, 60), Err("within-remaining")),
            ((Some(40), 100, Some(0), 0, 60), Ok((40, Extent::Remainder))),
            ((None, 100, Some(100), 100, 0), Err("within-remaining")),
            ((Some(0), 100, None, 0, 0), Err("within-remaining")),
            ((Some(-1), 100, None, 0, 0), Err("within-remaining")),
        ];
        for (case, expected) in cases {
            let expected = expected.map_err(|rule| vec![rule]);
            assert_eq!(verdict(*case, PaymentState::Captured), expected, "{case:?}");
        }
    }

    #[test]
    fn all_violations_are_told_in_precedence_order() {
        let got = verdict((Some(101), 100, None, 0, 0), PaymentState::Held);
        assert_eq!(got, Err(vec!["payment-captured", "within-remaining"]));
        for (index, rule) in ALL.iter().enumerate() {
            assert!(ALL[..index].iter().all(|other| other.id != rule.id), "{} stands twice", rule.id);
        }
    }

    #[test]
    fn another_currency_is_refused_and_named() {
        let yen = Currency::from_code("JPY").expect("the yen is in ISO 4217");
        let asked = command(RefundAmount::Exactly(Money::new(1, yen)));
        let found = check(&asked, &payment(100, None, PaymentState::Captured), &prior(0, 0), &POLICY);
        let text = format!("{:?}", found.expect_err("mixed currencies"));
        assert!(text.contains("JPY") && text.contains("RUB"), "{text}");
    }

    proptest! {
        #[test]
        fn what_is_accepted_never_exceeds_what_is_left(
            amount in proptest::option::of(-5_i64..300), captured in 0_i64..200,
            shown in proptest::option::of(0_i64..250), done in 0_i64..200, open in 0_i64..200,
        ) {
            if let Ok((minor, _)) = verdict((amount, captured, shown, done, open), PaymentState::Captured) {
                prop_assert!(minor > 0);
                prop_assert!(minor + open + shown.unwrap_or(0).max(done) <= captured);
                prop_assert!(amount.is_none_or(|asked| asked == minor));
            }
        }
    }
}
