//! `getOrderStatusExtended.do` of the ECOM dialect: what the order looks like now.
//!
//! Moves no money. Which members are contested stands with their switches.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::refusal::Refusal;
use super::reply::{self, Done, Head};
use super::request::{LANGUAGE, PASSWORD, Request, USER, Unreadable};
use super::schema::{Class, Member, Shape, may};
use super::{cart, find, visible};
use crate::call::{Call, Reply};
use crate::funnel::Twist;
use crate::ledger::{Gateway, MoveKind, Payment, Phase, Refund, RefundState};
use crate::switches::{Attributes, Deposited, EcomSwitches, Operations, Reservation};
use crate::text::json::{Members, array, owned, string};
use crate::world::World;

/// One of the two, and not both (CONFIRMED, ecomtest: oneOf).
static SCHEMA: &[Member] = &[
    USER,
    PASSWORD,
    LANGUAGE,
    may("orderId", Shape::Text(36, 36, Class::Uuid)),
    may("orderNumber", Shape::Text(1, 36, Class::Txt)),
];

pub(crate) fn status(world: &mut World, call: &Call, twist: &Twist) -> Reply {
    let switches = world.switches.sber.ecom.clone();
    let refused =
        |refusal: &Refusal| reply::at(axum::http::StatusCode::OK, &Head::refusal(refusal).twisted(twist));
    let request = match Request::open(call, SCHEMA, &switches) {
        Ok(request) => request,
        Err(Unreadable::Plain(reply)) => return reply,
        Err(Unreadable::Refused(refusal)) => return refused(&refusal),
    };
    match order(world, &request) {
        Ok(order) => {
            let head = Head::success(Done::Now).twisted(twist);
            reply::json(&OrderStatus::of(head, order, twist, &switches))
        }
        Err(refusal) => refused(&refusal),
    }
}

