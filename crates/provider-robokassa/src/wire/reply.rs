//! What came of Refund/Create: the outcome table of this gateway.
//!
//! The body is read before the status is judged, because refusals come with their reason under 400 and 401 (REPORTED,
//! Robokassa's OpenAPI as quoted; CONFIRMED for 401, vendor plugin), and whether `NotEnoughOperationFunds` comes under
//! 200 or 400 is attested nowhere: both are read alike.
//!
//! | status | body | outcome |
//! |---|---|---|
//! | 2xx | `success: true` with a GUID | accepted |
//! | 2xx | `success: true` without one | unknown, missing reference |
//! | 2xx | `success: false` with a message | declined, final |
//! | 2xx | empty | unknown, empty reply |
//! | 2xx | anything else | unknown, unreadable reply |
//! | 400 401 403 404 405 413 415 429 | anything but the next row | declined, final: surely not accepted |
//! | any but 2xx | `success: true`, or an id beside a refusal | unknown: status and body contradict each other |
//! | 3xx, 5xx, the rest | anything | unknown, status |
//! | none, or cut | anything | unknown, as the transport says |
//!
//! Wherever the outcome is unknown, a GUID in the body is salvaged. This module must not know how bytes travelled.

use super::{MAX_ANSWER, request_id::RequestId, salvage};
use crate::{declines, schema};
use refund_core::{
    Certainty, Decline, Doubt, DoubtReason, Fired, RefundOutcome, Submission, outcome::sanitize,
};
use serde::Deserialize;

/// The statuses under which a refund was surely not accepted. The vendor's plugin counts every 4xx so (CONFIRMED,
/// vendor plugin); this list has those whose meaning leaves no other reading.
pub const NOT_ACCEPTED: &[u16] = &[400, 401, 403, 404, 405, 413, 415, 429];

/// The answer's members. Unknown members are ignored; a member that stands twice makes the answer unreadable.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateReply {
    success: bool,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    request_id: Option<String>,
}

/// Reads whatever came of firing.
pub fn decode(fired: Fired) -> Submission {
    match fired {
        Fired::NotSent(proof) => Submission::NotSent(proof),
        Fired::Reply(reply) => Submission::Outcome {
            outcome: outcome(reply.status, &reply.body),
            evidence: schema::evidence(Some(reply.status), None, &reply.body),
        },
        Fired::MaybeSent { why, detail, status, partial_body } => Submission::Outcome {
            outcome: RefundOutcome::Unknown(doubt(why, detail, &partial_body)),
            evidence: schema::evidence(status, Some(why), &partial_body),
        },
    }
}

/// The outcome of a whole reply.
pub fn outcome(status: u16, body: &[u8]) -> RefundOutcome {
    let success = (200..300).contains(&status);
    match (read(body), success) {
        (Read::Own(reply), true) => own(reply, body),
        (Read::Own(reply), false) if contradicts(&reply) => {
            unknown(DoubtReason::Status(status), "the body says accepted, the status does not", body)
        }
        // Cut or garbled, it still names a request: the status alone does not outweigh that.
        (Read::Foreign(problem), false) if salvage::request_id(body).is_some() => {
            unknown(DoubtReason::UnreadableReply, problem, body)
        }
        (Read::Own(CreateReply { message, .. }), false) => by_status(status, message.as_deref(), body),
        (Read::Empty | Read::Foreign(_), false) => by_status(status, None, body),
        (Read::Empty, true) => unknown(DoubtReason::EmptyReply, "a success status with nothing in it", body),
        (Read::Foreign(problem), true) => unknown(DoubtReason::UnreadableReply, problem, body),
    }
}

enum Read {
    Own(CreateReply),
    Empty,
    /// Not Robokassa's answer; says why, without quoting it.
    Foreign(String),
}

fn read(body: &[u8]) -> Read {
    let text = super::trimmed(body);
    if text.is_empty() {
        return Read::Empty;
    }
    if text.len() > MAX_ANSWER {
        return Read::Foreign(format!("{} bytes, more than Robokassa ever answers", text.len()));
    }
    match serde_json::from_slice(text) {
        Ok(reply) => Read::Own(reply),
        Err(error) => Read::Foreign(format!(
            "{} bytes that are not Robokassa's answer: {} at line {}, column {}",
            text.len(),
            category(&error),
            error.line(),
            error.column()
        )),
    }
}

