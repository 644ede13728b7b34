//! How a gateway is built from a profile.
//!
//! The command hands over a list of these; an outside crate adds its own and gets the whole operator's command. This
//! module must not know any gateway's name.

use crate::{problem::Problem, settings::Profile};
use refund_core::{Clock, RefundProvider, Transport};
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
