//! How help is laid out and how a usage error is told, in the operator's language: `clap` has neither in Russian.

use crate::words::{self, text};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use refund_core::Message;
use refund_desk::{Kind, Problem};
use refund_text::Lang;

/// The usage line of a command; of the program for an empty name.
pub(crate) fn line(command: &str, lang: Lang) -> String {
    let word = |def| text(def, lang);
    let options = word(&words::VALUE_OPTIONS);
    match positional(command) {
        _ if command.is_empty() => format!("refund [{options}] <{}>", word(&words::VALUE_COMMAND)),
        // The only command that does something without its argument.
        Some(value) if command == "explain" => format!("refund {command} [{options}] [{}]", word(value)),
        Some(value) => format!("refund {command} [{options}] <{}>", word(value)),
        None => format!("refund {command} [{options}]"),
    }
}

/// How a subcommand's help is laid out.
pub(crate) fn template(command: &str, lang: Lang) -> String {
    let word = |def| text(def, lang);
    let (usage, options, arguments) = (word(&words::USAGE), word(&words::OPTIONS), word(&words::ARGUMENTS));
    let positionals = match positional(command) {
        Some(_) => format!("{arguments}\n{{positionals}}\n\n"),
        None => String::new(),
    };
    format!("{{about-with-newline}}\n{usage} {{usage}}\n\n{positionals}{options}\n{{options}}\n")
}

/// How the program's help is laid out.
pub(crate) fn root_template(lang: Lang) -> String {
    let word = |def| text(def, lang);
    let (usage, options, commands) = (word(&words::USAGE), word(&words::OPTIONS), word(&words::COMMANDS));
    // A pattern loses its indentation.
    let (more, codes) = (word(&words::MORE_HELP), word(&words::EXIT_CODES).replace('\n', "\n  "));
    format!(
        "{{about-with-newline}}\n{usage} {{usage}}\n\n{commands}\n{{subcommands}}\n\n{options}\n{{options}}\n\n\
         {more}\n\n{codes}\n"
    )
}

fn positional(command: &str) -> Option<&'static refund_core::MessageDef> {
    match command {
        "check" | "create" => Some(&words::VALUE_FILE),
        "explain" => Some(&words::VALUE_RULE),
        "status" | "show" | "resolve" | "withdraw" => Some(&words::VALUE_KEY),
        _ => None,
    }
}

/// A usage error in words, with what would have been right.
pub(crate) fn problem(error: &clap::Error, command: Option<&str>, lang: Lang) -> Problem {
    let value = |kind| error.get(kind).map_or_else(String::new, ToString::to_string);
    let name = || value(ContextKind::InvalidArg);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => Message::new(&words::UNKNOWN_ARGUMENT).with("name", name()),
        ErrorKind::InvalidSubcommand => {
            Message::new(&words::UNKNOWN_COMMAND).with("name", value(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Message::new(&words::NO_COMMAND)
        }
        ErrorKind::MissingRequiredArgument => Message::new(&words::MISSING).with("name", name()),
        ErrorKind::InvalidValue if value(ContextKind::InvalidValue).is_empty() => {
            Message::new(&words::NO_VALUE).with("name", name())
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => Message::new(&words::BAD_VALUE)
            .with("name", name())
            .with("value", value(ContextKind::InvalidValue)),
        ErrorKind::ArgumentConflict => {
            Message::new(&words::CONFLICT).with("name", name()).with("other", value(ContextKind::PriorArg))
        }
        // What clap says beyond its usual kinds stays as clap says it.
        _ => Message::new(&words::OTHER_USAGE).with("text", first_line(error)),
    };
    Problem::new(Kind::Usage, message).advise(advice(error, command, lang))
}

/// What would have been right: the possible values, the nearest name, else where to read.
fn advice(error: &clap::Error, command: Option<&str>, lang: Lang) -> Message {
    let suggested = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg];
    let nearest = suggested.into_iter().find_map(|kind| error.get(kind)).and_then(first);
    if let Some(name) = nearest {
        return Message::new(&words::DID_YOU_MEAN).with("name", name);
    }
    if let Some(ContextValue::Strings(known)) = error.get(ContextKind::ValidValue)
        && !known.is_empty()
    {
        return Message::new(&words::POSSIBLE).with("known", known.join(", "));
    }
    let usage = line(command.unwrap_or_default(), lang);
    let command = command.map_or_else(String::new, |name| format!(" {name}"));
    Message::new(&words::SEE_HELP).with("command", command).with("usage", usage)
}

fn first(value: &ContextValue) -> Option<String> {
    match value {
        ContextValue::String(name) => Some(name.clone()),
        ContextValue::Strings(names) => names.first().cloned(),
        _ => None,
    }
}

fn first_line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}
