//! Everything one sandbox knows, behind one lock.
//!
//! The lock is never held across a wait: a call is decided in one go, so two refunds of one payment
//! can never interleave (GUESS: how the real gateways order them is not attested).

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::callbacks::{Copies, Outbox};
use crate::chaos::Chaos;
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
    pub(crate) outbox: Outbox,
    /// The mix in force, if there is one.
    pub(crate) chaos: Option<Chaos>,
    /// The seed the sandbox was started with.
    born_with: Option<u64>,
}

/// Whether a new or forgotten world gets the documents' own data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seeds {
    Sown,
    Bare,
}

impl World {
    pub(crate) fn new(mode: Mode, start: Timestamp, chaos: Option<u64>) -> Self {
        let mut world = Self {
            mode,
            clock: Clock::starting_at(start),
            switches: Switches::preset(mode),
            ledger: Ledger::default(),
            script: Script::default(),
            requests: Requests::default(),
            outbox: Outbox::default(),
            chaos: chaos.map(Chaos::seeded),
            born_with: chaos,
        };
        seeds::sow(&mut world);
        world
    }

    /// Forgets payments, refunds, faults, requests, callbacks and switches, turns the clock back to its
    /// first instant and begins the chaos it was started with anew, if there was one. The built-in shops
    /// stay: they are no data.
    pub(crate) fn reset(&mut self, seeds: Seeds) {
        self.clock.back_to_start();
        self.switches = Switches::preset(self.mode);
        self.ledger = Ledger::default();
        self.script.clear();
        self.requests = Requests::default();
        self.outbox.forget();
        self.chaos = self.born_with.map(Chaos::seeded);
        if seeds == Seeds::Sown {
            seeds::sow(self);
        }
    }

    /// Brings the ledger up to the clock.
    pub(crate) fn settle(&mut self) {
        self.ledger.settle(self.clock.now(), self.switches.robokassa.reservation);
    }

    /// Writes the callbacks of everything that has happened since the last time.
    pub(crate) fn post(&mut self, copies: Copies) {
        let news = self.ledger.take_news();
        self.outbox.post(news, copies, self.clock.now(), &self.switches.sber);
    }
}

/// A world that connections share.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Inner>);

struct Inner {
    world: Mutex<World>,
    /// Rung when a callback may be due.
    bell: Notify,
}

impl Shared {
    pub(crate) fn new(world: World) -> Self {
        Self(Arc::new(Inner { world: Mutex::new(world), bell: Notify::new() }))
    }

    /// Runs `act` with the world locked. A panic of an earlier holder does not stop the sandbox.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.0.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Wakes the courier if a callback is due.
    pub(crate) fn ring(&self) {
        if self.with(|world| world.outbox.is_due(world.clock.now())) {
            self.0.bell.notify_one();
        }
    }

    /// Waits until it is rung; a ring that came before counts.
    pub(crate) async fn rung(&self) {
        self.0.bell.notified().await;
    }
}
