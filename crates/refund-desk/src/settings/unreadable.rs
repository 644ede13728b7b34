//! What is wrong with settings that cannot be read, as sentences.
//!
//! The `config` crate says it in English and in one piece; here the place, the value and the expectation are taken
//! apart. It must not know what a setting means.

use crate::problem::{Kind, Problem};
use crate::words::foreign::{self, Misfit};
use config::ConfigError;
use refund_core::{Message, MessageDef, outcome::sanitize};

/// An error of the `config` crate as a problem.
pub(super) fn wrong(error: &ConfigError) -> Problem {
    let problem = Problem::new(Kind::Configuration, sentence(error));
    match place(error) {
        Some(place) => problem.at(place),
        None => problem,
    }
}

/// A variable that looks like a setting and is none.
pub(super) fn unknown_variable(name: &str) -> Problem {
    Problem::new(Kind::Configuration, &UNKNOWN_VARIABLE).at(sanitize(name, 100))
}

fn sentence(error: &ConfigError) -> Message {
    match error {
        ConfigError::At { error, .. } => sentence(error),
        ConfigError::FileParse { cause, .. } => {
            Message::new(&SYNTAX).with("error", compact(&cause.to_string()))
        }
        ConfigError::Type { unexpected, expected, .. } => foreign::sentence(&Misfit::Type {
            found: unexpected.to_string(),
            expected: (*expected).to_owned(),
        }),
        ConfigError::NotFound(name) => foreign::sentence(&Misfit::Missing { name: last(name).to_owned() }),
        other => {
            let text = other.to_string();
            match foreign::misfit(&text) {
                Some(misfit) => foreign::sentence(&misfit),
                None => Message::new(&WRONG).with("error", compact(&text)),
            }
        }
    }
}

/// The setting, else the file it should be in.
fn place(error: &ConfigError) -> Option<String> {
    match error {
        ConfigError::At { key, origin, error } => {
            join(key.as_deref(), origin.as_deref()).or_else(|| place(error))
        }
        ConfigError::Type { key, origin, .. } => join(key.as_deref(), origin.as_deref()),
        ConfigError::FileParse { uri, .. } => uri.clone(),
        ConfigError::NotFound(name) => name.rsplit_once('.').map(|(table, _)| table.to_owned()),
        _ => None,
    }
}

fn join(key: Option<&str>, origin: Option<&str>) -> Option<String> {
    match (origin, key) {
        (Some(origin), Some(key)) => Some(format!("{origin}: {key}")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// A parser's drawing of the line is left out: what and where fit one line.
fn compact(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains('|'));
    sanitize(&lines.collect::<Vec<_>>().join(": "), 400)
}

static WRONG: MessageDef = MessageDef {
    id: "settings-wrong",
    en: "The settings cannot be used: { $error }",
    ru: "Настройки не подходят: { $error }",
};
static SYNTAX: MessageDef = MessageDef {
    id: "settings-syntax",
    en: "The settings file is not valid TOML: { $error }",
    ru: "Файл настроек — не TOML: { $error }",
};
static UNKNOWN_VARIABLE: MessageDef = MessageDef {
    id: "settings-unknown-variable",
    en: "No setting has this name. The environment may give REFUND_JOURNAL, REFUND_LANG, REFUND_PROFILES__NAME__FIELD, \
         REFUND_SECRET_PROFILE_NAME, REFUND_ACTOR.",
    ru: "Такой настройки нет. В переменных окружения можно задать REFUND_JOURNAL, REFUND_LANG, \
         REFUND_PROFILES__ИМЯ__ПОЛЕ, REFUND_SECRET_ПРОФИЛЬ_ИМЯ, REFUND_ACTOR.",
};

/// Every sentence of this module, for tests.
pub(super) const DEFS: &[&MessageDef] = &[&WRONG, &SYNTAX, &UNKNOWN_VARIABLE];
