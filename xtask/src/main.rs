//! Checks and chores of the workspace.
//!
//! | command | does |
//! |---|---|
//! | `cargo xtask ci` | every check, stage by stage; stops at the first that fails |
//! | `cargo xtask ci --quick` | the same without the dependency check, the count of instructions and the release build of the demo |
//! | `cargo xtask instructions` | one of them alone: counts the instructions of the checks against their limits |
//! | `cargo xtask bench` | times the checks beside their floors and peers, tells the ratios, writes `target/ratios.json` |
//! | `cargo xtask docs` | writes the pages under `docs/generated` |
//! | `cargo xtask docs --check` | fails when one of them is out of date |
//! | `cargo xtask simulate` | plays five million schedules of the simulator; figures in `target/simulate.json` |
//! | `cargo xtask soak [--schedules N]` | plays a thousand million; figures in `target/soak.json` |
//! | `cargo xtask new-provider NAME` | writes `crates/provider-NAME`, a skeleton whose conformance run says what is missing |
//!
//! Rules about the workspace itself (which crate may use which, how files look) are tests in [`mod@arrows`] and `tidy`,
//! so that `cargo test --workspace` holds them too. This program must not know what the crates are about, except how to
//! ask them for what a page shows.
#![deny(missing_docs)]

mod arrows;
mod bench;
mod ci;
mod docs;
mod fiscal;
mod instructions;
mod machine;
mod new_provider;
mod readme;
mod rules;
mod run;
mod simulate;
mod soak;
#[cfg(test)]
mod tidy;
mod workspace;

use std::process::ExitCode;

/// Errors here are sentences for the person at the terminal.
type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "usage: cargo xtask ci [--quick] | instructions | bench | docs [--check] | simulate | soak [--schedules N] | \
     new-provider NAME";

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let done = match args[..] {
        ["ci"] => ci::run(ci::Extent::Full),
        ["ci", "--quick"] => ci::run(ci::Extent::Quick),
        ["instructions"] => instructions::check(),
        ["bench"] => bench::run(),
        ["docs"] => docs::write(),
        ["docs", "--check"] => docs::check(),
        ["simulate"] => simulate::simulate(),
        ["soak"] => simulate::soak(None),
        ["soak", "--schedules", schedules] => simulate::soak(Some(schedules)),
        ["new-provider", name] => new_provider::write(name),
        _ => {
            run::say(USAGE);
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            run::say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}
