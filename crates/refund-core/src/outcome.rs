//! What can come of one send.
//!
//! Until a byte leaves, failures are errors ([`NotSent`]). After that there are four outcomes and "send again" is not
//! among them: a gateway without an idempotency key pays a repeated request twice. This module must not know how a
//! request travels.

use crate::{MessageDef, Opaque};
use std::fmt;

/// What came of a send. Exhaustive on purpose: a new outcome must be handled everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundOutcome {
    /// The gateway took the refund and works on it; ask by the reference.
    Accepted(ProviderRef),
    /// The refund is done. The reference is there if the gateway gives one.
    Settled(Option<ProviderRef>),
    /// The gateway refused.
    Declined(Decline),
    /// Nobody can tell: it may have happened. Never a failure, never sent again blindly.
    Unknown(Doubt),
}

/// The gateway's name for one refund, opaque to everybody else. Some are bearer secrets: mask them for outsiders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRef(pub Opaque);

/// A refusal by the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decline {
    /// The gateway's code or word, as sent (at most 64 characters).
    pub code: String,
    /// The gateway's text: untrusted, control characters removed, at most 512 characters.
    pub text: String,
    /// Whether it proves that nothing happened.
    pub certainty: Certainty,
    /// What the code may mean, when it has several meanings.
    pub hints: Vec<&'static MessageDef>,
}

/// Whether a refusal proves that nothing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// On a first send it is proof.
    Final,
    /// The same code also covers "system error" or "already done": the status must confirm it.
    Confirm,
}

/// Why nobody can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The kind of doubt.
    pub why: DoubtReason,
    /// Details for a person; no secrets.
    pub detail: String,
    /// A reference found in a reply that was cut.
    pub salvaged: Option<ProviderRef>,
    /// The refusal that must be confirmed first, if that is the doubt.
    pub refusal: Option<Decline>,
}

impl Doubt {
    /// A doubt with nothing salvaged.
    pub fn new(why: DoubtReason, detail: impl Into<String>) -> Self {
        Self { why, detail: detail.into(), salvaged: None, refusal: None }
    }
}

/// The kinds of doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DoubtReason {
    /// No answer in time.
    Timeout,
    /// The connection broke after the request may have left.
    ConnectionLost,
    /// The answer stopped in the middle.
    TruncatedReply,
    /// The status code proves nothing (5xx, a redirect, 429 from an unknown edge).
    Status(u16),
    /// A success status with nothing in it.
    EmptyReply,
    /// An answer that cannot be read as this gateway's.
    UnreadableReply,
    /// A success without the reference that a success carries.
    MissingReference,
    /// A refusal whose code also stands for "system error".
    AmbiguousRefusal,
    /// The process ended between the record of the send and the record of its answer.
    Crash,
}

impl DoubtReason {
    /// The stable word for files, journals and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::ConnectionLost => "connection-lost",
            Self::TruncatedReply => "truncated-reply",
            Self::Status(_) => "status",
            Self::EmptyReply => "empty-reply",
            Self::UnreadableReply => "unreadable-reply",
            Self::MissingReference => "missing-reference",
            Self::AmbiguousRefusal => "ambiguous-refusal",
            Self::Crash => "crash",
        }
    }
}

/// Proof that no byte of the request left this machine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}: {detail}")]
pub struct NotSent {
    /// Why.
    pub reason: NotSentReason,
    /// Details for a person; no secrets, no query strings.
    pub detail: String,
}

impl NotSent {
    /// Nothing was sent, because of `reason`.
    pub fn new(reason: NotSentReason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

/// Why nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotSentReason {
    /// The host's name could not be resolved.
    Dns,
    /// Nobody listens, or the network is not reachable.
    Refused,
    /// No connection in time.
    ConnectTimeout,
    /// The TLS handshake failed: certificate, version, or garbage.
    Tls,
    /// The permit's deadline passed before the first byte.
    PermitExpired,
    /// The permit belongs to another payload.
    PermitMismatch,
    /// The connection ended while waiting for the permit; the request was never handed to it.
    NeverHanded,
    /// The request could not be built: credentials or prepared data are unusable.
    Unusable,
}

impl NotSentReason {
    /// The stable word for files, journals and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Refused => "refused",
            Self::ConnectTimeout => "connect-timeout",
            Self::Tls => "tls",
            Self::PermitExpired => "permit-expired",
            Self::PermitMismatch => "permit-mismatch",
            Self::NeverHanded => "never-handed",
            Self::Unusable => "unusable",
        }
    }
}

impl fmt::Display for NotSentReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a fired request came to: proof that nothing left, or an outcome with the reply as evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submission {
    /// No byte left.
    NotSent(NotSent),
    /// A byte may have left, and this is what is known.
    Outcome {
        /// What came of it.
        outcome: RefundOutcome,
        /// The reply or what was read of it, secret-free, for the journal.
        evidence: Opaque,
    },
}

/// A gateway's text made safe to show: control, bidirectional and line characters removed, at most `limit` characters.
pub fn sanitize(text: &str, limit: usize) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
    };
    text.chars().filter(|c| !hidden(*c)).take(limit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateways_text_cannot_play_tricks() {
        assert_eq!(sanitize("Ошибка\u{1b}[31m\n\u{202e}abc", 10), "Ошибка[31m");
        assert_eq!(sanitize("a\u{2066}b\u{2028}c\0", 512), "abc");
    }
}
