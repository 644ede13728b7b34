//! The benches whose ratios the documents speak of: runs them in turns, writes `target/ratios.json`, prints a table.
//!
//! Each round runs everything once, so that what is compared runs within the same minute; of the rounds' ratios the median
//! is told. Times fail nothing. It must not know what is measured, only what criterion calls it.

use crate::{
    Result,
    run::{self, Line},
    workspace,
};
use std::{fmt::Write as _, path::Path};

/// How often everything is run.
const ROUNDS: usize = 3;

/// Two benches of one group, and what their ratio should be, in hundredths.
struct Ratio {
    what: &'static str,
    group: &'static str,
    over: &'static str,
    under: &'static str,
    lines: u64,
    target: Target,
}

#[derive(Clone, Copy)]
enum Target {
    AtMost(u64),
    AtLeast(u64),
}

const GROUPS: [(&str, &str); 2] = [("refund-core", "cart"), ("refund-desk", "bytes")];

const SIZES: [u64; 4] = [10, 100, 1_000, 10_000];

/// What is compared at each size.
const RATIOS: [(&str, &str, &str, &str, Target); 6] = [
    ("cart against the floor", "cart_check", "rules_valid", "floor_valid", Target::AtMost(150)),
    ("plainly written against the cart", "cart_check", "naive_valid", "rules_valid", Target::AtLeast(2_000)),
    ("the same, its map ready", "cart_check", "ready_valid", "rules_valid", Target::AtLeast(2_000)),
    ("plainly written, shuffled", "cart_check", "naive_shuffled", "rules_shuffled", Target::AtLeast(2_000)),
    ("file against parsing alone", "cart_bytes", "check", "floor", Target::AtMost(130)),
    ("plainly written against the file", "cart_bytes", "owned", "check", Target::AtLeast(250)),
];

/// Runs the benches and tells the ratios.
///
/// # Errors
/// When a bench fails or criterion left no result.
pub(crate) fn run() -> Result {
    let results = workspace::target()?.join("criterion");
    let ratios: Vec<_> = RATIOS.iter().flat_map(|ratio| SIZES.map(|lines| at(ratio, lines))).collect();
    let mut rounds = vec![Vec::new(); ratios.len()];
    for _ in 0..ROUNDS {
        for (package, bench) in GROUPS {
            let sizes = "(rules/valid|rules/shuffled|floor/valid|naive/valid|naive/shuffled|ready/valid|check|floor|owned)/10+$";
            Line::new(&format!("cargo bench -p {package} --bench {bench} -- --noplot {sizes}")).run()?;
        }
        for (ratio, found) in ratios.iter().zip(&mut rounds) {
            let time =
                |name: &str| median(&results.join(ratio.group).join(name).join(ratio.lines.to_string()));
            found.push(time(ratio.over)? * 100 / time(ratio.under)?.max(1));
        }
    }
    let medians: Vec<_> = rounds.iter_mut().map(|found| middle(found)).collect();
    let file = workspace::target()?.join("ratios.json");
    std::fs::write(&file, json(&ratios, &medians))?;
    run::say(&table(&ratios, &medians));
    run::say(&format!("written to {}", file.display()));
    Ok(())
}

fn at(
    &(what, group, over, under, target): &(&'static str, &'static str, &'static str, &'static str, Target),
    lines: u64,
) -> Ratio {
    Ratio { what, group, over, under, lines, target }
}

fn middle(found: &mut [u64]) -> u64 {
    found.sort_unstable();
    found.get(found.len() / 2).copied().unwrap_or_default()
}

/// The median time of one bench, in picoseconds.
fn median(bench: &Path) -> Result<u64> {
    let file = bench.join("new").join("estimates.json");
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    estimate(&text).ok_or_else(|| format!("{} tells no median", file.display()).into())
}

/// The median of criterion's estimates, nanoseconds with a fraction, as whole picoseconds.
fn estimate(text: &str) -> Option<u64> {
    let (_, median) = text.split_once("\"median\":")?;
    let (_, number) = median.split_once("\"point_estimate\":")?;
    let number = number.split([',', '}']).next()?.trim();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(fraction.parse().ok()?)
}

fn hundredths(ratio: u64) -> String {
    format!("{}.{:02}", ratio / 100, ratio % 100)
}

impl Target {
    fn is_met(self, ratio: u64) -> bool {
        match self {
            Self::AtMost(most) => ratio <= most,
            Self::AtLeast(least) => ratio >= least,
        }
    }

    fn told(self) -> String {
        match self {
            Self::AtMost(most) => format!("≤ {}", hundredths(most)),
            Self::AtLeast(least) => format!("≥ {}", hundredths(least)),
        }
    }
}

fn table(ratios: &[Ratio], found: &[u64]) -> String {
    let mut table = String::new();
    for (ratio, found) in ratios.iter().zip(found) {
        let met = if ratio.target.is_met(*found) { "" } else { "  not reached" };
        let (ratio_told, target) = (hundredths(*found), ratio.target.told());
        _ = writeln!(table, "{:<34}{:>7} lines{ratio_told:>9}  {target}{met}", ratio.what, ratio.lines);
    }
    table
}

fn json(ratios: &[Ratio], found: &[u64]) -> String {
    let rows = ratios.iter().zip(found).map(|(ratio, found)| {
        format!(
            "  {{\"what\": \"{}\", \"lines\": {}, \"ratio\": \"{}\", \"target\": \"{}\"}}",
            ratio.what,
            ratio.lines,
            hundredths(*found),
            ratio.target.told()
        )
    });
    format!("[\n{}\n]\n", rows.collect::<Vec<_>>().join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn criterion_estimates_are_read_without_a_float() {
        let text = r#"{"mean":{"point_estimate":9.5},"median":{"confidence_interval":{"upper_bound":3.0},"point_estimate":27938.1256,"standard_error":1.0}}"#;
        assert_eq!(estimate(text), Some(27_938_125));
        assert_eq!(estimate(r#"{"median":{"point_estimate":7}}"#), Some(7_000));
        assert_eq!(estimate("{}"), None);
    }

    #[test]
    fn a_table_says_what_is_not_reached() {
        let ratios = [at(&RATIOS[0], 10), at(&RATIOS[1], 100)];
        let expected = "cart against the floor                 10 lines     1.50  ≤ 1.50\n\
                        plainly written against the cart      100 lines    19.99  ≥ 20.00  not reached\n";
        assert_eq!(table(&ratios, &[150, 1_999]), expected);
        let json = json(&ratios, &[150, 1_999]);
        assert!(
            json.contains(
                r#"{"what": "cart against the floor", "lines": 10, "ratio": "1.50", "target": "≤ 1.50"},"#
            ),
            "{json}"
        );
        assert_eq!(middle(&mut [3, 1, 2]), 2);
    }
}
