//! The commands README.md tells people to run, so that `cargo xtask ci` runs the very same.
//!
//! Reads text; runs nothing.

use crate::{Result, run::Line, workspace};
use std::{collections::BTreeSet, fs};

/// The one command of README.md that begins and ends with these words.
///
/// # Errors
/// When README.md cannot be read, shows no such command or different ones, or one that needs a shell.
pub(crate) fn command(begins: &str, ends: &str) -> Result<Line> {
    let path = workspace::root().join("README.md");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Line::new(&the_one(&commands(&text), begins, ends)?))
}

fn the_one(commands: &[String], begins: &str, ends: &str) -> Result<String> {
    let shape = if ends.is_empty() { begins.to_owned() } else { format!("{begins} … {ends}") };
    let fits = |command: &&String| command.starts_with(begins) && command.ends_with(ends);
    let found: BTreeSet<_> = commands.iter().filter(fits).collect();
    match found.iter().copied().collect::<Vec<_>>()[..] {
        [] => Err(format!("README.md shows no `{shape}` in a fenced sh block").into()),
        [one] if one.contains(['|', '&', ';', '<', '>', '$', '`', '"', '\'', '\\', '*', '(']) => {
            Err(format!("README.md: `{one}` needs a shell; write it as plain words").into())
        }
        [one] => Ok(one.clone()),
        _ => Err(format!("README.md shows different commands of the form `{shape}`: {found:?}").into()),
    }
}

/// The lines of fenced shell blocks, without prompts and comments.
fn commands(markdown: &str) -> Vec<String> {
    let mut language = None;
    let mut commands = Vec::new();
    for line in markdown.lines().map(str::trim) {
        match (line.strip_prefix("```"), language) {
            (Some(info), None) => language = Some(info.trim()),
            (Some(_), Some(_)) => language = None,
            (None, Some("sh" | "bash" | "shell" | "console")) => commands.push(bare(line)),
            (None, _) => {}
        }
    }
    commands.retain(|command| !command.is_empty());
    commands
}

fn bare(line: &str) -> String {
    let line = line.strip_prefix("$ ").unwrap_or(line);
    let end = if line.starts_with('#') { Some(0) } else { line.find(" #") };
    line[..end.unwrap_or(line.len())].trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = "Run `cargo test --doc` never.\n\n```sh\n# two commands\n$ cargo test --workspace   # all of them\n\
                          cargo run --release -p refund-cli -- demo\n```\n\n```rust\ncargo test --wrong\n```\n";

    fn found(readme: &str, begins: &str, ends: &str) -> std::result::Result<String, String> {
        the_one(&commands(readme), begins, ends).map_err(|error| error.to_string())
    }

    #[test]
    fn commands_stand_in_shell_blocks() {
        assert_eq!(commands(README), ["cargo test --workspace", "cargo run --release -p refund-cli -- demo"]);
        assert_eq!(found(README, "cargo test", ""), Ok("cargo test --workspace".to_owned()));
        assert_eq!(
            found(README, "cargo run", " demo"),
            Ok("cargo run --release -p refund-cli -- demo".to_owned())
        );
    }

    #[test]
    fn a_command_is_there_once_and_needs_no_shell() {
        let twice = format!("{README}```sh\ncargo test --workspace\n```\n");
        assert_eq!(found(&twice, "cargo test", ""), Ok("cargo test --workspace".to_owned()));
        let cases = [
            ("", "shows no `cargo test`"),
            ("```sh\ncargo test -p a\ncargo test -p b\n```", "shows different commands"),
            ("```sh\ncargo test && echo\n```", "needs a shell"),
        ];
        for (readme, expected) in cases {
            let error = found(readme, "cargo test", "").expect_err("not the one command");
            assert!(error.contains(expected), "{readme:?}: {error}");
        }
    }
}
