//! `POST /_sandbox/payments`: a payment appears, as if somebody had paid.
//!
//! Checks what a gateway would have checked at registration, so that no test starts from an order
//! that could not exist.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{Answer, Complaint, GatewayOnly, gateway, json, read};
use crate::call::Call;
use crate::ids;
use crate::ledger::{Fiscal, Gateway, Move, MoveKind, Payment, Phase, Scheme};
use crate::sber_ecom;
use crate::sber_old::{Line, fiscal_block, registered_line};
use crate::text::json::Members;
use crate::text::number::plain;
use crate::world::World;

/// The largest sum of a payment, in minor units: twelve digits, as in `N..12`.
const LARGEST: u64 = 999_999_999_999;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RobokassaPayment {
    #[serde(rename = "gateway")]
    _gateway: String,
    inv_id: u64,
    /// Roubles, as text: `"150.00"`.
    sum: String,
    /// What the shop is credited, where it is less than `sum`.
    out_sum: Option<String>,
    #[serde(default)]
    items: Vec<Box<RawValue>>,
    op_key: Option<String>,
    paid_at: Option<String>,
    #[serde(default)]
    state: State,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SberPayment {
    #[serde(rename = "gateway")]
    _gateway: String,
    order_number: String,
    /// Money, minor units.
    amount: u64,
    #[serde(default)]
    cart: Vec<Box<RawValue>>,
    /// Loyalty points on top of the money, minor units.
    #[serde(default)]
    bonus: u64,
    /// ISO 4217 numeric; roubles without it.
    currency: Option<String>,
    /// The fiscal block of the registration, as the OLD dialect takes it.
    additional_ofd_params: Option<Box<RawValue>>,
    order_id: Option<String>,
    /// The only user that sees the order; both built-in ones without it.
    user: Option<String>,
    paid_at: Option<String>,
    #[serde(default)]
    state: State,
}

/// Where the payment is. Robokassa knows the first two only.
#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum State {
    #[default]
    Paid,
    Held,
    /// Registered, nobody has paid.
    Created,
    Reversed,
    Declined,
}