/// The kind of a JSON error in words that quote nothing of the text.
pub(super) fn category(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Eof => "the JSON ends too early",
        serde_json::error::Category::Data => "a member is missing, twice or of another type",
        _ => "not JSON",
    }
}

/// A reply of Robokassa's shape under a success status.
fn own(reply: CreateReply, body: &[u8]) -> RefundOutcome {
    let id = reply.request_id.as_deref().and_then(RequestId::parse);
    let message = reply.message.filter(|message| !message.trim().is_empty());
    match (reply.success, id, message) {
        (true, Some(id), _) => RefundOutcome::Accepted(schema::reference(&id)),
        (true, None, _) => unknown(DoubtReason::MissingReference, "accepted, but without an id", body),
        (false, None, Some(message)) => refused(None, &message),
        (false, None, None) => {
            unknown(DoubtReason::UnreadableReply, "a refusal without a message proves nothing", body)
        }
        (false, Some(_), _) => {
            unknown(DoubtReason::UnreadableReply, "a refusal that carries the id of a request", body)
        }
    }
}

/// True when a body under an error status speaks of a request that exists.
fn contradicts(reply: &CreateReply) -> bool {
    reply.success || reply.request_id.as_deref().and_then(RequestId::parse).is_some()
}

fn by_status(status: u16, message: Option<&str>, body: &[u8]) -> RefundOutcome {
    if !NOT_ACCEPTED.contains(&status) {
        let said = message.map(|m| format!(" saying {:?}", sanitize(m, 64))).unwrap_or_default();
        return unknown(DoubtReason::Status(status), format!("HTTP {status}{said} proves nothing"), body);
    }
    match message.filter(|message| !message.trim().is_empty()) {
        Some(message) => refused(Some(status), message),
        None => RefundOutcome::Declined(Decline {
            code: format!("http-{status}"),
            text: format!("HTTP {status} without a message of Robokassa"),
            certainty: Certainty::Final,
            hints: declines::hints(Some(status), None),
        }),
    }
}

fn refused(status: Option<u16>, message: &str) -> RefundOutcome {
    RefundOutcome::Declined(Decline {
        code: sanitize(message.trim(), 64),
        text: sanitize(message.trim(), 512),
        certainty: Certainty::Final,
        hints: declines::hints(status, Some(message.trim())),
    })
}

fn unknown(why: DoubtReason, detail: impl Into<String>, body: &[u8]) -> RefundOutcome {
    RefundOutcome::Unknown(doubt(why, detail.into(), body))
}

