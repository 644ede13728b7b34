//! One shop's settings, checked when they are built.
//!
//! Several shops may live in one process, each with its own. Where the values come from (a file, a keyring, the
//! environment) is not known here.

use crate::wire::{jwt::TokenAlgorithm, signature::HashAlgorithm};
use http::Uri;
use refund_core::{AccountId, SelfFencing};
use secrecy::{ExposeSecret, SecretString};
use std::net::IpAddr;

/// The settings of one shop. `Debug` shows no password.
///
/// ```
/// use provider_robokassa::{HashAlgorithm, RobokassaConfig};
/// use refund_core::AccountId;
/// let login = AccountId::parse("demo")?;
/// let shop = RobokassaConfig::new(login, "password2-test".into(), "password3-test".into())?
///     .with_hash(HashAlgorithm::Sha256);
/// assert!(!format!("{shop:?}").contains("-test"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RobokassaConfig {
    pub(crate) login: AccountId,
    pub(crate) password2: SecretString,
    pub(crate) password3: SecretString,
    pub(crate) hash: HashAlgorithm,
    pub(crate) token: TokenAlgorithm,
    pub(crate) endpoints: Endpoints,
    pub(crate) self_fencing: SelfFencing,
}

/// What is wrong with the settings. It never quotes a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A password is empty.
    #[error("{which} is empty; it is in the shop's technical settings in Robokassa's cabinet")]
    EmptyPassword {
        /// Which one.
        which: &'static str,
    },
    /// A password begins or ends with white space, as a file with a line break at its end gives.
    #[error("{which} begins or ends with white space or a line break; remove it")]
    PaddedPassword {
        /// Which one.
        which: &'static str,
    },
    /// An address cannot be used.
    #[error("the {which} address {problem}")]
    Endpoint {
        /// Which one.
        which: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl RobokassaConfig {
    /// A shop with the cabinet's default hash (MD5), tokens signed with HS256, production addresses, and no reliance on
    /// the gateway's balance.
    ///
    /// `login` is the MerchantLogin. `password2` signs questions about operations, `password3` alone signs refunds; it
    /// is generated in the shop's settings after a request of the type «Доступ к API возвратов» (CONFIRMED, Robokassa,
    /// refund API page). There is no test Password3.
    ///
    /// # Errors
    /// [`ConfigError`] for an empty or padded password.
    pub fn new(
        login: AccountId,
        password2: SecretString,
        password3: SecretString,
    ) -> Result<Self, ConfigError> {
        check_password("Password2", &password2)?;
        check_password("Password3", &password3)?;
        Ok(Self {
            login,
            password2,
            password3,
            hash: HashAlgorithm::default(),
            token: TokenAlgorithm::default(),
            endpoints: Endpoints::default(),
            self_fencing: SelfFencing::Off,
        })
    }

    /// Sets the hash chosen in the shop's technical settings. A wrong one is answered as a bad signature.
    #[must_use]
    pub fn with_hash(self, hash: HashAlgorithm) -> Self {
        Self { hash, ..self }
    }

    /// Sets how refund tokens are signed. Robokassa takes all three.
    #[must_use]
    pub fn with_token_algorithm(self, token: TokenAlgorithm) -> Self {
        Self { token, ..self }
    }

    /// Sets other addresses than production's: the sandbox, a proxy.
    #[must_use]
    pub fn with_endpoints(self, endpoints: Endpoints) -> Self {
        Self { endpoints, ..self }
    }

    /// Says whether the gateway's own balance may be relied on to forbid a second effect. Off until it has been shown on
    /// the shop's own account: nobody attests how Robokassa treats two refunds at once.
    #[must_use]
    pub fn with_self_fencing(self, self_fencing: SelfFencing) -> Self {
        Self { self_fencing, ..self }
    }

    /// The MerchantLogin.
    pub fn login(&self) -> &AccountId {
        &self.login
    }
}

fn check_password(which: &'static str, password: &SecretString) -> Result<(), ConfigError> {
    let text = password.expose_secret();
    if text.is_empty() {
        return Err(ConfigError::EmptyPassword { which });
    }
    if text.trim() != text {
        return Err(ConfigError::PaddedPassword { which });
    }
    Ok(())
}

/// Where Robokassa is. Two hosts: one answers about operations, one refunds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    auth: String,
    services: String,
}

impl Default for Endpoints {
    /// Production: `https://auth.robokassa.ru` and `https://services.robokassa.ru` (CONFIRMED, Robokassa, refund API and
    /// XML interfaces pages).
    fn default() -> Self {
        Self {
            auth: "https://auth.robokassa.ru".to_owned(),
            services: "https://services.robokassa.ru".to_owned(),
        }
    }
}