impl State {
    fn phase(self) -> Phase {
        match self {
            Self::Paid => Phase::Paid,
            Self::Held => Phase::Held,
            Self::Created => Phase::Created,
            Self::Reversed => Phase::Reversed,
            Self::Declined => Phase::Declined,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Created<'a> {
    OpKey(&'a str),
    OrderId(&'a str),
}

pub(super) fn create(world: &mut World, call: &Call) -> Answer {
    let which: GatewayOnly = read(&call.body)?;
    let payment = match gateway(&which.gateway)? {
        Gateway::Robokassa => robokassa(world, read(&call.body)?)?,
        gateway @ (Gateway::SberOld | Gateway::SberEcom) => sber(world, gateway, read(&call.body)?)?,
    };
    let (id, member, answer) = match payment.gateway {
        Gateway::Robokassa => (payment.id.clone(), "op_key", Created::OpKey(&payment.id)),
        Gateway::SberOld | Gateway::SberEcom => {
            (payment.id.clone(), "order_id", Created::OrderId(&payment.id))
        }
    };
    let answer = json(&answer);
    if world.ledger.enter(payment) {
        Ok(answer)
    } else {
        Err(Complaint::new(member, format!("{id} exists already")))
    }
}

fn robokassa(world: &World, given: RobokassaPayment) -> Result<Payment, Complaint> {
    if !(1..=i64::MAX.unsigned_abs()).contains(&given.inv_id) {
        return Err(Complaint::new("inv_id", "not from 1 to 9223372036854775807"));
    }
    let captured = roubles("sum", &given.sum)?;
    let credited = given.out_sum.as_deref().map(|text| roubles("out_sum", text)).transpose()?;
    if credited.is_some_and(|credited| credited > captured) {
        return Err(Complaint::new("out_sum", "more than sum"));
    }
    if let Some(at) = given.items.iter().position(|item| Members::parse(item.get()).is_none()) {
        return Err(Complaint::new(format!("items[{at}]"), "not an object of single members"));
    }
    if !matches!(given.state, State::Paid | State::Held) {
        return Err(Complaint::new("state", "paid or held"));
    }
    let paid_at = paid_at(world, given.paid_at.as_deref())?;
    Ok(Payment {
        credited: credited.unwrap_or(captured),
        phase: given.state.phase(),
        cart: given.items,
        ..Payment::paid(
            Gateway::Robokassa,
            op_key(given.op_key)?,
            given.inv_id.to_string(),
            captured,
            paid_at,
        )
    })
}

fn sber(world: &World, gateway: Gateway, given: SberPayment) -> Result<Payment, Complaint> {
    // ANS..32 in Sber's wiki, 36 on the platform (CONFIRMED both).
    if !(1..=36).contains(&given.order_number.chars().count()) {
        return Err(Complaint::new("order_number", "not 1 to 36 characters"));
    }
    if !world.ledger.numbered(gateway, &given.order_number).is_empty() {
        return Err(Complaint::new("order_number", "exists already"));
    }
    for (name, sum) in [("amount", given.amount), ("bonus", given.bonus)] {
        if sum > LARGEST {
            return Err(Complaint::new(name, "more than twelve digits"));
        }
    }
    if given.amount == 0 {
        return Err(Complaint::new("amount", "not positive: an order is never paid with points alone"));
    }
    let currency = currency(&given)?;
    let fiscal = fiscal(world, gateway, given.additional_ofd_params.as_deref())?;
    check_cart(gateway, &given)?;
    let at = paid_at(world, given.paid_at.as_deref())?;
    let phase = given.state.phase();
    let taken = if matches!(phase, Phase::Paid | Phase::Held) { given.amount } else { 0 };
    let scheme = if phase == Phase::Held { Scheme::TwoStage } else { Scheme::OneStage };
    let kind = if phase == Phase::Held { MoveKind::Preauthorization } else { MoveKind::Authorization };
    let moved = taken > 0 || phase == Phase::Reversed;
    let moves = moved.then_some(Move { kind, amount: given.amount, at }).into_iter();
    let back =
        (phase == Phase::Reversed).then_some(Move { kind: MoveKind::Reversal, amount: given.amount, at });
    Ok(Payment {
        user: given.user,
        captured: taken,
        credited: taken,
        points: given.bonus,
        currency,
        phase,
        scheme,
        cart: given.cart,
        fiscal,
        moves: moves.chain(back).collect(),
        ..Payment::paid(gateway, order_id(given.order_id)?, given.order_number, given.amount, at)
    })
}

/// Roubles where points are involved (CONFIRMED, `refund.do` document).
fn currency(given: &SberPayment) -> Result<String, Complaint> {
    let Some(currency) = given.currency.clone() else { return Ok("643".to_owned()) };
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Complaint::new("currency", "not three digits like \"643\""));
    }
    if given.bonus > 0 && currency != "643" {
        return Err(Complaint::new("currency", "an order with points is in roubles, 643"));
    }
    Ok(currency)
}

fn fiscal(world: &World, gateway: Gateway, given: Option<&RawValue>) -> Result<Option<Fiscal>, Complaint> {
    let Some(given) = given else { return Ok(None) };
    if gateway != Gateway::SberOld {
        return Err(Complaint::new("additional_ofd_params", "only sber-old has them"));
    }
    let block = fiscal_block(given.get(), world.switches.sber.ofd_unknown_keys);
    block.map(Some).map_err(|error| Complaint::new("additional_ofd_params", error))
}

/// Positions total the order (CONFIRMED, Sber wiki: money and points) and are numbered once each.
fn check_cart(gateway: Gateway, given: &SberPayment) -> Result<(), Complaint> {
    if given.cart.is_empty() {
        return Ok(());
    }
    let (mut total, mut positions) = (0_u64, Vec::new());
    for (at, raw) in given.cart.iter().enumerate() {
        let complaint = |error: String| Complaint::new(format!("cart[{at}]"), error);
        let (position, sum) = if gateway == Gateway::SberEcom {
            sber_ecom::registered_line(raw).map_err(|error| complaint(error.to_owned()))?
        } else {
            let line: Line = registered_line(raw.get()).map_err(complaint)?;
            (line.position().to_string(), line.sum().unwrap_or(0))
        };
        total = total.saturating_add(sum);
        positions.push(position);
    }
    let order = given.amount.saturating_add(given.bonus);
    if total != order {
        return Err(Complaint::new("cart", format!("positions total {total}, the order is {order}")));
    }
    positions.sort_unstable();
    if positions.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Complaint::new("cart", "a positionId is given twice"));
    }
    Ok(())
}

fn roubles(name: &str, text: &str) -> Result<u64, Complaint> {
    let kopecks = plain(text, 2).ok().filter(|kopecks| (1..=LARGEST).contains(kopecks));
    kopecks.ok_or_else(|| Complaint::new(name, "not roubles like \"150.00\", above 0, at most two decimals"))
}

/// Anything printable in XML and in a token without escapes; the real form is 47 characters.
fn op_key(given: Option<String>) -> Result<String, Complaint> {
    let Some(key) = given else { return Ok(ids::operation_key()) };
    let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if plain && (1..=160).contains(&key.len()) {
        Ok(key)
    } else {
        Err(Complaint::new("op_key", "not 1 to 160 letters, digits and hyphens"))
    }
}

fn order_id(given: Option<String>) -> Result<String, Complaint> {
    let Some(id) = given else { return Ok(ids::uuid().to_string()) };
    let canonical = Uuid::try_parse(&id).is_ok_and(|uuid| uuid.to_string() == id);
    if canonical { Ok(id) } else { Err(Complaint::new("order_id", "not a lower-case UUID with hyphens")) }
}

fn paid_at(world: &World, given: Option<&str>) -> Result<Timestamp, Complaint> {
    let Some(text) = given else { return Ok(world.clock.now()) };
    let complaint = || Complaint::new("paid_at", "not an instant like \"2026-11-20T12:00:00+03:00\"");
    text.parse().map_err(|_| complaint())
}
