//! Acme's bytes: lines of `name value`. Pure: the same input gives the same bytes, the same reply the same outcome.
//!
//! It knows no credentials, connections or clocks. Bytes from outside never panic; what cannot be read is *unknown* once
//! a request may have left, because "failed" would invite somebody to send it again.

use refund_core::{
    Certainty, Decline, Doubt, DoubtReason, Fired, LineageKey, LookupError, Money, Opaque, Payment,
    PaymentId, PaymentState, ProviderRef, RefundOutcome, RefundState, Reply, StatusError, StatusReport,
    Submission, Verdict, outcome::sanitize,
};
use std::collections::BTreeMap;

/// The schema of a prepared refund in the journal. A change of the format gets a new number.
pub const REFUND: &str = "acme/refund@1";
/// The schema of a refund's name at Acme.
pub const REFERENCE: &str = "acme/reference@1";
/// The schema of replies kept as evidence.
pub const REPLY: &str = "acme/reply@1";

/// The whole request for a refund, without credentials.
pub fn encode_refund(payment: &PaymentId, amount: Money, key: &LineageKey) -> Vec<u8> {
    format!("payment {payment}\nkopecks {}\nkey {}\n", amount.minor(), key.as_str()).into_bytes()
}

/// What came of sending it.
pub fn decode_refund(fired: Fired) -> Submission {
    let (outcome, body) = match fired {
        Fired::NotSent(proof) => return Submission::NotSent(proof),
        Fired::Reply(reply) => (refund_outcome(&reply), reply.body),
        Fired::MaybeSent { why, detail, partial_body, .. } => {
            let salvaged = complete_lines(&partial_body).and_then(|lines| lines.reference());
            (RefundOutcome::Unknown(Doubt { salvaged, ..Doubt::new(why, detail) }), partial_body)
        }
    };
    Submission::Outcome { outcome, evidence: Opaque::cut(REPLY, body) }
}

/// Every status is decided here; one that proves nothing is a doubt.
fn refund_outcome(reply: &Reply) -> RefundOutcome {
    let doubt = |why| RefundOutcome::Unknown(Doubt::new(why, format!("{reply:?}")));
    let lines = Lines::parse(&reply.body);
    match (reply.status, &lines) {
        (200, _) if reply.body.is_empty() => doubt(DoubtReason::EmptyReply),
        (200, None) => doubt(DoubtReason::UnreadableReply),
        (200, Some(lines)) => match lines.reference() {
            Some(reference) => RefundOutcome::Accepted(reference),
            None => doubt(DoubtReason::MissingReference),
        },
        (401 | 403 | 422, Some(lines)) => match lines.get("code") {
            Some(code) => RefundOutcome::Declined(Decline {
                code: sanitize(code, 64),
                text: sanitize(lines.get("text").unwrap_or_default(), 512),
                certainty: Certainty::Final,
                hints: Vec::new(),
            }),
            None => doubt(DoubtReason::Status(reply.status)),
        },
        (status, _) => doubt(DoubtReason::Status(status)),
    }
}

/// A payment as Acme tells it.
///
/// # Errors
/// [`LookupError`], by the reply's status.
pub fn decode_payment(reply: &Reply) -> Result<Payment, LookupError> {
    let detail = format!("{reply:?}");
    let read = || {
        let lines = Lines::parse(&reply.body)?;
        let state = match lines.get("state")? {
            "paid" => PaymentState::Captured,
            "held" => PaymentState::Held,
            other => PaymentState::Other(sanitize(other, 64)),
        };
        let mut payment =
            Payment::new(lines.kopecks("captured")?, state, Opaque::cut("acme/payment@1", Vec::new()));
        payment.refunded = Some(lines.kopecks("refunded")?);
        Some(payment)
    };
    match reply.status {
        200 => read().ok_or(LookupError::CannotTell { detail }),
        401 | 403 => Err(LookupError::Denied { detail }),
        404 => Err(LookupError::NotFound { detail }),
        _ => Err(LookupError::CannotTell { detail }),
    }
}

