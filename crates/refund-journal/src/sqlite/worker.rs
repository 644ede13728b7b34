//! Threads that own a connection and serve jobs from a channel, so that no caller ever blocks its runtime and a caller
//! that goes away cancels nothing.
//!
//! The writing thread commits jobs in groups: whatever has queued up while the disk was busy goes into one
//! transaction, each job behind a savepoint of its own, and all are answered once the commit has returned. It must not
//! know what the jobs do.

use super::failure::{Failure, Outcome, explain, is_busy, unavailable};
use crate::crash::crash_point;
use refund_engine::JournalError;
use rusqlite::Connection;
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::JoinHandle,
};
use tokio::sync::oneshot;

/// Jobs in one commit at most: enough to hide the disk, few enough not to keep the first one waiting.
const GROUP_MAX: usize = 128;

/// Whether the store may still be used, shared by its threads.
#[derive(Debug)]
pub(super) struct Health {
    place: String,
    poisoned: AtomicBool,
}

impl Health {
    pub(super) fn new(place: String) -> Arc<Self> {
        Arc::new(Self { place, poisoned: AtomicBool::new(false) })
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn check(&self) -> Result<(), JournalError> {
        if self.poisoned.load(Ordering::SeqCst) { Err(JournalError::Poisoned) } else { Ok(()) }
    }

    /// After this nothing is written or read until the journal is opened again.
    fn poison(&self, error: &rusqlite::Error) -> JournalError {
        tracing::error!(place = self.place, error = %error, "the journal failed and is closed");
        self.poisoned.store(true, Ordering::SeqCst);
        unavailable(&self.place, explain(error))
    }
}

/// What a thread works with: a connection, and what belongs to it.
pub(super) trait Context: Send + 'static {
    fn connection(&self) -> &Connection;
}

impl Context for Connection {
    fn connection(&self) -> &Connection {
        self
    }
}

/// How a job went, as far as the group must know.
enum Ran {
    /// It did as asked, if the commit succeeds.
    Done,
    /// It was refused and leaves nothing behind.
    Refused,
    /// The store failed under it.
    Failed(rusqlite::Error),
}

trait Job<C>: Send {
    fn label(&self) -> &'static str;
    fn run(&mut self, context: &C) -> Ran;
    /// Answers the caller: what it did if the commit succeeded, else why not.
    fn answer(self: Box<Self>, commit: &Result<(), JournalError>);
}

struct Call<F, T> {
    label: &'static str,
    work: Option<F>,
    result: Option<Result<T, JournalError>>,
    reply: oneshot::Sender<Result<T, JournalError>>,
}

impl<C, F, T> Job<C> for Call<F, T>
where
    F: FnOnce(&C) -> Outcome<T> + Send,
    T: Send,
{
    fn label(&self) -> &'static str {
        self.label
    }

    fn run(&mut self, context: &C) -> Ran {
        let work = self.work.take().expect("a job runs once");
        let (result, ran) = match work(context) {
            Ok(value) => (Some(Ok(value)), Ran::Done),
            Err(Failure::Refused(error)) => (Some(Err(error)), Ran::Refused),
            Err(Failure::Store(error)) => (None, Ran::Failed(error)),
        };
        self.result = result;
        ran
    }

    fn answer(self: Box<Self>, commit: &Result<(), JournalError>) {
        let answer = match (self.result, commit) {
            (Some(Err(refused)), _) => Err(refused),
            (_, Err(error)) => Err(error.clone()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(JournalError::Poisoned),
        };
        // The caller may have gone away; what was done stays done.
        let _ = self.reply.send(answer);
    }
}

/// The way to a thread. Dropping it lets the thread finish what is queued and close its connection.
pub(super) struct Queue<C: Context> {
    jobs: Option<mpsc::Sender<Box<dyn Job<C>>>>,
    thread: Option<JoinHandle<()>>,
    health: Arc<Health>,
}

impl<C: Context> Queue<C> {
    /// A thread that answers each job by itself, in a read transaction.
    pub(super) fn reading(context: C, health: &Arc<Health>) -> io::Result<Self> {
        Self::spawn("journal-read", health, move |jobs, health| {
            for job in jobs {
                read(&context, job, health);
            }
        })
    }

