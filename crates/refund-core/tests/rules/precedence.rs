//! The order in which broken rules are told.

use crate::case::{Case, breaks, refusing};
use refund_core::rules::{self, CoreRule};

#[test]
fn nothing_is_wrong_with_the_good_case() {
    assert_eq!(Case::good().broken(), [""; 0]);
}

#[test]
fn each_rule_is_told_when_it_is_broken() {
    for rule in refusing() {
        let broken = Case::good().but(|case| breaks(rule, case)).broken();
        assert!(broken.contains(&rule.def().id.as_str()), "{rule:?}: {broken:?}");
    }
}

#[test]
fn neighbours_broken_together_are_both_told_in_order() {
    for pair in refusing().windows(2) {
        let [first, second] = [pair[0], pair[1]];
        let case = Case::good().but(|case| {
            breaks(first, case);
            breaks(second, case);
        });
        let broken = case.broken();
        let place = |rule: CoreRule| broken.iter().position(|id| *id == rule.def().id.as_str());
        let (one, two) = (place(first), place(second));
        assert!(one.is_some() && one < two, "{first:?} and {second:?}: {broken:?}");
        let mut sorted = broken.clone();
        sorted.sort_by_key(|id| rules::ALL.iter().position(|rule| rule.id.as_str() == *id));
        assert_eq!(broken, sorted);
    }
}

#[test]
fn within_a_rule_the_lines_order_is_kept() {
    let case = Case::good().but(|case| {
        let wrong = case.line(0).clone();
        *case.lines() = ["7", "5", "9"]
            .iter()
            .map(|position| refund_core::RefundLine { position: (*position).to_owned(), ..wrong.clone() })
            .collect();
    });
    let found = case.check().expect_err("no such lines");
    let paths: Vec<_> = found
        .as_slice()
        .iter()
        .filter(|one| one.rule.as_str() == "cart-line-in-order")
        .map(|one| one.path.as_str())
        .collect();
    assert_eq!(paths, ["lines[0].position", "lines[1].position", "lines[2].position"]);
}
