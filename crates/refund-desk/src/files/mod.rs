//! Files people write: the refund request and the order.
//!
//! A file is parsed whole or refused with the path of its first mistake; unknown fields are mistakes, because a
//! misspelt `amuont` must not become a full refund.

mod allocate;
mod lines;
mod named;
mod order;
mod read;
mod request;
mod sentences;
mod text;
mod words;

pub use order::{Order, RegisteredCart, parse_order, read_order};
pub use request::{Request, RequestAmount, RequestRef, parse_request, read_request};
pub(crate) use sentences::DEFS;
