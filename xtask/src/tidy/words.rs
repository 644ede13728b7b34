//! Words that must not stand in the repository: paths and names of the machines it was written on.

use super::{assert_none, texts};

/// The beginnings of such words. Put together here, so that this file does not hold them.
const FORBIDDEN: &[&str] =
    &[concat!("/", "work/"), concat!("/", "root/"), concat!("/", "home/"), concat!("farm", "-")];

#[test]
fn no_machine_is_named() {
    let mut found = Vec::new();
    for file in texts(&["."]).iter().filter(|file| file.path != "Cargo.lock") {
        for (index, line) in file.text.lines().enumerate() {
            for word in FORBIDDEN.iter().filter(|word| holds(line, word)) {
                found.push(format!(
                    "{}:{}: `{word}…`: say it without naming a machine",
                    file.path,
                    index + 1
                ));
            }
        }
    }
    assert_none(&found);
}

/// Does the word begin in this line, not as the end or the middle of a longer one?
fn holds(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '~' | '}' | '*'))
    })
}

#[test]
fn the_check_finds_what_it_is_for() {
    let path = FORBIDDEN[0];
    assert!(
        holds(path, path) && holds(&format!("see \"{path}x\""), path) && holds(&format!("cd {path}"), path)
    );
    for fine in ["https://example.org", "src", ".", "$HOME", "**", "{root}"] {
        assert!(!holds(&format!("{fine}{path}"), path), "{fine}");
    }
}
