//! Where a profile's secrets come from: a file of its owner's alone, or an environment variable. Never an argument.

use super::Profile;
use crate::problem::{Kind, Problem};
use refund_core::{Message, MessageDef};
use secrecy::SecretString;
use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The environment secrets may come from. It holds secrets, so it shows nothing of itself.
#[derive(Clone)]
pub(super) struct Surroundings(Arc<BTreeMap<String, String>>);

impl Surroundings {
    pub(super) fn new(environment: BTreeMap<String, String>) -> Self {
        Self(Arc::new(environment))
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Surroundings(..)")
    }
}

/// Where one secret is.
#[derive(Clone, Debug)]
pub enum SecretSource {
    /// In a file that only its owner can read (mode 0600). A line end at its end is not part of the secret.
    File(PathBuf),
    /// In this environment variable.
    Env(String),
}

impl Profile {
    /// Fetches a secret: from where the profile says, else from `REFUND_SECRET_<PROFILE>_<NAME>`.
    ///
    /// # Errors
    /// A [`Problem`] of kind [`Kind::Configuration`]: not given, not readable, readable by others, empty. The secret
    /// itself is in no message.
    pub fn secret(&self, name: &str) -> Result<SecretString, Problem> {
        let place = format!("profiles.{}.secrets.{name}", self.name);
        let text = match self.secrets.get(name) {
            Some(SecretSource::File(path)) => {
                from_file(&self.bases.secret(&self.name, name, path)).map_err(|problem| problem.at(&place))?
            }
            Some(SecretSource::Env(variable)) => self.variable(variable, &place)?,
            None => self.variable(&self.usual_variable(name), &place)?,
        };
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        if text.is_empty() {
            return Err(Problem::new(Kind::Configuration, &EMPTY).at(place).advise(&HOW_TO_GIVE));
        }
        Ok(SecretString::from(text))
    }

    fn variable(&self, name: &str, place: &str) -> Result<String, Problem> {
        self.surroundings.0.get(name).cloned().ok_or_else(|| {
            let message = Message::new(&MISSING).with("variable", name);
            Problem::new(Kind::Configuration, message).at(place).advise(&HOW_TO_GIVE)
        })
    }

    fn usual_variable(&self, name: &str) -> String {
        let plain = |text: &str| {
            text.chars()
                .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
                .collect::<String>()
        };
        format!("REFUND_SECRET_{}_{}", plain(&self.name), plain(name))
    }
}

fn from_file(path: &Path) -> Result<String, Problem> {
    let unreadable = |error: &dyn fmt::Display| {
        let message = Message::new(&UNREADABLE).with("file", path.display()).with("error", error);
        Problem::new(Kind::Configuration, message).advise(&HOW_TO_GIVE)
    };
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            let message = Message::new(&NO_FILE).with("file", path.display());
            Problem::new(Kind::Configuration, message).advise(&HOW_TO_GIVE)
        }
        _ => unreadable(&error),
    })?;
    refuse_if_others_can_read(path, &metadata)?;
    if metadata.len() > 64 * 1024 {
        return Err(unreadable(&"more than 64 KiB"));
    }
    std::fs::read_to_string(path).map_err(|error| unreadable(&error))
}

#[cfg(unix)]
fn refuse_if_others_can_read(path: &Path, metadata: &std::fs::Metadata) -> Result<(), Problem> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let message =
        Message::new(&OTHERS_CAN_READ).with("file", path.display()).with("mode", format!("{mode:04o}"));
    Err(Problem::new(Kind::Configuration, message))
}

#[cfg(not(unix))]
fn refuse_if_others_can_read(_: &Path, _: &std::fs::Metadata) -> Result<(), Problem> {
    Ok(())
}

impl SecretSource {
    /// `{ file = "PATH" }` or `{ env = "VARIABLE" }`; anything else may be the secret itself and is shown to nobody.
    pub(super) fn parse(value: config::Value) -> Option<Self> {
        let mut table = value.into_table().ok()?;
        let (file, variable) = (table.remove("file"), table.remove("env"));
        match (file, variable, table.is_empty()) {
            (Some(file), None, true) => Some(Self::File(file.into_string().ok()?.into())),
            (None, Some(variable), true) => {
                let name = variable.into_string().ok()?;
                let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
                (!name.is_empty() && name.chars().all(plain)).then_some(Self::Env(name))
            }
            _ => None,
        }
    }

    /// Something else stands where the source of a secret should: perhaps the secret.
    pub(super) fn misplaced(profile: &str, secret: &str) -> Problem {
        let place = format!("profiles.{profile}.secrets.{}", refund_core::outcome::sanitize(secret, 40));
        Problem::new(Kind::Configuration, &MISPLACED).at(place).advise(&HOW_TO_GIVE)
    }
}

static MISPLACED: MessageDef = MessageDef {
    id: "secret-misplaced",
    en: "This is not where a secret is: settings name a file, or an environment variable in capitals, and never hold the secret.",
    ru: "Здесь должно быть указано, где лежит секрет: файл или переменная окружения заглавными буквами. Сам секрет в настройках не пишут.",
};
static MISSING: MessageDef = MessageDef {
    id: "secret-missing",
    en: "The secret is not given: the settings name no file and the variable { $variable } is not set.",
    ru: "Секрет не задан: файл в настройках не указан, переменной { $variable } нет.",
};
static NO_FILE: MessageDef = MessageDef {
    id: "secret-no-file",
    en: "There is no file { $file }, in which the profile says the secret is.",
    ru: "Нет файла { $file }, в котором по профилю лежит секрет.",
};
static UNREADABLE: MessageDef = MessageDef {
    id: "secret-unreadable",
    en: "The secret's file { $file } cannot be read: { $error }",
    ru: "Не удалось прочитать файл с секретом { $file }: { $error }",
};
static OTHERS_CAN_READ: MessageDef = MessageDef {
    id: "secret-readable-by-others",
    en: "The secret's file { $file } has mode { $mode }: others can read it. Run: chmod 600 { $file }",
    ru: "У файла с секретом { $file } права { $mode }: его могут прочитать другие. Выполните: chmod 600 { $file }",
};
static EMPTY: MessageDef =
    MessageDef { id: "secret-empty", en: "The secret is empty.", ru: "Секрет пуст." };
static HOW_TO_GIVE: MessageDef = MessageDef {
    id: "secret-how-to-give",
    en: "Put it into a file of mode 0600 and name the file in the profile: secrets.NAME = { \"{\" } file = \"PATH\" { \"}\" }. \
         A secret is never an argument.",
    ru: "Сохраните его в файле с правами 0600 и укажите этот файл в профиле: secrets.ИМЯ = { \"{\" } file = \"ПУТЬ\" { \"}\" }. \
         В аргументах команды секреты не передают.",
};

/// Every sentence of this module, for tests.
pub(super) const DEFS: &[&MessageDef] =
    &[&MISPLACED, &MISSING, &NO_FILE, &UNREADABLE, &OTHERS_CAN_READ, &EMPTY, &HOW_TO_GIVE];
