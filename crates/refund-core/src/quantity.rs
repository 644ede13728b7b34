//! Exact quantities of goods: thousandths of a unit, as receipts count them (three decimal places, FFD tag 1023).
//!
//! It must not know units of measure or formats of gateways.

use rust_decimal::Decimal;
use std::fmt;

/// A quantity in thousandths: `1500` is one and a half.
///
/// ```
/// use refund_core::Quantity;
/// assert_eq!(Quantity::parse("1.5")?.thousandths(), 1_500);
/// assert_eq!(Quantity::from_thousandths(1_500).to_string(), "1.5");
/// # Ok::<(), refund_core::QuantityError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

/// Why a quantity could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuantityError {
    /// The text is not a plain decimal number.
    #[error("{text:?} is not a quantity: write digits and a point, for example 1.5")]
    NotANumber {
        /// What was given (cut to 40 characters).
        text: String,
    },
    /// A fourth decimal place other than zero.
    #[error("{text:?} has more than 3 decimal places; a receipt counts in thousandths")]
    TooManyDecimals {
        /// What was given.
        text: String,
    },
    /// The quantity does not fit 64 bits of thousandths.
    #[error("the quantity is too large")]
    Overflow,
}

impl Quantity {
    /// A quantity of so many thousandths.
    pub const fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// A whole number of units.
    ///
    /// # Errors
    /// [`QuantityError::Overflow`].
    pub fn whole(units: i64) -> Result<Self, QuantityError> {
        units.checked_mul(1_000).map(Self).ok_or(QuantityError::Overflow)
    }

    /// The quantity in thousandths.
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// Reads a decimal such as `1`, `0.125`; zeros beyond the third place are ignored.
    ///
    /// # Errors
    /// [`QuantityError`], by kind of mistake.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        if let Some(thousandths) = crate::money::plain_digits(text, 3) {
            return Ok(Self(thousandths));
        }
        let cut = || text.chars().take(40).collect::<String>();
        // Zeros beyond the third place say nothing, however many there are.
        let short = match text.split_once('.') {
            Some((_, fraction)) => {
                let kept = fraction.trim_end_matches('0').len().max(1).min(fraction.len());
                if kept > 3 && crate::money::is_plain(text) {
                    return Err(QuantityError::TooManyDecimals { text: cut() });
                }
                &text[..text.len() - (fraction.len() - kept)]
            }
            None => text,
        };
        match crate::money::plain_decimal(short) {
            Ok(decimal) => Self::from_decimal(decimal),
            Err(crate::MoneyError::Overflow) => Err(QuantityError::Overflow),
            Err(_) => Err(QuantityError::NotANumber { text: cut() }),
        }
    }

    /// Turns an exact decimal into a quantity.
    ///
    /// # Errors
    /// [`QuantityError::TooManyDecimals`], [`QuantityError::Overflow`].
    pub fn from_decimal(value: Decimal) -> Result<Self, QuantityError> {
        let normal = value.normalize();
        if normal.scale() > 3 {
            return Err(QuantityError::TooManyDecimals { text: value.to_string() });
        }
        let widen = 10_i128.pow(3 - normal.scale());
        let thousandths = normal.mantissa().checked_mul(widen).ok_or(QuantityError::Overflow)?;
        i64::try_from(thousandths).map(Self).map_err(|_| QuantityError::Overflow)
    }

    /// The sum.
    ///
    /// # Errors
    /// [`QuantityError::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, QuantityError> {
        self.0.checked_add(other.0).map(Self).ok_or(QuantityError::Overflow)
    }

    /// The difference; it may be negative.
    ///
    /// # Errors
    /// [`QuantityError::Overflow`].
    pub fn checked_sub(self, other: Self) -> Result<Self, QuantityError> {
        self.0.checked_sub(other.0).map(Self).ok_or(QuantityError::Overflow)
    }

    /// The quantity as an exact decimal, without zeros at the end.
    pub fn to_decimal(self) -> Decimal {
        Decimal::from_i128_with_scale(i128::from(self.0), 3).normalize()
    }
}

impl fmt::Display for Quantity {
    /// `1.5`: no zeros at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_decimal(), f)
    }
}

impl fmt::Debug for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quantities_count_in_thousandths() {
        assert_eq!(Quantity::parse("1").map(Quantity::thousandths), Ok(1_000));
        assert_eq!(Quantity::parse("0.001").map(Quantity::thousandths), Ok(1));
        assert_eq!(Quantity::parse("2.5000").map(Quantity::thousandths), Ok(2_500));
        assert!(matches!(Quantity::parse("0.0001"), Err(QuantityError::TooManyDecimals { .. })));
        assert!(matches!(Quantity::parse("1,5"), Err(QuantityError::NotANumber { .. })));
        assert_eq!(Quantity::from_decimal(Decimal::MAX), Err(QuantityError::Overflow));
        assert_eq!(Quantity::whole(i64::MAX), Err(QuantityError::Overflow));
        assert_eq!(Quantity::from_thousandths(1_250).to_string(), "1.25");
        assert_eq!(Quantity::parse(&format!("0.333{}", "0".repeat(60))).map(Quantity::thousandths), Ok(333));
        assert_eq!(Quantity::parse("9223372036854775.807").map(Quantity::thousandths), Ok(i64::MAX));
        assert_eq!(Quantity::parse("9223372036854775.808"), Err(QuantityError::Overflow));
        assert_eq!(Quantity::parse(&"9".repeat(40)), Err(QuantityError::Overflow));
        assert!(matches!(
            Quantity::parse("0.30000000000000000000000000000000004"),
            Err(QuantityError::TooManyDecimals { .. })
        ));
        for bad in ["", "1.", ".5", "1e3", "+1", "1 000", "0.0x00", "NaN"] {
            assert!(matches!(Quantity::parse(bad), Err(QuantityError::NotANumber { .. })), "{bad}");
        }
    }

    #[test]
    fn quantities_refuse_to_wrap() {
        let (max, min) = (Quantity::from_thousandths(i64::MAX), Quantity::from_thousandths(i64::MIN));
        let one = Quantity::from_thousandths(1);
        assert_eq!(max.checked_add(one), Err(QuantityError::Overflow));
        assert_eq!(min.checked_sub(one), Err(QuantityError::Overflow));
        assert_eq!(max.checked_sub(one).and_then(|less| less.checked_add(one)), Ok(max));
        assert_eq!(one.checked_sub(Quantity::from_thousandths(3)).map(Quantity::thousandths), Ok(-2));
    }

    proptest! {
        #[test]
        fn text_round_trips(thousandths: i64) {
            let quantity = Quantity::from_thousandths(thousandths);
            prop_assert_eq!(Quantity::parse(&quantity.to_string()), Ok(quantity));
        }
    }
}
