//! Settings: which journal, which profiles, where secrets come from.
//!
//! The command reads files and environment through the `config` crate and hands the result over; what the values mean
//! and which are wrong is decided here. Nothing here holds a secret: a profile says where one is, and
//! [`Profile::secret`] fetches it when it is needed.

mod profile;
mod secrets;

pub use profile::{Environment, Profile};
pub use secrets::SecretSource;

use crate::problem::{Kind, Problem};
use profile::ProfileFile;
use refund_core::{Message, MessageDef};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// All settings of a run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The journal's file.
    pub journal: Option<PathBuf>,
    /// The language of messages, as written (`ru`, `en`).
    pub lang: Option<String>,
    profiles: BTreeMap<String, Profile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsFile {
    #[serde(default)]
    journal: Option<PathBuf>,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, ProfileFile>,
}

impl Settings {
    /// Settings from files (the later overrides the earlier) and then the environment: `REFUND_JOURNAL`,
    /// `REFUND_LANG`, `REFUND_PROFILES__SHOP__URL`.
    ///
    /// Relative paths in a file are taken from the file's folder.
    ///
    /// # Errors
    /// A [`Problem`] of kind [`Kind::Configuration`] that names the file or the setting.
    pub fn read(files: &[PathBuf], environment: BTreeMap<String, String>) -> Result<Self, Problem> {
        let mut builder = config::Config::builder();
        for file in files {
            builder = builder.add_source(config::File::from(file.as_path()).format(config::FileFormat::Toml));
        }
        let variables = config::Environment::with_prefix("REFUND")
            .prefix_separator("_")
            .separator("__")
            .source(Some(environment.into_iter().filter(|(name, _)| is_setting(name)).collect()));
        let merged = builder.add_source(variables).build().map_err(|error| wrong(&error))?;
        let parsed: SettingsFile = merged.try_deserialize().map_err(|error| wrong(&error))?;
        let base = files.last().and_then(|file| file.parent()).unwrap_or(Path::new(""));
        let profiles = parsed
            .profiles
            .into_iter()
            .map(|(name, file)| Ok((name.clone(), file.checked(name, base)?)))
            .collect::<Result<_, Problem>>()?;
        Ok(Self { journal: parsed.journal.map(|path| base.join(path)), lang: parsed.lang, profiles })
    }

    /// The profiles by name.
    pub fn profiles(&self) -> &BTreeMap<String, Profile> {
        &self.profiles
    }

    /// The profile to use for a gateway: the one named, or the only one of that gateway that is not live.
    ///
    /// # Errors
    /// A [`Problem`] of kind [`Kind::Configuration`]: no such profile, none or several to choose from, or a live one
    /// that was not named.
    pub fn choose(&self, gateway: &str, named: Option<&str>) -> Result<&Profile, Problem> {
        let known = || self.profiles.keys().cloned().collect::<Vec<_>>().join(", ");
        if let Some(name) = named {
            let profile = self.profiles.get(name).ok_or_else(|| {
                let message = Message::new(&NO_PROFILE).with("profile", name).with("known", known());
                Problem::new(Kind::Configuration, message).at("--profile")
            })?;
            if profile.gateway != gateway {
                let message = Message::new(&OTHER_GATEWAY)
                    .with("profile", name)
                    .with("theirs", &profile.gateway)
                    .with("asked", gateway);
                return Err(Problem::new(Kind::Configuration, message).at("gateway"));
            }
            return Ok(profile);
        }
        let of_gateway: Vec<_> =
            self.profiles.values().filter(|profile| profile.gateway == gateway).collect();
        match of_gateway.as_slice() {
            [one] if one.environment == Environment::Live => {
                let message = Message::new(&LIVE_NOT_NAMED).with("profile", &one.name);
                Err(Problem::new(Kind::Configuration, message).at("--profile"))
            }
            [one] => Ok(one),
            [] => {
                let message = Message::new(&NO_PROFILE_FOR).with("gateway", gateway).with("known", known());
                Err(Problem::new(Kind::Configuration, message).at("gateway"))
            }
            several => {
                let names: Vec<_> = several.iter().map(|profile| profile.name.as_str()).collect();
                let message =
                    Message::new(&SEVERAL_PROFILES).with("gateway", gateway).with("names", names.join(", "));
                Err(Problem::new(Kind::Configuration, message).at("--profile"))
            }
        }
    }
}

/// Secrets in the environment are fetched by name when needed; they are not settings.
fn is_setting(name: &str) -> bool {
    !name.starts_with("REFUND_SECRET_")
}

fn wrong(error: &config::ConfigError) -> Problem {
    let text = refund_core::outcome::sanitize(&error.to_string(), 400);
    Problem::new(Kind::Configuration, Message::new(&WRONG).with("error", text))
}

static WRONG: MessageDef = MessageDef {
    id: "settings-wrong",
    en: "The settings cannot be used: { $error }",
    ru: "Настройки не годятся: { $error }",
};
static NO_PROFILE: MessageDef = MessageDef {
    id: "profile-not-found",
    en: "There is no profile \"{ $profile }\"; the settings have: { $known }.",
    ru: "Профиля «{ $profile }» нет; в настройках есть: { $known }.",
};
static NO_PROFILE_FOR: MessageDef = MessageDef {
    id: "gateway-not-configured",
    en: "No profile uses the gateway \"{ $gateway }\"; the settings have: { $known }.",
    ru: "Нет профиля для шлюза «{ $gateway }»; в настройках есть: { $known }.",
};
static OTHER_GATEWAY: MessageDef = MessageDef {
    id: "profile-other-gateway",
    en: "The request is for \"{ $asked }\", the profile \"{ $profile }\" is of \"{ $theirs }\".",
    ru: "Запрос для «{ $asked }», а профиль «{ $profile }» относится к «{ $theirs }».",
};
static LIVE_NOT_NAMED: MessageDef = MessageDef {
    id: "profile-live",
    en: "The profile \"{ $profile }\" moves real money and must be named: --profile { $profile }",
    ru: "Профиль «{ $profile }» двигает настоящие деньги, его надо назвать явно: --profile { $profile }",
};
static SEVERAL_PROFILES: MessageDef = MessageDef {
    id: "profile-several",
    en: "Several profiles use \"{ $gateway }\": { $names }. Name one with --profile.",
    ru: "Для «{ $gateway }» есть несколько профилей: { $names }. Назовите один: --profile.",
};

/// Every sentence of this module, for tests.
pub(crate) fn defs() -> Vec<&'static MessageDef> {
    let own = [&WRONG, &NO_PROFILE, &NO_PROFILE_FOR, &OTHER_GATEWAY, &LIVE_NOT_NAMED, &SEVERAL_PROFILES];
    own.into_iter().chain(profile::DEFS.iter().copied()).chain(secrets::DEFS.iter().copied()).collect()
}
