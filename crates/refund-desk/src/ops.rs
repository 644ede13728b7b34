//! What an operator does with refunds: create, ask, resolve, withdraw, list, show.
//!
//! Every operation answers with a [`Told`]: the refund as it stands, what happened, what to do next, and the kind of
//! problem from which an exit code follows. They must not know a terminal or a gateway's name.

mod create;
mod follow;
mod told;

pub use create::{Proposal, carry_out, propose};
pub use follow::{Wait, decide, list, resolve, show, status, take_back};
pub use told::{Told, halted};

/// Every sentence of these modules, for tests.
pub(crate) const DEFS: &[&refund_core::MessageDef] = told::DEFS;
