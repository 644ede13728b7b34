//! Files people write: the refund request.
//!
//! A file is parsed whole or refused with the path of its first mistake; unknown fields are mistakes, because a
//! misspelt `amuont` must not become a full refund.

mod request;
mod sentences;

pub use request::{Request, RequestAmount, parse_request, read_request};
pub(crate) use sentences::DEFS;
