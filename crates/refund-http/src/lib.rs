//! The only HTTP client of the toolkit: [`refund_core::Transport`] over reqwest and rustls.
//!
//! What lives here: connecting, the gate between "connected" and "may be sent", trust in certificates, timeouts, and the
//! sorting of everything that can go wrong on a wire into "not one byte left" and "nobody can tell". It must not know a
//! gateway, a journal or what a reply means: a redirect, a 503 and a 200 all come back as replies.
//!
//! # Two locks
//!
//! A request that moves money is held back twice, and each lock is enough by itself:
//!
//! 1. **the connection**: the last layer of the connector keeps the established connection (name resolved, TCP and TLS
//!    done) until [`refund_core::Ready::fire`]; before that, the HTTP library has nothing to write to;
//! 2. **the body**: it gives its bytes out only against a living permit, which it spends at that very moment. Asked
//!    without one it fails, and the HTTP library drops the connection together with the head it had not written yet.
//!
//! "Not sent" is claimed on the evidence of these two alone. Whoever settles it takes the body's lock: either the body
//! was given out, or it is withdrawn for good; no later write can prove the claim wrong. What the HTTP library says of
//! an error is told to people and never decides.
//!
//! # One attempt
//!
//! No pool, so no connection that may have died unnoticed and no hidden second send; no redirects; no retries; HTTP/1.1
//! only (HTTP/2 has its own replays). A client with a pool cannot be made from outside, and a test shows that with one
//! the second lock refuses what passes by the first.
//!
//! # Needs
//!
//! A tokio runtime with I/O and time enabled. No process-wide rustls provider is read or installed.
//!
//! ```
//! use refund_core::{BootId, Clock, Moment, WallTime};
//! use refund_http::{HttpTransport, PlainHttp, Timeouts};
//! use std::{sync::Arc, time::Duration};
//!
//! struct Stopped;
//! impl Clock for Stopped {
//!     fn now(&self) -> Moment {
//!         Moment::new(BootId(1), 0)
//!     }
//!     fn wall(&self) -> WallTime {
//!         WallTime(0)
//!     }
//! }
//!
//! let transport = HttpTransport::builder(Arc::new(Stopped))
//!     .plain_http(PlainHttp::LoopbackOnly)
//!     .timeouts(Timeouts { first_byte: Duration::from_secs(30), ..Timeouts::default() })
//!     .build()?;
//! # let _ = transport;
//! # Ok::<(), refund_http::BuildError>(())
//! ```
#![deny(missing_docs)]

mod body;
mod builder;
mod explain;
mod gate;
mod proxy;
mod reach;
mod receive;
mod request;
mod roots;
mod tls;
mod transport;

pub use builder::{BuildError, HttpTransportBuilder, PlainHttp, Timeouts};
pub use proxy::{Egress, HttpProxy, ProxyError};
pub use roots::{RootCertificates, RootsError, TrustedRoots};
pub use transport::HttpTransport;
