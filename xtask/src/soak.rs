//! The page of the last soak: the tables a long simulation left in `docs/soak.json`, as they are.
//!
//! It knows nothing of what is counted. Without the file the page says that no soak was recorded; there is no figure
//! that nobody measured.

use crate::{Result, workspace};
use serde::Deserialize;
use std::{fs, io::ErrorKind};

/// Where a soak leaves its figures.
const RECORD: &str = "docs/soak.json";

/// What a soak leaves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Soak {
    /// The command that was run.
    command: String,
    /// The commit it was run on.
    commit: String,
    /// The day, as in 2026-11-21.
    date: String,
    /// The machine: cores, system.
    machine: String,
    tables: Vec<Table>,
}

/// A table, its cells ready to be read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    title: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The page.
///
/// # Errors
/// When there is a record that cannot be read, or one of its rows has not as many cells as there are columns.
pub(crate) fn page() -> Result<String> {
    let text = match fs::read_to_string(workspace::root().join(RECORD)) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(format!("{RECORD}: {error}").into()),
    };
    rendered(text.as_deref()).map_err(|error| format!("{RECORD}: {error}").into())
}

pub(crate) fn rendered(record: Option<&str>) -> Result<String> {
    let head = format!(
        "<!-- Written by `cargo xtask docs` from {RECORD}. Do not edit. -->\n\n# The last soak\n\n\
         What is simulated, and what it cannot prove: [reliability](../reliability.md).\n\n"
    );
    let Some(record) = record else {
        return Ok(format!("{head}No soak was recorded: there is no `{RECORD}`.\n"));
    };
    let soak: Soak = serde_json::from_str(record)?;
    let mut text =
        format!("{head}`{}`, commit `{}`, {}, {}.\n", soak.command, soak.commit, soak.date, soak.machine);
    for table in &soak.tables {
        text += &section(table)?;
    }
    Ok(text)
}

fn section(table: &Table) -> Result<String> {
    let mut text =
        format!("\n## {}\n\n{}{}|\n", table.title, line(&table.columns), "|---".repeat(table.columns.len()));
    for row in &table.rows {
        if row.len() != table.columns.len() {
            return Err(format!(
                "{}: {} cells in {row:?}, {} columns",
                table.title,
                row.len(),
                table.columns.len()
            )
            .into());
        }
        text += &line(row);
    }
    Ok(text)
}

fn line(cells: &[String]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_record_nothing_is_claimed() {
        let page = rendered(None).unwrap();
        assert!(page.ends_with("\nNo soak was recorded: there is no `docs/soak.json`.\n"), "{page}");
        assert!(!page.contains("| "), "{page}");
    }

    #[test]
    fn a_record_is_shown_as_it_is() {
        let record = r#"{"command": "c", "commit": "abc", "date": "2026-11-21", "machine": "2 cores",
            "tables": [{"title": "Seeds", "columns": ["kind", "n"], "rows": [["a|b", "1 000"]]}]}"#;
        let page = rendered(Some(record)).unwrap();
        let expected = "`c`, commit `abc`, 2026-11-21, 2 cores.\n\n## Seeds\n\n| kind | n |\n|---|---|\n| a\\|b | 1 000 |\n";
        assert!(page.ends_with(expected), "{page}");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let uneven = r#"{"command": "c", "commit": "abc", "date": "d", "machine": "m",
            "tables": [{"title": "Seeds", "columns": ["kind", "n"], "rows": [["a"]]}]}"#;
        for record in [uneven, "{}", r#"{"doubles": 0}"#] {
            assert!(rendered(Some(record)).is_err(), "{record}");
        }
    }
}
