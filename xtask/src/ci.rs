//! Every check of the workspace, in stages: cheap ones first, the first failure ends the run.
//!
//! The same commands run on a developer's machine and in `.ci/run`. What a stage checks is known by the programs it runs.

use crate::{
    Result, arrows, docs, instructions, readme,
    run::{self, Line},
    simulate, workspace,
};
use cargo_metadata::Metadata;
use std::time::Duration;

/// How much is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Everything.
    Full,
    /// Without the check of foreign dependencies, the count of instructions, the demo and the simulation, which need builds
    /// of their own.
    Quick,
}

/// One check with a name.
struct Stage {
    name: String,
    work: Work,
}

enum Work {
    Run(Line),
    Own(fn() -> Result),
}

/// Runs the stages, prints each as it goes and a table of times at the end.
///
/// # Errors
/// The first stage that fails, by name and command; also when the stages cannot be put together (README.md does not
/// show the commands it must show, a manifest cannot be read).
pub(crate) fn run(extent: Extent) -> Result {
    let (test, demo) = (readme::command("cargo test", "")?, readme::command("cargo run", " demo")?);
    let stages = stages(extent, test, &second_builds(&workspace::manifests()?)?, demo);
    let mut times = Vec::new();
    for (index, stage) in stages.iter().enumerate() {
        run::say(&format!("\n==> {}/{} {}", index + 1, stages.len(), stage.title()));
        let (done, time) = run::timed(|| stage.run());
        times.push((stage.name.as_str(), time));
        if let Err(error) = done {
            run::say(&table(&times));
            let after = stages.len() - index - 1;
            return Err(format!("stage {}: {error}; {after} stages after it did not run", stage.name).into());
        }
    }
    run::say(&table(&times));
    run::say("all checks passed");
    Ok(())
}

/// The stages in order. `test` and `demo` are README.md's commands; `second` are crates with a feature to test once more.
fn stages(extent: Extent, test: Line, second: &[(String, String)], demo: Line) -> Vec<Stage> {
    let command = |name: &str, line: Line| Stage { name: name.to_owned(), work: Work::Run(line) };
    let own = |name: &str, check| Stage { name: name.to_owned(), work: Work::Own(check) };
    // A snapshot that differs fails; nothing is written beside it.
    let pinned = |line: Line| line.with_env("INSTA_UPDATE", "no");
    let doc = Line::new("cargo doc --workspace --no-deps").with_env("RUSTDOCFLAGS", "-D warnings");

    let mut stages = vec![
        own("arrows", arrows::check),
        own("docs", docs::check),
        command("fmt", Line::new("cargo fmt --all --check")),
    ];
    if extent == Extent::Full {
        stages.push(command("deny", Line::new("cargo deny check bans licenses sources")));
    }
    stages.push(command("clippy", Line::new("cargo clippy --workspace --all-targets -- -D warnings")));
    stages.push(command("rustdoc", doc));
    stages.push(command("test", pinned(test)));
    for (package, feature) in second {
        let line = Line::new(&format!("cargo test -p {package} --features {feature}"));
        stages.push(command(feature, pinned(line)));
    }
    // Only the benches themselves: unit tests have run, and building them once more for release takes minutes.
    stages.push(command("bench", Line::new("cargo bench --workspace --bench * -- --test")));
    if extent == Extent::Full {
        stages.push(own("instructions", instructions::check));
        stages.push(command("demo", demo));
        stages.push(own("simulate", simulate::simulate));
    }
    stages
}

/// Features that exist to be tested once more with (`test-…`), such as the second cryptographic back end that somebody
/// else's build may switch on in Robokassa's signing.
fn second_builds(manifests: &Metadata) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for package in manifests.workspace_packages() {
        let features = package.features.keys().filter(|feature| feature.starts_with("test-"));
        found.extend(features.map(|feature| (package.name.to_string(), feature.clone())));
    }
    match found.iter().any(|(package, _)| package == "provider-robokassa") {
        true => Ok(found),
        false => {
            Err("provider-robokassa has no `test-…` feature: its second signing back end would go untested"
                .into())
        }
    }
}

impl Stage {
    fn title(&self) -> String {
        match &self.work {
            Work::Run(line) => format!("{}: {line}", self.name),
            Work::Own(_) => self.name.clone(),
        }
    }

    fn run(&self) -> Result {
        match &self.work {
            Work::Run(line) => line.run(),
            Work::Own(check) => check(),
        }
    }
}

fn table(times: &[(&str, Duration)]) -> String {
    let total: Duration = times.iter().map(|(_, time)| *time).sum();
    let row = |(name, time): &(&str, Duration)| {
        format!("{name:<20}{:>6}.{} s\n", time.as_secs(), time.subsec_millis() / 100)
    };
    let rows: String = times.iter().map(row).collect();
    format!("\n{rows}{}", row(&("total", total)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_a_table_with_a_sum() {
        let times = [("fmt", Duration::from_millis(1_250)), ("test", Duration::from_millis(61_999))];
        let expected = "\nfmt                      1.2 s\ntest                    61.9 s\ntotal                   63.2 s\n";
        assert_eq!(table(&times), expected);
    }

    fn titles(extent: Extent) -> Vec<String> {
        let second = [("provider-robokassa".to_owned(), "test-other".to_owned())];
        let (test, demo) =
            (Line::new("cargo test --workspace"), Line::new("cargo run -p refund-cli -- demo"));
        stages(extent, test, &second, demo).iter().map(Stage::title).collect()
    }

    #[test]
    fn every_check_is_a_stage() {
        let all = [
            "arrows",
            "docs",
            "fmt: cargo fmt --all --check",
            "deny: cargo deny check bans licenses sources",
            "clippy: cargo clippy --workspace --all-targets -- -D warnings",
            "rustdoc: RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps",
            "test: INSTA_UPDATE='no' cargo test --workspace",
            "test-other: INSTA_UPDATE='no' cargo test -p provider-robokassa --features test-other",
            "bench: cargo bench --workspace --bench '*' -- --test",
            "instructions",
            "demo: cargo run -p refund-cli -- demo",
            "simulate",
        ];
        assert_eq!(titles(Extent::Full), all);
        let (quick, full) = (titles(Extent::Quick), titles(Extent::Full));
        let left_out: Vec<_> = full.iter().filter(|title| !quick.contains(title)).collect();
        assert_eq!(left_out, [all[3], all[9], all[10], all[11]]);
    }

    #[test]
    fn the_second_signing_back_end_is_tested() {
        let manifests = workspace::manifests().unwrap_or_else(|error| panic!("{error}"));
        let found = second_builds(&manifests).unwrap_or_else(|error| panic!("{error}"));
        assert!(found.iter().any(|(package, _)| package == "provider-robokassa"), "{found:?}");
    }
}
