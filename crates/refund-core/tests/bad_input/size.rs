//! Very many lines: the check ends, and says something about every wrong one.
//!
//! No test here measures time. A check that compares every line with every other needs 10¹⁰ comparisons and more for
//! these carts and would hang for minutes to hours, which nobody overlooks.

use crate::support::{line, named, paid, pieces, policy, refund};
use refund_core::{Currency, Line, Money, Prior, PriorCarts, RefundLine, UsedLine, rules};

const MANY: usize = 1_000_000;

fn order_of(lines: usize) -> refund_core::Payment {
    let sold = |position: usize| {
        let mut line = Line::new(position.to_string(), "Товар", pieces(1));
        line.amount = Some(Money::rub(100));
        line
    };
    paid(100 * lines as i64, (1..=lines).map(sold).collect())
}

fn refund_of(positions: impl Iterator<Item = usize>) -> Vec<RefundLine> {
    positions.map(|position| line(&position.to_string(), pieces(1), 100)).collect()
}

fn limits(lines: usize) -> refund_core::CartPolicy {
    let mut policy = policy();
    policy.lines_max = lines;
    policy
}

/// The order's sequence, its reverse (nothing is where it is looked for first), and odd before even (what is left out
/// comes later).
#[test]
fn a_million_lines_are_checked_in_any_sequence() {
    let payment = order_of(MANY);
    let straight = refund_of(1..=MANY);
    let reverse = refund_of((1..=MANY).rev());
    let odd_first = refund_of((1..=MANY).step_by(2).chain((2..=MANY).step_by(2)));
    for lines in [straight, reverse, odd_first] {
        let command = refund(100 * MANY as i64, lines);
        let total = rules::check_cart(&command, &payment, &Prior::none(Currency::RUB), &limits(MANY));
        assert_eq!(total.ok(), Some(100 * MANY as i64));
    }
}

/// Each wrong line is told exactly once: the number of violations is the number of lines, whatever their number.
#[test]
fn a_million_wrong_lines_are_told_one_by_one() {
    for lines in [1_000, 10_000, MANY] {
        let command = refund(100, refund_of((1..=lines).map(|position| position + lines)));
        let found = rules::check_cart(&command, &order_of(1), &Prior::none(Currency::RUB), &limits(lines));
        let found = named(&found.expect_err("the order has one line"));
        let unknown = found.iter().filter(|at| at.starts_with("cart-line-in-order@")).count();
        assert_eq!(unknown, lines);
        assert!(found.len() <= lines + 2, "{} violations of {lines} lines", found.len());
    }
}

#[test]
fn the_same_line_a_million_times_is_told_each_time() {
    let command = refund(100 * MANY as i64, refund_of(std::iter::repeat_n(1, MANY)));
    let found = rules::check_cart(&command, &order_of(1), &Prior::none(Currency::RUB), &limits(MANY));
    let found = named(&found.expect_err("a line stands there a million times"));
    assert_eq!(found.iter().filter(|at| at.starts_with("cart-positions-unique@")).count(), MANY - 1);
}

/// As many earlier refunds as lines: if each line looked through all of them, these would be 10¹⁰ comparisons.
#[test]
fn many_lines_after_many_earlier_refunds() {
    const LINES: usize = 100_000;
    let mut prior = Prior::of(Money::rub(100), Money::rub(0));
    prior.carts = PriorCarts::Some;
    let used = |position: usize| {
        UsedLine::new((position + LINES).to_string(), pieces(1), Money::rub(0), "a-1".into())
    };
    prior.lines = (1..=LINES).map(used).collect();
    let command = refund(100 * (LINES as i64 - 1), refund_of(2..=LINES));
    let total = rules::check_cart(&command, &order_of(LINES), &prior, &limits(LINES));
    assert_eq!(total.ok(), Some(100 * (LINES as i64 - 1)));
}

#[test]
fn names_of_a_mebibyte_are_compared_and_refused_by_their_length() {
    let long = "Ж".repeat(512 * 1024);
    let mut payment = order_of(1);
    payment.cart.iter_mut().for_each(|cart| cart.lines[0].name = long.clone());
    let mut lines = refund_of(1..=1);
    lines[0].name = Some(long.clone() + "ъ");
    let found = rules::check(&refund(100, lines), &payment, &Prior::none(Currency::RUB), &policy());
    let found = found.expect_err("the name is too long and another one");
    assert_eq!(named(&found), ["cart-formats@lines[0].name", "cart-line-in-order@lines[0].name"]);
    for violation in found.as_slice() {
        let shown: usize = violation.message.args().iter().map(|(_, value)| value.chars().count()).sum();
        assert!(shown < 1_000, "{} characters of a hostile name are shown", shown);
    }
}
