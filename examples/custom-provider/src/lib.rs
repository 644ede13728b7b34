//! A gateway added from outside: everything a provider needs is in `refund-core`.
//!
//! Acme Pay is made up. It takes lines of text and is paid for in roubles; real gateways differ in [`wire`] and
//! [`descriptor`], hardly in [`provider`]. Read the files in this order:
//!
//! | file | what it holds | what it must not know |
//! |---|---|---|
//! | [`descriptor`] | what the gateway can do, as data; its texts in two languages | bytes, connections |
//! | [`rules`] | what this gateway refuses, told before anything is sent | bytes, connections |
//! | [`wire`] | bytes to meaning and back: pure, tested in tables | credentials, connections, clocks |
//! | [`provider`] | the contract: hands bytes to a `Transport` | HTTP libraries, the journal |
//!
//! `tests/contract.rs` drives it the way the engine does: look up, check, prepare, open, **arm**, fire. What a provider
//! promises beyond the types is written at [`refund_core::RefundProvider`]; `tests/conformance.rs` checks it with the crate
//! `refund-conformance`, against a pretended Acme of a page in `tests/gateway`.
#![deny(missing_docs)]

pub mod descriptor;
pub mod provider;
pub mod rules;
pub mod wire;

pub use provider::Acme;

/// The guide's Rust, compiled as tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guides/adding-a-provider.md")]
struct Guide;
