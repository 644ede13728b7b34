//! A permit written out by hand, without a durable record.

use refund_core::{Digest, Moment, SendPermit};

fn forge(digest: Digest, fire_by: Moment) -> SendPermit {
    SendPermit { digest, fire_by }
}

fn main() {}
