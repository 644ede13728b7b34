//! How a reply is written: `errorCode` always, as a string; `errorMessage`; the rest.
//!
//! HTTP 200 for business errors too (CONFIRMED). Knows no operation.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use super::refusal::Refusal;
use crate::call::Reply;
use crate::funnel::Twist;
use crate::switches::CodeForm;

/// `errorCode` and `errorMessage`, the head of every reply.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<Value>,
    error_message: String,
    #[serde(skip)]
    why: Option<String>,
}

/// What code 0 means (CONFIRMED, both texts).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    Now,
    /// Accepted for processing.
    Later,
}

impl Head {
    pub(super) fn success(done: Done) -> Self {
        let text = match done {
            Done::Now => "Обработка запроса прошла без системных ошибок",
            Done::Later => "Запрос принят в обработку",
        };
        Self { error_code: Some(Value::from("0")), error_message: text.to_owned(), why: None }
    }

    pub(super) fn refusal(refusal: &Refusal) -> Self {
        Self {
            error_code: Some(Value::from(refusal.code.to_string())),
            error_message: refusal.text.clone().into_owned(),
            why: refusal.why.clone(),
        }
    }

    /// The head as a fault wants it this once: as no document has it.
    pub(super) fn twisted(mut self, twist: &Twist) -> Self {
        let code = self.error_code.as_ref().and_then(Value::as_str).and_then(|code| code.parse::<u64>().ok());
        match (twist.error_code, code) {
            (Some(CodeForm::Number), Some(code)) => self.error_code = Some(Value::from(code)),
            (Some(CodeForm::Missing), Some(0)) => self.error_code = None,
            _ => {}
        }
        self
    }
}

/// A reply that is nothing but its head.
pub(super) fn at(status: StatusCode, head: &Head) -> Reply {
    let mut reply = Reply { status, ..json(head) };
    reply.why.clone_from(&head.why);
    reply
}

pub(super) fn json(body: &impl Serialize) -> Reply {
    let body = serde_json::to_vec(body).expect("structs of strings and integers always become JSON");
    Reply::new(StatusCode::OK, "application/json;charset=UTF-8", body)
}
