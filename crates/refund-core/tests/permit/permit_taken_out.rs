//! The permit of one connection, taken out for another.

use refund_core::{Journaled, SendPermit};

fn steal(journaled: Journaled) -> SendPermit {
    journaled.permit
}

fn main() {}