fn order<'a>(world: &'a World, request: &Request<'_>) -> Result<&'a Payment, Refusal> {
    match (request.text("orderId"), request.text("orderNumber")) {
        (Some(id), None) => find(world, &request.user, &id),
        (None, Some(number)) => {
            let found = world.ledger.numbered(Gateway::SberEcom, &number);
            visible(world, &request.user, found.first().copied())
        }
        (None, None) => Err(Refusal::mandatory("orderId or orderNumber: missing")),
        (Some(_), Some(_)) => Err(Refusal::invalid("orderNumber: beside orderId")),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderStatus<'a> {
    #[serde(flatten)]
    head: Head,
    order_number: &'a str,
    order_status: u8,
    action_code: i32,
    action_code_description: &'static str,
    /// As registered: money and points; refunds do not change it.
    amount: u64,
    currency: &'a str,
    date: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    deposited_date: Option<i64>,
    /// A date-time string here, milliseconds in the OLD dialect (CONFIRMED both).
    #[serde(skip_serializing_if = "Option::is_none")]
    refunded_date: Option<String>,
    ip: &'static str,
    auth_ref_num: &'static str,
    terminal_id: &'static str,
    merchant_order_params: [NameValue<'a>; 0],
    transaction_attributes: [NameValue<'a>; 0],
    attributes: AttributesView<'a>,
    card_auth_info: CardAuthInfo,
    payment_amount_info: PaymentAmountInfo<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operations: Option<Vec<OperationView<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    loyalty_info: Option<LoyaltyInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_bundle: Option<BTreeMap<&'a str, Box<RawValue>>>,
}

#[derive(Serialize)]
struct NameValue<'a> {
    name: &'static str,
    value: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum AttributesView<'a> {
    Object {
        #[serde(rename = "mdOrder")]
        md_order: &'a str,
    },
    Array([NameValue<'a>; 1]),
}

/// A test card, so that a client can prove that it masks what it logs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CardAuthInfo {
    masked_pan: &'static str,
    expiration: &'static str,
    /// With a capital H in this dialect (CONFIRMED).
    card_holder_name: &'static str,
    approval_code: &'static str,
    payment_system: &'static str,
}

const CARD: CardAuthInfo = CardAuthInfo {
    masked_pan: "220220**2424",
    expiration: "202805",
    card_holder_name: "SANDBOX PAYER",
    approval_code: "123456",
    payment_system: "MIR",
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentAmountInfo<'a> {
    payment_state: &'a str,
    approved_amount: u64,
    deposited_amount: u64,
    refunded_amount: u64,
    fee_amount: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OperationView<'a> {
    date: i64,
    #[serde(rename = "type")]
    kind: &'static str,
    amount: u64,
    reference_number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_refund_id: Option<&'a str>,
    approval_code: &'static str,
    action_code: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_bonus: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LoyaltyInfo {
    payment_bonus: Bonus,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bonus {
    approved_amount_bonus: u64,
    deposited_amount_bonus: u64,
    refunded_amount_bonus: u64,
}

impl<'a> OrderStatus<'a> {
    fn of(head: Head, order: &'a Payment, twist: &'a Twist, switches: &EcomSwitches) -> Self {
        let last = finished(order).last().map(|refund| refund.due);
        Self {
            head,
            order_number: &order.number,
            order_status: order_status(order),
            action_code: action_code(order.refunds.iter()),
            action_code_description: "",
            amount: order.registered.saturating_add(order.points),
            currency: &order.currency,
            date: order.created_at.as_millisecond(),
            deposited_date: (order.phase == Phase::Paid).then(|| order.paid_at.as_millisecond()),
            refunded_date: last.map(|at| at.to_string()),
            ip: "127.0.0.1",
            auth_ref_num: "111111111111",
            terminal_id: "00000001",
            merchant_order_params: [],
            transaction_attributes: [],
            attributes: match switches.attributes {
                Attributes::Object => AttributesView::Object { md_order: &order.id },
                Attributes::Array => AttributesView::Array([NameValue { name: "mdOrder", value: &order.id }]),
            },
            card_auth_info: CARD,
            payment_amount_info: amounts(order, twist, switches),
            operations: (switches.operations == Operations::Shown).then(|| operations(order)),
            loyalty_info: (order.points > 0).then(|| loyalty(order)),
            order_bundle: echo(order),
        }
    }
}

/// -99: a refund in progress (CONFIRMED, ecomtest, of fast payments).
fn action_code<'a>(mut refunds: impl Iterator<Item = &'a Refund>) -> i32 {
    if refunds.any(|refund| refund.state == RefundState::Processing) { -99 } else { 0 }
}

fn finished(order: &Payment) -> impl Iterator<Item = &Refund> {
    order.refunds.iter().filter(|refund| refund.state == RefundState::Finished)
}

/// 0 registered, 1 held, 2 debited, 3 cancelled, 4 after any refund, 6 declined (CONFIRMED values; that
/// 4 comes after a partial one too is REPORTED for the OLD platform).
fn order_status(order: &Payment) -> u8 {
    match order.phase {
        Phase::Created => 0,
        Phase::Held => 1,
        Phase::Reversed => 3,
        Phase::Declined => 6,
        Phase::Paid if finished(order).next().is_none() => 2,
        Phase::Paid => 4,
    }
}

fn amounts<'a>(order: &Payment, twist: &'a Twist, switches: &EcomSwitches) -> PaymentAmountInfo<'a> {
    let state = match order_status(order) {
        0 => "CREATED",
        1 => "APPROVED",
        2 => "DEPOSITED",
        3 => "REVERSED",
        6 => "DECLINED",
        _ => "REFUNDED",
    };
    let deposited = match (order.phase, switches.deposited_amount) {
        (Phase::Paid, Deposited::Net) => order.remaining(Reservation::AtFinish),
        (Phase::Paid, Deposited::Gross) => order.captured,
        _ => 0,
    };
    PaymentAmountInfo {
        payment_state: twist.label.as_deref().unwrap_or(state),
        approved_amount: order.approved(),
        deposited_amount: deposited,
        refunded_amount: order.finished(),
        fee_amount: 0,
    }
}

/// Everything that happened, oldest first (CONFIRMED members and types).
fn operations(order: &Payment) -> Vec<OperationView<'_>> {
    let moves = order.moves.iter().map(|entry| {
        let kind = match entry.kind {
            MoveKind::Authorization => "AUTHORIZATION",
            MoveKind::Preauthorization => "PREAUTHORIZATION",
            MoveKind::Completion => "COMPLETION",
            MoveKind::Reversal => "REVERSAL",
        };
        (entry.at, kind, entry.amount, None)
    });
    let refunds = order.refunds.iter().map(|refund| (refund.at, "REFUND", refund.amount, Some(refund)));
    let mut all: Vec<_> = moves.chain(refunds).collect();
    all.sort_by_key(|(at, ..)| *at);
    let numbered = all.into_iter().enumerate();
    numbered.map(|(index, (at, kind, amount, refund))| operation(index, at, kind, amount, refund)).collect()
}

fn operation<'a>(
    index: usize,
    at: Timestamp,
    kind: &'static str,
    amount: u64,
    refund: Option<&'a Refund>,
) -> OperationView<'a> {
    OperationView {
        date: at.as_millisecond(),
        kind,
        amount,
        reference_number: format!("{:012}", index.saturating_add(1)),
        external_refund_id: refund.and_then(|refund| refund.key.as_ref()).map(|key| key.id.as_str()),
        approval_code: "654321",
        action_code: action_code(refund.into_iter()),
        amount_bonus: refund.map(|refund| refund.points).filter(|points| *points > 0),
    }
}

