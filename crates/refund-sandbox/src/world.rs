//! Everything one sandbox knows, behind one lock.
//!
//! The lock is never held across a wait: a call is decided in one go, so two refunds of one payment
//! can never interleave (GUESS: how the real gateways order them is not attested).

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::clock::Clock;
use crate::config::Mode;
use crate::faults::Script;
use crate::ledger::Ledger;
use crate::requests::Requests;
use crate::seeds;
use crate::switches::Switches;

/// The state of one sandbox.
pub(crate) struct World {
    pub(crate) mode: Mode,
    pub(crate) clock: Clock,
    pub(crate) switches: Switches,
    pub(crate) ledger: Ledger,
    pub(crate) script: Script,
    pub(crate) requests: Requests,
}

/// Whether a new or forgotten world gets the documents' own data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seeds {
    Sown,
    Bare,
}

impl World {
    pub(crate) fn new(mode: Mode, start: Timestamp) -> Self {
        let mut world = Self {
            mode,
            clock: Clock::starting_at(start),
            switches: Switches::preset(mode),
            ledger: Ledger::default(),
            script: Script::default(),
            requests: Requests::default(),
        };
        seeds::sow(&mut world);
        world
    }

    /// Forgets payments, refunds, faults, requests and switches, and turns the clock back to its
    /// first instant. The built-in shops stay: they are no data.
    pub(crate) fn reset(&mut self, seeds: Seeds) {
        self.clock.back_to_start();
        self.switches = Switches::preset(self.mode);
        self.ledger = Ledger::default();
        self.script.clear();
        self.requests = Requests::default();
        if seeds == Seeds::Sown {
            seeds::sow(self);
        }
    }

    /// Brings the ledger up to the clock.
    pub(crate) fn settle(&mut self) {
        self.ledger.settle(self.clock.now(), self.switches.robokassa.reservation);
    }
}

/// A world that connections share.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<World>>);

impl Shared {
    pub(crate) fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    /// Runs `act` with the world locked. A panic of an earlier holder does not stop the sandbox.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
