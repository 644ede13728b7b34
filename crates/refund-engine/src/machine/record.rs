//! The records a refund's life is made of, and what each does to the state.
//!
//! [`State::apply`] is the only place where a state changes, in production, on restart and in simulation alike: the
//! state is the fold of the records, and a history that does not fit is refused with the place named. It must not know
//! how records are stored.

use super::state::{Baseline, BaselineRole, Look, Phase, Refusal, State, Taken};
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
        /// The lineage it opens, or keeps if nothing of it was ever sent.
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
    },
    /// The machine was restarted: the settle window starts again.
    WindowRestarted {
        /// From when.
        from: Moment,
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

/// A person's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The cabinet shows that it happened.
    Happened,
    /// The cabinet shows that it did not; the refund is closed.
    DidNotHappen,
    /// The cabinet shows that it did not; it is to be sent anew. Its amount stays taken, unless it had let other refunds
    /// of the payment in, when it has to be reserved again like any approved one.
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

impl State {
    /// The state after one more record.
    ///
    /// # Errors
    /// [`OutOfOrder`] when the record cannot follow; the state is unchanged.
    pub fn apply(self, record: Record) -> Result<Self, OutOfOrder> {
        let refuse = OutOfOrder { seq: self.seq + 1, record: record.kind(), phase: self.phase };
        let mut next = self.changed_by(record).ok_or(refuse)?;
        next.seq = self.seq + 1;
        Ok(next)
    }

    /// The state after a whole history.
    ///
    /// # Errors
    /// [`OutOfOrder`] at the first record that cannot follow.
    pub fn fold(records: impl IntoIterator<Item = Record>) -> Result<Self, OutOfOrder> {
        records.into_iter().try_fold(Self::EMPTY, Self::apply)
    }

    fn changed_by(self, record: Record) -> Option<Self> {
        use Phase as P;
        let first = self.seq == 0;
        if first != matches!(record, Record::Planned { .. }) {
            return None;
        }
        match (self.phase, record) {
            (_, Record::Planned { amount }) => {
                (amount.is_none_or(|minor| minor > 0)).then_some(Self { amount, ..self })
            }
            (_, Record::Receipt(receipt)) => Some(Self { receipt, ..self }),
            (P::Planned, Record::Approved) => Some(Self { phase: P::Approved, ..self }),
            (P::Planned | P::Approved | P::Reserved, Record::Withdrawn { .. }) if self.maybe_sent == 0 => {
                Some(Self { phase: P::Withdrawn, due: None, ..self })
            }
            (P::Approved | P::Reserved, Record::Reserved { lineage, amount, baseline }) => {
                self.reserved(lineage, amount, baseline)
            }
            (P::Reserved, Record::TakenByHand) => Some(Self { phase: P::ByHand, due: None, ..self }),
            (P::Reserved | P::Unknown, Record::Armed { lineage, attempt, fire_by }) => {
                self.armed(lineage, attempt, fire_by)
            }
            (P::Reserved | P::Unknown, Record::NotSent { due, .. }) => {
                Some(Self { not_sent: self.not_sent.saturating_add(1), due: Some(due), ..self })
            }
            (P::Sending, Record::NotSent { due, .. }) => Some(self.unsent(due)),
            (P::Sending | P::Unknown, Record::Accepted { due }) => {
                let taken = Taken::Yes;
                Some(Self { phase: P::Accepted, taken, asked: 0, not_sent: 0, due: Some(due), ..self.sure() })
            }
            (P::Sending, Record::Settled { by: Proof::Reply })
            | (P::Unknown, Record::Settled { by: Proof::Evidence })
            | (P::Accepted | P::Processing, Record::Settled { by: Proof::Status }) => {
                Some(Self { phase: P::Settled, due: None, ..self.sure() })
            }
            (P::NeedsReview, Record::Settled { by: Proof::Status }) if self.may_still_be_told() => {
                Some(Self { phase: P::Settled, due: None, ..self.sure() })
            }
            (P::Sending, Record::Declined) if self.maybe_sent == 1 => Some(self.closed(P::Declined)),
            (P::Unknown, Record::Declined) if self.refusal == Refusal::Unconfirmed => {
                Some(self.closed(P::Declined))
            }
            // A reference that an earlier attempt of the lineage brought is not lost by a later doubt.
            (P::Sending, Record::Doubted { why, refusal, salvaged }) => Some(Self {
                phase: P::Unknown,
                doubt: Some(why),
                refusal,
                salvaged: self.salvaged || salvaged,
                look: None,
                asked: 0,
                due: None,
                ..self
            }),
            (P::Unknown | P::NeedsReview, Record::WindowRestarted { from }) => {
                Some(Self { window_from: Some(from), look: None, due: None, ..self })
            }
            (P::Unknown, Record::Looked { verdict, at, due }) => Some(self.looked(Look { verdict, at }, due)),
            (P::Unknown, Record::ProvenNot) => Some(self.closed(P::Reserved)),
            (P::Accepted | P::Processing, Record::Polled { answer, due }) => Some(self.polled(answer, due)),
            (P::Accepted | P::Processing, Record::Canceled) => Some(self.closed(P::Canceled)),
            (P::NeedsReview, Record::Canceled) if self.may_still_be_told() => Some(self.closed(P::Canceled)),
            (P::Unknown | P::Accepted | P::Processing, Record::Held { why }) => Some(self.held(why)),
            (P::NeedsReview, Record::Held { why: why @ HoldReason::RefusedOnResend })
                if self.may_still_be_told() =>
            {
                Some(self.held(why))
            }
            (P::Reserved | P::Sending, Record::Held { why }) if self.on_word => Some(self.held(why)),
            (P::NeedsReview | P::ByHand, Record::Decided { decision }) => self.decided(decision),
            _ => None,
        }
    }

    /// Only a lineage of which nothing may have left can take a new baseline.
    fn reserved(self, lineage: u32, amount: i64, baseline: Baseline) -> Option<Self> {
        let expected = if self.maybe_sent == 0 && self.attempt == 0 && self.lineage > 0 {
            self.lineage
        } else {
            self.lineage + 1
        };
        let fits = self.maybe_sent == 0
            && lineage == expected
            && amount > 0
            && self.amount.is_none_or(|fixed| fixed == amount);
        fits.then_some(Self {
            phase: Phase::Reserved,
            lineage,
            attempt: 0,
            amount: Some(amount),
            baseline: Some(baseline),
            due: None,
            ..self
        })
    }

    fn armed(self, lineage: u32, attempt: u16, fire_by: Moment) -> Option<Self> {
        // A first send needs a reservation nothing has become of yet, a resend a doubt.
        let ready = self.phase == Phase::Unknown || self.may_be_armed();
        let fits = ready && lineage == self.lineage && attempt == self.attempt + 1;
        fits.then_some(Self {
            phase: Phase::Sending,
            attempt,
            maybe_sent: self.maybe_sent.saturating_add(1),
            window_from: Some(fire_by),
            due: None,
            ..self
        })
    }

    /// This attempt is proven unsent: back to where the lineage was before it.
    fn unsent(self, due: Moment) -> Self {
        let maybe_sent = self.maybe_sent.saturating_sub(1);
        let phase = if maybe_sent == 0 { Phase::Reserved } else { Phase::Unknown };
        let not_sent = self.not_sent.saturating_add(1);
        Self { phase, maybe_sent, not_sent, due: Some(due), ..self }
    }

    fn looked(self, look: Look, due: Moment) -> Self {
        let asked = self.asked.saturating_add(1);
        let look = match look.verdict {
            SeenVerdict::NotSeen => self.look.filter(|old| old.at.boot == look.at.boot).or(Some(look)),
            SeenVerdict::Unreadable => self.look,
        };
        Self { look, asked, due: Some(due), ..self }
    }

    /// News that came between two places of the schedule (the due moment stays) use none of them up.
    fn polled(self, answer: PollAnswer, due: Moment) -> Self {
        let news = self.phase == Phase::Accepted && answer == PollAnswer::Processing;
        let counted = u16::from(!(news && self.due == Some(due)));
        let phase = if answer == PollAnswer::Processing { Phase::Processing } else { self.phase };
        Self { phase, asked: self.asked.saturating_add(counted), due: Some(due), ..self }
    }

    /// The doubt is over.
    fn sure(self) -> Self {
        Self { doubt: None, refusal: Refusal::None, look: None, ..self }
    }

    /// The lineage is over: nothing of it may have an effect any more.
    fn closed(self, phase: Phase) -> Self {
        Self {
            phase,
            maybe_sent: 0,
            salvaged: false,
            taken: Taken::No,
            not_sent: 0,
            due: None,
            baseline: self.baseline,
            ..self.sure()
        }
    }

    fn held(self, why: HoldReason) -> Self {
        let taken = match (self.taken, why) {
            (Taken::Yes, HoldReason::RefusedOnResend) => Taken::Canceled,
            (taken, _) => taken,
        };
        Self { phase: Phase::NeedsReview, taken, due: None, ..self }
    }

    /// Others may have reserved while this one was accepted: it queues again, or two reservations would wait for each
    /// other for ever.
    fn let_others_in(&self) -> bool {
        self.taken != Taken::No && !self.baseline.is_some_and(|baseline| baseline.is_evidence())
    }

    /// Whether it may be decided now is asked before it is written (`begin`): what is written was decided.
    fn decided(self, decision: Decision) -> Option<Self> {
        match decision {
            Decision::Happened => Some(Self { phase: Phase::Settled, due: None, ..self.sure() }),
            Decision::DidNotHappen => Some(self.closed(Phase::DidNotHappen)),
            Decision::SendAgain => {
                let phase = if self.let_others_in() { Phase::Approved } else { Phase::Reserved };
                let on_word = self.on_word || self.maybe_sent > 0;
                Some(Self { on_word, ..self.closed(phase) })
            }
        }
    }
}

impl Baseline {
    /// True when the gateway's own balance forbids a second effect of `amount`: refunded + 2 × amount > captured.
    /// Holds only if the gateway enforces refunded ≤ captured atomically (assumption G1).
    pub fn fences(&self, amount: i64) -> bool {
        let twice = i128::from(self.used) + 2 * i128::from(amount);
        twice > i128::from(self.captured)
    }

    /// True when the gateway shows less than this journal saw done: its reading lags behind, or a refund was undone.
    /// A verdict read against such a baseline could take an earlier refund for this one.
    pub fn lags(&self) -> bool {
        self.is_evidence() && self.refunded.is_some_and(|shown| shown < self.used)
    }

    /// True when an unknown outcome may be read against it.
    pub fn is_evidence(&self) -> bool {
        self.role == BaselineRole::Evidence
    }
}
