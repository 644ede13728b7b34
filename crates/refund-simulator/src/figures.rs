//! What a run counts.

use crate::kind::Kind;

/// Counts of one tier or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Schedules played to their end.
    pub schedules: u64,
    /// Steps of the machine and events of the world.
    pub events: u64,
    /// Armed records.
    pub sends: u64,
    /// Armed records of a lineage that may have been sent before.
    pub resends: u64,
    /// Outcomes nobody could tell.
    pub unknowns: u64,
    /// Refunds that had to wait for a person.
    pub holds: u64,
    /// A person's decisions.
    pub decisions: u64,
    /// Writes that were refused because somebody else had taken over.
    pub overtaken: u64,
    /// Refunds in effect more than once.
    pub doubles: u64,
}

impl Figures {
    pub(crate) fn add(&mut self, _: Kind, events: u64) {
        self.schedules += 1;
        self.events += events;
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            schedules: self.schedules + other.schedules,
            events: self.events + other.events,
            sends: self.sends + other.sends,
            resends: self.resends + other.resends,
            unknowns: self.unknowns + other.unknowns,
            holds: self.holds + other.holds,
            decisions: self.decisions + other.decisions,
            overtaken: self.overtaken + other.overtaken,
            doubles: self.doubles + other.doubles,
        }
    }
}