/// How an acknowledged refund stands. An answer about another refund or another amount is a mismatch.
///
/// # Errors
/// [`StatusError`].
pub fn decode_status(
    reply: &Reply,
    reference: &ProviderRef,
    amount: Money,
) -> Result<StatusReport, StatusError> {
    let unreadable = || StatusError::Unreadable { detail: format!("{reply:?}") };
    match reply.status {
        200 => {}
        404 => return Err(StatusError::NotFound { detail: format!("{reply:?}") }),
        _ => return Err(unreadable()),
    }
    let lines = Lines::parse(&reply.body).ok_or_else(unreadable)?;
    let told = lines.reference().zip(lines.kopecks("kopecks")).zip(lines.get("state"));
    let ((told_reference, told_amount), word) = told.ok_or_else(unreadable)?;
    let state = match word {
        _ if told_reference != *reference || told_amount != amount => {
            RefundState::Mismatch { detail: format!("{amount} asked; answered: {}", lines.shown()) }
        }
        "processing" => RefundState::Processing,
        "done" => RefundState::Settled,
        "canceled" => RefundState::Canceled,
        other => RefundState::Unrecognised { label: sanitize(other, 64) },
    };
    Ok(StatusReport { state, evidence: Opaque::cut(REPLY, reply.body.clone()) })
}

/// What the refunded sum proves about one refund of `amount`, read against the sum before it was first sent.
pub fn verdict(before: &Payment, now: &Payment, amount: Money, salvaged: Option<&ProviderRef>) -> Verdict {
    let cannot_tell = |detail| Verdict::CannotTell { detail };
    let (Some(before), Some(now)) = (before.refunded, now.refunded) else {
        return cannot_tell("the refunded sum is not told".to_owned());
    };
    match now.checked_sub(before) {
        Ok(grown) if grown.is_zero() => Verdict::NotSeen,
        Ok(grown) if grown == amount => Verdict::Happened(salvaged.cloned()),
        Ok(grown) => cannot_tell(format!("{amount} may have been sent, the refunded sum changed by {grown}")),
        Err(error) => cannot_tell(error.to_string()),
    }
}

/// A refund's name as Acme gave it, if these bytes are one: letters, digits and hyphens, so that it can go into a URL.
pub fn reference_id(reference: &ProviderRef) -> Option<&str> {
    let id = std::str::from_utf8(reference.0.bytes()).ok()?;
    (reference.0.schema() == REFERENCE && is_reference(id)).then_some(id)
}

fn is_reference(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// A reply's lines by name.
struct Lines<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Lines<'a> {
    /// `None` unless every line is `name value` and no name stands twice.
    fn parse(body: &'a [u8]) -> Option<Self> {
        let mut lines = BTreeMap::new();
        for line in std::str::from_utf8(body).ok()?.lines() {
            let (name, value) = line.split_once(' ')?;
            if lines.insert(name, value).is_some() {
                return None;
            }
        }
        Some(Self(lines))
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).copied()
    }

    /// For a person to read.
    fn shown(&self) -> String {
        let lines: Vec<_> = self.0.iter().map(|(name, value)| format!("{name} {value}")).collect();
        sanitize(&lines.join(", "), 512)
    }

    /// Digits only: no sign, no point, no float on the way.
    fn kopecks(&self, name: &str) -> Option<Money> {
        let digits = self.get(name).filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse().ok().map(Money::rub)
    }

    /// The refund's name. It goes into a URL later, so nothing but letters, digits and hyphens is taken.
    fn reference(&self) -> Option<ProviderRef> {
        let id = self.get("id").filter(|id| is_reference(id))?;
        Some(ProviderRef(Opaque::cut(REFERENCE, id.as_bytes().to_vec())))
    }
}

