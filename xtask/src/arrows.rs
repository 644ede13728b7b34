//! Who may use whom: every crate's layer and its arrows, by name.
//!
//! A new crate is placed here or the tests fail; so does an arrow that is not on the list. Arrows of normal and build
//! dependencies point down. The pretended gateways must not share the client's bugs, so `refund-sandbox` uses none of
//! ours, not even in tests, and what the providers are tested with never uses a provider.

use crate::{
    Result,
    workspace::{self, Crate},
};

/// One crate's place in the house.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The crate.
    pub(crate) name: &'static str,
    /// How high it stands. Normal and build dependencies stand lower.
    pub(crate) layer: u8,
    /// What it may use.
    uses: &'static [&'static str],
    /// What its tests, examples and benches may use besides.
    tests_use: &'static [&'static str],
}

const fn place(
    layer: u8,
    name: &'static str,
    uses: &'static [&'static str],
    tests_use: &'static [&'static str],
) -> Place {
    Place { name, layer, uses, tests_use }
}

/// What a provider is tested with.
const BENCH: &[&str] = &["refund-conformance", "refund-http", "refund-sandbox", "refund-text"];

/// Everything but the command itself.
const ALL_BUT_CLI: &[&str] = &[
    "provider-robokassa",
    "provider-sber",
    "receipts-ofd",
    "refund-core",
    "refund-desk",
    "refund-engine",
    "refund-http",
    "refund-journal",
    "refund-sandbox",
    "refund-text",
];

/// The client's reading of the documents and the emulator's, compared: nothing else may see both.
const BOTH_SIDES: [&str; 6] = [
    "provider-robokassa",
    "provider-sber",
    "refund-conformance",
    "refund-core",
    "refund-http",
    "refund-sandbox",
];

/// The house, from the ground up.
pub(crate) const HOUSE: &[Place] = &[
    place(0, "receipts-ofd", &[], &[]),
    place(0, "refund-sandbox", &[], &[]),
    place(1, "refund-core", &[], &[]),
    place(2, "provider-robokassa", &["receipts-ofd", "refund-core"], BENCH),
    place(2, "provider-sber", &["receipts-ofd", "refund-core"], BENCH),
    place(2, "refund-conformance", &["refund-core"], &[]),
    place(2, "refund-engine", &["refund-core"], &[]),
    place(2, "refund-http", &["refund-core"], &[]),
    place(2, "refund-text", &["receipts-ofd", "refund-core"], &[]),
    place(3, "refund-journal", &["refund-core", "refund-engine"], &[]),
    place(3, "refund-simulator", &["refund-core", "refund-engine"], &[]),
    place(4, "refund-desk", &["refund-core", "refund-engine", "refund-journal", "refund-text"], &[]),
    place(5, "refund-cli", ALL_BUT_CLI, &[]),
    place(6, "custom-provider", &["refund-core"], &["refund-conformance"]),
    place(6, "differential", &[], &BOTH_SIDES),
    place(6, "refund-examples", ALL_BUT_CLI, &["refund-cli"]),
    // Prints pages from what the code says of itself: the fiscal tables, the rules, and the machine, which it drives.
    place(
        6,
        "xtask",
        &[
            "provider-robokassa",
            "provider-sber",
            "receipts-ofd",
            "refund-core",
            "refund-engine",
            "refund-text",
        ],
        &[],
    ),
];

/// The place of a crate, if it has one.
pub(crate) fn of(name: &str) -> Option<&'static Place> {
    HOUSE.iter().find(|place| place.name == name)
}

/// Compares the workspace with the list.
///
/// # Errors
/// Every arrow and crate that is not on it.
pub(crate) fn check() -> Result {
    let found = violations(&workspace::crates(&workspace::manifests()?), HOUSE);
    match found.is_empty() {
        true => Ok(()),
        false => Err(format!("see xtask/src/arrows.rs:\n{}", found.join("\n")).into()),
    }
}

