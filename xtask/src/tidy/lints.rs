//! Every ban carries its reason, so that whoever meets it learns why and not only that.

use super::assert_none;
use crate::workspace;
use std::fs;
use toml::{Table, Value};

#[test]
fn every_ban_says_why() {
    let mut found = without_reason(&table("clippy.toml"), &["disallowed-types", "disallowed-methods"]);
    let deny = table("deny.toml");
    let bans = deny.get("bans").and_then(Value::as_table).expect("deny.toml has a table of bans");
    found.extend(without_reason(bans, &["deny"]));
    assert_none(&found);
}

#[test]
fn every_lint_says_why() {
    assert_none(&without_comment(&text("Cargo.toml")));
}

fn text(name: &str) -> String {
    let path = workspace::root().join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn table(name: &str) -> Table {
    text(name).parse().unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn without_reason(table: &Table, lists: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for list in lists {
        let bans =
            table.get(*list).and_then(Value::as_array).unwrap_or_else(|| panic!("there is no list `{list}`"));
        let bare = bans.iter().filter(|ban| {
            ban.get("reason").and_then(Value::as_str).is_none_or(|reason| reason.trim().is_empty())
        });
        found.extend(bare.map(|ban| format!("{list}: {ban} has no `reason`")));
    }
    found
}

/// The lints of a root manifest that no comment explains.
fn without_comment(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut lints = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.starts_with("[workspace.lints");
        } else if inside && line.contains('=') && !line.starts_with('#') {
            lints.push(line);
        }
    }
    assert!(!lints.is_empty(), "the manifest sets no lints");
    let bare = lints.iter().filter(|line| line.split_once('#').is_none_or(|(_, why)| why.trim().is_empty()));
    bare.map(|line| format!("Cargo.toml: `{line}` does not say why, in a comment behind it")).collect()
}

#[test]
fn the_checks_find_what_they_are_for() {
    let bans: Table = "deny = [{ path = \"a\", reason = \"b\" }, { path = \"c\" }, \"d\", { path = \"e\", reason = \" \" }]"
        .parse()
        .expect("it is TOML");
    assert_eq!(without_reason(&bans, &["deny"]).len(), 3);
    let manifest = "[workspace.lints.rust]\na = \"deny\" # because\nb = \"deny\"\nc = \"deny\" #\n[profile.dev]\nd = 1\n";
    assert_eq!(without_comment(manifest).len(), 2);
}
