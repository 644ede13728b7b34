//! The least a check must do: compare the bytes of every text and add up every number, in step, without deciding why.

use crate::cases::Case;

/// Whether every text agrees, and what the lines total.
pub(crate) fn check(case: &Case) -> (bool, i64) {
    let (mut same, mut within, mut total) = (true, true, 0_i64);
    let mut prices = 0_i64;
    for (asked, sold) in case.asked().iter().zip(case.sold()) {
        same &= asked.position.as_bytes() == sold.position.as_bytes();
        same &= asked.name.as_deref().map(str::as_bytes) == Some(sold.name.as_bytes());
        same &= asked.code.as_deref().map(str::as_bytes) == sold.code.as_deref().map(str::as_bytes);
        let (amount, paid) = (asked.amount.map_or(0, |m| m.minor()), sold.amount.map_or(0, |m| m.minor()));
        within &= asked.quantity.thousandths() <= sold.quantity.thousandths() && amount <= paid;
        total = total.wrapping_add(amount);
        prices = prices.wrapping_add(asked.price.map_or(0, |m| m.minor()));
    }
    (same && within && prices >= 0, total)
}
