//! Which rules run: those a policy binds, as bad as it says, and those that always hold.

use crate::case::{Case, PAID, breaks, refusing};
use refund_core::{
    CartNeed, CartPolicy, Money, RefundAmount,
    rules::{CoreRule, Hold, RuleSet, Severity},
};

/// How bad the rule is told to be, if it is told.
fn told(case: &Case, rule: CoreRule) -> Option<Severity> {
    let of = |found: &[refund_core::Violation]| {
        found.iter().find(|one| one.rule == rule.def().id).map(|one| one.severity)
    };
    match case.check() {
        Ok(checked) => of(checked.warnings()),
        Err(found) => of(found.as_slice()),
    }
}

#[test]
fn a_rule_runs_where_it_binds_and_is_as_bad_as_the_policy_says() {
    for rule in refusing() {
        let broken = |policy: CartPolicy| {
            told(
                &Case::good().but(|case| {
                    breaks(rule, case);
                    case.policy = policy;
                }),
                rule,
            )
        };
        let policy = Case::good().policy;
        assert_eq!(broken(policy), Some(rule.def().severity), "{rule:?}");
        let (without, milder) = match rule.hold() {
            Hold::WhereBound => (None, Some(Severity::Warning)),
            Hold::Always => (Some(Severity::Error), Some(Severity::Error)),
        };
        assert_eq!(broken(policy.without(rule)), without, "{rule:?}");
        assert_eq!(broken(policy.bind(rule, Severity::Warning)), milder, "{rule:?}");
        assert_eq!(broken(policy.bind(rule, Severity::Error)), Some(Severity::Error), "{rule:?}");
        let alone = policy.with_rules(RuleSet::always().with(rule, Severity::Error));
        assert_eq!(broken(alone), Some(Severity::Error), "{rule:?} needs no other rule");
    }
}

#[test]
fn the_rule_that_permits_permits_only_where_it_binds() {
    let whole = Case::good().but(|case| {
        (case.command.lines, case.command.amount) = (None, RefundAmount::Exactly(Money::rub(PAID)));
    });
    assert_eq!(whole.broken(), [""; 0]);
    let strict = whole.but(|case| case.policy = case.policy.without(CoreRule::CartOptionalWhenFull));
    assert_eq!(strict.broken(), ["cart-required"]);
}

#[test]
fn warnings_alone_refuse_nothing_and_stand_beside_errors() {
    let warned = Case::good().but(|case| {
        breaks(CoreRule::CartMeasureInOrder, case);
        case.policy = case.policy.bind(CoreRule::CartMeasureInOrder, Severity::Warning);
    });
    let checked = warned.check().expect("a warning refuses nothing");
    assert_eq!(checked.warnings().len(), 1);
    assert_eq!((checked.amount(), checked.lines().map(<[_]>::len)), (Money::rub(10_000), Some(1)));
    assert_eq!(Case::good().check().expect("nothing is wrong").warnings(), []);

    let both = warned.but(|case| breaks(CoreRule::ItemsTotalTheSum, case));
    let found = both.check().expect_err("an error refuses");
    let ids =
        |found: Vec<&refund_core::Violation>| found.iter().map(|one| one.rule.as_str()).collect::<Vec<_>>();
    assert_eq!(ids(found.as_slice().iter().collect()), ["cart-measure-in-order", "items-total-the-sum"]);
    assert_eq!(ids(found.errors().collect()), ["items-total-the-sum"]);
    assert_eq!(ids(found.warnings().collect()), ["cart-measure-in-order"]);
    assert_eq!(found.to_string(), "items-total-the-sum at amount", "logs name what refuses");
}

#[test]
fn the_defaults_are_pinned() {
    let told = |need| {
        let policy = CartPolicy::new(need);
        let bound = policy.bindings().map(|(rule, severity)| format!("{} {severity}", rule.id));
        bound.collect::<Vec<_>>()
    };
    let documented: Vec<_> = RuleSet::documented()
        .iter()
        .map(|(rule, severity)| match rule {
            CoreRule::CartCodesUnique => "cart-codes-unique warning".to_owned(),
            _ => format!("{} {severity}", rule.def().id),
        })
        .collect();
    assert_eq!(told(CartNeed::OrdersWithCart), documented);
    let about_carts_and_points = [
        "cart-optional-when-full error",
        "cart-required error",
        "cart-continues error",
        "raw-continues error",
        "loyalty-in-roubles error",
        "penalty-not-with-loyalty error",
    ];
    let rest: Vec<_> =
        documented.into_iter().filter(|one| !about_carts_and_points.contains(&one.as_str())).collect();
    assert_eq!(told(CartNeed::ForReceiptOnly), rest);
}