    /// A thread that commits jobs in groups.
    pub(super) fn writing(context: C, health: &Arc<Health>) -> io::Result<Self> {
        Self::spawn("journal-write", health, move |jobs, health| {
            while let Ok(first) = jobs.recv() {
                let others = jobs.try_iter().take(GROUP_MAX - 1);
                write(&context, std::iter::once(first).chain(others).collect(), health);
            }
        })
    }

    fn spawn(
        name: &str,
        health: &Arc<Health>,
        serve: impl FnOnce(mpsc::Receiver<Box<dyn Job<C>>>, &Health) + Send + 'static,
    ) -> io::Result<Self> {
        let (jobs, receiver) = mpsc::channel();
        let shared = Arc::clone(health);
        let thread =
            std::thread::Builder::new().name(name.to_owned()).spawn(move || serve(receiver, &shared))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), health: Arc::clone(health) })
    }

    /// Has a job done. `label` names the crash points around its commit.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        label: &'static str,
        work: impl FnOnce(&C) -> Outcome<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.health.check()?;
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Call { label, work: Some(work), result: None, reply });
        let jobs = self.jobs.as_ref().expect("taken only when dropped");
        jobs.send(job).map_err(|_| JournalError::Poisoned)?;
        // A thread that dies with the job in hand may have died after its commit.
        answer.await.unwrap_or(Err(JournalError::CommitUnknown))
    }
}

impl<C: Context> Drop for Queue<C> {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told its callers already.
            let _ = thread.join();
        }
    }
}

fn read<C: Context>(context: &C, mut job: Box<dyn Job<C>>, health: &Health) {
    let outcome = health.check().and_then(|()| {
        let snapshot = statement(context.connection(), "BEGIN");
        match snapshot.map(|()| job.run(context)) {
            Ok(Ran::Done | Ran::Refused) => Ok(()),
            Ok(Ran::Failed(error)) | Err(error) if is_busy(&error) => {
                Err(unavailable(health.place(), explain(&error)))
            }
            Ok(Ran::Failed(error)) | Err(error) => Err(health.poison(&error)),
        }
    });
    end_snapshot(context.connection());
    job.answer(&outcome);
}

fn end_snapshot(connection: &Connection) {
    if !connection.is_autocommit() {
        // Nothing was written; a rollback that fails shows again at the next BEGIN.
        let _ = statement(connection, "ROLLBACK");
    }
}

fn write<C: Context>(context: &C, mut group: Vec<Box<dyn Job<C>>>, health: &Health) {
    let outcome = health.check().and_then(|()| transact(context, &mut group, health));
    for job in group {
        job.answer(&outcome);
    }
}

/// One transaction over the group. `Err` says what to tell everybody who was not refused.
fn transact<C: Context>(
    context: &C,
    group: &mut [Box<dyn Job<C>>],
    health: &Health,
) -> Result<(), JournalError> {
    let connection = context.connection();
    match statement(connection, "BEGIN IMMEDIATE") {
        Err(error) if is_busy(&error) => return Err(unavailable(health.place(), explain(&error))),
        Err(error) => return Err(health.poison(&error)),
        Ok(()) => {}
    }
    let done = match run_each(context, group) {
        Ok(done) => done,
        Err(error) => {
            let told = health.poison(&error);
            let _ = statement(connection, "ROLLBACK");
            return Err(told);
        }
    };
    for label in &done {
        crash_point!("before-{label}-commit");
    }
    let end = if done.is_empty() { "ROLLBACK" } else { "COMMIT" };
    if let Err(error) = statement(connection, end) {
        // The log may hold it although the disk said no: never tried again, never taken for failed.
        health.poison(&error);
        let _ = statement(connection, "ROLLBACK");
        return Err(JournalError::CommitUnknown);
    }
    for label in &done {
        crash_point!("after-{label}-commit");
    }
    Ok(())
}

/// Runs the jobs, each behind a savepoint, and answers the labels of those that did something.
fn run_each<C: Context>(context: &C, group: &mut [Box<dyn Job<C>>]) -> rusqlite::Result<Vec<&'static str>> {
    let connection = context.connection();
    let mut done = Vec::with_capacity(group.len());
    for job in group {
        statement(connection, "SAVEPOINT job")?;
        match job.run(context) {
            Ran::Done => done.push(job.label()),
            Ran::Refused => statement(connection, "ROLLBACK TO job")?,
            Ran::Failed(error) => return Err(error),
        }
        statement(connection, "RELEASE job")?;
    }
    Ok(done)
}

