//! Somebody changes the file behind the journal's back, with triggers dropped: `verify` finds it and names the place.

use super::bench::{Bench, DONE, Worker, plan_of};
use refund_core::Digest;
use refund_engine::{Journal, JournalError, Record, Role, Verified};

/// Two payments. Of order 1001: records 1-5 of the first refund, 6-8 of the second. Of order 1002: records 1-2.
async fn told() -> (Bench, Verified) {
    let bench = Bench::new();
    let journal = bench.open();
    let mut first = Worker::plan(&journal, &bench.clock, &plan_of("1001", "k-1", 60)).await;
    first.carry(60, 100).await;
    let mut second = Worker::plan(&journal, &bench.clock, &plan_of("1001", "k-2", 40)).await;
    second.append(Record::Approved).await;
    second.reserve(40, 100).await;
    let mut third = Worker::plan(&journal, &bench.clock, &plan_of("1002", "k-3", 10)).await;
    third.append(Record::Approved).await;
    let verified = journal.verify().await.expect("in order");
    assert_eq!((verified.payments, verified.records), (2, 10));
    drop(journal);
    (bench, verified)
}

/// What verifying says after this was done to the file: `order 1001, record 3: …`.
async fn found(sql: &str) -> String {
    let (bench, _) = told().await;
    let changed = {
        let raw = bench.raw();
        let before = raw.total_changes();
        raw.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        raw.total_changes() - before
    };
    assert!(changed > 0, "{sql} changed nothing");
    match bench.open().verify().await {
        Err(JournalError::Broken { payment, number, detail }) => format!("{payment} {number}: {detail}"),
        other => panic!("{sql}: {other:?}"),
    }
}

async fn check(sql: &str, expected: &str) {
    let told = found(sql).await;
    assert!(told.starts_with(expected), "{sql}\ntold:     {told}\nexpected: {expected}");
}

#[tokio::test]
async fn a_changed_record_is_found_and_named() {
    let at = "WHERE payment = (SELECT id FROM payments WHERE payment = '1001') AND number = 3";
    let hash = "acme/shop/1001 3: it does not match its hash";
    check(
        &format!("UPDATE events SET body = CAST(replace(CAST(body AS TEXT), '60', '61') AS BLOB) {at}"),
        hash,
    )
    .await;
    check(&format!("UPDATE events SET body = x'00' {at}"), hash).await;
    check(&format!("UPDATE events SET wall = wall + 1 {at}"), hash).await;
    check(&format!("UPDATE events SET kind = 'approved' {at}"), hash).await;
    check(&format!("UPDATE events SET seq = 30 {at}"), hash).await;
    check(&format!("UPDATE events SET hash = zeroblob(32) {at}"), hash).await;
    check(&format!("UPDATE events SET hash = x'00' {at}"), hash).await;
    check(&format!("UPDATE events SET refund = 2, seq = 9 {at}"), hash).await;
    check(&format!("UPDATE events SET prev = zeroblob(32) {at}"), "acme/shop/1001 3: it does not name").await;
    check(&format!("UPDATE events SET number = 99 {at}"), "acme/shop/1001 3: record 4 follows record 2")
        .await;
    check(&format!("DELETE FROM events {at}"), "acme/shop/1001 3: record 4 follows record 2").await;
    check(&format!("UPDATE events SET payment = 2, number = 3 {at}"), "acme/shop/1001 3: record 4 follows")
        .await;
    // Word for word another record, with the hash made right: the next one does not name it.
    check(
        "UPDATE events SET body = x'7b7d', hash = zeroblob(32) WHERE number = 8",
        "acme/shop/1001 8: it does not match its hash",
    )
    .await;
    check(
        "DELETE FROM events WHERE number = 8",
        "acme/shop/1001 7: the chain has 7 records, its payment says 8",
    )
    .await;
}

/// Every single bit of one record's bytes and of its hash.
#[tokio::test]
async fn every_flipped_bit_of_a_record_is_found() {
    let (bench, _) = told().await;
    let (raw, journal) = (bench.raw(), bench.open());
    for column in ["body", "hash", "prev"] {
        let read = format!("SELECT {column} FROM events WHERE number = 7");
        let whole: Vec<u8> = raw.query_row(&read, [], |row| row.get(0)).expect("there");
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let write = format!("UPDATE events SET {column} = ?1 WHERE number = 7");
            raw.execute(&write, [&flipped]).expect("written");
            let answer = journal.verify().await;
            assert!(
                matches!(&answer, Err(JournalError::Broken { payment, number: 7, .. }) if payment == "acme/shop/1001"),
                "bit {bit} of {column}: {answer:?}"
            );
            raw.execute(&write, [&whole]).expect("written");
        }
    }
    journal.verify().await.expect("in order again");
}

