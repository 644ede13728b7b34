//! The invariants, and what a schedule broke.
//!
//! Each is checked at the events that can break it, from what those events change, so a check costs the same however long
//! the schedule is. Names that begin with D are promises 5, 6 and 8 of `docs/ARCHITECTURE.md`, section 8.

use std::fmt;

/// What must hold at every event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Invariant {
    /// A refund is in effect at the gateway at most once.
    I1,
    /// What is refunded of a payment never exceeds what was captured.
    I2,
    /// Settled means in effect.
    I3,
    /// Declined, withdrawn, cancelled or "did not happen" means not in effect, then and ever after.
    I4,
    /// What the journal claims of a payment never exceeds what was captured.
    I5,
    /// Every request that leaves has a durable armed record of its own, with its payload.
    I6,
    /// One refund of a payment is unresolved at a time.
    I7,
    /// A lineage has one key, and no other lineage has it.
    I8,
    /// The live state is the fold of the records.
    I9,
    /// What was acknowledged is there after a crash.
    I10,
    /// Once faults end, every refund becomes final in a bounded number of events.
    I12,
    /// A person's verdict counts only what was seen after the window.
    I14,
    /// What the gateway only refused is never reported as taken or done.
    I15,
    /// One intent has one request: neither planning it again nor sending it again changes the amount.
    D5,
    /// Who lost the lease writes nothing; a permit that is dead, or while another one lives, sends nothing; what may have
    /// been sent is sent again only where the gateway replays it or its balance forbids a second effect.
    D6,
    /// The receipt changes nothing of the money, the money nothing of the receipt.
    D8,
    /// Machine, driver and journal agree on what may follow what.
    Defect,
}

impl Invariant {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::I1,
        Self::I2,
        Self::I3,
        Self::I4,
        Self::I5,
        Self::I6,
        Self::I7,
        Self::I8,
        Self::I9,
        Self::I10,
        Self::I12,
        Self::I14,
        Self::I15,
        Self::D5,
        Self::D6,
        Self::D8,
        Self::Defect,
    ];

    /// The invariant of a word, as [`fmt::Display`] prints it.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.to_string() == word)
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A set of invariants.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Broken(u32);

impl Broken {
    /// The set of these.
    pub fn of(invariants: &[Invariant]) -> Self {
        invariants.iter().fold(Self::default(), |set, one| set.with(*one))
    }

    /// With one more.
    #[must_use]
    pub fn with(self, one: Invariant) -> Self {
        Self(self.0 | 1 << one as u8)
    }

    /// Everything of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in here and not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// True when nothing is in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True when it is in it.
    pub fn has(self, one: Invariant) -> bool {
        self.0 & 1 << one as u8 != 0
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> =
            Invariant::ALL.into_iter().filter(|one| self.has(*one)).map(|one| one.to_string()).collect();
        f.write_str(&names.join(" "))
    }
}

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
    }
}

/// What broke first, and everything that broke.
#[derive(Clone, Copy, Debug, Default)]
pub struct Verdict {
    /// Everything that broke.
    pub broken: Broken,
    /// The first, with the number of the event it broke at.
    pub first: Option<(Invariant, u32)>,
}

impl Verdict {
    #[cold]
    pub(crate) fn add(&mut self, invariant: Invariant, event: u32) {
        self.broken = self.broken.with(invariant);
        self.first = self.first.or(Some((invariant, event)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_was_put_in() {
        let set = Broken::of(&[Invariant::I1, Invariant::Defect]);
        assert!(set.has(Invariant::I1) && !set.has(Invariant::I2) && set.has(Invariant::Defect));
        assert_eq!(set.to_string(), "I1 Defect");
        assert_eq!(set.without(Broken::of(&[Invariant::I1])).to_string(), "Defect");
        assert!(Invariant::ALL.iter().all(|one| Invariant::parse(&one.to_string()) == Some(*one)));
    }
}
