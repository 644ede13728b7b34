//! The control API under `/_sandbox/`: how a test sets the scene and reads what happened.
//!
//! JSON in and out, whatever `Content-Type` says, so that plain `curl -d` works. It changes the world
//! and asks it; it must not imitate any gateway.

mod cabinet;
mod callbacks;
mod faults;
mod payments;
mod scene;

use std::collections::VecDeque;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::call::{Call, Reply, Unread};
use crate::callbacks::Copies;
use crate::departure::Departure;
use crate::ledger;
use crate::requests::Entry;
use crate::world::{Shared, World};

/// A control call's answer: JSON text, or what was wrong with the input.
type Answer = Result<Vec<u8>, Complaint>;

/// Wrong control input.
#[derive(Debug, Serialize)]
struct Complaint {
    /// What is wrong.
    error: String,
    /// Where: a member's name or path, or a line and column of the body.
    #[serde(rename = "where")]
    place: String,
    #[serde(skip)]
    status: StatusCode,
}

impl Complaint {
    fn new(place: impl Into<String>, error: impl Into<String>) -> Self {
        Self { error: error.into(), place: place.into(), status: StatusCode::BAD_REQUEST }
    }

    fn reply(&self) -> Reply {
        Reply::new(self.status, JSON, json(self))
    }
}

const JSON: &str = "application/json";

/// One control call: its address under `/_sandbox`, its method and what it does.
struct Action {
    path: &'static str,
    method: Method,
    act: fn(&mut World, &Call) -> Answer,
}

const ACTIONS: [Action; 17] = [
    Action { path: "/", method: Method::GET, act: |_, _| Ok(index()) },
    Action { path: "/payments", method: Method::POST, act: payments::create },
    Action { path: "/ledger", method: Method::GET, act: |world, _| Ok(json(&ledger::view(&world.ledger))) },
    Action { path: "/switches", method: Method::GET, act: |world, _| Ok(scene::describe(world)) },
    Action { path: "/switches", method: Method::POST, act: scene::set },
    Action { path: "/faults", method: Method::GET, act: |world, _| Ok(faults::list(world)) },
    Action { path: "/faults", method: Method::POST, act: faults::add },
    Action { path: "/faults", method: Method::DELETE, act: faults::clear },
    // The same for clients that have GET and POST alone.
    Action { path: "/faults/clear", method: Method::POST, act: faults::clear },
    Action { path: "/clock", method: Method::GET, act: |world, _| Ok(scene::time(world)) },
    Action { path: "/clock", method: Method::POST, act: scene::advance },
    Action { path: "/cabinet", method: Method::POST, act: cabinet::act },
    Action { path: "/callbacks", method: Method::GET, act: |world, _| Ok(callbacks::list(world)) },
    Action { path: "/callbacks", method: Method::POST, act: callbacks::aim },
    Action { path: "/callbacks", method: Method::DELETE, act: callbacks::forget },
    Action { path: "/reset", method: Method::POST, act: scene::reset },
    Action { path: "/requests", method: Method::GET, act: |world, _| Ok(requests(world)) },
];

/// The control API, all of it under `/_sandbox`.
pub(crate) fn routes(mut router: Router<Shared>) -> Router<Shared> {
    let mut paths: Vec<&'static str> = ACTIONS.iter().map(|action| action.path).collect();
    paths.dedup();
    for path in paths {
        router = router.route(&format!("/_sandbox{path}"), to(path));
    }
    router
        .route("/_sandbox", to("/"))
        .route("/_sandbox/{*rest}", any(async || unknown().reply().into_response()))
}

fn to(path: &'static str) -> MethodRouter<Shared> {
    any(move |State(shared): State<Shared>, request: Request<Body>| answer(shared, path, request))
}

async fn answer(shared: Shared, path: &'static str, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let (call, unread) = Call::read(parts, body).await;
    let action = ACTIONS.iter().find(|action| action.path == path && action.method == call.method);
    let answer = match (unread, action) {
        (Err(Unread::Broken), _) => return Departure::Hangup.leave().await,
        (Err(Unread::TooLarge), _) => Err(too_large()),
        (Ok(()), None) => Err(wrong_method(path)),
        (Ok(()), Some(action)) => shared.with(|world| {
            world.settle();
            let answer = (action.act)(world, &call);
            world.post(Copies::One);
            answer
        }),
    };
    shared.ring();
    let reply = match answer {
        Ok(body) => Reply::new(StatusCode::OK, JSON, body),
        Err(complaint) => complaint.reply(),
    };
    reply.into_response()
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let media_type = self.media_type.unwrap_or(JSON);
        (self.status, [("content-type", media_type)], self.body).into_response()
    }
}

fn calls() -> Vec<String> {
    ACTIONS.iter().map(|action| format!("{} /_sandbox{}", action.method, action.path)).collect()
}

fn index() -> Vec<u8> {
    json(&serde_json::json!({ "calls": calls() }))
}

fn unknown() -> Complaint {
    let error = format!("no such control call; there are: {}", calls().join(", "));
    Complaint { error, place: "path".to_owned(), status: StatusCode::NOT_FOUND }
}

fn wrong_method(path: &str) -> Complaint {
    let takes = ACTIONS.iter().filter(|action| action.path == path).map(|action| action.method.as_str());
    let error = format!("/_sandbox{path} takes {}", takes.collect::<Vec<_>>().join(" and "));
    Complaint { error, place: "method".to_owned(), status: StatusCode::METHOD_NOT_ALLOWED }
}

fn too_large() -> Complaint {
    let error = format!("more than {} bytes", crate::call::BODY_LIMIT);
    Complaint { error, place: "body".to_owned(), status: StatusCode::PAYLOAD_TOO_LARGE }
}

/// `{"seen":…,"requests":[…]}`: how many gateway requests ever arrived, and the ones still kept.
fn requests(world: &World) -> Vec<u8> {
    #[derive(Serialize)]
    struct Listing<'a> {
        seen: u64,
        requests: &'a VecDeque<Entry>,
    }
    let (seen, requests) = world.requests.list();
    json(&Listing { seen, requests })
}

/// Reads a body; unknown and repeated members are errors, with line and column.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Complaint> {
    serde_json::from_slice(body).map_err(|error| {
        let place = format!("body, line {} column {}", error.line(), error.column());
        Complaint::new(place, error.to_string())
    })
}

/// A gateway by its name.
fn gateway(name: &str) -> Result<ledger::Gateway, Complaint> {
    ledger::Gateway::named(name).ok_or_else(|| {
        Complaint::new("gateway", "no such gateway; there are robokassa, sber-old and sber-ecom")
    })
}

/// Something with only a `gateway` member read, to choose how to read the rest.
#[derive(Deserialize)]
struct GatewayOnly {
    gateway: String,
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("structs of strings and integers always become JSON")
}
