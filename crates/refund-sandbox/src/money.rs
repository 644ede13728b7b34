//! Minor units, and the ways the gateways print them.
//!
//! Every sum inside the sandbox is a `u64` of kopecks.

use crate::ledger::Payment;
use crate::switches::Reservation;

/// Six decimals, as Robokassa prints sums in `GetState` (CONFIRMED, refund API page) and in
/// `OpStateExt` (REPORTED): `1.000000`.
pub(crate) fn six_decimals(minor: u64) -> String {
    format!("{}.{:02}0000", minor / 100, minor % 100)
}

/// `a * b / divisor`, half up, or `None` if it does not fit. `divisor` must not be zero.
///
/// Half up per position is the rule of Sber's credit registration page (CONFIRMED there).
pub(crate) fn scaled_product(a: u64, b: u64, divisor: u64) -> Option<u64> {
    let divisor = u128::from(divisor);
    let product = u128::from(a) * u128::from(b);
    u64::try_from((product + divisor / 2) / divisor).ok()
}

/// Money and loyalty points of one sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Split {
    pub(crate) money: u64,
    pub(crate) points: u64,
}

/// How a composite sum is divided: in the proportion the order was paid in, and what is left of both at
/// the end (CONFIRMED, Sber wiki). Rounding is not documented: money half up (GUESS).
///
/// `composite` must not exceed what is left of both together.
pub(crate) fn split(composite: u64, order: &Payment) -> Split {
    let money_left = order.remaining(Reservation::AtAcceptance);
    let points_left = order.points_remaining();
    let whole = order.captured.saturating_add(order.points).max(1);
    let share = scaled_product(composite, order.captured, whole).unwrap_or(composite);
    // Earlier refunds of money alone may have left less of one than its share.
    let least = composite.saturating_sub(points_left);
    let money = if composite >= money_left.saturating_add(points_left) { money_left } else { share };
    let money = money.min(money_left).min(composite).max(least);
    Split { money, points: composite.saturating_sub(money) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_printed_with_six_decimals() {
        assert_eq!(six_decimals(100), "1.000000");
        assert_eq!(six_decimals(9320), "93.200000");
        assert_eq!(six_decimals(5), "0.050000");
    }

    #[test]
    fn points_go_back_in_the_proportion_they_were_paid_in() {
        use crate::ledger::{Gateway, Ledger, NewRefund, Origin};
        let at = jiff::Timestamp::UNIX_EPOCH;
        // (money, points, refunded before, asked) -> (money, points)
        for (money, points, before, asked, expected) in [
            (700, 300, vec![], 1_000, (700, 300)),
            (700, 300, vec![], 100, (70, 30)),
            (700, 300, vec![], 5, (4, 1)), // 3.5 goes up
            (700, 300, vec![], 1, (1, 0)), // 0.7
            (700, 300, vec![(70, 30)], 900, (630, 270)),
            (700, 300, vec![(4, 1), (4, 1)], 990, (692, 298)),
            (700, 300, vec![(700, 0)], 300, (0, 300)),
            (700, 300, vec![(650, 0)], 100, (50, 50)), // only 50 of money are left
            (700, 300, vec![(0, 290)], 100, (90, 10)), // only 10 points are left
            (700, 0, vec![], 33, (33, 0)),
        ] {
            let mut ledger = Ledger::default();
            ledger.enter(Payment { points, ..Payment::paid(Gateway::SberOld, "o", "n", money, at) });
            for (money, points) in &before {
                let new = NewRefund { points: *points, ..NewRefund::at_once(*money, at, Origin::Api) };
                ledger.write(Gateway::SberOld, "o", new);
            }
            let seen = split(asked, ledger.find(Gateway::SberOld, "o").unwrap());
            assert_eq!((seen.money, seen.points), expected, "{money} {points} {before:?} {asked}");
        }
    }

    #[test]
    fn products_round_half_up() {
        assert_eq!(scaled_product(10_025, 1_005, 1_000), Some(10_075)); // 10 075.125
        assert_eq!(scaled_product(1, 500, 1_000), Some(1)); // 0.5
        assert_eq!(scaled_product(1, 499, 1_000), Some(0)); // 0.499
        assert_eq!(scaled_product(u64::MAX, 2, 1), None);
    }
}
