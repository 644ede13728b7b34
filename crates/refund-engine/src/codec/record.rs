//! Records as bytes, version 2: `{"v":2,"type":"armed","lineage":1,...}`.
//!
//! One record has one form: bytes that this program would not write (another order, an unknown field, a field twice) are
//! refused, so that nothing is overlooked which a newer program meant.

use super::CodecError;
use crate::machine::{
    Baseline, BaselineRole, Decision, DoubtKind, HoldReason, PollAnswer, Postponement, Proof, ReceiptTrack,
    Record, Refusal, ResendGround, SeenVerdict, WithdrawReason,
};
use refund_core::{BootId, Moment, NotSentReason};
use serde::{Deserialize, Serialize};

const WHAT: &str = "a journal record";
const VERSION: u32 = 2;

/// The bytes of a record. The same record always gives the same bytes.
pub fn encode_record(record: &Record) -> Vec<u8> {
    let wire = Envelope { v: VERSION, body: Wire::from(record) };
    serde_json::to_vec(&wire).expect("plain structs without maps always serialise")
}

/// The record of these bytes.
///
/// # Errors
/// [`CodecError`] for another version, an unknown kind, a missing or unknown field or a word that is not known.
pub fn decode_record(bytes: &[u8]) -> Result<Record, CodecError> {
    let version: Version = serde_json::from_slice(bytes).map_err(|error| CodecError::new(WHAT, error))?;
    if version.v != VERSION {
        let advice = if version.v > VERSION { "a newer program" } else { "the program that wrote it" };
        let detail = format!("version {}, this program reads version {VERSION}; use {advice}", version.v);
        return Err(CodecError::new(WHAT, detail));
    }
    let wire: Wire = serde_json::from_slice(bytes).map_err(|error| CodecError::new(WHAT, error))?;
    let record = wire.try_into()?;
    if encode_record(&record) != bytes {
        return Err(CodecError::new(WHAT, "it holds more than this program knows, or in another form"));
    }
    Ok(record)
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

#[derive(Serialize)]
struct Envelope {
    v: u32,
    #[serde(flatten)]
    body: Wire,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Wire {
    Planned { amount: Option<i64> },
    Approved,
    Reserved { lineage: u32, amount: i64, captured: i64, refunded: Option<i64>, used: i64, role: String },
    Armed { lineage: u32, attempt: u16, fire_by: At },
    Postponed { why: String, due: At },
    MayResend { on: String },
    NotSent { why: String, due: At },
    Accepted { due: At },
    Settled { by: String },
    Declined,
    Doubted { why: String, status: Option<u16>, refusal: String, salvaged: bool, due: At },
    WindowRestarted { from: At, due: At },
    Looked { verdict: String, at: At, due: At },
    ProvenNot,
    Polled { answer: String, due: At },
    Canceled,
    Held { why: String },
    Decided { decision: String },
    TakenByHand,
    Withdrawn { why: String },
    Receipt { track: String },
}

/// A moment: which boot (32 hexadecimal digits) and milliseconds since.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    boot: String,
    ms: u64,
}

impl From<Moment> for At {
    fn from(moment: Moment) -> Self {
        Self { boot: format!("{:032x}", moment.boot.0), ms: moment.millis }
    }
}

impl TryFrom<At> for Moment {
    type Error = CodecError;

    fn try_from(at: At) -> Result<Self, CodecError> {
        let boot = u128::from_str_radix(&at.boot, 16).map_err(|error| CodecError::new(WHAT, error))?;
        Ok(Moment::new(BootId(boot), at.ms))
    }
}

/// Enums and the words journals write for them, in one list per enum, so that both directions agree.
trait Word: Copy + PartialEq + 'static {
    const NAME: &'static str;
    const WORDS: &'static [(Self, &'static str)];

    fn write(self) -> String {
        let found = Self::WORDS.iter().find(|(value, _)| *value == self);
        found.map(|(_, word)| (*word).to_owned()).expect("every value has its word: tests walk all of them")
    }

    fn read(word: &str) -> Result<Self, CodecError> {
        let found = Self::WORDS.iter().find(|(_, known)| *known == word);
        found
            .map(|(value, _)| *value)
            .ok_or_else(|| CodecError::new(WHAT, format!("{} {word:?} is not known", Self::NAME)))
    }
}

