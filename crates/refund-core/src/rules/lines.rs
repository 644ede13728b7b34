//! One pass over the refund's lines: each is joined with the order's line; the screen lets through what is surely right,
//! the rest is handed to the rules of single lines.
//!
//! Nothing is allocated when nothing is wrong, the sequence is kept, codes ascend, and nothing was refunded before; with
//! a [`super::Checker`] that was used before, nothing is allocated whatever the sequence.

use super::{
    CoreRule, Findings, cart_amount_remaining, cart_codes_unique, cart_countable, cart_formats,
    cart_line_in_order, cart_line_positive, cart_measure_in_order, cart_one_currency, cart_positions_unique,
    cart_price_times_quantity, cart_quantity_remaining,
    index::{Again, Index, Walk},
    order_positions_unique,
    scratch::Scratch,
    screen::Screen,
    taken::Taken,
    texts::{Key, Rising},
    view::View,
};
use crate::{AsLine, Currency, Line, Money, Quantity, RefundLine, outcome::sanitize};

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
pub(super) fn check(view: &View<'_>, scratch: &mut Scratch, found: &mut Findings) -> Option<i64> {
    let screen = Screen::new(view.policy, view.currency());
    check_screened(view, Some(&screen), scratch, found)
}

/// The same; without a screen every line is handed to the rules.
pub(super) fn check_screened(
    view: &View<'_>,
    screen: Option<&Screen>,
    scratch: &mut Scratch,
    found: &mut Findings,
) -> Option<i64> {
    let lines = view.wished()?;
    if view.binds(CoreRule::CartFormats) {
        cart_formats::count(view, lines.len(), found);
    }
    let (mut total, before) = (Total::Sum(0), found.count());
    let mut pass = pass(view, lines, screen, scratch, |line| {
        let minor = match line {
            Looked::Right(minor) => Some(minor),
            Looked::Closer { index, sold, again } => {
                let line = JoinedLine::new(view, index, &lines[index], sold, again);
                single(view, &line, found);
                line.minor
            }
        };
        total = total.add(minor);
        Go::On
    });
    if pass.positions == Unique::No {
        // Not by sequence: an order that has a position twice would hide that the refund has it twice too.
        found.forget(before);
        let shared = order_positions_unique::shared(view.order().unwrap_or_default());
        (total, pass.codes) = (Total::Sum(0), Unique::No);
        for line in Joiner::new(view).indexed() {
            single(view, &line, found);
            order_positions_unique::check(&shared, &line, found);
            total = total.add(line.minor);
        }
    }
    if pass.codes == Unique::No && view.binds(CoreRule::CartCodesUnique) {
        cart_codes_unique::check(view, found);
    }
    cart_countable::total(total, found);
    match total {
        Total::Sum(sum) => Some(sum),
        Total::Unknown | Total::TooLarge => None,
    }
}

/// The total of lines that are surely right, all of them; `None` when the rules must look.
pub(super) fn surely<L: AsLine>(view: &View<'_>, lines: &[L], scratch: &mut Scratch) -> Option<i64> {
    if lines.is_empty() || lines.len() > view.policy.lines_max {
        return None;
    }
    let screen = Screen::new(view.policy, view.currency());
    let mut total = Some(0_i64);
    let pass = pass(view, lines, Some(&screen), scratch, |line| {
        total = match (line, total) {
            (Looked::Right(minor), Some(sum)) => sum.checked_add(minor),
            _ => None,
        };
        if total.is_some() { Go::On } else { Go::Back }
    });
    total.filter(|_| pass.positions == Unique::Yes && pass.codes == Unique::Yes)
}

/// What a pass makes of a line.
enum Looked<'a> {
    /// Nothing is wrong with it or with several, and this is their money.
    Right(i64),
    /// The rules must look.
    Closer { index: usize, sold: Option<&'a Line>, again: Again },
}

/// Whether the rest of the lines is of interest.
enum Go {
    On,
    Back,
}