impl Endpoints {
    /// Takes two base addresses. They may have a path and a closing slash; they may not have a query, a fragment or a
    /// user, and without TLS they must be this machine's own.
    ///
    /// # Errors
    /// [`ConfigError::Endpoint`].
    pub fn parse(auth: &str, services: &str) -> Result<Self, ConfigError> {
        Ok(Self { auth: base("auth", auth)?, services: base("services", services)? })
    }

    /// Both hosts behind one address, as in the sandbox.
    ///
    /// # Errors
    /// [`ConfigError::Endpoint`].
    pub fn one(address: &str) -> Result<Self, ConfigError> {
        Self::parse(address, address)
    }

    /// The address of a path with its query at the host that answers about operations.
    pub(crate) fn auth(&self, path_and_query: &str) -> String {
        format!("{}{path_and_query}", self.auth)
    }

    /// The address of a path with its query at the host that refunds.
    pub(crate) fn services(&self, path_and_query: &str) -> String {
        format!("{}{path_and_query}", self.services)
    }
}

fn base(which: &'static str, text: &str) -> Result<String, ConfigError> {
    let refuse = |problem| ConfigError::Endpoint { which, problem };
    let uri: Uri = text.parse().map_err(|_| refuse("is not a URL; write https://host"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(refuse("is not a whole URL; write https://host"));
    };
    if authority.as_str().contains('@') {
        return Err(refuse("holds a user or password; passwords do not belong there"));
    }
    if text.contains(['?', '#']) {
        return Err(refuse("has a query or a fragment; write the address up to the path"));
    }
    match scheme {
        "https" => {}
        "http" if is_this_machine(authority.host()) => {}
        "http" => return Err(refuse("is not protected by TLS; http is for this machine's own addresses")),
        _ => return Err(refuse("has a scheme other than https")),
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop(password2: &str, password3: &str) -> Result<RobokassaConfig, ConfigError> {
        let login = AccountId::parse("demo").expect("a login");
        RobokassaConfig::new(login, password2.into(), password3.into())
    }

    #[test]
    fn passwords_are_checked_and_never_quoted() {
        assert!(shop("a", "b").is_ok());
        assert_eq!(shop("", "b").err(), Some(ConfigError::EmptyPassword { which: "Password2" }));
        assert_eq!(shop("a", "").err(), Some(ConfigError::EmptyPassword { which: "Password3" }));
        let padded = shop("a", "canary\n").expect_err("a line break");
        assert_eq!(padded, ConfigError::PaddedPassword { which: "Password3" });
        let whole = shop("canary2", "canary3").expect("two passwords");
        assert!(!format!("{whole:?} {padded} {padded:?}").contains("canary"));
    }

    #[test]
    fn addresses_are_whole_protected_and_free_of_secrets() {
        for (text, expected) in [
            ("https://auth.robokassa.ru", Ok("https://auth.robokassa.ru")),
            ("https://auth.robokassa.kz/", Ok("https://auth.robokassa.kz")),
            ("https://gate.example:8443/robokassa/", Ok("https://gate.example:8443/robokassa")),
            ("http://127.0.0.1:8787", Ok("http://127.0.0.1:8787")),
            ("http://[::1]:8787", Ok("http://[::1]:8787")),
            ("http://localhost", Ok("http://localhost")),
            ("http://localhost.example", Err("not protected by TLS")),
            ("http://auth.robokassa.ru", Err("not protected by TLS")),
            ("http://10.0.0.1", Err("not protected by TLS")),
            ("ftp://auth.robokassa.ru", Err("scheme other than https")),
            ("https://user:canary@auth.robokassa.ru", Err("holds a user or password")),
            ("https://auth.robokassa.ru/?a=1", Err("query or a fragment")),
            ("https://auth.robokassa.ru/#a", Err("query or a fragment")),
            ("auth.robokassa.ru", Err("not a whole URL")),
            ("/path", Err("not a whole URL")),
            ("", Err("not a URL")),
            ("https://", Err("not a URL")),
        ] {
            match (base("auth", text), expected) {
                (Ok(got), Ok(expected)) => assert_eq!(got, expected),
                (Err(error), Err(part)) => {
                    let told = error.to_string();
                    assert!(told.contains(part) && !told.contains("canary"), "{text}: {told}");
                }
                (got, expected) => panic!("{text}: {got:?}, expected {expected:?}"),
            }
        }
    }

    #[test]
    fn paths_join_their_own_host() {
        let endpoints = Endpoints::default();
        assert_eq!(endpoints.auth("/a?b"), "https://auth.robokassa.ru/a?b");
        assert_eq!(endpoints.services("/c"), "https://services.robokassa.ru/c");
    }
}
