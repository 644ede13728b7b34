//! The HTTP client of a profile: its certificates, plain HTTP for sandboxes on this machine only.

use super::unusable;
use refund_core::{Clock, Transport};
use refund_desk::{
    Problem,
    gateways::Tools,
    settings::{Environment, Profile},
};
use refund_engine::traffic::{Feedback, Metered};
use refund_http::{HttpTransport, PlainHttp, RootCertificates, TrustedRoots};
use std::sync::Arc;

/// Builds clients of `refund-http`.
pub struct HttpTools {
    clock: Arc<dyn Clock>,
    feedback: Feedback,
}

impl HttpTools {
    /// Tools that tell time by this clock and leave gateways' complaints here.
    pub fn new(clock: Arc<dyn Clock>, feedback: Feedback) -> Self {
        Self { clock, feedback }
    }
}

impl Tools for HttpTools {
    fn transport(&self, profile: &Profile) -> Result<Arc<dyn Transport>, Problem> {
        let mut builder = HttpTransport::builder(Arc::clone(&self.clock));
        if profile.environment == Environment::Sandbox {
            builder = builder.plain_http(PlainHttp::LoopbackOnly);
        }
        if let Some(file) = &profile.ca_file {
            let wrong = |error: &dyn std::fmt::Display| {
                unusable(profile, "ca_file", &format!("{}: {error}", file.display()))
            };
            let pem = std::fs::read(file).map_err(|error| wrong(&error))?;
            let roots = RootCertificates::from_pem(&pem).map_err(|error| wrong(&error))?;
            builder = builder.roots(TrustedRoots::Only(roots));
        }
        let transport = builder.build().map_err(|error| unusable(profile, "url", &error))?;
        Ok(Arc::new(Metered::new(Arc::new(transport), self.feedback.clone())))
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }
}
