//! A refund and what is wrong with one as they are shown: values for people's tables, and versioned JSON for programs.
//!
//! The JSON schemas are this module's own; a rename in core or engine changes no key here. It must not know a
//! terminal or a language: sentences are chosen in [`crate::words`] and rendered by the command.

mod violation;

pub use violation::{AllowedView, SuggestionView, VIOLATION_SCHEMA, ValueView, ViolationView};

use refund_core::{Moment, Money, WallTime};
use refund_engine::{Listed, Phase, Recorded, State, codec};
use serde::Serialize;

/// One refund, schema `refund/refund@1`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefundView {
    /// The schema of this object.
    pub schema: &'static str,
    /// The caller's key.
    pub key: String,
    /// The journal's id of it, 32 hexadecimal digits.
    pub intent: String,
    /// The provider's id.
    pub gateway: String,
    /// The merchant's account.
    pub account: String,
    /// The payment.
    pub order: String,
    /// Where it stands ([`Phase::as_str`]).
    pub state: &'static str,
    /// How much, in major units (`"150.00"`); absent until a full refund's first reservation fixes it.
    pub amount: Option<String>,
    /// The currency's letter code.
    pub currency: &'static str,
    /// The current lineage, from 1.
    pub lineage: u32,
    /// Attempts of it that were armed.
    pub attempt: u16,
    /// Why nobody can tell, when it is unknown or held.
    pub doubt: Option<&'static str>,
    /// When it was planned, RFC 3339, UTC.
    pub planned: String,
    /// When its last record was written, RFC 3339, UTC.
    pub changed: String,
}

/// The schema of [`RefundView`].
pub const REFUND_SCHEMA: &str = "refund/refund@1";

impl RefundView {
    /// The view of a listed refund.
    pub fn of(listed: &Listed) -> Self {
        let state = &listed.state;
        let uncertain = matches!(state.phase, Phase::Unknown | Phase::NeedsReview | Phase::Sending);
        Self {
            schema: REFUND_SCHEMA,
            key: listed.key.to_string(),
            intent: listed.intent.to_string(),
            gateway: listed.payment.provider.to_string(),
            account: listed.payment.account.to_string(),
            order: listed.payment.payment.to_string(),
            state: state.phase.as_str(),
            amount: state.amount.map(|minor| Money::new(minor, listed.currency).to_major_string()),
            currency: listed.currency.code(),
            lineage: state.lineage,
            attempt: state.attempt,
            doubt: state.doubt.filter(|_| uncertain).map(|doubt| doubt.as_str()),
            planned: rfc3339(listed.planned),
            changed: rfc3339(listed.changed),
        }
    }
}

/// One record of a history, schema `refund/record@1`.
#[derive(Clone, Debug, Serialize)]
pub struct RecordView {
    /// Its number, from 1.
    pub seq: u64,
    /// When it was written, RFC 3339, UTC.
    pub at: String,
    /// Its kind.
    pub kind: &'static str,
    /// All of it, as the journal has it.
    pub record: serde_json::Value,
    /// What a person or a rule said about it.
    pub note: Option<codec::Note>,
    /// What is attached: role, schema, size in bytes, and the text if asked for.
    pub attachments: Vec<AttachmentView>,
}

/// Bytes attached to a record.
#[derive(Clone, Debug, Serialize)]
pub struct AttachmentView {
    /// What they are.
    pub role: &'static str,
    /// Their schema.
    pub schema: String,
    /// How many.
    pub bytes: usize,
    /// The bytes as text, only when asked for: they hold no secrets, but may name a gateway's reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Whether attached bytes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bytes {
    /// Only their size.
    Hidden,
    /// As text, with the gateway's references masked: who knows one may ask for the refund's state.
    Shown,
}

/// The views of a whole history.
pub fn history(records: &[Recorded], bytes: Bytes) -> Vec<RecordView> {
    let references: Vec<String> = records
        .iter()
        .filter_map(|recorded| recorded.attached(refund_engine::Role::Reference))
        .map(|data| String::from_utf8_lossy(data.bytes()).into_owned())
        .filter(|reference| reference.len() >= 8)
        .collect();
    let mut rows: Vec<_> =
        (1_u64..).zip(records).map(|(seq, recorded)| RecordView::of(seq, recorded, bytes)).collect();
    for text in rows.iter_mut().flat_map(RecordView::texts) {
        for reference in &references {
            *text = without(text, reference);
        }
    }
    rows
}

