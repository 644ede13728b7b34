//! How long it takes to check a parsed cart, beside the least it could take and beside the same written plainly.
//!
//! One group, `cart/check`, at 1 to 10 000 lines, with everything right and with the last line wrong, so that the three
//! are comparable within a run:
//!
//! | bench | what |
//! |---|---|
//! | `rules` | [`refund_core::rules::check_cart`] |
//! | `floor` | memory compare of the same texts and sums of the same integers: each byte touched once |
//! | `naive` | `HashMap<String, _>` and `rust_decimal`, as such checks are often written |
//!
//! Before anything is timed, `rules` and `naive` must give the same verdict. Times are for reading, they fail nothing.

mod cases;
mod floor;
mod naive;

use cases::{Case, Kind};
use criterion::{BenchmarkId, Criterion, Throughput};
use refund_core::{CartNeed, CartPolicy, rules};
use std::hint::black_box;

const POLICY: CartPolicy = CartPolicy::new(CartNeed::OrdersWithCart);

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    cart_check(&mut criterion);
    criterion.final_summary();
}

fn cart_check(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cart/check");
    for kind in [Kind::Valid, Kind::LastWrong] {
        for lines in [1, 10, 100, 1_000, 10_000] {
            let case = Case::build(lines, kind);
            let order = naive::Order::of(&case);
            agree(&case, &order);
            group.throughput(Throughput::Elements(lines as u64));
            let id = |name: &str| BenchmarkId::new(format!("{name}/{}", kind.name()), lines);
            group.bench_function(id("rules"), |bench| bench.iter(|| check(black_box(&case)).is_ok()));
            group.bench_function(id("floor"), |bench| bench.iter(|| floor::check(black_box(&case))));
            group.bench_function(id("naive"), |bench| bench.iter(|| naive::check(black_box(&case), &order)));
        }
    }
    group.finish();
}

fn check(case: &Case) -> Result<i64, refund_core::Violations> {
    rules::check_cart(&case.command, &case.payment, &case.prior, &POLICY)
}

/// The verdicts, and the sum where the cart is right.
fn agree(case: &Case, order: &naive::Order) {
    let expected = (case.kind == Kind::Valid).then_some(case.total);
    assert_eq!(check(case).ok(), expected, "rules: {} lines", case.lines());
    assert_eq!(naive::check(case, order), expected, "naive: {} lines", case.lines());
    assert_eq!(floor::check(case), (case.kind == Kind::Valid, case.total), "floor: {} lines", case.lines());
}
