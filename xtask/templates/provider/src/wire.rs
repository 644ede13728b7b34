//! Newgate's bytes. Pure: the same input gives the same bytes, the same reply the same outcome.
//!
//! It knows no credentials, connections or clocks. Bytes from outside never panic; what cannot be read is *unknown* once
//! a request may have left, because "failed" would invite somebody to send it again.
//!
//! Nothing is written yet: every function says so in its answer, in the way that is safe.

use refund_core::{
    Doubt, DoubtReason, Fired, LineageKey, LookupError, Money, Opaque, Payment, PaymentId, ProviderRef, RefundOutcome,
    Reply, StatusError, StatusReport, Submission,
};

/// The schema of a prepared refund in the journal. A change of the format gets a new number.
pub const REFUND: &str = "newgate/refund@1";
/// The schema of a refund's name at Newgate.
pub const REFERENCE: &str = "newgate/reference@1";
/// The schema of replies kept as evidence.
pub const REPLY: &str = "newgate/reply@1";

/// The whole request for a refund, without credentials. Amounts are printed from integers.
pub fn encode_refund(payment: &PaymentId, amount: Money, _key: &LineageKey) -> Vec<u8> {
    format!("write wire::encode_refund: {payment} {}", amount.minor()).into_bytes()
}

/// What came of sending it. Whatever is not known for certain is unknown.
pub fn decode_refund(fired: Fired) -> Submission {
    let (why, detail, body) = match fired {
        Fired::NotSent(proof) => return Submission::NotSent(proof),
        Fired::Reply(reply) => {
            let detail = format!("{reply:?}: write wire::decode_refund");
            (DoubtReason::Status(reply.status), detail, reply.body)
        }
        Fired::MaybeSent { why, detail, partial_body, .. } => (why, detail, partial_body),
    };
    let outcome = RefundOutcome::Unknown(Doubt::new(why, detail));
    Submission::Outcome { outcome, evidence: Opaque::cut(REPLY, body) }
}

/// A payment as Newgate tells it.
///
/// # Errors
/// [`LookupError`], by the reply's status.
pub fn decode_payment(reply: &Reply) -> Result<Payment, LookupError> {
    Err(LookupError::CannotTell { detail: format!("{reply:?}: write wire::decode_payment") })
}

/// How an acknowledged refund stands. An answer about another refund or another amount is a mismatch.
///
/// # Errors
/// [`StatusError`].
pub fn decode_status(reply: &Reply, _: &ProviderRef, _: Money) -> Result<StatusReport, StatusError> {
    Err(StatusError::Unreadable { detail: format!("{reply:?}: write wire::decode_status") })
}

/// A refund's name as Newgate gave it, if these bytes are one. It goes into a URL, so nothing but letters, digits and
/// hyphens is taken.
pub fn reference_id(reference: &ProviderRef) -> Option<&str> {
    let id = std::str::from_utf8(reference.0.bytes()).ok()?;
    let fits = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (reference.0.schema() == REFERENCE && fits).then_some(id)
}
