//! One record, two sends.

use refund_core::Journaled;

async fn twice(journaled: Journaled) {
    journaled.fire().await;
    journaled.fire().await;
}

fn main() {}
