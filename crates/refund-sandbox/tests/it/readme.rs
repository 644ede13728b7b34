//! The README's table of switches against the switches there are.

use std::collections::BTreeMap;

use refund_sandbox::Mode;
use serde_json::Value;

use crate::support::Bench;

/// `name -> default cell`, as the README prints them.
fn printed() -> BTreeMap<String, String> {
    let readme = include_str!("../../README.md");
    let (_, section) = readme.split_once("## Switches").expect("the section");
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.filter_map(|row| {
        row.split_once("` | ").and_then(|(name, rest)| Some((name, rest.split_once(" |")?.0)))
    });
    cells.map(|(name, default)| (name.to_owned(), default.to_owned())).collect()
}

#[tokio::test]
async fn the_readme_lists_every_switch_with_its_defaults() {
    let values =
        async |mode| Bench::in_mode(mode).await.control("GET", "switches", "").await["values"].clone();
    let (strict, lenient) = (values(Mode::Strict).await, values(Mode::Lenient).await);
    let cell = |value: &Value| value.as_str().map_or_else(|| value.to_string(), |word| format!("`{word}`"));
    let expected = strict.as_object().expect("an object").iter().map(|(name, value)| {
        let other = &lenient[name];
        let cell = if value == other { cell(value) } else { format!("{} / {}", cell(value), cell(other)) };
        (name.clone(), cell)
    });
    assert_eq!(printed(), expected.collect());
}
