//! Sber's own gateway, the ECOM dialect: strict JSON in, JSON out, `/ecomm/gw/partner/api/…`.
//!
//! Written from the ecomtest documentation. Must not know Robokassa, sockets or the control API, and
//! shares no wire form with the OLD dialect beside it.

mod bundle;
mod cart;
mod payment;
mod receipts;
mod refund;
mod refusal;
mod register;
mod reply;
mod request;
mod schema;
mod status;

pub(crate) use payment::{decline, deposit, pay, reverse};
pub(crate) use receipts::{do_receipt, receipt_status, retry_receipt};
pub(crate) use refund::{auto_refund, refund};
pub(crate) use register::{register, register_pre_auth};
pub(crate) use status::status;

use serde_json::value::RawValue;

use crate::call::{Call, Reply};
use crate::funnel::Twist;
use crate::ledger::{Gateway, Payment};
use crate::world::World;
use refusal::Refusal;
use reply::{Done, Head};
use request::{Request, Unreadable};
use schema::Member;

/// Opens a call, lets an operation decide and writes what it says.
fn answer(
    world: &mut World,
    call: &Call,
    twist: &Twist,
    schema: &'static [Member],
    act: impl FnOnce(&mut World, &Request<'_>) -> Result<Done, Refusal>,
) -> Reply {
    let head = match Request::open(call, schema, &world.switches.sber.ecom) {
        Err(Unreadable::Plain(reply)) => return reply,
        Err(Unreadable::Refused(refusal)) => Head::refusal(&refusal),
        Ok(request) => match act(world, &request) {
            Ok(done) => Head::success(done),
            Err(refusal) => Head::refusal(&refusal),
        },
    };
    reply::at(axum::http::StatusCode::OK, &head.twisted(twist))
}

/// A refusal that a fault made up, as this dialect would print it.
pub(crate) fn made_up(_: &World, _: &Call, code: u64, text: &str) -> Reply {
    reply::at(axum::http::StatusCode::OK, &Head::refusal(&Refusal::made_up(code, text)))
}

/// An order this user may see.
fn find<'a>(world: &'a World, user: &str, id: &str) -> Result<&'a Payment, Refusal> {
    visible(world, user, world.ledger.find(Gateway::SberEcom, id))
}

fn visible<'a>(world: &'a World, user: &str, order: Option<&'a Payment>) -> Result<&'a Payment, Refusal> {
    let seen = order.filter(|order| order.user.as_deref().is_none_or(|owner| owner == user));
    seen.ok_or_else(|| Refusal::unknown_order(world.switches.sber.ecom.unknown_order_code))
}

/// A registered cart line for the control API: its position and its sum in minor units, or what is
/// wrong. Only what the gateway counts with is asked for.
pub(crate) fn registered_line(raw: &RawValue) -> Result<(String, u64), &'static str> {
    let item = bundle::Item::read(raw.get()).ok_or(
        "a position needs positionId, name and itemCode as strings, quantity.value, and itemPrice and \
         itemAmount as integers",
    )?;
    let digits = item.position.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (1..=12).contains(&item.position.len()) {
        Ok((item.position, item.amount))
    } else {
        Err("positionId is not 1 to 12 digits")
    }
}
