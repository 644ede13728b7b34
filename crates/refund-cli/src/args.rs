//! Arguments, described in two languages, parsed into plain values.
//!
//! The language is found before anything is parsed, because help and usage errors are messages too.

use crate::{
    exit::Exit,
    printer::Output,
    setup::Setup,
    words::{self, text},
};
use clap::{
    Arg, ArgAction, ArgGroup, ArgMatches, Command, builder::PossibleValuesParser, error::ErrorKind,
    value_parser,
};
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
pub(crate) struct Refused(clap::Error);

impl Refused {
    /// Help and version are data; a usage error is not.
    pub(crate) fn print(&self, setup: &Setup, lang: Lang) -> Exit {
        let asked_for = matches!(self.0.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
        let (stream, shown) = match asked_for {
            true => (&setup.out, self.0.render().to_string()),
            false => (&setup.err, words::usage_error(&self.0, lang)),
        };
        let mut stream = stream.lock().expect("nobody panics while writing");
        // A closed stream has nobody to tell.
        let _ = stream.write_all(shown.as_bytes());
        if asked_for { Exit::DONE } else { Exit::USAGE }
    }
}

/// The language of messages: `--lang`, else the settings' variable, else the system's locale, else English.
pub(crate) fn language(args: &[OsString], environment: &BTreeMap<String, String>) -> Lang {
    let mut words = args.iter().filter_map(|arg| arg.to_str()).peekable();
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--lang") {
            Some("") => words.peek().copied(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        if let Some(lang) = value.and_then(|value| Lang::parse(value).ok()) {
            return lang;
        }
    }
    let variable = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    if let Some(lang) = variable("REFUND_LANG").and_then(|value| Lang::parse(value).ok()) {
        return lang;
    }
    // POSIX: the first of these that is set decides.
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable);
    locale.and_then(|value| Lang::from_env_value(value)).unwrap_or(Lang::En)
}

/// Parses the arguments.
pub(crate) fn parse(args: Vec<OsString>, lang: Lang) -> Result<Parsed, Refused> {
    let matches = command(lang).try_get_matches_from(args).map_err(Refused)?;
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
        }),
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

