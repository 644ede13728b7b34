//! Leaving in good order: nothing new is armed, what is under way ends, and somebody can wait for that.
//!
//! It must not know what a run does.

use crate::Timer;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// The engine's word that it is time to leave, and the runs that are still under way. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Stopper {
    asked: Arc<watch::Sender<bool>>,
    runs: Arc<watch::Sender<usize>>,
    left: Arc<AtomicUsize>,
}

/// A run under way; dropped when it ends.
pub(crate) struct UnderWay(Arc<watch::Sender<usize>>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.send_modify(|runs| *runs -= 1);
    }
}

/// Whether everything ended in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// Nothing is under way.
    All,
    /// So many runs are; their refunds are as the journal says.
    StillRunning(usize),
}

impl Stopper {
    pub(crate) fn new() -> Self {
        Self {
            asked: Arc::new(watch::Sender::new(false)),
            runs: Arc::new(watch::Sender::new(0)),
            left: Arc::default(),
        }
    }

    /// A run ended because of it.
    pub(crate) fn leave(&self) {
        self.left.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn left(&self) -> usize {
        self.left.load(Ordering::SeqCst)
    }

    pub(crate) fn ask(&self) {
        self.asked.send_replace(true);
    }

    pub(crate) fn asked(&self) -> bool {
        *self.asked.borrow()
    }

    /// Returns when it is time to leave.
    pub(crate) async fn when_asked(&self) {
        let mut asked = self.asked.subscribe();
        // The sender is here: it cannot be gone.
        let _ = asked.wait_for(|asked| *asked).await;
    }

    pub(crate) fn under_way(&self) -> UnderWay {
        self.runs.send_modify(|runs| *runs += 1);
        UnderWay(Arc::clone(&self.runs))
    }

    pub(crate) async fn drained(&self, timer: &dyn Timer, limit: Duration) -> Drained {
        let mut runs = self.runs.subscribe();
        let until = timer.now().after(limit);
        tokio::select! {
            biased;
            _ = runs.wait_for(|runs| *runs == 0) => Drained::All,
            () = timer.wait_until(until) => Drained::StillRunning(*self.runs.borrow()),
        }
    }
}
