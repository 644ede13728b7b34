//! Pages that are written by a program, so that they cannot drift from what they describe.
//!
//! `docs/generated/crates.md`: the crates by layer, from their manifests and the list of arrows.
//! `docs/generated/fiscal.md`: the fiscal vocabulary, from the crate that has it.
//! `docs/generated/machine.md`: the machine of one refund, driven and asked.
//! `docs/generated/soak.md`: the figures of the last soak, if one was recorded.
//! `docs/generated/rules.md`: the rules of a refund and what each provider's policy binds, from the rules themselves.

use crate::{Result, arrows, fiscal, machine, rules, run, soak, workspace, workspace::Crate};
use std::{collections::BTreeSet, fs, path::PathBuf};

/// A page: where it lies and what must stand in it.
struct Page {
    path: &'static str,
    text: String,
}

/// Writes every page that is not as it should be.
///
/// # Errors
/// When Cargo's manifests cannot be read or a page cannot be written.
pub(crate) fn write() -> Result {
    for page in pages()? {
        let path = page.full_path();
        if page.is_current() {
            continue;
        }
        fs::create_dir_all(path.parent().ok_or("a page lies in a folder")?)?;
        fs::write(&path, &page.text).map_err(|error| format!("{}: {error}", path.display()))?;
        run::say(&format!("wrote {}", page.path));
    }
    Ok(())
}

/// Fails when a page is not what [`write()`] would write.
///
/// # Errors
/// As [`write()`], and when a page is out of date.
pub(crate) fn check() -> Result {
    let stale: Vec<_> = pages()?.iter().filter(|page| !page.is_current()).map(|page| page.path).collect();
    match stale.is_empty() {
        true => Ok(()),
        false => Err(format!("out of date: {}; run `cargo xtask docs`", stale.join(", ")).into()),
    }
}

fn pages() -> Result<Vec<Page>> {
    let crates = workspace::crates(&workspace::manifests()?);
    Ok(vec![
        Page { path: "docs/generated/crates.md", text: crates_page(&crates) },
        Page { path: "docs/generated/fiscal.md", text: fiscal::page() },
        Page { path: "docs/generated/machine.md", text: machine::page()? },
        Page { path: "docs/generated/soak.md", text: soak::page()? },
        Page { path: "docs/generated/rules.md", text: rules::page() },
    ])
}

impl Page {
    fn full_path(&self) -> PathBuf {
        workspace::root().join(self.path)
    }

    fn is_current(&self) -> bool {
        fs::read_to_string(self.full_path()).is_ok_and(|text| text == self.text)
    }
}

fn crates_page(crates: &[Crate]) -> String {
    let layer = |one: &Crate| arrows::of(&one.name).map_or("?".to_owned(), |place| place.layer.to_string());
    let mut rows: Vec<_> = crates
        .iter()
        .map(|one| {
            let (uses, tests_use) = (list(&one.uses), list(&one.tests_use));
            format!("| {} | `{}` | {} | {uses} | {tests_use} |\n", layer(one), one.name, one.description)
        })
        .collect();
    rows.sort();
    format!(
        "<!-- Written by `cargo xtask docs` from the Cargo.toml files and xtask/src/arrows.rs. Do not edit. -->\n\n\
         # Crates\n\n\
         Layers point down: a crate uses crates of lower layers only. Which arrows are allowed stands in\n\
         `xtask/src/arrows.rs`; these are the ones in use.\n\n\
         | layer | crate | what it is | uses | its tests also use |\n\
         |---|---|---|---|---|\n{}",
        rows.concat()
    )
}

fn list(names: &BTreeSet<String>) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_a_row_by_layer() {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let core =
            Crate { name: "refund-core".to_owned(), description: "money".to_owned(), ..Crate::default() };
        let sber = Crate {
            name: "provider-sber".to_owned(),
            description: "Sber".to_owned(),
            uses: set(&["refund-core"]),
            tests_use: set(&["refund-http", "refund-sandbox"]),
        };
        let page = crates_page(&[sber, core]);
        let rows: Vec<_> = page.lines().rev().take(2).collect();
        assert_eq!(
            rows,
            [
                "| 2 | `provider-sber` | Sber | `refund-core` | `refund-http`, `refund-sandbox` |",
                "| 1 | `refund-core` | money |  |  |",
            ]
        );
    }
}
