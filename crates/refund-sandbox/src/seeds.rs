//! The documents' own data, so that the examples they print get the answers they print.
//!
//! Only identifiers and sums that stand in the two documents; the rest is filled in plainly.

use uuid::{Uuid, uuid};

use crate::ledger::{Gateway, NewRefund, Origin, Payment};
use crate::world::World;

/// The operation key of every sample on the Robokassa refund API page.
const OPERATION_KEY: &str = "0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF";
/// The request the page asks `GetState` about: 1.000000, finished.
const REQUEST_ID: Uuid = uuid!("cf15fd52-d2d1-4fc4-b9c0-25310e3bdded");
/// The order of the `refund.do` document's first sample, amount 47000.
const ORDER_IN_FULL: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";
/// The order of its sample with a penalty, amount 500000.
const ORDER_WITH_PENALTY: &str = "c676d60a-67cc-7281-877a-78b300a39301";

/// Enters the documents' payments: a Robokassa operation of 100.00 under invoice 42 with 1.00
/// already refunded, and two Sber orders without carts.
pub(crate) fn sow(world: &mut World) {
    let paid_at = world.clock.start();
    let payment =
        |gateway, id: &str, number: &str, captured| Payment::paid(gateway, id, number, captured, paid_at);
    world.ledger.enter(payment(Gateway::Robokassa, OPERATION_KEY, "42", 10_000));
    world.ledger.enter(payment(Gateway::SberOld, ORDER_IN_FULL, "sample-full", 47_000));
    world.ledger.enter(payment(Gateway::SberOld, ORDER_WITH_PENALTY, "sample-penalty", 500_000));
    let finished = NewRefund { request: Some(REQUEST_ID), ..NewRefund::at_once(100, paid_at, Origin::Api) };
    world.ledger.write(Gateway::Robokassa, OPERATION_KEY, finished);
    // Long over: nobody is told.
    drop(world.ledger.take_news());
}
