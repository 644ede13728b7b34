//! Opening: what is made, what is refused and in which words, what is set and read back.

use super::bench::{Bench, Worker, plan_of};
use refund_core::{AccountId, ArmError, ArmLog, ProviderId};
use refund_engine::{Journal, JournalError, ListQuery};
use refund_journal::SqliteJournal;
use std::{
    path::Path,
    sync::{Arc, Barrier},
};

/// Why it cannot be opened, without the path.
fn refusal(bench: &Bench, path: &Path) -> String {
    let answer = SqliteJournal::open(path, Arc::new(bench.clock.clone())).map(drop);
    let Err(JournalError::Unavailable { place, detail }) = answer else { panic!("{path:?}: {answer:?}") };
    assert!(place.starts_with(&*path.to_string_lossy()), "{place}");
    detail.replace(&*bench.directory.path().to_string_lossy(), "DIR")
}

#[tokio::test]
async fn a_new_journal_is_private_durable_and_empty() {
    let bench = Bench::new();
    let journal = bench.open();
    let durability = journal.durability().await.expect("readable");
    assert!(durability.is_full(), "{durability:?}");
    assert_eq!((durability.journal_mode.as_str(), durability.synchronous, durability.schema), ("wal", 2, 2));
    assert_eq!((durability.busy_timeout_ms, durability.foreign_keys), (5_000, true));
    assert_eq!(journal.verify().await.expect("in order").records, 0);
    assert_eq!(journal.path(), bench.path);
    Worker::plan(&journal, &bench.clock, &plan_of("1001", "k-1", 100)).await;
    drop(journal);
    let left: Vec<_> = std::fs::read_dir(bench.directory.path()).expect("readable").collect();
    assert_eq!(left.len(), 1, "a closed journal is one file, and no draft stays behind: {left:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn every_file_of_a_journal_is_its_owners_alone() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let bench = Bench::new();
    let journal = bench.open();
    Worker::plan(&journal, &bench.clock, &plan_of("1001", "k-1", 100)).await;
    let mut modes = Vec::new();
    for entry in std::fs::read_dir(bench.directory.path()).expect("readable") {
        let entry = entry.expect("readable");
        let name = entry.file_name().to_string_lossy().into_owned();
        modes.push((name, entry.metadata().expect("readable").mode() & 0o777));
    }
    modes.sort();
    let expected = ["journal.db", "journal.db-shm", "journal.db-wal"].map(|name| (name.to_owned(), 0o600));
    assert_eq!(modes, expected);

    for (name, mode) in [("journal.db", 0o640), ("journal.db-wal", 0o604), ("journal.db-shm", 0o660)] {
        let file = bench.directory.path().join(name);
        std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).expect("set");
        let expected = format!("others may read or write it (mode {mode:04o}); run: chmod 600 DIR/{name}");
        assert_eq!(refusal(&bench, &bench.path), expected);
        let reading = SqliteJournal::open_read_only(&bench.path).map(drop);
        assert!(matches!(reading, Err(JournalError::Unavailable { .. })), "{reading:?}");
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).expect("set");
    }
    assert!(SqliteJournal::open_read_only(&bench.path).is_ok());
}

#[test]
fn what_cannot_be_a_journal_is_refused_by_name() {
    let bench = Bench::new();
    let directory = bench.directory.path();
    let file = |name: &str, bytes: &[u8]| {
        let path = directory.join(name);
        std::fs::write(&path, bytes).expect("written");
        make_private(&path);
        path
    };
    let check = |path: &Path, expected: &str| assert_eq!(refusal(&bench, path), expected);

    check(&directory.join("missing/journal"), "the directory DIR/missing does not exist; create it first");
    check(directory, "this is a directory; a journal is a file");
    check(&file("plain", b"x").join("journal"), "DIR/plain is not a directory");
    check(
        &file("empty", b""),
        "the file is empty, and no journal ever is; remove it so that one can be made",
    );
    let text = [b'x'; 4_096];
    check(&file("text", &text), "the file is not a SQLite database (file is not a database)");

    let other = directory.join("other");
    let connection = rusqlite::Connection::open(&other).expect("made");
    connection.execute_batch("CREATE TABLE notes (text)").expect("made");
    make_private(&other);
    check(&other, "the file is a SQLite database, but not a refund journal");
    assert_eq!(std::fs::read(file("text", &text)).expect("readable"), text, "nothing refused was touched");

    let missing = SqliteJournal::open_read_only(directory.join("nothing")).map(drop);
    let Err(JournalError::Unavailable { detail, .. }) = missing else { panic!("{missing:?}") };
    assert_eq!(detail, "there is no such file");
    assert!(!directory.join("nothing").exists(), "reading makes no file");
}

