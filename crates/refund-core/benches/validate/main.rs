//! How long it takes to check a refund, beside the least it could take and beside the same written plainly.
//!
//! One group, `refund/check`, over one table of cases, so that the three are comparable within a run; accepted and
//! refused refunds apart, because a refusal also writes its sentences:
//!
//! | bench | what |
//! |---|---|
//! | `rules` | [`refund_core::rules::check`], as everybody calls it |
//! | `floor` | the same comparisons and sums over plain integers |
//! | `naive` | `rust_decimal` and maps by field name, as such checks are often written |
//!
//! Before anything is timed, all three must give the same verdict on every case. `cargo bench -p refund-core -- --test`
//! does that and runs each once. Times are for reading, they fail nothing.

mod cases;
mod floor;
mod naive;

use cases::{Case, Verdict};
use criterion::{BenchmarkId, Criterion, Throughput};
use refund_core::{CartNeed, CartPolicy, CheckedRefund, Violations, rules};
use std::hint::black_box;

/// The limits of a gateway that binds carts; these cases have none.
const POLICY: CartPolicy = CartPolicy::new(CartNeed::OrdersWithCart);

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    refund_check(&mut criterion);
    criterion.final_summary();
}

fn refund_check(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("refund/check");
    let (accepted, refused): (Vec<_>, Vec<_>) = cases::all().into_iter().partition(Case::is_accepted);
    for (kind, cases) in [("accepted", accepted), ("refused", refused)] {
        let plain: Vec<_> = cases.iter().map(floor::Fields::of).collect();
        let maps: Vec<_> = cases.iter().map(naive::fields).collect();
        assert_same_verdicts(&cases, &plain, &maps);
        group.throughput(Throughput::Elements(cases.len() as u64));
        group.bench_function(BenchmarkId::new("rules", kind), |bench| {
            bench.iter(|| cases.iter().filter(|case| check(black_box(case)).is_ok()).count());
        });
        group.bench_function(BenchmarkId::new("floor", kind), |bench| {
            bench
                .iter(|| plain.iter().filter(|fields| floor::check(black_box(fields)).is_accepted()).count());
        });
        group.bench_function(BenchmarkId::new("naive", kind), |bench| {
            bench.iter(|| maps.iter().filter(|map| naive::check(black_box(map)).is_accepted()).count());
        });
    }
    group.finish();
}

fn assert_same_verdicts(cases: &[Case], plain: &[floor::Fields], maps: &[naive::Map]) {
    assert!(!cases.is_empty(), "nothing would be measured");
    for ((case, plain), map) in cases.iter().zip(plain).zip(maps) {
        assert_eq!(floor::check(plain), case.expected, "floor: {case:?}");
        assert_eq!(naive::check(map), case.expected, "naive: {case:?}");
        assert_eq!(verdict(&check(case)), case.expected, "rules: {case:?}");
    }
}

fn check(case: &Case) -> Result<CheckedRefund, Violations> {
    rules::check(&case.command, &case.payment, &case.prior, &POLICY)
}

/// The verdict in a form that all three share.
fn verdict(checked: &Result<CheckedRefund, Violations>) -> Verdict {
    match checked {
        Ok(refund) => Verdict::Accepted(refund.amount().minor()),
        Err(found) => {
            let broken = |rule| found.as_slice().iter().any(|violation| violation.rule.as_str() == rule);
            Verdict::Refused { state: broken("payment-captured"), amount: broken("within-remaining") }
        }
    }
}
