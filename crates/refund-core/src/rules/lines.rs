//! One pass over the refund's lines: each is joined with the order's line and handed to the rules of single lines.
//!
//! Refunds usually list lines in the order's own sequence, so the next line of the order is tried first; only a line
//! that is not there builds an index. Nothing is allocated when nothing is wrong and the sequence is kept.

use super::{
    Violation, cart_amount_remaining, cart_formats, cart_line_in_order, cart_one_currency,
    cart_positions_unique, cart_price_times_quantity, cart_quantity_remaining,
    facts::{Facts, Taken},
};
use crate::{Line, RefundLine};
use std::collections::{BTreeMap, BTreeSet};

/// How many left-out lines are skipped before an index is built.
const SKIP_MAX: usize = 8;

/// One line of the refund with what the rules compare it with.
pub(super) struct Joined<'a> {
    pub(super) index: usize,
    pub(super) asked: &'a RefundLine,
    pub(super) sold: Option<&'a Line>,
    pub(super) taken: Taken,
    /// The line's money in minor units, where it is told.
    pub(super) amount: Option<i64>,
}

impl Joined<'_> {
    /// `lines[3].quantity`
    pub(super) fn path(&self, field: &str) -> String {
        format!("lines[{}].{field}", self.index)
    }
}

/// Checks every line and answers the cart's total in minor units; `None` without a cart, or when the total is not
/// known or overflows.
pub(super) fn check(facts: &Facts<'_>, found: &mut Vec<Violation>) -> Option<i64> {
    let lines = facts.lines()?;
    let sold = facts.sold().unwrap_or_default();
    found.extend(cart_formats::count(facts, lines.len()));
    let earlier = !facts.prior.lines.is_empty();
    let (mut finder, mut total) = (Finder::new(lines, sold), Some(0_i64));
    for (index, asked) in lines.iter().enumerate() {
        let (sold, again) = finder.find(index);
        let amount = asked.total(sold).map(|money| money.minor());
        let taken = if earlier { facts.taken(&asked.position) } else { Taken::default() };
        let joined = Joined { index, asked, sold, taken, amount };
        cart_formats::check(facts, &joined, found);
        cart_positions_unique::check(again, &joined, found);
        cart_one_currency::check(facts, &joined, found);
        cart_line_in_order::check(facts, &joined, found);
        cart_quantity_remaining::check(facts, &joined, found);
        cart_amount_remaining::check(facts, &joined, found);
        cart_price_times_quantity::check(facts, &joined, found);
        total = total.zip(amount).and_then(|(sum, amount)| sum.checked_add(amount));
    }
    total
}

/// Whether a position stands in the refund for the first time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    No,
    Yes,
}

/// Finds order lines by position: the next one first, then by index.
struct Finder<'a> {
    asked: &'a [RefundLine],
    sold: &'a [Line],
    next: usize,
    /// Built only when the sequence is not the order's.
    index: Option<Index<'a>>,
}

struct Index<'a> {
    by_position: BTreeMap<&'a str, &'a Line>,
    seen: BTreeSet<&'a str>,
}

impl<'a> Finder<'a> {
    fn new(asked: &'a [RefundLine], sold: &'a [Line]) -> Self {
        Self { asked, sold, next: 0, index: None }
    }

    /// The order's line for the refund's line `at`; called for each line in turn.
    fn find(&mut self, at: usize) -> (Option<&'a Line>, Again) {
        let position = self.asked[at].position.as_str();
        if self.index.is_none() {
            // Left-out lines keep the sequence; a few are skipped without an index.
            let ahead = self.sold.get(self.next..).unwrap_or_default();
            if let Some(skip) = ahead.iter().take(SKIP_MAX).position(|line| line.position == position) {
                self.next += skip + 1;
                return (ahead.get(skip), Again::No);
            }
        }
        let (asked, sold) = (self.asked, self.sold);
        let index = self.index.get_or_insert_with(|| Index::new(&asked[..at], sold));
        let again = if index.seen.insert(position) { Again::No } else { Again::Yes };
        (index.by_position.get(position).copied(), again)
    }
}

impl<'a> Index<'a> {
    fn new(before: &'a [RefundLine], sold: &'a [Line]) -> Self {
        let mut by_position = BTreeMap::new();
        for line in sold {
            by_position.entry(line.position.as_str()).or_insert(line);
        }
        Self { by_position, seen: before.iter().map(|line| line.position.as_str()).collect() }
    }
}
