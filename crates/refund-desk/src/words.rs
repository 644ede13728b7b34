//! The sentences about refunds: where one stands, what happened, what to do next.
//!
//! Chosen here by state, rendered by the command. They must not name a gateway: what is particular to one comes from
//! its descriptor.

pub(crate) mod foreign;
mod news;
mod phases;

pub use foreign::without_layers;
pub use news::{details, news};
pub(crate) use news::{lookup, lookup_details};
pub(crate) use phases::too_early;
pub use phases::{about, next_step};

/// Every sentence of the desk, so that a test can check that each reads in both languages.
pub fn defs() -> Vec<&'static refund_core::MessageDef> {
    let lists = [phases::DEFS, news::DEFS, crate::problem::DEFS, crate::files::DEFS, foreign::DEFS];
    lists.concat().into_iter().chain(crate::ops::defs()).chain(crate::settings::defs()).collect()
}
