//! One profile: one account at one gateway, live or a sandbox.

use super::{
    bases::Bases,
    secrets::{SecretSource, Surroundings},
};
use crate::{
    gateways::Gateway,
    problem::{Kind, Problem},
    words::foreign::{self, Misfit},
};
use refund_core::{AccountId, Message, MessageDef};
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};
use validator::{Validate, ValidationError};

/// Whether money is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Real money.
    Live,
    /// The gateway's own test stand.
    Test,
    /// The sandbox of this toolkit, on this machine.
    Sandbox,
}

impl Environment {
    fn parse(word: &str) -> Result<Self, Misfit> {
        match word {
            "live" => Ok(Self::Live),
            "test" => Ok(Self::Test),
            "sandbox" => Ok(Self::Sandbox),
            other => Err(Misfit::Word { found: other.to_owned(), known: "live, test, sandbox".to_owned() }),
        }
    }
}

/// A profile as its file writes it.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileFile {
    #[validate(length(min = 1, max = 32))]
    gateway: String,
    #[validate(length(min = 1, max = 100))]
    account: String,
    environment: String,
    #[serde(default)]
    #[validate(custom(function = "absolute_url"))]
    url: Option<String>,
    #[serde(default)]
    ca_file: Option<PathBuf>,
    #[serde(default)]
    options: BTreeMap<String, String>,
    #[serde(default)]
    secrets: BTreeMap<String, config::Value>,
}

/// One account at one gateway.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name in the settings.
    pub name: String,
    /// The gateway's name.
    pub gateway: String,
    /// The merchant's account there.
    pub account: AccountId,
    /// Whether money is real.
    pub environment: Environment,
    /// The gateway's address instead of its usual one: where a sandbox listens.
    pub url: Option<String>,
    /// More certificates to trust for this profile, as a PEM file.
    pub ca_file: Option<PathBuf>,
    /// What only its gateway understands.
    pub options: BTreeMap<String, String>,
    pub(super) secrets: BTreeMap<String, SecretSource>,
    pub(super) bases: Bases,
    pub(super) surroundings: Surroundings,
}

impl ProfileFile {
    pub(super) fn checked(
        self,
        name: String,
        bases: &Bases,
        surroundings: &Surroundings,
    ) -> Result<Profile, Problem> {
        let place = format!("profiles.{name}");
        let wrong = |field: &str, error: &dyn std::fmt::Display| {
            let message = Message::new(&WRONG_VALUE).with("error", error);
            Problem::new(Kind::Configuration, message).at(format!("{place}.{field}"))
        };
        if let Err(errors) = self.validate() {
            // One at a time, the first by name, so that the same file always gets the same answer.
            let fields = errors.field_errors();
            let field = fields.keys().min().map_or_else(String::new, ToString::to_string);
            let def = if field == "url" { &NOT_A_URL } else { &BAD_LENGTH };
            return Err(Problem::new(Kind::Configuration, def).at(format!("{place}.{field}")));
        }
        let environment = Environment::parse(&self.environment).map_err(|misfit| {
            Problem::new(Kind::Configuration, foreign::sentence(&misfit)).at(format!("{place}.environment"))
        })?;
        let account = AccountId::parse(self.account).map_err(|error| wrong("account", &error))?;
        if environment == Environment::Sandbox && self.url.is_none() {
            return Err(Problem::new(Kind::Configuration, &SANDBOX_URL).at(format!("{place}.url")));
        }
        if environment == Environment::Sandbox && !self.url.as_deref().is_some_and(is_loopback) {
            return Err(Problem::new(Kind::Configuration, &SANDBOX_LOOPBACK).at(format!("{place}.url")));
        }
        let secrets = self.secrets.into_iter().map(|(secret, value)| {
            let source = SecretSource::parse(value).ok_or_else(|| SecretSource::misplaced(&name, &secret))?;
            Ok((secret, source))
        });
        let secrets = secrets.collect::<Result<BTreeMap<_, _>, Problem>>()?;
        Ok(Profile {
            gateway: self.gateway,
            account,
            environment,
            url: self.url,
            ca_file: self.ca_file.map(|path| bases.ca_file(&name, &path)),
            options: self.options,
            secrets,
            bases: bases.clone(),
            surroundings: surroundings.clone(),
            name,
        })
    }
}

