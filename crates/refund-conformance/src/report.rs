//! What a run found: what passed, what failed and why, what was skipped and why.
//!
//! It must not know the cases.

use std::fmt;

/// The result of [`crate::run_all`]. Every case is in exactly one of the three lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a report that nobody reads proves nothing: call `assert_counts`"]
pub struct Report {
    /// Names of the cases that passed, in order.
    pub passed: Vec<&'static str>,
    /// Cases that failed, with what was expected and found. Secrets are masked.
    pub failed: Vec<Finding>,
    /// Cases that could not be run, with the reason.
    pub skipped: Vec<Finding>,
}

/// A case and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The case's name.
    pub case: &'static str,
    /// Why.
    pub why: String,
}

impl Report {
    /// Names of the failed cases, in order.
    pub fn failing(&self) -> Vec<&'static str> {
        self.failed.iter().map(|finding| finding.case).collect()
    }

    /// Names of the skipped cases, in order.
    pub fn skipping(&self) -> Vec<&'static str> {
        self.skipped.iter().map(|finding| finding.case).collect()
    }

    /// Asserts that nothing failed, that exactly so many cases passed and that exactly these were skipped, in the order
    /// of [`crate::CASES`]. A case that stops running fails here.
    ///
    /// # Panics
    /// With the whole report, if anything differs.
    #[track_caller]
    pub fn assert_counts(&self, passed: usize, skipped: &[&str]) {
        assert!(self.failed.is_empty(), "{self}");
        assert_eq!(self.skipping(), skipped, "the skipped cases\n{self}");
        assert_eq!(self.passed.len(), passed, "the number of cases that passed\n{self}");
    }
}

impl fmt::Display for Report {
    /// Failures first, then what was skipped, then how many passed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding { case, why } in &self.failed {
            writeln!(f, "FAILED  {case}: {why}")?;
        }
        for Finding { case, why } in &self.skipped {
            writeln!(f, "skipped {case}: {why}")?;
        }
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed.len(),
            self.failed.len(),
            self.skipped.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let skipped = vec![Finding { case: "c", why: "no callbacks".to_owned() }];
        Report { passed: vec!["a", "b"], failed: Vec::new(), skipped }
    }

    fn panics(report: &Report, passed: usize, skipped: &[&str]) -> bool {
        std::panic::catch_unwind(|| report.assert_counts(passed, skipped)).is_err()
    }

    #[test]
    fn counts_are_exact_and_a_failure_is_one() {
        report().assert_counts(2, &["c"]);
        assert!(panics(&report(), 1, &["c"]), "a case stopped running");
        assert!(panics(&report(), 2, &[]), "a case began to be skipped");
        assert!(panics(&report(), 2, &["d"]), "another case is skipped");
        let mut failed = report();
        failed.failed.push(Finding { case: "d", why: "because".to_owned() });
        assert!(panics(&failed, 2, &["c"]));
        assert!(failed.to_string().starts_with("FAILED  d: because\nskipped c: no callbacks\n2 passed"));
    }
}
