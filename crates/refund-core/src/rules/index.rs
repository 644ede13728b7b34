//! Finding the order's line for each line of a refund: the next one first, then by an index of positions.
//!
//! Refunds usually list lines in the order's own sequence, so nothing is built for them: the order is walked along, and
//! lines that do not come back are passed over. The first line that does not lie ahead makes an index. What is built can
//! be kept and used for the next refund, so that a shuffled one allocates nothing either.

use super::texts::{Key, Rising};
use crate::{AsLine, Line};
use foldhash::fast::FixedState;
use hashbrown::{HashTable, hash_table::Entry};
use std::{collections::BTreeSet, hash::BuildHasher};

/// The order's lines by position, and which of them stand in the refund.
///
/// The hash has a fixed seed: the same cart takes the same steps every time. Whoever could choose positions that collide
/// writes the order itself, and 10 000 of them cost a second at most.
#[derive(Debug, Default)]
pub(super) struct Index {
    lines: HashTable<u32>,
    state: State,
    /// For each line of the order, in which check it stood in a refund last.
    seen: Vec<u32>,
    check: u32,
}

/// What an index holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// An order that is no longer looked at.
    #[default]
    Stale,
    /// This order, every position once.
    Ready,
    /// This order, the first line of each position; another has the same.
    Shared,
}

impl Index {
    /// Begins another check. Nothing is cleared.
    pub(super) fn begin(&mut self) {
        self.state = State::Stale;
        self.begin_again();
    }

    /// Begins another walk along the same order.
    pub(super) fn begin_again(&mut self) {
        match self.check.checked_add(1) {
            Some(next) => self.check = next,
            None => {
                self.seen.fill(0);
                self.check = 1;
            }
        }
    }

    /// Indexes the order, if that is not done yet.
    pub(super) fn make(&mut self, order: &[Line]) {
        if self.state != State::Stale {
            return;
        }
        self.state = State::Ready;
        let hash = |at: &u32| hash(&order[*at as usize].position);
        self.lines.clear();
        self.lines.reserve(order.len(), hash);
        for (at, line) in (0_u32..).zip(order) {
            let same = |other: &u32| order[*other as usize].position == line.position;
            match self.lines.entry(hash(&at), same, hash) {
                Entry::Vacant(entry) => _ = entry.insert(at),
                Entry::Occupied(_) => self.state = State::Shared,
            }
        }
        if self.seen.len() < order.len() {
            self.seen.resize(order.len(), 0);
        }
    }

    /// Whether two lines of the order have one position. After [`Index::make`].
    pub(super) fn is_shared(&self) -> bool {
        self.state == State::Shared
    }

    /// The first line of the order with this position. After [`Index::make`].
    pub(super) fn get(&self, order: &[Line], position: &str) -> Option<usize> {
        let same = |at: &u32| order[*at as usize].position == position;
        self.lines.find(hash(position), same).map(|at| *at as usize)
    }

    fn mark(&mut self, at: usize) -> Again {
        match std::mem::replace(&mut self.seen[at], self.check) {
            before if before == self.check => Again::Yes,
            _ => Again::No,
        }
    }
}

pub(super) fn hash(text: &str) -> u64 {
    FixedState::with_seed(0x5265_6675_6e64).hash_one(text)
}

/// Whether a position stands in the refund for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    No,
    Yes,
}

/// A walk along the refund's lines and the order's.
#[derive(Debug)]
pub(super) struct Walk<'a, L> {
    asked: &'a [L],
    order: &'a [Line],
    next: usize,
    positions: Rising<'a>,
    /// Where one line did not lie ahead: the positions so far that the order does not have.
    unknown: Option<BTreeSet<&'a str>>,
}

impl<'a, L: AsLine> Walk<'a, L> {
    pub(super) fn new(asked: &'a [L], order: &'a [Line]) -> Self {
        Self { asked, order, next: 0, positions: Rising::new(), unknown: None }
    }

    /// The place of the order's line for the refund's line `at`; called for each line in turn.
    #[inline(always)]
    pub(super) fn find(&mut self, at: usize, key: Key, index: &mut Index) -> (Option<usize>, Again) {
        if self.unknown.is_none()
            && let Some(found) = self.ahead(self.asked[at].position(), key)
        {
            return (Some(found), Again::No);
        }
        self.look_up(at, index)
    }

