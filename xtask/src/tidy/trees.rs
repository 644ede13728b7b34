//! What `refund-core` stands on. Embedders take it without a runtime, an HTTP client, a store or JSON.
//!
//! Read from `cargo tree`, which resolves the features of one crate alone. The graph of `cargo metadata` would not do:
//! it also holds optional dependencies that nobody switched on.

use crate::workspace;
use std::process::Command;

/// Crates that must not be under `refund-core`, on any platform.
const NOT_UNDER_CORE: &[&str] = &["tokio", "reqwest", "sqlx", "rusqlite", "hyper", "axum", "serde_json"];

#[test]
fn the_core_stands_on_no_runtime_client_or_store() {
    let ways = ways_down(&tree("refund-core"));
    assert!(ways.iter().any(|way| way == &["refund-core", "async-trait"]), "the tree was not read: {ways:?}");
    for way in &ways {
        let end = way.last().map_or("", String::as_str);
        assert!(!NOT_UNDER_CORE.contains(&end), "refund-core must not stand on {end}: {}", way.join(" -> "));
    }
}

/// What a crate needs when it is built for somebody, on any platform: `0refund-core v0.1.0 (…)`, `1async-trait v0.1.92`.
fn tree(name: &str) -> String {
    let words = ["tree", "--package", name, "--edges", "normal", "--target", "all", "--prefix", "depth"];
    let output = Command::new("cargo").args(words).current_dir(workspace::root()).output();
    let output = output.unwrap_or_else(|error| panic!("cargo cannot be started: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {}: {errors}", words.join(" "));
    String::from_utf8(output.stdout).expect("cargo prints names")
}

/// The way from the top to each crate of a tree.
fn ways_down(tree: &str) -> Vec<Vec<String>> {
    let mut way = Vec::new();
    let mut ways = Vec::new();
    for line in tree.lines() {
        let depth: String = line.chars().take_while(char::is_ascii_digit).collect();
        let name = line[depth.len()..].split(' ').next().unwrap_or_default();
        way.truncate(depth.parse().unwrap_or_else(|error| panic!("{line:?}: {error}")));
        way.push(name.to_owned());
        ways.push(way.clone());
    }
    ways
}

#[test]
fn a_tree_is_followed_to_its_leaves() {
    let tree = "0core v0.1.0 (/here)\n1a v1.0.0\n2b v2.0.0 (proc-macro)\n3hyper v1.0.0\n1b v2.0.0 (proc-macro) (*)\n";
    let ways: Vec<_> = ways_down(tree).iter().map(|way| way.join(" -> ")).collect();
    assert_eq!(ways, ["core", "core -> a", "core -> a -> b", "core -> a -> b -> hyper", "core -> b"]);
}