fn loyalty(order: &Payment) -> LoyaltyInfo {
    let paid = order.phase == Phase::Paid;
    LoyaltyInfo {
        payment_bonus: Bonus {
            approved_amount_bonus: order.points,
            deposited_amount_bonus: if paid { order.points_remaining() } else { 0 },
            refunded_amount_bonus: order.points_refunded(),
        },
    }
}

/// The bundle as registered, with what refunds have taken of each position: `refundedQuantity` among
/// the details (CONFIRMED, a reserved name).
fn echo(order: &Payment) -> Option<BTreeMap<&str, Box<RawValue>>> {
    if order.cart.is_empty() {
        return None;
    }
    let mut bundle = BTreeMap::new();
    let members = order.bundle.as_ref().and_then(|raw| Members::parse(raw.get()));
    for (name, value) in ["ffdVersion", "receiptType", "company", "payments", "total", "customerDetails"]
        .into_iter()
        .filter_map(|name| Some((name, members.as_ref()?.get(name)?)))
    {
        bundle.insert(name, owned(value)?);
    }
    let used = cart::used(order);
    let items = order.cart.iter().map(|raw| counted(raw, &used)).collect::<Option<Vec<_>>>()?;
    bundle.insert("cartItems", owned(&format!("{{\"items\":[{}]}}", items.join(",")))?);
    Some(bundle)
}

/// One item, with its counter if anything of it was refunded. Values stay as they were sent.
fn counted(raw: &RawValue, used: &BTreeMap<String, (u64, u64)>) -> Option<String> {
    let members = Members::parse(raw.get())?;
    let position = string(members.get("positionId")?)?;
    let Some((quantity, _)) = used.get(&position) else { return Some(raw.get().to_owned()) };
    let quantity = format!("{}.{:03}", quantity / 1_000, quantity % 1_000);
    let quantity = quantity.trim_end_matches('0').trim_end_matches('.');
    let counter = format!(r#"{{"name":"refundedQuantity","value":"{quantity}"}}"#);
    let details = members.get("itemDetails").and_then(Members::parse);
    let details = details.as_ref().and_then(|details| details.get("itemDetailsParams")).and_then(array);
    let details: Vec<&str> = details.unwrap_or_default().into_iter().chain([counter.as_str()]).collect();
    let details = format!(r#"{{"itemDetailsParams":[{}]}}"#, details.join(","));
    let others = members.iter().filter(|(name, _)| *name != "itemDetails");
    let parts = others.chain([("itemDetails", details.as_str())]).map(|(name, value)| {
        let name = serde_json::to_string(name).ok()?;
        Some(format!("{name}:{value}"))
    });
    Some(format!("{{{}}}", parts.collect::<Option<Vec<_>>>()?.join(",")))
}
