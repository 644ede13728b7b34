//! Arguments, described in two languages, parsed into plain values.
//!
//! The language is found before anything is parsed, because help and usage errors are messages too.

use crate::{
    describe::command,
    exit::Exit,
    printer::{Output, Printer},
    setup::Setup,
    usage,
};
use clap::{ArgMatches, error::ErrorKind};
use refund_desk::ops::Wait;
use refund_engine::machine::Decision;
use refund_text::Lang;
use std::{collections::BTreeMap, ffi::OsString, net::SocketAddr, path::PathBuf};

/// What holds for every command.
pub(crate) struct Global {
    /// `--config`
    pub(crate) config: Option<PathBuf>,
    /// `--profile`
    pub(crate) profile: Option<String>,
    /// `--journal`
    pub(crate) journal: Option<PathBuf>,
    /// `--lang`, which outranks every setting
    pub(crate) lang: Option<Lang>,
    /// `--output`
    pub(crate) output: Output,
    /// `--verbose`
    pub(crate) detail: Detail,
}

/// How much is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// What matters.
    Plain,
    /// Also the requests without credentials, and what came back.
    Verbose,
}

/// A command with its own arguments.
pub(crate) enum Action {
    Demo(DemoArgs),
    DemoWorker(DemoWorkerArgs),
    Sandbox(SandboxArgs),
    Check(CheckArgs),
    Explain(ExplainArgs),
    Create(CreateArgs),
    Status(FollowArgs),
    Resolve(ResolveArgs),
    Withdraw(WithdrawArgs),
    Show(FollowArgs),
    List(ListArgs),
}

/// `refund demo`
pub(crate) struct DemoArgs {
    /// Keep the journal here instead of in a folder that is removed.
    pub(crate) keep: Option<PathBuf>,
}

/// The process the demonstration starts in order to kill it.
pub(crate) struct DemoWorkerArgs {
    pub(crate) folder: PathBuf,
    pub(crate) intent: String,
    pub(crate) millis: u64,
    pub(crate) wall: i64,
}

/// `refund sandbox`
pub(crate) struct SandboxArgs {
    pub(crate) listen: SocketAddr,
    pub(crate) lenient: Lenient,
    /// The seed of random faults, if there are to be any.
    pub(crate) chaos: Option<u64>,
}

/// Which preset of the sandbox's switches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lenient {
    No,
    Yes,
}

/// Whether anything is carried out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Run {
    /// Checked and shown only.
    Dry,
    /// Carried out.
    Real,
}

/// How a command is confirmed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Confirm {
    /// A person is asked.
    Ask,
    /// `--yes`
    Given,
    /// `--no-input` without `--yes`: nobody is asked, nothing is done.
    Refuse,
}

/// `refund check`
pub(crate) struct CheckArgs {
    pub(crate) file: PathBuf,
    /// The order, instead of the one the request names.
    pub(crate) order: Option<PathBuf>,
}

/// `refund explain`
pub(crate) struct ExplainArgs {
    /// All rules without one.
    pub(crate) rule: Option<String>,
}

/// `refund create`
pub(crate) struct CreateArgs {
    pub(crate) file: PathBuf,
    pub(crate) reason: Option<String>,
    pub(crate) confirm: Confirm,
    pub(crate) run: Run,
}

/// `refund status`, `refund show`
pub(crate) struct FollowArgs {
    pub(crate) refund: String,
    pub(crate) wait: Wait,
}

/// `refund resolve`
pub(crate) struct ResolveArgs {
    pub(crate) refund: String,
    pub(crate) wait: Wait,
    pub(crate) decision: Option<Decision>,
    pub(crate) reason: String,
    pub(crate) evidence: String,
}

/// `refund withdraw`
pub(crate) struct WithdrawArgs {
    pub(crate) refund: String,
    pub(crate) reason: String,
}

/// `refund list`
pub(crate) struct ListArgs {
    pub(crate) states: Vec<String>,
    pub(crate) limit: u32,
}

/// Arguments, parsed.
pub(crate) struct Parsed {
    pub(crate) global: Global,
    pub(crate) action: Action,
}

/// Help, version or a usage error: shown instead of running anything.
pub(crate) struct Refused {
    error: clap::Error,
    /// In which form a usage error is told, and of which command.
    output: Output,
    command: Option<&'static str>,
}

impl Refused {
    /// Help and version are data; a usage error is not.
    pub(crate) fn print(&self, setup: &Setup, lang: Lang) -> Exit {
        if !matches!(self.error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
            let printer = Printer::new(setup, lang, self.output, Detail::Plain);
            printer.problem(&usage::problem(&self.error, self.command, lang), Exit::USAGE);
            return Exit::USAGE;
        }
        let mut stream = setup.out.lock().expect("nobody panics while writing");
        // A closed stream has nobody to tell.
        let _ = stream.write_all(self.error.render().to_string().as_bytes());
        Exit::DONE
    }
}

/// The language of messages: `--lang`, else the settings' variable, else the system's locale, else English.
pub(crate) fn language(args: &[OsString], environment: &BTreeMap<String, String>) -> Lang {
    if let Some(lang) = flag(args, "--lang").and_then(|value| Lang::parse(value).ok()) {
        return lang;
    }
    let variable = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    if let Some(lang) = variable("REFUND_LANG").and_then(|value| Lang::parse(value).ok()) {
        return lang;
    }
    // POSIX: the first of these that is set decides.
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable);
    locale.and_then(|value| Lang::from_env_value(value)).unwrap_or(Lang::En)
}

