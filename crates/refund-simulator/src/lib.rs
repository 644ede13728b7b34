//! Drives the real machine of one refund (`refund_engine::machine`) through millions of seeded schedules.
//!
//! Everything around the machine is pretended, to the rules the real parts keep: a journal with leases, fences and
//! transactions, two workers on machines that crash, sleep and reboot, a gateway of every tier that loses, delays and
//! repeats, people who are honest and people who refund behind our back. After every event the invariants of [`Invariant`]
//! are checked. A schedule is its seed: the same seed plays the same events, byte for byte, on every machine.
//!
//! [`Mutant`]s break one rule each; that each is caught, and by the invariants that are about it, shows that the simulator
//! sees what it should. What it cannot show is what it assumes: the gateway keeps its balance atomically (G1), nothing takes
//! effect after the window (G2), the disk keeps what it acknowledged (G3), no process stalls between its last look at a
//! deadline and its write (G4), nobody cancels in the cabinet what a person or evidence has found done, and a person who
//! decides after the window reads the cabinet right.
//!
//! Held elsewhere: I11 (the chain of hashes) by the journal's tests (`refund-journal`), I13 (no secret in any output) by the
//! tests of providers, transport and desk, the last part of D5 (naming the field that differs) by the suite every
//! journal passes.
#![deny(missing_docs)]

mod catalogue;
mod dice;
mod figures;
mod hunt;
mod judge;
mod kind;
mod ledger;
mod mutant;
mod obey;
mod people;
mod run;
mod store;
mod wire;
mod worker;
mod world;

pub use catalogue::{Catalogue, Row};
pub use dice::Dice;
pub use figures::Figures;
pub use hunt::Hunt;
pub use judge::{Broken, Invariant, Verdict};
pub use kind::Kind;
pub use mutant::Mutant;
pub use run::{Order, Played, Violation, run};

pub use world::HARD;

use world::World;

/// Plays schedules one after another, as fast as it can: nothing is told, nothing is broken on purpose.
pub struct Simulator(Box<World<false>>);

impl Simulator {
    /// A simulator with empty tables.
    pub fn new() -> Self {
        Self(Box::new(World::new(Mutant::None)))
    }

    /// Plays one schedule.
    pub fn play(&mut self, kind: Kind, seed: u64) -> Verdict {
        self.0.play(kind, seed)
    }

    /// What was counted since the last call.
    pub fn take_figures(&mut self) -> Figures {
        std::mem::take(&mut self.0.figures)
    }
}

impl Default for Simulator {
    fn default() -> Self {
        Self::new()
    }
}

/// Plays schedules of a mutant, or of nothing broken, and can tell their story.
pub struct Laboratory(Box<World<true>>);

impl Laboratory {
    /// A laboratory for this mutant.
    pub fn new(mutant: Mutant) -> Self {
        Self(Box::new(World::new(mutant)))
    }

    /// Plays one schedule.
    pub fn play(&mut self, kind: Kind, seed: u64) -> Verdict {
        self.0.story = None;
        self.0.play(kind, seed)
    }

    /// Plays one schedule and tells its story, a line for everything that happens.
    pub fn tell(&mut self, kind: Kind, seed: u64) -> (Verdict, String) {
        self.0.story = Some(String::new());
        let verdict = self.0.play(kind, seed);
        (verdict, self.0.story.take().unwrap_or_default())
    }

    /// What was counted since the last call.
    pub fn take_figures(&mut self) -> Figures {
        std::mem::take(&mut self.0.figures)
    }
}
