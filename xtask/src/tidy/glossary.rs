//! The glossary names things of the code; a name that is no longer there must leave it.

use super::{assert_none, rust_files, texts};
use proc_macro2::{TokenStream, TokenTree};
use std::{collections::BTreeSet, str::FromStr};

#[test]
fn what_the_glossary_names_is_in_the_code() {
    let files = rust_files();
    let sources = files.iter().filter(|file| file.path.starts_with("crates/") && file.path.contains("/src/"));
    let names: Vec<_> = sources
        .map(|file| {
            TokenStream::from_str(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path))
        })
        .map(|tokens| names(tokens).collect::<BTreeSet<_>>())
        .collect();
    let glossary = texts(&["docs/GLOSSARY.md"]);
    let named: Vec<_> = glossary.iter().flat_map(|file| names_in_the_code(&file.text)).collect();
    assert!(named.len() > 20, "the glossary's tables were not read: {named:?}");
    let is_there = |path: &str| names.iter().any(|names| path.split("::").all(|part| names.contains(part)));
    let gone = named.iter().filter(|path| !is_there(path));
    assert_none(
        &gone.map(|path| format!("docs/GLOSSARY.md: `{path}` is not in the code")).collect::<Vec<_>>(),
    );
}

/// The names in the last column of every table whose last heading is "in the code".
fn names_in_the_code(markdown: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in markdown.lines() {
        let last = line.trim_end_matches('|').rsplit(" | ").next().unwrap_or_default().trim();
        match line.starts_with('|') {
            true if inside => found.extend(last.split('`').skip(1).step_by(2).map(str::to_owned)),
            true => inside = last == "in the code",
            false => inside = false,
        }
    }
    found
}

fn names(tokens: TokenStream) -> Box<dyn Iterator<Item = String>> {
    Box::new(tokens.into_iter().flat_map(|token| match token {
        TokenTree::Group(group) => names(group.stream()),
        TokenTree::Ident(name) => Box::new(std::iter::once(name.to_string())),
        TokenTree::Punct(_) | TokenTree::Literal(_) => Box::new(std::iter::empty()),
    }))
}

#[test]
fn the_check_reads_the_right_column() {
    let table =
        "| term | in the code |\n|---|---|\n| `no` | `Money`, `Extent::Part` |\n| b | |\n\n| a | `gone` |\n";
    assert_eq!(names_in_the_code(table), ["Money", "Extent::Part"]);
}
