//! The journal as one SQLite file: statements, threads, and the file itself.
//!
//! | module | room |
//! |---|---|
//! | `open` | making and opening the file: modes, settings, versions |
//! | `worker` | the writing and the reading thread, group commit, poisoning |
//! | `rows` | rows and what they mean; writing one record |
//! | `write`, `lease`, `read`, `verify` | the jobs |
//! | `failure` | refusals and failures |

mod failure;
mod lease;
mod open;
mod origins;
mod read;
mod rows;
#[cfg(test)]
mod tests;
mod verify;
mod worker;
mod write;

pub use open::Durability;
pub use verify::{Erased, Inspection};

use async_trait::async_trait;
use failure::{Failure, explain, unavailable};
use refund_core::{
    AccountId, ArmError, ArmLog, ArmRecord, At, Clock, Currency, IntentId, IntentKey, PaymentRef, ProviderId,
};
use refund_engine::{
    Journal, JournalError, Lease, ListQuery, Listed, Plan, Planned, Recorded, Reservation, Totals, Verified,
};
use rows::Store;
use rusqlite::Connection;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use worker::{Health, Queue};

/// A journal in one SQLite file.
///
/// Several handles and several processes of one machine may share the file; leases and fences keep them apart. The
/// file must be on a local disk: SQLite's log does not work across machines.
///
/// Two threads serve a handle, one that writes and one that reads. A call whose future is dropped is still carried
/// out once it has been queued. Dropping the handle finishes what is queued and closes the file.
pub struct SqliteJournal {
    path: PathBuf,
    health: Arc<Health>,
    // Dropped before the writer, whose connection is then the last and puts the log back into the file.
    reader: Queue<Connection>,
    writer: Option<Queue<Store>>,
}

impl SqliteJournal {
    /// Opens a journal, making the file (mode 0600) if there is none.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] with path and reason: the directory is missing, the path is a directory, the file
    /// is read-only, not a journal, of a newer schema, readable by others or another user's, or does not take the
    /// settings that make it durable.
    pub fn open(path: impl AsRef<Path>, clock: Arc<dyn Clock>) -> Result<Self, JournalError> {
        let path = path.as_ref().to_owned();
        let connection = open::for_writing(&path)?;
        let mut journal = Self::reading(path)?;
        let writer = Queue::writing(Store::new(connection, clock), &journal.health);
        journal.writer = Some(writer.map_err(|error| unavailable(journal.health.place(), error))?);
        Ok(journal)
    }

    /// Opens an existing journal for reading, also while another process writes. Every call that writes is
    /// [`JournalError::Unavailable`].
    ///
    /// # Errors
    /// As [`SqliteJournal::open`]; a missing file is one too.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        Self::reading(path.as_ref().to_owned())
    }

    fn reading(path: PathBuf) -> Result<Self, JournalError> {
        let connection = open::for_reading(&path)?;
        let health = Health::new(path.display().to_string());
        let reader =
            Queue::reading(connection, &health).map_err(|error| unavailable(health.place(), error))?;
        Ok(Self { path, health, reader, writer: None })
    }

    /// Where the journal is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How durable the journal is set up to be, read back from the connection that writes, or reads if none writes.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`], [`JournalError::Poisoned`].
    pub async fn durability(&self) -> Result<Durability, JournalError> {
        match &self.writer {
            Some(writer) => writer.call("settings", |store| Ok(Durability::read(&store.connection)?)).await,
            None => self.reader.call("settings", |connection| Ok(Durability::read(connection)?)).await,
        }
    }

    /// Says at which gateway an account's refunds are made (its environment and host, no credentials), and answers what
    /// is on record: the first that was ever said. A caller whose own differs must not send from this journal, nor take
    /// what it holds for refunds at its gateway.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] and its kin.
    pub async fn bind(
        &self,
        provider: &ProviderId,
        account: &AccountId,
        origin: &str,
    ) -> Result<String, JournalError> {
        let (provider, account) = (provider.to_string(), account.to_string());
        let origin = origin.to_owned();
        self.writer()?.call("bind", move |store| origins::bind(store, &provider, &account, &origin)).await
    }

    /// At which gateway an account's refunds are made, if that was ever said.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] and its kin.
    pub async fn origin(
        &self,
        provider: &ProviderId,
        account: &AccountId,
    ) -> Result<Option<String>, JournalError> {
        let (provider, account) = (provider.to_string(), account.to_string());
        self.reader
            .call("origin", move |connection| origins::on_record(connection, &provider, &account))
            .await
    }

    /// What [`Journal::verify`] does, told in full: also which attached bytes were erased, which is allowed.
    ///
    /// It reads through a connection of its own, so that nobody waits for it.
    ///
    /// # Errors
    /// [`JournalError::Broken`] at the first thing that does not fit, [`JournalError::Unavailable`].
    pub async fn inspect(&self) -> Result<Inspection, JournalError> {
        self.health.check()?;
        let (path, place) = (self.path.clone(), self.health.place().to_owned());
        let (reply, answer) = tokio::sync::oneshot::channel();
        let work = move || {
            let _ =
                reply.send(open::for_reading(&path).and_then(|connection| inspect_all(&connection, &path)));
        };
        let thread = std::thread::Builder::new().name("journal-verify".to_owned());
        thread.spawn(work).map_err(|error| unavailable(&place, error))?;
        answer.await.map_err(|_| unavailable(&place, "the verifying thread ended early"))?
    }

    fn writer(&self) -> Result<&Queue<Store>, JournalError> {
        self.writer.as_ref().ok_or_else(|| unavailable(self.health.place(), "it was opened for reading only"))
    }
}

