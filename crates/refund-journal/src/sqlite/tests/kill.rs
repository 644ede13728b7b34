//! The process dies: at every named point around a commit, and by `kill -9` at any moment.
//!
//! This test binary starts itself again as the process that dies, and reads from its standard output what it was
//! told to be durable before it died.

use super::*;
use refund_engine::machine::{DoubtKind, Proof, Refusal};
use refund_engine::{ManualClock, Phase, State, SystemClock};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
};

const PATH: &str = "REFUND_TEST_JOURNAL";
const ROUND: &str = "REFUND_TEST_ROUND";
const SETTLED: Record = Record::Settled { by: Proof::Reply };

fn start(test: &str, variables: &[(&str, &str)]) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this binary"));
    command.args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"]);
    command.envs(variables.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().expect("this binary starts")
}

/// The lines the child was sure of; everything else on its standard output is the test harness's.
fn acknowledged(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    lines.map_while(Result::ok).filter_map(|line| Some(line.strip_prefix("ack ")?.to_owned()))
}

fn acknowledge(what: &str) {
    let mut out = std::io::stdout().lock();
    // A line of its own: the harness has begun one with the test's name.
    out.write_all(format!("\nack {what}\n").as_bytes()).and_then(|()| out.flush()).expect("somebody listens");
}

/// The clock of whoever comes after the dead process: to it, the other's leases are of another boot.
fn afterwards() -> Arc<ManualClock> {
    Arc::new(ManualClock::starting(WallTime(0)))
}

#[test]
#[ignore = "the process that dies; started by the tests below"]
fn one_refund() {
    let Ok(path) = std::env::var(PATH) else { return };
    let clock = Arc::new(SystemClock::new());
    let journal = open(Path::new(&path), Arc::clone(&clock) as Arc<dyn Clock>);
    let plan = plan_of("1001", "k-1");
    block_on(async {
        journal.plan(std::slice::from_ref(&plan)).await.expect("planned");
        acknowledge("planned");
        let mut at = claim(&journal, plan.intent).await;
        append(&journal, &mut at, Record::Approved).await;
        acknowledge("approved");
        at.seq = journal.reserve(&reservation(at)).await.expect("fits");
        acknowledge("reserved");
        refund_core::ArmLog::arm(&journal, &arm_record(at, &*clock)).await.expect("armed");
        at.seq += 1;
        acknowledge("armed");
        append(&journal, &mut at, SETTLED).await;
        acknowledge("settled");
    });
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime").block_on(future)
}

/// Dies at the point; answers what was acknowledged before.
fn dies_at(path: &Path, point: &str) -> Vec<String> {
    let path = path.to_str().expect("a plain path");
    let mut child =
        start("sqlite::tests::kill::one_refund", &[(PATH, path), (crate::crash::VARIABLE, point)]);
    let acks = acknowledged(&mut child).collect();
    let status = child.wait().expect("it was started");
    assert_aborted(status, point);
    acks
}

#[cfg(unix)]
fn assert_aborted(status: std::process::ExitStatus, point: &str) {
    use std::os::unix::process::ExitStatusExt;
    assert_eq!(status.signal(), Some(6), "{point}: it should have aborted there, but {status}");
}

#[cfg(not(unix))]
fn assert_aborted(status: std::process::ExitStatus, point: &str) {
    assert!(!status.success(), "{point}: it should have aborted there, but {status}");
}

#[test]
fn a_crash_around_a_commit_keeps_all_of_it_or_nothing() {
    let kinds = ["planned", "approved", "reserved", "armed", "settled"];
    for (index, label) in ["plan", "append", "reserve", "arm", "append"].into_iter().enumerate() {
        let times = if index == 4 { "@2" } else { "" };
        for (side, on_disk) in [("before", index), ("after", index + 1)] {
            let point = format!("{side}-{label}-commit{times}");
            let directory = tempfile::tempdir().expect("a directory");
            let path = directory.path().join("journal");
            assert_eq!(dies_at(&path, &point), kinds[..index], "{point}: acknowledged");

            let clock = afterwards();
            let journal = open(&path, Arc::clone(&clock) as Arc<dyn Clock>);
            let found = block_on(journal.history(plan_of("1001", "k-1").intent)).unwrap_or_default();
            let found: Vec<_> = found.iter().map(|recorded| recorded.record.kind()).collect();
            assert_eq!(found, kinds[..on_disk], "{point}: on disk");
            let verified = block_on(journal.verify()).unwrap_or_else(|error| panic!("{point}: {error}"));
            assert_eq!(verified.records, on_disk as u64, "{point}");
            block_on(goes_on(&journal, on_disk, &*clock));
        }
    }
}

