//! At which gateway an account's refunds are made: said once, never changed.

use super::{failure::Outcome, rows::Store};
use rusqlite::{Connection, OptionalExtension as _};

/// Writes it down if nothing is on record, and answers what is.
pub(super) fn bind(store: &Store, provider: &str, account: &str, origin: &str) -> Outcome<String> {
    store
        .connection
        .prepare_cached(
            "INSERT INTO origins (provider, account, origin) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute((provider, account, origin))?;
    Ok(on_record(&store.connection, provider, account)?.unwrap_or_default())
}

/// What is on record.
pub(super) fn on_record(connection: &Connection, provider: &str, account: &str) -> Outcome<Option<String>> {
    let found = connection
        .prepare_cached("SELECT origin FROM origins WHERE provider = ?1 AND account = ?2")?
        .query_row((provider, account), |row| row.get(0))
        .optional()?;
    Ok(found)
}
