//! Refunds through Robokassa: the README, and a map of the rooms below it.
//!
#![doc = include_str!("../README.md")]
//!
//! # Inside
//!
//! | module | room |
//! |---|---|
//! | [`wire`] | bytes in, bytes out: pure, pinned by tests; the only place that knows Robokassa's own names |
//! | [`config`] | one shop's settings, checked when they are built |
//! | [`descriptor`] | the gateway as data: capabilities, timing, what to tell an operator |
//! | [`rules`] | what this gateway cannot refund, with rule ids |
//! | [`declines`] | what a refusal may mean |
//! | [`schema`] | the names and forms of the bytes that a journal keeps for this provider |
//!
//! This crate must not know another gateway, the journal, the engine or an HTTP library: bytes travel through the
//! injected [`refund_core::Transport`].
#![deny(missing_docs)]

pub mod config;
pub mod declines;
pub mod descriptor;
mod provider;
pub mod rules;
pub mod schema;
pub mod wire;

pub use config::{ConfigError, Endpoints, RobokassaConfig};
pub use descriptor::ID;
pub use provider::Robokassa;
pub use wire::{jwt::TokenAlgorithm, signature::HashAlgorithm};
