//! A connection fired with no permit at all.

use refund_core::Opened;

async fn unarmed(opened: Box<dyn Opened>) {
    opened.fire().await;
}

fn main() {}
