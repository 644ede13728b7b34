//! The bytes of the OLD dialect: form requests, JSON replies. Pure: no I/O, no clock, the same input gives the same
//! bytes.
//!
//! | module | bytes |
//! |---|---|
//! | [`form`] | both requests, and the credentials that are put in front of them |
//! | [`reply`] | what every reply begins with: `errorCode` in all its spellings |
//! | [`refund`], [`items`], [`ofd`] | refund.do, its lines, its receipt fields |
//! | [`status`], [`cart`] | getOrderStatusExtended.do |
//! | [`fiscal`] | what a receipt says of a line, in both |
//!
//! Gateway's names live here and nowhere else. It must not know what an answer means for a refund (that is
//! `old::outcome`), nor the transport. The other dialect has a wire of its own and shares no struct with this one.

pub mod cart;
pub mod fiscal;
pub mod form;
pub mod items;
pub mod ofd;
pub mod refund;
pub mod reply;
pub mod status;

pub use crate::raw::Unreadable;
