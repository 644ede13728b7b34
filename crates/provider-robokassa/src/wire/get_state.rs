//! Refund/GetState: how a refund request stands.
//!
//! No signature, no password, no login (CONFIRMED, Robokassa, refund API page). The amount comes back with six decimals
//! as a bare number, `1.000000`, and is read from that text. Labels are open: three are documented, and none of them
//! says that the bank refused. It must not know who asked.

use super::{MAX_ANSWER, reply::category, request_id::RequestId};
use refund_core::{Currency, Money, RefundState, outcome::sanitize};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The path below the services' address.
pub const PATH: &str = "/RefundService/Refund/GetState";

/// The address to ask about one request, below the services' address: it holds the id, so it is not for logs.
pub fn path_and_query(id: &RequestId) -> String {
    format!("{PATH}?id={}", id.as_str())
}

/// A refund request as GetState describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which request.
    pub request_id: RequestId,
    /// How much, in kopecks.
    pub amount: Money,
    /// How it stands.
    pub label: Label,
}

/// The status word of a refund request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Label {
    /// `processing`: being carried out.
    Processing,
    /// `finished`: a full or partial refund succeeded.
    Finished,
    /// `canceled`: cancelled in the merchant's cabinet.
    Canceled,
    /// A word nobody documented, control characters removed, at most 64 characters.
    Other(String),
}

impl Label {
    fn read(word: &str) -> Self {
        match word {
            "processing" => Self::Processing,
            "finished" => Self::Finished,
            "canceled" => Self::Canceled,
            other => Self::Other(sanitize(other, 64)),
        }
    }
}