/// What a pass over all lines tells of the cart.
struct Pass {
    /// Of the order.
    positions: Unique,
    /// Of what comes back.
    codes: Unique,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unique {
    Yes,
    /// Or not surely.
    No,
}

/// Looks at each line in turn.
#[inline(always)]
fn pass<'a: 'l, 'l, L: AsLine>(
    view: &View<'a>,
    lines: &'l [L],
    screen: Option<&Screen>,
    scratch: &mut Scratch,
    mut each: impl FnMut(Looked<'a>) -> Go,
) -> Pass {
    let order = view.order().unwrap_or_default();
    scratch.begin(order, view.prior);
    let screen = screen.filter(|_| !scratch.doubtful());
    let mut walk = Walk::new(lines, order);
    let (mut codes, mut every) = (Rising::new(), Every::Right);
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let position = Key::of(line.position());
        if let (Some(screen), false) = (screen, scratch.has_taken()) {
            let (count, sum) = run(screen, lines.get(index..).unwrap_or_default(), &mut walk, &mut codes);
            if count > 0 {
                index += count;
                if let Go::Back = each(Looked::Right(sum)) {
                    return Pass { positions: Unique::No, codes: Unique::No };
                }
                continue;
            }
        }
        let (place, again) = walk.find(index, position, &mut scratch.index);
        let sold = place.and_then(|place| Some((place, order.get(place)?)));
        let minor = match (sold, screen, again) {
            (Some((place, sold)), Some(screen), Again::No) => {
                screen.right(line, position, sold, scratch.taken(place, sold), &mut codes)
            }
            _ => None,
        };
        let looked = match minor {
            Some(minor) => Looked::Right(minor),
            None => {
                every = Every::Closer;
                // The code that would be sent, as the rule has it.
                if let Some(code) = sold.map_or(line.code(), |(_, sold)| sold.code.as_deref()) {
                    codes.see(code, Key::of(code));
                }
                Looked::Closer { index, sold: sold.map(|(_, sold)| sold), again }
            }
        };
        if let Go::Back = each(looked) {
            return Pass { positions: Unique::No, codes: Unique::No };
        }
        index += 1;
    }
    let positions = if walk.shares(&mut scratch.index) { Unique::No } else { Unique::Yes };
    let codes = match (view.binds(CoreRule::CartCodesUnique), every) {
        (false, _) => Unique::Yes,
        (true, _) if codes.rises() => Unique::Yes,
        (true, Every::Right) if scratch.codes_differ(lines, order) => Unique::Yes,
        (true, _) => Unique::No,
    };
    Pass { positions, codes }
}

/// As many lines as are surely right and stand in the order's own sequence, and what they total; none of them when that
/// is too large. This is where nearly all the time goes.
#[inline(never)]
fn run<'a, L: AsLine>(
    screen: &Screen,
    lines: &[L],
    walk: &mut Walk<'a, L>,
    codes: &mut Rising<'a>,
) -> (usize, i64) {
    let (mut count, mut sum) = (0, 0_i64);
    for line in lines {
        let position = Key::of(line.position());
        let Some(sold) = walk.peek(line.position(), position) else { break };
        let minor = screen.right(line, position, sold, None, codes);
        let Some(total) = minor.and_then(|minor| sum.checked_add(minor)) else { break };
        walk.step(sold, position);
        (count, sum) = (count + 1, total);
    }
    (count, sum)
}

/// Whether every line passed the screen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Every {
    Right,
    Closer,
}

/// The rules that look at one line.
#[inline(never)]
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

impl<'a> JoinedLine<'a> {
    fn new(
        view: &View<'a>,
        index: usize,
        asked: &'a RefundLine,
        sold: Option<&'a Line>,
        again: Again,
    ) -> Self {
        let taken = sold.map(|sold| view.taken().of(sold)).unwrap_or_default();
        let minor = asked.total(sold).map(Money::minor);
        Self { index, asked, sold, taken, minor, again, currency: view.currency() }
    }
}

/// The refund's lines in turn, each joined.
pub(super) struct Joiner<'v, 'a> {
    view: &'v View<'a>,
    walk: Walk<'a, RefundLine>,
    index: Index,
    lines: &'a [RefundLine],
    at: usize,
}

impl<'v, 'a> Joiner<'v, 'a> {
    pub(super) fn new(view: &'v View<'a>) -> Self {
        let lines = view.wished().unwrap_or_default();
        let walk = Walk::new(lines, view.order().unwrap_or_default());
        let mut index = Index::default();
        index.begin();
        Self { view, walk, index, lines, at: 0 }
    }

    fn indexed(mut self) -> Self {
        self.walk.index(&mut self.index);
        self
    }
}

impl<'a> Iterator for Joiner<'_, 'a> {
    type Item = JoinedLine<'a>;

    fn next(&mut self) -> Option<JoinedLine<'a>> {
        let index = self.at;
        let asked = self.lines.get(index)?;
        self.at += 1;
        let (place, again) = self.walk.find(index, Key::of(&asked.position), &mut self.index);
        let sold = place.and_then(|place| self.view.order()?.get(place));
        Some(JoinedLine::new(self.view, index, asked, sold, again))
    }
}