fn inspect_all(connection: &Connection, path: &Path) -> Result<Inspection, JournalError> {
    let snapshot = connection.unchecked_transaction().map_err(Failure::from);
    snapshot.and_then(|snapshot| verify::inspect(&snapshot)).map_err(|failure| match failure {
        Failure::Refused(error) => error,
        Failure::Store(error) => unavailable(&path.display().to_string(), explain(&error)),
    })
}

impl std::fmt::Debug for SqliteJournal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteJournal").field("path", &self.path).finish_non_exhaustive()
    }
}

#[async_trait]
impl ArmLog for SqliteJournal {
    async fn arm(&self, record: &ArmRecord) -> Result<(), ArmError> {
        let record = *record;
        let armed = match self.writer() {
            Ok(writer) => writer.call("arm", move |store| write::arm(store, &record)).await,
            Err(error) => Err(error),
        };
        armed.unwrap_or_else(|error| {
            Err(match error {
                JournalError::Stale { .. } => ArmError::Stale,
                JournalError::Fenced => ArmError::Fenced,
                JournalError::Poisoned => ArmError::Poisoned,
                JournalError::CommitUnknown => ArmError::CommitUnknown,
                other => ArmError::Unavailable(other.to_string()),
            })
        })
    }
}

#[async_trait]
impl Journal for SqliteJournal {
    async fn plan(&self, plans: &[Plan]) -> Result<Vec<Planned>, JournalError> {
        let plans = plans.to_vec();
        self.writer()?.call("plan", move |store| write::plan(store, &plans)).await
    }

    async fn claim(&self, intent: IntentId, term: Duration) -> Result<Lease, JournalError> {
        self.writer()?.call("claim", move |store| lease::claim(store, intent, term)).await
    }

    async fn claim_due(&self, limit: u16, term: Duration) -> Result<Vec<Lease>, JournalError> {
        self.writer()?.call("claim", move |store| lease::claim_due(store, limit, term)).await
    }

    async fn renew(&self, at: At, term: Duration) -> Result<(), JournalError> {
        self.writer()?.call("renew", move |store| lease::renew(store, at, term)).await
    }

    async fn release(&self, at: At) -> Result<(), JournalError> {
        self.writer()?.call("release", move |store| lease::release(store, at)).await
    }

    async fn reserve(&self, reservation: &Reservation) -> Result<u64, JournalError> {
        let reservation = reservation.clone();
        self.writer()?.call("reserve", move |store| write::reserve(store, &reservation)).await
    }

    async fn append(&self, at: At, recorded: &Recorded) -> Result<u64, JournalError> {
        let recorded = recorded.clone();
        self.writer()?.call("append", move |store| write::append(store, at, &recorded)).await
    }

    async fn totals(
        &self,
        payment: &PaymentRef,
        currency: Currency,
        except: Option<IntentId>,
    ) -> Result<Totals, JournalError> {
        let payment = payment.clone();
        self.reader.call("read", move |connection| read::totals(connection, &payment, currency, except)).await
    }

    async fn find(&self, intent: IntentId) -> Result<Option<Listed>, JournalError> {
        self.reader.call("read", move |connection| read::find(connection, intent)).await
    }

    async fn find_key(&self, key: &IntentKey) -> Result<Vec<Listed>, JournalError> {
        let key = key.clone();
        self.reader.call("read", move |connection| read::find_key(connection, &key)).await
    }

    async fn list(&self, query: &ListQuery) -> Result<Vec<Listed>, JournalError> {
        let query = query.clone();
        self.reader.call("read", move |connection| read::list(connection, &query)).await
    }

    async fn history(&self, intent: IntentId) -> Result<Vec<Recorded>, JournalError> {
        self.reader.call("read", move |connection| read::history(connection, intent)).await
    }

    async fn verify(&self) -> Result<Verified, JournalError> {
        let inspection = self.inspect().await?;
        if !inspection.erased.is_empty() {
            let erased = inspection.erased.len();
            tracing::info!(
                place = self.health.place(),
                erased,
                "attached bytes were erased; their records stand"
            );
        }
        Ok(inspection.verified)
    }
}
