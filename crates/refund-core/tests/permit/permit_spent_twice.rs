//! A transport that spends its permit once per attempt, to retry.

use refund_core::{Clock, SendPermit};

fn retry(permit: SendPermit, clock: &dyn Clock) {
    while permit.spend(clock).is_err() {}
}

fn main() {}