/// The value of a flag, found before anything is parsed.
fn flag<'a>(args: &'a [OsString], name: &str) -> Option<&'a str> {
    let mut words = args.iter().filter_map(|arg| arg.to_str()).peekable();
    while let Some(word) = words.next() {
        let value = match word.strip_prefix(name) {
            Some("") => words.peek().copied(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        if value.is_some() {
            return value;
        }
    }
    None
}

/// Parses the arguments.
pub(crate) fn parse(args: Vec<OsString>, lang: Lang) -> Result<Parsed, Refused> {
    let output = if flag(&args, "--output") == Some("json") { Output::Json } else { Output::Table };
    let named = args.iter().skip(1).filter_map(|arg| arg.to_str());
    let command_named =
        crate::describe::NAMES.into_iter().find(|name| named.clone().any(|word| word == *name));
    let refused = |error| Refused { error, output, command: command_named };
    let matches = command(lang).try_get_matches_from(args).map_err(refused)?;
    let (name, own) = matches.subcommand().expect("a subcommand is required");
    let action = match name {
        "demo" => Action::Demo(DemoArgs { keep: one(own, "keep") }),
        "demo-worker" => Action::DemoWorker(DemoWorkerArgs {
            folder: must(own, "folder"),
            intent: must(own, "intent"),
            millis: must(own, "millis"),
            wall: must(own, "wall"),
        }),
        "sandbox" => Action::Sandbox(SandboxArgs {
            listen: must(own, "listen"),
            lenient: if must::<String>(own, "mode") == "lenient" { Lenient::Yes } else { Lenient::No },
            chaos: one(own, "chaos"),
        }),
        "check" => Action::Check(CheckArgs { file: must(own, "file"), order: one(own, "order") }),
        "explain" => Action::Explain(ExplainArgs { rule: one(own, "rule") }),
        "create" => Action::Create(create(own)),
        "status" => Action::Status(FollowArgs { refund: must(own, "refund"), wait: wait(own) }),
        "show" => Action::Show(FollowArgs { refund: must(own, "refund"), wait: Wait::No }),
        "resolve" => Action::Resolve(resolve(own)),
        "withdraw" => {
            Action::Withdraw(WithdrawArgs { refund: must(own, "refund"), reason: must(own, "reason") })
        }
        "list" => Action::List(ListArgs {
            states: own.get_many::<String>("state").into_iter().flatten().cloned().collect(),
            limit: must(own, "limit"),
        }),
        other => unreachable!("clap accepted the unknown command {other}"),
    };
    Ok(Parsed { global: global(own), action })
}

fn global(own: &ArgMatches) -> Global {
    Global {
        config: one(own, "config"),
        profile: one(own, "profile"),
        journal: one(own, "journal"),
        lang: one::<String>(own, "lang").and_then(|word| Lang::parse(&word).ok()),
        output: if must::<String>(own, "output") == "json" { Output::Json } else { Output::Table },
        detail: if own.get_flag("verbose") { Detail::Verbose } else { Detail::Plain },
    }
}

fn create(own: &ArgMatches) -> CreateArgs {
    let confirm = match (own.get_flag("yes"), own.get_flag("no-input")) {
        (true, _) => Confirm::Given,
        (false, true) => Confirm::Refuse,
        (false, false) => Confirm::Ask,
    };
    let run = if own.get_flag("dry-run") { Run::Dry } else { Run::Real };
    CreateArgs { file: must(own, "file"), reason: one(own, "reason"), confirm, run }
}

fn resolve(own: &ArgMatches) -> ResolveArgs {
    let decisions = [
        ("happened", Decision::Happened),
        ("did-not-happen", Decision::DidNotHappen),
        ("send-again", Decision::SendAgain),
    ];
    let decision = decisions.into_iter().find(|(flag, _)| own.get_flag(flag)).map(|(_, decision)| decision);
    ResolveArgs {
        refund: must(own, "refund"),
        wait: wait(own),
        decision,
        reason: one(own, "reason").unwrap_or_default(),
        evidence: one(own, "evidence").unwrap_or_default(),
    }
}

fn wait(own: &ArgMatches) -> Wait {
    if own.get_flag("wait") { Wait::Yes } else { Wait::No }
}

fn one<T: Clone + Send + Sync + 'static>(own: &ArgMatches, name: &str) -> Option<T> {
    own.get_one::<T>(name).cloned()
}

fn must<T: Clone + Send + Sync + 'static>(own: &ArgMatches, name: &str) -> T {
    one(own, name).expect("clap fills required arguments and defaults")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_is_sound_in_both_languages() {
        command(Lang::En).debug_assert();
        command(Lang::Ru).debug_assert();
    }

    #[test]
    fn the_language_is_known_before_anything_is_parsed() {
        let lang = |args: &[&str], variables: &[(&str, &str)]| {
            let args: Vec<OsString> = args.iter().map(OsString::from).collect();
            let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            language(&args, &variables.iter().map(owned).collect())
        };
        assert_eq!(lang(&["refund", "--lang", "ru", "x"], &[("LANG", "en_US.UTF-8")]), Lang::Ru);
        assert_eq!(lang(&["refund", "x", "--lang=en"], &[("LANG", "ru_RU.UTF-8")]), Lang::En);
        assert_eq!(lang(&["refund"], &[("LANG", "ru_RU.UTF-8")]), Lang::Ru);
        assert_eq!(lang(&["refund"], &[("LC_ALL", "C"), ("LANG", "ru_RU.UTF-8")]), Lang::En);
        assert_eq!(lang(&["refund"], &[("REFUND_LANG", "ru"), ("LANG", "C")]), Lang::Ru);
        assert_eq!(lang(&["refund"], &[]), Lang::En);
    }
}
