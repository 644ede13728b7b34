//! `/_sandbox/faults`: scripts, lists and clears faults.
//!
//! Knows how a fault is spelt; what it does stands with the faults themselves.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Answer, Complaint, gateway, json, read};
use crate::call::Call;
use crate::chaos::{Chaos, SYSTEM_ERROR};
use crate::faults::{Fault, Moment, Operation, Scripted};
use crate::switches::CodeForm;
use crate::world::World;

/// The longest real wait.
const LONGEST_DELAY: u64 = 3_600;
/// How long a slow refund takes unless it is said, and at most: a day and a year of the sandbox's clock.
const SLOW: u64 = 86_400;
const LONGEST_SLOW: u64 = 31_536_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    gateway: String,
    operation: String,
    fault: String,
    #[serde(default = "once")]
    times: u64,
    /// For `delay`: real seconds. Without it the answer never comes while the client waits. For
    /// `slow_finish`: seconds of the sandbox's clock.
    seconds: Option<u64>,
    /// For `error_before_commit` and `error_after_commit`.
    status: Option<u16>,
    /// For `unknown_label`.
    label: Option<String>,
    /// For `refuse_before_commit` and `refuse_after_commit`: errorCode and errorMessage.
    code: Option<u64>,
    message: Option<String>,
    /// For `truncate`: how many bytes of the body get through; half of it without a number.
    at: Option<u64>,
}

/// `{"chaos": SEED}`, alone; `null` ends it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seeded {
    chaos: Option<u64>,
}

fn once() -> u64 {
    1
}

#[derive(Serialize)]
struct Listing {
    /// Still to come, in order.
    faults: Vec<Listed>,
    /// What struck since the sandbox began or the faults were cleared; `times` is how often.
    struck: Vec<Listed>,
    chaos: Option<u64>,
}

#[derive(Serialize)]
struct Listed {
    gateway: &'static str,
    operation: &'static str,
    fault: &'static str,
    times: u64,
}

pub(super) fn list(world: &World) -> Vec<u8> {
    let listed = world.script.iter().map(|scripted| Listed {
        gateway: scripted.gateway.name(),
        operation: scripted.operation.name(),
        fault: scripted.fault.name(),
        times: scripted.times,
    });
    let struck = world.script.struck().map(|(gateway, operation, fault, times)| Listed {
        gateway: gateway.name(),
        operation: operation.name(),
        fault,
        times,
    });
    let chaos = world.chaos.as_ref().map(Chaos::seed);
    json(&Listing { faults: listed.collect(), struck: struck.collect(), chaos })
}

pub(super) fn clear(world: &mut World, _: &Call) -> Answer {
    world.script.clear();
    world.chaos = None;
    Ok(list(world))
}

pub(super) fn add(world: &mut World, call: &Call) -> Answer {
    let members: BTreeMap<String, serde::de::IgnoredAny> = read(&call.body)?;
    if members.contains_key("chaos") {
        let Seeded { chaos } = read(&call.body)?;
        world.chaos = chaos.map(Chaos::seeded);
        return Ok(list(world));
    }
    let wanted: Wanted = read(&call.body)?;
    let gateway = gateway(&wanted.gateway)?;
    let operation = Operation::named(&wanted.operation).ok_or_else(|| {
        let names: Vec<_> = Operation::NAMES.iter().map(|(name, _)| *name).collect();
        Complaint::new("operation", format!("no such operation; there are {}", names.join(", ")))
    })?;
    if !operation.exists_at(gateway) {
        let error = format!("{} is never asked for this", gateway.name());
        return Err(Complaint::new("operation", error));
    }
    let fault = fault(&wanted)?;
    if !fault.fits(gateway, operation) {
        let error = format!("{} cannot happen to {} of {}", fault.name(), operation.name(), gateway.name());
        return Err(Complaint::new("fault", error));
    }
    if wanted.times == 0 {
        return Err(Complaint::new("times", "not positive"));
    }
    world.script.add(Scripted { gateway, operation, fault, times: wanted.times });
    Ok(list(world))
}

fn fault(wanted: &Wanted) -> Result<Fault, Complaint> {
    let fault = match wanted.fault.as_str() {
        "drop_before_commit" => Fault::DropBeforeCommit,
        "drop_after_commit" => Fault::DropAfterCommit,
        "delay" => Fault::Delay(seconds(wanted, LONGEST_DELAY, LONGEST_DELAY)?),
        "slow_finish" => Fault::SlowFinish(seconds(wanted, SLOW, LONGEST_SLOW)?),
        "duplicate_callback" => Fault::DuplicateCallback,
        "early_callback" => Fault::EarlyCallback,
        "error_before_commit" => Fault::ErrorBeforeCommit(status(wanted)?),
        "error_after_commit" => Fault::ErrorAfterCommit(status(wanted)?),
        "html" => Fault::Html,
        "truncate" => Fault::Truncate(wanted.at),
        "redirect" => Fault::Redirect,
        "rate_limit" => Fault::RateLimit,
        "error_code_string" => Fault::ErrorCode(CodeForm::String),
        "error_code_number" => Fault::ErrorCode(CodeForm::Number),
        "error_code_missing" => Fault::ErrorCode(CodeForm::Missing),
        "refuse_before_commit" => refuse(wanted, Moment::BeforeCommit)?,
        "refuse_after_commit" => refuse(wanted, Moment::AfterCommit)?,
        "unknown_label" => {
            Fault::UnknownLabel(wanted.label.clone().unwrap_or_else(|| "suspended".to_owned()))
        }
        _ => return Err(Complaint::new("fault", "no such fault")),
    };
    let spare = [
        ("seconds", wanted.seconds.is_some() && !matches!(fault, Fault::Delay(_) | Fault::SlowFinish(_))),
        ("code", wanted.code.is_some() && !matches!(fault, Fault::Refuse(..))),
        ("message", wanted.message.is_some() && !matches!(fault, Fault::Refuse(..))),
        ("at", wanted.at.is_some() && !matches!(fault, Fault::Truncate(_))),
        (
            "status",
            wanted.status.is_some()
                && !matches!(fault, Fault::ErrorBeforeCommit(_) | Fault::ErrorAfterCommit(_)),
        ),
        ("label", wanted.label.is_some() && !matches!(fault, Fault::UnknownLabel(_))),
    ];
    match spare.iter().find(|(_, given)| *given) {
        Some((name, _)) => Err(Complaint::new(*name, format!("{} takes none", fault.name()))),
        None => Ok(fault),
    }
}

fn refuse(wanted: &Wanted, moment: Moment) -> Result<Fault, Complaint> {
    let code = wanted.code.unwrap_or(7);
    // ECOM: one to three digits (CONFIRMED); 0 would be no refusal.
    if !(1..=999).contains(&code) {
        return Err(Complaint::new("code", "not from 1 to 999"));
    }
    Ok(Fault::Refuse(moment, code, wanted.message.clone().unwrap_or_else(|| SYSTEM_ERROR.to_owned())))
}

fn seconds(wanted: &Wanted, usual: u64, longest: u64) -> Result<u64, Complaint> {
    let seconds = wanted.seconds.unwrap_or(usual);
    if seconds > longest {
        return Err(Complaint::new("seconds", format!("more than {longest}")));
    }
    Ok(seconds)
}

fn status(wanted: &Wanted) -> Result<StatusCode, Complaint> {
    let code = wanted.status.unwrap_or(500);
    let server_error = StatusCode::from_u16(code).ok().filter(StatusCode::is_server_error);
    server_error.ok_or_else(|| Complaint::new("status", "not from 500 to 599"))
}
