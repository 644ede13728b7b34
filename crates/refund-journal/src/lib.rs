//! The journal of the refund engine on SQLite: [`SqliteJournal`].
//!
//! What every store shares (the hash chain, what is kept beside the records, the rules of a reservation) lives in
//! [`chain`] and [`fold`] without a word of SQL; `sqlite` holds the statements, the threads and the file. It must not
//! know gateways or HTTP.
//!
//! ```
//! use refund_engine::{Journal, SystemClock};
//! use refund_journal::SqliteJournal;
//! use std::sync::Arc;
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
//! # runtime.block_on(async {
//! let directory = tempfile::tempdir()?;
//! let journal = SqliteJournal::open(directory.path().join("refunds.db"), Arc::new(SystemClock::new()))?;
//! assert_eq!(journal.verify().await?.records, 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![deny(missing_docs)]

pub mod chain;
mod crash;
pub mod fold;
mod sqlite;

pub use sqlite::{Durability, Erased, Inspection, SqliteJournal};