impl Profile {
    /// Where this profile's refunds are made, for a journal to hold on to: the environment, and another host than the
    /// gateway's own. A sandbox is one place whatever its port.
    pub fn origin(&self) -> String {
        let host = self.url.as_deref().map(|url| {
            let rest = url.trim_start_matches("https://").trim_start_matches("http://");
            rest.split(['/', '?', '#']).next().unwrap_or_default()
        });
        match (self.environment, host) {
            (Environment::Sandbox, _) => "sandbox".to_owned(),
            (Environment::Test, host) => format!("test {}", host.unwrap_or("-")),
            (Environment::Live, host) => format!("live {}", host.unwrap_or("-")),
        }
    }

    /// Refuses options and secrets its gateway does not know, and names secrets it needs.
    ///
    /// # Errors
    /// A [`Problem`] of kind [`Kind::Configuration`] that names the setting.
    pub fn check_for(&self, gateway: &dyn Gateway) -> Result<(), Problem> {
        let unknown = |section: &str, name: &String, known: &[&str]| {
            let message = Message::new(&UNKNOWN_NAME).with("name", name).with("known", known.join(", "));
            Problem::new(Kind::Configuration, message).at(format!("profiles.{}.{section}", self.name))
        };
        if let Some(name) = self.options.keys().find(|name| !gateway.options().contains(&name.as_str())) {
            return Err(unknown("options", name, gateway.options()));
        }
        if let Some(name) = self.secrets.keys().find(|name| !gateway.secrets().contains(&name.as_str())) {
            return Err(unknown("secrets", name, gateway.secrets()));
        }
        Ok(())
    }
}

fn absolute_url(url: &str) -> Result<(), ValidationError> {
    let fine =
        (url.starts_with("https://") || url.starts_with("http://")) && !url.contains(char::is_whitespace);
    if fine { Ok(()) } else { Err(ValidationError::new("not an http(s) URL")) }
}

/// The sandbox's keys are public; only this machine may be spoken to with them.
fn is_loopback(url: &str) -> bool {
    let rest = url.trim_start_matches("https://").trim_start_matches("http://");
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // What stands before an @ is a user's name, not the host.
    if host.contains('@') {
        return false;
    }
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "localhost"
        || name == "[::1]"
        || name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

static WRONG_VALUE: MessageDef = MessageDef {
    id: "profile-value",
    en: "The setting cannot be used: { $error }.",
    ru: "Значение настройки не подходит: { $error }.",
};
static NOT_A_URL: MessageDef = MessageDef {
    id: "profile-url",
    en: "This is not an address: write https://HOST or, for a sandbox, http://127.0.0.1:PORT.",
    ru: "Это не адрес: напишите https://УЗЕЛ или, для песочницы, http://127.0.0.1:ПОРТ.",
};
static BAD_LENGTH: MessageDef = MessageDef {
    id: "profile-length",
    en: "The value is empty or too long.",
    ru: "Значение пустое или слишком длинное.",
};
static SANDBOX_URL: MessageDef = MessageDef {
    id: "profile-sandbox-url",
    en: "A sandbox profile needs the address the sandbox listens on, for example http://127.0.0.1:8787.",
    ru: "Профилю песочницы нужен адрес, на котором она слушает, например http://127.0.0.1:8787.",
};
static SANDBOX_LOOPBACK: MessageDef = MessageDef {
    id: "profile-sandbox-loopback",
    en: "A sandbox profile speaks to this machine only: http://127.0.0.1:PORT or http://localhost:PORT.",
    ru: "Профиль песочницы обращается только к этой машине: http://127.0.0.1:ПОРТ или http://localhost:ПОРТ.",
};
static UNKNOWN_NAME: MessageDef = MessageDef {
    id: "profile-unknown-name",
    en: "\"{ $name }\" is not known to this gateway; it knows: { $known }.",
    ru: "Имя «{ $name }» этому шлюзу неизвестно; известны: { $known }.",
};

/// Every sentence of this module, for tests.
pub(super) const DEFS: &[&MessageDef] =
    &[&WRONG_VALUE, &NOT_A_URL, &BAD_LENGTH, &SANDBOX_URL, &SANDBOX_LOOPBACK, &UNKNOWN_NAME];