/// The text with every occurrence masked, in whatever letter case: a gateway may answer in another one.
fn without(text: &str, reference: &str) -> String {
    let (folded, wanted) = (text.to_ascii_lowercase(), reference.to_ascii_lowercase());
    let (mut shown, mut from) = (String::with_capacity(text.len()), 0);
    while let Some(at) = folded[from..].find(&wanted).map(|at| from + at) {
        shown.push_str(&text[from..at]);
        shown.push_str(&masked(&text[at..at + wanted.len()]));
        from = at + wanted.len();
    }
    shown + &text[from..]
}

/// The first four characters, and as many stars as were there.
fn masked(reference: &str) -> String {
    let shown: String = reference.chars().take(4).collect();
    shown + &"*".repeat(reference.chars().count().saturating_sub(4))
}

impl RecordView {
    /// Everything in it that a gateway or a person wrote.
    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let notes = self.note.iter_mut().flat_map(|note| {
            [&mut note.actor, &mut note.reason, &mut note.evidence].into_iter().chain(&mut note.details)
        });
        notes.chain(self.attachments.iter_mut().filter_map(|found| found.text.as_mut()))
    }

    /// The view of the record with this number.
    fn of(seq: u64, recorded: &Recorded, bytes: Bytes) -> Self {
        let encoded = codec::encode_record(&recorded.record);
        let attachments = recorded.attachments.iter().map(|attachment| AttachmentView {
            role: attachment.role.as_str(),
            schema: attachment.data.schema().to_owned(),
            bytes: attachment.data.bytes().len(),
            text: (bytes == Bytes::Shown)
                .then(|| String::from_utf8_lossy(attachment.data.bytes()).into_owned()),
        });
        let note =
            recorded.attached(refund_engine::Role::Note).and_then(|data| codec::decode_note(data).ok());
        Self {
            seq,
            at: rfc3339(recorded.wall),
            kind: recorded.record.kind(),
            record: serde_json::from_slice(&encoded).expect("the codec writes JSON"),
            note,
            attachments: attachments.filter(|attachment| attachment.role != "note").collect(),
        }
    }
}

/// What is left of the settle window, in which a request that may have been sent can still take effect; `None` when it
/// is over or nothing was sent.
pub fn window_left(state: &State, settle: std::time::Duration, now: Moment) -> Option<std::time::Duration> {
    let from = state.window_from.filter(|_| state.maybe_sent > 0)?;
    let end = from.after(settle);
    let left = if end.boot == now.boot { now.until(end)? } else { settle };
    (!left.is_zero()).then_some(left)
}

/// Wall time as RFC 3339 in UTC.
pub fn rfc3339(wall: WallTime) -> String {
    jiff::Timestamp::from_millisecond(wall.0).map_or_else(|_| wall.0.to_string(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use refund_core::BootId;
    use std::time::Duration;

    #[test]
    fn a_reference_is_masked_in_any_letter_case() {
        let text = "id 68CD7FA6-1338 and 68cd7fa6-1338, «ж»";
        assert_eq!(without(text, "68cd7fa6-1338"), "id 68CD********* and 68cd*********, «ж»");
        assert_eq!(without("nothing here", "68cd7fa6-1338"), "nothing here");
    }

    #[test]
    fn times_are_rfc3339() {
        assert_eq!(rfc3339(WallTime(0)), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(WallTime(1_795_283_000_500)), "2026-11-21T17:43:20.5Z");
    }

    #[test]
    fn the_window_counts_from_the_permits_deadline_and_again_after_a_reboot() {
        let state =
            State { maybe_sent: 1, window_from: Some(Moment::new(BootId(1), 10_000)), ..State::EMPTY };
        let left =
            |boot, millis| window_left(&state, Duration::from_secs(60), Moment::new(BootId(boot), millis));
        assert_eq!(left(1, 10_000), Some(Duration::from_secs(60)));
        assert_eq!(left(1, 69_999), Some(Duration::from_millis(1)));
        assert_eq!(left(1, 70_000), None);
        assert_eq!(left(2, 99_999_999), Some(Duration::from_secs(60)));
    }
}
