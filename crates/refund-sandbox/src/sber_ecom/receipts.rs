//! The fiscal calls: `getReceiptStatus`, `retryReceipt`, `doReceipt`.
//!
//! No `errorCode` here, only `message` (CONFIRMED). The HTTP status of a refusal and the exact members
//! of the last two requests are a GUESS.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::bundle::{BUNDLE, Bundle};
use super::refusal::Refusal;
use super::reply::json;
use super::request::{LANGUAGE, PASSWORD, Request, USER, Unreadable};
use super::schema::{Class, Member, Shape, may, must};
use super::{cart, find, visible};
use crate::call::{Call, Reply};
use crate::clock::later;
use crate::funnel::Twist;
use crate::ids;
use crate::ledger::{Cause, Direction, Gateway, Payment, Receipt, ReceiptState, Scheme};
use crate::switches::{EcomSwitches, ReceiptOutcome};
use crate::text::json::{array, string};
use crate::world::World;

const ID: Shape = Shape::Text(36, 36, Class::Uuid);
const NUMBER: Shape = Shape::Text(1, 36, Class::Txt);

static STATUS: &[Member] = &[
    USER,
    PASSWORD,
    LANGUAGE,
    may("orderId", ID),
    may("orderNumber", NUMBER),
    may("receiptId", ID),
    may("receiptStatus", Shape::Integer(0, 6)),
];
static RETRY: &[Member] = &[USER, PASSWORD, LANGUAGE, must("receiptIds", Shape::List(&ID, 1_000))];
static DO: &[Member] =
    &[USER, PASSWORD, LANGUAGE, may("orderId", ID), may("orderNumber", NUMBER), must("orderBundle", BUNDLE)];

const DONE: &str = "Обработка запроса прошла без системных ошибок";

/// The receipt a request's cart asks for, if it does.
pub(super) fn wanted(
    bundle: Bundle,
    cause: Cause,
    total: u64,
    at: Timestamp,
    switches: &EcomSwitches,
) -> Option<Receipt> {
    Some(Receipt {
        id: ids::uuid(),
        cause,
        direction: bundle.receipt?,
        state: ReceiptState::Waiting,
        asked_at: at,
        due: later(at, switches.receipt_after_seconds).unwrap_or(at),
        outcome: switches.receipt_outcome,
        total,
        bundle: bundle.raw,
    })
}

fn answer<T: Serialize>(
    world: &mut World,
    call: &Call,
    schema: &'static [Member],
    act: impl FnOnce(&mut World, &Request<'_>) -> Result<T, Refusal>,
) -> Reply {
    let refusal = match Request::open(call, schema, &world.switches.sber.ecom) {
        Err(Unreadable::Plain(reply)) => return reply,
        Err(Unreadable::Refused(refusal)) => refusal,
        Ok(request) => match act(world, &request) {
            Ok(body) => return json(&body),
            Err(refusal) => refusal,
        },
    };
    let message = Message { message: &refusal.text, receipt_id: None };
    Reply { status: StatusCode::BAD_REQUEST, why: refusal.why.clone(), ..json(&message) }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt_id: Option<String>,
}

/// `getReceiptStatus`: by order or by receipt, one of the three.
pub(crate) fn receipt_status(world: &mut World, call: &Call, _: &Twist) -> Reply {
    answer(world, call, STATUS, |world, request| {
        let only = request.integer("receiptStatus");
        let kept = |receipt: &&Receipt| only.is_none_or(|only| u64::from(status(receipt)) == only);
        let found = match (request.text("orderId"), request.text("orderNumber"), request.text("receiptId")) {
            (None, None, Some(id)) => {
                let id = Uuid::try_parse(&id).map_err(|_| Refusal::invalid("receiptId"))?;
                let (order, receipt) =
                    world.ledger.receipt(id).ok_or_else(|| Refusal::invalid("receiptId: nobody has it"))?;
                Listing::of(order, [receipt].into_iter().filter(kept))
            }
            (id, number, None) => {
                let order = order(world, request, id, number)?
                    .ok_or_else(|| Refusal::mandatory("orderId, orderNumber or receiptId: missing"))?;
                Listing::of(Some(order), order.receipts.iter().filter(kept))
            }
            _ => return Err(Refusal::invalid("receiptId: beside an order")),
        };
        Ok(serde_json::to_value(&found).unwrap_or_default())
    })
}

/// An order by one of its names, or none if neither is given.
fn order<'a>(
    world: &'a World,
    request: &Request<'_>,
    id: Option<String>,
    number: Option<String>,
) -> Result<Option<&'a Payment>, Refusal> {
    match (id, number) {
        (None, None) => Ok(None),
        (Some(id), None) => find(world, &request.user, &id).map(Some),
        (None, Some(number)) => {
            let order = world.ledger.numbered(Gateway::SberEcom, &number).first().copied();
            visible(world, &request.user, order).map(Some)
        }
        (Some(_), Some(_)) => Err(Refusal::invalid("orderNumber: beside orderId")),
    }
}

