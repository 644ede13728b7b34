//! The one way every gateway request takes: read, count, strike, handle, depart.
//!
//! Knows the order of these steps and nothing of what a gateway answers.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;

use crate::call::{Call, Reply, Unread};
use crate::departure::Departure;
use crate::faults::{Fault, Operation};
use crate::ledger::Gateway;
use crate::requests::Outcome;
use crate::switches::CodeForm;
use crate::world::{Shared, World};

/// One endpoint of one gateway.
#[derive(Clone, Copy)]
pub(crate) struct Door {
    pub(crate) gateway: Gateway,
    /// What faults may call it; the first is what the listing of requests calls it.
    pub(crate) operations: &'static [Operation],
    pub(crate) methods: &'static [Method],
    pub(crate) handle: fn(&mut World, &Call, &Twist) -> Reply,
}

/// What a fault changes *inside* a reply, for the handler to print.
#[derive(Default)]
pub(crate) struct Twist {
    /// How to write `errorCode` this once.
    pub(crate) error_code: Option<CodeForm>,
    /// A label no document lists, to be printed this once.
    pub(crate) label: Option<String>,
}

impl Twist {
    fn of(fault: Option<&Fault>) -> Self {
        match fault {
            Some(Fault::ErrorCode(form)) => Self { error_code: Some(*form), label: None },
            Some(Fault::UnknownLabel(label)) => Self { error_code: None, label: Some(label.clone()) },
            _ => Self::default(),
        }
    }
}

/// Takes a request to `door`, or to no door at all.
pub(crate) async fn pass(shared: Shared, door: Option<Door>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let (call, unread) = Call::read(parts, body).await;
    let departure = shared.with(|world| {
        world.settle();
        let (departure, fault) = match unread {
            Err(Unread::TooLarge) => (Departure::Whole(Reply::empty(StatusCode::PAYLOAD_TOO_LARGE)), None),
            Err(Unread::Broken) => (Departure::Hangup, None),
            Ok(()) => decide(world, door, &call),
        };
        enter(world, door, &call, &departure, fault.as_ref());
        departure
    });
    departure.leave().await
}

fn decide(world: &mut World, door: Option<Door>, call: &Call) -> (Departure, Option<Fault>) {
    let Some(door) = door else {
        return (Departure::Whole(nothing_here()), None);
    };
    if !door.methods.contains(&call.method) {
        return (Departure::Whole(Reply::empty(StatusCode::METHOD_NOT_ALLOWED)), None);
    }
    let fault = world.script.strike(door.gateway, door.operations);
    if let Some(early) = fault.as_ref().and_then(|fault| fault.before_commit(call)) {
        return (early, fault);
    }
    let reply = (door.handle)(world, call, &Twist::of(fault.as_ref()));
    let departure = match &fault {
        Some(fault) => fault.after_commit(reply),
        None => Departure::Whole(reply),
    };
    (departure, fault)
}

fn enter(world: &mut World, door: Option<Door>, call: &Call, departure: &Departure, fault: Option<&Fault>) {
    let operation = |door: Door| door.operations.first().map(|operation| (door.gateway, *operation));
    let outcome = Outcome { status: departure.status(), fault: fault.map(Fault::name) };
    let (now, kept) = (world.clock.now(), world.switches.requests_kept);
    world.requests.enter(call, door.and_then(operation), now, outcome, kept);
}

/// Paths no document attests, among them several that public code calls (`OpRefund`, `OpReturn`,
/// `RefundPayment`, `Merchant/Refund.ashx`, `RefundService/Refund/Status`), answer 404.
fn nothing_here() -> Reply {
    const BODY: &str = concat!(
        r#"{"error":"no emulated gateway answers at this address","#,
        r#""where":"path","see":"/_sandbox/ lists the control calls"}"#
    );
    Reply::new(StatusCode::NOT_FOUND, "application/json", BODY)
}
