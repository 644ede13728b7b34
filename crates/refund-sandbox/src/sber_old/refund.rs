//! `refund.do` and `autoRefund.do`: checks in order, then money moves once.
//!
//! The order of the checks is the likeliest one (GUESS): credentials, order id, order, state, amount,
//! jsonParams, balance, fiscal parameters, cart. There is no key to recognise a repeat by: a second
//! identical call is a second refund while money remains (CONFIRMED by absence).

use serde::Serialize;

use super::book::Book;
use super::cart::{Line, refund_lines};
use super::refusal::Refusal;
use super::reply::{Head, Style};
use super::rules::{self, Case};
use super::{admit, by_order_id, json_params, keys, ofd, params};
use crate::call::{Call, Reply};
use crate::clock::later;
use crate::funnel::Twist;
use crate::ledger::{Fiscal, Gateway, NewRefund, Origin, Payment, Phase, ReplayKey};
use crate::money::{Split, split};
use crate::switches::{AmountMissing, Reservation, SberSwitches, ZeroAmount};
use crate::text::form::Form;
use crate::text::number::digits12;
use crate::world::World;

/// Sber has no refund requests that could still be cancelled: money is taken at once.
const TAKEN_AT_ONCE: Reservation = Reservation::AtAcceptance;

/// What the amount of a request counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// `refund.do`: money only (CONFIRMED, Sber wiki).
    Money,
    /// `autoRefund.do`: money and points in one sum (CONFIRMED, Sber wiki).
    Composite,
}

/// `refund.do`.
pub(crate) fn refund(world: &mut World, call: &Call, twist: &Twist) -> Reply {
    answer(world, call, twist, Counts::Money)
}

/// `autoRefund.do`, for orders with loyalty.
pub(crate) fn auto_refund(world: &mut World, call: &Call, twist: &Twist) -> Reply {
    answer(world, call, twist, Counts::Composite)
}

fn answer(world: &mut World, call: &Call, twist: &Twist, counts: Counts) -> Reply {
    let form = match params::read(call, world.switches.sber.duplicate_parameters) {
        Ok(form) => form,
        Err(reply) => return reply,
    };
    let style = Style::of(Some(&form), &world.switches.sber, twist);
    match (commit(world, &form, twist, counts), counts) {
        (Ok(_), Counts::Money) => style.reply(&style.success()),
        (Ok(gone), Counts::Composite) => style.reply(&Composite::of(style.success(), gone)),
        (Err(refusal), _) => style.reply(&style.refusal(&refusal)),
    }
}

fn commit(world: &mut World, form: &Form, twist: &Twist, counts: Counts) -> Result<Split, Refusal> {
    let user = admit(form)?;
    let id = form.get("orderId").filter(|id| !id.is_empty()).ok_or_else(Refusal::order_id_empty)?;
    let order = by_order_id(world, user, id)?;
    let switches = &world.switches.sber;
    let key = keys::read(form, switches)?;
    if let Some(earlier) = key.as_ref().and_then(|key| keys::earlier(world, key)) {
        return keys::repeat(earlier, switches);
    }
    if order.phase != Phase::Paid || left(order, counts) == 0 {
        return Err(Refusal::wrong_state());
    }
    let asked = asked_amount(form, switches, counts)?;
    let amount = match (asked, switches.zero_amount) {
        (0, ZeroAmount::Rest) => left(order, counts),
        (0, ZeroAmount::Whole) => whole(order, counts),
        (amount, _) => amount,
    };
    let penalty = penalty(form, order, amount, switches)?;
    if amount > left(order, counts) {
        return Err(Refusal::exceeds());
    }
    keys::expected_amount(form, order, switches)?;
    let extras = extras(form, order, switches)?;
    let lines = cart(form, order, asked, amount, switches, counts)?;
    let gone = match counts {
        Counts::Money => Split { money: amount, points: 0 },
        Counts::Composite => split(amount, order),
    };
    let at = world.clock.now();
    let new = NewRefund {
        points: gone.points,
        penalty,
        due: later(at, twist.finish_after.unwrap_or(0)).unwrap_or(at),
        lines: lines.into_iter().map(|line| line.raw).collect(),
        extras,
        key: key.map(|id| ReplayKey { id, data: serde_json::Value::Null }),
        ..NewRefund::at_once(gone.money, at, Origin::Api)
    };
    if world.ledger.write(Gateway::SberOld, id, new) { Ok(gone) } else { Err(Refusal::system()) }
}

