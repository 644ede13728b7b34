//! Which address leads where: the gateways' doors, the control API, and 404 for the rest.
//!
//! Knows addresses only.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request};
use axum::routing::{MethodRouter, any};

use crate::faults::Operation;
use crate::funnel::{Door, pass};
use crate::ledger::Gateway;
use crate::world::Shared;
use crate::{control, robokassa, sber_old};

/// The gateways' doors. Addresses as the documents print them, in their exact case.
const DOORS: [(&str, Door); 5] = [
    (
        "/RefundService/Refund/Create",
        Door {
            gateway: Gateway::Robokassa,
            operations: &[Operation::Refund],
            methods: &[Method::POST],
            handle: robokassa::create,
        },
    ),
    (
        "/RefundService/Refund/GetState",
        Door {
            gateway: Gateway::Robokassa,
            operations: &[Operation::Status],
            methods: &[Method::GET],
            handle: robokassa::get_state,
        },
    ),
    (
        "/Merchant/WebService/Service.asmx/OpStateExt",
        Door {
            gateway: Gateway::Robokassa,
            operations: &[Operation::Lookup],
            methods: &[Method::GET, Method::POST],
            handle: robokassa::op_state_ext,
        },
    ),
    (
        "/payment/rest/refund.do",
        Door {
            gateway: Gateway::SberOld,
            operations: &[Operation::Refund],
            methods: &[Method::POST, Method::GET],
            handle: sber_old::refund,
        },
    ),
    (
        // One endpoint tells about the payment and about its refunds.
        "/payment/rest/getOrderStatusExtended.do",
        Door {
            gateway: Gateway::SberOld,
            operations: &[Operation::Lookup, Operation::Status],
            methods: &[Method::POST, Method::GET],
            handle: sber_old::status,
        },
    ),
];

/// Everything one sandbox answers.
pub(crate) fn router(shared: Shared) -> Router {
    let mut router = Router::new();
    for (path, door) in DOORS {
        router = router.route(path, through(door));
    }
    control::routes(router).fallback(|State(shared), request| pass(shared, None, request)).with_state(shared)
}

fn through(door: Door) -> MethodRouter<Shared> {
    any(move |State(shared): State<Shared>, request: Request<Body>| pass(shared, Some(door), request))
}
