//! Sber acquiring, OLD dialect, from a profile: `account` is the API user; secret `password`; options `actors`
//! (`only_us`, or `shared` if people refund in the cabinet too) and `language` of the gateway's messages.

use super::{
    not_one_of,
    offline::{NoNetwork, no_secret, not_built},
    unusable,
};
use provider_sber::old::{self, BaseUrl, Config, SberOld};
use refund_core::{AccountId, Actors, Opaque, RefundProvider};
use refund_desk::{
    Problem,
    gateways::{Gateway, Offline, Tools},
    settings::{Environment, Profile},
};
use std::sync::Arc;

/// The gateway `sber`.
pub struct SberGateway;

impl Gateway for SberGateway {
    fn name(&self) -> &'static str {
        "sber"
    }

    fn secrets(&self) -> &'static [&'static str] {
        &["password"]
    }

    fn options(&self) -> &'static [&'static str] {
        &["actors", "language"]
    }

    fn build(&self, profile: &Profile, tools: &dyn Tools) -> Result<Arc<dyn RefundProvider>, Problem> {
        let base = match (&profile.url, profile.environment) {
            (Some(url), Environment::Sandbox) => {
                BaseUrl::parse(&format!("{}/payment/rest/", url.trim_end_matches('/')))
            }
            (Some(url), _) => BaseUrl::parse(url),
            (None, Environment::Test) => Ok(BaseUrl::test()),
            (None, _) => Ok(BaseUrl::production()),
        };
        let base = base.map_err(|error| unusable(profile, "url", &error))?;
        let config =
            Config::new(profile.account.as_str(), profile.secret("password")?, base, actors(profile)?);
        let mut config = config.map_err(|error| unusable(profile, "secrets", &error))?;
        if let Some(language) = profile.options.get("language") {
            let set = config.with_language(language);
            config = set.map_err(|error| unusable(profile, "options.language", &error))?;
        }
        Ok(Arc::new(SberOld::new(config, tools.transport(profile)?)))
    }

    fn retired(&self) -> &'static [&'static str] {
        old::RETIRED
    }

    fn offline(&self, account: AccountId) -> Result<Offline, Problem> {
        let config = Config::new(account.as_str(), no_secret(), BaseUrl::default(), Actors::Shared);
        let config = config.map_err(|error| not_built(&error))?;
        // The form in which the provider keeps a payment of which nothing but its sums is known.
        let payment = Opaque::cut("sber-old/payment@1", b"{}".to_vec());
        Ok(Offline { provider: Arc::new(SberOld::new(config, Arc::new(NoNetwork))), payment })
    }
}

/// Who refunds: shared unless the profile says otherwise, because "a sum changed" proves less then.
fn actors(profile: &Profile) -> Result<Actors, Problem> {
    match profile.options.get("actors").map(String::as_str) {
        Some("only_us") => Ok(Actors::OnlyUs),
        None | Some("shared") => Ok(Actors::Shared),
        Some(other) => Err(not_one_of(profile, "actors", other, &["only_us", "shared"])),
    }
}
