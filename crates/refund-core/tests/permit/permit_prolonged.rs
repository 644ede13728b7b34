//! A permit whose deadline is moved.

use refund_core::{Moment, SendPermit};

fn prolong(permit: SendPermit, fire_by: Moment) -> SendPermit {
    SendPermit { fire_by, ..permit }
}

fn main() {}
