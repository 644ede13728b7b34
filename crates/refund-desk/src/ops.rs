//! What an operator does with refunds: check, create, ask, resolve, withdraw, list, show; and the rules explained.
//!
//! Every operation on a refund answers with a [`Told`]: the refund as it stands, what happened, what to do next, and the kind of
//! problem from which an exit code follows. They must not know a terminal or a gateway's name.

mod check;
mod create;
mod explain;
mod follow;
mod gallery;
mod told;

pub use check::{Against, Checked, Refusal, Verdict, check, check_bytes};
pub use create::{Proposal, carry_out, propose};
pub use explain::{Bound, Catalogue, Entry};
pub use follow::{Wait, decide, list, resolve, show, status, take_back};
pub use told::{Told, halted};

/// Every sentence of these modules, for tests.
pub(crate) fn defs() -> Vec<&'static refund_core::MessageDef> {
    [told::DEFS, create::DEFS, check::DEFS, explain::DEFS].concat()
}
