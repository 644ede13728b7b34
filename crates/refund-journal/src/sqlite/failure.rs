//! What can go wrong inside a transaction: the journal refuses, or the store fails.

use refund_core::PaymentRef;
use refund_engine::JournalError;

/// Why a job did not do as asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// The contract says no; the store is well.
    Refused(JournalError),
    /// SQLite failed: what the job did is not kept, and a writer is trusted no more.
    Store(rusqlite::Error),
}

pub(super) type Outcome<T> = Result<T, Failure>;

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        Self::Refused(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error)
    }
}

/// A record that does not fit.
pub(super) fn broken(payment: &PaymentRef, number: u64, detail: impl ToString) -> Failure {
    Failure::Refused(JournalError::Broken {
        payment: payment.to_string(),
        number,
        detail: detail.to_string(),
    })
}

/// The store at this place cannot be used.
pub(super) fn unavailable(place: &str, detail: impl ToString) -> JournalError {
    JournalError::Unavailable { place: place.to_owned(), detail: detail.to_string() }
}

/// True when SQLite gave up waiting for another process, having done nothing.
pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
    )
}

/// What to tell of a failing store: SQLite's words, and for the common cases what to do.
pub(super) fn explain(error: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode as Code;
    let advice = match error.sqlite_error_code() {
        Some(Code::DatabaseBusy | Code::DatabaseLocked) => {
            "another process kept it locked for 5 seconds; try again"
        }
        Some(Code::DiskFull) => "the disk is full; make room and open the journal again",
        Some(Code::ReadOnly) => "the file or its directory is read-only",
        Some(Code::CannotOpen) => {
            "it or its -wal and -shm files cannot be opened; check the directory's permissions"
        }
        Some(Code::NotADatabase) => "the file is not a SQLite database",
        Some(Code::DatabaseCorrupt) => {
            "the file is damaged; restore it and verify it against a root kept outside"
        }
        _ => return error.to_string(),
    };
    format!("{advice} ({error})")
}
