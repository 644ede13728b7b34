//! `POST /RefundService/Refund/Create`: one token in, one refund request written or refused.
//!
//! Decides in the order the evidence suggests: media type, JSON string, token, shop, signature,
//! payload, balance. Every accepted call writes a *new* request while money remains: the protocol
//! has no key to recognise a repeat by (CONFIRMED, vendor plugin, as a risk).

use axum::http::StatusCode;
use serde::Serialize;
use uuid::Uuid;

use super::payload::Wanted;
use super::token::{Signature, Token};
use super::{JSON, Refusal, items, json, payload};
use crate::call::{Call, Reply, status};
use crate::clock::later;
use crate::funnel::Twist;
use crate::ids;
use crate::ledger::{Gateway, NewRefund, Origin, Phase};
use crate::shops::ROBOKASSA_PASSWORD3;
use crate::switches::{ItemsSum, Password3, UnknownKey};
use crate::text::json::string;
use crate::world::World;

/// The OpenAPI file's example for 401 (REPORTED, quoted); the vendor plugin's test has its first half.
const NO_KEY_OR_ACCESS: &str = "Signature key is not exists or partner have not access to API";

pub(crate) fn create(world: &mut World, call: &Call, twist: &Twist) -> Reply {
    if !call.is_media_type("application/json") {
        // REPORTED (merchant, live): 415, and the body is empty.
        return Reply::empty(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let Some(token) = std::str::from_utf8(&call.body).ok().and_then(string) else {
        // A bare token is not JSON. Status REPORTED (merchant, live), body GUESS: what ASP.NET prints.
        const PROBLEM: &str = r#"{"title":"Bad Request","status":400}"#;
        return Reply::new(StatusCode::BAD_REQUEST, "application/problem+json; charset=utf-8", PROBLEM);
    };
    match accept(world, &token, twist) {
        Ok(request) => accepted(request),
        Err(refusal) => refusal.reply(),
    }
}

fn accepted(request: Uuid) -> Reply {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Success {
        success: bool,
        message: Option<&'static str>,
        request_id: String,
    }
    let success = Success { success: true, message: None, request_id: request.to_string() };
    Reply::new(StatusCode::OK, JSON, json(&success))
}

fn accept(world: &mut World, token: &str, twist: &Twist) -> Result<Uuid, Refusal> {
    let switches = &world.switches.robokassa;
    let token = Token::read(token, switches)?;
    // The request names no merchant: the shop can only be found through the operation (GUESS), so the
    // key is read before the signature is checked, and nothing else is.
    let op_key = payload::op_key(&token.payload)?;
    let Some(payment) = world.ledger.find(Gateway::Robokassa, &op_key) else {
        return Err(match switches.unknown_op_key {
            UnknownKey::Unauthorized => unauthorized(),
            UnknownKey::OperationNotFound => {
                Refusal::documented(StatusCode::BAD_REQUEST, "OperationNotFound")
            }
        });
    };
    let genuine = token.verify(ROBOKASSA_PASSWORD3.as_bytes()) == Signature::Genuine;
    if !genuine || switches.password3 == Password3::Missing {
        return Err(unauthorized());
    }
    let Wanted { sum, items } = payload::wanted(&token.payload, switches)?;
    if payment.phase != Phase::Paid {
        return Err(Refusal::own("a hold is cancelled, not refunded"));
    }
    let remaining = payment.remaining(switches.reservation);
    // Omitted means all that is left, also after partial refunds (CONFIRMED, vendor plugin).
    let amount = sum.unwrap_or(remaining);
    if amount == 0 || amount > remaining {
        let status = status(switches.refusal_status);
        return Err(Refusal::documented(status, "NotEnoughOperationFunds"));
    }
    if switches.items_sum == ItemsSum::MustEqual && !items.is_empty() && items::total(&items) != Some(amount)
    {
        return Err(Refusal::own("InvoiceItems do not total the refund"));
    }
    let at = world.clock.now();
    let request = ids::uuid();
    let wait = twist.finish_after.unwrap_or(switches.finish_after_seconds);
    let new = NewRefund {
        due: later(at, wait).unwrap_or(at),
        request: Some(request),
        lines: items.into_iter().map(|item| item.raw).collect(),
        ..NewRefund::at_once(amount, at, Origin::Api)
    };
    world.ledger.write(Gateway::Robokassa, &op_key, new);
    Ok(request)
}

/// One message for a bad signature, a shop without access and, by default, an unknown key.
fn unauthorized() -> Refusal {
    Refusal::documented(StatusCode::UNAUTHORIZED, NO_KEY_OR_ACCESS)
}
