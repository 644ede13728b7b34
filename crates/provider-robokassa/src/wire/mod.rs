//! Robokassa's protocol as bytes: no I/O, no clock, no configuration. Everything here is deterministic and pinned by
//! tests, so that another program can rely on it without the rest of this crate.
//!
//! | module | call |
//! |---|---|
//! | [`create`], [`items`], [`jwt`] | `POST /RefundService/Refund/Create`: payload, positions, token, body |
//! | [`reply`], [`salvage`] | what came back of it, and the id in a reply that was cut |
//! | [`get_state`] | `GET /RefundService/Refund/GetState` |
//! | [`op_state`], [`signature`] | `GET /Merchant/WebService/Service.asmx/OpStateExt` |
//! | [`op_key`], [`request_id`], [`roubles`] | values that several calls share |
//!
//! It must not know how bytes travel, where secrets come from, or what a journal is.

pub mod create;
pub mod get_state;
pub mod items;
pub mod jwt;
pub mod op_key;
pub mod op_state;
pub mod reply;
pub mod request_id;
pub mod roubles;
pub mod salvage;
pub mod signature;
mod xml;

/// The most bytes of an answer that any decoder here reads: 1 MiB. Longer answers are not Robokassa's.
pub const MAX_ANSWER: usize = 1 << 20;

/// An answer without a byte order mark and surrounding ASCII white space.
fn trimmed(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii()
}
