//! The sandbox's own readers of what clients send: JSON members, numbers, forms.
//!
//! They know no gateway and keep every digit as text until it is an integer.

pub(crate) mod form;
pub(crate) mod json;
pub(crate) mod number;
