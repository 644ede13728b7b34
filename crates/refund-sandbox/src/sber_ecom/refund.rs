//! `refund.do` and `autoRefund`: checks in order, then money moves once, and a repeat moves none.
//!
//! `jsonParams.externalRefundId` is known for one order and for ever: the same key with the same data
//! gets the first answer again, with other data an error, a new or absent one is a new refund
//! (CONFIRMED, ecomtest). A refusal is not remembered (GUESS). The header `x-idempotencyKey` is documented
//! as under development and is not read.

use jiff::Timestamp;

use super::bundle::BUNDLE;
use super::payment::bundle;
use super::receipts;
use super::refusal::Refusal;
use super::reply::Done;
use super::request::{JSON_PARAMS, LANGUAGE, ORDER_ID, PASSWORD, Request, SUM, USER};
use super::schema::{Member, may, must};
use super::{answer, find};
use crate::call::{Call, Reply};
use crate::clock::later;
use crate::funnel::Twist;
use crate::ledger::{Cause, Direction, Gateway, NewRefund, Origin, Payment, Phase, Refund, ReplayKey};
use crate::money::{Split, split};
use crate::switches::{EcomSwitches, EcomZero, Reservation, Strictness};
use crate::text::json::string;
use crate::world::World;

/// CONFIRMED, ecomtest: no `refundItems`, no `currency`, no `orderNumber`.
static REFUND: &[Member] =
    &[USER, PASSWORD, ORDER_ID, must("amount", SUM), LANGUAGE, JSON_PARAMS, may("orderBundle", BUNDLE)];
/// CONFIRMED, ecomtest: the sum of money and points, and optional.
static AUTO_REFUND: &[Member] = &[
    USER,
    PASSWORD,
    ORDER_ID,
    may("compositeAmount", SUM),
    LANGUAGE,
    JSON_PARAMS,
    may("orderBundle", BUNDLE),
];

/// What the amount of a request counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    Money,
    /// Money and points; how they are divided is not described here and taken from the OLD dialect.
    Composite,
}

/// `refund.do`.
pub(crate) fn refund(world: &mut World, call: &Call, twist: &Twist) -> Reply {
    answer(world, call, twist, REFUND, |world, request| commit(world, request, twist, Counts::Money))
}

/// `autoRefund`.
pub(crate) fn auto_refund(world: &mut World, call: &Call, twist: &Twist) -> Reply {
    answer(world, call, twist, AUTO_REFUND, |world, request| commit(world, request, twist, Counts::Composite))
}

fn commit(world: &mut World, request: &Request<'_>, twist: &Twist, counts: Counts) -> Result<Done, Refusal> {
    let switches = world.switches.sber.ecom.clone();
    let order = find(world, &request.user, &request.text("orderId").unwrap_or_default())?;
    let key = key(request)?;
    if let Some(earlier) = key.as_ref().and_then(|key| made_with(order, key)) {
        return replay(earlier, key.as_ref(), &switches);
    }
    let amount = amount(request, order, counts, &switches)?;
    let whole =
        if counts == Counts::Composite { split(amount, order) } else { Split { money: amount, points: 0 } };
    let bundle = bundle(request, order, amount, Direction::SellRefund, &switches)?;
    let partial = amount < order.captured || !order.refunds.is_empty();
    let needs_cart = !order.cart.is_empty() && partial;
    if bundle.is_none() && needs_cart && switches.partial_without_cart == Strictness::Refuse {
        return Err(Refusal::cart_total());
    }
    let (id, at) = (order.id.clone(), world.clock.now());
    let wait = twist.finish_after.unwrap_or(switches.finish_after_seconds);
    let due = later(at, wait).unwrap_or(at);
    let lines = bundle.iter().flat_map(|bundle| bundle.items.iter().map(|item| item.raw.clone())).collect();
    let receipt = bundle.and_then(|bundle| receipts::wanted(bundle, Cause::Refund, amount, at, &switches));
    let new = NewRefund {
        points: whole.points,
        due,
        lines,
        key,
        receipt,
        ..NewRefund::at_once(whole.money, at, Origin::Api)
    };
    if world.ledger.write(Gateway::SberEcom, &id, new) { Ok(done(at, due)) } else { Err(Refusal::system()) }
}

/// A refund that falls due later is accepted for processing.
fn done(at: Timestamp, due: Timestamp) -> Done {
    if at < due { Done::Later } else { Done::Now }
}

fn key(request: &Request<'_>) -> Result<Option<ReplayKey>, Refusal> {
    let Some(id) = request.param("externalRefundId").and_then(string) else { return Ok(None) };
    let data = request.data().ok_or_else(|| Refusal::invalid("nested too deep to be compared"))?;
    Ok(Some(ReplayKey { id, data }))
}

fn made_with<'a>(order: &'a Payment, key: &ReplayKey) -> Option<&'a Refund> {
    order.refunds.iter().find(|refund| refund.key.as_ref().is_some_and(|known| known.id == key.id))
}

/// The first answer again, whatever has become of the refund since.
fn replay(earlier: &Refund, key: Option<&ReplayKey>, switches: &EcomSwitches) -> Result<Done, Refusal> {
    if earlier.key.as_ref() == key {
        Ok(done(earlier.at, earlier.due))
    } else {
        Err(Refusal::key_conflict(switches.key_conflict_code))
    }
}

/// The sum, within what is left.
fn amount(
    request: &Request<'_>,
    order: &Payment,
    counts: Counts,
    switches: &EcomSwitches,
) -> Result<u64, Refusal> {
    if order.phase != Phase::Paid {
        return Err(Refusal::not_paid(switches.wrong_state_code));
    }
    let money = order.remaining(Reservation::AtAcceptance);
    let (left, asked) = match counts {
        Counts::Money => (money, request.integer("amount")),
        Counts::Composite => {
            (money.saturating_add(order.points_remaining()), request.integer("compositeAmount"))
        }
    };
    let amount = match (asked, switches.zero_amount) {
        (Some(0), EcomZero::Refuse) => return Err(Refusal::wrong_amount()),
        (None, _) | (Some(0), EcomZero::Rest) => left,
        (Some(amount), _) => amount,
    };
    if amount == 0 || amount > left {
        return Err(Refusal::exceeds(switches.exceeds_code));
    }
    Ok(amount)
}
