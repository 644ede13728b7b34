//! What a sandbox is started with: an address, a mode and, for repeatable runs, an instant.
//!
//! Knows nothing of gateways: everything else is changed at run time through the control API.

use std::net::{Ipv4Addr, SocketAddr};

use crate::server::{self, Running, StartError};

/// How forgiving the emulated gateways are.
///
/// A mode is nothing but a preset of switches; `GET /_sandbox/switches` shows the outcome and any
/// single one can be changed afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// As the evidence says the real gateway answers, and the strictest guess where there is none.
    #[default]
    Strict,
    /// Also takes what some clients are known or supposed to get away with: padding on a token's
    /// signature, whitespace and unknown members in its payload, receipt values outside the lists,
    /// repeated form parameters, numbers in `jsonParams`.
    Lenient,
}

/// The settings of one sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SandboxConfig {
    /// Address to listen on; port 0 lets the system pick one. Default: `127.0.0.1:0`.
    pub listen: SocketAddr,
    /// Default: [`Mode::Strict`].
    pub mode: Mode,
    /// First instant of the sandbox's clock, in seconds since 1970-01-01T00:00:00Z. Default: the
    /// machine's time when the sandbox starts.
    pub starts_at: Option<i64>,
    /// Seed of a random mix of faults: the same seed and the same requests give the same faults.
    /// Default: none, and nothing goes wrong unless told to.
    pub chaos: Option<u64>,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            mode: Mode::default(),
            starts_at: None,
            chaos: None,
        }
    }
}

/// Where a sandbox begins.
#[derive(Debug)]
#[non_exhaustive]
pub struct Sandbox;

impl Sandbox {
    /// A builder with every default.
    #[must_use]
    pub fn builder() -> Builder {
        Builder { config: SandboxConfig::default() }
    }

    /// Listens and serves, as a task of the current tokio runtime, until [`Running::stop`] is called
    /// or [`Running`] is dropped. Several sandboxes of one process share nothing.
    ///
    /// # Errors
    ///
    /// [`StartError`] if the address cannot be listened on or the first instant is out of range.
    pub async fn start(config: SandboxConfig) -> Result<Running, StartError> {
        server::start(config).await
    }
}

/// Builds a [`SandboxConfig`] and starts it.
#[derive(Debug, Clone)]
pub struct Builder {
    config: SandboxConfig,
}

impl Builder {
    /// Address to listen on.
    #[must_use]
    pub fn listen(mut self, listen: SocketAddr) -> Self {
        self.config.listen = listen;
        self
    }

    /// How forgiving the gateways are.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.config.mode = mode;
        self
    }

    /// First instant of the sandbox's clock, in Unix seconds.
    #[must_use]
    pub fn starts_at(mut self, unix_seconds: i64) -> Self {
        self.config.starts_at = Some(unix_seconds);
        self
    }

    /// Seed of a random mix of faults; see [`SandboxConfig::chaos`].
    #[must_use]
    pub fn chaos(mut self, seed: u64) -> Self {
        self.config.chaos = Some(seed);
        self
    }

    /// The settings so far.
    #[must_use]
    pub fn config(self) -> SandboxConfig {
        self.config
    }

    /// Starts it; see [`Sandbox::start`].
    ///
    /// # Errors
    ///
    /// The same as [`Sandbox::start`].
    pub async fn start(self) -> Result<Running, StartError> {
        Sandbox::start(self.config).await
    }
}
