//! The rules a refund must obey before a byte is sent. One rule, one file, one id.
//!
//! Ids are kebab-case and stable. Rules run in precedence order and all violations are reported together, with the
//! place, both values and the earlier refunds that used it up. Two rules hold for every refund; the others bind carts,
//! by the limits a gateway's [`CartPolicy`] gives.

mod cart_amount_remaining;
mod cart_continues;
mod cart_formats;
mod cart_line_in_order;
mod cart_one_currency;
mod cart_optional_when_full;
mod cart_positions_unique;
mod cart_price_times_quantity;
mod cart_quantity_remaining;
mod cart_required;
mod cart_within_confirmed;
mod facts;
mod items_total_the_sum;
mod lines;
mod payment_captured;
#[cfg(test)]
mod testing;
mod within_remaining;

use crate::{CartPolicy, CheckedRefund, Message, MessageDef, Payment, Prior, RefundCommand};
use facts::Facts;
use std::fmt;

/// A rule's stable kebab-case name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(&'static str);

impl RuleId {
    /// A rule of this crate, or of a provider that has its own.
    pub const fn new(id: &'static str) -> Self {
        Self(id)
    }

    /// The name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A rule as data, for catalogues and `explain`.
#[derive(Debug)]
pub struct RuleDef {
    /// Its stable id.
    pub id: RuleId,
    /// What a violation says.
    pub message: &'static MessageDef,
    /// Where the rule comes from: document and paragraph, with its evidence mark.
    pub source: &'static str,
}

/// Every rule of this crate, in precedence order.
pub const ALL: &[&RuleDef] = &[
    &payment_captured::RULE,
    &within_remaining::RULE,
    &cart_optional_when_full::RULE,
    &cart_required::RULE,
    &cart_continues::RULE,
    &cart_formats::RULE,
    &cart_positions_unique::RULE,
    &cart_one_currency::RULE,
    &cart_line_in_order::RULE,
    &cart_quantity_remaining::RULE,
    &cart_amount_remaining::RULE,
    &cart_price_times_quantity::RULE,
    &cart_within_confirmed::RULE,
    &items_total_the_sum::RULE,
    &crate::allocate::RULE,
];

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static RuleDef> {
    ALL.iter().copied().find(|rule| rule.id.as_str() == id)
}

/// One broken rule: which, where, and the sentence that says it with both values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which rule.
    pub rule: RuleId,
    /// Where in the request: `amount`, `lines[3].quantity`.
    pub path: String,
    /// What to tell a person.
    pub message: Message,
}

impl Violation {
    /// A violation of `rule` at `path`.
    pub fn new(rule: RuleId, path: impl Into<String>, message: Message) -> Self {
        Self { rule, path: path.into(), message }
    }
}

/// All violations found, in precedence order; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Takes what was found; `None` when nothing was.
    pub fn found(found: Vec<Violation>) -> Option<Self> {
        (!found.is_empty()).then_some(Self(found))
    }

    /// The violations.
    pub fn as_slice(&self) -> &[Violation] {
        &self.0
    }
}

impl From<Violation> for Violations {
    fn from(one: Violation) -> Self {
        Self(vec![one])
    }
}

impl fmt::Display for Violations {
    /// The ids, for logs; people get the messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.0.iter().map(|v| format!("{} at {}", v.rule, v.path)).collect();
        f.write_str(&ids.join(", "))
    }
}

impl std::error::Error for Violations {}

/// Checks a refund against the payment as the gateway knows it, the journal's earlier refunds and the gateway's limits.
///
/// # Errors
/// Every violation at once, in precedence order; within a rule in order of the lines.
pub fn check(
    command: &RefundCommand,
    payment: &Payment,
    prior: &Prior,
    policy: &CartPolicy,
) -> Result<CheckedRefund, Violations> {
    let Ok(facts) = Facts::gather(command, payment, prior, policy) else {
        let message = within_remaining::other_currency(command, payment);
        return Err(Violation::new(within_remaining::RULE.id, "amount", message).into());
    };
    let mut found = Vec::new();
    found.extend(payment_captured::check(&facts));
    found.extend(within_remaining::check(&facts));
    found.extend(cart_required::check(&facts));
    found.extend(cart_continues::check(&facts));
    let total = lines::check(&facts, &mut found);
    found.extend(cart_within_confirmed::check(&facts, total));
    found.extend(items_total_the_sum::check(&facts, total));
    if !found.is_empty() {
        found.sort_by_key(|violation| rank(violation.rule));
    }
    match Violations::found(found) {
        Some(violations) => Err(violations),
        None => Ok(facts.accepted()),
    }
}

/// The cart's rules alone, for a cart that is already parsed: nothing is built, nothing is allocated when nothing is
/// wrong. Answers the cart's total in minor units.
///
/// # Errors
/// As [`check`].
pub fn check_cart(
    command: &RefundCommand,
    payment: &Payment,
    prior: &Prior,
    policy: &CartPolicy,
) -> Result<i64, Violations> {
    let Ok(facts) = Facts::gather(command, payment, prior, policy) else {
        let message = within_remaining::other_currency(command, payment);
        return Err(Violation::new(within_remaining::RULE.id, "amount", message).into());
    };
    let mut found = Vec::new();
    let total = lines::check(&facts, &mut found);
    found.extend(cart_within_confirmed::check(&facts, total));
    found.extend(items_total_the_sum::check(&facts, total));
    if !found.is_empty() {
        found.sort_by_key(|violation| rank(violation.rule));
    }
    Violations::found(found).map_or(Ok(total.unwrap_or(0)), Err)
}

/// A rule's place in precedence order.
fn rank(id: RuleId) -> usize {
    ALL.iter().position(|rule| rule.id == id).unwrap_or(ALL.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AccountId, CartNeed, Currency, Money, Opaque, PaymentId, PaymentRef, PaymentState, ProviderId,
        RefundAmount, refund::Extent,
    };
    use proptest::prelude::*;

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
