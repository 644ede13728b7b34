//! The READMEs tell the truth: every command of their walk-through is carried out here, in both languages, and what it
//! prints is compared line by line. A line `…` stands for lines left out.
//!
//! `README_UPDATE=1 cargo test -p refund-examples --test readme` writes what is printed into the READMEs, except where
//! lines are left out. There is no test harness, because the demonstration starts this program again in order to kill it.

use refund_cli::{Setup, setup::Answers};
use refund_core::{Clock, Method, Request, Transport, WallTime};
use refund_engine::ManualClock;
use refund_http::{HttpTransport, PlainHttp};
use refund_sandbox::{Running, Sandbox};
use std::{
    io::Write as _,
    path::Path,
    process::ExitCode,
    sync::{Arc, Mutex},
    time::Duration,
};

/// When the walk-through begins: 2026-11-21 12:00 UTC.
const BEGINS: i64 = 1_795_262_400;

/// Where the READMEs say that the sandbox listens.
const SHOWN_URL: &str = "http://127.0.0.1:8787";

/// What stands for lines left out.
const LEFT_OUT: &str = "…";

#[tokio::main]
async fn main() -> ExitCode {
    if std::env::args().nth(1).is_some_and(|word| word == "demo-worker") {
        return refund_cli::run(std::env::args_os().collect(), Setup::process()).await.into();
    }
    let mut mistakes = Vec::new();
    for (name, locale) in [("README.md", "C.UTF-8"), ("README.ru.md", "ru_RU.UTF-8")] {
        mistakes.extend(check(name, locale).await);
    }
    let told =
        if mistakes.is_empty() { "the READMEs show what is printed\n".to_owned() } else { mistakes.concat() };
    std::io::stderr().write_all(told.as_bytes()).expect("somebody listens");
    if mistakes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Carries out one README, and answers what it shows wrongly.
async fn check(name: &str, locale: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let text = std::fs::read_to_string(&path).expect("it is there");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut shell = Shell::start(locale).await;
    let (mut mistakes, mut changes) = (Vec::new(), Vec::new());
    for Shown { command, first, output } in shell.shown_by(&text) {
        let printed = shell.run(&command, &output).await;
        if fits(&output, &printed) {
            continue;
        }
        if !output.contains(&LEFT_OUT.to_owned()) {
            changes.push((first..first + output.len(), printed.clone()));
        }
        let (output, printed) = (output.join("\n"), printed.join("\n"));
        mistakes.push(format!("{name}:{first}: `{command}`\n--- shows\n{output}\n--- prints\n{printed}\n\n"));
    }
    assert!(shell.commands > 10, "{name}: only {} commands were found", shell.commands);
    shell.sandbox.stop().await;
    if std::env::var_os("README_UPDATE").is_some() {
        for (range, printed) in changes.into_iter().rev() {
            lines.splice(range, printed);
        }
        std::fs::write(&path, lines.join("\n") + "\n").expect("it can be written");
    }
    mistakes
}

/// True when the lines are the same, with any number of them where some are left out.
fn fits(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line == LEFT_OUT => (0..=printed.len()).any(|n| fits(rest, &printed[n..])),
        Some((line, rest)) => printed.first() == Some(line) && fits(rest, &printed[1..]),
    }
}

/// A command and what the README shows of its output.
struct Shown {
    command: String,
    /// The index of the output's first line.
    first: usize,
    output: Vec<String>,
}

/// As much of a shell as the walk-through needs: a folder, a sandbox, and a clock that moves only when told.
struct Shell {
    folder: tempfile::TempDir,
    sandbox: Running,
    clock: ManualClock,
    locale: String,
    status: u8,
    commands: usize,
    /// Operation keys are drawn; they are shown as the README shows them.
    drawn: Vec<(String, String)>,
}

