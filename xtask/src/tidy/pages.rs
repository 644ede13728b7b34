//! What the pages for people promise must be there: the tests they name, the files they link to, the same commands in
//! both languages.

use super::{File, assert_none, texts};
use crate::workspace;
use std::{fs, path::Path};

/// The pages for people: everything in `docs`, and what stands at the root and in the crates.
fn pages() -> Vec<File> {
    let mut pages = texts(&["."]);
    pages.retain(|file| file.path.ends_with(".md"));
    pages
}

#[test]
fn every_test_a_page_names_is_there() {
    let (mut named, mut found) = (0, Vec::new());
    for page in &pages() {
        for (file, function) in named_functions(&page.text) {
            named += 1;
            let source = fs::read_to_string(workspace::root().join(file)).unwrap_or_default();
            if !source.lines().any(|line| defines(line, function)) {
                found.push(format!("{}: `{file}::{function}` is not there", page.path));
            }
        }
    }
    assert!(named > 40, "the pages were not read: {named} tests named");
    assert_none(&found);
}

#[test]
fn every_link_leads_somewhere() {
    let mut found = Vec::new();
    for page in &pages() {
        let folder = workspace::root().join(&page.path);
        let folder = folder.parent().expect("a page lies in a folder");
        let dead = links(&page.text).filter(|link| !leads_somewhere(folder, link));
        found.extend(dead.map(|link| format!("{}: nothing is at `{link}`", page.path)));
    }
    assert_none(&found);
}

#[test]
fn both_readmes_show_the_same_commands() {
    let text = |name: &str| {
        fs::read_to_string(workspace::root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let (english, russian) = (text("README.md"), text("README.ru.md"));
    assert!(commands(&english).count() > 5, "README.md shows no commands");
    assert_eq!(commands(&english).collect::<Vec<_>>(), commands(&russian).collect::<Vec<_>>());
}

/// `path/to/file.rs::function` in backticks, as file and function.
fn named_functions(markdown: &str) -> impl Iterator<Item = (&str, &str)> {
    let spans = markdown.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    spans.filter_map(|span| span.split_once("::")).filter(|(file, _)| file.ends_with(".rs"))
}

/// Does this line begin a function of that name?
fn defines(line: &str, function: &str) -> bool {
    let rest = line.split_once("fn ").map_or("", |(_, rest)| rest);
    rest.strip_prefix(function).is_some_and(|rest| rest.starts_with(['(', '<']))
}

/// Lines a person is to type: after a prompt, and Cargo's.
fn commands(markdown: &str) -> impl Iterator<Item = &str> {
    markdown.lines().filter(|line| line.starts_with("$ ") || line.starts_with("cargo "))
}

/// The targets of `[text](target)`, without what leads out of the repository or stays on the page.
fn links(markdown: &str) -> impl Iterator<Item = &str> {
    let targets =
        markdown.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    targets.filter(|target| !target.contains("://") && !target.starts_with('#'))
}

fn leads_somewhere(folder: &Path, link: &str) -> bool {
    let file = link.split('#').next().unwrap_or_default();
    folder.join(file).exists()
}

#[test]
fn the_checks_find_what_they_are_for() {
    let page =
        "`a/b.rs::it_holds`, `Phase::Settled` and [x](here.md#part), [y](https://example.org/), [z](#top)";
    assert_eq!(named_functions(page).collect::<Vec<_>>(), [("a/b.rs", "it_holds")]);
    assert_eq!(links(page).collect::<Vec<_>>(), ["here.md#part"]);
    assert_eq!(commands("$ a b\nout\ncargo c\n").collect::<Vec<_>>(), ["$ a b", "cargo c"]);
    for line in ["fn it_holds() {", "    pub(super) async fn it_holds(stage: &Stage) {", "fn it_holds<T>() {"]
    {
        assert!(defines(line, "it_holds"), "{line}");
    }
    for line in ["fn it_holds_not() {", "it_holds();", "// fn"] {
        assert!(!defines(line, "it_holds"), "{line}");
    }
    let root = workspace::root();
    assert!(leads_somewhere(&root, "xtask/Cargo.toml#top") && !leads_somewhere(&root, "xtask/none.md"));
}