/// The command line, described in one language.
pub(crate) fn command(lang: Lang) -> Command {
    let t = |def| text(def, lang);
    let flag = |name: &'static str, help| Arg::new(name).long(name).action(ArgAction::SetTrue).help(t(help));
    let refund = || Arg::new("refund").value_name("KEY").required(true).help(t(&words::ARG_REFUND));
    let reason = || Arg::new("reason").long("reason").value_name("TEXT").help(t(&words::ARG_REASON));
    let sub = |name: &'static str, about| {
        Command::new(name)
            .about(t(about))
            .help_template(words::template(lang))
            .disable_help_flag(true)
            .arg(help_flag(lang))
    };
    let commands = [
        sub("demo", &words::CMD_DEMO).arg(
            Arg::new("keep")
                .long("keep")
                .value_name("DIR")
                .value_parser(value_parser!(PathBuf))
                .help(t(&words::ARG_KEEP)),
        ),
        sub("create", &words::CMD_CREATE)
            .arg(
                Arg::new("file")
                    .value_name("FILE")
                    .required(true)
                    .value_parser(value_parser!(PathBuf))
                    .help(t(&words::ARG_FILE)),
            )
            .arg(reason())
            .arg(flag("yes", &words::ARG_YES))
            .arg(flag("no-input", &words::ARG_NO_INPUT))
            .arg(flag("dry-run", &words::ARG_DRY_RUN)),
        sub("status", &words::CMD_STATUS).arg(refund()).arg(flag("wait", &words::ARG_WAIT)),
        sub("resolve", &words::CMD_RESOLVE)
            .arg(refund())
            .arg(flag("wait", &words::ARG_WAIT))
            .arg(flag("happened", &words::ARG_HAPPENED))
            .arg(flag("did-not-happen", &words::ARG_DID_NOT_HAPPEN))
            .arg(flag("send-again", &words::ARG_SEND_AGAIN))
            .arg(Arg::new("evidence").long("evidence").value_name("TEXT").help(t(&words::ARG_EVIDENCE)))
            .arg(reason())
            .group(
                ArgGroup::new("decision")
                    .args(["happened", "did-not-happen", "send-again"])
                    .conflicts_with("wait"),
            ),
        sub("withdraw", &words::CMD_WITHDRAW).arg(refund()).arg(reason().required(true)),
        sub("show", &words::CMD_SHOW).arg(refund()),
        sub("list", &words::CMD_LIST)
            .arg(
                Arg::new("state")
                    .long("state")
                    .value_name("STATE")
                    .action(ArgAction::Append)
                    .value_parser(PossibleValuesParser::new(
                        refund_engine::Phase::ALL.map(refund_engine::Phase::as_str),
                    ))
                    .hide_possible_values(true)
                    .help(t(&words::ARG_STATE)),
            )
            .arg(
                Arg::new("limit")
                    .long("limit")
                    .value_name("N")
                    .default_value("50")
                    .hide_default_value(true)
                    .value_parser(value_parser!(u32))
                    .help(t(&words::ARG_LIMIT)),
            ),
        sub("sandbox", &words::CMD_SANDBOX)
            .arg(
                Arg::new("listen")
                    .long("listen")
                    .value_name("ADDRESS")
                    .default_value("127.0.0.1:8787")
                    .hide_default_value(true)
                    .value_parser(value_parser!(SocketAddr))
                    .help(t(&words::ARG_LISTEN)),
            )
            .arg(
                Arg::new("mode")
                    .long("mode")
                    .value_name("MODE")
                    .default_value("strict")
                    .hide_default_value(true)
                    .value_parser(["strict", "lenient"])
                    .hide_possible_values(true)
                    .help(t(&words::ARG_MODE)),
            ),
        worker(),
    ];
    let root = Command::new("refund")
        .version(env!("CARGO_PKG_VERSION"))
        .about(t(&words::ABOUT))
        .after_help(t(&words::EXIT_CODES))
        .help_template(words::root_template(lang))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .subcommand_required(true)
        .arg(help_flag(lang))
        .arg(
            Arg::new("version")
                .long("version")
                .short('V')
                .action(ArgAction::Version)
                .help(t(&words::ARG_VERSION)),
        )
        .subcommands(commands);
    globals(root, lang)
}

fn globals(root: Command, lang: Lang) -> Command {
    let t = |def| text(def, lang);
    let path = |name: &'static str, value: &'static str, help| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .global(true)
            .value_parser(value_parser!(PathBuf))
            .help(t(help))
    };
    root.arg(path("config", "FILE", &words::ARG_CONFIG))
        .arg(Arg::new("profile").long("profile").value_name("NAME").global(true).help(t(&words::ARG_PROFILE)))
        .arg(path("journal", "FILE", &words::ARG_JOURNAL))
        .arg(
            Arg::new("output")
                .long("output")
                .value_name("FORMAT")
                .global(true)
                .default_value("table")
                .hide_default_value(true)
                .value_parser(["table", "json"])
                .hide_possible_values(true)
                .help(t(&words::ARG_OUTPUT)),
        )
        .arg(
            Arg::new("lang")
                .long("lang")
                .value_name("LANG")
                .global(true)
                .value_parser(["ru", "en"])
                .hide_possible_values(true)
                .help(t(&words::ARG_LANG)),
        )
        .arg(
            Arg::new("verbose")
                .long("verbose")
                .short('v')
                .global(true)
                .action(ArgAction::SetTrue)
                .help(t(&words::ARG_VERBOSE)),
        )
}

fn help_flag(lang: Lang) -> Arg {
    Arg::new("help").long("help").short('h').action(ArgAction::Help).help(text(&words::ARG_HELP, lang))
}

/// Not for people: what the demonstration kills.
fn worker() -> Command {
    let arg = |name: &'static str| Arg::new(name).long(name).required(true);
    Command::new("demo-worker")
        .hide(true)
        .arg(arg("folder").value_parser(value_parser!(PathBuf)))
        .arg(arg("intent"))
        .arg(arg("millis").value_parser(value_parser!(u64)))
        .arg(arg("wall").value_parser(value_parser!(i64)).allow_hyphen_values(true))
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
