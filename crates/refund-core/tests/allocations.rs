//! A cart with nothing wrong is checked without touching the heap; one with everything wrong takes memory in proportion.
//! Counted, not timed.

#[path = "../benches/cart/cases.rs"]
mod cases;

use cases::{Case, KINDS, Kind};
use refund_core::{CartNeed, CartPolicy, rules, rules::Checker};

const POLICY: CartPolicy = CartPolicy::new(CartNeed::OrdersWithCart);

fn allocations(work: impl FnOnce()) -> u64 {
    allocation_counter::measure(work).count_total
}

fn once(case: &Case) -> Option<i64> {
    rules::check_cart(&case.command, &case.payment, &case.prior, &POLICY).ok()
}

fn kept(checker: &mut Checker, case: &Case) -> Option<i64> {
    checker.check_cart(&case.command, &case.payment, &case.prior, &POLICY).ok()
}

#[test]
fn a_right_cart_in_the_orders_sequence_costs_no_allocation() {
    for lines in [1, 10, 1_000, 10_000] {
        for kind in [Kind::Valid, Kind::LongPrefix] {
            let case = Case::build(lines, kind);
            let count = allocations(|| assert_eq!(once(&case), case.expected()));
            let sizes = (case.asked().len(), case.sold().len());
            assert_eq!((sizes, count), ((lines, lines), 0), "{}", kind.name());
        }
    }
}

#[test]
fn a_checker_that_was_used_before_costs_none_whatever_the_sequence() {
    let mut checker = Checker::new();
    for lines in [10_000, 1, 10, 1_000] {
        for kind in KINDS.into_iter().filter(|kind| kind.is_right()) {
            let case = Case::build(lines, kind);
            kept(&mut checker, &case);
            let count = allocations(|| assert_eq!(kept(&mut checker, &case), case.expected()));
            assert_eq!(count, 0, "{} lines, {}", lines, kind.name());
        }
    }
}

/// The counter counts, and ten times the mistakes take ten times the memory.
#[test]
fn ten_times_the_mistakes_take_ten_times_the_memory() {
    let count = |lines| {
        let case = Case::build(lines, Kind::AllWrong);
        allocations(|| assert_eq!(once(&case), None))
    };
    let (few, many) = (count(1_000), count(10_000));
    assert!(few >= 1_000 && many <= 12 * few, "{few} at 1 000 lines, {many} at 10 000");
}
