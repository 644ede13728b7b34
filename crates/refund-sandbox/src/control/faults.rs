//! `/_sandbox/faults`: scripts, lists and clears faults.
//!
//! Knows how a fault is spelt; what it does stands with the faults themselves.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Answer, Complaint, gateway, json, read};
use crate::call::Call;
use crate::faults::{Fault, Operation, Scripted};
use crate::switches::CodeForm;
use crate::world::World;

/// The longest real wait.
const LONGEST_DELAY: u64 = 3_600;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    gateway: String,
    operation: String,
    fault: String,
    #[serde(default = "once")]
    times: u64,
    /// For `delay`: real seconds. Without it the answer never comes while the client waits.
    seconds: Option<u64>,
    /// For `error_before_commit` and `error_after_commit`.
    status: Option<u16>,
    /// For `unknown_label`.
    label: Option<String>,
}

fn once() -> u64 {
    1
}

#[derive(Serialize)]
struct Listing {
    faults: Vec<Listed>,
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
    json(&Listing { faults: listed.collect() })
}

pub(super) fn clear(world: &mut World, _: &Call) -> Answer {
    world.script.clear();
    Ok(list(world))
}

pub(super) fn add(world: &mut World, call: &Call) -> Answer {
    let wanted: Wanted = read(&call.body)?;
    let gateway = gateway(&wanted.gateway)?;
    let operation = Operation::named(&wanted.operation).ok_or_else(|| {
        Complaint::new("operation", "no such operation; there are refund, status and lookup")
    })?;
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
        "delay" => Fault::Delay(seconds(wanted)?),
        "error_before_commit" => Fault::ErrorBeforeCommit(status(wanted)?),
        "error_after_commit" => Fault::ErrorAfterCommit(status(wanted)?),
        "html" => Fault::Html,
        "truncate" => Fault::Truncate,
        "redirect" => Fault::Redirect,
        "rate_limit" => Fault::RateLimit,
        "error_code_string" => Fault::ErrorCode(CodeForm::String),
        "error_code_number" => Fault::ErrorCode(CodeForm::Number),
        "error_code_missing" => Fault::ErrorCode(CodeForm::Missing),
        "unknown_label" => {
            Fault::UnknownLabel(wanted.label.clone().unwrap_or_else(|| "suspended".to_owned()))
        }
        _ => return Err(Complaint::new("fault", "no such fault")),
    };
    let spare = [
        ("seconds", wanted.seconds.is_some() && !matches!(fault, Fault::Delay(_))),
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

fn seconds(wanted: &Wanted) -> Result<u64, Complaint> {
    let seconds = wanted.seconds.unwrap_or(LONGEST_DELAY);
    if seconds > LONGEST_DELAY {
        return Err(Complaint::new("seconds", format!("more than {LONGEST_DELAY}")));
    }
    Ok(seconds)
}

fn status(wanted: &Wanted) -> Result<StatusCode, Complaint> {
    let code = wanted.status.unwrap_or(500);
    let server_error = StatusCode::from_u16(code).ok().filter(StatusCode::is_server_error);
    server_error.ok_or_else(|| Complaint::new("status", "not from 500 to 599"))
}
