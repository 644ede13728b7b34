//! What earlier refunds took of each line, by position: one pass over them, then each line is looked up.
//!
//! It must not know rules.

use crate::{Line, Money, Quantity, UsedLine, UsedStage};
use std::collections::BTreeMap;

/// What earlier refunds took of one line, in thousandths and minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) quantity: i64,
    pub(super) amount: i64,
}

/// What the journal says was taken of one line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    done: Taken,
    open: Taken,
}

impl Sums {
    pub(super) fn add(&mut self, line: &UsedLine) {
        let sum = match line.stage {
            UsedStage::Done => &mut self.done,
            UsedStage::Open => &mut self.open,
        };
        sum.quantity = sum.quantity.saturating_add(line.quantity.thousandths());
        sum.amount = sum.amount.saturating_add(line.amount.minor());
    }

    /// The larger of what the gateway shows of the line and what we saw done; what is open of ours on top.
    pub(super) fn with_shown(self, sold: &Line) -> Taken {
        let (shown, Self { done, open }) = (shown(sold), self);
        Taken {
            quantity: done.quantity.max(shown.quantity).saturating_add(open.quantity),
            amount: done.amount.max(shown.amount).saturating_add(open.amount),
        }
    }
}

/// The sums, and whose they are.
#[derive(Debug, Default)]
struct Entry<'a> {
    sums: Sums,
    by: Vec<&'a str>,
}

/// What the journal says, by position.
#[derive(Debug, Default)]
pub(super) struct TakenIndex<'a>(BTreeMap<&'a str, Entry<'a>>);

impl<'a> TakenIndex<'a> {
    pub(super) fn new(lines: &'a [UsedLine]) -> Self {
        let mut index = BTreeMap::<_, Entry<'a>>::new();
        for line in lines {
            let entry = index.entry(line.position.as_str()).or_default();
            entry.sums.add(line);
            entry.by.push(&line.by);
        }
        Self(index)
    }

    /// What was taken of a line of the order.
    pub(super) fn of(&self, sold: &Line) -> Taken {
        match self.0.get(sold.position.as_str()) {
            None => shown(sold),
            Some(entry) => entry.sums.with_shown(sold),
        }
    }

    /// The keys of the refunds that took some of it: sorted, each once.
    pub(super) fn takers(&self, position: &str) -> Vec<&'a str> {
        let mut keys = self.0.get(position).map(|entry| entry.by.clone()).unwrap_or_default();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// What the gateway itself shows of a line; a count below zero frees nothing.
pub(super) fn shown(sold: &Line) -> Taken {
    Taken {
        quantity: sold.refunded.quantity.map_or(0, Quantity::thousandths).max(0),
        amount: sold.refunded.amount.map_or(0, Money::minor).max(0),
    }
}
