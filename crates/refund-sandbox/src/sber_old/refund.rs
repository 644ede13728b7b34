//! `refund.do`: checks in order, then money moves once.
//!
//! The order of the checks is the likeliest one (GUESS): credentials, order id, order, state, amount,
//! jsonParams, balance, cart. There is no key to recognise a repeat by: a second identical call is a
//! second refund while money remains (CONFIRMED by absence).

use super::cart::{Line, refund_lines, registered_line};
use super::refusal::Refusal;
use super::reply::Style;
use super::rules::{self, Case};
use super::{admit, by_order_id, json_params, params};
use crate::call::{Call, Reply};
use crate::funnel::Twist;
use crate::ledger::{Gateway, Hold, NewRefund, Origin, Payment};
use crate::switches::{AmountMissing, Reservation, SberSwitches, ZeroAmount};
use crate::text::form::Form;
use crate::text::number::digits12;
use crate::world::World;

/// Sber has no refund requests that could still be cancelled: money is taken at once.
const TAKEN_AT_ONCE: Reservation = Reservation::AtAcceptance;

pub(crate) fn refund(world: &mut World, call: &Call, twist: &Twist) -> Reply {
    let form = match params::read(call, world.switches.sber.duplicate_parameters) {
        Ok(form) => form,
        Err(reply) => return reply,
    };
    let style = Style::of(Some(&form), &world.switches.sber, twist);
    match commit(world, &form) {
        Ok(()) => style.reply(&style.success()),
        Err(refusal) => style.reply(&style.refusal(&refusal)),
    }
}

fn commit(world: &mut World, form: &Form) -> Result<(), Refusal> {
    let user = admit(form)?;
    let id = form.get("orderId").filter(|id| !id.is_empty()).ok_or_else(Refusal::order_id_empty)?;
    let order = by_order_id(world, user, id)?;
    let switches = &world.switches.sber;
    let remaining = order.remaining(TAKEN_AT_ONCE);
    if order.hold == Hold::Held || remaining == 0 {
        return Err(Refusal::wrong_state());
    }
    let asked = asked_amount(form, switches)?;
    let amount = match (asked, switches.zero_amount) {
        (0, ZeroAmount::Rest) => remaining,
        (0, ZeroAmount::Whole) => order.captured,
        (amount, _) => amount,
    };
    let penalty = penalty(form, order, amount, switches)?;
    if amount > remaining {
        return Err(Refusal::exceeds());
    }
    let lines = cart(form, order, asked, amount, switches)?;
    let at = world.clock.now();
    let lines = lines.into_iter().map(|line| line.raw).collect();
    let new = NewRefund { amount, penalty, at, due: at, request: None, origin: Origin::Api, lines };
    if world.ledger.write(Gateway::SberOld, id, new) { Ok(()) } else { Err(Refusal::system()) }
}

/// `N..12`; 0 means everything (CONFIRMED, Sber wiki, platform vendor; implied in the document).
fn asked_amount(form: &Form, switches: &SberSwitches) -> Result<u64, Refusal> {
    match (form.get("amount"), switches.missing_amount) {
        (Some(text), _) => digits12(text).ok_or_else(Refusal::wrong_amount),
        (None, AmountMissing::Rest) => Ok(0),
        (None, AmountMissing::Refuse) => Err(Refusal::wrong_amount()),
    }
}

/// The penalty, 0 without one. The document both says that it is ignored for orders with loyalty and
/// shows an error; the error is what can be seen (CONFIRMED). The bound is a GUESS.
fn penalty(form: &Form, order: &Payment, amount: u64, switches: &SberSwitches) -> Result<u64, Refusal> {
    let Some(text) = form.get("jsonParams") else { return Ok(0) };
    let Some(penalty) = json_params::penalty(text, switches)? else { return Ok(0) };
    if order.points > 0 {
        return Err(Refusal::penalty_with_loyalty());
    }
    if penalty > amount {
        return Err(Refusal::own(5, "the penalty exceeds the refund"));
    }
    Ok(penalty)
}

/// The refund cart, checked. `asked` is the amount as sent: 0 needs no cart although it may be less
/// than the whole order.
fn cart(
    form: &Form,
    order: &Payment,
    asked: u64,
    amount: u64,
    switches: &SberSwitches,
) -> Result<Vec<Line>, Refusal> {
    let code = switches.cart_violation_code;
    let Some(text) = form.get("refundItems") else {
        // Needed for any sum but the debited one, and on every step of several (CONFIRMED, `refund.do`
        // document). Orders registered without a cart never need one.
        let partial = asked != 0 && amount != order.captured;
        let another_step = !order.refunds.is_empty();
        let needed = !order.cart.is_empty() && (partial || another_step);
        return if needed { Err(Refusal::cart_needed()) } else { Ok(Vec::new()) };
    };
    let refunded = refund_lines(text).map_err(|complaint| Refusal::own(code, complaint))?;
    let registered = order.cart.iter().map(|line| registered_line(line.get()));
    let registered: Vec<Line> = registered.collect::<Result<_, _>>().map_err(|_| Refusal::system())?;
    rules::check(&Case { registered: &registered, refunded: &refunded, amount, code })?;
    Ok(refunded)
}
