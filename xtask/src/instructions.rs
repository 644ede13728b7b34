//! How many instructions the checks take, counted by valgrind's callgrind, and how many they may take.
//!
//! Instructions do not depend on what else the machine does, so unlike times they can fail a build. Two kinds of bounds:
//! ratios of two counts of one run, which hold on any machine, and a count per line, which holds for this compiler and
//! may be exceeded by [`TOLERANCE`] per cent. It must not know what is counted, only what the programs call it.

use crate::{
    Result,
    run::{self, Line},
};
use cargo_metadata::Message;
use std::{
    collections::BTreeMap,
    io::BufReader,
    path::{Path, PathBuf},
    process::Command,
};

/// How many per cent more than committed are still the same.
const TOLERANCE: u64 = 3;

/// The programs: package and bench.
const PROGRAMS: [(&str, &str); 2] = [("refund-core", "instructions"), ("refund-desk", "bytes")];

/// A bench's arguments, over how many lines its instructions are spread, and how many were counted for each of them when
/// this was written; none for what only serves to compare.
struct Count {
    program: &'static str,
    args: &'static str,
    lines: u64,
    committed: Option<u64>,
}

const fn count(program: &'static str, args: &'static str, lines: u64, committed: Option<u64>) -> Count {
    Count { program, args, lines, committed }
}

const COUNTS: &[Count] = &[
    count("instructions", "floor valid 1000", 1_000, None),
    count("instructions", "naive valid 1000", 1_000, None),
    count("instructions", "rules valid 10", 10, None),
    count("instructions", "rules valid 1000", 1_000, Some(413)),
    count("instructions", "rules valid 10000", 10_000, None),
    count("instructions", "rules shuffled 1000", 1_000, Some(913)),
    count("instructions", "rules long-prefix 1000", 1_000, Some(1_023)),
    count("instructions", "rules any-codes 1000", 1_000, Some(729)),
    count("instructions", "rules prior 1000", 1_000, Some(2_314)),
    count("instructions", "rules last-wrong 1000", 1_000, Some(460)),
    count("instructions", "rules all-wrong 1000", 1_000, None),
    count("instructions", "rules all-wrong 10000", 10_000, None),
    count("bytes", "count floor 1000", 1_000, None),
    count("bytes", "count owned 1000", 1_000, None),
    count("bytes", "count check 1000", 1_000, Some(5_747)),
];

/// How two counts compare, in hundredths.
struct Bound {
    what: &'static str,
    over: &'static str,
    under: &'static str,
    limit: Limit,
}

enum Limit {
    AtMost(u64),
    AtLeast(u64),
}

const fn bound(what: &'static str, over: &'static str, under: &'static str, limit: Limit) -> Bound {
    Bound { what, over, under, limit }
}

/// Where the checks stand, with a little room: docs/performance.md says where they should.
const BOUNDS: &[Bound] = &[
    bound("cart against the floor", "rules valid 1000", "floor valid 1000", Limit::AtMost(310)),
    bound("plainly written against the cart", "naive valid 1000", "rules valid 1000", Limit::AtLeast(1_250)),
    bound("ten times the lines", "rules valid 10000", "rules valid 1000", Limit::AtMost(1_050)),
    bound("ten times the mistakes", "rules all-wrong 10000", "rules all-wrong 1000", Limit::AtMost(1_200)),
    bound("one mistake", "rules last-wrong 1000", "rules valid 1000", Limit::AtMost(150)),
    bound("file against parsing alone", "count check 1000", "count floor 1000", Limit::AtMost(130)),
    bound("plainly written against the file", "count owned 1000", "count check 1000", Limit::AtLeast(180)),
];

/// Builds the programs, counts, prints the counts and compares them.
///
/// # Errors
/// Every bound that does not hold, with both numbers; also when valgrind is missing or a program fails.
pub(crate) fn check() -> Result {
    let mut counted = BTreeMap::new();
    for (package, bench) in PROGRAMS {
        let program = build(package, bench)?;
        for count in COUNTS.iter().filter(|count| count.program == bench) {
            let total = callgrind(&program, count.args)?;
            run::say(&format!("{:<28}{:>14}{:>10} per line", count.args, total, total / count.lines));
            counted.insert(count.args, total);
        }
    }
    let wrong = exceeded(COUNTS, BOUNDS, &counted)?;
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ").into()) }
}

