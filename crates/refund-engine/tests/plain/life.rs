//! One refund's life as plain data: what happened so far, kept as lists and sets that can be read aloud.
//!
//! It must not use a type or a line of the machine. Nothing here decides anything; that is `rules` and `chances`.

use std::collections::BTreeSet;

/// A moment: which boot of which machine, and milliseconds since then. Moments of two boots never compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct When {
    pub boot: u128,
    pub at: u64,
}

impl When {
    /// Certainly at or after the other one.
    pub(crate) fn reached(self, other: Self) -> bool {
        self.boot == other.boot && self.at >= other.at
    }

    pub(crate) fn later(self, millis: u64) -> Self {
        Self { at: self.at.saturating_add(millis), ..self }
    }
}

/// Where a refund stands, in the words of the glossary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place {
    Planned,
    Approved,
    Reserved,
    Sending,
    Accepted,
    Processing,
    Settled,
    Canceled,
    Declined,
    Unknown,
    NeedsReview,
    ByHand,
    Withdrawn,
    DidNotHappen,
}

/// What the gateway said before a lineage's first send, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Base {
    pub captured: i64,
    /// What the gateway showed as refunded, if it shows that.
    pub shown: Option<i64>,
    /// What was surely refunded by then.
    pub surely: i64,
    /// Whether outcomes are read against this payment's sums.
    pub sums_are_evidence: bool,
}

/// One armed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Sent {
    /// It may have left, or surely did.
    Maybe,
    /// Surely no byte of it left.
    Never,
}

/// What a lineage's reference says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reference {
    /// The gateway gave none.
    None,
    /// The gateway took the refund and may still carry it out.
    Taken,
    /// It took it, and its status says "cancelled".
    Cancelled,
}

/// How a lineage was closed without effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Closed {
    Proven,
    OnAPersonsWord,
}

/// All sends that share one key and one baseline.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Lineage {
    pub base: Base,
    /// Attempts in order; the first is number 1.
    pub sends: Vec<Sent>,
    pub reference: Reference,
    /// A reference was saved from a cut reply.
    pub salvaged: bool,
    /// A refusal that also means "system error" waits for confirmation.
    pub unconfirmed: bool,
    /// The last attempt's permit was spent: what became of it is written down.
    pub answered: bool,
    /// The last attempt was refused, which proves nothing.
    pub refused: bool,
    /// Some permit of it was found unanswered.
    pub found_unanswered: bool,
    /// Looks that saw nothing and can still be half of a pair.
    pub nothing_seen: Option<When>,
    pub closed: Option<Closed>,
}

impl Lineage {
    pub(crate) fn of(base: Base) -> Self {
        Self {
            base,
            sends: Vec::new(),
            reference: Reference::None,
            salvaged: false,
            unconfirmed: false,
            answered: true,
            found_unanswered: false,
            refused: false,
            nothing_seen: None,
            closed: None,
        }
    }

    /// How many of its attempts may have left.
    pub(crate) fn maybe_out(&self) -> usize {
        self.sends.iter().filter(|sent| **sent == Sent::Maybe).count()
    }
}

/// The receipt's track; nothing else looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Paper {
    NotAsked,
    Pending,
    Done,
    Failed,
}

/// What the last reservation and its look at the gateway are good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reservation {
    /// Nothing came of it yet.
    Fresh,
    /// Something came of it, a person has had it since, or there is none.
    Spent,
}

/// A whole life so far.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Life {
    pub begun: bool,
    pub place: Place,
    pub amount: Option<i64>,
    /// Every lineage, the current one last.
    pub lineages: Vec<Lineage>,
    pub reservation: Reservation,
    /// From when the settle window counts, by the clocks of the boots that know it; the one that learned it last first.
    pub windows: Vec<When>,
    /// Why the same request may be sent once more.
    pub sent_again_on: Option<Ground>,
    /// Nothing is to be done before.
    pub due: Option<When>,
    pub paper: BTreeSet<Paper>,
}

impl Life {
    pub(crate) fn unborn() -> Self {
        Self {
            begun: false,
            place: Place::Planned,
            amount: None,
            lineages: Vec::new(),
            reservation: Reservation::Spent,
            windows: Vec::new(),
            sent_again_on: None,
            due: None,
            paper: BTreeSet::new(),
        }
    }

    /// The lineage that is open now.
    pub(crate) fn open(&self) -> Option<&Lineage> {
        self.lineages.last().filter(|lineage| lineage.closed.is_none())
    }

    pub(crate) fn open_mut(&mut self) -> Option<&mut Lineage> {
        self.lineages.last_mut().filter(|lineage| lineage.closed.is_none())
    }

    /// How many attempts of the open lineage may have left.
    pub(crate) fn maybe_out(&self) -> usize {
        self.open().map_or(0, Lineage::maybe_out)
    }

    /// From when the settle window counts by this boot's clock.
    pub(crate) fn window_by(&self, boot: u128) -> Option<When> {
        self.windows.iter().copied().find(|window| window.boot == boot)
    }

    /// An earlier lineage may have been sent, and only a person says that it had no effect.
    pub(crate) fn rests_on_a_word(&self) -> bool {
        let closed = self.lineages.iter().filter(|lineage| lineage.maybe_out() > 0);
        closed.into_iter().any(|lineage| lineage.closed == Some(Closed::OnAPersonsWord))
    }

    pub(crate) fn reference(&self) -> Reference {
        self.open().map_or(Reference::None, |lineage| lineage.reference)
    }
}

/// One fact, in the order it was written down.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fact {
    Wished { amount: Option<i64> },
    Confirmed,
    TakenFromBudget { lineage: usize, amount: i64, base: Base },
    MayBeSent { lineage: usize, attempt: usize, until: When },
    PutOff { why: WhyPutOff, due: When },
    MayBeSentAgain { on: Ground },
    SurelyNotSent { due: When },
    GatewayTookIt { due: When },
    Done(HowKnown),
    Refused,
    InDoubt { refused: bool, unconfirmed: bool, salvaged: bool, answered: bool, due: When },
    WindowAgain { from: When, due: When },
    Seen { nothing: bool, at: When, due: When },
    HadNoEffect,
    Asked { working: bool, due: When },
    CancelledInCabinet,
    GivenToAPerson(WhyHeld),
    PersonSays(Word),
    PersonDoesIt,
    TakenBack,
    Receipt(Paper),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum WhyPutOff {
    NotRead,
    ReadTooLittle,
    Busy,
    /// Nothing of the account is sent for a while.
    Stopped,
}

/// Why a second copy cannot have an effect of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Ground {
    Replayed,
    Fenced,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum HowKnown {
    Answer,
    Status,
    Sums,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum WhyHeld {
    NoEvidence,
    Contradiction,
    Shared,
    RefusedOnResend,
    Deadline,
    Mismatch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Word {
    Happened,
    DidNotHappen,
    SendAgain,
}