#[tokio::test]
async fn changed_attachments_are_found_and_erased_ones_are_told() {
    let reserved = "(SELECT id FROM events WHERE number = 3)";
    let hash = "acme/shop/1001 3: it does not match its hash";
    let digest = "acme/shop/1001 3: the attached prepared does not match its digest";
    check(&format!("UPDATE blobs SET bytes = CAST(bytes || 'x' AS BLOB) WHERE event = {reserved}"), digest)
        .await;
    check(&format!("UPDATE blobs SET bytes = x'' WHERE event = {reserved}"), digest).await;
    check(&format!("UPDATE attachments SET schema = 'acme/refund@2' WHERE event = {reserved}"), digest).await;
    check(&format!("UPDATE attachments SET role = 'note' WHERE event = {reserved}"), hash).await;
    check(&format!("UPDATE attachments SET digest = zeroblob(32) WHERE event = {reserved}"), digest).await;
    check(&format!("DELETE FROM attachments WHERE event = {reserved}"), hash).await;
    check(&format!("INSERT INTO attachments VALUES ({reserved}, 9, 'note', 'x@1', zeroblob(32))"), hash)
        .await;
    check(
        &format!("UPDATE attachments SET role = 'nonsense' WHERE event = {reserved}"),
        "acme/shop/1001 3: the role \"nonsense\" is not known",
    )
    .await;

    let (bench, before) = told().await;
    let raw = bench.raw();
    raw.execute_batch(&format!("DELETE FROM blobs WHERE event = {reserved}")).expect("erased");
    let journal = bench.open();
    let inspection = journal.inspect().await.expect("erasing is allowed");
    assert_eq!(inspection.verified, before, "and the chain does not notice");
    let erased: Vec<_> =
        inspection.erased.iter().map(|one| (one.payment.to_string(), one.number, one.role)).collect();
    assert_eq!(erased, [("acme/shop/1001".to_owned(), 3, Role::Prepared)]);
    let history = journal.history(plan_of("1001", "k-1", 60).intent).await.expect("readable");
    assert_eq!((history.len(), history[2].attachments.len()), (5, 0));
}

#[tokio::test]
async fn a_changed_summary_is_found() {
    let beside = "acme/shop/1001 8: what is kept beside refund";
    for change in
        ["phase = 'planned'", "amount = 41", "amount = NULL", "holds = 0", "claims = 39", "workable = 0"]
    {
        check(&format!("UPDATE refunds SET {change} WHERE key = 'k-2'"), beside).await;
    }
    check("UPDATE refunds SET seq = 2 WHERE key = 'k-2'", beside).await;
    check("UPDATE refunds SET key = 'k-9' WHERE key = 'k-2'", "acme/shop/1001 8: the key kept beside").await;
    check("UPDATE refunds SET changed = 0 WHERE key = 'k-2'", "acme/shop/1001 8: the times kept beside")
        .await;
    check("UPDATE refunds SET planned = 0 WHERE key = 'k-2'", "acme/shop/1001 8: the times kept beside")
        .await;
    check("UPDATE refunds SET phase = 'gone' WHERE key = 'k-2'", "acme/shop/1001 8: the phase \"gone\"")
        .await;
    check(
        "UPDATE refunds SET intent = zeroblob(16) WHERE key = 'k-2'",
        "acme/shop/1001 6: it does not match",
    )
    .await;
    check("UPDATE payments SET count = 9 WHERE payment = '1001'", "acme/shop/1001 8: the chain has 8").await;
    check(
        "UPDATE payments SET head = zeroblob(32) WHERE payment = '1001'",
        "acme/shop/1001 8: the chain has 8",
    )
    .await;
    check(
        "UPDATE payments SET payment = '1003' WHERE payment = '1001'",
        "acme/shop/1003 1: it does not name",
    )
    .await;
    check(
        "UPDATE payments SET currency = 'USD' WHERE payment = '1001'",
        "acme/shop/1001 1: it does not name",
    )
    .await;
    check("DELETE FROM payments WHERE payment = '1001'", "(none) 0: 10 rows in events, 2 of them").await;
    check("DELETE FROM refunds WHERE key = 'k-3'", "acme/shop/1002 0: the chain has 0 records").await;
    check(
        "INSERT INTO refunds SELECT 9, randomblob(16), payment, 'k-9', phase, amount, seq, holds, claims, workable,
             planned, changed, due_boot, due_ms, fence, NULL, NULL FROM refunds WHERE key = 'k-3'",
        "acme/shop/1002 2: refund",
    )
    .await;
    check(
        "DROP INDEX refunds_by_key; CREATE INDEX refunds_by_key ON refunds (phase);
           PRAGMA writable_schema = ON;
           UPDATE sqlite_schema SET sql = 'CREATE INDEX refunds_by_key ON refunds (key)'
               WHERE name = 'refunds_by_key'",
        "(none) 0: SQLite's own check",
    )
    .await;
}

