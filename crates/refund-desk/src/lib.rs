//! What an operator does: request files, settings and secrets, creating a refund, asking how it stands, deciding what
//! nobody else can decide.
//!
//! It must not know a terminal (the command renders what is here) nor a gateway's name (gateways come as
//! [`gateways::Gateway`] values and describe themselves).
//!
//! | module | room |
//! |---|---|
//! | [`files`] | the request file and the order file, their schemas and mistakes |
//! | [`settings`] | profiles, the journal's place, where secrets come from |
//! | [`gateways`] | how a gateway is built from a profile |
//! | [`ops`] | check, create, status, resolve, list, show, explain |
//! | [`view`] | a refund as people and programs are shown it |
//! | [`problem`] | what went wrong, where, and what to do; with its kind, from which the exit code follows |
#![deny(missing_docs)]

pub mod files;
pub mod gateways;
pub mod ops;
pub mod problem;
pub mod settings;
pub mod view;
pub mod words;

pub use problem::{Kind, Problem};
