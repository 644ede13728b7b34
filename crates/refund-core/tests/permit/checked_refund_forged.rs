//! A refund that no rule has seen.

use refund_core::{CheckedRefund, Money, RefundCommand, refund::Extent};

fn forge(command: RefundCommand) -> CheckedRefund {
    CheckedRefund { command, amount: Money::rub(1_000_000), extent: Extent::Part }
}

fn main() {}
