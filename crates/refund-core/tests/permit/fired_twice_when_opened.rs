//! One connection fired twice, each time under a permit of its own.

use refund_core::{Opened, SendPermit};

async fn twice(opened: Box<dyn Opened>, one: SendPermit, other: SendPermit) {
    opened.fire(one).await;
    opened.fire(other).await;
}

fn main() {}
