//! The file: made whole or not at all, private to its owner, and opened with settings that are read back.
//!
//! It must not know what a journal holds beyond its schema's version.

use super::failure::{explain, unavailable};
use refund_engine::JournalError;
use rusqlite::{Connection, OpenFlags, config::DbConfig};
use std::{
    fs::{self, File},
    io,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// "RFJ1": what tells a journal from any other SQLite file.
pub(super) const APPLICATION_ID: i32 = 0x5246_4A31;
/// The schema this program writes and reads.
pub(super) const SCHEMA_VERSION: i32 = 2;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const SCHEMA: &str = include_str!("schema.sql");

/// SQLite's POSIX locks belong to the process: closing any descriptor of a file drops them for every connection of the
/// process to it. So a file is made and first opened by one thread at a time, and an existing one is never opened but
/// by SQLite.
static OPENING: Mutex<()> = Mutex::new(());

/// How durable a journal is set up to be, read back from SQLite: what `doctor` shows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Durability {
    /// `wal`: a commit is one append to the log, and readers go on beside it.
    pub journal_mode: String,
    /// 2 is FULL: every commit is synced to the disk before it is answered.
    pub synchronous: i64,
    /// How long to wait for another process, in milliseconds.
    pub busy_timeout_ms: i64,
    /// True when a row cannot name one that is not there.
    pub foreign_keys: bool,
    /// The version of the journal's schema.
    pub schema: i64,
}

impl Durability {
    /// True when nothing that was acknowledged can be lost, provided the disk honours a sync.
    pub fn is_full(&self) -> bool {
        self.journal_mode == "wal" && self.synchronous == 2 && self.foreign_keys
    }

    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            journal_mode: pragma(connection, "journal_mode")?,
            synchronous: pragma(connection, "synchronous")?,
            busy_timeout_ms: pragma(connection, "busy_timeout")?,
            foreign_keys: pragma::<i64>(connection, "foreign_keys")? == 1,
            schema: pragma(connection, "user_version")?,
        })
    }
}

/// Opens the journal for writing; makes it when there is no file.
pub(super) fn for_writing(path: &Path) -> Result<Connection, JournalError> {
    let _one_at_a_time = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
    if look_at(path)?.is_none() {
        create(path)?;
    }
    check_file(path, Access::Write)?;
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let failed = |error: rusqlite::Error| unavailable(&path.display().to_string(), explain(&error));
    if connection.is_readonly("main").map_err(failed)? {
        return Err(unavailable(&path.display().to_string(), "the file is read-only"));
    }
    pragma_set(&connection, "journal_mode", "WAL").map_err(failed)?;
    let settings = Durability::read(&connection).map_err(failed)?;
    if !settings.is_full() {
        let detail = format!("SQLite does not take the settings that make it durable: {settings:?}");
        return Err(unavailable(&path.display().to_string(), detail));
    }
    Ok(connection)
}

/// Opens the journal for reading, beside whoever writes.
pub(super) fn for_reading(path: &Path) -> Result<Connection, JournalError> {
    let _one_at_a_time = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
    if look_at(path)?.is_none() {
        return Err(unavailable(&path.display().to_string(), "there is no such file"));
    }
    check_file(path, Access::Read)?;
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

fn connect(path: &Path, access: OpenFlags) -> Result<Connection, JournalError> {
    let place = path.display().to_string();
    let failed = |error: rusqlite::Error| unavailable(&place, explain(&error));
    let connection =
        Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(failed)?;
    settle(&connection).map_err(failed)?;
    let application: i32 = pragma(&connection, "application_id").map_err(failed)?;
    if application != APPLICATION_ID {
        return Err(unavailable(&place, "the file is a SQLite database, but not a refund journal"));
    }
    let version: i32 = pragma(&connection, "user_version").map_err(failed)?;
    if version != SCHEMA_VERSION {
        let advice = match version {
            1 => {
                "go on with the program that wrote it until its refunds are final, and begin a new journal here"
            }
            newer if newer > SCHEMA_VERSION => "use a newer program",
            _ => "no program ever wrote that",
        };
        let detail =
            format!("its schema is version {version}, this program knows version {SCHEMA_VERSION}: {advice}");
        return Err(unavailable(&place, detail));
    }
    Ok(connection)
}

/// Settings every connection has. Statements are few and always the same, so all of them stay prepared.
fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(64);
    // Plans never depend on bound values: without this SQLite prepares some statements again at every use.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    for (name, value) in [
        ("synchronous", "FULL"),
        ("fullfsync", "ON"),            // macOS: an fsync that reaches the disk
        ("checkpoint_fullfsync", "ON"), // the same
        ("foreign_keys", "ON"),
        ("trusted_schema", "OFF"),
        ("cell_size_check", "ON"),
        ("secure_delete", "ON"),  // erased personal data leaves the pages
        ("temp_store", "MEMORY"), // and never enters a temporary file
    ] {
        pragma_set(connection, name, value)?;
    }
    Ok(())
}

