//! `/_sandbox/callbacks`: where callbacks go, and what became of each.
//!
//! Knows addresses of this machine only; what a callback says stands with the callbacks themselves.

use serde::{Deserialize, Serialize};

use super::{Answer, Complaint, gateway, json, read};
use crate::call::Call;
use crate::callbacks::{Target, Verb};
use crate::ledger::Gateway;
use crate::switches::Word;
use crate::world::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Aim {
    gateway: String,
    /// `http://127.0.0.1:PORT/path`; `null` stops the gateway's callbacks.
    url: Option<String>,
    /// `GET` (the default) or `POST`, for the OLD dialect.
    method: Option<String>,
}

#[derive(Serialize)]
struct Listing<'a> {
    targets: Vec<Listed<'a>>,
    deliveries: Vec<Sent<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    gateway: &'static str,
    url: String,
    method: &'a str,
}

#[derive(Serialize)]
struct Sent<'a> {
    number: u64,
    gateway: &'static str,
    id: &'a str,
    operation: &'static str,
    state: &'static str,
    /// One HTTP status per attempt; `null` where nobody answered.
    answers: &'a [Option<u16>],
}

pub(super) fn list(world: &World) -> Vec<u8> {
    let targets = world.outbox.targets().map(|(gateway, target)| Listed {
        gateway: gateway.name(),
        url: target.url(),
        method: target.verb.word(),
    });
    let deliveries = world.outbox.list(world.clock.now()).into_iter().map(|(delivery, state)| Sent {
        number: delivery.number,
        gateway: delivery.gateway.name(),
        id: &delivery.order,
        operation: delivery.operation,
        state,
        answers: &delivery.answers,
    });
    json(&Listing { targets: targets.collect(), deliveries: deliveries.collect() })
}

pub(super) fn aim(world: &mut World, call: &Call) -> Answer {
    let aim: Aim = read(&call.body)?;
    let gateway = gateway(&aim.gateway)?;
    if gateway == Gateway::Robokassa {
        return Err(Complaint::new("gateway", "robokassa has no callback for refunds"));
    }
    let usual = if gateway == Gateway::SberOld { Verb::Get } else { Verb::Post };
    let verb = match aim.method.as_deref().map(Verb::named) {
        None => usual,
        Some(Some(verb)) if gateway == Gateway::SberOld || verb == usual => verb,
        Some(_) => return Err(Complaint::new("method", "GET or POST for sber-old, POST for sber-ecom")),
    };
    let target = aim.url.as_deref().map(|url| {
        Target::parse(url, verb).ok_or_else(|| {
            Complaint::new("url", "not an address of this machine like \"http://127.0.0.1:8080/callback\"")
        })
    });
    world.outbox.aim(gateway, target.transpose()?);
    Ok(list(world))
}

/// Forgets targets and deliveries.
pub(super) fn forget(world: &mut World, _: &Call) -> Answer {
    world.outbox.forget();
    Ok(list(world))
}
