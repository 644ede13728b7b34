//! What the engine's source says of its own words: the comments over the variants of an enum.
//!
//! So a page explains a word as the code does, and a variant that is new to the code is new to the page. It reads text
//! as rustfmt leaves it and knows nothing of what the words mean.

use crate::{Result, workspace};
use std::{fmt::Debug, fs};

/// Where the machine's words are.
const FOLDER: &str = "crates/refund-engine/src/machine";

/// A variant and what its comment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Its name in the code.
    pub(crate) name: String,
    /// Its comment, on one line.
    pub(crate) says: String,
}

/// The source of the machine, all files of it.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn source() -> Result<String> {
    let folder = workspace::root().join(FOLDER);
    let listed = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths = listed.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "rs"));
    paths.sort();
    let texts = paths
        .iter()
        .map(|path| fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into()));
    texts.collect()
}

/// The variants of a public enum, in the order of the source.
///
/// # Errors
/// When the source has no such enum.
pub(crate) fn variants(source: &str, name: &str) -> Result<Vec<Word>> {
    let head = format!("pub enum {name} {{");
    let mut lines = source.lines().skip_while(|line| *line != head).skip(1).peekable();
    if lines.peek().is_none() {
        return Err(format!("{FOLDER} has no `{head}`").into());
    }
    let (mut words, mut says) = (Vec::new(), Vec::new());
    for line in lines.take_while(|line| *line != "}") {
        let Some(line) = line.strip_prefix("    ").filter(|line| !line.starts_with([' ', '}', '#'])) else {
            continue;
        };
        match line.strip_prefix("///") {
            Some(text) => says.push(text.trim()),
            None => {
                let says = std::mem::take(&mut says).join(" ").replace("[`", "`").replace("`]", "`");
                words.push(Word { name: leading(line), says });
            }
        }
    }
    Ok(words)
}

/// The variant a value is, by its Debug text.
pub(crate) fn name(value: &impl Debug) -> String {
    leading(&format!("{value:?}"))
}

/// `NeedsReview` as `needs_review`.
pub(crate) fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (index, letter) in name.char_indices() {
        if letter.is_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// `NoEvidence` as `no evidence`.
pub(crate) fn spaced(name: &str) -> String {
    snake(name).replace('_', " ")
}

fn leading(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_read_with_their_comments() {
        let source = "/// Words.\npub enum Other {\n    /// No.\n    No,\n}\npub enum Kind {\n    /// One,\n    /// see [`Other`].\n    \
                      One,\n    /// Two.\n    #[rare]\n    Two {\n        /// Inside.\n        inside: u8,\n    },\n    Three(u8),\n}\n";
        let word = |name: &str, says: &str| Word { name: name.to_owned(), says: says.to_owned() };
        assert_eq!(
            variants(source, "Kind").unwrap(),
            [word("One", "One, see `Other`."), word("Two", "Two."), word("Three", "")]
        );
        assert!(variants(source, "None").is_err());
    }

    #[test]
    fn names_in_three_forms() {
        assert_eq!(name(&Some(1)), "Some");
        assert_eq!(
            (snake("NeedsReview").as_str(), spaced("NoEvidence").as_str()),
            ("needs_review", "no evidence")
        );
    }
}
