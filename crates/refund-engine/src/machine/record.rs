//! The records a refund's life is made of: one fact each, written once.
//!
//! What each does to the state is in `apply`. It must not know how records are stored.

use super::state::{Baseline, Phase, Refusal};
use refund_core::{DoubtReason, Moment, NotSentReason};

/// One fact, written once and never changed. Amounts are in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Record {
    /// Somebody wants a refund; `amount` is `None` for "everything that is left".
    Planned {
        /// How much.
        amount: Option<i64>,
    },
    /// Somebody confirmed it.
    Approved,
    /// Its amount was taken from the payment's budget, with a fresh baseline.
    Reserved {
        /// The lineage it opens, or keeps if nothing of it was ever armed. An armed attempt ends its lineage as to
        /// reservations even if it is proven that it never left.
        lineage: u32,
        /// How much; from now on fixed.
        amount: i64,
        /// What the gateway said.
        baseline: Baseline,
    },
    /// It may be sent from now on.
    Armed {
        /// Which lineage.
        lineage: u32,
        /// Which attempt of it, from 1.
        attempt: u16,
        /// The permit's deadline.
        fire_by: Moment,
    },
    /// Nothing was asked of the gateway that could have an effect, and it is not to be tried before a moment.
    Postponed {
        /// Why.
        why: Postponement,
        /// Not to be tried before.
        due: Moment,
    },
    /// The same request may be sent again although its outcome is unknown; the numbers are in the note beside it. Every
    /// resend is preceded by one.
    MayResend {
        /// Why a second copy cannot take effect.
        on: ResendGround,
    },
    /// Surely no byte left.
    NotSent {
        /// Why.
        why: NotSentReason,
        /// Not to be tried before.
        due: Moment,
    },
    /// The gateway took it; its reference is attached.
    Accepted {
        /// When to ask first.
        due: Moment,
    },
    /// It is done.
    Settled {
        /// How that is known.
        by: Proof,
    },
    /// The gateway refused it, and that is proven.
    Declined,
    /// It may have happened.
    Doubted {
        /// Why nobody can tell.
        why: DoubtKind,
        /// Whether the gateway refused with a code that must be confirmed.
        refusal: Refusal,
        /// Whether a reference was salvaged.
        salvaged: bool,
        /// Nothing can be done about it before: where its outcome can be read, the end of the settle window.
        due: Moment,
    },
    /// Looked at by another boot or machine than those that know it: there the settle window starts again.
    WindowRestarted {
        /// From when, by that boot's clock.
        from: Moment,
        /// Nothing can be done about it before.
        due: Moment,
    },
    /// A look at the gateway that does not decide yet.
    Looked {
        /// What it saw.
        verdict: SeenVerdict,
        /// When.
        at: Moment,
        /// When to look again.
        due: Moment,
    },
    /// Evidence: the lineage did not take effect and, its window being over, will not.
    ProvenNot,
    /// The gateway says it works on it, or said something nobody knows, or could not be asked.
    Polled {
        /// What it said.
        answer: PollAnswer,
        /// When to ask next.
        due: Moment,
    },
    /// Cancelled in the cabinet.
    Canceled,
    /// A person must decide.
    Held {
        /// Why.
        why: HoldReason,
    },
    /// A person decided, with reason and evidence attached.
    Decided {
        /// What.
        decision: Decision,
    },
    /// A person takes it over and does it in the cabinet.
    TakenByHand,
    /// Taken back before anything was sent.
    Withdrawn {
        /// Why.
        why: WithdrawReason,
    },
    /// News of the receipt.
    Receipt(ReceiptTrack),
}

/// How it is known that a refund is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Proof {
    /// The gateway's answer to the refund said so.
    Reply,
    /// The gateway's status of the refund says so.
    Status,
    /// The payment's sums show it.
    Evidence,
}

/// Why nobody can tell: a [`DoubtReason`] as it is recorded.
pub type DoubtKind = DoubtReason;

