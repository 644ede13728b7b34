//! What is left of each line of an order after earlier refunds.

use super::{divide::Part, refusal as why, refusal::Unallocatable, share::half_up};
use crate::{Cart, Currency, Line, Money, Quantity, UsedLine, cart::extend};
use std::collections::BTreeMap;

/// An order whose lines can be counted: positions once, money told, one currency.
pub(super) struct Book<'a> {
    pub(super) currency: Currency,
    lines: Vec<Left<'a>>,
    by_position: BTreeMap<&'a str, usize>,
}

/// A line with what is left of it.
#[derive(Clone, Copy)]
pub(super) struct Left<'a> {
    pub(super) sold: &'a Line,
    pub(super) index: usize,
    /// What was paid for all of it.
    paid: Money,
    /// In thousandths, not below zero.
    pub(super) quantity: i64,
    /// In minor units, not below zero.
    pub(super) money: i64,
}

impl<'a> Book<'a> {
    pub(super) fn of(order: &'a Cart, used: &[UsedLine]) -> Result<Self, Unallocatable> {
        let first = order.lines.first().ok_or_else(why::no_order)?;
        let currency = first.total().ok_or_else(|| why::order_line(first))?.currency();
        let mut book =
            Self { currency, lines: Vec::with_capacity(order.lines.len()), by_position: BTreeMap::new() };
        let mut sum = 0_i64;
        for (index, sold) in order.lines.iter().enumerate() {
            let paid = sold.total().ok_or_else(|| why::order_line(sold))?;
            if paid.minor() < 0 || sold.quantity.thousandths() <= 0 {
                return Err(why::order_line(sold));
            }
            if paid.currency() != currency {
                return Err(why::other_currency(paid.currency(), currency, "order"));
            }
            if book.by_position.insert(sold.position.as_str(), index).is_some() {
                return Err(why::order_twice(&sold.position));
            }
            sum = sum.checked_add(paid.minor()).ok_or_else(why::too_large)?;
            book.lines.push(Left {
                sold,
                index,
                paid,
                quantity: sold.quantity.thousandths(),
                money: paid.minor(),
            });
        }
        used.iter().try_for_each(|line| book.take(line))?;
        for left in &mut book.lines {
            left.quantity = left.quantity.clamp(0, left.sold.quantity.thousandths());
            left.money = left.money.clamp(0, left.paid.minor());
        }
        Ok(book)
    }

    /// A line the order does not have (any more) takes nothing of it.
    fn take(&mut self, used: &UsedLine) -> Result<(), Unallocatable> {
        let Some(left) = self.by_position.get(used.position.as_str()).map(|at| &mut self.lines[*at]) else {
            return Ok(());
        };
        if used.amount.currency() != self.currency {
            return Err(why::other_currency(used.amount.currency(), self.currency, "order"));
        }
        left.quantity = left.quantity.saturating_sub(used.quantity.thousandths());
        left.money = left.money.saturating_sub(used.amount.minor());
        Ok(())
    }

    /// Every line, in the order's sequence.
    pub(super) fn all(&self) -> &[Left<'a>] {
        &self.lines
    }

    /// Lines that can carry money back, in the order's sequence.
    pub(super) fn open(&self) -> impl Iterator<Item = &Left<'a>> {
        self.lines.iter().filter(|left| left.money > 0 && left.quantity > 0)
    }

    /// A line with money left and nothing of its goods: no line of a refund can carry it.
    pub(super) fn stuck(&self) -> Option<&Left<'a>> {
        self.lines.iter().find(|left| left.money > 0 && left.quantity == 0)
    }

    pub(super) fn find(&self, position: &str, path: &str) -> Result<&Left<'a>, Unallocatable> {
        let at = self.by_position.get(position).ok_or_else(|| why::unknown_line(position, path))?;
        Ok(&self.lines[*at])
    }

    pub(super) fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }

    pub(super) fn minor(&self, amount: Money, path: &str) -> Result<i64, Unallocatable> {
        if amount.currency() == self.currency {
            return Ok(amount.minor());
        }
        Err(why::other_currency(amount.currency(), self.currency, path))
    }
}

impl<'a> Left<'a> {
    /// What is left of lines together. It cannot overflow: a book's lines total within 64 bits.
    pub(super) fn total(lines: &[&Self]) -> i64 {
        lines.iter().map(|left| left.money).sum()
    }

    /// The price of one unit, where the sale told one that makes the line's money.
    pub(super) fn told(&self) -> Option<Money> {
        self.sold.price.filter(|price| extend(*price, self.sold.quantity) == Some(self.paid))
    }

    /// What so much of the line costs: price × quantity half up, else the line's money in proportion, half up.
    pub(super) fn costs(&self, thousandths: i64) -> i64 {
        let by_price = self.told().and_then(|price| extend(price, Quantity::from_thousandths(thousandths)));
        let in_proportion = || half_up(self.paid.minor(), thousandths, self.sold.quantity.thousandths());
        by_price.map_or_else(in_proportion, Money::minor)
    }

    pub(super) fn currency(&self) -> Currency {
        self.paid.currency()
    }

    /// This much of the line, as it was found good.
    pub(super) fn part(&self, thousandths: i64, money: i64) -> Part<'a> {
        Part { sold: self.sold, index: self.index, told: self.told(), quantity: thousandths, money }
    }
}
