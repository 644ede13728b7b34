//! A send that would leave the record behind for another one.

use refund_core::Journaled;

async fn keep(journaled: &Journaled) {
    journaled.fire().await;
}

fn main() {}