/// The lines of a reply that was cut, without the last one if its end is missing.
fn complete_lines(body: &[u8]) -> Option<Lines<'_>> {
    let end = body.iter().rposition(|byte| *byte == b'\n')?;
    Lines::parse(&body[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> Reply {
        Reply { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
    }

    fn short(outcome: &RefundOutcome) -> String {
        let salvaged = |doubt: &Doubt| doubt.salvaged.as_ref().map_or("nothing", |_| "a reference");
        match outcome {
            RefundOutcome::Accepted(reference) => {
                format!("accepted {}", String::from_utf8_lossy(reference.0.bytes()))
            }
            RefundOutcome::Settled(_) => "settled".to_owned(),
            RefundOutcome::Declined(decline) => format!("declined {}", decline.code),
            RefundOutcome::Unknown(doubt) => {
                format!("unknown {}, {} salvaged", doubt.why.as_str(), salvaged(doubt))
            }
        }
    }

    fn check(fired: Fired, expected: &str) {
        match decode_refund(fired.clone()) {
            Submission::Outcome { outcome, .. } => assert_eq!(short(&outcome), expected, "{fired:?}"),
            Submission::NotSent(proof) => panic!("{fired:?}: not sent: {proof}"),
        }
    }

    #[test]
    fn a_reply_is_an_outcome_and_doubt_is_unknown() {
        let cases = [
            (200, "id r-77\n", "accepted r-77"),
            (200, "", "unknown empty-reply, nothing salvaged"),
            (200, "<html>", "unknown unreadable-reply, nothing salvaged"),
            (200, "id r-77\nid r-78\n", "unknown unreadable-reply, nothing salvaged"),
            (200, "state done\n", "unknown missing-reference, nothing salvaged"),
            (200, "id ../payments\n", "unknown missing-reference, nothing salvaged"),
            (422, "code too-much\ntext Only 5 left\n", "declined too-much"),
            (422, "<html>", "unknown status, nothing salvaged"),
            (302, "id r-77\n", "unknown status, nothing salvaged"),
            (500, "code too-much\n", "unknown status, nothing salvaged"),
        ];
        for (status, body, expected) in cases {
            check(Fired::Reply(reply(status, body)), expected);
        }
    }

    #[test]
    fn a_reference_is_salvaged_from_a_cut_reply_if_it_is_whole() {
        for (body, salvaged) in [("id r-77\nsta", "a reference"), ("id r-7", "nothing"), ("", "nothing")] {
            let cut = Fired::MaybeSent {
                why: DoubtReason::TruncatedReply,
                detail: "the connection broke".to_owned(),
                status: Some(200),
                partial_body: body.as_bytes().to_vec(),
            };
            check(cut, &format!("unknown truncated-reply, {salvaged} salvaged"));
        }
    }

    #[test]
    fn a_status_is_compared_with_what_was_asked() {
        let reference = ProviderRef(Opaque::cut(REFERENCE, b"r-77".to_vec()));
        let cases = [
            ("id r-77\nkopecks 150\nstate done\n", "Settled"),
            ("id r-77\nkopecks 150\nstate processing\n", "Processing"),
            ("id r-77\nkopecks 150\nstate canceled\n", "Canceled"),
            ("id r-77\nkopecks 150\nstate melted\n", "Unrecognised"),
            ("id r-78\nkopecks 150\nstate done\n", "Mismatch"),
            ("id r-77\nkopecks 151\nstate done\n", "Mismatch"),
            ("id r-77\nkopecks 1.50\nstate done\n", "Unreadable"),
        ];
        for (body, expected) in cases {
            let told = decode_status(&reply(200, body), &reference, Money::rub(150));
            let told = told.map_or_else(|error| format!("{error:?}"), |report| format!("{:?}", report.state));
            assert!(told.starts_with(expected), "{body:?}: {told}");
        }
    }

    #[test]
    fn the_refunded_sum_proves_what_it_can() {
        let paid = |refunded| {
            decode_payment(&reply(200, &format!("state paid\ncaptured 900\nrefunded {refunded}\n")))
        };
        let before = paid(100).expect("readable");
        let cases = [(100, "NotSeen"), (250, "Happened"), (400, "CannotTell"), (0, "CannotTell")];
        for (refunded, expected) in cases {
            let found = verdict(&before, &paid(refunded).expect("readable"), Money::rub(150), None);
            assert!(format!("{found:?}").starts_with(expected), "{refunded}: {found:?}");
        }
    }
}
