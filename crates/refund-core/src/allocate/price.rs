//! Prices of one unit that make a line's money to the kopeck.

use crate::{Money, Quantity, cart::extend};

/// So much at such a price of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Priced {
    /// How much, above zero.
    pub quantity: Quantity,
    /// The price of one unit, above zero.
    pub price: Money,
}

/// How far from the proportional place the second position may begin, in thousandths. Where half kopecks meet, a
/// neighbour makes the sum that the exact place does not.
const SHIFT_MAX: i64 = 1_000;

/// One position, or two a kopeck apart, whose prices × quantities (each rounded half up) total `amount` exactly. The
/// `told` price where it makes the amount; else one that does; else two: 100.00 for three is 2 × 33.33 and 1 × 33.34.
///
/// `None` when no prices in whole minor units do: less than a kopeck for one, or nothing to divide.
pub fn positions(told: Option<Money>, quantity: Quantity, amount: Money) -> Option<Vec<Priced>> {
    if let Some(price) = one_price(told, quantity, amount) {
        return Some(vec![Priced { quantity, price }]);
    }
    let low = low_price(quantity, amount).filter(|low| low.is_positive())?;
    let high = Money::new(low.minor().checked_add(1)?, low.currency());
    let all = quantity.thousandths();
    // What is left of the money after the lower price is a kopeck for each of so many units.
    let dear = i128::from(amount.minor()) * 1_000 - i128::from(low.minor()) * i128::from(all);
    let dear = i64::try_from(dear).ok()?;
    nearest(dear, 1, all - 1, SHIFT_MAX).find_map(|dear| {
        let (cheap, dear) = (Quantity::from_thousandths(all - dear), Quantity::from_thousandths(dear));
        let total = extend(low, cheap)?.checked_add(extend(high, dear)?).ok()?;
        let two = || vec![Priced { quantity: cheap, price: low }, Priced { quantity: dear, price: high }];
        (total == amount).then(two)
    })
}

/// The `told` price where it makes the amount, else the price that does, if there is one.
pub(super) fn one_price(told: Option<Money>, quantity: Quantity, amount: Money) -> Option<Money> {
    let low = low_price(quantity, amount)?;
    let high = low.minor().checked_add(1).map(|minor| Money::new(minor, low.currency()));
    let told = told.filter(|price| price.currency() == amount.currency());
    let candidates = [told, Some(low), high].into_iter().flatten();
    candidates.into_iter().find(|price| price.is_positive() && extend(*price, quantity) == Some(amount))
}

/// The highest price that does not exceed the amount before rounding.
pub(super) fn low_price(quantity: Quantity, amount: Money) -> Option<Money> {
    let low = (i128::from(amount.minor()) * 1_000).checked_div(i128::from(quantity.thousandths()))?;
    Some(Money::new(i64::try_from(low).ok()?, amount.currency()))
}

/// `ideal`, then its neighbours by distance, the lower first, as far as they are within bounds.
pub(super) fn nearest(ideal: i64, least: i64, most: i64, shift_max: i64) -> impl Iterator<Item = i64> {
    let around = (0..=shift_max).flat_map(move |shift| {
        let lower = ideal.checked_sub(shift);
        let higher = ideal.checked_add(shift).filter(|_| shift > 0);
        [lower, higher].into_iter().flatten()
    });
    around.filter(move |value| (least..=most).contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `1.5 × 100, 0.5 × 101`, in kopecks.
    fn shown(told: Option<i64>, thousandths: i64, kopecks: i64) -> String {
        let quantity = Quantity::from_thousandths(thousandths);
        let part = |part: &Priced| format!("{} × {}", part.quantity, part.price.minor());
        match positions(told.map(Money::rub), quantity, Money::rub(kopecks)) {
            None => "none".to_owned(),
            Some(parts) => parts.iter().map(part).collect::<Vec<_>>().join(", "),
        }
    }

    #[test]
    fn one_price_or_two_a_kopeck_apart() {
        let check = |told, thousandths, kopecks, expected| {
            assert_eq!(shown(told, thousandths, kopecks), expected, "{told:?} {thousandths} {kopecks}");
        };
        check(Some(5_000), 2_000, 10_000, "2 × 5000");
        check(None, 2_000, 10_000, "2 × 5000");
        // 1.01 × 1.5 = 1.515, half up 1.52: the told price is kept.
        check(Some(101), 1_500, 152, "1.5 × 101");
        // 2 × 33.33 + 1 × 33.34 = 100.00
        check(Some(3_333), 3_000, 10_000, "2 × 3333, 1 × 3334");
        // 3 × 14.28 + 4 × 14.29 = 42.84 + 57.16
        check(None, 7_000, 10_000, "3 × 1428, 4 × 1429");
        // 100.10 × 0.375 = 37.5375
        check(None, 375, 3_754, "0.375 × 10010");
        // 1.5 × 10.01 = 15.015 and 0.75 × 10.02 = 7.515 would both go up and make 22.54;
        // 1.501 × 10.01 = 15.02501 and 0.749 × 10.02 = 7.50498 make 15.03 + 7.50 = 22.53.
        check(None, 2_250, 2_253, "1.501 × 1001, 0.749 × 1002");
        // Less than a kopeck for one.
        check(None, 3_000, 2, "none");
        check(None, 0, 100, "none");
        check(None, 1_000, 0, "none");
        check(None, 1, i64::MAX, "none");
    }

    #[test]
    fn neighbours_come_by_distance() {
        assert_eq!(nearest(3, 1, 4, 9).collect::<Vec<_>>(), [3, 2, 4, 1]);
        assert_eq!(nearest(i64::MAX, 1, i64::MAX, 1).collect::<Vec<_>>(), [i64::MAX, i64::MAX - 1]);
    }
}
