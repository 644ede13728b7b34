//! The one way every gateway request takes: read, count, strike, handle, tell, depart.
//!
//! Knows the order of these steps and nothing of what a gateway answers.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;

use crate::call::{Call, Reply, Unread};
use crate::callbacks::{self, Copies, Delivery};
use crate::departure::Departure;
use crate::faults::{Fault, Moment, Operation};
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
    pub(crate) handle: Handle,
    /// How the gateway prints a refusal that a fault made up; `None` where refusals have no code.
    pub(crate) refuse: Option<Refuse>,
}

/// A reply with this code and text in the gateway's own form.
pub(crate) type Refuse = fn(&World, &Call, u64, &str) -> Reply;

/// What a gateway makes of a call.
pub(crate) type Handle = fn(&mut World, &Call, &Twist) -> Reply;

/// What a fault changes *inside* a reply, for the handler to print.
#[derive(Default)]
pub(crate) struct Twist {
    /// How to write `errorCode` this once.
    pub(crate) error_code: Option<CodeForm>,
    /// A label no document lists, to be printed this once.
    pub(crate) label: Option<String>,
    /// How many seconds of the sandbox's clock this refund is still processing.
    pub(crate) finish_after: Option<u64>,
}

impl Twist {
    fn of(fault: Option<&Fault>) -> Self {
        let mut twist = Self::default();
        match fault {
            Some(Fault::ErrorCode(form)) => twist.error_code = Some(*form),
            Some(Fault::UnknownLabel(label)) => twist.label = Some(label.clone()),
            Some(Fault::SlowFinish(seconds)) => twist.finish_after = Some(*seconds),
            _ => {}
        }
        twist
    }
}

/// Takes a request to `door`, or to no door at all.
pub(crate) async fn pass(shared: Shared, door: Option<Door>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let (call, unread) = Call::read(parts, body).await;
    let (departure, early) = shared.with(|world| {
        world.settle();
        // What fell due by itself is not this call's doing and no fault of it touches it.
        world.post(Copies::One);
        let (departure, fault) = match unread {
            Err(Unread::TooLarge) => (Departure::Whole(Reply::empty(StatusCode::PAYLOAD_TOO_LARGE)), None),
            Err(Unread::Broken) => (Departure::Hangup, None),
            Ok(()) => decide(world, door, &call),
        };
        enter(world, door, &call, &departure, fault.as_ref());
        let early = tell(world, fault.as_ref());
        (departure, early)
    });
    for delivery in early {
        let shared = shared.clone();
        // A task of its own: a client that hangs up meanwhile cancels no callback.
        let _ = tokio::spawn(async move { callbacks::carry(&shared, delivery).await }).await;
    }
    shared.ring();
    departure.leave().await
}

/// Writes the callbacks of this call; answers the ones that have to arrive before the reply.
fn tell(world: &mut World, fault: Option<&Fault>) -> Vec<Delivery> {
    let early = matches!(fault, Some(Fault::EarlyCallback));
    let copies = if matches!(fault, Some(Fault::DuplicateCallback)) { Copies::Two } else { Copies::One };
    world.post(copies);
    if early { std::iter::from_fn(|| world.outbox.take(world.clock.now())).collect() } else { Vec::new() }
}

fn decide(world: &mut World, door: Option<Door>, call: &Call) -> (Departure, Option<Fault>) {
    let Some(door) = door else {
        return (Departure::Whole(nothing_here()), None);
    };
    if !door.methods.contains(&call.method) {
        return (Departure::Whole(Reply::empty(StatusCode::METHOD_NOT_ALLOWED)), None);
    }
    let fault = strike(world, door);
    if let Some(early) = fault.as_ref().and_then(|fault| fault.before_commit(call)) {
        return (early, fault);
    }
    let made_up = match (&fault, door.refuse) {
        (Some(Fault::Refuse(moment, code, text)), Some(refuse)) => {
            Some((*moment, refuse(world, call, *code, text)))
        }
        _ => None,
    };
    let reply = match made_up {
        Some((Moment::BeforeCommit, reply)) => reply,
        Some((Moment::AfterCommit, reply)) => {
            (door.handle)(world, call, &Twist::default());
            reply
        }
        None => (door.handle)(world, call, &Twist::of(fault.as_ref())),
    };
    let departure = match &fault {
        Some(fault) => fault.after_commit(reply),
        None => Departure::Whole(reply),
    };
    (departure, fault)
}

/// The script comes first, chaos after it.
fn strike(world: &mut World, door: Door) -> Option<Fault> {
    let operation = *door.operations.first()?;
    let drawn = world.chaos.as_mut().and_then(|chaos| chaos.draw(door.gateway, operation));
    let fault = world.script.strike(door.gateway, door.operations).or(drawn)?;
    world.script.count(door.gateway, operation, &fault);
    Some(fault)
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