macro_rules! words {
    ($type:ident, $name:literal, $($value:expr => $word:literal),+ $(,)?) => {
        impl Word for $type {
            const NAME: &'static str = $name;
            const WORDS: &'static [(Self, &'static str)] = &[$(($value, $word)),+];
        }
    };
}

words!(BaselineRole, "baseline role", Self::Evidence => "evidence", Self::Unused => "unused");
words!(Proof, "proof", Self::Reply => "reply", Self::Status => "status", Self::Evidence => "evidence");
words!(Refusal, "refusal", Self::None => "none", Self::Unconfirmed => "unconfirmed");
words!(SeenVerdict, "verdict", Self::NotSeen => "not_seen", Self::Unreadable => "unreadable");
words!(PollAnswer, "answer",
    Self::Processing => "processing", Self::Unrecognised => "unrecognised", Self::Failed => "failed");
words!(HoldReason, "hold reason",
    Self::NoEvidence => "no_evidence", Self::Contradiction => "contradiction",
    Self::SharedAccount => "shared_account", Self::RefusedOnResend => "refused_on_resend",
    Self::Deadline => "deadline", Self::Mismatch => "mismatch");
words!(Postponement, "postponement",
    Self::LookupFailed => "lookup_failed", Self::Lagging => "lagging", Self::Busy => "busy",
    Self::Paused => "paused");
words!(ResendGround, "ground",
    Self::KeyReplay => "key_replay", Self::SelfFencing => "self_fencing");
words!(Decision, "decision",
    Self::Happened => "happened", Self::DidNotHappen => "did_not_happen", Self::SendAgain => "send_again");
words!(WithdrawReason, "reason", Self::Person => "person", Self::Rules => "rules", Self::Budget => "budget");
words!(ReceiptTrack, "receipt",
    Self::NotAsked => "not_asked", Self::Pending => "pending", Self::Done => "done", Self::Failed => "failed");
words!(NotSentReason, "reason",
    Self::Dns => "dns", Self::Refused => "refused", Self::ConnectTimeout => "connect-timeout",
    Self::Tls => "tls", Self::PermitExpired => "permit-expired", Self::PermitMismatch => "permit-mismatch",
    Self::NeverHanded => "never-handed", Self::Unusable => "unusable");

/// Doubts with a status code carry it beside their word.
fn doubt(word: &str, status: Option<u16>) -> Result<DoubtKind, CodecError> {
    let plain = [
        DoubtKind::Timeout,
        DoubtKind::ConnectionLost,
        DoubtKind::TruncatedReply,
        DoubtKind::EmptyReply,
        DoubtKind::UnreadableReply,
        DoubtKind::MissingReference,
        DoubtKind::AmbiguousRefusal,
        DoubtKind::Crash,
    ];
    match (word, status) {
        ("status", Some(code)) => Ok(DoubtKind::Status(code)),
        (word, None) => plain
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| CodecError::new(WHAT, format!("doubt {word:?} is not known"))),
        (word, Some(_)) => Err(CodecError::new(WHAT, format!("doubt {word:?} carries a status"))),
    }
}

