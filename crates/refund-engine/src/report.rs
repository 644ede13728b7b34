//! How a run ends, and what it has to say: the words between the driver and whoever asked.
//!
//! Plain data. It must not know how a run is carried out.

use crate::{
    codec::CodecError,
    journal::JournalError,
    machine::{Misstep, State, Stop},
};
use refund_core::{
    ArmError, Decline, Doubt, LookupError, Moment, Money, NotSent, RefundOutcome, StatusError, Violations,
};

/// Whether a run waits for what is not due yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// It ends at the first wait and says until when.
    None,
    /// It waits through polls and settle windows until the refund is final or needs a person.
    Patient,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Report {
    /// Where the refund stands.
    pub state: State,
    /// Why the run ended.
    pub ended: Ended,
    /// What went differently than hoped, in the order it happened.
    pub news: Vec<News>,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The machine stopped. "Nothing was sent" is said of this run alone: an earlier send may have had its effect, which the
    /// phase tells.
    Stopped(Stop),
    /// Nothing is due before this moment, and the run was not patient.
    Due(Moment),
    /// The engine was told to stop: the refund is as the journal says, and nothing of it is under way.
    Interrupted,
}

/// Something a person should hear of a run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum News {
    /// The payment could not be looked up.
    Lookup(LookupError),
    /// Rules refused the refund.
    Rules(Violations),
    /// Other refunds have used the payment up.
    Budget {
        /// What is left.
        left: Money,
    },
    /// Another refund of the payment is in the way.
    Busy(JournalError),
    /// Nothing was sent.
    NotSent(NotSent),
    /// Sends of the account are stopped: too many of them ended unknown.
    Paused {
        /// Until when.
        until: Moment,
    },
    /// The gateway refused.
    Declined(Decline),
    /// Nobody can tell whether it happened.
    Doubt(Doubt),
    /// The status could not be had.
    Status(StatusError),
    /// The status is about something else, or in words nobody knows.
    StatusWord(String),
    /// What a look at the gateway showed.
    Look(String),
}

/// Why a run broke off. The refund is as its journal says.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Halt {
    /// The journal did not do as asked. If the request had been fired, its outcome could not be recorded.
    #[error("{error}")]
    Journal {
        /// What it said.
        #[source]
        error: JournalError,
        /// What the gateway had answered by then; the journal does not hold it.
        unrecorded: Option<RefundOutcome>,
    },
    /// The record of the send could not be written: nothing was sent.
    #[error("{0}")]
    Arm(#[from] ArmError),
    /// The history holds bytes that cannot be read.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A person wanted what cannot be done now.
    #[error(transparent)]
    Misstep(#[from] Misstep),
    /// No provider is registered for the refund's account.
    #[error("no gateway is configured for {provider}, account {account}")]
    NoProvider {
        /// Which provider.
        provider: String,
        /// Which account.
        account: String,
    },
    /// The task that ran the refund died. The journal says how far it came.
    #[error("the refund's task ended early: {0}")]
    Task(String),
}

impl From<JournalError> for Halt {
    fn from(error: JournalError) -> Self {
        Self::Journal { error, unrecorded: None }
    }
}
