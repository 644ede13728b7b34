//! How long it takes to check a block, beside the least it could take: reading the same bytes once.
//!
//! One group, `ofd/validate`:
//!
//! | bench | what |
//! |---|---|
//! | `check/full`, `check/agent`, `check/small` | [`receipts_ofd::check`], as everybody calls it |
//! | `floor/…` | the characters of the same values, each looked at once |
//!
//! Before anything is timed, every block must pass without a warning. `cargo bench -p receipts-ofd -- --test` does that
//! and runs each once. Times are for reading, they fail nothing.

mod blocks;

use criterion::{BenchmarkId, Criterion, Throughput};
use receipts_ofd::{Fields, Key, check, wire::Block};
use std::hint::black_box;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    validate(&mut criterion);
    criterion.final_summary();
}

fn validate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ofd/validate");
    for (name, context, block) in blocks::all() {
        let found = check(&block, &context);
        assert!(found.is_empty(), "{name}: {found}");
        group.throughput(Throughput::Bytes(values(&block).map(|value| value.len() as u64).sum()));
        group.bench_function(BenchmarkId::new("check", name), |bench| {
            bench.iter(|| check(black_box(&block), black_box(&context)).is_empty());
        });
        group.bench_function(BenchmarkId::new("floor", name), |bench| {
            bench.iter(|| {
                values(black_box(&block)).all(|value| value.chars().all(|c| !black_box(c).is_control()))
            });
        });
    }
    group.finish();
}

fn values(block: &Block) -> impl Iterator<Item = &str> {
    Key::all().filter_map(|key| block.field(key)).flat_map(|value| value.texts().map(|(_, text)| text))
}
