//! Sber OLD's VAT numbers for 5, 7 and 22 %, which must be chosen.
//!
//! Sber's own document does not print them, and the two lists that are published give different rates to the same
//! numbers: 10 is 5 % in one and 7 % in the other. A wrong choice prints a wrong tax and nobody notices. So there is no
//! default here.

use super::{VatRate, Vocabulary};
use std::fmt;

/// The `taxType` numbers of Sber OLD, all rates included.
///
/// Ask Sber's support which list your account is on. Both lists are REPORTED.
///
/// ```
/// use receipts_ofd::{SberOldVat, VatRate};
/// let table = SberOldVat::named("alfa-rbs").expect("a published list");
/// assert_eq!(table.number(VatRate::Vat22), 14);
/// assert_eq!(table.rate(10), Some(VatRate::Vat5));
/// assert_eq!(SberOldVat::ADVANTSHOP.rate(10), Some(VatRate::Vat7));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SberOldVat {
    /// In the order of [`DISPUTED`].
    numbers: [u16; 6],
}

/// The rates whose numbers are not agreed upon.
const DISPUTED: [VatRate; 6] = [
    VatRate::Vat5,
    VatRate::Vat5of105,
    VatRate::Vat7,
    VatRate::Vat7of107,
    VatRate::Vat22,
    VatRate::Vat22of122,
];

impl SberOldVat {
    /// 5 % is 10, 5/105 11, 7 % 12, 7/107 13, 22 % 14, 22/122 15: the manual of Alfa-Bank's gateway, which is of the same
    /// product family; another payment service that routes to Sber prints the same numbers (REPORTED).
    pub const ALFA_RBS: Self = Self { numbers: [10, 11, 12, 13, 14, 15] };
    /// 5 % is 8, 5/105 9, 7 % 10, 7/107 11, 22 % 12, 22/122 13: a shop platform's Sber module; later notes on Sber's
    /// e-commerce test stand print the same numbers (REPORTED).
    pub const ADVANTSHOP: Self = Self { numbers: [8, 9, 10, 11, 12, 13] };

    /// The published lists by the names that settings use.
    pub const NAMED: &[(&str, Self)] = &[("alfa-rbs", Self::ALFA_RBS), ("advantshop", Self::ADVANTSHOP)];

    /// A published list by its name.
    ///
    /// # Errors
    /// [`SberOldVatError::UnknownName`].
    pub fn named(name: &str) -> Result<Self, SberOldVatError> {
        let found = Self::NAMED.iter().find(|(known, _)| *known == name).map(|(_, table)| *table);
        found.ok_or_else(|| SberOldVatError::UnknownName { name: crate::shown::plain(name) })
    }

    /// Numbers of your own, as Sber's support told them: 5 %, 5/105, 7 %, 7/107, 22 %, 22/122.
    ///
    /// # Errors
    /// [`SberOldVatError::Taken`] when a number already means another rate.
    pub fn custom(numbers: [u16; 6]) -> Result<Self, SberOldVatError> {
        for (index, number) in numbers.iter().enumerate() {
            let settled = VatRate::ALL.iter().find(|rate| rate.sber_number() == Some(*number)).copied();
            let earlier = numbers[..index].iter().position(|other| other == number).map(|at| DISPUTED[at]);
            if let Some(other) = settled.or(earlier) {
                return Err(SberOldVatError::Taken { number: *number, rate: DISPUTED[index], other });
            }
        }
        Ok(Self { numbers })
    }

    /// The number of a rate.
    pub fn number(&self, rate: VatRate) -> u16 {
        let disputed = DISPUTED.iter().position(|one| *one == rate).map(|at| self.numbers[at]);
        disputed
            .or_else(|| rate.sber_number())
            .expect("every rate is either disputed or has a number all lists agree on")
    }

    /// The rate of a number; retired ones too. `None` for a number that means nothing in this list.
    pub fn rate(&self, number: u16) -> Option<VatRate> {
        VatRate::ALL.iter().copied().find(|rate| self.number(*rate) == number)
    }
}

/// Why a table of VAT numbers cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SberOldVatError {
    /// No published list has that name.
    UnknownName {
        /// What was asked for, cut to 40 characters.
        name: String,
    },
    /// The number already means another rate.
    Taken {
        /// The number.
        number: u16,
        /// The rate it was given to.
        rate: VatRate,
        /// The rate that has it.
        other: VatRate,
    },
}

impl fmt::Display for SberOldVatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownName { name } => {
                let known: Vec<_> = SberOldVat::NAMED.iter().map(|(name, _)| *name).collect();
                write!(
                    f,
                    "\"{name}\" is no list of Sber OLD's VAT numbers; the lists are {}",
                    known.join(", ")
                )
            }
            Self::Taken { number, rate, other } => {
                write!(f, "{number} cannot be {}: it is {} already", rate.en(), other.en())
            }
        }
    }
}

impl std::error::Error for SberOldVatError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_lists_contradict_each_other() {
        let both = |number| (SberOldVat::ALFA_RBS.rate(number), SberOldVat::ADVANTSHOP.rate(number));
        assert_eq!(both(10), (Some(VatRate::Vat5), Some(VatRate::Vat7)));
        assert_eq!(both(12), (Some(VatRate::Vat7), Some(VatRate::Vat22)));
        assert_eq!(both(6), (Some(VatRate::Vat20), Some(VatRate::Vat20)));
        assert_eq!(both(3), (Some(VatRate::Vat18), Some(VatRate::Vat18)));
        assert_eq!(both(16), (None, None));
    }

    #[test]
    fn own_numbers_may_not_collide() {
        assert_eq!(SberOldVat::custom([8, 9, 10, 11, 12, 13]), Ok(SberOldVat::ADVANTSHOP));
        let taken = SberOldVat::custom([8, 9, 10, 11, 6, 13]).expect_err("6 is 20 %");
        assert_eq!(taken, SberOldVatError::Taken { number: 6, rate: VatRate::Vat22, other: VatRate::Vat20 });
        assert!(taken.to_string().contains("VAT 20 %"), "{taken}");
        let twice = SberOldVat::custom([8, 9, 8, 11, 12, 13]).expect_err("8 stands twice");
        assert_eq!(twice, SberOldVatError::Taken { number: 8, rate: VatRate::Vat7, other: VatRate::Vat5 });
        let unknown = SberOldVat::named("sber").expect_err("no such list").to_string();
        assert!(unknown.contains("alfa-rbs, advantshop"), "{unknown}");
    }
}
