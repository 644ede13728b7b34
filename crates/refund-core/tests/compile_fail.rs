//! Programs that try to send without a record, or twice from one record, and must not compile.
//!
//! Each file of `permit/` is one try; the compiler's answer is pinned beside it, so that a try fails for the reason it
//! is meant to fail for. After a deliberate change: `TRYBUILD=overwrite cargo test -p refund-core --test compile_fail`,
//! and read the difference.

#[test]
fn the_permit_cannot_be_got_round() {
    trybuild::TestCases::new().compile_fail("tests/permit/*.rs");
}
