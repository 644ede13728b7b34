//! One permit for two connections.

use refund_core::{Ready, SendPermit};

async fn send_both(first: Box<dyn Ready>, second: Box<dyn Ready>, permit: SendPermit) {
    first.fire(permit).await;
    second.fire(permit).await;
}

fn main() {}
