//! Robokassa and Sber acquiring, pretended from their documents.
//!
//! One process, one port, Robokassa and both dialects of Sber, a ledger that tells what really happened to the money,
//! faults on order, and a control API under `/_sandbox/`. Any client in any language can be
//! pointed at it; `README.md` shows the calls.
//!
//! What must not be known here: any other crate of this workspace. The sandbox parses and checks
//! everything by itself, so that a misreading of a document in the client is not repeated on the
//! other side of the wire.
//!
//! # Evidence
//!
//! Comments name their source and how far it can be trusted: CONFIRMED is official text or the
//! vendor's own plugin, REPORTED is somebody else's code or account, GUESS is a default nobody
//! attests. Every contested point is a switch with a name (`GET /_sandbox/switches`).
//!
//! # Time
//!
//! The sandbox has a clock of its own. It reads the machine's clock once, when it starts, and from
//! then on moves only when told to (`POST /_sandbox/clock`). Real time that passes is not added:
//! the same calls give the same answers, however slowly they come. Callbacks and their repeats go by
//! that clock as well.
//!
//! ```no_run
//! # async fn demo() -> Result<(), refund_sandbox::StartError> {
//! use refund_sandbox::{Mode, Sandbox};
//!
//! let running = Sandbox::builder().mode(Mode::Strict).start().await?;
//! let base = running.url(); // "http://127.0.0.1:40123"
//! # drop(base);
//! running.stop().await;
//! # Ok(())
//! # }
//! ```

#![deny(missing_docs)]

mod call;
mod callbacks;
mod chaos;
mod clock;
mod config;
mod control;
mod departure;
mod faults;
mod funnel;
mod ids;
mod ledger;
mod mask;
mod money;
mod requests;
mod robokassa;
mod routes;
mod sber_ecom;
mod sber_old;
mod seeds;
mod server;
pub mod shops;
mod switches;
mod text;
mod world;

pub use config::{Builder, Mode, Sandbox, SandboxConfig};
pub use server::{Running, StartError};

/// The README's Rust example, compiled as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
