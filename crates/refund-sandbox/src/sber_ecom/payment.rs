//! What happens to an order's money apart from refunds: paying, `deposit.do`, `reverse.do`,
//! `decline.do`.
//!
//! Paying has no call in the real protocol: a person does it, here through the control API.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::bundle::{BUNDLE, Bundle};
use super::receipts;
use super::refusal::Refusal;
use super::reply::Done;
use super::request::{JSON_PARAMS, LANGUAGE, ORDER_ID, PASSWORD, Request, SUM, USER};
use super::schema::{Member, may, must};
use super::{answer, cart, find};
use crate::call::{Call, Reply};
use crate::funnel::Twist;
use crate::ledger::{Cause, Direction, Gateway, Move, MoveKind, Payment, Phase, Scheme, What};
use crate::switches::{EcomSwitches, EcomZero, Strictness};
use crate::world::World;

/// CONFIRMED, ecomtest.
static DEPOSIT: &[Member] =
    &[USER, PASSWORD, ORDER_ID, must("amount", SUM), LANGUAGE, JSON_PARAMS, may("orderBundle", BUNDLE)];
/// CONFIRMED, ecomtest.
static REVERSE: &[Member] =
    &[USER, PASSWORD, ORDER_ID, may("amount", SUM), LANGUAGE, JSON_PARAMS, may("orderBundle", BUNDLE)];
static DECLINE: &[Member] = &[USER, PASSWORD, ORDER_ID, LANGUAGE, JSON_PARAMS];

/// Somebody pays: taken or held in full, as it was registered. Answers where the order now is, and the
/// money.
pub(crate) fn pay(world: &mut World, id: &str) -> (Phase, u64) {
    let now = world.clock.now();
    let switches = world.switches.sber.ecom.clone();
    let Some(order) = world.ledger.find(Gateway::SberEcom, id) else { return (Phase::Created, 0) };
    let (money, whole) = (order.registered, order.registered.saturating_add(order.points));
    let (phase, kind, what) = match order.scheme {
        Scheme::OneStage => (Phase::Paid, MoveKind::Authorization, What::Deposited),
        Scheme::TwoStage => (Phase::Held, MoveKind::Preauthorization, What::Approved),
    };
    let bundle = order.bundle.as_ref().and_then(|raw| Bundle::read(raw.get(), u64::MAX).ok());
    let receipt = bundle.and_then(|bundle| receipts::wanted(bundle, Cause::Payment, whole, now, &switches));
    world.ledger.change(Gateway::SberEcom, id, Some(what), |order| {
        (order.phase, order.captured, order.credited, order.paid_at) = (phase, money, money, now);
        order.moves.push(Move { kind, amount: money, at: now });
        order.receipts.extend(receipt);
    });
    (phase, money)
}

/// `deposit.do`: takes a hold, all of it or less.
pub(crate) fn deposit(world: &mut World, call: &Call, twist: &Twist) -> Reply {
    answer(world, call, twist, DEPOSIT, |world, request| {
        let switches = world.switches.sber.ecom.clone();
        let order = find(world, &request.user, &request.text("orderId").unwrap_or_default())?;
        if order.phase != Phase::Held {
            return Err(Refusal::not_held(switches.wrong_state_code));
        }
        let asked = request.integer("amount").unwrap_or(0);
        let amount = match (asked, switches.zero_amount) {
            (0, EcomZero::Refuse) => return Err(Refusal::wrong_amount()),
            (0, EcomZero::Rest) => order.captured,
            (amount, _) => amount,
        };
        if amount > order.captured {
            return Err(Refusal::exceeds_hold());
        }
        let whole = if amount == order.captured { amount.saturating_add(order.points) } else { amount };
        let bundle = bundle(request, order, whole, Direction::Sell, &switches)?;
        let needs_cart = !order.cart.is_empty() && amount < order.captured;
        if bundle.is_none() && needs_cart && switches.partial_without_cart == Strictness::Refuse {
            return Err(Refusal::cart_total());
        }
        let (id, now) = (order.id.clone(), world.clock.now());
        // What was taken is from now on the order refunds are measured against (GUESS).
        let lines = bundle.as_ref().map(|bundle| bundle.items.iter().map(|item| item.raw.clone()).collect());
        let receipt =
            bundle.and_then(|bundle| receipts::wanted(bundle, Cause::Completion, whole, now, &switches));
        world.ledger.change(Gateway::SberEcom, &id, Some(What::Deposited), |order| {
            (order.phase, order.captured, order.credited) = (Phase::Paid, amount, amount);
            order.paid_at = now;
            order.moves.push(Move { kind: MoveKind::Completion, amount, at: now });
            order.receipts.extend(receipt);
            if let Some(lines) = lines {
                order.cart = lines;
            }
        });
        Ok(Done::Now)
    })
}

