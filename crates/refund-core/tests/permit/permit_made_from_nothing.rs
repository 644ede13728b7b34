//! A permit by default.

use refund_core::SendPermit;

fn conjure() -> SendPermit {
    SendPermit::default()
}

fn main() {}