/// What a look at the gateway showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SeenVerdict {
    /// The refund is not there.
    NotSeen,
    /// The gateway could not be read.
    Unreadable,
}

/// What a status question brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PollAnswer {
    /// Being carried out.
    Processing,
    /// A word nobody knows; it is attached.
    Unrecognised,
    /// No usable answer.
    Failed,
}

/// Why a person must decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HoldReason {
    /// The gateway shows nothing that could prove it.
    NoEvidence,
    /// What the gateway shows fits neither "happened" nor "did not".
    Contradiction,
    /// Somebody refunded that amount, and others refund this account's orders too.
    SharedAccount,
    /// A resend was refused or cancelled, which speaks for an earlier send.
    RefusedOnResend,
    /// The polling schedule is used up.
    Deadline,
    /// The gateway's status is about another refund or amount.
    Mismatch,
}

/// Why a refund waits although nothing of it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Postponement {
    /// The payment could not be looked up.
    LookupFailed,
    /// The gateway shows less refunded than this journal saw done.
    Lagging,
    /// Another refund of the payment has to become final first.
    Busy,
    /// Sends of the account are stopped for a while: too many of them ended unknown.
    Paused,
}

/// Why the same request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResendGround {
    /// The gateway replays its answer to a known key, which a test on this account has shown.
    KeyReplay,
    /// Two copies do not fit into what was captured, and the gateway enforces that atomically (assumption G1).
    SelfFencing,
}

impl HoldReason {
    /// The stable word for files, journals and messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoEvidence => "no_evidence",
            Self::Contradiction => "contradiction",
            Self::SharedAccount => "shared_account",
            Self::RefusedOnResend => "refused_on_resend",
            Self::Deadline => "deadline",
            Self::Mismatch => "mismatch",
        }
    }
}

/// A person's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The cabinet shows that it happened.
    Happened,
    /// The cabinet shows that it did not; the refund is closed.
    DidNotHappen,
    /// The cabinet shows that it did not; it is to be sent anew. Its amount stays taken, since the word may be wrong; had
    /// it let other refunds of the payment in, it keeps none of them waiting and queues again like any approved one.
    SendAgain,
}

/// Why a refund was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WithdrawReason {
    /// A person wanted so.
    Person,
    /// A rule is broken; the violations are attached.
    Rules,
    /// Other refunds have used the payment up.
    Budget,
}

/// The receipt's own track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReceiptTrack {
    /// No receipt was asked for.
    NotAsked,
    /// Asked for; nothing is known yet.
    Pending,
    /// Made.
    Done,
    /// It failed; the money is not affected.
    Failed,
}

/// A record that does not fit where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("record {seq} ({record}) does not fit a refund that is {phase}", phase = phase.as_str())]
pub struct OutOfOrder {
    /// Its number in the refund's history, from 1.
    pub seq: u64,
    /// Its kind.
    pub record: &'static str,
    /// Where the refund stood.
    pub phase: Phase,
}

impl Record {
    /// The kind's stable word, as journals and messages write it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Planned { .. } => "planned",
            Self::Approved => "approved",
            Self::Reserved { .. } => "reserved",
            Self::Armed { .. } => "armed",
            Self::Postponed { .. } => "postponed",
            Self::MayResend { .. } => "may_resend",
            Self::NotSent { .. } => "not_sent",
            Self::Accepted { .. } => "accepted",
            Self::Settled { .. } => "settled",
            Self::Declined => "declined",
            Self::Doubted { .. } => "doubted",
            Self::WindowRestarted { .. } => "window_restarted",
            Self::Looked { .. } => "looked",
            Self::ProvenNot => "proven_not",
            Self::Polled { .. } => "polled",
            Self::Canceled => "canceled",
            Self::Held { .. } => "held",
            Self::Decided { .. } => "decided",
            Self::TakenByHand => "taken_by_hand",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Receipt(_) => "receipt",
        }
    }
}