/// Everything that is not as `house` says, as sentences.
fn violations(crates: &[Crate], house: &[Place]) -> Vec<String> {
    let mut found = Vec::new();
    for place in house.iter().filter(|place| !crates.iter().any(|one| one.name == place.name)) {
        found.push(format!("{} is placed but does not exist: take it off the list", place.name));
    }
    for one in crates {
        match house.iter().find(|place| place.name == one.name) {
            Some(place) => found.extend(wrong_arrows(one, place)),
            None => found.push(format!("{} has no place: decide its layer and what it may use", one.name)),
        }
    }
    found
}

fn wrong_arrows(one: &Crate, place: &Place) -> Vec<String> {
    let listed = |target: &str, lists: &[&[&str]]| lists.iter().any(|list| list.contains(&target));
    let normal = one.uses.iter().filter(|target| !listed(target, &[place.uses]));
    let dev = one.tests_use.iter().filter(|target| !listed(target, &[place.uses, place.tests_use]));
    let normal = normal
        .map(|target| format!("{} may not use {target}: move what it needs, or place the arrow", one.name));
    let dev = dev.map(|target| {
        format!("the tests of {} may not use {target}: move the test up, or place the arrow", one.name)
    });
    normal.chain(dev).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_arrow_is_on_the_list() {
        check().unwrap_or_else(|error| panic!("{error}"));
    }

    #[test]
    fn the_list_points_down_and_names_nothing_unknown() {
        for place in HOUSE {
            for target in place.uses.iter().chain(place.tests_use) {
                assert!(of(target).is_some(), "{} lists {target}, which has no place", place.name);
            }
            for target in place.uses {
                let below = of(target).is_some_and(|target| target.layer < place.layer);
                assert!(
                    below,
                    "{} (layer {}) uses {target}, which does not stand lower",
                    place.name, place.layer
                );
            }
            assert_eq!(HOUSE.iter().filter(|other| other.name == place.name).count(), 1, "{}", place.name);
        }
    }

    #[test]
    fn the_sandbox_uses_no_crate_of_ours() {
        let metadata = workspace::manifests().unwrap_or_else(|error| panic!("{error}"));
        let crates = workspace::crates(&metadata);
        let sandbox =
            crates.iter().find(|one| one.name == "refund-sandbox").expect("the sandbox is a crate of ours");
        let used: Vec<_> = sandbox.uses.union(&sandbox.tests_use).collect();
        assert!(
            used.is_empty(),
            "refund-sandbox uses {used:?}: it must not share the bugs it is there to show"
        );
    }

    #[test]
    fn what_providers_are_tested_with_never_uses_a_provider() {
        for place in BENCH.iter().filter_map(|name| of(name)) {
            let providers =
                place.uses.iter().chain(place.tests_use).filter(|name| name.starts_with("provider-"));
            assert_eq!(providers.count(), 0, "{}", place.name);
        }
    }

    fn made(name: &str, uses: &[&str], tests_use: &[&str]) -> Crate {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Crate { name: name.to_owned(), uses: set(uses), tests_use: set(tests_use), ..Crate::default() }
    }

    #[test]
    fn the_check_finds_what_it_is_for() {
        let house = [
            place(0, "floor", &[], &[]),
            place(1, "desk", &["floor"], &["lamp"]),
            place(1, "lamp", &[], &[]),
        ];
        let as_it_should_be =
            [made("floor", &[], &[]), made("lamp", &[], &[]), made("desk", &["floor"], &["lamp"])];
        assert_eq!(violations(&as_it_should_be, &house), Vec::<String>::new());

        let astray = [
            made("floor", &["desk"], &["lamp"]),
            made("desk", &["lamp"], &["floor"]),
            made("shed", &[], &[]),
        ];
        assert_eq!(
            violations(&astray, &house),
            [
                "lamp is placed but does not exist: take it off the list",
                "floor may not use desk: move what it needs, or place the arrow",
                "the tests of floor may not use lamp: move the test up, or place the arrow",
                "desk may not use lamp: move what it needs, or place the arrow",
                "shed has no place: decide its layer and what it may use",
            ]
        );
    }
}
