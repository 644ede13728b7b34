//! The durable state of one refund: what its records add up to.
//!
//! Fixed-size and `Copy`, so that a simulator can keep millions. Ids are handles: texts, payloads and references stay
//! in the journal beside the record that brought them. It must not know a clock, a store or a gateway.

use super::record::{DoubtKind, ReceiptTrack, ResendGround, SeenVerdict};
use refund_core::{BootId, Moment};

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Somebody wants it; nobody confirmed it yet.
    Planned,
    /// Confirmed; nothing is reserved.
    Approved,
    /// Its amount is taken from the payment's budget; nothing of the current lineage may have left.
    Reserved,
    /// The record "may be sent from now on" is durable.
    Sending,
    /// The gateway took it and gave a reference.
    Accepted,
    /// The gateway says it works on it.
    Processing,
    /// Done.
    Settled,
    /// Cancelled in the merchant's cabinet after the gateway had taken it.
    Canceled,
    /// Refused by the gateway, proven.
    Declined,
    /// It may have happened.
    Unknown,
    /// A person must decide.
    NeedsReview,
    /// A person does it in the cabinet; this journal only keeps the amount reserved.
    ByHand,
    /// Taken back before anything was sent.
    Withdrawn,
    /// Proven or decided that it did not happen, and closed.
    DidNotHappen,
}

impl Phase {
    /// Every phase, in the order of a refund's life.
    pub const ALL: [Self; 14] = [
        Self::Planned,
        Self::Approved,
        Self::Reserved,
        Self::Sending,
        Self::Accepted,
        Self::Processing,
        Self::Settled,
        Self::Canceled,
        Self::Declined,
        Self::Unknown,
        Self::NeedsReview,
        Self::ByHand,
        Self::Withdrawn,
        Self::DidNotHappen,
    ];

    /// The stable word for files, journals and messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Approved => "approved",
            Self::Reserved => "reserved",
            Self::Sending => "sending",
            Self::Accepted => "accepted",
            Self::Processing => "processing",
            Self::Settled => "settled",
            Self::Canceled => "canceled",
            Self::Declined => "declined",
            Self::Unknown => "unknown",
            Self::NeedsReview => "needs_review",
            Self::ByHand => "by_hand",
            Self::Withdrawn => "withdrawn",
            Self::DidNotHappen => "did_not_happen",
        }
    }

    /// True when nothing will change any more by itself or by a person.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Settled | Self::Canceled | Self::Declined | Self::Withdrawn | Self::DidNotHappen)
    }

    /// True when the amount is taken from the payment's budget: everything that happened or still may.
    pub const fn uses_budget(self) -> bool {
        !matches!(
            self,
            Self::Planned
                | Self::Approved
                | Self::Canceled
                | Self::Declined
                | Self::Withdrawn
                | Self::DidNotHappen
        )
    }
}

/// What the gateway said before the lineage's first send. In minor units of the payment's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// What was captured.
    pub captured: i64,
    /// What the gateway showed as refunded, if it shows that.
    pub refunded: Option<i64>,
    /// What was surely refunded by then, from the gateway or from this journal: a lower bound.
    pub used: i64,
    /// Whether a verdict is read against it, so that no other refund of the payment may come between.
    pub role: BaselineRole,
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

/// What a baseline is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaselineRole {
    /// An unknown outcome is read against it: the payment is kept to one refund until this one is final.
    Evidence,
    /// Nothing is read against it: an accepted refund is asked for by its reference.
    Unused,
}

/// The refusal that must be confirmed before it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There was none.
    None,
    /// The gateway refused with a code that also means "system error".
    Unconfirmed,
}

/// Whether the gateway took the current lineage and gave a reference to ask it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Not that anybody knows.
    No,
    /// It may still carry it out: until its status says otherwise nobody may say "it did not happen".
    Yes,
    /// It did, and its status says "cancelled"; another copy of the lineage may stand all the same.
    Canceled,
}

/// One look at the gateway after an unknown outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// What it saw.
    pub verdict: SeenVerdict,
    /// When.
    pub at: Moment,
}

