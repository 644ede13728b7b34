//! The binary: figures on standard output, a violation's seed on standard error, and exit codes a script can rely on.

use assert_cmd::Command;

fn simulator(words: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_refund-simulator"));
    let output = command.args(words.split(' ')).output().expect("it starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_run_prints_figures_of_every_tier() {
    let (code, out, _) = simulator("run --schedules 1600 --threads 2");
    assert_eq!(code, Some(0), "{out}");
    // Two lines of headings and rates, eight tiers, and all of them together.
    assert_eq!(out.lines().count(), 11, "{out}");
    let all = out.lines().find(|line| line.starts_with("all")).expect("a line of all tiers");
    assert!(all.split_whitespace().nth(1) == Some("1600") && all.ends_with(" 0"), "{all}");
}

#[test]
fn one_tier_can_be_played_alone() {
    let (code, out, _) = simulator("run --schedules 100 --tier blind");
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("\nblind ") && !out.contains("\nshared "), "{out}");
}

#[test]
fn a_seed_tells_its_story() {
    let (code, out, _) = simulator("run --tier readable --tell 38");
    assert_eq!(code, Some(0), "{out}");
    assert!(out.starts_with("   0         0 readable seed 38") && out.ends_with("nothing broke\n"), "{out}");
    let (code, out, _) = simulator("run --tier readable --tell 38 --mutant system-error-is-failure");
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("BROKEN I4") && out.contains("broken: I4, first I4 at event "), "{out}");
}

#[test]
fn an_unknown_tier_is_refused() {
    let (code, _, err) = simulator("run --tier none");
    assert_eq!(code, Some(2), "{err}");
}
