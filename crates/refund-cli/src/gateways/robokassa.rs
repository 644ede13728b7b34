//! Robokassa from a profile: `account` is the MerchantLogin; secrets `password2` and `password3`; options `hash`
//! (`MD5` … `SHA512`), `token` (`HS256` …).

use super::{
    not_one_of,
    offline::{NoNetwork, no_secret, not_built},
    unusable,
};
use provider_robokassa::{
    Endpoints, HashAlgorithm, Robokassa, RobokassaConfig, TokenAlgorithm, rules, schema,
};
use refund_core::{AccountId, Opaque, RefundProvider};
use refund_desk::{
    Problem,
    gateways::{Gateway, Offline, Tools},
    settings::{Environment, Profile},
};
use std::sync::Arc;

/// The gateway `robokassa`.
pub struct RobokassaGateway;

impl Gateway for RobokassaGateway {
    fn name(&self) -> &'static str {
        "robokassa"
    }

    fn secrets(&self) -> &'static [&'static str] {
        &["password2", "password3"]
    }

    fn options(&self) -> &'static [&'static str] {
        &["hash", "token"]
    }

    fn build(&self, profile: &Profile, tools: &dyn Tools) -> Result<Arc<dyn RefundProvider>, Problem> {
        if profile.environment == Environment::Test && profile.url.is_none() {
            let why = "Robokassa has no test stand for refunds; use a sandbox, or name the profile's url";
            return Err(unusable(profile, "environment", &why));
        }
        let (password2, password3) = (profile.secret("password2")?, profile.secret("password3")?);
        let mut config = RobokassaConfig::new(profile.account.clone(), password2, password3)
            .map_err(|error| unusable(profile, "secrets", &error))?;
        if let Some(word) = profile.options.get("hash") {
            let known = HashAlgorithm::ALL.iter().find(|hash| hash.as_str().eq_ignore_ascii_case(word));
            let all = HashAlgorithm::ALL.iter().map(|hash| hash.as_str()).collect::<Vec<_>>();
            let hash = known.ok_or_else(|| not_one_of(profile, "hash", word, &all))?;
            config = config.with_hash(*hash);
        }
        if let Some(word) = profile.options.get("token") {
            let known = TokenAlgorithm::ALL.iter().find(|token| token.as_str().eq_ignore_ascii_case(word));
            let all = TokenAlgorithm::ALL.iter().map(|token| token.as_str()).collect::<Vec<_>>();
            let token = known.ok_or_else(|| not_one_of(profile, "token", word, &all))?;
            config = config.with_token_algorithm(*token);
        }
        if let Some(url) = &profile.url {
            let endpoints = Endpoints::one(url).map_err(|error| unusable(profile, "url", &error))?;
            config = config.with_endpoints(endpoints);
        }
        Ok(Arc::new(Robokassa::new(config, tools.transport(profile)?)))
    }

    fn retired(&self) -> &'static [&'static str] {
        rules::RETIRED
    }

    fn offline(&self, account: AccountId) -> Result<Offline, Problem> {
        let config = RobokassaConfig::new(account, no_secret(), no_secret());
        let config = config.map_err(|error| not_built(&error))?;
        // Only the gateway knows an operation's key.
        let payment = Opaque::cut(schema::PAYMENT, br#"{"opKey":"SAMPLE"}"#.to_vec());
        Ok(Offline { provider: Arc::new(Robokassa::new(config, Arc::new(NoNetwork))), payment })
    }
}