impl From<&Record> for Wire {
    fn from(record: &Record) -> Self {
        match *record {
            Record::Planned { amount } => Self::Planned { amount },
            Record::Approved => Self::Approved,
            Record::Reserved { lineage, amount, baseline } => Self::Reserved {
                lineage,
                amount,
                captured: baseline.captured,
                refunded: baseline.refunded,
                used: baseline.used,
                role: baseline.role.write(),
            },
            Record::Armed { lineage, attempt, fire_by } => {
                Self::Armed { lineage, attempt, fire_by: fire_by.into() }
            }
            Record::Postponed { why, due } => Self::Postponed { why: why.write(), due: due.into() },
            Record::MayResend { on } => Self::MayResend { on: on.write() },
            Record::NotSent { why, due } => Self::NotSent { why: why.write(), due: due.into() },
            Record::Accepted { due } => Self::Accepted { due: due.into() },
            Record::Settled { by } => Self::Settled { by: by.write() },
            Record::Declined => Self::Declined,
            Record::Doubted { why, refusal, salvaged, due } => {
                let status = if let DoubtKind::Status(code) = why { Some(code) } else { None };
                let (why, refusal) = (why.as_str().to_owned(), refusal.write());
                Self::Doubted { why, status, refusal, salvaged, due: due.into() }
            }
            Record::WindowRestarted { from, due } => {
                Self::WindowRestarted { from: from.into(), due: due.into() }
            }
            Record::Looked { verdict, at, due } => {
                Self::Looked { verdict: verdict.write(), at: at.into(), due: due.into() }
            }
            Record::ProvenNot => Self::ProvenNot,
            Record::Polled { answer, due } => Self::Polled { answer: answer.write(), due: due.into() },
            Record::Canceled => Self::Canceled,
            Record::Held { why } => Self::Held { why: why.write() },
            Record::Decided { decision } => Self::Decided { decision: decision.write() },
            Record::TakenByHand => Self::TakenByHand,
            Record::Withdrawn { why } => Self::Withdrawn { why: why.write() },
            Record::Receipt(track) => Self::Receipt { track: track.write() },
        }
    }
}

impl TryFrom<Wire> for Record {
    type Error = CodecError;

    fn try_from(wire: Wire) -> Result<Self, CodecError> {
        Ok(match wire {
            Wire::Planned { amount } => Self::Planned { amount },
            Wire::Approved => Self::Approved,
            Wire::Reserved { lineage, amount, captured, refunded, used, role } => Self::Reserved {
                lineage,
                amount,
                baseline: Baseline { captured, refunded, used, role: Word::read(&role)? },
            },
            Wire::Armed { lineage, attempt, fire_by } => {
                Self::Armed { lineage, attempt, fire_by: fire_by.try_into()? }
            }
            Wire::Postponed { why, due } => Self::Postponed { why: Word::read(&why)?, due: due.try_into()? },
            Wire::MayResend { on } => Self::MayResend { on: Word::read(&on)? },
            Wire::NotSent { why, due } => Self::NotSent { why: Word::read(&why)?, due: due.try_into()? },
            Wire::Accepted { due } => Self::Accepted { due: due.try_into()? },
            Wire::Settled { by } => Self::Settled { by: Word::read(&by)? },
            Wire::Declined => Self::Declined,
            Wire::Doubted { why, status, refusal, salvaged, due } => Self::Doubted {
                why: doubt(&why, status)?,
                refusal: Word::read(&refusal)?,
                salvaged,
                due: due.try_into()?,
            },
            Wire::WindowRestarted { from, due } => {
                Self::WindowRestarted { from: from.try_into()?, due: due.try_into()? }
            }
            Wire::Looked { verdict, at, due } => {
                Self::Looked { verdict: Word::read(&verdict)?, at: at.try_into()?, due: due.try_into()? }
            }
            Wire::ProvenNot => Self::ProvenNot,
            Wire::Polled { answer, due } => {
                Self::Polled { answer: Word::read(&answer)?, due: due.try_into()? }
            }
            Wire::Canceled => Self::Canceled,
            Wire::Held { why } => Self::Held { why: Word::read(&why)? },
            Wire::Decided { decision } => Self::Decided { decision: Word::read(&decision)? },
            Wire::TakenByHand => Self::TakenByHand,
            Wire::Withdrawn { why } => Self::Withdrawn { why: Word::read(&why)? },
            Wire::Receipt { track } => Self::Receipt(Word::read(&track)?),
        })
    }
}

#[cfg(test)]
mod tests;
