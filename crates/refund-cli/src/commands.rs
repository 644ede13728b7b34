//! One file per command: read arguments, call the desk, hand the result to the printer.

pub(crate) mod check;
pub(crate) mod create;
pub(crate) mod explain;
pub(crate) mod follow;
pub(crate) mod sandbox;