/// Whoever works on a refund whose summary was changed is stopped before anything is sent.
#[tokio::test]
async fn a_worker_does_not_believe_a_changed_summary() {
    let (bench, _) = told().await;
    bench.raw().execute_batch("UPDATE refunds SET claims = 0, holds = 0 WHERE key = 'k-2'").expect("changed");
    let journal = bench.open();
    bench.clock.advance(super::bench::TERM);
    let intent = plan_of("1001", "k-2", 40).intent;
    let answer = journal.claim(intent, super::bench::TERM).await.map(drop);
    assert!(matches!(answer, Err(JournalError::Broken { .. })), "{answer:?}");
    // The others go on.
    Worker::claim(&journal, &bench.clock, plan_of("1002", "k-3", 10).intent).await.reserve(10, 10).await;
}

/// A request whose bytes were changed is not handed out to be sent.
#[tokio::test]
async fn a_changed_request_is_not_handed_out() {
    let (bench, _) = told().await;
    bench
        .raw()
        .execute_batch(
            "UPDATE blobs SET bytes = CAST(replace(CAST(bytes AS TEXT), 'request', 'REQUEST') AS BLOB)",
        )
        .expect("changed");
    let journal = bench.open();
    bench.clock.advance(super::bench::TERM);
    let answer = journal.claim(plan_of("1001", "k-2", 40).intent, super::bench::TERM).await.map(drop);
    let Err(JournalError::Broken { payment, number, detail }) = answer else { panic!("{answer:?}") };
    assert_eq!((payment.as_str(), number), ("acme/shop/1001", 8));
    assert_eq!(detail, "the attached prepared does not match its digest");
}

/// With the triggers in place nothing is changed to begin with.
#[tokio::test]
async fn records_refuse_to_be_changed() {
    let (bench, _) = told().await;
    let raw = rusqlite::Connection::open(&bench.path).expect("opens");
    for (sql, refusal) in [
        ("UPDATE events SET wall = 0", "records are never changed"),
        ("DELETE FROM events", "records are never deleted"),
        ("UPDATE attachments SET schema = 'x'", "records are never changed"),
        ("DELETE FROM attachments", "records are never deleted"),
        ("UPDATE blobs SET bytes = x'00'", "attached bytes are never changed, only erased"),
        ("UPDATE refunds SET key = 'x'", "what a refund is never changes"),
        ("DELETE FROM refunds", "refunds are never deleted"),
        ("UPDATE payments SET currency = 'x'", "what a payment is never changes"),
        ("DELETE FROM payments", "payments are never deleted"),
    ] {
        let answer = raw.execute(sql, []).expect_err(sql).to_string();
        assert_eq!(answer, refusal, "{sql}");
    }
}

/// A chain cannot show that its end was cut off and everything beside made right; a root kept outside does.
#[tokio::test]
async fn a_cut_end_shows_in_the_root() {
    let (bench, before) = told().await;
    let raw = bench.raw();
    let head: Vec<u8> =
        raw.query_row("SELECT hash FROM events WHERE number = 7", [], |row| row.get(0)).expect("there");
    raw.execute_batch(
        "DELETE FROM attachments WHERE event = (SELECT id FROM events WHERE number = 8);
         DELETE FROM events WHERE number = 8;
         UPDATE refunds SET phase = 'approved', seq = 2, holds = 0, claims = 0 WHERE key = 'k-2'",
    )
    .expect("changed");
    raw.execute("UPDATE payments SET count = 7, head = ?1 WHERE payment = '1001'", [&head]).expect("changed");
    let after = bench.open().verify().await.expect("a shorter chain is a chain");
    assert_eq!(after.records, before.records - 1);
    assert_ne!(after.root, before.root);
    assert_ne!(after.root, Digest([0; 32]));
}

/// One bit flipped in the file itself, as a disk would.
#[tokio::test]
async fn a_flipped_bit_in_the_file_is_found() {
    let (bench, _) = told().await;
    let mut bytes = std::fs::read(&bench.path).expect("readable");
    let needle = br#"{"v":2,"type":"settled","by":"reply"}"#;
    let places: Vec<_> =
        bytes.windows(needle.len()).enumerate().filter(|(_, window)| window == needle).collect();
    assert_eq!(places.len(), 1);
    let place = places[0].0;
    for offset in [2, 9, needle.len() - 3] {
        bytes[place + offset] ^= 1;
        std::fs::write(&bench.path, &bytes).expect("written");
        let answer = bench.open().verify().await;
        let Err(JournalError::Broken { payment, number, .. }) = answer else { panic!("{answer:?}") };
        assert_eq!((payment.as_str(), number), ("acme/shop/1001", 5), "{DONE:?}");
        bytes[place + offset] ^= 1;
    }
}
