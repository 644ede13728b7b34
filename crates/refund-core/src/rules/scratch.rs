//! What a check writes down on the way and the next one can use again: the index, sums per line, codes.
//!
//! Nothing in here outlives a check in meaning, only in memory.

use super::{
    index::{Index, Walk, hash},
    taken::{Sums, Taken},
    texts::{Key, Rising},
};
use crate::{AsLine, Line, Prior};
use hashbrown::{HashTable, hash_table::Entry};

#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) index: Index,
    /// What earlier refunds took of each line of the order; empty where there were none.
    taken: Vec<Sums>,
    /// Places in the order of lines whose codes were seen.
    codes: HashTable<u32>,
}

impl Scratch {
    /// Begins another check.
    pub(super) fn begin(&mut self, order: &[Line], prior: &Prior) {
        self.index.begin();
        self.taken.clear();
        if prior.lines.is_empty() {
            return;
        }
        self.index.make(order);
        self.taken.resize(order.len(), Sums::default());
        for used in &prior.lines {
            if let Some(place) = self.index.get(order, &used.position) {
                self.taken[place].add(used);
            }
        }
    }

    /// Whether sums per line cannot be told, because two lines of the order have one position.
    pub(super) fn doubtful(&self) -> bool {
        !self.taken.is_empty() && self.index.is_shared()
    }

    /// Whether earlier refunds took anything, as far as the journal knows.
    pub(super) fn has_taken(&self) -> bool {
        !self.taken.is_empty()
    }

    /// What earlier refunds took of the order's line at this place, where the journal knows of any.
    #[inline(always)]
    pub(super) fn taken(&self, place: usize, sold: &Line) -> Option<Taken> {
        self.taken.get(place).map(|sums| sums.with_shown(sold))
    }

    /// Whether the codes of what comes back are all different, once every line was found in the order, each once.
    #[inline(never)]
    pub(super) fn codes_differ<L: AsLine>(&mut self, lines: &[L], order: &[Line]) -> bool {
        let codes = || order.iter().filter_map(|line| line.code.as_deref());
        let mut rising = Rising::new();
        codes().for_each(|code| rising.see(code, Key::of(code)));
        if rising.rises() {
            return true;
        }
        let code = |at: &u32| order[*at as usize].code.as_deref().unwrap_or_default();
        self.codes.clear();
        self.codes.reserve(lines.len(), |at| hash(code(at)));
        self.index.begin_again();
        let mut walk = Walk::new(lines, order);
        for (at, line) in lines.iter().enumerate() {
            let place = walk.find(at, Key::of(line.position()), &mut self.index).0;
            let Some(place) = place.filter(|place| order[*place].code.is_some()) else { continue };
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            let same = |other: &u32| code(other) == code(&place);
            match self.codes.entry(hash(code(&place)), same, |at| hash(code(at))) {
                Entry::Vacant(entry) => _ = entry.insert(place),
                Entry::Occupied(_) => return false,
            }
        }
        true
    }
}
