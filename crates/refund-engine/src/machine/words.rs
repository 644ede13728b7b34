//! The words of the machine: what is reported to it, what it commands, why it ends, what it refuses.
//!
//! Plain data, fixed-size. It must not know what follows what.

use super::{Decision, DoubtKind, OutOfOrder, Phase, Record, state::Baseline};
use refund_core::{Moment, NotSentReason};

/// Which command is out, so that only its report is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// None.
    Idle,
    /// [`Command::Lookup`].
    Looking,
    /// [`Command::Check`], with what the gateway said.
    Checking(Baseline),
    /// [`Command::Reserve`], with the record it writes.
    Reserving(Record),
    /// [`Command::Open`].
    Opening,
    /// [`Command::Arm`], with the record it writes.
    Arming(Record),
    /// [`Command::Fire`].
    Firing,
    /// [`Command::Keep`], with the record it writes.
    Keeping(Record),
    /// [`Command::AskStatus`].
    Asking(Asked),
    /// [`Command::Probe`].
    Probing,
    /// [`Command::Wait`].
    Waiting,
    /// [`Command::Stop`].
    Stopped,
}

/// Why the status is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is due: the answer uses up one place of the schedule.
    OnSchedule,
    /// Somebody wants to know now, or a callback hints at news: the schedule stays.
    Nudged,
}

/// What the driver reports or a person wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Begin, or go on after a wait.
    Go,
    /// Begin, and ask the gateway now although it is not due: a person wants to know, or to try again at once.
    Nudge,
    /// A callback or whoever else says that there is news: an acknowledged refund's status is asked for, and nothing
    /// else is ever done, whatever the news may be.
    Hint,
    /// A person confirms a planned refund.
    Approve,
    /// A person takes a refund back.
    Withdraw,
    /// A person does it in the cabinet instead.
    TakeByHand,
    /// A person decides on a held refund, or closes one that a person's word sent back to its place in the queue.
    Decide {
        /// What.
        decision: Decision,
        /// When it was decided, by the same clock: what was seen before the settle window was over does not count,
        /// however late it is written.
        seen: Moment,
    },
    /// The receipt has news.
    ReceiptNews(super::ReceiptTrack),
    /// The payment was looked up.
    LookedUp(Baseline),
    /// The payment could not be looked up.
    LookupFailed,
    /// Nothing of this account is sent before a moment: too many of its sends ended unknown. Comes instead of the report
    /// on a lookup, a connection or an armed record, none of which was made.
    Paused {
        /// Until when.
        until: Moment,
    },
    /// The rules accept the refund, and its request is prepared.
    Checked {
        /// Exactly how much, in minor units.
        amount: i64,
    },
    /// The rules refuse the refund.
    Broken,
    /// The reservation is durable.
    ReserveDone,
    /// The reservation is durable, but another refund of the payment was done since the look its baseline comes from.
    ReserveOutdated,
    /// Other refunds have used the payment up.
    OverBudget,
    /// Other refunds have used up what was looked at; they moved since, so what is left is to be looked at again.
    BudgetMoved,
    /// Another refund of the payment has to become final first. Reports on a reservation, or on an armed record that was
    /// not made.
    PaymentBusy,
    /// The connection stands.
    OpenDone,
    /// Surely no byte left.
    NotSent(NotSentReason),
    /// The armed record is durable.
    ArmDone,
    /// The request was fired.
    Fired(FiredKind),
    /// The record is durable.
    KeepDone,
    /// The gateway told how the refund stands.
    Status(StatusKind),
    /// The gateway was looked at after an unknown outcome.
    Probed(ProbedKind),
}

/// What firing came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FiredKind {
    /// The gateway took it and gave a reference.
    Accepted,
    /// Done.
    Settled,
    /// Refused, which on a first send is proof.
    Declined,
    /// Refused with a code that must be confirmed.
    DeclinedUnconfirmed,
    /// Nobody can tell.
    Unknown {
        /// Why.
        why: DoubtKind,
        /// Whether a reference was salvaged.
        salvaged: bool,
    },
}

