//! What a merchant sets: the API account, where the gateway is, who refunds there.
//!
//! Parsed once, so that nothing later can be misspelled. It must not read files or the environment.

use super::wire::form::{Credentials, Language};
use http::Uri;
use refund_core::{AccountId, Actors, IdError};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;

const PRODUCTION: &str = "https://securepayments.sberbank.ru/payment/rest/";
const TEST: &str = "https://3dsec.sberbank.ru/payment/rest/";

/// Settings of one account. `Debug` shows no password.
#[derive(Clone, Debug)]
pub struct Config {
    account: AccountId,
    password: SecretString,
    base: BaseUrl,
    actors: Actors,
    language: Option<Language>,
}

/// What is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The login cannot be one.
    #[error("user_name: {0}")]
    UserName(#[from] IdError),
    /// The password is empty.
    #[error("password: it is empty; take it from the agreement with Sber or set it in the personal account")]
    EmptyPassword,
    /// The address cannot be used. Its text is not shown: people paste credentials into addresses.
    #[error("base_url: {0}; write it like https://3dsec.sberbank.ru/payment/rest/")]
    BaseUrl(&'static str),
    /// The language is not two lower-case Latin letters.
    #[error("language: {0:?} is not a language code of two lower-case Latin letters, for example ru")]
    Language(String),
}

impl Config {
    /// Settings of one account. Messages come in the account's own language until [`Config::with_language`].
    ///
    /// `user_name` is the login of the API account (it usually ends in `-api`), at most 100 characters, not secret.
    /// `password` has no upper limit: the documents disagree on it (AN..200, AN..30, 36). `actors` says whether anybody
    /// but this journal refunds orders of this account; when in doubt, [`Actors::Shared`].
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn new(
        user_name: &str,
        password: SecretString,
        base: BaseUrl,
        actors: Actors,
    ) -> Result<Self, ConfigError> {
        if password.expose_secret().is_empty() {
            return Err(ConfigError::EmptyPassword);
        }
        Ok(Self { account: AccountId::parse(user_name)?, password, base, actors, language: None })
    }

    /// The language of the gateway's messages: two lower-case Latin letters.
    ///
    /// # Errors
    /// [`ConfigError::Language`].
    pub fn with_language(self, language: &str) -> Result<Self, ConfigError> {
        let refuse = || ConfigError::Language(language.chars().take(20).collect());
        Ok(Self { language: Some(Language::parse(language).ok_or_else(refuse)?), ..self })
    }

    /// The account, as payments name it.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// Who refunds there.
    pub fn actors(&self) -> Actors {
        self.actors
    }

    /// Where the gateway is.
    pub fn base(&self) -> &BaseUrl {
        &self.base
    }

    pub(super) fn language(&self) -> Option<Language> {
        self.language
    }

    pub(super) fn password(&self) -> &SecretString {
        &self.password
    }

    pub(super) fn credentials(&self) -> Credentials<'_> {
        Credentials { user_name: &self.account, password: &self.password }
    }
}

/// Where the gateway's methods are: an address that ends in a slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl Default for BaseUrl {
    /// [`BaseUrl::production`].
    fn default() -> Self {
        Self::production()
    }
}

impl BaseUrl {
    /// The production gateway, `securepayments.sberbank.ru` (REPORTED, three third-party codebases).
    pub fn production() -> Self {
        Self(PRODUCTION.to_owned())
    }

    /// The test gateway, `3dsec.sberbank.ru` (CONFIRMED, Sber wiki).
    pub fn test() -> Self {
        Self(TEST.to_owned())
    }

