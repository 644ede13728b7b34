//! What came of a send: the transport's answer turned into an outcome and evidence.
//!
//! refund.do answers at once and gives no id, so a success is `Settled` without a reference. It must not read the
//! order: whether a doubt can be resolved is `probe`'s question.

use super::{
    declines,
    record::ReplyRecord,
    wire::refund::{self, Answer, Unusable},
};
use crate::redact::Redactor;
use refund_core::{Doubt, DoubtReason, Fired, RefundOutcome, Reply, Submission};

/// How much of an unusable answer is kept, in characters.
const EXCERPT: usize = 512;

/// Decodes what a fired request came to.
pub(super) fn submission(fired: Fired, redactor: &Redactor) -> Submission {
    match fired {
        Fired::NotSent(proof) => Submission::NotSent(proof),
        Fired::Reply(reply) => answered(&reply, redactor),
        Fired::MaybeSent { why, detail, status, partial_body } => {
            let detail = redactor.clean(&detail, EXCERPT);
            let excerpt = excerpt(&partial_body, redactor);
            let record =
                ReplyRecord { http: status, doubt: Some(detail.clone()), excerpt, ..ReplyRecord::default() };
            doubted(Doubt::new(why, detail), &record)
        }
    }
}

/// Every HTTP status but 200 is a doubt, 4xx too: 400 is "internal error" in this platform's own words (CONFIRMED,
/// BPC), 429 may come from any layer, 401 to 405 are not documented for this dialect, and a status line from an edge
/// does not prove that nothing behind it acted. The order can be read, so a doubt costs time and never money.
fn answered(reply: &Reply, redactor: &Redactor) -> Submission {
    let http = Some(reply.status);
    match refund::decode(reply.status, &reply.body) {
        Ok(Answer::Done(())) => {
            let record = ReplyRecord { http, error_code: Some("0".to_owned()), ..ReplyRecord::default() };
            Submission::Outcome { outcome: RefundOutcome::Settled(None), evidence: record.evidence() }
        }
        Ok(Answer::Refused(refusal)) => {
            let decline = declines::decline(&refusal, redactor);
            let record = ReplyRecord {
                http,
                error_code: Some(decline.code.clone()),
                error_message: Some(decline.text.clone()),
                ..ReplyRecord::default()
            };
            Submission::Outcome { outcome: RefundOutcome::Declined(decline), evidence: record.evidence() }
        }
        Err(unusable) => {
            let detail = redactor.clean(&unusable.to_string(), EXCERPT);
            let excerpt = excerpt(&reply.body, redactor);
            let record = ReplyRecord { http, doubt: Some(detail.clone()), excerpt, ..ReplyRecord::default() };
            doubted(Doubt::new(reason(&unusable), detail), &record)
        }
    }
}

fn reason(unusable: &Unusable) -> DoubtReason {
    match unusable {
        Unusable::Status(status) => DoubtReason::Status(*status),
        Unusable::Empty => DoubtReason::EmptyReply,
        Unusable::Unreadable(_) => DoubtReason::UnreadableReply,
    }
}

fn doubted(doubt: Doubt, record: &ReplyRecord) -> Submission {
    Submission::Outcome { outcome: RefundOutcome::Unknown(doubt), evidence: record.evidence() }
}

