//! Robokassa: the refund service and the one XML call a refund needs.
//!
//! Written from the refund API page, a transcript of the merchant documentation and the vendor's own
//! plugin. Must not know Sber, sockets or the control API.

mod create;
mod get_state;
mod hash;
mod items;
mod op_state;
mod payload;
mod token;

pub(crate) use create::create;
pub(crate) use get_state::get_state;
pub(crate) use op_state::op_state_ext;

use axum::http::StatusCode;
use serde::Serialize;

use crate::call::Reply;

const JSON: &str = "application/json; charset=utf-8";

/// A refusal of `Refund/Create`: a status and the `message` of the failure JSON.
///
/// Messages that start with `sandbox:` are the sandbox's own. No document gives a text for these
/// cases, and nobody should come to rely on one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: StatusCode,
    message: String,
}

impl Refusal {
    /// 400 with a message in the sandbox's own namespace (status REPORTED, OpenAPI quoted; text ours).
    fn own(message: impl AsRef<str>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: format!("sandbox: {}", message.as_ref()) }
    }

    fn documented(status: StatusCode, message: &str) -> Self {
        Self { status, message: message.to_owned() }
    }

    fn reply(&self) -> Reply {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Failure<'a> {
            success: bool,
            message: &'a str,
            request_id: Option<&'a str>,
        }
        let failure = Failure { success: false, message: &self.message, request_id: None };
        Reply::new(self.status, JSON, json(&failure))
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("a struct of strings, booleans and numbers always becomes JSON")
}
