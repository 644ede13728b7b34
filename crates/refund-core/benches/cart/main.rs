//! How long it takes to check a parsed cart, beside the least it could take and beside the same written plainly.
//!
//! One group, `cart/check`, at 1 to 10 000 lines, so that all are comparable within a run:
//!
//! | bench | what |
//! |---|---|
//! | `rules` | [`refund_core::rules::Checker::check_cart`], used again and again |
//! | `once` | [`refund_core::rules::check_cart`], which keeps nothing, where that makes a difference |
//! | `floor` | memory compare of the same texts and sums of the same integers: each byte touched once |
//! | `naive` | `HashMap<String, _>` and `rust_decimal`, as such checks are often written: order and refund in, verdict out |
//! | `ready` | the same with the order's map made beforehand |
//!
//! Before anything is timed, `rules` and `naive` must give the same verdict. Times are for reading, they fail nothing.

mod cases;
mod floor;
mod naive;

use cases::{Case, KINDS, Kind};
use criterion::{BenchmarkId, Criterion, Throughput};
use refund_core::{CartNeed, CartPolicy, rules};
use std::{hint::black_box, time::Duration};

const POLICY: CartPolicy = CartPolicy::new(CartNeed::OrdersWithCart);

fn main() {
    let criterion = Criterion::default().sample_size(20);
    let criterion =
        criterion.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(700));
    let mut criterion = criterion.configure_from_args();
    cart_check(&mut criterion);
    criterion.final_summary();
}

fn cart_check(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cart/check");
    for kind in KINDS {
        for lines in [1, 10, 100, 1_000, 10_000] {
            let case = Case::build(lines, kind);
            let order = naive::Order::of(&case);
            let mut checker = rules::Checker::new();
            agree(&mut checker, &case, &order);
            group.throughput(Throughput::Elements(lines as u64));
            let id = |name: &str| BenchmarkId::new(format!("{name}/{}", kind.name()), lines);
            let check = |checker: &mut rules::Checker, case: &Case| {
                checker.check_cart(&case.command, &case.payment, &case.prior, &POLICY)
            };
            group.bench_function(id("rules"), |bench| {
                bench.iter(|| check(&mut checker, black_box(&case)).is_ok())
            });
            if in_step(kind) {
                group.bench_function(id("floor"), |bench| bench.iter(|| floor::check(black_box(&case))));
            } else {
                group.bench_function(id("once"), |bench| bench.iter(|| once(black_box(&case)).is_ok()));
            }
            group.bench_function(id("naive"), |bench| bench.iter(|| naive::check(black_box(&case))));
            group.bench_function(id("ready"), |bench| {
                bench.iter(|| naive::check_with(black_box(&case), &order));
            });
        }
    }
    group.finish();
}

/// Whether the floor, which compares line by line, is the floor of this kind; else what is kept makes a difference.
fn in_step(kind: Kind) -> bool {
    !matches!(kind, Kind::Shuffled | Kind::AnyCodes | Kind::Prior)
}

fn once(case: &Case) -> Result<i64, refund_core::Violations> {
    rules::check_cart(&case.command, &case.payment, &case.prior, &POLICY)
}

/// The verdicts, and the sum where the cart is right.
fn agree(checker: &mut rules::Checker, case: &Case, order: &naive::Order) {
    let (expected, what) = (case.expected(), format!("{:?}, {} lines", case.kind, case.asked().len()));
    let found = checker.check_cart(&case.command, &case.payment, &case.prior, &POLICY);
    assert_eq!(once(case), found, "{what}");
    assert_eq!(found.ok(), expected, "rules: {what}");
    assert_eq!(naive::check(case), expected, "naive: {what}");
    assert_eq!(naive::check_with(case, order), expected, "ready: {what}");
    if in_step(case.kind) {
        assert_eq!(floor::check(case), (case.kind.is_right(), case.total), "floor: {what}");
    }
}
