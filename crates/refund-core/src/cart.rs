//! The cart of an order as a gateway or a shop reports it, and the lines somebody wants to refund.
//!
//! An order's cart is a report, a refund's lines are a wish: nothing here is checked, [`crate::rules`] does that. It must
//! not know fiscal codes of a back end or a gateway's member names.

use crate::{Currency, Money, Quantity};

/// The lines of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cart {
    /// In the order's own sequence.
    pub lines: Vec<Line>,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line's number or name within the cart (Sber's `positionId`); a shop's own cart may count from 1.
    pub position: String,
    /// The goods' name, as it stands on the receipt.
    pub name: String,
    /// The goods' code (Sber's `itemCode`), where there is one.
    pub code: Option<String>,
    /// How much was sold.
    pub quantity: Quantity,
    /// In which unit.
    pub measure: Option<Measure>,
    /// Price of one unit after discounts, where it is told.
    pub price: Option<Money>,
    /// Price of the whole line after discounts, where it is told.
    pub amount: Option<Money>,
    /// What the receipt of the sale said of the line, where it is told.
    pub fiscal: Option<LineFiscal>,
    /// What the gateway itself says has been given back of the line, where it counts that.
    pub refunded: Refunded,
}

/// How much of a line a gateway says has been given back. Nothing is known of what it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refunded {
    /// How much of it.
    pub quantity: Option<Quantity>,
    /// For how much money.
    pub amount: Option<Money>,
}

impl Line {
    /// A line with what every cart tells; the rest is added field by field.
    pub fn new(position: impl Into<String>, name: impl Into<String>, quantity: Quantity) -> Self {
        Self {
            position: position.into(),
            name: name.into(),
            code: None,
            quantity,
            measure: None,
            price: None,
            amount: None,
            fiscal: None,
            refunded: Refunded::default(),
        }
    }

    /// The price of the whole line: as told, else price × quantity. `None` when neither is told or it overflows.
    pub fn total(&self) -> Option<Money> {
        self.amount.or_else(|| self.price.and_then(|price| extend(price, self.quantity)))
    }
}

/// A unit of measure as the gateway spells it: free text under FFD 1.05 (`шт.`), a numeric code under 1.2 (`0`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure(pub String);

/// What a receipt says of a line, in the words fiscal back ends share: VAT (`vat20`), settlement method
/// (`full_payment`), settlement object (`commodity`). The rate is that of the sale, whatever the rate is today.
///
/// Providers turn the words into their gateway's codes and refuse what that gateway does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFiscal {
    /// VAT of the sale: `none`, `vat0`, `vat10`, `vat20`, `vat22`, `vat120` and their kin.
    pub vat: String,
    /// Settlement method (FFD tag 1214): `full_payment`, `full_prepayment` and their kin.
    pub method: String,
    /// Settlement object (FFD tag 1212): `commodity`, `service` and their kin.
    pub object: String,
}

/// One line somebody wants to refund. What is left out is not compared with the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundLine {
    /// Which line of the order.
    pub position: String,
    /// The goods' name, to be compared with the order's.
    pub name: Option<String>,
    /// The goods' code, to be compared with the order's.
    pub code: Option<String>,
    /// How much comes back.
    pub quantity: Quantity,
    /// In which unit.
    pub measure: Option<Measure>,
    /// Price of one unit.
    pub price: Option<Money>,
    /// How much money goes back for the line.
    pub amount: Option<Money>,
    /// The line's own currency, where it is written.
    pub currency: Option<Currency>,
}

impl RefundLine {
    /// So much of one line of the order; the rest is added field by field.
    pub fn new(position: impl Into<String>, quantity: Quantity) -> Self {
        Self {
            position: position.into(),
            name: None,
            code: None,
            quantity,
            measure: None,
            price: None,
            amount: None,
            currency: None,
        }
    }

    /// The money of the line: as written, else its own price × quantity, else the order's price × quantity. `None`
    /// when nothing tells it or it overflows.
    pub fn total(&self, sold: Option<&Line>) -> Option<Money> {
        let price = || self.price.or_else(|| sold.and_then(|line| line.price));
        self.amount.or_else(|| price().and_then(|price| extend(price, self.quantity)))
    }
}

