//! How a transport is set up, and the settings nobody may change.
//!
//! Options are types: there is no switch that turns a protection off, and none to bring a client of one's own, because
//! a client with a pool, redirects or retries would break the promise of one attempt.

use crate::{
    HttpTransport,
    gate::GateLayer,
    proxy::Egress,
    reach::{DialLimits, SystemNames},
    receive::ReplyLimits,
    roots::TrustedRoots,
    tls,
    transport::Parts,
};
use refund_core::Clock;
use reqwest::{Proxy, redirect, retry};
use std::{fmt, num::NonZeroUsize, sync::Arc, time::Duration};

/// Every call dials for itself: an idle connection would bypass the gate, and may have died unnoticed.
const NO_IDLE_CONNECTIONS: usize = 0;

/// The name in `User-Agent`.
const USER_AGENT: &str = concat!("refund/", env!("CARGO_PKG_VERSION"));

/// How long each part of a call may take.
///
/// The reply's limits are long on purpose: every second taken off them turns answers into unknown outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Name lookup and TCP connection together, and the tunnel through a proxy. Default 5 s.
    pub connect: Duration,
    /// TLS handshake. Default 5 s.
    pub tls: Duration,
    /// From firing to the reply's head. Default 90 s.
    pub first_byte: Duration,
    /// From firing to the reply's last byte. Default 120 s.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(5), tls: seconds(5), first_byte: seconds(90), total: seconds(120) }
    }
}

impl Timeouts {
    pub(crate) fn dial(self) -> DialLimits {
        DialLimits { connect: self.connect, tls: self.tls }
    }

    fn check(self) -> Result<Self, BuildError> {
        let Self { connect, tls, first_byte, total } = self;
        let all = [("connect", connect), ("tls", tls), ("first_byte", first_byte), ("total", total)];
        match all.into_iter().find(|(_, limit)| limit.is_zero()) {
            Some((which, _)) => Err(BuildError::ZeroTimeout { which }),
            None => Ok(self),
        }
    }
}

/// Whether a request may travel without TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlainHttp {
    /// Never: `https` only. The default.
    #[default]
    Never,
    /// To this machine (`localhost`, 127.0.0.0/8, `::1`), for the sandbox.
    LoopbackOnly,
}

/// Why a transport cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A time limit of nothing.
    #[error("the timeout `{which}` is zero: no call could ever finish")]
    ZeroTimeout {
        /// The field of [`Timeouts`].
        which: &'static str,
    },
    /// The TLS library refused the settings.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
    /// The HTTP library refused the settings.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
}

/// Sets up an [`HttpTransport`]; made by [`HttpTransport::builder`].
#[must_use = "a builder does nothing until it is built"]
pub struct HttpTransportBuilder {
    clock: Arc<dyn Clock>,
    roots: TrustedRoots,
    plain: PlainHttp,
    egress: Egress,
    timeouts: Timeouts,
    max_reply: usize,
}

impl HttpTransportBuilder {
    /// The longest reply body taken by default: 1 MiB.
    pub const MAX_REPLY_BYTES: usize = 1 << 20;

    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            roots: TrustedRoots::default(),
            plain: PlainHttp::default(),
            egress: Egress::default(),
            timeouts: Timeouts::default(),
            max_reply: Self::MAX_REPLY_BYTES,
        }
    }

    /// Whom this client trusts. Default: the public web's authorities.
    pub fn roots(self, roots: TrustedRoots) -> Self {
        Self { roots, ..self }
    }

    /// Whether plain HTTP is allowed. Default: never.
    pub fn plain_http(self, plain: PlainHttp) -> Self {
        Self { plain, ..self }
    }

    /// The way out of the network. Default: straight, whatever the environment says.
    pub fn egress(self, egress: Egress) -> Self {
        Self { egress, ..self }
    }

    /// How long a call may take.
    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }
    }

    /// The longest reply body taken, in bytes. Of a longer one the beginning is kept and the reply counts as cut.
    /// Default: [`Self::MAX_REPLY_BYTES`].
    pub fn max_reply_bytes(self, limit: NonZeroUsize) -> Self {
        Self { max_reply: limit.get(), ..self }
    }

    /// Builds the transport. Nothing is resolved or connected yet.
    ///
    /// # Errors
    /// [`BuildError`].
    pub fn build(self) -> Result<HttpTransport, BuildError> {
        self.assemble(NO_IDLE_CONNECTIONS)
    }

    /// `idle` is an argument for one reason: the test that shows what a pool would do.
    pub(crate) fn assemble(self, idle: usize) -> Result<HttpTransport, BuildError> {
        let timeouts = self.timeouts.check()?;
        let client = self.hardened(idle)?.build().map_err(|error| BuildError::Client(error.to_string()))?;
        let reply =
            ReplyLimits { first_byte: timeouts.first_byte, total: timeouts.total, body: self.max_reply };
        let Self { clock, roots, plain, egress, .. } = self;
        Ok(HttpTransport::from_parts(Parts { client, clock, roots, plain, egress, timeouts, reply }))
    }

    /// The settings nobody may change. reqwest's own timeouts stay unset: its connect timeout would run on while a
    /// connection waits at the gate.
    fn hardened(&self, idle: usize) -> Result<reqwest::ClientBuilder, BuildError> {
        let tls = tls::config(&self.roots).map_err(|error| BuildError::Tls(error.to_string()))?;
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .https_only(self.plain == PlainHttp::Never)
            .http1_only()
            .pool_max_idle_per_host(idle)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .no_proxy()
            // Another crate of the program may have compiled these in; bytes are judged as they were sent.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .dns_resolver(SystemNames)
            .user_agent(USER_AGENT)
            .connector_layer(GateLayer);
        match &self.egress {
            Egress::Direct => Ok(client),
            Egress::Tunnel(proxy) => {
                // The error would name the address, which may hold a password.
                let unusable = |_| BuildError::Client("the proxy's address is not usable".into());
                Ok(client.proxy(Proxy::https(proxy.url()).map_err(unusable)?))
            }
        }
    }
}

impl fmt::Debug for HttpTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransportBuilder")
            .field("roots", &self.roots)
            .field("plain", &self.plain)
            .field("egress", &self.egress)
            .field("timeouts", &self.timeouts)
            .field("max_reply", &self.max_reply)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use refund_core::{BootId, Moment, WallTime};

    struct Stopped;

    impl Clock for Stopped {
        fn now(&self) -> Moment {
            Moment::new(BootId(1), 0)
        }
        fn wall(&self) -> WallTime {
            WallTime(0)
        }
    }

    #[test]
    fn the_defaults_are_the_documented_ones() {
        let Timeouts { connect, tls, first_byte, total } = Timeouts::default();
        assert_eq!([connect, tls, first_byte, total].map(|limit| limit.as_secs()), [5, 5, 90, 120]);
        assert_eq!(HttpTransportBuilder::MAX_REPLY_BYTES, 1_048_576);
    }

    #[test]
    fn a_limit_of_nothing_is_refused_by_name() {
        let zero = Timeouts { first_byte: Duration::ZERO, ..Timeouts::default() };
        let built = HttpTransport::builder(Arc::new(Stopped)).timeouts(zero).build();
        assert_eq!(built.err(), Some(BuildError::ZeroTimeout { which: "first_byte" }));
    }
}
