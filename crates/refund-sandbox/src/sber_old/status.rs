//! `getOrderStatusExtended.do`: what the order looks like now.
//!
//! Which members appear depends on the merchant's status-API version (CONFIRMED, platform vendor).
//! Moves no money.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::refusal::Refusal;
use super::reply::{Head, Style};
use super::{admit, by_order_id, params, visible};
use crate::call::{Call, Reply};
use crate::funnel::Twist;
use crate::ledger::{Gateway, Payment, Phase, Refund, RefundState};
use crate::switches::Reservation;
use crate::text::form::Form;
use crate::world::World;

pub(crate) fn status(world: &mut World, call: &Call, twist: &Twist) -> Reply {
    let form = match params::read(call, world.switches.sber.duplicate_parameters) {
        Ok(form) => form,
        Err(reply) => return reply,
    };
    let style = Style::of(Some(&form), &world.switches.sber, twist);
    match find(world, &form) {
        // Without an order there is no orderStatus either (CONFIRMED, platform vendor).
        Err(refusal) => style.reply(&style.refusal(&refusal)),
        Ok(order) => {
            let version = world.switches.sber.status_version;
            style.reply(&OrderStatus::of(style.success(), order, version, twist))
        }
    }
}

/// By `orderId`, else by `orderNumber`; if both are sent the id wins (CONFIRMED, Sber wiki).
fn find<'a>(world: &'a World, form: &Form) -> Result<&'a Payment, Refusal> {
    let user = admit(form)?;
    let given = |name: &str| form.get(name).filter(|value| !value.is_empty());
    if let Some(id) = given("orderId") {
        return by_order_id(world, user, id);
    }
    let number = given("orderNumber").ok_or_else(Refusal::order_id_empty)?;
    visible(world, user, world.ledger.numbered(Gateway::SberOld, number).first().copied())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderStatus<'a> {
    #[serde(flatten)]
    head: Head,
    order_number: &'a str,
    order_status: u8,
    action_code: u8,
    action_code_description: &'static str,
    /// As registered: money and points; refunds do not change it.
    amount: u64,
    currency: &'a str,
    date: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    deposited_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refunded_date: Option<i64>,
    order_description: &'static str,
    ip: &'static str,
    auth_ref_num: &'static str,
    terminal_id: &'static str,
    merchant_order_params: [NameValue<'a>; 0],
    transaction_attributes: [NameValue<'a>; 0],
    attributes: [NameValue<'a>; 1],
    card_auth_info: CardAuthInfo,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_amount_info: Option<PaymentAmountInfo<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refunds: Option<Vec<RefundEntry>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_bundle: Option<OrderBundle<'a>>,
}

#[derive(Serialize)]
struct NameValue<'a> {
    name: &'static str,
    value: &'a str,
}

/// A test card, so that a client can prove that it masks what it logs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CardAuthInfo {
    masked_pan: &'static str,
    expiration: &'static str,
    cardholder_name: &'static str,
    approval_code: &'static str,
    payment_system: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentAmountInfo<'a> {
    payment_state: &'a str,
    approved_amount: u64,
    deposited_amount: u64,
    refunded_amount: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_amount: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RefundEntry {
    date: i64,
    amount: u64,
    action_code: &'static str,
    reference_number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_refund_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approval_code: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderBundle<'a> {
    cart_items: CartItems<'a>,
}

#[derive(Serialize)]
struct CartItems<'a> {
    items: &'a [Box<RawValue>],
}

impl<'a> OrderStatus<'a> {
    fn of(head: Head, order: &'a Payment, version: u64, twist: &'a Twist) -> Self {
        let paid = order.paid_at.as_millisecond();
        let last_refund = finished(order).last().map(|refund| refund.at.as_millisecond());
        let refunds = || order.refunds.iter().enumerate().map(|(at, refund)| entry(at, refund, version));
        Self {
            head,
            order_number: &order.number,
            order_status: order_status(order),
            action_code: 0,
            action_code_description: "",
            amount: order.registered.saturating_add(order.points),
            currency: &order.currency,
            date: order.created_at.as_millisecond(),
            deposited_date: (order.phase == Phase::Paid).then_some(paid),
            refunded_date: last_refund.filter(|_| version >= 12),
            order_description: "",
            ip: "127.0.0.1",
            auth_ref_num: "111111111111",
            terminal_id: "00000001",
            merchant_order_params: [],
            transaction_attributes: [],
            attributes: [NameValue { name: "mdOrder", value: &order.id }],
            card_auth_info: CARD,
            payment_amount_info: (version >= 3).then(|| amounts(order, version, twist)),
            refunds: (version >= 5 && !order.refunds.is_empty()).then(|| refunds().collect()),
            order_bundle: (!order.cart.is_empty())
                .then_some(OrderBundle { cart_items: CartItems { items: &order.cart } }),
        }
    }
}

const CARD: CardAuthInfo = CardAuthInfo {
    masked_pan: "220220**2424",
    expiration: "202805",
    cardholder_name: "SANDBOX PAYER",
    approval_code: "123456",
    payment_system: "MIR",
};

/// Refunds that are over; one that is still processing has changed nothing yet (GUESS).
fn finished(order: &Payment) -> impl Iterator<Item = &Refund> {
    order.refunds.iter().filter(|refund| refund.state == RefundState::Finished)
}

/// 0 registered, 1 held, 2 debited, 3 cancelled, 6 declined (CONFIRMED); 4 after any refund, a partial
/// one too (REPORTED, tests against the platform vendor's gateway).
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

/// `depositedAmount` is net of refunds, `refundedAmount` cumulative (REPORTED, the same tests).
fn amounts<'a>(order: &Payment, version: u64, twist: &'a Twist) -> PaymentAmountInfo<'a> {
    let state = match order_status(order) {
        0 => "CREATED",
        1 => "APPROVED",
        2 => "DEPOSITED",
        3 => "REVERSED",
        6 => "DECLINED",
        _ => "REFUNDED",
    };
    let deposited = match order.phase {
        Phase::Paid => order.remaining(Reservation::AtFinish),
        _ => 0,
    };
    PaymentAmountInfo {
        payment_state: twist.label.as_deref().unwrap_or(state),
        approved_amount: order.approved(),
        deposited_amount: deposited,
        refunded_amount: order.finished(),
        total_amount: (version >= 18).then_some(order.registered),
    }
}

fn entry(at: usize, refund: &Refund, version: u64) -> RefundEntry {
    let date = |at: Timestamp| at.as_millisecond();
    RefundEntry {
        date: date(refund.at),
        amount: refund.amount,
        // 1120: a refund in progress (CONFIRMED, platform vendor).
        action_code: if refund.state == RefundState::Processing { "1120" } else { "0" },
        reference_number: format!("{:012}", at.saturating_add(1)),
        external_refund_id: refund.key.as_ref().map(|key| key.id.clone()).filter(|_| version >= 21),
        approval_code: (version >= 26).then_some("654321"),
    }
}
