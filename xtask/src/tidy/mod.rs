//! How the workspace must look, as tests: what a compiler does not check and a reviewer forgets.
//!
//! A failure names the file and says what to do. Lists of exceptions only shrink.

mod files;
mod floats;
mod glossary;
mod lints;
mod pages;
mod trees;
mod words;

use crate::workspace;
use std::{fs, path::Path};
use walkdir::{DirEntry, WalkDir};

/// A file of the repository.
struct File {
    /// Its path from the root, with forward slashes.
    path: String,
    text: String,
}

/// Every file of these folders that is text, without what is built or belongs to Git.
fn texts(folders: &[&str]) -> Vec<File> {
    let root = workspace::root();
    let walk =
        folders.iter().flat_map(|folder| WalkDir::new(root.join(folder)).into_iter().filter_entry(is_source));
    let mut files: Vec<_> = walk
        .map(|entry| entry.unwrap_or_else(|error| panic!("{error}")))
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| read(&root, entry.path()))
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!files.is_empty(), "no files in {folders:?}: the test would pass by looking at nothing");
    files
}

/// Rust files of every crate: sources, tests, benches.
fn rust_files() -> Vec<File> {
    let mut files = texts(&["crates", "examples", "xtask"]);
    files.retain(|file| file.path.ends_with(".rs"));
    files
}

/// Is it ours, and not Git's or built?
fn is_source(entry: &DirEntry) -> bool {
    ![".git", "target"].iter().any(|name| entry.file_name() == *name)
}

/// `None` for what is not text.
fn read(root: &Path, path: &Path) -> Option<File> {
    let text =
        String::from_utf8(fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
            .ok()?;
    let inside = path.strip_prefix(root).expect("the walk begins at the root");
    Some(File { path: inside.to_string_lossy().replace('\\', "/"), text })
}

/// Fails with all findings at once.
fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}
