//! Refunds through Sber acquiring.
//!
//! "Sber acquiring REST" is two protocols that share method names and little else. This crate holds a module for each:
//!
//! | module | dialect | hosts |
//! |---|---|---|
//! | [`old`] | form bodies, `/payment/rest/` (Sber, refund.do) | `securepayments.sberbank.ru`, `3dsec.sberbank.ru` |
//! | `ecom` | JSON bodies, `/ecomm/gw/partner/api/v1/` | not written yet |
//!
//! They share what is the same thing on both sides ([`OrderId`], the reading of JSON numbers, the cutting out of
//! secrets) and never a wire struct. The crate must not know the journal, an HTTP library or another gateway.
//!
//! To learn how a provider is written, read [`old`] in the order its table gives.
#![deny(missing_docs)]

pub mod old;

mod order_id;
mod raw;
mod redact;

pub use order_id::{OrderId, OrderIdError};

/// The README's examples compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