/// What a status question brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusKind {
    /// Being carried out.
    Processing,
    /// Done.
    Settled,
    /// Cancelled in the cabinet.
    Canceled,
    /// About another refund or amount.
    Mismatch,
    /// A word nobody knows.
    Unrecognised,
    /// No usable answer.
    Failed,
}

/// What a look at the gateway showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbedKind {
    /// It happened.
    Happened,
    /// It happened and can be asked for by a reference.
    HappenedWithReference,
    /// It is not there.
    NotSeen,
    /// What is seen fits neither, or nothing is shown.
    CannotTell,
    /// The gateway could not be read.
    Unreadable,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Ask the gateway for the payment.
    Lookup,
    /// Check the rules and prepare the request with this lineage's key.
    Check {
        /// The lineage a reservation opens.
        lineage: u32,
    },
    /// Take the amount from the payment's budget and write the record, in one transaction.
    Reserve(Record),
    /// Connect.
    Open,
    /// Write the armed record durably and make the permit.
    Arm(Record),
    /// Send.
    Fire,
    /// Write a record durably, with what belongs to it.
    Keep(Record),
    /// Ask how the acknowledged refund stands.
    AskStatus,
    /// Look at the gateway after an unknown outcome.
    Probe,
    /// Nothing to do before this moment.
    Wait(Moment),
    /// Nothing more to do in this run.
    Stop(Stop),
}

impl Command {
    /// True when leaving without it would lose something or leave something half done: what was fired is waited for, and
    /// what is known is written. Everything else can be given up and begun again.
    pub const fn must_be_done(&self) -> bool {
        matches!(self, Self::Fire | Self::Keep(_) | Self::Stop(_))
    }

    /// The command's stable word, for logs.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Lookup => "lookup",
            Self::Check { .. } => "check",
            Self::Reserve(_) => "reserve",
            Self::Open => "open",
            Self::Arm(_) => "arm",
            Self::Fire => "fire",
            Self::Keep(_) => "keep",
            Self::AskStatus => "ask_status",
            Self::Probe => "probe",
            Self::Wait(_) => "wait",
            Self::Stop(_) => "stop",
        }
    }
}

/// Why a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The refund is final.
    Final,
    /// It waits for somebody to confirm it.
    NotApproved,
    /// It waits for a person's decision, which is taken from this moment on.
    Held {
        /// When the settle window ends; `None` when nothing was sent.
        from: Option<Moment>,
    },
    /// The gateway could not be reached, or shows less than is known to be done: this run sent nothing. An earlier send
    /// may have had its effect: a resend that does not leave ends like this while the refund is unknown, so whoever tells
    /// somebody looks at the phase.
    NotReached,
    /// Another refund of the payment has to become final first.
    Busy,
    /// Nothing of this account is sent before a moment: too many of its sends ended unknown.
    Paused {
        /// Until when.
        until: Moment,
    },
    /// What a person wanted is written; or a hint came where there is nothing to ask for.
    Noted,
}

/// A driver's or a person's mistake: the machine is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misstep {
    /// The event answers no command that is out.
    #[error("{event:?} does not answer {stage:?}")]
    Unexpected {
        /// What came.
        event: Event,
        /// What was out.
        stage: Stage,
    },
    /// The refund is not in a phase in which a person may do that.
    #[error("this cannot be done to a refund that is {phase}", phase = phase.as_str())]
    NotNow {
        /// Where the refund stands.
        phase: Phase,
    },
    /// A decision before the settle window is over could be overtaken by the request itself.
    #[error("the settle window is still open")]
    WindowOpen {
        /// When it ends.
        until: Moment,
    },
    /// The gateway took it and may still carry it out: before a person may say "it did not happen", its status has to
    /// say "cancelled".
    #[error("the gateway took it and may still carry it out; ask for its status, or decide that it happened")]
    Acknowledged,
    /// Something of it may have taken effect, and only a person's word says that it did not: it cannot be taken back like
    /// a wish. That it did not happen is a decision, with its evidence.
    #[error(
        "only a person's word says that an earlier attempt did not happen; decide on it instead of withdrawing it"
    )]
    OnWord,
    /// The record cannot follow: a defect, found before anything was written.
    #[error(transparent)]
    OutOfOrder(#[from] OutOfOrder),
}
