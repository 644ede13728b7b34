//! How a gateway is built from a profile.
//!
//! The command hands over a list of these; an outside crate adds its own and gets the whole operator's command. This
//! module must not know any gateway's name.

use crate::{problem::Problem, settings::Profile};
use refund_core::{AccountId, Clock, Opaque, RefundProvider, Transport};
use std::sync::Arc;

/// A gateway that profiles can name.
pub trait Gateway: Send + Sync {
    /// The name request files and profiles use: lower-case, stable.
    fn name(&self) -> &'static str;

    /// Which secrets a profile of this gateway must give, by name.
    fn secrets(&self) -> &'static [&'static str];

    /// Which options a profile may give, by name. Others are refused, so that a misspelt one is noticed.
    fn options(&self) -> &'static [&'static str];

    /// Builds the provider.
    ///
    /// # Errors
    /// A [`Problem`] of kind [`crate::Kind::Configuration`] that names the setting.
    fn build(&self, profile: &Profile, tools: &dyn Tools) -> Result<Arc<dyn RefundProvider>, Problem>;

    /// Ids that were rules of the gateway once; they are never used again, so an old answer can still be explained. The
    /// rules that bind are in its [`refund_core::CartPolicy`].
    fn retired(&self) -> &'static [&'static str];

    /// The gateway without settings, secrets or network: enough to describe itself and prepare requests.
    ///
    /// # Errors
    /// A [`Problem`] of kind [`crate::Kind::Internal`] when it cannot be built for this account.
    fn offline(&self, account: AccountId) -> Result<Offline, Problem>;
}

/// A gateway that reaches nobody.
pub struct Offline {
    /// Describes and prepares; everything else fails.
    pub provider: Arc<dyn RefundProvider>,
    /// What it would keep of a payment that is as plain as can be ([`refund_core::Payment::data`]).
    pub payment: Opaque,
}

/// What a gateway is built with.
pub trait Tools: Send + Sync {
    /// An HTTP client for this profile: its certificates, its timeouts, plain HTTP only for sandboxes.
    ///
    /// # Errors
    /// A [`Problem`] of kind [`crate::Kind::Configuration`].
    fn transport(&self, profile: &Profile) -> Result<Arc<dyn Transport>, Problem>;

    /// The clock.
    fn clock(&self) -> Arc<dyn Clock>;
}
