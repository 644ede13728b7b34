//! Several processes of one machine share the file: this test binary starts itself again.

use super::bench::{Bench, TERM, Worker, plan_of};
use refund_core::Clock;
use refund_engine::{Journal, Record, SystemClock};
use refund_journal::SqliteJournal;
use std::{
    collections::BTreeMap,
    process::{Command, Stdio},
    sync::Arc,
};

pub(crate) const PATH: &str = "REFUND_TEST_JOURNAL";
const REFUNDS: usize = 60;

#[test]
#[ignore = "one of several processes; started by the test below"]
fn works_the_queue() {
    let Ok(path) = std::env::var(PATH) else { return };
    let clock = SystemClock::new();
    let journal = SqliteJournal::open(path, Arc::new(clock.clone())).expect("opens");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let done = runtime.block_on(async {
        let mut done = Vec::new();
        loop {
            let leases = journal.claim_due(2, TERM).await.expect("readable");
            if leases.is_empty() {
                return done;
            }
            for lease in leases {
                let mut worker = Worker { journal: &journal, clock: &clock, at: lease.at };
                worker.reserve(100, 100).await;
                worker.arm().await;
                worker.append(super::bench::DONE).await;
                done.push(lease.key.to_string());
            }
        }
    });
    for key in done {
        println!("\ndone {key}");
    }
}

#[test]
fn several_processes_share_a_queue() {
    let bench = Bench::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let journal = bench.open();
        for number in 0..REFUNDS {
            let name = format!("order-{number}");
            let mut worker = Worker::plan(&journal, &bench.clock, &plan_of(&name, &name, 100)).await;
            worker.append(Record::Approved).await;
            journal.release(worker.at).await.expect("given back");
        }
    });
    let children: Vec<_> = (0..3)
        .map(|_| {
            let mut command = Command::new(std::env::current_exe().expect("this binary"));
            command.args(["--exact", "processes::works_the_queue", "--ignored", "--nocapture"]);
            command.env(PATH, &bench.path).stdout(Stdio::piped()).spawn().expect("starts")
        })
        .collect();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for child in children {
        let output = child.wait_with_output().expect("was started");
        let text = String::from_utf8(output.stdout).expect("text");
        assert!(output.status.success(), "{text}");
        for key in text.lines().filter_map(|line| line.strip_prefix("done ")) {
            *times.entry(key.to_owned()).or_default() += 1;
        }
    }
    assert_eq!(times.len(), REFUNDS);
    assert!(times.values().all(|count| *count == 1), "{times:?}");
    let verified = runtime.block_on(bench.open().verify()).expect("in order");
    assert_eq!((verified.payments, verified.records), (REFUNDS as u64, 5 * REFUNDS as u64));
    assert!(bench.clock.wall().0 > 0);
}