/// Something that can be looked at as a line of a refund: a [`RefundLine`], or a line in the bytes of a file that is not
/// copied. What the members mean is said there.
pub trait AsLine {
    /// Which line of the order.
    fn position(&self) -> &str;
    /// The goods' name.
    fn name(&self) -> Option<&str>;
    /// The goods' code.
    fn code(&self) -> Option<&str>;
    /// In which unit.
    fn measure(&self) -> Option<&str>;
    /// The numbers; `None` where one of them cannot be read, which whoever made the line must find out and tell.
    fn numbers(&self) -> Option<LineNumbers>;
}

/// The numbers of a line somebody wants to refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineNumbers {
    /// How much comes back.
    pub quantity: Quantity,
    /// Price of one unit.
    pub price: Option<Money>,
    /// How much money goes back for the line.
    pub amount: Option<Money>,
    /// The line's own currency, where it is written.
    pub currency: Option<Currency>,
}

impl AsLine for RefundLine {
    #[inline]
    fn position(&self) -> &str {
        &self.position
    }

    #[inline]
    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    #[inline]
    fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    #[inline]
    fn measure(&self) -> Option<&str> {
        self.measure.as_ref().map(|measure| measure.0.as_str())
    }

    #[inline]
    fn numbers(&self) -> Option<LineNumbers> {
        let Self { quantity, price, amount, currency, .. } = self;
        Some(LineNumbers { quantity: *quantity, price: *price, amount: *amount, currency: *currency })
    }
}

/// Price × quantity in whole minor units, half up per line and before summing (Sber wiki, credit register page,
/// CONFIRMED: 100.255 becomes 100.26). `None` on overflow.
pub fn extend(price: Money, quantity: Quantity) -> Option<Money> {
    let (price_minor, thousandths) = (price.minor(), quantity.thousandths());
    let minor = match price_minor.checked_mul(thousandths).and_then(|product| product.checked_add(500)) {
        Some(product) => product.div_euclid(1_000),
        // Only amounts beyond any receipt need more than 64 bits on the way.
        None => {
            let product = i128::from(price_minor) * i128::from(thousandths) + 500;
            i64::try_from(product.div_euclid(1_000)).ok()?
        }
    };
    Some(Money::new(minor, price.currency()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_rounded_half_up_to_the_kopeck() {
        let check = |kopecks, thousandths, expected| {
            let total = extend(Money::rub(kopecks), Quantity::from_thousandths(thousandths));
            assert_eq!(total, Some(Money::rub(expected)), "{kopecks} × {thousandths}");
        };
        check(10_000, 1_000, 10_000);
        check(20_051, 500, 10_026); // 100.255 → 100.26
        check(20_049, 500, 10_025); // 100.245 → 100.25
        check(1, 499, 0);
        check(1, 500, 1);
        check(3_333, 3_000, 9_999);
        check(0, 5_000, 0);
        check(i64::MAX, 1_000, i64::MAX);
        check(i64::MIN, 1_000, i64::MIN);
        check(9_007_199_254_740_993, 1_000, 9_007_199_254_740_993); // 2^53 + 1, which a float cannot hold
        check(i64::MAX, 0, 0);
        check(i64::MAX, 500, i64::MAX / 2 + 1); // ends in 7, half of it in .5: up
        let none = |kopecks, thousandths| {
            assert_eq!(extend(Money::rub(kopecks), Quantity::from_thousandths(thousandths)), None);
        };
        none(i64::MAX, 1_001);
        none(i64::MAX, i64::MAX);
        none(i64::MIN, 1_001);
        none(i64::MIN, i64::MAX);
        none(i64::MIN, -1_000);
        let far = Line::new("1", "n", Quantity::from_thousandths(i64::MAX));
        assert_eq!(
            Line { price: Some(Money::rub(i64::MAX)), ..far }.total(),
            None,
            "a line's total is not made up"
        );
    }

    proptest! {
        #[test]
        fn rounding_is_never_off_by_more_than_half_a_kopeck(price in 0_i64..10_000_000, amount in 0_i64..1_000_000) {
            let total = extend(Money::rub(price), Quantity::from_thousandths(amount)).expect("small");
            let exact = i128::from(price) * i128::from(amount);
            let off = i128::from(total.minor()) * 1_000 - exact;
            prop_assert!((-499..=500).contains(&off), "{off}");
        }
    }
}
