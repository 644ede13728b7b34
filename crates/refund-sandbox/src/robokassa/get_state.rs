//! `GET /RefundService/Refund/GetState?id=`: how one refund request is doing.
//!
//! No credentials: the id is the only secret (CONFIRMED, refund API page). Moves no money.

use axum::http::StatusCode;
use uuid::Uuid;

use super::JSON;
use crate::call::{Call, Reply, status};
use crate::funnel::Twist;
use crate::money::six_decimals;
use crate::text::form::Form;
use crate::world::World;

pub(crate) fn get_state(world: &mut World, call: &Call, twist: &Twist) -> Reply {
    let form = Form::parse(call.query()).ok();
    // The page prints ids in lower case with hyphens; a GUID in capitals is the same GUID (GUESS).
    let id = form.as_ref().and_then(|form| form.single("id")).filter(|id| id.len() == 36);
    let id = id.and_then(|id| Uuid::try_parse(id).ok());
    let found = id.and_then(|id| Some((id, world.ledger.refund_of_request(id)?)));
    let Some((id, refund)) = found else {
        // One message for a malformed id and an unknown one (CONFIRMED); its status is a GUESS.
        const BODY: &str = r#"{"message":"Id is invalid or request id does not exist"}"#;
        return Reply::new(status(world.switches.robokassa.bad_id_status), JSON, BODY);
    };
    let label = twist.label.as_deref().unwrap_or_else(|| refund.state.word());
    let label = serde_json::Value::from(label);
    // A JSON number with six decimals, as printed (CONFIRMED). No float can keep the zeros, so the
    // digits are written by hand.
    let amount = six_decimals(refund.amount);
    let body = format!(r#"{{"requestId":"{id}","amount":{amount},"label":{label}}}"#);
    Reply::new(StatusCode::OK, JSON, body)
}
