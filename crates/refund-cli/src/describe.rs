//! The command line, described in two languages for `clap`. What the arguments mean is [`crate::args`]'s.

use crate::{
    usage,
    words::{self, text},
};
use clap::{Arg, ArgAction, ArgGroup, Command, builder::PossibleValuesParser, value_parser};
use refund_text::Lang;
use std::{net::SocketAddr, path::PathBuf};

/// The commands people give.
pub(crate) const NAMES: [&str; 10] =
    ["demo", "check", "create", "status", "resolve", "withdraw", "show", "list", "explain", "sandbox"];

/// The command line, described in one language.
pub(crate) fn command(lang: Lang) -> Command {
    let t = |def| text(def, lang);
    let flag = |name: &'static str, help| Arg::new(name).long(name).action(ArgAction::SetTrue).help(t(help));
    let refund =
        || Arg::new("refund").value_name(t(&words::VALUE_KEY)).required(true).help(t(&words::ARG_REFUND));
    let reason =
        || Arg::new("reason").long("reason").value_name(t(&words::VALUE_TEXT)).help(t(&words::ARG_REASON));
    let file = || {
        let file = Arg::new("file").value_name(t(&words::VALUE_FILE)).required(true);
        file.value_parser(value_parser!(PathBuf)).help(t(&words::ARG_FILE))
    };
    let sub = |name: &'static str, about| {
        Command::new(name)
            .about(t(about))
            .override_usage(usage::line(name, lang))
            .help_template(usage::template(name, lang))
            .disable_help_flag(true)
            .arg(help_flag(lang))
    };
    let commands = [
        sub("demo", &words::CMD_DEMO).arg(
            Arg::new("keep")
                .long("keep")
                .value_name(t(&words::VALUE_DIR))
                .value_parser(value_parser!(PathBuf))
                .help(t(&words::ARG_KEEP)),
        ),
        sub("check", &words::CMD_CHECK).arg(file()).arg(
            Arg::new("order")
                .long("order")
                .value_name(t(&words::VALUE_FILE))
                .value_parser(value_parser!(PathBuf))
                .help(t(&words::ARG_ORDER)),
        ),
        sub("create", &words::CMD_CREATE)
            .arg(file())
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
            .arg(
                Arg::new("evidence")
                    .long("evidence")
                    .value_name(t(&words::VALUE_TEXT))
                    .help(t(&words::ARG_EVIDENCE)),
            )
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
                    .value_name(t(&words::VALUE_STATE))
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
                    .value_name(t(&words::VALUE_NUMBER))
                    .default_value("50")
                    .hide_default_value(true)
                    .value_parser(value_parser!(u32))
                    .help(t(&words::ARG_LIMIT)),
            ),
        sub("explain", &words::CMD_EXPLAIN)
            .arg(Arg::new("rule").value_name(t(&words::VALUE_RULE)).help(t(&words::ARG_RULE))),
        sub("sandbox", &words::CMD_SANDBOX)
            .arg(
                Arg::new("listen")
                    .long("listen")
                    .value_name(t(&words::VALUE_ADDRESS))
                    .default_value("127.0.0.1:8787")
                    .hide_default_value(true)
                    .value_parser(value_parser!(SocketAddr))
                    .help(t(&words::ARG_LISTEN)),
            )
            .arg(
                Arg::new("mode")
                    .long("mode")
                    .value_name(t(&words::VALUE_MODE))
                    .default_value("strict")
                    .hide_default_value(true)
                    .value_parser(["strict", "lenient"])
                    .hide_possible_values(true)
                    .help(t(&words::ARG_MODE)),
            )
            .arg(
                Arg::new("chaos")
                    .long("chaos")
                    .value_name(t(&words::VALUE_SEED))
                    .value_parser(value_parser!(u64))
                    .help(t(&words::ARG_CHAOS)),
            ),
        worker(),
    ];
    let root = Command::new("refund")
        .version(env!("CARGO_PKG_VERSION"))
        .about(t(&words::ABOUT))
        .after_help(t(&words::EXIT_CODES))
        .override_usage(usage::line("", lang))
        .help_template(usage::root_template(lang))
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
    let path = |name: &'static str, help| {
        Arg::new(name)
            .long(name)
            .value_name(t(&words::VALUE_FILE))
            .global(true)
            .value_parser(value_parser!(PathBuf))
            .help(t(help))
    };
    root.arg(path("config", &words::ARG_CONFIG))
        .arg(
            Arg::new("profile")
                .long("profile")
                .value_name(t(&words::VALUE_NAME))
                .global(true)
                .help(t(&words::ARG_PROFILE)),
        )
        .arg(path("journal", &words::ARG_JOURNAL))
        .arg(
            Arg::new("output")
                .long("output")
                .value_name(t(&words::VALUE_FORMAT))
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
                .value_name(t(&words::VALUE_LANG))
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
    fn every_command_is_named() {
        let command = command(Lang::En);
        let names: Vec<_> =
            command.get_subcommands().filter(|sub| !sub.is_hide_set()).map(Command::get_name).collect();
        assert_eq!(names, NAMES);
    }
}
