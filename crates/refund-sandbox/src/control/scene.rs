//! Switches, clock and reset: the conditions under which the gateways answer.
//!
//! Knows no payment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Answer, Complaint, json, read};
use crate::call::Call;
use crate::config::Mode;
use crate::switches::{Setting, Switches, TABLE};
use crate::text::form::Form;
use crate::text::json::Members;
use crate::world::{Seeds, World};

/// `{"mode":…,"values":{…},"switches":[{name, value, default, allowed, about}]}`.
pub(super) fn describe(world: &World) -> Vec<u8> {
    let defaults = Switches::preset(world.mode);
    let described: Vec<Value> = TABLE
        .iter()
        .map(|setting| {
            serde_json::json!({
                "name": setting.name,
                "value": (setting.get)(&world.switches),
                "default": (setting.get)(&defaults),
                "allowed": setting.allowed,
                "about": setting.about,
            })
        })
        .collect();
    let mode = match world.mode {
        Mode::Strict => "strict",
        Mode::Lenient => "lenient",
    };
    json(&serde_json::json!({ "mode": mode, "values": values(world), "switches": described }))
}

/// Sets all of them or, if one is wrong, none.
pub(super) fn set(world: &mut World, call: &Call) -> Answer {
    let text = std::str::from_utf8(&call.body).map_err(|_| Complaint::new("body", "not UTF-8"))?;
    let members = Members::parse(text).ok_or_else(|| {
        Complaint::new("body", "not an object of single members, like {\"sber.status_version\":5}")
    })?;
    let mut switches = world.switches.clone();
    for (name, value) in members.iter() {
        let known = |setting: &&Setting| setting.name == name;
        let setting = TABLE.iter().find(known);
        let setting =
            setting.ok_or_else(|| Complaint::new(name, "no such switch; GET switches lists them"))?;
        let value: Value = read(value.as_bytes())?;
        let allowed = String::from_utf8_lossy(&json(&setting.allowed)).into_owned();
        setting.set(&mut switches, &value).ok_or_else(|| Complaint::new(name, format!("takes {allowed}")))?;
    }
    world.switches = switches;
    world.settle();
    Ok(json(&serde_json::json!({ "values": values(world) })))
}

fn values(world: &World) -> BTreeMap<&'static str, Value> {
    TABLE.iter().map(|setting| (setting.name, (setting.get)(&world.switches))).collect()
}

/// `{"now":"…"}`, UTC.
pub(super) fn time(world: &World) -> Vec<u8> {
    json(&serde_json::json!({ "now": world.clock.now().to_string() }))
}

/// Moves the clock and finishes what falls due.
pub(super) fn advance(world: &mut World, call: &Call) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Advance {
        advance_seconds: u64,
    }
    let Advance { advance_seconds } = read(&call.body)?;
    let moved = world.clock.advance(advance_seconds);
    moved.ok_or_else(|| Complaint::new("advance_seconds", "beyond the year 9999"))?;
    world.settle();
    Ok(time(world))
}

/// Forgets everything, the documents' own data included; `?reseed=true` or `{"reseed":true}` brings
/// that data back.
pub(super) fn reset(world: &mut World, call: &Call) -> Answer {
    #[derive(Deserialize, Serialize, Default)]
    #[serde(deny_unknown_fields)]
    struct Reset {
        #[serde(default)]
        reseed: bool,
    }
    let body: Reset = if call.body.is_empty() { Reset::default() } else { read(&call.body)? };
    let query = Form::parse(call.query()).map_err(|_| Complaint::new("query", "badly encoded"))?;
    let asked = match query.get("reseed") {
        None => body.reseed,
        Some("true") => true,
        Some("false") => false,
        Some(_) => return Err(Complaint::new("reseed", "not true or false")),
    };
    world.reset(if asked { Seeds::Sown } else { Seeds::Bare });
    Ok(json(&Reset { reseed: asked }))
}
