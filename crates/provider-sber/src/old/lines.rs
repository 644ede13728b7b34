//! A checked line as refund.do takes it: the order's own words, and a price that its amount can be made of.
//!
//! It must not decide whether a line may come back.

use super::wire::{fiscal::FiscalCodes, form::Amount, items::RefundItem};
use refund_core::{CheckedLine, Money, Quantity, cart::extend};

/// Position, name, code and measure are the order's, because the gateway compares them; quantity and amount are the
/// refund's.
pub(super) fn item(line: &CheckedLine, amount: Amount, fiscal: FiscalCodes) -> RefundItem<'_> {
    let sold = &line.sold;
    RefundItem {
        position: &sold.position,
        name: &sold.name,
        quantity: line.quantity,
        measure: sold.measure.as_ref().map(|measure| measure.0.as_str()),
        amount,
        price: sold.price.and_then(|price| unit_price(price, line.quantity, line.amount)),
        currency: line.amount.currency(),
        code: sold.code.as_deref(),
        fiscal,
    }
}

/// The order's price where it makes the amount. Else, when only a part of a line's money comes back, the price of one
/// unit that does; else none, and the gateway goes by the amount: an amount without a price is enough, a price that
/// contradicts it is an error (CONFIRMED, BPC).
fn unit_price(sold: Money, quantity: Quantity, amount: Money) -> Option<Amount> {
    let near = i128::from(amount.minor()) * 1_000 / i128::from(quantity.thousandths().max(1));
    let near = i64::try_from(near).ok()?;
    let candidates = [Some(sold.minor()), Some(near), near.checked_add(1)];
    let makes = |price: &i64| extend(Money::new(*price, amount.currency()), quantity) == Some(amount);
    candidates.into_iter().flatten().find(makes).and_then(Amount::from_minor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_price_is_the_orders_or_fits_the_amount_or_is_left_out() {
        let check = |sold: i64, thousandths: i64, amount: i64, expected: Option<i64>| {
            let price =
                unit_price(Money::rub(sold), Quantity::from_thousandths(thousandths), Money::rub(amount));
            assert_eq!(price.map(Amount::minor), expected, "{sold} × {thousandths} = {amount}");
        };
        check(10_000, 1_000, 10_000, Some(10_000));
        check(10_000, 1_500, 15_000, Some(10_000));
        // Half a kopeck is rounded up, per line.
        check(20_051, 500, 10_026, Some(20_051));
        // Half of the money for one piece.
        check(10_000, 1_000, 5_000, Some(5_000));
        check(10_000, 2_000, 5_000, Some(2_500));
        // 100.00 for three pieces has no price of one.
        check(4_000, 3_000, 10_000, None);
        // 0.375 of something for 37.54: 100.10 × 0.375 = 37.5375.
        check(4_000, 375, 3_754, Some(10_010));
        check(1, 99_999_999, 1, None);
        check(1, 1, 999_999_999_999, None);
    }

    proptest! {
        #[test]
        fn a_price_that_is_sent_makes_the_amount(sold in 0..=1_000_000_i64, thousandths in 1..=20_000_i64, amount in 1..=1_000_000_i64) {
            let (quantity, amount) = (Quantity::from_thousandths(thousandths), Money::rub(amount));
            if let Some(price) = unit_price(Money::rub(sold), quantity, amount) {
                // In thousandths of a kopeck: rounded half up, less than half a kopeck away.
                let off = price.minor() * thousandths - amount.minor() * 1_000;
                prop_assert!((-500..500).contains(&off), "{off}");
            } else {
                // Whole pieces always have a price when the money divides.
                prop_assert!(thousandths % 1_000 != 0 || (amount.minor() * 1_000) % thousandths != 0);
            }
        }
    }
}