/// What a refund's records add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Where it stands.
    pub phase: Phase,
    /// The number of the last record, from 1; 0 before the first.
    pub seq: u64,
    /// How much, in minor units; `None` until a full refund's first reservation fixes it.
    pub amount: Option<i64>,
    /// The current lineage, from 1; 0 before the first reservation.
    pub lineage: u32,
    /// Attempts armed in this lineage.
    pub attempt: u16,
    /// Attempts of this lineage that are not proven unsent.
    pub maybe_sent: u16,
    /// What the gateway said before the lineage's first send; `None` also when a person sent it back to be reserved anew.
    pub baseline: Option<Baseline>,
    /// The deadline of the last permit, or a later moment by the clock of the boot that looked at it last: the settle
    /// window counts from it.
    pub window_from: Option<Moment>,
    /// The same by the clocks of the two boots before that one. Machines that share a store look in turn, and none of up
    /// to three has to start the window again because another one did.
    pub window_elsewhere: [Option<Moment>; 2],
    /// Why the outcome is unknown.
    pub doubt: Option<DoubtKind>,
    /// A refusal that waits for confirmation.
    pub refusal: Refusal,
    /// A reference was salvaged from a cut reply.
    pub salvaged: bool,
    /// What the gateway took of this lineage.
    pub taken: Taken,
    /// Why the same request may be sent again; asked anew for every resend.
    pub resend: Option<ResendGround>,
    /// Only a person's word says that an earlier lineage, which may have been sent, did not happen. If that word was
    /// wrong, a refusal of a later one is what the gateway says to a second copy.
    pub on_word: bool,
    /// The first look, by the clock of the boot that looked last, since when nothing was seen: another one long enough
    /// after it agrees with it.
    pub look: Option<Look>,
    /// Status questions asked since it was accepted, or looks that could not be read since it became unknown.
    pub asked: u16,
    /// Tries in a row that ended before anything was sent.
    pub not_sent: u16,
    /// Not to be worked on before this moment, by the clock of the boot that wrote it; to any other boot it says nothing, and
    /// trying early harms nobody. A store that several machines share orders its queue by a clock of its own.
    pub due: Option<Moment>,
    /// The receipt's own track; it never changes the phase, and no phase changes it.
    pub receipt: ReceiptTrack,
}

impl State {
    /// Before the first record.
    pub const EMPTY: Self = Self {
        phase: Phase::Planned,
        seq: 0,
        amount: None,
        lineage: 0,
        attempt: 0,
        maybe_sent: 0,
        baseline: None,
        window_from: None,
        window_elsewhere: [None; 2],
        resend: None,
        doubt: None,
        refusal: Refusal::None,
        salvaged: false,
        taken: Taken::No,
        on_word: false,
        look: None,
        asked: 0,
        not_sent: 0,
        due: None,
        receipt: ReceiptTrack::NotAsked,
    };

    /// What it takes from the payment's budget, in minor units. What only a person's word says did not happen keeps its
    /// amount also while it queues again: the word may be wrong.
    pub fn claims(&self) -> i64 {
        let queues_on_word = self.phase == Phase::Approved && self.on_word;
        if self.phase.uses_budget() || queues_on_word { self.amount.unwrap_or(0) } else { 0 }
    }

    /// True when nothing of any lineage may have taken effect, so that it can be taken back like a wish.
    pub fn never_sent(&self) -> bool {
        self.maybe_sent == 0 && !self.on_word
    }

    /// From when the settle window counts by this boot's clock; `None` when this boot does not know.
    pub fn window_by(&self, boot: BootId) -> Option<Moment> {
        let known = [self.window_from, self.window_elsewhere[0], self.window_elsewhere[1]];
        known.into_iter().flatten().find(|moment| moment.boot == boot)
    }

    /// True from a reservation until something becomes of it: its baseline is fresh. After a send that did not leave, a
    /// verdict or a person's decision it is looked at and made again before anything is sent.
    pub fn may_be_armed(&self) -> bool {
        self.phase == Phase::Reserved && self.attempt == 0 && self.due.is_none() && self.baseline.is_some()
    }

    /// True when a person must decide on something the gateway may still carry out: its status is asked first.
    pub fn may_still_be_told(&self) -> bool {
        self.phase == Phase::NeedsReview && self.taken == Taken::Yes
    }

    /// True when the gateway took it and its end is not known: its status can be asked for.
    pub fn may_be_asked_for(&self) -> bool {
        matches!(self.phase, Phase::Accepted | Phase::Processing) || self.may_still_be_told()
    }

    /// True while no other refund of the same payment may be reserved, because this one's outcome is read against
    /// the payment's sums, or because a person must not have two unknowns of one payment to tell apart.
    pub fn holds_payment(&self) -> bool {
        match self.phase {
            Phase::Reserved | Phase::Sending | Phase::Unknown | Phase::NeedsReview | Phase::ByHand => true,
            Phase::Accepted | Phase::Processing => {
                self.baseline.is_some_and(|baseline| baseline.role == BaselineRole::Evidence)
            }
            _ => false,
        }
    }
}
