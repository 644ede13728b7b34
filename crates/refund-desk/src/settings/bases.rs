//! From which folder a relative path counts: that of the file which wrote it, whichever other files were merged with it.
//!
//! A path from the environment counts from where the command is given. It must not know what the paths are for.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The folder of each path that a file wrote, by its key.
#[derive(Clone, Debug, Default)]
pub(super) struct Bases(BTreeMap<String, PathBuf>);

impl Bases {
    /// Notes the paths of one file. A later file outranks an earlier one, as its values do.
    pub(super) fn note(&mut self, file: &Path, settings: &config::Config) {
        let folder = file.parent().unwrap_or(Path::new(""));
        let mut paths = Vec::new();
        if settings.get_string("journal").is_ok() {
            paths.push("journal".to_owned());
        }
        for (name, profile) in settings.get_table("profiles").unwrap_or_default() {
            let Ok(profile) = profile.into_table() else { continue };
            if profile.contains_key("ca_file") {
                paths.push(ca_file(&name));
            }
            let secrets = profile.get("secrets").cloned().and_then(|secrets| secrets.into_table().ok());
            paths.extend(secrets.unwrap_or_default().keys().map(|secret| secret_of(&name, secret)));
        }
        self.0.extend(paths.into_iter().map(|path| (path, folder.to_owned())));
    }

    /// Forgets the paths that the environment gives anew.
    pub(super) fn outranked(&mut self, environment: &BTreeMap<String, String>) {
        let keys: Vec<_> = environment
            .keys()
            .filter_map(|name| name.strip_prefix("REFUND_"))
            .map(|name| name.to_ascii_lowercase().replace("__", "."))
            .collect();
        self.0.retain(|path, _| {
            !keys
                .iter()
                .any(|key| key == path || key.strip_prefix(path.as_str()).is_some_and(|rest| rest == ".file"))
        });
    }

    /// The journal's path.
    pub(super) fn journal(&self, path: &Path) -> PathBuf {
        self.full("journal", path)
    }

    /// A profile's certificate file.
    pub(super) fn ca_file(&self, profile: &str, path: &Path) -> PathBuf {
        self.full(&ca_file(profile), path)
    }

    /// A file that holds a secret of a profile.
    pub(super) fn secret(&self, profile: &str, secret: &str, path: &Path) -> PathBuf {
        self.full(&secret_of(profile, secret), path)
    }

    fn full(&self, key: &str, path: &Path) -> PathBuf {
        self.0.get(key).map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }
}

fn ca_file(profile: &str) -> String {
    format!("profiles.{profile}.ca_file")
}

fn secret_of(profile: &str, secret: &str) -> String {
    format!("profiles.{profile}.secrets.{secret}")
}