    /// The order's next line, if it has this position. [`Walk::step`] goes on to it.
    #[inline(always)]
    pub(super) fn peek(&self, position: &str, wanted: Key) -> Option<&'a Line> {
        let sold = self.order.get(self.next)?;
        let same = Key::of(&sold.position).is_surely(wanted) || sold.position == position;
        (same && self.unknown.is_none()).then_some(sold)
    }

    /// Goes on to the line that was seen ahead, whose position has this key.
    #[inline(always)]
    pub(super) fn step(&mut self, sold: &'a Line, key: Key) {
        self.positions.see(&sold.position, key);
        self.next += 1;
    }

    #[inline(never)]
    fn ahead(&mut self, position: &str, wanted: Key) -> Option<usize> {
        while let Some(sold) = self.order.get(self.next) {
            let (at, key) = (self.next, Key::of(&sold.position));
            self.next += 1;
            self.positions.see(&sold.position, key);
            if key.is_surely(wanted) || (key == wanted && sold.position == position) {
                return Some(at);
            }
        }
        None
    }

    /// Looks every line up from here on, whatever lies ahead. At the beginning of a walk.
    pub(super) fn index(&mut self, index: &mut Index) {
        index.make(self.order);
        self.unknown = Some(BTreeSet::new());
    }

    #[inline(never)]
    fn look_up(&mut self, at: usize, index: &mut Index) -> (Option<usize>, Again) {
        let (asked, order) = (self.asked, self.order);
        if self.unknown.is_none() {
            index.make(order);
            for before in &asked[..at] {
                if let Some(found) = index.get(order, before.position()) {
                    index.mark(found);
                }
            }
        }
        let unknown = self.unknown.get_or_insert_default();
        let position = asked[at].position();
        match index.get(order, position) {
            Some(found) => (Some(found), index.mark(found)),
            None if unknown.insert(position) => (None, Again::No),
            None => (None, Again::Yes),
        }
    }

    /// Whether two lines of the order have one position; asked at the end of the walk.
    pub(super) fn shares(&mut self, index: &mut Index) -> bool {
        for sold in self.order.get(self.next..).unwrap_or_default() {
            self.positions.see(&sold.position, Key::of(&sold.position));
        }
        self.next = self.order.len();
        // Ascending positions are different ones.
        if self.positions.rises() {
            return false;
        }
        index.make(self.order);
        index.is_shared()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Quantity, RefundLine};
    use proptest::prelude::*;

    fn found(asked: &[RefundLine], order: &[Line], index: &mut Index) -> (Vec<(Option<usize>, Again)>, bool) {
        index.begin();
        let mut walk = Walk::new(asked, order);
        let each = |at| walk.find(at, Key::of(&asked[at].position), index);
        let each = (0..asked.len()).map(each).collect();
        (each, walk.shares(index))
    }

    proptest! {
        /// Against looking through everything, with an index that is used again and again.
        #[test]
        fn a_walk_finds_what_a_search_finds(
            carts in proptest::collection::vec(
                (proptest::collection::vec(0_u8..12, 0..12), proptest::collection::vec(0_u8..14, 0..12)), 1..4,
            ),
        ) {
            let mut index = Index::default();
            for (order, asked) in carts {
                let one = Quantity::from_thousandths(1_000);
                let order: Vec<_> = order.iter().map(|at| Line::new(at.to_string(), "n", one)).collect();
                let asked: Vec<_> = asked.iter().map(|at| RefundLine::new(at.to_string(), one)).collect();
                let (each, shares) = found(&asked, &order, &mut index);
                let twice = (0..order.len()).any(|at| order[..at].iter().any(|line| line.position == order[at].position));
                prop_assert_eq!(shares, twice);
                for (at, (place, again)) in each.into_iter().enumerate() {
                    let position = &asked[at].position;
                    let first = order.iter().position(|line| line.position == *position);
                    prop_assert_eq!(place.map(|at| &order[at].position), first.map(|_| position));
                    if !twice {
                        prop_assert_eq!(place, first);
                        let before = asked[..at].iter().any(|line| line.position == *position);
                        prop_assert_eq!(again == Again::Yes, before);
                    }
                }
            }
        }
    }

    #[test]
    fn the_count_of_checks_wraps() {
        let mut index = Index { check: u32::MAX - 1, ..Index::default() };
        let one = Quantity::from_thousandths(1_000);
        let order = [Line::new("1", "n", one), Line::new("2", "n", one)];
        let asked = ["2", "1", "2"].map(|position| RefundLine::new(position, one));
        let expected = vec![(Some(1), Again::No), (Some(0), Again::No), (Some(1), Again::Yes)];
        for _ in 0..3 {
            assert_eq!(found(&asked, &order, &mut index), (expected.clone(), false));
        }
        assert_eq!(index.check, 2);
    }
}
