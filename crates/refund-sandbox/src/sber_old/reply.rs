//! How a reply is written: `errorCode` in one of its three documented forms, `errorMessage`, the rest.
//!
//! HTTP 200 for business errors too (CONFIRMED). Knows no operation.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use super::refusal::Refusal;
use crate::call::Reply;
use crate::funnel::Twist;
use crate::switches::{CodeForm, JsonKind, Language, SberSwitches};
use crate::text::form::Form;

/// `errorCode` and `errorMessage`, the head of every reply.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<Value>,
    error_message: String,
}

/// How this one reply is to be written.
pub(super) struct Style {
    code: CodeForm,
    kind: JsonKind,
    language: Language,
}

impl Style {
    /// `language` in the request decides, else the merchant's setting; other languages fall back to it.
    pub(super) fn of(form: Option<&Form>, switches: &SberSwitches, twist: &Twist) -> Self {
        let language = match form.and_then(|form| form.get("language")) {
            Some("ru") => Language::Ru,
            Some("en") => Language::En,
            _ => switches.language,
        };
        Self { code: twist.error_code.unwrap_or(switches.error_code), kind: switches.content_type, language }
    }

    pub(super) fn success(&self) -> Head {
        let error_code = match self.code {
            CodeForm::String => Some(Value::from("0")),
            CodeForm::Number => Some(Value::from(0)),
            CodeForm::Missing => None,
        };
        let text = match self.language {
            Language::Ru => "Успешно",
            Language::En => "Success",
        };
        Head { error_code, error_message: text.to_owned() }
    }

    pub(super) fn refusal(&self, refusal: &Refusal) -> Head {
        let error_code = match self.code {
            CodeForm::Number => Value::from(refusal.code),
            CodeForm::String | CodeForm::Missing => Value::from(refusal.code.to_string()),
        };
        Head { error_code: Some(error_code), error_message: refusal.text(self.language).to_owned() }
    }

    pub(super) fn reply(&self, body: &impl Serialize) -> Reply {
        let media_type = match self.kind {
            JsonKind::Json => "application/json;charset=UTF-8",
            JsonKind::Text => "text/plain;charset=UTF-8",
        };
        let body = serde_json::to_vec(body).expect("structs of strings and integers always become JSON");
        Reply::new(StatusCode::OK, media_type, body)
    }
}
