//! Amounts and quantities as JSON numbers, printed from integers.
//!
//! A JSON *number* is what Robokassa takes; its printed form varies among clients (`1`, `1.0`, `100.00`) and the sample
//! token of the refund API page carries `1` (CONFIRMED). Here a number has no useless zeros, and binary floating point
//! is nowhere in its way. It must not know what the amount is for.

use refund_core::{Currency, Money, Quantity};
use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;

/// An amount of roubles that prints as a JSON number with at most two decimals: `1`, `1.5`, `12.34`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roubles(Money);

impl Roubles {
    /// Takes an amount; `None` when it is in another currency, because Robokassa refunds roubles alone.
    pub fn new(amount: Money) -> Option<Self> {
        (amount.currency() == Currency::RUB).then_some(Self(amount))
    }

    /// The amount.
    pub fn money(self) -> Money {
        self.0
    }

    /// The number's text.
    pub fn to_number(self) -> String {
        let text = self.0.to_major_string();
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

impl Serialize for Roubles {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        number(self.to_number(), serializer)
    }
}

/// A quantity that prints as a JSON number with at most three decimals.
pub(super) fn quantity<S: Serializer>(value: &Quantity, serializer: S) -> Result<S::Ok, S::Error> {
    number(value.to_string(), serializer)
}

fn number<S: Serializer>(text: String, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(text).map_err(S::Error::custom)?.serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn printed(kopecks: i64) -> String {
        let roubles = Roubles::new(Money::rub(kopecks)).expect("roubles");
        serde_json::to_string(&roubles).expect("a number")
    }

    #[test]
    fn numbers_have_no_useless_zeros() {
        for (kopecks, expected) in [
            (100, "1"),
            (150, "1.5"),
            (1_234, "12.34"),
            (1_000, "10"),
            (100_000, "1000"),
            (1, "0.01"),
            (10, "0.1"),
            (0, "0"),
            (30, "0.3"),
            (9_007_199_254_740_993, "90071992547409.93"),
            (i64::MAX, "92233720368547758.07"),
        ] {
            assert_eq!(printed(kopecks), expected);
        }
    }

    #[test]
    fn only_roubles_are_roubles() {
        let yen = Currency::from_code("JPY").expect("the yen is in ISO 4217");
        assert_eq!(Roubles::new(Money::new(100, yen)), None);
    }

    proptest! {
        #[test]
        fn the_number_reads_back_as_the_same_amount(kopecks: i64) {
            prop_assert_eq!(Money::parse_major(&printed(kopecks), Currency::RUB), Ok(Money::rub(kopecks)));
        }
    }
}