/// `reverse.do`: of a hold before it is taken, of a one-stage payment on its banking day in Moscow
/// (CONFIRMED); in part once.
pub(crate) fn reverse(world: &mut World, call: &Call, twist: &Twist) -> Reply {
    answer(world, call, twist, REVERSE, |world, request| {
        let switches = world.switches.sber.ecom.clone();
        let now = world.clock.now();
        let order = find(world, &request.user, &request.text("orderId").unwrap_or_default())?;
        reversible(order, now)?;
        let amount = request.integer("amount").unwrap_or(order.captured);
        if amount == 0 || amount > order.captured {
            return Err(Refusal::wrong_amount());
        }
        let part = amount < order.captured;
        if part && order.moved(MoveKind::Reversal) {
            return Err(Refusal::reversed_in_part_already());
        }
        let whole = if part { amount } else { amount.saturating_add(order.points) };
        let bundle = bundle(request, order, whole, Direction::SellRefund, &switches)?;
        let id = order.id.clone();
        let receipt =
            bundle.and_then(|bundle| receipts::wanted(bundle, Cause::Reversal, whole, now, &switches));
        world.ledger.change(Gateway::SberEcom, &id, Some(What::Reversed), |order| {
            order.captured -= amount;
            order.credited = order.captured;
            if !part {
                order.phase = Phase::Reversed;
            }
            order.moves.push(Move { kind: MoveKind::Reversal, amount, at: now });
            order.receipts.extend(receipt);
        });
        Ok(Done::Now)
    })
}

/// The texts are CONFIRMED, which case gets which is a GUESS.
fn reversible(order: &Payment, now: Timestamp) -> Result<(), Refusal> {
    let taken_from_hold = order.scheme == Scheme::TwoStage && order.phase == Phase::Paid;
    let open = matches!(order.phase, Phase::Held | Phase::Paid) && !taken_from_hold;
    if !open || !order.refunds.is_empty() {
        return Err(Refusal::wrong_status());
    }
    if order.phase == Phase::Paid && moscow_day(order.paid_at) != moscow_day(now) {
        return Err(Refusal::forbidden());
    }
    Ok(())
}

fn moscow_day(instant: Timestamp) -> Date {
    Offset::constant(3).to_datetime(instant).date()
}

/// `decline.do`: an order nobody has paid.
pub(crate) fn decline(world: &mut World, call: &Call, twist: &Twist) -> Reply {
    answer(world, call, twist, DECLINE, |world, request| {
        let order = find(world, &request.user, &request.text("orderId").unwrap_or_default())?;
        if order.phase != Phase::Created {
            return Err(Refusal::wrong_status());
        }
        let id = order.id.clone();
        world.ledger.change(Gateway::SberEcom, &id, None, |order| order.phase = Phase::Declined);
        Ok(Done::Now)
    })
}

/// The request's cart, checked against the order and the sum; `None` without one.
pub(super) fn bundle(
    request: &Request<'_>,
    order: &Payment,
    sum: u64,
    direction: Direction,
    switches: &EcomSwitches,
) -> Result<Option<Bundle>, Refusal> {
    let Some(text) = request.raw("orderBundle") else { return Ok(None) };
    let bundle = Bundle::read(text, switches.tax_type_max)?;
    if bundle.receipt.is_some_and(|wanted| wanted != direction) {
        return Err(Refusal::cart_format("orderBundle.receiptType: the other direction"));
    }
    cart::consistent(&bundle, sum, &order.currency, switches)?;
    cart::fits(&bundle, order, switches)?;
    Ok(Some(bundle))
}
