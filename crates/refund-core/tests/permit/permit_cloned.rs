//! A second permit from the first.

use refund_core::SendPermit;

fn copy(permit: SendPermit) -> (SendPermit, SendPermit) {
    (permit.clone(), permit)
}

fn main() {}