fn excerpt(body: &[u8], redactor: &Redactor) -> Option<String> {
    (!body.is_empty()).then(|| redactor.clean(&String::from_utf8_lossy(body), EXCERPT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use refund_core::{Certainty, NotSent, NotSentReason};
    use secrecy::SecretString;

    const PASSWORD: &str = "pa%ss&w+rd-canary";

    fn decode(fired: Fired) -> Submission {
        submission(fired, &Redactor::new(&SecretString::from(PASSWORD)))
    }

    fn reply(status: u16, body: &str) -> (RefundOutcome, String) {
        match decode(Fired::Reply(Reply { status, headers: vec![], body: body.into() })) {
            Submission::Outcome { outcome, evidence } => {
                assert_eq!(evidence.schema(), "sber-old/reply@1");
                (outcome, String::from_utf8(evidence.bytes().to_vec()).expect("JSON is UTF-8"))
            }
            Submission::NotSent(proof) => panic!("{proof}"),
        }
    }

    fn doubt(status: u16, body: &str) -> DoubtReason {
        match reply(status, body).0 {
            RefundOutcome::Unknown(doubt) => doubt.why,
            other => panic!("{status} {body}: {other:?}"),
        }
    }

    #[test]
    fn success_is_settled_without_a_reference() {
        for body in [r#"{"errorCode":"0","errorMessage":"Успешно"}"#, r#"{"errorCode":0}"#, "{}"] {
            assert_eq!(reply(200, body).0, RefundOutcome::Settled(None), "{body}");
        }
        insta::assert_snapshot!(reply(200, r#"{"errorCode":"0","errorMessage":"Успешно"}"#).1, @r#"{"http":200,"errorCode":"0"}"#);
    }

    #[test]
    fn refusals_carry_code_text_and_certainty() {
        let (outcome, evidence) = reply(200, r#"{"errorCode":"7","errorMessage":"Системная ошибка"}"#);
        let RefundOutcome::Declined(decline) = outcome else { panic!("{outcome:?}") };
        assert_eq!((decline.code.as_str(), decline.text.as_str()), ("7", "Системная ошибка"));
        assert_eq!(decline.certainty, Certainty::Confirm);
        insta::assert_snapshot!(evidence, @r#"{"http":200,"errorCode":"7","errorMessage":"Системная ошибка"}"#);
        let (outcome, _) = reply(200, r#"{"errorCode":5,"errorMessage":"Доступ запрещён"}"#);
        assert!(matches!(outcome, RefundOutcome::Declined(decline) if decline.certainty == Certainty::Final));
    }

    #[test]
    fn no_http_status_but_200_proves_anything() {
        for status in
            [201, 204, 301, 302, 307, 308, 400, 401, 403, 404, 405, 413, 429, 451, 500, 502, 503, 504]
        {
            for body in ["", r#"{"errorCode":"0"}"#, r#"{"errorCode":"5"}"#, "<html>"] {
                assert_eq!(doubt(status, body), DoubtReason::Status(status), "{status} {body}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_a_doubt() {
        assert_eq!(doubt(200, ""), DoubtReason::EmptyReply);
        assert_eq!(doubt(200, "\r\n"), DoubtReason::EmptyReply);
        for body in [
            r#"{{"errorCode":"0","errorMessage":"Успешно"}"#,
            "<html>OK</html>",
            "[]",
            r#"{"errorCode":null}"#,
            r#"{"errorCode":0.0}"#,
            r#"{"success":false}"#,
            r#"{"errorCode":"0""#,
        ] {
            assert_eq!(doubt(200, body), DoubtReason::UnreadableReply, "{body}");
        }
        insta::assert_snapshot!(reply(200, "<html>\n<b>502</b> card 4111111111111111").1, @r#"{"http":200,"doubt":"HTTP status 200 and a body that cannot be read: $: the body is not a JSON object","excerpt":"<html><b>502</b> card ***1111"}"#);
    }

    #[test]
    fn a_lost_answer_keeps_its_reason_and_what_was_read() {
        let lost = Fired::MaybeSent {
            why: DoubtReason::TruncatedReply,
            detail: "the body ended after 15 of 40 bytes".to_owned(),
            status: Some(200),
            partial_body: br#"{"errorCode":"0"#.to_vec(),
        };
        let Submission::Outcome { outcome: RefundOutcome::Unknown(doubt), evidence } = decode(lost) else {
            panic!("a lost answer is a doubt");
        };
        assert_eq!(doubt, Doubt::new(DoubtReason::TruncatedReply, "the body ended after 15 of 40 bytes"));
        insta::assert_snapshot!(String::from_utf8_lossy(evidence.bytes()), @r#"{"http":200,"doubt":"the body ended after 15 of 40 bytes","excerpt":"{\"errorCode\":\"0"}"#);
        let proof = NotSent::new(NotSentReason::NeverHanded, "the connection closed while waiting");
        assert_eq!(decode(Fired::NotSent(proof.clone())), Submission::NotSent(proof));
    }

    #[test]
    fn a_gateway_that_quotes_the_request_leaks_nothing() {
        let quoted = "userName=u&password=pa%25ss%26w%2Brd-canary&orderId=x";
        let bodies = [
            (200, format!("<pre>{quoted}</pre>")),
            (500, format!("{PASSWORD} {quoted}")),
            (200, format!(r#"{{"errorCode":"5","errorMessage":"{PASSWORD}"}}"#)),
            (200, format!(r#"{{"errorCode":"{PASSWORD}"}}"#)),
            (200, format!(r#"{{"{PASSWORD}":1,"errorCode":{{}}}}"#)),
        ];
        for (status, body) in bodies {
            let (outcome, evidence) = reply(status, &body);
            let shown = format!("{outcome:?} {evidence}");
            assert!(!shown.contains("canary"), "{body} leaks into {shown}");
        }
        // Numbers are shown in errors; a password may be one.
        let quoted = Reply { status: 200, headers: vec![], body: br#"{"errorCode":90817263.5}"#.to_vec() };
        let shown = submission(Fired::Reply(quoted), &Redactor::new(&SecretString::from("90817263")));
        let Submission::Outcome { outcome, evidence } = shown else { panic!("an answer came") };
        let shown = format!("{outcome:?} {}", String::from_utf8_lossy(evidence.bytes()));
        assert!(shown.contains("***.5") && !shown.contains("9081"), "{shown}");
    }
}
