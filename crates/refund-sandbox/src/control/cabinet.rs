//! `POST /_sandbox/cabinet`: somebody acts in the merchant's cabinet, behind the client's back.
//!
//! Also where somebody pays a registered order, because the real gateways have no call for that. The
//! gateways show it as badly as the real ones do: Robokassa's lookup never does (REPORTED,
//! merchant, live), Sber's status does.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Answer, Complaint, gateway, json, read};
use crate::call::Call;
use crate::ledger::{Gateway, NewRefund, Origin, Phase};
use crate::sber_ecom;
use crate::switches::Reservation;
use crate::world::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deed {
    gateway: String,
    id: String,
    action: Action,
    /// Minor units; everything that is left without it.
    amount: Option<u64>,
    /// For `cancel`: which request; the latest one still processing without it.
    request_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Refund,
    Cancel,
    /// Somebody pays a registered order: taken or held, as it was registered.
    Pay,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Done {
    Refunded(u64),
    Canceled(String),
    Paid(u64),
    Held(u64),
}

pub(super) fn act(world: &mut World, call: &Call) -> Answer {
    let deed: Deed = read(&call.body)?;
    let gateway = gateway(&deed.gateway)?;
    let done = match deed.action {
        Action::Refund => refund(world, gateway, &deed)?,
        Action::Cancel => cancel(world, gateway, &deed)?,
        Action::Pay => pay(world, gateway, &deed)?,
    };
    Ok(json(&done))
}

/// Finished at once: a person sees the result, nobody polls it.
fn refund(world: &mut World, gateway: Gateway, deed: &Deed) -> Result<Done, Complaint> {
    if deed.request_id.is_some() {
        return Err(Complaint::new("request_id", "a refund in the cabinet has none"));
    }
    let payment =
        world.ledger.find(gateway, &deed.id).ok_or_else(|| Complaint::new("id", "no such payment"))?;
    if payment.phase != Phase::Paid {
        return Err(Complaint::new("id", "nothing was taken, or everything was cancelled"));
    }
    let remaining = payment.remaining(Reservation::AtAcceptance);
    let amount = deed.amount.unwrap_or(remaining);
    if amount == 0 || amount > remaining {
        return Err(Complaint::new("amount", format!("not from 1 to {remaining}, which is left")));
    }
    let at = world.clock.now();
    let new = NewRefund::at_once(amount, at, Origin::Cabinet);
    world.ledger.write(gateway, &deed.id, new);
    Ok(Done::Refunded(amount))
}

/// A request made by API can be cancelled there while it is processing (CONFIRMED, refund API page).
fn cancel(world: &mut World, gateway: Gateway, deed: &Deed) -> Result<Done, Complaint> {
    if gateway != Gateway::Robokassa {
        return Err(Complaint::new("action", "only robokassa has refund requests that can be cancelled"));
    }
    if deed.amount.is_some() {
        return Err(Complaint::new("amount", "a request is cancelled as a whole"));
    }
    let request = deed.request_id.as_deref().map(Uuid::try_parse).transpose();
    let request = request.map_err(|_| Complaint::new("request_id", "not a UUID"))?;
    let canceled = world.ledger.cancel(gateway, &deed.id, request);
    let nothing = || Complaint::new("id", "no refund request of this payment is processing");
    canceled.map(|request| Done::Canceled(request.to_string())).ok_or_else(nothing)
}

/// Pays a registered order in full. A receipt follows where one was asked for at registration.
fn pay(world: &mut World, gateway: Gateway, deed: &Deed) -> Result<Done, Complaint> {
    for (name, given) in [("amount", deed.amount.is_some()), ("request_id", deed.request_id.is_some())] {
        if given {
            return Err(Complaint::new(name, "an order is paid as it was registered"));
        }
    }
    let payment =
        world.ledger.find(gateway, &deed.id).ok_or_else(|| Complaint::new("id", "no such payment"))?;
    if payment.phase != Phase::Created {
        return Err(Complaint::new("id", "not an order that waits to be paid"));
    }
    Ok(match sber_ecom::pay(world, &deed.id) {
        (Phase::Held, amount) => Done::Held(amount),
        (_, amount) => Done::Paid(amount),
    })
}