    /// Another address: a sandbox, a proxy, another tenant of the platform. A slash is added at its end.
    ///
    /// The password travels in the body, so plain `http` is taken for this machine only (`localhost`, `127.*`, `[::1]`).
    ///
    /// # Errors
    /// [`ConfigError::BaseUrl`].
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let uri: Uri = text.parse().map_err(|_| ConfigError::BaseUrl("it is not an address"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(ConfigError::BaseUrl("it does not begin with https:// and a host"));
        };
        if authority.as_str().contains('@') {
            return Err(ConfigError::BaseUrl("it holds credentials; they do not belong into an address"));
        }
        if text.contains(['?', '#']) {
            return Err(ConfigError::BaseUrl("it holds a query or a fragment"));
        }
        match scheme {
            "https" => {}
            "http" if this_machine(authority.host()) => {}
            "http" => return Err(ConfigError::BaseUrl("plain http would show the password to the network")),
            _ => return Err(ConfigError::BaseUrl("it is neither https nor http")),
        }
        Ok(Self(format!("{}/", text.trim_end_matches('/'))))
    }

    /// The address of one method.
    pub(super) fn method(&self, name: &str) -> String {
        format!("{}{name}", self.0)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(user_name: &str, password: &str) -> Result<Config, ConfigError> {
        Config::new(user_name, SecretString::from(password), BaseUrl::default(), Actors::OnlyUs)
    }

    #[test]
    fn settings_say_what_is_wrong_with_them() {
        assert!(matches!(config("", "p"), Err(ConfigError::UserName(IdError::Empty { .. }))));
        assert!(matches!(config("shop api", "p"), Err(ConfigError::UserName(_))));
        assert!(matches!(config("shop-api", ""), Err(ConfigError::EmptyPassword)));
        let russian = config("shop-api", "p").and_then(|config| config.with_language("ru")).expect("valid");
        assert_eq!(russian.language(), Language::parse("ru"));
        let error =
            config("shop-api", "p").and_then(|config| config.with_language("RUS")).expect_err("capitals");
        assert!(error.to_string().contains("RUS"), "{error}");
    }

    #[test]
    fn addresses() {
        assert_eq!(
            BaseUrl::default().method("refund.do"),
            "https://securepayments.sberbank.ru/payment/rest/refund.do"
        );
        assert_eq!(BaseUrl::test().method("refund.do"), "https://3dsec.sberbank.ru/payment/rest/refund.do");
        let good = [
            ("https://3dsec.sberbank.ru/payment/rest", "https://3dsec.sberbank.ru/payment/rest/"),
            ("https://gateway.example:8443/payment/rest//", "https://gateway.example:8443/payment/rest/"),
            ("http://127.0.0.1:8787/payment/rest/", "http://127.0.0.1:8787/payment/rest/"),
            ("http://localhost:8787/payment/rest", "http://localhost:8787/payment/rest/"),
            ("http://[::1]:8787/payment/rest", "http://[::1]:8787/payment/rest/"),
        ];
        for (text, expected) in good {
            assert_eq!(BaseUrl::parse(text).map(|base| base.to_string()), Ok(expected.to_owned()));
        }
        let bad = [
            ("", "not an address"),
            ("3dsec.sberbank.ru", "does not begin"),
            ("/payment/rest/", "does not begin"),
            ("https://user:canary@3dsec.sberbank.ru/", "credentials"),
            ("https://3dsec.sberbank.ru/?a=1", "query"),
            ("https://3dsec.sberbank.ru/#a", "query"),
            ("http://3dsec.sberbank.ru/payment/rest/", "plain http"),
            ("http://127.0.0.1.example.com/", "plain http"),
            ("http://localhost.example.com/", "plain http"),
            ("ftp://3dsec.sberbank.ru/", "neither"),
            ("https://3dsec.sberbank.ru/a b", "not an address"),
        ];
        for (text, part) in bad {
            let error = BaseUrl::parse(text).expect_err(text).to_string();
            assert!(error.contains(part) && !error.contains("canary"), "{text}: {error}");
        }
    }

    #[test]
    fn debug_shows_no_password() {
        let shown = format!("{:?}", config("shop-api", "password-canary").expect("valid"));
        assert!(shown.contains("shop-api") && !shown.contains("canary"), "{shown}");
    }
}
