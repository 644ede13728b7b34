//! The simulator's long runs: millions of schedules for every change, a thousand million before a release.
//!
//! Knows how the simulator is started and where its figures go, nothing of what it plays.

use crate::{Result, run::Line, workspace};

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

/// A thousand million schedules over all tiers, or as many as are asked for.
///
/// # Errors
/// As [`simulate`]; also when `schedules` is not a number.
pub(crate) fn soak(schedules: Option<&str>) -> Result {
    let schedules = match schedules {
        None => SOAK,
        Some(text) => text.parse().map_err(|error| format!("--schedules {text:?}: {error}"))?,
    };
    play("soak", schedules)
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
    fn a_number_of_schedules_is_a_number() {
        let told = soak(Some("many")).map_err(|error| error.to_string());
        assert_eq!(told, Err("--schedules \"many\": invalid digit found in string".to_owned()));
    }
}
