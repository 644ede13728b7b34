//! A block with nothing wrong is checked without touching the heap. Counted, not timed.

use receipts_ofd::{BackEnd, CivilDate, Context, FfdVersion, Fields, Findings, OfdPartner, check, wire};

#[path = "../benches/ofd/blocks.rs"]
mod blocks;

fn allocations(work: impl FnOnce()) -> u64 {
    allocation_counter::measure(work).count_total
}

#[test]
fn a_right_block_costs_no_allocation() {
    for (name, context, block) in blocks::all() {
        let typed =
            receipts_ofd::AdditionalOfdParams::from_block(&block, &context).expect("nothing is wrong").0;
        for fields in [&block as &dyn Fields, &typed] {
            let mut found = Findings::default();
            let count = allocations(|| found = check(fields, &context));
            assert!(found.is_empty(), "{name}: {found}");
            assert_eq!(count, 0, "checking {name} allocated");
        }
    }
}

/// The counter counts: a check that finds something allocates.
#[test]
fn a_wrong_block_allocates() {
    let context =
        Context::new(BackEnd::SberOld, FfdVersion::V1_05, OfdPartner::Atol, CivilDate::of(2026, 11, 21));
    let block = wire::read(r#"{"client.email":"ivan"}"#).expect("JSON").into_block();
    assert!(allocations(|| assert!(check(&block, &context).has_errors())) > 0);
}