/// `retryReceipt`: the same cart once more, after a failure that was not the cart's (statuses 4 and 5,
/// CONFIRMED). All of them or none (GUESS).
pub(crate) fn retry_receipt(world: &mut World, call: &Call, _: &Twist) -> Reply {
    answer(world, call, RETRY, |world, request| {
        let ids = request.raw("receiptIds").and_then(array).unwrap_or_default();
        let ids: Vec<Uuid> = ids.into_iter().filter_map(|id| Uuid::try_parse(&string(id)?).ok()).collect();
        let failed =
            [ReceiptState::Over(ReceiptOutcome::Error), ReceiptState::Over(ReceiptOutcome::Exhausted)];
        let retriable = |id: &Uuid| world.ledger.receipt(*id).is_some_and(|(_, r)| failed.contains(&r.state));
        if let Some(id) = ids.iter().find(|id| !retriable(id)) {
            return Err(Refusal::invalid(format!("receiptIds: {id} cannot be repeated")));
        }
        let (now, switches) = (world.clock.now(), world.switches.sber.ecom.clone());
        for receipt in world.ledger.receipts_mut().filter(|receipt| ids.contains(&receipt.id)) {
            receipt.state = ReceiptState::Waiting;
            receipt.due = later(now, switches.receipt_after_seconds).unwrap_or(now);
            receipt.outcome = switches.receipt_outcome;
        }
        Ok(Message { message: DONE, receipt_id: None })
    })
}

/// `doReceipt`: a receipt with a cart of its own, of an order or of none.
pub(crate) fn do_receipt(world: &mut World, call: &Call, _: &Twist) -> Reply {
    answer(world, call, DO, |world, request| {
        let switches = world.switches.sber.ecom.clone();
        let order = order(world, request, request.text("orderId"), request.text("orderNumber"))?;
        let id = order.map(|order| order.id.clone());
        let currency = order.map_or("643", |order| order.currency.as_str());
        let bundle = Bundle::read(request.raw("orderBundle").unwrap_or_default(), switches.tax_type_max)?;
        let total = bundle.total.ok_or_else(|| Refusal::mandatory("orderBundle.total: missing"))?;
        cart::consistent(&bundle, total, currency, &switches)?;
        let now = world.clock.now();
        let receipt = wanted(bundle, Cause::ByHand, total, now, &switches)
            .ok_or_else(|| Refusal::mandatory("orderBundle.receiptType: missing"))?;
        let receipt_id = Some(receipt.id.to_string());
        match id {
            None => world.ledger.enter_receipt(receipt),
            Some(id) => {
                world.ledger.change(Gateway::SberEcom, &id, None, |order| order.receipts.push(receipt));
            }
        }
        Ok(Message { message: DONE, receipt_id })
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listing<'a> {
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_number: Option<&'a str>,
    receipts: Vec<Shown>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    receipt_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation_type: Option<&'static str>,
    receipt_type: &'static str,
    receipt_status: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<Printed>,
    timestamp: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    error_id: String,
    code: u8,
    text: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    /// 1 retryReceipt, 2 mend the cart and doReceipt, 3 mend the cash register first (CONFIRMED).
    recommendation: u8,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Printed {
    fiscal_receipt_number: u8,
    shift_number: u8,
    receipt_datetime: String,
    total: u64,
    fn_number: &'static str,
    ecr_registration_number: &'static str,
    fiscal_document_number: u8,
    fiscal_document_attribute: u32,
    fns_site: &'static str,
}

impl<'a> Listing<'a> {
    fn of<'r>(order: Option<&'a Payment>, receipts: impl Iterator<Item = &'r Receipt>) -> Self {
        let scheme = order.map(|order| order.scheme);
        Self {
            message: DONE,
            order_id: order.map(|order| order.id.as_str()),
            order_number: order.map(|order| order.number.as_str()),
            receipts: receipts.map(|receipt| Shown::of(receipt, scheme)).collect(),
        }
    }
}

/// 1 waiting to be sent, 3 done, 4 error, 5 attempts exhausted, 6 bad data (CONFIRMED).
fn status(receipt: &Receipt) -> u8 {
    match receipt.state {
        ReceiptState::Waiting => 1,
        ReceiptState::Over(ReceiptOutcome::Done) => 3,
        ReceiptState::Over(ReceiptOutcome::Error) => 4,
        ReceiptState::Over(ReceiptOutcome::Exhausted) => 5,
        ReceiptState::Over(ReceiptOutcome::BadData) => 6,
    }
}

impl Shown {
    fn of(receipt: &Receipt, scheme: Option<Scheme>) -> Self {
        let status = status(receipt);
        let failure = |code, text, recommendation| Failure {
            error_id: receipt.id.to_string(),
            code,
            text,
            kind: "sandbox",
            recommendation,
        };
        Self {
            receipt_id: receipt.id.to_string(),
            operation_type: match (receipt.cause, scheme) {
                (Cause::Payment, Some(Scheme::TwoStage)) => Some("PREAUTHORIZATION"),
                (Cause::Payment, _) => Some("AUTHORIZATION"),
                (Cause::Completion, _) => Some("COMPLETION"),
                (Cause::Reversal, _) => Some("REVERSAL"),
                (Cause::Refund, _) => Some("REFUND"),
                (Cause::ByHand, _) => None,
            },
            receipt_type: match receipt.direction {
                Direction::Sell => "SELL",
                Direction::SellRefund => "SELL_REFUND",
            },
            receipt_status: status,
            error: match status {
                4 => Some(failure(4, "sandbox: the cash register failed", 1)),
                5 => Some(failure(5, "sandbox: the cash register cannot be reached", 3)),
                6 => Some(failure(6, "sandbox: the cart was refused", 2)),
                _ => None,
            },
            payload: (status == 3).then(|| Printed::of(receipt)),
            timestamp: receipt.asked_at.to_string(),
        }
    }
}

impl Printed {
    /// Numbers of nobody's cash register.
    fn of(receipt: &Receipt) -> Self {
        Self {
            fiscal_receipt_number: 1,
            shift_number: 1,
            receipt_datetime: receipt.due.to_string(),
            total: receipt.total,
            fn_number: "9999078900000000",
            ecr_registration_number: "0000000000000000",
            fiscal_document_number: 1,
            fiscal_document_attribute: 1,
            fns_site: "www.nalog.gov.ru",
        }
    }
}
