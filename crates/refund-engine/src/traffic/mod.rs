//! What one account of a gateway is asked to bear: how many calls at once, how many a second, and none that could have
//! an effect while too many of them end unknown.
//!
//! One `Gate` per account, shared by all runs of an engine. It holds nothing back between an armed record and the
//! send: every wait comes before. It must not know a gateway, a journal or a phase.

mod breaker;
mod feedback;
mod pace;

pub use breaker::{Breaker, Leave, Mode, Send};
pub use feedback::{Feedback, Limited, Metered};
pub use pace::Pace;

use crate::{Timer, metrics::Labels};
use refund_core::{Moment, Traffic};
use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What every call and every send of one account passes.
#[derive(Clone)]
pub(crate) struct Gate {
    at_once: Arc<Semaphore>,
    pace: Arc<Mutex<Pace>>,
    breaker: Arc<Mutex<Breaker>>,
    feedback: Feedback,
    pub(crate) labels: Labels,
}

/// Room for one call; given back when dropped.
pub(crate) struct Slot(#[expect(dead_code, reason = "held, never read")] OwnedSemaphorePermit);

/// Leave for one send. Dropped without a word it was no send.
pub(crate) struct Pass {
    send: Send,
    breaker: Option<Arc<Mutex<Breaker>>>,
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Some(breaker) = self.breaker.take() {
            locked(&breaker).not_sent(self.send);
        }
    }
}

impl Gate {
    pub(crate) fn new(traffic: Traffic, timer: Arc<dyn Timer>, feedback: Feedback, labels: Labels) -> Self {
        let burst = u32::try_from(traffic.at_once).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
        Self {
            at_once: Arc::new(Semaphore::new(traffic.at_once.clamp(1, Semaphore::MAX_PERMITS))),
            pace: Arc::new(Mutex::new(Pace::new(traffic.every, burst, timer))),
            breaker: Arc::default(),
            feedback,
            labels,
        }
    }

    /// One of the calls that may be under way at once.
    pub(crate) async fn slot(&self) -> Slot {
        let permit = Arc::clone(&self.at_once).acquire_owned().await;
        Slot(permit.expect("nobody closes it"))
    }

    /// Takes the right to one call, or says from when on to ask again.
    pub(crate) fn turn(&self, now: Moment) -> Result<(), Moment> {
        locked(&self.pace).take(now)
    }

    /// A call came back: what its transport saw, and whether its own answer was "too many".
    pub(crate) fn answered(&self, now: Moment, too_many: TooMany) {
        let seen = self.feedback.take();
        let limited = match (seen, too_many) {
            (Some(limited), _) => Some(limited),
            (None, TooMany::Said) => Some(Limited { retry_after: None }),
            (None, TooMany::NotSaid) => None,
        };
        let mut pace = locked(&self.pace);
        match limited {
            Some(limited) => pace.limited(now, limited.retry_after),
            None => pace.answered(),
        }
        self.labels.rate_share(pace.share());
    }

    /// Whether something may be sent.
    pub(crate) fn leave(&self, now: Moment) -> Leave {
        locked(&self.breaker).ask(now)
    }

    /// Takes the leave for one send.
    ///
    /// # Errors
    /// Why there is none, now.
    pub(crate) fn pass(&self, now: Moment) -> Result<Pass, Leave> {
        let send = locked(&self.breaker).begin(now)?;
        Ok(Pass { send, breaker: Some(Arc::clone(&self.breaker)) })
    }

    /// What came of a send. Answers the end of the pause if this was one unknown too many.
    pub(crate) fn sent(&self, mut pass: Pass, came: Came, now: Moment) -> Option<Moment> {
        pass.breaker = None;
        let mut breaker = locked(&self.breaker);
        let tripped = breaker.sent(pass.send, came, now);
        self.labels.ambiguity(breaker.share_unknown());
        self.labels.breaker(breaker.mode());
        tripped
    }

    /// A read came back: on the way back to sending it is what decides.
    pub(crate) fn read(&self, came: Read, now: Moment) {
        let mut breaker = locked(&self.breaker);
        breaker.read(came, now);
        self.labels.breaker(breaker.mode());
    }

    pub(crate) fn mode(&self) -> Mode {
        locked(&self.breaker).mode()
    }
}

/// What came of a send, as far as the breaker cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// There is an answer, whichever.
    Known,
    /// Nobody can tell.
    Unknown,
}

/// What came of a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// The gateway answered.
    Answered,
    /// It did not.
    Failed,
}

/// Whether an answer was "too many requests".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooMany {
    Said,
    NotSaid,
}

/// A panic of another task leaves whole values behind.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