/// Makes a journal under another name and gives it its own in one step, so that nobody ever sees half of one.
fn create(path: &Path) -> Result<(), JournalError> {
    let place = path.display().to_string();
    let failed = |error: io::Error| unavailable(&place, format!("the file cannot be made: {error}"));
    let draft = tempfile::Builder::new()
        .prefix(".refund-journal-")
        .suffix(".new")
        .tempfile_in(directory_of(path))
        .map_err(failed)?
        .into_temp_path();
    lay_out(&draft).map_err(|error| unavailable(&place, explain(&error)))?;
    File::open(&draft).and_then(|file| file.sync_all()).map_err(failed)?;
    match draft.persist_noclobber(path) {
        Ok(()) => sync_directory(directory_of(path)).map_err(failed),
        // Another process was faster: what it made is as good.
        Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(other) => Err(failed(other.error)),
    }
}

fn lay_out(draft: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(draft, flags)?;
    settle(&connection)?;
    let transaction = connection.unchecked_transaction()?;
    transaction.execute_batch(SCHEMA)?;
    pragma_set(&transaction, "application_id", &APPLICATION_ID.to_string())?;
    pragma_set(&transaction, "user_version", &SCHEMA_VERSION.to_string())?;
    transaction.commit()?;
    pragma_set(&connection, "journal_mode", "WAL")?;
    connection.close().map_err(|(_, error)| error)
}

#[cfg(unix)]
fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What is at this path, or a reason why no journal can be there.
fn look_at(path: &Path) -> Result<Option<fs::Metadata>, JournalError> {
    let refuse = |detail: String| Err(unavailable(&path.display().to_string(), detail));
    let directory = directory_of(path);
    match fs::metadata(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return refuse(format!("the directory {} does not exist; create it first", directory.display()));
        }
        Err(error) => {
            return refuse(format!("the directory {} cannot be read: {error}", directory.display()));
        }
        Ok(metadata) if !metadata.is_dir() => {
            return refuse(format!("{} is not a directory", directory.display()));
        }
        Ok(_) => {}
    }
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Some(metadata)),
        Ok(metadata) if metadata.is_dir() => refuse("this is a directory; a journal is a file".to_owned()),
        Ok(_) => refuse("this is not a plain file".to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => refuse(format!("the file cannot be read: {error}")),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

/// A journal tells who was refunded what: it and the files SQLite keeps beside it belong to one user.
fn check_file(path: &Path, access: Access) -> Result<(), JournalError> {
    let metadata = look_at(path)?;
    let refuse = |detail: &str| Err(unavailable(&path.display().to_string(), detail));
    if metadata.as_ref().is_some_and(|metadata| metadata.len() == 0) {
        return refuse("the file is empty, and no journal ever is; remove it so that one can be made");
    }
    if access == Access::Write && metadata.is_some_and(|metadata| metadata.permissions().readonly()) {
        return refuse("the file is read-only");
    }
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        check_private(Path::new(&name))?;
    }
    Ok(())
}

#[cfg(unix)]
fn check_private(path: &Path) -> Result<(), JournalError> {
    use std::os::unix::fs::MetadataExt;
    let Ok(metadata) = fs::metadata(path) else { return Ok(()) };
    let place = path.display().to_string();
    let (mode, owner, user) = (metadata.mode() & 0o777, metadata.uid(), rustix::process::geteuid().as_raw());
    if owner != user {
        return Err(unavailable(
            &place,
            format!("the file belongs to user {owner}, this program runs as {user}"),
        ));
    }
    if mode & 0o077 != 0 {
        let detail = format!("others may read or write it (mode {mode:04o}); run: chmod 600 {place}");
        return Err(unavailable(&place, detail));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_private(_: &Path) -> Result<(), JournalError> {
    Ok(())
}

pub(super) fn pragma<T: rusqlite::types::FromSql>(
    connection: &Connection,
    name: &str,
) -> rusqlite::Result<T> {
    connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
}

fn pragma_set(connection: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    connection.execute_batch(&format!("PRAGMA {name} = {value}"))
}