#[test]
fn another_schema_is_refused_and_both_are_named() {
    let bench = Bench::new();
    drop(bench.open());
    for (version, advice) in [
        (3, "use a newer program"),
        (1, "go on with the program that wrote it until its refunds are final, and begin a new journal here"),
        (0, "no program ever wrote that"),
    ] {
        let raw = rusqlite::Connection::open(&bench.path).expect("opens");
        raw.execute_batch(&format!("PRAGMA user_version = {version}")).expect("set");
        drop(raw);
        let expected = format!("its schema is version {version}, this program knows version 2: {advice}");
        assert_eq!(refusal(&bench, &bench.path), expected);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_read_only_file_is_read_but_not_written() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    let journal = bench.open();
    let intent = Worker::plan(&journal, &bench.clock, &plan_of("1001", "k-1", 100)).await.at.intent;
    drop(journal);
    std::fs::set_permissions(&bench.path, PermissionsExt::from_mode(0o400)).expect("set");
    assert_eq!(refusal(&bench, &bench.path), "the file is read-only");
    let journal = SqliteJournal::open_read_only(&bench.path).expect("opens");
    assert_eq!(journal.history(intent).await.expect("readable").len(), 1);
}

#[tokio::test]
async fn a_reader_follows_a_writer_and_writes_nothing() {
    let bench = Bench::new();
    let writer = bench.open();
    let reader = SqliteJournal::open_read_only(&bench.path).expect("opens");
    assert_eq!(reader.list(&ListQuery::default()).await, Ok(vec![]));
    let mut worker = Worker::plan(&writer, &bench.clock, &plan_of("1001", "k-1", 100)).await;
    worker.carry(100, 100).await;
    let listed = reader.list(&ListQuery::default()).await.expect("readable");
    assert_eq!(listed[0].state.seq, 5, "what was acknowledged is there for every reader");
    assert_eq!(reader.verify().await, writer.verify().await);

    let unavailable = |answer: Option<JournalError>| {
        let Some(JournalError::Unavailable { detail, .. }) = answer else { panic!("{answer:?}") };
        assert_eq!(detail, "it was opened for reading only");
    };
    let term = super::bench::TERM;
    unavailable(reader.plan(&[plan_of("1001", "k-2", 100)]).await.err());
    unavailable(reader.claim(worker.at.intent, term).await.err());
    unavailable(reader.claim_due(1, term).await.err());
    unavailable(reader.renew(worker.at, term).await.err());
    unavailable(reader.release(worker.at).await.err());
    let arm = reader.arm(&worker.arm_record(1, 1)).await;
    assert!(matches!(arm, Err(ArmError::Unavailable(_))), "{arm:?}");
}

/// Many who open a journal that is not there yet make one journal.
#[test]
fn a_journal_is_made_once() {
    let bench = Bench::new();
    let barrier = Barrier::new(8);
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (bench, barrier) = (&bench, &barrier);
            scope.spawn(move || {
                barrier.wait();
                let journal = bench.open();
                let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
                let plan = plan_of("1001", &format!("k-{number}"), 100);
                runtime.block_on(Worker::plan(&journal, &bench.clock, &plan));
            });
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let verified = runtime.block_on(bench.open().verify()).expect("in order");
    assert_eq!((verified.payments, verified.records), (1, 8));
}

/// A caller that hangs up cancels nothing that was queued.
#[tokio::test]
async fn a_dropped_call_is_still_carried_out() {
    let bench = Bench::new();
    let journal = bench.open();
    let plan = plan_of("1001", "k-1", 100);
    {
        let mut call = journal.plan(std::slice::from_ref(&plan));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let _ = call.as_mut().poll(&mut context);
    }
    drop(journal); // Finishes what is queued.
    assert!(bench.open().find(plan.intent).await.expect("readable").is_some());
}

#[cfg(unix)]
fn make_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o600)).expect("set");
}

#[cfg(not(unix))]
fn make_private(_: &Path) {}

#[tokio::test]
async fn where_an_accounts_refunds_are_made_is_said_once() {
    let bench = Bench::new();
    let journal = bench.open();
    let (provider, other) = (ProviderId::from_static("acme"), ProviderId::from_static("other"));
    let account = AccountId::parse("shop").expect("valid");
    assert_eq!(journal.origin(&provider, &account).await, Ok(None));
    assert_eq!(journal.bind(&provider, &account, "sandbox").await.as_deref(), Ok("sandbox"));
    assert_eq!(
        journal.bind(&provider, &account, "live -").await.as_deref(),
        Ok("sandbox"),
        "the first stays"
    );
    assert_eq!(journal.bind(&other, &account, "live -").await.as_deref(), Ok("live -"));
    drop(journal);
    let journal = bench.open();
    assert_eq!(journal.origin(&provider, &account).await, Ok(Some("sandbox".to_owned())));
}