/// Whoever finds the refund carries it to its end, and never arms twice.
async fn goes_on(journal: &SqliteJournal, on_disk: usize, clock: &dyn Clock) {
    let plan = plan_of("1001", "k-1");
    journal.plan(std::slice::from_ref(&plan)).await.expect("planned, or the same");
    let mut at = claim(journal, plan.intent).await;
    if on_disk < 2 {
        append(journal, &mut at, Record::Approved).await;
    }
    if on_disk < 3 {
        at.seq = journal.reserve(&reservation(at)).await.expect("fits");
    }
    if on_disk < 4 {
        refund_core::ArmLog::arm(journal, &arm_record(at, clock)).await.expect("armed");
        at.seq += 1;
    }
    if on_disk == 4 {
        let again = refund_core::ArmLog::arm(journal, &arm_record(at, clock)).await;
        assert!(again.is_err(), "what may have been sent is not armed again: {again:?}");
        let (why, due) = (DoubtKind::Crash, clock.now());
        let lost = Record::Doubted { why, refusal: Refusal::None, salvaged: false, due };
        append(journal, &mut at, lost).await;
        append(journal, &mut at, Record::Settled { by: Proof::Evidence }).await;
    } else if on_disk < 4 {
        append(journal, &mut at, SETTLED).await;
    }
    let state = journal.find(plan.intent).await.expect("readable").expect("there").state;
    assert_eq!(state.phase, Phase::Settled);
    journal.verify().await.expect("in order");
}

#[test]
#[ignore = "the process that is killed; started by the test below"]
fn many_refunds() {
    let (Ok(path), Ok(round)) = (std::env::var(PATH), std::env::var(ROUND)) else { return };
    let clock = Arc::new(SystemClock::new());
    let journal = Arc::new(open(Path::new(&path), Arc::clone(&clock) as Arc<dyn Clock>));
    block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        for task in 0..8 {
            let (journal, clock, round) = (Arc::clone(&journal), Arc::clone(&clock), round.clone());
            // Without end: only the parent ends it.
            tasks.spawn(async move {
                for number in 0_u64.. {
                    carry(&journal, &*clock, &format!("{round}-{task}-{number}")).await;
                }
            });
        }
        tasks.join_all().await;
    });
}

async fn carry(journal: &SqliteJournal, clock: &dyn Clock, name: &str) {
    let plan = plan_of(name, name);
    journal.plan(std::slice::from_ref(&plan)).await.expect("planned");
    acknowledge(&format!("{name} 1"));
    let mut at = claim(journal, plan.intent).await;
    append(journal, &mut at, Record::Approved).await;
    acknowledge(&format!("{name} 2"));
    at.seq = journal.reserve(&reservation(at)).await.expect("fits");
    acknowledge(&format!("{name} 3"));
    refund_core::ArmLog::arm(journal, &arm_record(at, clock)).await.expect("armed");
    at.seq += 1;
    acknowledge(&format!("{name} 4"));
    append(journal, &mut at, SETTLED).await;
    acknowledge(&format!("{name} 5"));
}

#[test]
fn kill_9_loses_nothing_that_was_acknowledged() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("journal");
    let mut acknowledged_at: BTreeMap<String, usize> = BTreeMap::new();
    for round in 0_usize..25 {
        let name = round.to_string();
        let text = path.to_str().expect("a plain path");
        let mut child = start("sqlite::tests::kill::many_refunds", &[(PATH, text), (ROUND, &name)]);
        let mut lines = acknowledged(&mut child);
        // Anywhere: during the first plan, in the middle of groups, after many.
        let before = 1 + (round * 37) % 101;
        let mut seen: Vec<String> = lines.by_ref().take(before).collect();
        assert_eq!(seen.len(), before, "round {round}: the child ended by itself");
        child.kill().expect("still running");
        child.wait().expect("it was started");
        seen.extend(lines);
        for line in seen {
            let (key, seq) = line.rsplit_once(' ').expect("key and number");
            let seq: usize = seq.parse().expect("a number");
            let last = acknowledged_at.entry(key.to_owned()).or_default();
            *last = seq.max(*last);
        }
        everything_is_there(&path, &acknowledged_at);
    }
}

fn everything_is_there(path: &Path, acknowledged_at: &BTreeMap<String, usize>) {
    let journal = open(path, afterwards());
    block_on(async {
        let verified = journal.verify().await.expect("in order");
        let mut records = 0;
        for listed in journal.list(&Default::default()).await.expect("readable") {
            let history = journal.history(listed.intent).await.expect("readable");
            let state = State::fold(history.iter().map(|recorded| recorded.record)).expect("a legal history");
            assert_eq!(state, listed.state);
            records += history.len() as u64;
        }
        assert_eq!(verified.records, records);
        for (key, seq) in acknowledged_at {
            let found = journal.find(plan_of(key, key).intent).await.expect("readable");
            let found = found.unwrap_or_else(|| panic!("{key} was acknowledged and is lost"));
            assert!(
                found.state.seq >= *seq as u64,
                "{key}: {seq} records were acknowledged, {:?}",
                found.state
            );
        }
    });
}
