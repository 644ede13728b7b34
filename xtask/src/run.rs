//! Running a command where a person or a log can see it.
//!
//! Knows processes, nothing about what they check.

use crate::{Result, workspace};
use std::{
    fmt,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// A program with its arguments and what it needs in its environment. No shell in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    words: Vec<String>,
    env: Vec<(&'static str, &'static str)>,
}

impl Line {
    /// A command line whose words hold no spaces.
    pub(crate) fn new(words: &str) -> Self {
        Self { words: words.split_whitespace().map(str::to_owned).collect(), env: Vec::new() }
    }

    /// The same with one more word, which may hold spaces.
    pub(crate) fn with_word(mut self, word: &str) -> Self {
        self.words.push(word.to_owned());
        self
    }

    /// The same with a variable in its environment.
    pub(crate) fn with_env(mut self, name: &'static str, value: &'static str) -> Self {
        self.env.push((name, value));
        self
    }

    /// Runs it at the workspace's root, without input, its output passed through.
    ///
    /// # Errors
    /// When it cannot be started or does not end with 0; the error repeats the command.
    pub(crate) fn run(&self) -> Result {
        let status = self.command()?.status();
        match status.map_err(|error| format!("`{self}` cannot be started: {error}"))? {
            status if status.success() => Ok(()),
            status => Err(format!("`{self}` failed ({status})").into()),
        }
    }
}

impl Line {
    /// Runs it as [`Line::run`] does and answers what it wrote to its standard output.
    ///
    /// # Errors
    /// As [`Line::run`].
    pub(crate) fn output(&self) -> Result<Vec<u8>> {
        let output = self.command()?.stderr(Stdio::inherit()).output();
        match output.map_err(|error| format!("`{self}` cannot be started: {error}"))? {
            output if output.status.success() => Ok(output.stdout),
            output => Err(format!("`{self}` failed ({})", output.status).into()),
        }
    }

    fn command(&self) -> Result<Command> {
        let (program, args) = self.words.split_first().ok_or("an empty command")?;
        let mut command = Command::new(program);
        command.args(args).current_dir(workspace::root()).stdin(Stdio::null());
        // What `cargo run` tells this program about itself would make build scripts run again in every command below.
        for (name, _) in std::env::vars().filter(|(name, _)| describes_this_package(name)) {
            command.env_remove(name);
        }
        command.envs(self.env.iter().copied());
        Ok(command)
    }
}

fn describes_this_package(variable: &str) -> bool {
    let prefixes = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_PACKAGE"];
    prefixes.iter().any(|prefix| variable.starts_with(prefix))
}

impl fmt::Display for Line {
    /// As one would type it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let env: String = self.env.iter().map(|(name, value)| format!("{name}='{value}' ")).collect();
        let quoted = |word: &String| if word.contains('*') { format!("'{word}'") } else { word.clone() };
        let words: Vec<_> = self.words.iter().map(quoted).collect();
        write!(f, "{env}{}", words.join(" "))
    }
}

/// Does something and says how long it took.
#[expect(clippy::disallowed_methods, reason = "measures how long a stage takes; decides nothing")]
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

/// A line for the person at the terminal.
#[expect(clippy::print_stdout, reason = "the printer of this program")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_repeats_the_command() {
        let told = |line: Line| line.run().map_err(|error| error.to_string());
        assert_eq!(told(Line::new("true").with_env("RUSTDOCFLAGS", "-D warnings")), Ok(()));
        assert_eq!(told(Line::new("false")), Err("`false` failed (exit status: 1)".to_owned()));
        let error =
            told(Line::new("no-such-program --help").with_env("A", "b")).expect_err("it is not there");
        assert!(error.starts_with("`A='b' no-such-program --help` cannot be started: "), "{error}");
    }
}
