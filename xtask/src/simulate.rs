//! The simulator's long runs: millions of schedules for every change, a thousand million before a release.
//!
//! Knows how the simulator is started and where its figures go, nothing of what it plays.

use crate::{Result, run::Line, workspace};
use serde_json::{Value, json};

/// Schedules of `cargo xtask simulate`, which `cargo xtask ci` runs too.
const SIMULATE: u64 = 5_000_000;
/// Schedules of `cargo xtask soak`, unless it is told another number.
const SOAK: u64 = 1_000_000_000;

/// Five million schedules over all tiers.
///
/// # Errors
/// When an invariant breaks; the simulator names it, the seed and the event.
pub(crate) fn simulate() -> Result {
    play("simulate", SIMULATE)
}

/// A thousand million schedules over all tiers, or as many as are asked for; their figures become `docs/soak.json`.
///
/// # Errors
/// As [`simulate`]; also when `schedules` is not a number.
pub(crate) fn soak(schedules: Option<&str>) -> Result {
    let schedules = match schedules {
        None => SOAK,
        Some(text) => text.parse().map_err(|error| format!("--schedules {text:?}: {error}"))?,
    };
    play("soak", schedules)?;
    let figures = std::fs::read_to_string(workspace::manifests()?.target_directory.join("soak.json"))?;
    let record = record(&serde_json::from_str(&figures)?, &said("git rev-parse --short HEAD")?, &today()?)?;
    std::fs::write(workspace::root().join("docs/soak.json"), record)?;
    Ok(())
}

/// What the page of the last soak is made from: a table with a row per tier, and the rates.
fn record(figures: &Value, commit: &str, date: &str) -> Result<String> {
    let number = |of: &Value, name: &str| {
        of[name].as_u64().map(grouped).ok_or_else(|| format!("the simulator's report has no number `{name}`"))
    };
    let rows = figures["tiers"].as_array().ok_or("the simulator's report has no tiers")?;
    let row = |tier: &Value| -> Result<Value> {
        let mut cells = vec![Value::from(tier["tier"].as_str().unwrap_or_default())];
        for name in COLUMNS {
            cells.push(Value::from(number(tier, name)?));
        }
        Ok(Value::from(cells))
    };
    let rows = rows.iter().map(row).collect::<Result<Vec<_>>>()?;
    let columns: Vec<_> = std::iter::once("tier").chain(COLUMNS).collect();
    let rates = json!({
        "title": "Rates of one core",
        "columns": ["schedules", "events", "events/s", "schedules/s"],
        "rows": [[
            number(figures, "schedules")?,
            number(figures, "events")?,
            number(figures, "events_per_core_second")?,
            number(figures, "schedules_per_core_second")?,
        ]],
    });
    let record = json!({
        "command": format!("cargo xtask soak --schedules {}", figures["schedules"]),
        "commit": commit,
        "date": date,
        "machine": format!("{} threads, {}", figures["threads"], std::env::consts::OS),
        "tables": [{ "title": "What happened", "columns": columns, "rows": rows }, rates],
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&record)?))
}

const COLUMNS: [&str; 6] = ["schedules", "events", "unknowns", "resends", "holds", "doubles"];

/// `1234567` as `1 234 567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(" ")
}

fn today() -> Result<String> {
    said("date -u +%F")
}

/// What a program says, in one line.
fn said(line: &str) -> Result<String> {
    let mut words = line.split(' ');
    let program = words.next().unwrap_or_default();
    let output = std::process::Command::new(program).args(words).current_dir(workspace::root()).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Plays, with the figures in `NAME.json` where Cargo builds.
fn play(name: &str, schedules: u64) -> Result {
    let target = workspace::manifests()?.target_directory;
    std::fs::create_dir_all(&target)?;
    line(schedules, target.join(format!("{name}.json")).as_str()).run()
}

fn line(schedules: u64, report: &str) -> Line {
    let words = "cargo run --release --quiet -p refund-simulator -- run --schedules";
    Line::new(&format!("{words} {schedules}")).with_word("--report").with_word(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_simulator_is_started_in_release_with_a_report() {
        let words =
            "cargo run --release --quiet -p refund-simulator -- run --schedules 7 --report a b/soak.json";
        assert_eq!(line(7, "a b/soak.json").to_string(), words);
    }

    #[test]
    fn figures_become_a_record_the_page_takes() {
        let tier = |name: &str| {
            let mut tier = json!({ "tier": name });
            for (index, column) in COLUMNS.iter().enumerate() {
                tier[*column] = json!(1_000_u64.pow(2) + u64::try_from(index).expect("small"));
            }
            tier
        };
        let mut figures = json!({
            "schedules": 7, "events": 1_234_567, "events_per_core_second": 12, "schedules_per_core_second": 3,
            "threads": 2, "tiers": [tier("blind")],
        });
        let record =
            |figures: &Value| record(figures, "abc", "2026-11-21").map_err(|error| error.to_string());
        let page = crate::soak::rendered(record(&figures).ok().as_deref());
        let page = page.unwrap_or_else(|error| panic!("{error}"));
        assert!(page.contains("`cargo xtask soak --schedules 7`") && page.contains("1 234 567"), "{page}");
        assert!(page.contains("| blind | 1 000 000 | 1 000 001 |"), "{page}");
        figures["tiers"][0]["doubles"] = json!("none");
        let wrong = Err("the simulator's report has no number `doubles`".to_owned());
        assert_eq!(record(&figures), wrong);
    }

    #[test]
    fn a_number_of_schedules_is_a_number() {
        let told = soak(Some("many")).map_err(|error| error.to_string());
        assert_eq!(told, Err("--schedules \"many\": invalid digit found in string".to_owned()));
    }
}
