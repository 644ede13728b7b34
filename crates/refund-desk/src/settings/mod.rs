//! Settings: which journal, which profiles, where secrets come from.
//!
//! The command reads files and environment through the `config` crate and hands the result over; what the values mean
//! and which are wrong is decided here. Nothing here holds a secret: a profile says where one is, and
//! [`Profile::secret`] fetches it when it is needed.

mod bases;
mod profile;
mod secrets;
mod unreadable;

pub use profile::{Environment, Profile};
pub use secrets::SecretSource;

use crate::problem::{Kind, Problem};
use bases::Bases;
use profile::ProfileFile;
use refund_core::{Message, MessageDef};
use secrets::Surroundings;
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};
use unreadable::{unknown_variable, wrong};

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
    /// Relative paths in a file are taken from that file's folder, those in the environment from the current one.
    ///
    /// # Errors
    /// A [`Problem`] of kind [`Kind::Configuration`] that names the file or the setting.
    pub fn read(files: &[PathBuf], environment: BTreeMap<String, String>) -> Result<Self, Problem> {
        let mut builder = config::Config::builder();
        let mut bases = Bases::default();
        for file in files {
            let source = config::File::from(file.as_path()).format(config::FileFormat::Toml);
            // Each alone first: the merged error would name a file by a path from who knows where.
            let alone = config::Config::builder().add_source(source.clone()).build();
            let alone = alone.map_err(|error| wrong(&error).at(file.display().to_string()))?;
            bases.note(file, &alone);
            builder = builder.add_source(source);
        }
        if let Some(name) = environment.keys().find(|name| !is_known(name)) {
            return Err(unknown_variable(name));
        }
        bases.outranked(&environment);
        let surroundings = Surroundings::new(environment.clone());
        let variables = config::Environment::with_prefix("REFUND")
            .prefix_separator("_")
            .separator("__")
            .source(Some(environment.into_iter().filter(|(name, _)| is_setting(name)).collect()));
        let merged = builder.add_source(variables).build().map_err(|error| wrong(&error))?;
        let parsed: SettingsFile = merged.try_deserialize().map_err(|error| wrong(&error))?;
        let profiles = parsed
            .profiles
            .into_iter()
            .map(|(name, file)| Ok((name.clone(), file.checked(name, &bases, &surroundings)?)))
            .collect::<Result<BTreeMap<String, Profile>, Problem>>()?;
        refuse_two_of_one_account(&profiles)?;
        Ok(Self { journal: parsed.journal.map(|path| bases.journal(&path)), lang: parsed.lang, profiles })
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
        if self.profiles.is_empty() {
            let none = Problem::new(Kind::Configuration, Message::new(&NO_PROFILES).with("gateway", gateway));
            return Err(none.advise(&HOW_TO_CONFIGURE));
        }
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

/// A refund is told apart by gateway and account: two profiles of one account could answer for each other.
fn refuse_two_of_one_account(profiles: &BTreeMap<String, Profile>) -> Result<(), Problem> {
    let mut seen = BTreeMap::new();
    for profile in profiles.values() {
        if let Some(first) = seen.insert((&profile.gateway, &profile.account), &profile.name) {
            let message = Message::new(&SAME_ACCOUNT)
                .with("first", first)
                .with("second", &profile.name)
                .with("gateway", &profile.gateway)
                .with("account", &profile.account);
            return Err(Problem::new(Kind::Configuration, message).at(format!("profiles.{}", profile.name)));
        }
    }
    Ok(())
}

/// Which variables are settings. Secrets are fetched by name when needed; who is at the keyboard is no setting.
fn is_setting(name: &str) -> bool {
    name.starts_with("REFUND_") && !name.starts_with("REFUND_SECRET_") && name != "REFUND_ACTOR"
}

/// A misspelt `REFUND_JUORNAL` must not become another journal.
fn is_known(name: &str) -> bool {
    !is_setting(name)
        || matches!(name, "REFUND_JOURNAL" | "REFUND_LANG")
        || name.starts_with("REFUND_PROFILES__")
}

static SAME_ACCOUNT: MessageDef = MessageDef {
    id: "profiles-same-account",
    en: "The profiles \"{ $first }\" and \"{ $second }\" both use the account \"{ $account }\" of \"{ $gateway }\": a refund of one could be taken \
         for the other's. Keep them in separate settings, each with a journal of its own.",
    ru: "Профили «{ $first }» и «{ $second }» используют один и тот же аккаунт «{ $account }» шлюза «{ $gateway }»: возврат одного можно принять за \
         возврат другого. Держите их в разных настройках, с отдельным журналом у каждого.",
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
static NO_PROFILES: MessageDef = MessageDef {
    id: "no-profiles",
    en: "There are no settings for the gateway \"{ $gateway }\": no profile was found.",
    ru: "Для шлюза «{ $gateway }» нет настроек: не найдено ни одного профиля.",
};
static HOW_TO_CONFIGURE: MessageDef = MessageDef {
    id: "no-profiles-advice",
    en: "Write a profile into refund.toml in this folder, or name a settings file with --config: [profiles.NAME] with \
         gateway, account, environment (live, test, sandbox), secrets, and url for a sandbox.",
    ru: "Опишите профиль в файле refund.toml в этой папке или укажите файл настроек: --config. Раздел [profiles.ИМЯ] с \
         полями gateway, account, environment (live, test или sandbox), secrets, а для песочницы и url.",
};
static OTHER_GATEWAY: MessageDef = MessageDef {
    id: "profile-other-gateway",
    en: "The request is for the gateway \"{ $asked }\", the profile \"{ $profile }\" is of \"{ $theirs }\".",
    ru: "Запрос относится к шлюзу «{ $asked }», а профиль «{ $profile }» — к шлюзу «{ $theirs }».",
};
static LIVE_NOT_NAMED: MessageDef = MessageDef {
    id: "profile-live",
    en: "The profile \"{ $profile }\" moves real money and must be named: --profile { $profile }",
    ru: "Профиль «{ $profile }» работает с настоящими деньгами, его нужно указать явно: --profile { $profile }",
};
static SEVERAL_PROFILES: MessageDef = MessageDef {
    id: "profile-several",
    en: "Several profiles use \"{ $gateway }\": { $names }. Name one with --profile.",
    ru: "Для «{ $gateway }» есть несколько профилей: { $names }. Выберите один: --profile.",
};

/// Every sentence of this module, for tests.
pub(crate) fn defs() -> Vec<&'static MessageDef> {
    let own = [
        &SAME_ACCOUNT,
        &NO_PROFILE,
        &NO_PROFILE_FOR,
        &NO_PROFILES,
        &HOW_TO_CONFIGURE,
        &OTHER_GATEWAY,
        &LIVE_NOT_NAMED,
        &SEVERAL_PROFILES,
    ];
    own.into_iter()
        .chain(unreadable::DEFS.iter().copied())
        .chain(profile::DEFS.iter().copied())
        .chain(secrets::DEFS.iter().copied())
        .collect()
}