/// Every bound that does not hold.
fn exceeded(counts: &[Count], bounds: &[Bound], counted: &BTreeMap<&str, u64>) -> Result<Vec<String>> {
    let of = |args: &str| counted.get(args).copied().ok_or_else(|| format!("`{args}` was not counted"));
    let mut wrong = Vec::new();
    for count in counts {
        let (Some(committed), per_line) = (count.committed, of(count.args)? / count.lines) else { continue };
        if per_line * 100 > committed * (100 + TOLERANCE) {
            wrong.push(format!(
                "{}: {per_line} instructions per line, {committed} are committed (xtask/src/instructions.rs)",
                count.args
            ));
        }
    }
    for bound in bounds {
        let ratio = of(bound.over)? * 100 / of(bound.under)?.max(1);
        let (holds, limit) = match bound.limit {
            Limit::AtMost(most) => (ratio <= most, format!("at most {}", hundredths(most))),
            Limit::AtLeast(least) => (ratio >= least, format!("at least {}", hundredths(least))),
        };
        run::say(&format!("{:<34}{:>8} ({limit})", bound.what, hundredths(ratio)));
        if !holds {
            wrong.push(format!("{}: {} where {limit} is due", bound.what, hundredths(ratio)));
        }
    }
    Ok(wrong)
}

fn hundredths(ratio: u64) -> String {
    format!("{}.{:02}", ratio / 100, ratio % 100)
}

/// Builds a bench and tells where it lies.
fn build(package: &str, bench: &str) -> Result<PathBuf> {
    let line = Line::new(&format!("cargo bench -p {package} --bench {bench} --no-run"));
    line.run()?;
    // Once more, now without work, for its path.
    let output = Line::new(&format!(
        "cargo bench -q -p {package} --bench {bench} --no-run --message-format=json-render-diagnostics"
    ))
    .output()?;
    let messages = Message::parse_stream(BufReader::new(output.as_slice()));
    let programs = messages.filter_map(|message| match message {
        Ok(Message::CompilerArtifact(built)) if built.target.name == bench => built.executable,
        _ => None,
    });
    let program = programs.last().ok_or_else(|| format!("cargo built no bench {bench} of {package}"))?;
    Ok(program.into_std_path_buf())
}

/// The instructions inside the program's function `measured`.
fn callgrind(program: &Path, args: &str) -> Result<u64> {
    let file = std::env::temp_dir().join(format!("refund-instructions-{}", std::process::id()));
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--quiet", "--collect-atstart=no", "--toggle-collect=*measured*"]);
    command.arg(format!("--callgrind-out-file={}", file.display())).arg(program).args(args.split(' '));
    let output = command.output().map_err(|error| {
        format!("valgrind cannot be started ({error}); install it: apt-get install valgrind libc6-dbg")
    })?;
    let told = std::fs::read_to_string(&file);
    // Best effort: it lies in the folder of temporary files.
    let _ = std::fs::remove_file(&file);
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(format!("valgrind {} {args}: {}: {error}", program.display(), output.status).into());
    }
    match summary(&told?) {
        Some(total) if total > 0 => Ok(total),
        _ => Err(format!("callgrind counted nothing in `measured` of {} {args}", program.display()).into()),
    }
}

/// The total of a callgrind file.
fn summary(file: &str) -> Option<u64> {
    file.lines().find_map(|line| line.strip_prefix("summary: ")?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callgrind_file_has_its_total() {
        let file = "# callgrind format\nversion: 1\nevents: Ir\nsummary: 564682\n\nfn=(1)\n0 564682\n";
        assert_eq!(summary(file), Some(564_682));
        assert_eq!(summary("events: Ir\n"), None);
    }

    #[test]
    fn every_bound_is_of_something_that_is_counted() {
        for bound in BOUNDS {
            for args in [bound.over, bound.under] {
                assert!(COUNTS.iter().any(|count| count.args == args), "{args}");
            }
        }
        for count in COUNTS {
            assert!(PROGRAMS.iter().any(|(_, bench)| *bench == count.program), "{}", count.program);
        }
    }

    #[test]
    fn what_is_above_its_bound_is_told() {
        let counts = [count("p", "fast", 10, Some(100)), count("p", "slow", 10, None)];
        let bounds = [
            bound("slow against fast", "slow", "fast", Limit::AtLeast(2_000)),
            bound("fast against slow", "fast", "slow", Limit::AtMost(5)),
        ];
        let check = |fast: u64, slow: u64| {
            exceeded(&counts, &bounds, &BTreeMap::from([("fast", fast), ("slow", slow)])).expect("counted")
        };
        assert_eq!(check(1_030, 20_600), Vec::<String>::new());
        let told = "fast: 104 instructions per line, 100 are committed (xtask/src/instructions.rs)";
        assert_eq!(check(1_040, 20_800), [told]);
        let told = [
            "slow against fast: 10.00 where at least 20.00 is due",
            "fast against slow: 0.10 where at most 0.05 is due",
        ];
        assert_eq!(check(1_000, 10_000), told);
    }
}