fn statement(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Answer = oneshot::Receiver<Result<i64, JournalError>>;

    fn job(
        work: impl FnOnce(&Connection) -> Outcome<i64> + Send + 'static,
    ) -> (Box<dyn Job<Connection>>, Answer) {
        let (reply, answer) = oneshot::channel();
        (Box::new(Call { label: "test", work: Some(work), result: None, reply }), answer)
    }

    /// A job that runs this SQL and then answers, or refuses.
    fn runs(sql: &'static str, answer: Result<i64, JournalError>) -> (Box<dyn Job<Connection>>, Answer) {
        job(move |connection| {
            connection.execute_batch(sql)?;
            Ok(answer?)
        })
    }

    /// What each of the jobs is told, and which rows are there afterwards.
    fn told(
        jobs: Vec<(Box<dyn Job<Connection>>, Answer)>,
    ) -> (Vec<Result<i64, JournalError>>, Vec<i64>, Arc<Health>) {
        let connection = Connection::open_in_memory().expect("opens");
        let schema = "PRAGMA foreign_keys = ON; CREATE TABLE a (id INTEGER PRIMARY KEY);
                      CREATE TABLE b (a INTEGER REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED)";
        connection.execute_batch(schema).expect("made");
        let health = Health::new("somewhere".into());
        let (group, answers): (Vec<_>, Vec<_>) = jobs.into_iter().unzip();
        write(&connection, group, &health);
        let answers = answers.into_iter().map(|mut answer| answer.try_recv().expect("answered")).collect();
        assert!(connection.is_autocommit(), "no transaction is left open");
        let mut rows = connection.prepare("SELECT id FROM a ORDER BY id").expect("valid");
        let rows =
            rows.query_map([], |row| row.get(0)).expect("runs").collect::<Result<_, _>>().expect("reads");
        (answers, rows, health)
    }

    #[test]
    fn a_refused_job_leaves_nothing_behind_and_spoils_nobody() {
        let refused = JournalError::NotFound;
        let (answers, rows, health) = told(vec![
            runs("INSERT INTO a VALUES (1)", Ok(1)),
            runs("INSERT INTO a VALUES (2)", Err(refused.clone())),
            runs("INSERT INTO a VALUES (3)", Ok(3)),
        ]);
        assert_eq!((answers, rows), (vec![Ok(1), Err(refused), Ok(3)], vec![1, 3]));
        assert_eq!(health.check(), Ok(()));
        let (answers, rows, _) = told(vec![runs("INSERT INTO a VALUES (2)", Err(JournalError::Fenced))]);
        assert_eq!((answers, rows), (vec![Err(JournalError::Fenced)], vec![]));
    }

    #[test]
    fn a_store_that_fails_fails_the_group_and_is_closed() {
        let (answers, rows, health) = told(vec![
            runs("INSERT INTO a VALUES (1)", Ok(1)),
            runs("", Err(JournalError::Leased)),
            runs("INSERT INTO nowhere VALUES (2)", Ok(2)),
            job(|_| panic!("nothing runs after a failure")),
        ]);
        let kinds: Vec<_> =
            answers.iter().map(|answer| matches!(answer, Err(JournalError::Unavailable { .. }))).collect();
        assert_eq!((kinds, &answers[1]), (vec![true, false, true, true], &Err(JournalError::Leased)));
        assert_eq!((rows, health.check()), (vec![], Err(JournalError::Poisoned)));
    }

    #[test]
    fn a_commit_that_fails_is_unknown_to_all_but_the_refused() {
        let (answers, rows, health) = told(vec![
            runs("INSERT INTO a VALUES (1)", Ok(1)),
            runs("", Err(JournalError::Leased)),
            // Found only by COMMIT.
            runs("INSERT INTO b VALUES (9)", Ok(2)),
        ]);
        let unknown = Err(JournalError::CommitUnknown);
        assert_eq!(answers, [unknown.clone(), Err(JournalError::Leased), unknown]);
        assert_eq!((rows, health.check()), (vec![], Err(JournalError::Poisoned)));
    }
}
