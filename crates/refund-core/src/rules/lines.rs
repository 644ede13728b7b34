//! One pass over the refund's lines: each is joined with the order's line and handed to the rules of single lines.
//!
//! Refunds usually list lines in the order's own sequence, so the next line of the order is tried first; only a line
//! that is not there builds an index. Nothing is allocated when nothing is wrong, the sequence is kept, positions and
//! codes ascend, and nothing was refunded before.

use super::{
    CoreRule, Findings, cart_amount_remaining, cart_codes_unique, cart_countable, cart_formats,
    cart_line_in_order, cart_line_positive, cart_measure_in_order, cart_one_currency, cart_positions_unique,
    cart_price_times_quantity, cart_quantity_remaining, order_positions_unique,
    taken::{Taken, TakenIndex},
    view::View,
};
use crate::{Currency, Line, Money, Quantity, RefundLine, outcome::sanitize};
use std::collections::{BTreeMap, BTreeSet};

/// How many left-out lines are skipped before an index is built.
const SKIP_MAX: usize = 8;

/// One line of the refund with what the rules compare it with.
#[derive(Clone, Copy, Debug)]
pub struct JoinedLine<'a> {
    pub(super) index: usize,
    pub(super) asked: &'a RefundLine,
    pub(super) sold: Option<&'a Line>,
    pub(super) taken: Taken,
    /// The line's money in minor units, where it is told.
    pub(super) minor: Option<i64>,
    pub(super) again: Again,
    currency: Currency,
}

impl<'a> JoinedLine<'a> {
    /// Its place in the refund, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The line as it was asked.
    pub fn asked(&self) -> &'a RefundLine {
        self.asked
    }

    /// The order's line at that position; `None` where the order has none or is not known.
    pub fn sold(&self) -> Option<&'a Line> {
        self.sold
    }

    /// The money that would go back for it: as written, else price × quantity. `None` when nothing tells it or it
    /// overflows. In the payment's currency.
    pub fn amount(&self) -> Option<Money> {
        self.minor.map(|minor| Money::new(minor, self.currency))
    }

    /// How much of the line is left after earlier refunds, by gateway and journal; never below zero.
    pub fn quantity_left(&self) -> Option<Quantity> {
        let sold = self.sold?.quantity.thousandths();
        Some(Quantity::from_thousandths(sold.saturating_sub(self.taken.quantity).max(0)))
    }

    /// How much of the line's money is left; never below zero. `None` where the order does not tell its price.
    pub fn amount_left(&self) -> Option<Money> {
        let paid = self.sold?.total()?.minor();
        Some(Money::new(paid.saturating_sub(self.taken.amount).max(0), self.currency))
    }

    /// The position, for people.
    pub(super) fn shown_position(&self) -> String {
        sanitize(&self.asked.position, 40)
    }

    /// The place of one of its fields: `lines[3].quantity`.
    pub fn path(&self, field: &str) -> String {
        format!("lines[{}].{field}", self.index)
    }
}

/// Checks every line and answers the cart's total in minor units; `None` without a cart, or when the total is not
/// known or overflows.
pub(super) fn check(view: &View<'_>, found: &mut Findings) -> Option<i64> {
    let lines = view.wished()?;
    if view.binds(CoreRule::CartFormats) {
        cart_formats::count(view, lines.len(), found);
    }
    let shared = order_positions_unique::shared(view.order().unwrap_or_default());
    let mut codes = cart_codes_unique::Codes::default();
    let mut total = Total::Sum(0);
    let lines = Joiner::new(view);
    for line in if shared.is_empty() { lines } else { lines.indexed() } {
        single(view, &line, found);
        order_positions_unique::check(&shared, &line, found);
        codes.see(&line);
        total = total.add(line.minor);
    }
    if view.binds(CoreRule::CartCodesUnique) {
        cart_codes_unique::check(view, codes, found);
    }
    cart_countable::total(total, found);
    match total {
        Total::Sum(sum) => Some(sum),
        Total::Unknown | Total::TooLarge => None,
    }
}

/// The rules that look at one line.
fn single(view: &View<'_>, line: &JoinedLine<'_>, found: &mut Findings) {
    if view.binds(CoreRule::CartFormats) {
        cart_formats::check(view, line, found);
    }
    cart_line_positive::check(line, found);
    cart_countable::check(line, found);
    cart_positions_unique::check(line, found);
    cart_one_currency::check(view, line, found);
    cart_line_in_order::check(view, line, found);
    if view.binds(CoreRule::CartMeasureInOrder) {
        cart_measure_in_order::check(line, found);
    }
    if view.binds(CoreRule::CartQuantityRemaining) {
        cart_quantity_remaining::check(view, line, found);
    }
    if view.binds(CoreRule::CartAmountRemaining) {
        cart_amount_remaining::check(view, line, found);
    }
    if view.binds(CoreRule::CartPriceTimesQuantity) {
        cart_price_times_quantity::check(line, found);
    }
}

/// The cart's total so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Total {
    /// In minor units.
    Sum(i64),
    /// A line does not tell its money; that is told of the line.
    Unknown,
    /// Every line tells its money, and the sum does not fit 64 bits.
    TooLarge,
}

impl Total {
    fn add(self, minor: Option<i64>) -> Self {
        match (self, minor) {
            (_, None) | (Self::Unknown, _) => Self::Unknown,
            (Self::TooLarge, _) => Self::TooLarge,
            (Self::Sum(sum), Some(minor)) => sum.checked_add(minor).map_or(Self::TooLarge, Self::Sum),
        }
    }
}

/// Whether a position stands in the refund for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    No,
    Yes,
}

/// The refund's lines in turn, each joined.
pub(super) struct Joiner<'v, 'a> {
    finder: Finder<'a>,
    taken: &'v TakenIndex<'a>,
    currency: Currency,
    at: usize,
}

impl<'v, 'a> Joiner<'v, 'a> {
    pub(super) fn new(view: &'v View<'a>) -> Self {
        let finder = Finder::new(view.wished().unwrap_or_default(), view.order().unwrap_or_default());
        Self { finder, taken: view.taken(), currency: view.currency(), at: 0 }
    }

    /// Not by sequence: an order that has a position twice would hide that the refund has it twice too.
    fn indexed(mut self) -> Self {
        self.finder.index = Some(Index::new(&[], self.finder.sold));
        self
    }
}

impl<'a> Iterator for Joiner<'_, 'a> {
    type Item = JoinedLine<'a>;

    fn next(&mut self) -> Option<JoinedLine<'a>> {
        let index = self.at;
        let asked = self.finder.asked.get(index)?;
        self.at += 1;
        let (sold, again) = self.finder.find(index);
        let taken = sold.map(|sold| self.taken.of(sold)).unwrap_or_default();
        let minor = asked.total(sold).map(Money::minor);
        Some(JoinedLine { index, asked, sold, taken, minor, again, currency: self.currency })
    }
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