impl Shell {
    async fn start(locale: &str) -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            sandbox: Sandbox::builder().starts_at(BEGINS).start().await.expect("a free port"),
            clock: ManualClock::starting(WallTime(BEGINS * 1_000)),
            locale: locale.to_owned(),
            status: 0,
            commands: 0,
            drawn: Vec::new(),
        }
    }

    /// Writes the files a README shows, and answers its commands: those after a prompt, and the demonstration in `text`.
    fn shown_by(&mut self, markdown: &str) -> Vec<Shown> {
        let (mut kind, mut file, mut found) = (None, String::new(), Vec::<Shown>::new());
        for (index, line) in markdown.lines().enumerate() {
            match (line.strip_prefix("```"), kind) {
                (Some(info), None) => {
                    kind = Some(info.to_owned());
                    file.clear();
                    if info == "text" {
                        found.push(Shown {
                            command: "refund demo".into(),
                            first: index + 1,
                            output: Vec::new(),
                        });
                    }
                    continue;
                }
                (Some(_), Some(ended)) => {
                    self.write(&ended, &file);
                    kind = None;
                    continue;
                }
                (None, open) => kind = open,
            }
            match (kind.as_deref(), line.strip_prefix("$ ")) {
                (Some("console"), Some(command)) => {
                    found.push(Shown { command: command.to_owned(), first: index + 1, output: Vec::new() });
                }
                (Some("console" | "text"), _) => {
                    found.last_mut().expect("a command comes first").output.push(line.to_owned());
                }
                (Some(_), _) => file += &format!("{line}\n"),
                (None, _) => {}
            }
        }
        found
    }

    /// Settings, and request files by their key.
    fn write(&self, kind: &str, text: &str) {
        let name = match kind {
            "toml" => "refund.toml".to_owned(),
            "json" => {
                format!("{}.json", between(text, "\"key\": \"", "\"").expect("every request has a key"))
            }
            _ => return,
        };
        let text = text.replace(SHOWN_URL, &self.sandbox.url());
        std::fs::write(self.folder.path().join(name), text).expect("the folder is ours");
    }

    async fn run(&mut self, command: &str, shown: &[String]) -> Vec<String> {
        self.commands += 1;
        let words = words(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let printed = match words[..] {
            ["refund", "sandbox"] => format!("listening on {SHOWN_URL}"),
            ["refund", ..] => self.refund(&words).await,
            ["curl", "-d", body, url] => self.curl(body, url, shown).await,
            ["echo", "$?"] => self.status.to_string(),
            ["sleep", seconds] => {
                self.clock.advance(Duration::from_secs(seconds.parse().expect("whole seconds")));
                String::new()
            }
            ["printf", text, ">", name] => {
                std::fs::write(self.folder.path().join(name), text).expect("the folder is ours");
                String::new()
            }
            ["chmod", "600", ref names @ ..] => {
                names.iter().for_each(|name| make_private(&self.folder.path().join(name)));
                String::new()
            }
            _ => panic!("this shell cannot `{command}`"),
        };
        let printed = self.drawn.iter().fold(printed, |text, (drawn, shown)| text.replace(drawn, shown));
        printed.trim_matches('\n').lines().map(str::to_owned).collect()
    }

    async fn refund(&mut self, words: &[&str]) -> String {
        let printed = Arc::new(Mutex::new(Vec::<u8>::new()));
        let setup = Setup {
            timer: Arc::new(self.clock.clone()),
            out: printed.clone(),
            err: printed.clone(),
            answers: Answers::Nobody,
            environment: [("LANG".to_owned(), self.locale.clone())].into(),
            folder: self.folder.path().to_owned(),
            ..Setup::process()
        };
        // Named, so that the settings of whoever runs this test stay out of it.
        let args = words.iter().chain(&["--config", "refund.toml"]).map(|word| (*word).into()).collect();
        self.status = refund_cli::run(args, setup).await.code();
        let bytes = printed.lock().expect("nobody panics while writing").clone();
        String::from_utf8(bytes).expect("it prints UTF-8")
    }

    async fn curl(&mut self, body: &str, url: &str, shown: &[String]) -> String {
        let clock: Arc<dyn Clock> = Arc::new(self.clock.clone());
        let http = HttpTransport::builder(clock)
            .plain_http(PlainHttp::LoopbackOnly)
            .build()
            .expect("default settings");
        let url = url.replace(SHOWN_URL, &self.sandbox.url());
        let request = Request { method: Method::Post, url, headers: Vec::new(), body: body.into() };
        let reply = http.read(request).await.expect("the sandbox answers");
        let text = String::from_utf8(reply.body).expect("JSON is UTF-8");
        let key = |text: &str| between(text, "\"op_key\":\"", "\"").map(str::to_owned);
        self.drawn.extend(key(&text).zip(shown.first().and_then(|line| key(line))));
        text
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

/// Words as a shell splits them, with both kinds of quotes.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut quote) = (vec![String::new()], None);
    for c in command.chars() {
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (_, Some(open)) if c == open => quote = None,
            (' ', None) => words.push(String::new()),
            _ => words.last_mut().expect("never empty").push(c),
        }
    }
    words
}

#[cfg(unix)]
fn make_private(path: &Path) {
    use std::{fs, os::unix::fs::PermissionsExt as _};
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("the file was written");
}

#[cfg(not(unix))]
fn make_private(_: &Path) {}
