//! Taxpayer numbers (ИНН): ten digits for a company, twelve for a person, with control digits.
//!
//! It must not know whose number stands where: that is the rules'.

use std::fmt;

/// A taxpayer's number whose control digits are right, or that was taken as a sample on purpose.
///
/// `Debug` hides it: a person's number is personal data.
///
/// ```
/// use receipts_ofd::{Inn, InnError};
/// assert_eq!(Inn::parse("7707083893").map(|inn| inn.as_str().len()), Ok(10));
/// assert_eq!(Inn::parse("7707083894"), Err(InnError::Checksum));
/// assert_eq!(Inn::parse("000000000000"), Err(InnError::Zero));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Inn {
    digits: [u8; 12],
    length: usize,
}

/// Why a text is no taxpayer number. It does not hold the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InnError {
    /// Not ten or twelve characters.
    Length,
    /// Something else than digits.
    NotDigits,
    /// All zeros: it passes the sum and is nobody's number.
    Zero,
    /// A control digit is wrong.
    Checksum,
}

impl fmt::Display for InnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "an INN has 10 digits (company) or 12 (person)",
            Self::NotDigits => "an INN has digits only",
            Self::Zero => "an INN of zeros is nobody's",
            Self::Checksum => "the INN's control digit is wrong: a digit is mistyped",
        })
    }
}

impl std::error::Error for InnError {}

impl Inn {
    /// Stands for a supplier that has no Russian number (CONFIRMED, ATOL v5). Nowhere else is it allowed.
    pub const NO_RUSSIAN_INN: Self = Self { digits: [b'0'; 12], length: 12 };

    /// Reads ten or twelve digits with right control digits.
    ///
    /// # Errors
    /// [`InnError`].
    pub fn parse(text: &str) -> Result<Self, InnError> {
        let inn = Self::sample(text)?;
        match checksum_is_right(inn.bytes()) {
            true => Ok(inn),
            false => Err(InnError::Checksum),
        }
    }

    /// Reads a supplier's number: as [`Inn::parse`], and twelve zeros for a supplier without a Russian one.
    ///
    /// # Errors
    /// [`InnError`]; ten zeros are [`InnError::Zero`] here too.
    pub fn supplier(text: &str) -> Result<Self, InnError> {
        if text == Self::NO_RUSSIAN_INN.as_str() { Ok(Self::NO_RUSSIAN_INN) } else { Self::parse(text) }
    }

    /// Reads a number whose control digits may be wrong. The samples in the manuals of ATOL and Sber are wrong
    /// (`1111222334`, `123456789012`): this is for replaying them and for nothing else.
    ///
    /// # Errors
    /// Any [`InnError`] but [`InnError::Checksum`].
    pub fn sample(text: &str) -> Result<Self, InnError> {
        let bytes = text.as_bytes();
        if !matches!(bytes.len(), 10 | 12) {
            return Err(InnError::Length);
        }
        if !bytes.iter().all(u8::is_ascii_digit) {
            return Err(InnError::NotDigits);
        }
        if bytes.iter().all(|digit| *digit == b'0') {
            return Err(InnError::Zero);
        }
        let mut digits = [b' '; 12];
        digits[..bytes.len()].copy_from_slice(bytes);
        Ok(Self { digits, length: bytes.len() })
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.bytes()).expect("digits are UTF-8")
    }

    /// Twelve digits: a person's, a sole trader's too.
    pub const fn is_person(&self) -> bool {
        self.length == 12
    }

    /// Twelve characters as the FFD stores them: a company's number is padded with spaces on the right.
    pub fn padded(&self) -> &str {
        std::str::from_utf8(&self.digits).expect("digits and spaces are UTF-8")
    }

    fn bytes(&self) -> &[u8] {
        &self.digits[..self.length]
    }
}

impl fmt::Debug for Inn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inn({} digits)", self.length)
    }
}

/// Weights of the control digit of ten digits, and of the last of twelve: both are ends of one row (REPORTED algorithm).
const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

fn checksum_is_right(digits: &[u8]) -> bool {
    let controls = if digits.len() == 10 { 1 } else { 2 };
    (digits.len() - controls..digits.len()).all(|at| control(&digits[..at]) == digits[at] - b'0')
}

/// (weighted sum mod 11) mod 10 over the digits before the control digit.
fn control(digits: &[u8]) -> u8 {
    let weights = &WEIGHTS[WEIGHTS.len() - digits.len()..];
    let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    u8::try_from(sum % 11 % 10).expect("a remainder of ten is below ten")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_with_their_verdicts() {
        let cases = [
            ("7707083893", Ok(())),
            ("500100732259", Ok(())),
            ("7707083894", Err(InnError::Checksum)),
            ("500100732258", Err(InnError::Checksum)),
            // The first of the two control digits alone is wrong: the last one fits it.
            ("500100732266", Err(InnError::Checksum)),
            ("0000000000", Err(InnError::Zero)),
            ("000000000000", Err(InnError::Zero)),
            ("77070838931", Err(InnError::Length)),
            ("", Err(InnError::Length)),
            ("770708389X", Err(InnError::NotDigits)),
            ("７7707083", Err(InnError::NotDigits)),
            ("7707083893  ", Err(InnError::NotDigits)),
        ];
        for (text, expected) in cases {
            assert_eq!(Inn::parse(text).map(|_| ()), expected, "{text}");
        }
        assert_eq!(Inn::supplier("000000000000"), Ok(Inn::NO_RUSSIAN_INN));
        assert_eq!(Inn::supplier("0000000000"), Err(InnError::Zero));
        assert!(Inn::supplier("7707083893").is_ok() && Inn::supplier("7707083894").is_err());
        assert!(Inn::sample("7707083894").is_ok() && Inn::sample("0000000000").is_err());
    }

    #[test]
    fn a_number_is_padded_and_hidden() {
        let inn = Inn::parse("7707083893").expect("valid");
        assert_eq!((inn.padded(), inn.is_person()), ("7707083893  ", false));
        assert_eq!(format!("{inn:?}"), "Inn(10 digits)");
    }

    proptest! {
        #[test]
        fn one_mistyped_digit_is_almost_always_found(first in 1_000_000_000_u64..=9_999_999_999) {
            let text = first.to_string();
            let right = control(&text.as_bytes()[..9]);
            let (head, last) = (&text[..9], text.as_bytes()[9] - b'0');
            prop_assert_eq!(Inn::parse(&text).is_ok(), right == last, "{}", head);
        }

        #[test]
        fn no_text_panics(text: String) {
            let (_, _) = (Inn::parse(&text), Inn::sample(&text));
        }
    }
}