fn left(order: &Payment, counts: Counts) -> u64 {
    let money = order.remaining(TAKEN_AT_ONCE);
    match counts {
        Counts::Money => money,
        Counts::Composite => money.saturating_add(order.points_remaining()),
    }
}

fn whole(order: &Payment, counts: Counts) -> u64 {
    match counts {
        Counts::Money => order.captured,
        Counts::Composite => order.captured.saturating_add(order.points),
    }
}

/// `N..12`, or `N..20` for a composite sum; 0 means everything (CONFIRMED, Sber wiki, platform vendor;
/// implied in the document).
fn asked_amount(form: &Form, switches: &SberSwitches, counts: Counts) -> Result<u64, Refusal> {
    if counts == Counts::Composite {
        // The name is inferred from a key of Sber's error dictionary, and so is the refusal.
        let digits = form.get("compositeRefundAmount").map(|text| text.trim_start_matches('0'));
        let digits = digits.map(|text| if text.is_empty() { "0" } else { text });
        return digits.and_then(digits12).ok_or_else(Refusal::composite_amount_not_a_number);
    }
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

/// The fiscal parameters of the refund. The codes of the refusals are a GUESS.
fn extras(form: &Form, order: &Payment, switches: &SberSwitches) -> Result<Fiscal, Refusal> {
    let Some(text) = form.get("additionalOfdParams") else { return Ok(Fiscal::new()) };
    let own = |why: String| Refusal::own(5, format!("additionalOfdParams {why}"));
    let sent = ofd::read(text, switches.ofd_unknown_keys).map_err(own)?;
    ofd::changeable(&sent, order.fiscal.as_ref(), switches).map_err(own)?;
    Ok(sent)
}

/// The refund cart, checked. `asked` is the amount as sent: 0 needs no cart although it may be less
/// than the whole order.
fn cart(
    form: &Form,
    order: &Payment,
    asked: u64,
    amount: u64,
    switches: &SberSwitches,
    counts: Counts,
) -> Result<Vec<Line>, Refusal> {
    let Some(text) = form.get("refundItems") else {
        // Needed for any sum but the debited one, and on every step of several (CONFIRMED, `refund.do`
        // document). Orders registered without a cart never need one.
        let partial = asked != 0 && amount != whole(order, counts);
        let another_step = !order.refunds.is_empty();
        let needed = !order.cart.is_empty() && (partial || another_step);
        return if needed { Err(Refusal::cart_needed()) } else { Ok(Vec::new()) };
    };
    let longest = usize::try_from(switches.name_limit).unwrap_or(usize::MAX);
    let lines = refund_lines(text, longest)
        .map_err(|complaint| Refusal::own(switches.cart_violation_code, complaint))?;
    let book = Book::of(order).ok_or_else(Refusal::system)?;
    rules::check(&Case {
        book: &book,
        lines: &lines,
        amount,
        currency: &order.currency,
        points: order.points,
        switches,
    })?;
    Ok(lines)
}

/// The reply of `autoRefund.do`. Sber's wiki names what an operation tells (a loyalty transaction, its
/// type, the gateway's transaction, points, success) but not the members: these names are a GUESS.
#[derive(Serialize)]
struct Composite {
    #[serde(flatten)]
    head: Head,
    operations: Vec<LoyaltyOperation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LoyaltyOperation {
    loyalty_transaction_id: String,
    operation_type: &'static str,
    transaction_id: String,
    bonus_amount: u64,
    success: &'static str,
}

impl Composite {
    fn of(head: Head, gone: Split) -> Self {
        let operation = || LoyaltyOperation {
            loyalty_transaction_id: crate::ids::uuid().to_string(),
            operation_type: "REFUND",
            transaction_id: crate::ids::uuid().to_string(),
            bonus_amount: gone.points,
            success: "true",
        };
        let operations = if gone.points > 0 { vec![operation()] } else { Vec::new() };
        Self { head, operations }
    }
}
