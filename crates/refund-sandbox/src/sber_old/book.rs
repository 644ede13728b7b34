//! An order's positions and what refunds have used up of each.
//!
//! Knows lines; which line is allowed is for the rules to say.

use std::collections::BTreeMap;

use super::cart::{Line, earlier_line, registered_line};
use crate::ledger::Payment;
use crate::money::scaled_product;

/// The positions of one order.
pub(super) struct Book {
    positions: BTreeMap<u64, Line>,
    /// Thousandths and minor units.
    used: BTreeMap<u64, (u64, u64)>,
}

impl Book {
    /// `None` if the ledger holds a line that could not have got there.
    pub(super) fn of(order: &Payment) -> Option<Self> {
        let positions = order.cart.iter().map(|raw| registered_line(raw.get()).ok());
        let positions: Option<BTreeMap<u64, Line>> =
            positions.map(|line| line.map(|line| (line.position, line))).collect();
        let mut book = Self { positions: positions?, used: BTreeMap::new() };
        for raw in order.standing().flat_map(|refund| &refund.lines) {
            book.use_up(&earlier_line(raw.get()).ok()?);
        }
        Some(book)
    }

    fn use_up(&mut self, line: &Line) {
        let value = self.value(line).unwrap_or(0);
        let used = self.used.entry(line.position).or_default();
        *used = (used.0.saturating_add(line.quantity), used.1.saturating_add(value));
    }

    pub(super) fn position(&self, position: u64) -> Option<&Line> {
        self.positions.get(&position)
    }

    /// Quantity in thousandths and sum in minor units that earlier refunds took of a position.
    pub(super) fn used(&self, position: u64) -> (u64, u64) {
        self.used.get(&position).copied().unwrap_or_default()
    }

    /// The sum a refund line says, else its share of the registered position.
    pub(super) fn value(&self, line: &Line) -> Option<u64> {
        let share = || {
            let known = self.position(line.position)?;
            match known.price {
                Some(price) => scaled_product(price, line.quantity, 1_000),
                None => scaled_product(known.amount?, line.quantity, known.quantity),
            }
        };
        line.sum().or_else(share)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A book of these registered and these refunded lines.
    pub(in super::super) fn book(cart: &[&str], refunded: &[&str]) -> Book {
        let lines = cart.iter().map(|line| registered_line(line).unwrap());
        let positions = lines.map(|line| (line.position, line)).collect();
        let mut book = Book { positions, used: BTreeMap::new() };
        refunded.iter().for_each(|line| book.use_up(&earlier_line(line).unwrap()));
        book
    }

    #[test]
    fn a_position_is_used_up_by_what_was_sent_or_by_its_share() {
        let cart = [
            r#"{"positionId":1,"name":"a","quantity":{"value":3},"itemAmount":10000,"itemCode":"a"}"#,
            r#"{"positionId":2,"name":"b","quantity":{"value":2},"itemPrice":50,"itemCode":"b"}"#,
        ];
        let refunded = [
            r#"{"positionId":1,"quantity":{"value":1}}"#, // 33.33
            r#"{"positionId":1,"quantity":{"value":0.5},"itemAmount":1}"#,
            r#"{"positionId":2,"quantity":{"value":1.5}}"#, // 0.75
        ];
        let book = book(&cart, &refunded);
        assert_eq!((book.used(1), book.used(2), book.used(3)), ((1_500, 3_334), (1_500, 75), (0, 0)));
    }
}