fn doubt(why: DoubtReason, detail: String, body: &[u8]) -> Doubt {
    let salvaged = salvage::request_id(body).map(|id| schema::reference(&id));
    Doubt { salvaged, ..Doubt::new(why, detail) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use refund_core::{NotSent, NotSentReason, ProviderRef, Reply};

    const ID: &str = "68cd7fa6-1338-4745-ba5c-28d16cbcdb3d";
    const ACCEPTED: &str =
        r#"{"success":true,"message":null,"requestId":"68cd7fa6-1338-4745-ba5c-28d16cbcdb3d"}"#;
    const REFUSED: &str = r#"{"success":false,"message":"NotEnoughOperationFunds","requestId":null}"#;

    fn id(reference: &ProviderRef) -> String {
        format!("{} {}", reference.0.schema(), String::from_utf8_lossy(reference.0.bytes()))
    }

    /// An outcome in one line.
    fn line(outcome: &RefundOutcome) -> String {
        match outcome {
            RefundOutcome::Accepted(reference) => format!("accepted {}", id(reference)),
            RefundOutcome::Settled(_) => "settled".to_owned(),
            RefundOutcome::Declined(Decline { code, certainty, hints, .. }) => {
                let hints: Vec<_> = hints.iter().map(|hint| hint.id).collect();
                format!("declined {code} {certainty:?} {hints:?}")
            }
            RefundOutcome::Unknown(Doubt { why, salvaged, .. }) => {
                let salvaged = salvaged.as_ref().map_or("-".to_owned(), id);
                format!("unknown {why:?} {salvaged}")
            }
        }
    }

    fn check(status: u16, body: &str, expected: &str) {
        assert_eq!(line(&outcome(status, body.as_bytes())), expected, "{status} {body}");
    }

    #[test]
    fn the_documents_own_answers() {
        let accepted = format!("accepted robokassa/request@1 {ID}");
        let sample =
            format!("{{\n    \"success\": true,\n    \"message\": null,\n    \"requestId\": \"{ID}\"\n}}");
        for body in [
            ACCEPTED,
            &sample,
            &format!("\u{feff}{ACCEPTED}\r\n"),
            &format!(r#"{{"success":true,"requestId":"{ID}"}}"#),
        ] {
            check(200, body, &accepted);
        }
        check(201, ACCEPTED, &accepted);
        let declined =
            r#"declined NotEnoughOperationFunds Final ["robokassa-hint-not-enough-operation-funds"]"#;
        for status in [200, 400] {
            check(status, REFUSED, declined);
            check(status, r#"{"success":false,"message":"NotEnoughOperationFunds"}"#, declined);
        }
        check(
            401,
            r#"{"success":false,"message":"Signature key is not exists or partner have not access to API","requestId":null}"#,
            r#"declined Signature key is not exists or partner have not access to API Final ["robokassa-hint-signature-key"]"#,
        );
        check(400, r#"{"success":false,"message":"новая причина"}"#, "declined новая причина Final []");
    }

    #[test]
    fn a_garbled_refusal_that_names_a_request_is_a_doubt() {
        for body in [
            format!(r#"{{"success":true,"message":null,"requestId":"{ID}""#),
            format!(r#"{{"success":"true","requestId":"{ID}"}}"#),
            format!(r#"{{"success":true,"success":true,"requestId":"{ID}"}}"#),
        ] {
            for status in [400, 401, 415, 429] {
                let RefundOutcome::Unknown(doubt) = outcome(status, body.as_bytes()) else {
                    panic!("{status} {body} is not a refusal")
                };
                assert!(doubt.salvaged.is_some(), "{status} {body}");
            }
        }
    }

    #[test]
    fn statuses_that_prove_a_refusal_need_no_message() {
        for (status, hint) in [
            (400, "not-understood"),
            (401, "signature-key"),
            (403, "signature-key"),
            (404, "not-understood"),
            (405, "not-understood"),
            (413, "not-understood"),
            (415, "not-understood"),
            (429, "too-many-requests"),
        ] {
            let expected = format!(r#"declined http-{status} Final ["robokassa-hint-{hint}"]"#);
            for body in [
                "",
                "<html>",
                r#"{"title":"Bad Request","status":400}"#,
                r#"{"success":false,"message":" "}"#,
                "{",
            ] {
                check(status, body, &expected);
            }
        }
    }

    #[test]
    fn other_statuses_prove_nothing_whatever_the_body() {
        for status in [100, 199, 301, 302, 307, 402, 406, 408, 409, 410, 422, 500, 502, 503, 504, 599] {
            for body in ["", "<html>", REFUSED] {
                check(status, body, &format!("unknown Status({status}) -"));
            }
            check(status, ACCEPTED, &format!("unknown Status({status}) robokassa/request@1 {ID}"));
        }
    }

    #[test]
    fn a_success_status_is_believed_only_with_a_whole_answer() {
        for body in ["", " \r\n", "\u{feff}"] {
            check(200, body, "unknown EmptyReply -");
        }
        for body in [
            "<html>",
            "null",
            "[]",
            "{}",
            r#""accepted""#,
            r#"{"success":"true","requestId":null}"#,
            r#"{"success":false,"message":null,"requestId":null}"#,
            r#"{"success":false,"message":""}"#,
            r#"{"success":false,"success":true}"#,
            r#"{"success":false,"message":"\ud800"}"#,
            r#"{"success":false,"message":"a"} {}"#,
        ] {
            check(200, body, "unknown UnreadableReply -");
        }
        for id in ["null", r#""""#, r#""1""#, r#""00000000-0000-0000-0000-000000000000""#] {
            check(
                200,
                &format!(r#"{{"success":true,"message":null,"requestId":{id}}}"#),
                "unknown MissingReference -",
            );
        }
        check(200, r#"{"success":true}"#, "unknown MissingReference -");
    }

    #[test]
    fn contradictions_are_unknown_and_keep_the_id() {
        let salvaged = format!("robokassa/request@1 {ID}");
        let both = format!(r#"{{"success":false,"message":"no","requestId":"{ID}"}}"#);
        check(200, &both, &format!("unknown UnreadableReply {salvaged}"));
        check(400, &both, &format!("unknown Status(400) {salvaged}"));
        check(400, ACCEPTED, &format!("unknown Status(400) {salvaged}"));
        check(400, r#"{"success":true}"#, "unknown Status(400) -");
        check(200, &ACCEPTED[..ACCEPTED.len() - 1], &format!("unknown UnreadableReply {salvaged}"));
        let twice = format!(r#"{{"success":true,"success":true,"requestId":"{ID}"}}"#);
        check(200, &twice, &format!("unknown UnreadableReply {salvaged}"));
    }

    #[test]
    fn a_gateways_text_is_cleaned_and_cut() {
        let long = format!(r#"{{"success":false,"message":"a\u001b[31m\n{}"}}"#, "ж".repeat(600));
        let RefundOutcome::Declined(decline) = outcome(200, long.as_bytes()) else { panic!("declined") };
        assert_eq!((decline.code.chars().count(), decline.text.chars().count()), (64, 512));
        assert!(decline.code.starts_with("a[31mжж"), "{}", decline.code);
    }

    fn fired(fired: Fired) -> (String, String) {
        match decode(fired) {
            Submission::NotSent(proof) => (format!("not sent {}", proof.reason), String::new()),
            Submission::Outcome { outcome, evidence } => {
                (line(&outcome), String::from_utf8_lossy(evidence.bytes()).into_owned())
            }
        }
    }

    #[test]
    fn what_the_transport_saw_is_told_with_its_evidence() {
        let whole = Reply { status: 200, headers: Vec::new(), body: ACCEPTED.into() };
        assert_eq!(
            fired(Fired::Reply(whole)),
            (format!("accepted robokassa/request@1 {ID}"), format!("status 200\n{ACCEPTED}"))
        );
        let proof = NotSent::new(NotSentReason::PermitExpired, "late");
        assert_eq!(fired(Fired::NotSent(proof)), ("not sent permit-expired".to_owned(), String::new()));
        let cut = |why, status, body: &str| Fired::MaybeSent {
            why,
            detail: "a detail".to_owned(),
            status,
            partial_body: body.into(),
        };
        let body = &ACCEPTED[..ACCEPTED.len() - 2];
        assert_eq!(
            fired(cut(DoubtReason::TruncatedReply, Some(200), body)),
            (
                format!("unknown TruncatedReply robokassa/request@1 {ID}"),
                format!("status 200 truncated-reply\n{body}")
            )
        );
        // Half an id is no id; and a refusal that was cut is not taken for whole.
        let expected = "unknown TruncatedReply -".to_owned();
        assert_eq!(fired(cut(DoubtReason::TruncatedReply, Some(200), &body[..body.len() - 1])).0, expected);
        assert_eq!(fired(cut(DoubtReason::TruncatedReply, Some(400), REFUSED)).0, expected);
        assert_eq!(
            fired(cut(DoubtReason::Timeout, None, "")),
            ("unknown Timeout -".to_owned(), "status none timeout\n".to_owned())
        );
    }

    #[test]
    fn details_quote_nothing_that_could_not_be_read() {
        for body in [
            "canary",
            r#"{"success":"canary"}"#,
            r#"{"success":true,"requestId":"canary"}"#,
            r#"{"canary":1"#,
        ] {
            let shown = format!("{:?}", outcome(200, body.as_bytes()));
            assert!(!shown.contains("canary"), "{shown}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic_and_noise_is_never_accepted(status in 100_u16..600, body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let got = outcome(status, &body);
            prop_assert!(!matches!(got, RefundOutcome::Accepted(_) | RefundOutcome::Settled(_)));
        }

        /// Wherever a good answer is cut, it is never taken for a refusal, and an id is right or absent.
        #[test]
        fn a_cut_acceptance_is_unknown(cut in 0_usize..83) {
            let got = line(&outcome(200, &ACCEPTED.as_bytes()[..cut.min(ACCEPTED.len() - 1)]));
            prop_assert!(got.starts_with("unknown "), "{}", got);
            prop_assert!(got.ends_with(" -") || got.ends_with(ID), "{}", got);
        }

        /// Whatever a body of this shape says, only `true` with a GUID under a success status is accepted, and nothing
        /// that says `true` is declined.
        #[test]
        fn the_table_holds(status in 200_u16..600, success: bool, message in proptest::option::of("\\PC{0,20}"), with_id: bool) {
            let body = serde_json::json!({
                "success": success, "message": message, "requestId": with_id.then_some(ID),
            });
            let got = outcome(status, body.to_string().as_bytes());
            let accepted = matches!(got, RefundOutcome::Accepted(_));
            prop_assert_eq!(accepted, status < 300 && success && with_id);
            prop_assert!(!(matches!(got, RefundOutcome::Declined(_)) && (success || with_id)));
        }
    }
}
