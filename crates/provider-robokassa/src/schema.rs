//! The bytes a journal keeps for this provider: their schema names and forms.
//!
//! | schema | what | bytes |
//! |---|---|---|
//! | `robokassa/payment@1` | what a refund needs beyond the payment's number | `{"opKey":"…"}`, or `{}` where the operation has none |
//! | `robokassa/refund@1` | a prepared refund | the token's payload, as it is signed |
//! | `robokassa/request@1` | an acknowledged refund | the request's GUID |
//! | `robokassa/reply@1` | evidence: an answer | a line `status 200`, then the answer's body |
//!
//! None of them holds a secret: no password, no signature, no token. A released schema never changes; a new form gets a
//! new number. This module must not know the wire.

use crate::wire::{op_key::OpKey, request_id::RequestId};
use refund_core::{DoubtReason, Opaque, ProviderRef};
use serde::{Deserialize, Serialize};

/// What a refund needs beyond the payment's number.
pub const PAYMENT: &str = "robokassa/payment@1";
/// A prepared refund.
pub const REFUND: &str = "robokassa/refund@1";
/// An acknowledged refund.
pub const REQUEST: &str = "robokassa/request@1";
/// An answer as evidence.
pub const REPLY: &str = "robokassa/reply@1";

/// The most bytes of an answer that evidence keeps: 64 KiB.
pub const MAX_EVIDENCE: usize = 64 << 10;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PaymentData {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    op_key: Option<String>,
}

/// Packs the operation key.
pub(crate) fn payment(op_key: Option<&OpKey>) -> Opaque {
    let data = PaymentData { op_key: op_key.map(|key| key.as_str().to_owned()) };
    Opaque::cut(PAYMENT, serde_json::to_vec(&data).expect("a text always serialises"))
}

/// Reads the operation key back. `Err` when the bytes are not of this schema.
pub(crate) fn op_key(data: &Opaque) -> Result<Option<OpKey>, NotOurs> {
    if data.schema() != PAYMENT {
        return Err(NotOurs);
    }
    let data: PaymentData = serde_json::from_slice(data.bytes()).map_err(|_| NotOurs)?;
    data.op_key.map(OpKey::parse).transpose().map_err(|_| NotOurs)
}

/// Packs a request's id.
pub(crate) fn reference(id: &RequestId) -> ProviderRef {
    ProviderRef(Opaque::cut(REQUEST, id.as_str().as_bytes().to_vec()))
}

/// Reads a request's id back.
pub(crate) fn request_id(reference: &ProviderRef) -> Result<RequestId, NotOurs> {
    let ProviderRef(data) = reference;
    let text = std::str::from_utf8(data.bytes()).map_err(|_| NotOurs)?;
    RequestId::parse(text).filter(|_| data.schema() == REQUEST).ok_or(NotOurs)
}

/// Packs an answer: the first line says the status (`status none` without one) and, for an answer that did not arrive
/// whole, why (`status 200 truncated-reply`); after it the body, at most [`MAX_EVIDENCE`] bytes of it.
pub(crate) fn evidence(status: Option<u16>, why: Option<DoubtReason>, body: &[u8]) -> Opaque {
    let status = status.map_or("none".to_owned(), |status| status.to_string());
    let why = why.map_or(String::new(), |why| format!(" {}", why.as_str()));
    let mut bytes = format!("status {status}{why}\n").into_bytes();
    bytes.extend_from_slice(&body[..body.len().min(MAX_EVIDENCE)]);
    Opaque::cut(REPLY, bytes)
}

/// Packs what was found instead of an answer: one line, `note …`.
pub(crate) fn note(text: &str) -> Opaque {
    Opaque::cut(REPLY, format!("note {text}\n").into_bytes())
}

/// The bytes were not made by this provider in a version this one knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotOurs;

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(data: &Opaque) -> String {
        format!("{} {}", data.schema(), String::from_utf8_lossy(data.bytes()))
    }

    #[test]
    fn forms_are_pinned_and_read_back() {
        let key = OpKey::parse("ABC-1").expect("a key");
        let packed = payment(Some(&key));
        assert_eq!(shown(&packed), r#"robokassa/payment@1 {"opKey":"ABC-1"}"#);
        assert_eq!(op_key(&packed), Ok(Some(key)));
        assert_eq!(shown(&payment(None)), "robokassa/payment@1 {}");
        assert_eq!(op_key(&payment(None)), Ok(None));

        let id = RequestId::parse("68cd7fa6-1338-4745-ba5c-28d16cbcdb3d").expect("a GUID");
        let packed = reference(&id);
        assert_eq!(shown(&packed.0), "robokassa/request@1 68cd7fa6-1338-4745-ba5c-28d16cbcdb3d");
        assert_eq!(request_id(&packed), Ok(id));
    }

    #[test]
    fn foreign_bytes_are_told_apart() {
        let foreign = |schema: &'static str, bytes: &[u8]| Opaque::cut(schema, bytes.to_vec());
        assert_eq!(op_key(&foreign("sber-old/payment@1", b"{}")), Err(NotOurs));
        assert_eq!(op_key(&foreign(PAYMENT, b"{")), Err(NotOurs));
        assert_eq!(op_key(&foreign(PAYMENT, br#"{"opKey":""}"#)), Err(NotOurs));
        let id = b"68cd7fa6-1338-4745-ba5c-28d16cbcdb3d";
        assert_eq!(request_id(&ProviderRef(foreign("robokassa/request@2", id))), Err(NotOurs));
        assert_eq!(request_id(&ProviderRef(foreign(REQUEST, b"68cd7fa6"))), Err(NotOurs));
        assert_eq!(request_id(&ProviderRef(foreign(REQUEST, b"\xff"))), Err(NotOurs));
    }

    #[test]
    fn evidence_is_status_and_body_and_never_too_much() {
        assert_eq!(shown(&evidence(Some(200), None, b"{}")), "robokassa/reply@1 status 200\n{}");
        let cut = evidence(None, Some(DoubtReason::ConnectionLost), b"");
        assert_eq!(shown(&cut), "robokassa/reply@1 status none connection-lost\n");
        assert_eq!(evidence(Some(502), None, &[b'x'; 1 << 20]).bytes().len(), "status 502\n".len() + 65_536);
    }
}
