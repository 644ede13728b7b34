//! The disk says no: the journal closes itself, tells so, and what it had acknowledged is there.

#![cfg(unix)]

use super::bench::{Bench, Worker, plan_of};
use super::processes::PATH;
use refund_core::ArmLog;
use refund_engine::{Journal, JournalError, ManualClock};
use refund_journal::SqliteJournal;
use std::{
    process::{Command, Stdio},
    sync::Arc,
};

#[test]
#[ignore = "the process whose files may not grow; started by the test below"]
fn fills_the_disk() {
    let Ok(path) = std::env::var(PATH) else { return };
    let clock = ManualClock::starting(refund_core::WallTime(0));
    let journal = SqliteJournal::open(path, Arc::new(clock.clone())).expect("opens");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let first = Worker::plan(&journal, &clock, &plan_of("1001", "k-0", 1)).await;
        let mut planned = 1;
        let error = loop {
            match journal.plan(&[plan_of("1001", &format!("k-{planned}"), 1)]).await {
                Ok(_) => planned += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(error, JournalError::CommitUnknown, "the log could not grow at the commit");
        let poisoned = JournalError::Poisoned;
        assert_eq!(journal.plan(&[plan_of("1001", "k-0", 1)]).await, Err(poisoned.clone()));
        assert_eq!(journal.claim(first.at.intent, super::bench::TERM).await.err(), Some(poisoned.clone()));
        assert_eq!(journal.release(first.at).await, Err(poisoned.clone()));
        assert_eq!(journal.find(first.at.intent).await, Err(poisoned.clone()));
        assert_eq!(journal.verify().await, Err(poisoned));
        let armed = journal.arm(&first.arm_record(1, 1)).await;
        assert_eq!(armed, Err(refund_core::ArmError::Poisoned));
        println!("\nplanned {planned}");
    });
}

#[test]
fn a_failed_commit_poisons_and_loses_nothing() {
    let bench = Bench::new();
    drop(bench.open());
    let binary = std::env::current_exe().expect("this binary");
    // A write beyond the limit fails as on a full disk, once the signal that comes with it is ignored.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 2000; exec \"$0\" \"$@\""])
        .arg(binary)
        .args(["--exact", "faults::fills_the_disk", "--ignored", "--nocapture"])
        .env(PATH, &bench.path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .expect("sh starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    let planned: u64 = text
        .lines()
        .find_map(|line| line.strip_prefix("planned ")?.parse().ok())
        .unwrap_or_else(|| panic!("the child told nothing: {text}"));
    assert!(planned > 10, "only {planned} were planned");

    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let verified = runtime.block_on(bench.open().verify()).expect("in order");
    // The one whose commit nobody could tell may be there or not; no other.
    assert!([planned, planned + 1].contains(&verified.records), "{planned} acknowledged, {verified:?}");
}
