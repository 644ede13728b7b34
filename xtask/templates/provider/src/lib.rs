//! Refunds through Newgate.
//!
//! | file | what it holds | what it must not know |
//! |---|---|---|
//! | [`descriptor`] | what the gateway can do, as data; its texts in two languages | bytes, connections |
//! | [`rules`] | what this gateway refuses, told before anything is sent | bytes, connections |
//! | [`wire`] | bytes to meaning and back: pure, tested in tables | credentials, connections, clocks |
//! | [`provider`] | the contract: hands bytes to a `Transport` | HTTP libraries, the journal |
//!
//! A skeleton: everything is refused or unknown until [`wire`] is written. The guide "Adding a provider" says in which
//! order; `tests/conformance.rs` says what is missing.
#![deny(missing_docs)]

pub mod descriptor;
pub mod provider;
pub mod rules;
pub mod wire;

pub use descriptor::ID;
pub use provider::Newgate;
