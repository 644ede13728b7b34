//! A checked refund whose amount is raised afterwards.

use refund_core::{CheckedRefund, Money};

fn raise(checked: &mut CheckedRefund) {
    checked.amount = Money::rub(1_000_000);
}

fn main() {}