/// Why an answer tells no standing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GetStateError {
    /// The gateway says that it does not know the id. One message covers malformed and unknown ids.
    #[error("{message}")]
    Unknown {
        /// Its words (sanitised, at most 512 characters).
        message: String,
    },
    /// A status that answers nothing; asking later may help.
    #[error("HTTP {0}")]
    Status(u16),
    /// Not an answer of this call.
    #[error("{0}")]
    Unreadable(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    #[serde(default)]
    request_id: Option<String>,
    #[serde(borrow, default)]
    amount: Option<&'a RawValue>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

/// Reads an answer. The status of a failure is attested nowhere, so `message` is read under 200, 400 and 404 alike.
///
/// # Errors
/// [`GetStateError`].
pub fn decode(status: u16, body: &[u8]) -> Result<Standing, GetStateError> {
    if !matches!(status, 200..=299 | 400 | 404) {
        return Err(GetStateError::Status(status));
    }
    let text = super::trimmed(body);
    if text.is_empty() || text.len() > MAX_ANSWER {
        return Err(unreadable(format!("HTTP {status} with {} bytes", text.len())));
    }
    let answer: Answer<'_> = serde_json::from_slice(text)
        .map_err(|error| unreadable(format!("HTTP {status}: {}", category(&error))))?;
    match answer {
        Answer { request_id: Some(id), amount: Some(amount), label: Some(label), .. } => {
            standing(&id, amount, &label)
        }
        Answer { request_id: None, amount: None, label: None, message: Some(message) } => {
            Err(GetStateError::Unknown { message: sanitize(&message, 512) })
        }
        _ => Err(unreadable(format!("HTTP {status}: requestId, amount and label are not all there"))),
    }
}

fn standing(id: &str, amount: &RawValue, label: &str) -> Result<Standing, GetStateError> {
    let request_id = RequestId::parse(id).ok_or_else(|| unreadable("requestId is not a GUID".to_owned()))?;
    let amount = Money::parse_major_padded(amount.get(), Currency::RUB)
        .map_err(|error| unreadable(format!("amount: {}", sanitize(&error.to_string(), 200))))?;
    Ok(Standing { request_id, amount, label: Label::read(label) })
}

fn unreadable(detail: String) -> GetStateError {
    GetStateError::Unreadable(detail)
}

impl Standing {
    /// What it means for the refund that was asked for: another id or another amount is a mismatch, whatever the label.
    pub fn against(&self, asked: &RequestId, amount: Money) -> RefundState {
        if self.request_id != *asked {
            return RefundState::Mismatch {
                detail: format!(
                    "asked for request {}, answered {}",
                    asked.masked(),
                    self.request_id.masked()
                ),
            };
        }
        if self.amount != amount {
            return RefundState::Mismatch {
                detail: format!("asked to refund {amount}, the gateway has {}", self.amount),
            };
        }
        match &self.label {
            Label::Processing => RefundState::Processing,
            Label::Finished => RefundState::Settled,
            Label::Canceled => RefundState::Canceled,
            Label::Other(label) => RefundState::Unrecognised { label: label.clone() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ID: &str = "cf15fd52-d2d1-4fc4-b9c0-25310e3bdded";

    fn told(status: u16, body: &str) -> String {
        match decode(status, body.as_bytes()) {
            Ok(Standing { request_id, amount, label }) => format!("{request_id:?} {amount} {label:?}"),
            Err(GetStateError::Unknown { message }) => format!("unknown id: {message}"),
            Err(GetStateError::Status(status)) => format!("status {status}"),
            Err(GetStateError::Unreadable(detail)) => format!("unreadable: {detail}"),
        }
    }

    fn check(status: u16, body: &str, expected: &str) {
        assert_eq!(told(status, body), expected, "{status} {body}");
    }

    fn answer(amount: &str, label: &str) -> String {
        format!(r#"{{"requestId":"{ID}","amount":{amount},"label":"{label}"}}"#)
    }

    #[test]
    fn the_documents_own_answers() {
        let sample = "{\n    \"requestId\": \"cf15fd52-d2d1-4fc4-b9c0-25310e3bdded\",\n    \"amount\": 1.000000,\n    \
                      \"label\": \"finished\"\n}";
        check(200, sample, "RequestId(cf15fd52…) 1.00 RUB Finished");
        let failure = r#"{"message": "Id is invalid or request id does not exist"}"#;
        for status in [200, 400, 404] {
            check(status, failure, "unknown id: Id is invalid or request id does not exist");
        }
    }

    #[test]
    fn labels_are_open() {
        check(200, &answer("1.000000", "processing"), "RequestId(cf15fd52…) 1.00 RUB Processing");
        check(200, &answer("1.000000", "canceled"), "RequestId(cf15fd52…) 1.00 RUB Canceled");
        for word in ["cancelled", "Finished", "failed", ""] {
            let expected = format!("RequestId(cf15fd52…) 1.00 RUB Other({word:?})");
            check(200, &answer("1.000000", word), &expected);
        }
        check(200, &answer("1", "evil\\u001b[31m"), "RequestId(cf15fd52…) 1.00 RUB Other(\"evil[31m\")");
    }

    #[test]
    fn amounts_are_read_from_their_digits() {
        for (amount, expected) in [
            ("0.000000", "0.00 RUB"),
            ("1", "1.00 RUB"),
            ("0.1", "0.10 RUB"),
            ("12.340000", "12.34 RUB"),
            ("90071992547409.930000", "90071992547409.93 RUB"),
            // As floats these are 0.30000000000000004, 19.990000000000002 and 4.3499999999999996.
            ("0.300000", "0.30 RUB"),
            ("19.99", "19.99 RUB"),
            ("4.35", "4.35 RUB"),
            ("92233720368547758.07", "92233720368547758.07 RUB"),
            ("-1.000000", "-1.00 RUB"),
        ] {
            check(200, &answer(amount, "finished"), &format!("RequestId(cf15fd52…) {expected} Finished"));
        }
        for bad in [
            "1.000001",
            "0.30000000000000004",
            "9.007199254740993e13",
            "1e2",
            "\"1.00\"",
            "[1]",
            "99999999999999999999999999999999999",
        ] {
            let got = told(200, &answer(bad, "finished"));
            assert!(got.starts_with("unreadable: amount: "), "{bad}: {got}");
        }
    }

    #[test]
    fn what_is_no_answer_says_so() {
        check(200, "", "unreadable: HTTP 200 with 0 bytes");
        check(200, "<html>", "unreadable: HTTP 200: not JSON");
        check(200, r#"{"requestId":"#, "unreadable: HTTP 200: the JSON ends too early");
        let partly = "unreadable: HTTP 200: requestId, amount and label are not all there";
        check(200, "{}", partly);
        check(200, &format!(r#"{{"requestId":"{ID}","amount":1.000000}}"#), partly);
        check(200, &format!(r#"{{"requestId":"{ID}","message":"x"}}"#), partly);
        check(
            200,
            r#"{"requestId":"1","amount":1,"label":"finished"}"#,
            "unreadable: requestId is not a GUID",
        );
        let twice = format!(r#"{{"requestId":"{ID}","amount":1,"amount":2,"label":"finished"}}"#);
        check(200, &twice, "unreadable: HTTP 200: a member is missing, twice or of another type");
        check(404, "<html>", "unreadable: HTTP 404: not JSON");
        for status in [301, 401, 403, 429, 500, 503] {
            check(status, r#"{"message":"go away"}"#, &format!("status {status}"));
        }
    }

    #[test]
    fn id_and_amount_are_compared_with_the_question() {
        let standing = decode(200, answer("1.500000", "finished").as_bytes()).expect("an answer");
        let same = RequestId::parse(&ID.to_uppercase()).expect("a GUID");
        let other = RequestId::parse("68cd7fa6-1338-4745-ba5c-28d16cbcdb3d").expect("a GUID");
        assert_eq!(standing.against(&same, Money::rub(150)), RefundState::Settled);
        assert_eq!(
            standing.against(&same, Money::rub(151)),
            RefundState::Mismatch { detail: "asked to refund 1.51 RUB, the gateway has 1.50 RUB".to_owned() }
        );
        assert_eq!(
            standing.against(&other, Money::rub(150)),
            RefundState::Mismatch {
                detail: "asked for request 68cd7fa6…, answered cf15fd52…".to_owned()
            }
        );
        let states = ["processing", "canceled", "новое"].map(|label| {
            let standing = decode(200, answer("1.500000", label).as_bytes()).expect("an answer");
            standing.against(&same, Money::rub(150))
        });
        assert_eq!(
            states,
            [
                RefundState::Processing,
                RefundState::Canceled,
                RefundState::Unrecognised { label: "новое".to_owned() }
            ]
        );
    }

    proptest! {
        #[test]
        fn no_bytes_panic(status in 100_u16..600, bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(status, &bytes);
        }

        #[test]
        fn no_answer_of_this_shape_panics(amount in "[-+0-9.eE]{0,30}", label in "\\PC{0,80}", id in "\\PC{0,40}") {
            let label = serde_json::to_string(&label).expect("a string");
            let id = serde_json::to_string(&id).expect("a string");
            let body = format!(r#"{{"requestId":{id},"amount":{amount},"label":{label}}}"#);
            let _ = decode(200, body.as_bytes());
        }
    }
}
