//! Every file says what it is, and none grows beyond what a reader holds in mind.

use super::{File, assert_none, rust_files};
use crate::workspace;
use std::fs;

/// The most lines a file has without being named below.
const MOST_LINES: usize = 500;

/// Longer files and the most lines each may have. The list only shrinks, and so do its numbers.
const LONG_FILES: &[(&str, usize)] = &[];

/// The least a crate's own description has, in characters.
const LEAST_DOCS: usize = 60;

#[test]
fn every_file_opens_with_what_it_is_for() {
    assert_none(&without_header(&rust_files()));
}

#[test]
fn no_file_is_too_long() {
    assert_none(&too_long(&rust_files(), LONG_FILES));
}

#[test]
fn every_crate_explains_itself() {
    let metadata = workspace::manifests().unwrap_or_else(|error| panic!("{error}"));
    let mut found = Vec::new();
    for package in metadata.workspace_packages() {
        let readme = package.manifest_path.with_file_name("README.md");
        let roots = package.targets.iter().filter(|target| target.is_lib() || target.is_bin());
        let mut docs =
            roots.filter_map(|target| fs::read_to_string(&target.src_path).ok()).map(|text| header(&text));
        let explained = fs::read_to_string(readme).is_ok_and(|text| text.len() >= LEAST_DOCS)
            || docs.any(|header| header.chars().count() >= LEAST_DOCS);
        if !explained {
            found.push(format!("{}: write a README.md or a crate description (`//!`)", package.name));
        }
    }
    assert_none(&found);
}

fn without_header(files: &[File]) -> Vec<String> {
    let bare = files.iter().filter(|file| header(&file.text).is_empty());
    bare.map(|file| format!("{}: open with `//!`: what lives here, what it may and must not know", file.path))
        .collect()
}

/// The text of the `//!` lines a file begins with.
fn header(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    lines.collect::<String>().trim().to_owned()
}

fn too_long(files: &[File], exceptions: &[(&str, usize)]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let lines = file.text.lines().count();
        match exceptions.iter().find(|(path, _)| *path == file.path) {
            None if lines > MOST_LINES => {
                found.push(format!("{}: {lines} lines; is it one idea? split it", file.path))
            }
            Some((_, most)) if lines > *most => {
                found.push(format!("{}: {lines} lines, {most} are allowed to it; split it", file.path));
            }
            Some(_) if lines <= MOST_LINES => {
                found.push(format!("{}: {lines} lines; take it off the list of long files", file.path));
            }
            _ => {}
        }
    }
    for (path, _) in exceptions.iter().filter(|(path, _)| !files.iter().any(|file| file.path == *path)) {
        found.push(format!("{path}: not there; take it off the list of long files"));
    }
    found
}

#[test]
fn the_checks_find_what_they_are_for() {
    let file = |path: &str, text: String| File { path: path.to_owned(), text };
    let lines = |count| "x\n".repeat(count);
    let headers = [
        file("a", "//! Here.\nfn f() {}".into()),
        file("b", "// no\n".into()),
        file("c", "//!\n".into()),
        file("d", String::new()),
    ];
    assert_eq!(without_header(&headers).len(), 3);

    let files = [
        file("short", lines(500)),
        file("long", lines(501)),
        file("named", lines(600)),
        file("grown", lines(601)),
    ];
    let found = too_long(&files, &[("short", 600), ("named", 600), ("grown", 600), ("gone", 600)]);
    let expected = [
        "short: 500 lines; take it off the list of long files",
        "long: 501 lines; is it one idea? split it",
        "grown: 601 lines, 600 are allowed to it; split it",
        "gone: not there; take it off the list of long files",
    ];
    assert_eq!(found, expected);
}
