//! A connection declared journaled, without the record.

use refund_core::{Journaled, Opened, SendPermit};

fn forge(opened: Box<dyn Opened>, permit: SendPermit) -> Journaled {
    Journaled { opened, permit }
}

fn main() {}
