//! Every statement that a long journal must not slow down follows an index in its order.

use super::*;
use crate::sqlite::rows::Refund;
use refund_engine::ManualClock;

/// The refunds in their own order, from the end.
const WALKED: &str = "SCAN r\n";

/// What SQLite says it would do, one step a line.
fn steps(connection: &rusqlite::Connection, sql: &str) -> String {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("valid");
    let bound = statement.parameter_count();
    let values = rusqlite::params_from_iter(std::iter::repeat_n(0, bound));
    let rows = statement.query_map(values, |row| row.get::<_, String>(3)).expect("explains");
    rows.map(|row| row.expect("text")).collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_is_scanned_or_sorted() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("journal");
    drop(open(&path, Arc::new(ManualClock::starting(WallTime(0)))));
    let connection = crate::sqlite::open::for_reading(&path).expect("opens");
    let refunds = |rest: &str| {
        format!("SELECT {} FROM refunds r JOIN payments p ON p.id = r.payment {rest}", Refund::COLUMNS)
    };
    let free = "r.workable = 1 AND (r.lease_boot IS NULL OR r.lease_boot <> ?1 OR r.lease_ms <= ?2)";
    let due = |range: &str| {
        refunds(&format!("WHERE {free} AND {range} ORDER BY r.due_boot, r.due_ms, r.id LIMIT ?3"))
    };
    let check = |sql: String, index: &str| {
        let steps = steps(&connection, &sql);
        assert!(steps.contains(index), "{sql}\nshould use {index:?}:\n{steps}");
        assert!(!steps.contains("TEMP B-TREE"), "{sql}\nsorts:\n{steps}");
        assert!(index == WALKED || !steps.contains("SCAN"), "{sql}\nscans:\n{steps}");
    };
    check(due("r.due_boot < ?1"), "refunds_by_due");
    check(due("r.due_boot > ?1"), "refunds_by_due");
    check(due("r.due_boot = ?1 AND r.due_ms <= ?2"), "refunds_by_due");
    check(refunds("WHERE r.intent = ?1"), "sqlite_autoindex_refunds_1");
    check(refunds("WHERE r.key = ?1 ORDER BY r.id DESC"), "refunds_by_key");
    check(refunds("WHERE r.phase = ?1 ORDER BY r.id DESC LIMIT ?2"), "refunds_by_phase");
    check(refunds("WHERE r.payment = ?1"), "refunds_by_payment");
    check(
        refunds("WHERE p.provider = ?1 AND p.account = ?2 AND p.payment = ?3 ORDER BY r.id DESC"),
        "sqlite_autoindex_payments_1",
    );
    // Newest first is the table's own order, backwards, and stops at the limit.
    check(refunds("ORDER BY r.id DESC LIMIT ?1"), WALKED);
    check("SELECT body FROM events WHERE refund = ?1 ORDER BY seq".to_owned(), "sqlite_autoindex_events_2");
    check(
        "SELECT body FROM events e WHERE payment = ?1 ORDER BY number".to_owned(),
        "sqlite_autoindex_events_1",
    );
}
