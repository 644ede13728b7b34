//! Which address leads where: the gateways' doors, the control API, and 404 for the rest.
//!
//! Knows addresses only.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request};
use axum::routing::{MethodRouter, any};

use crate::faults::Operation;
use crate::funnel::{Door, Handle, pass};
use crate::ledger::Gateway;
use crate::world::Shared;
use crate::{control, robokassa, sber_ecom, sber_old};

/// The gateways' doors. Addresses as the documents print them, in their exact case.
const DOORS: [(&str, Door); 17] = [
    (
        "/RefundService/Refund/Create",
        Door {
            gateway: Gateway::Robokassa,
            operations: &[Operation::Refund],
            methods: &[Method::POST],
            handle: robokassa::create,
            refuse: None,
        },
    ),
    (
        "/RefundService/Refund/GetState",
        Door {
            gateway: Gateway::Robokassa,
            operations: &[Operation::Status],
            methods: &[Method::GET],
            handle: robokassa::get_state,
            refuse: None,
        },
    ),
    (
        "/Merchant/WebService/Service.asmx/OpStateExt",
        Door {
            gateway: Gateway::Robokassa,
            operations: &[Operation::Lookup],
            methods: &[Method::GET, Method::POST],
            handle: robokassa::op_state_ext,
            refuse: None,
        },
    ),
    (
        "/payment/rest/refund.do",
        Door {
            gateway: Gateway::SberOld,
            operations: &[Operation::Refund],
            methods: &[Method::POST, Method::GET],
            handle: sber_old::refund,
            refuse: Some(sber_old::made_up),
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
            refuse: Some(sber_old::made_up),
        },
    ),
    (
        "/payment/rest/autoRefund.do",
        Door {
            gateway: Gateway::SberOld,
            operations: &[Operation::Refund],
            methods: &[Method::POST, Method::GET],
            handle: sber_old::auto_refund,
            refuse: Some(sber_old::made_up),
        },
    ),
    // With and without `.do`, exactly so (CONFIRMED, ecomtest).
    ("/ecomm/gw/partner/api/v1/register.do", ecom(&[Operation::Register], sber_ecom::register)),
    (
        "/ecomm/gw/partner/api/v1/registerPreAuth.do",
        ecom(&[Operation::Register], sber_ecom::register_pre_auth),
    ),
    ("/ecomm/gw/partner/api/v1/deposit.do", ecom(&[Operation::Deposit], sber_ecom::deposit)),
    ("/ecomm/gw/partner/api/v1/reverse.do", ecom(&[Operation::Reverse], sber_ecom::reverse)),
    ("/ecomm/gw/partner/api/v1/decline.do", ecom(&[Operation::Decline], sber_ecom::decline)),
    ("/ecomm/gw/partner/api/v1/refund.do", ecom(&[Operation::Refund], sber_ecom::refund)),
    ("/ecomm/gw/partner/api/v1/autoRefund", ecom(&[Operation::Refund], sber_ecom::auto_refund)),
    (
        "/ecomm/gw/partner/api/v1/getOrderStatusExtended.do",
        ecom(&[Operation::Lookup, Operation::Status], sber_ecom::status),
    ),
    ("/ecomm/gw/partner/api/ofd/v1/getReceiptStatus", ecom(&[Operation::Receipt], sber_ecom::receipt_status)),
    ("/ecomm/gw/partner/api/ofd/v1/retryReceipt", ecom(&[Operation::Receipt], sber_ecom::retry_receipt)),
    ("/ecomm/gw/partner/api/ofd/v1/doReceipt", ecom(&[Operation::Receipt], sber_ecom::do_receipt)),
];

/// Everything of the ECOM dialect takes POST only (CONFIRMED).
const fn ecom(operations: &'static [Operation], handle: Handle) -> Door {
    Door {
        gateway: Gateway::SberEcom,
        operations,
        methods: &[Method::POST],
        handle,
        refuse: Some(sber_ecom::made_up),
    }
}

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
