//! Exact amounts of money: minor units and a currency.
//!
//! No float, no `Default` (what currency would zero be in?), no ordering across currencies. `rust_decimal` reads and
//! writes decimals at the edges; inside, an amount is an integer. It must not know formats of files or gateways.

use rust_decimal::Decimal;
use std::{cmp::Ordering, fmt};

/// A currency of ISO 4217, with its number of decimal places.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The Russian rouble (643, two decimal places).
    pub const RUB: Currency = Currency(iso_currency::Currency::RUB);

    /// The currency with this ISO 4217 number (`643`), if there is one.
    pub fn from_numeric(code: u16) -> Option<Self> {
        iso_currency::Currency::from_numeric(code).map(Self)
    }

    /// The currency with this ISO 4217 letter code (`RUB`, capitals), if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        iso_currency::Currency::from_code(code).map(Self)
    }

    /// The letter code, `RUB`.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The ISO 4217 number, `643`.
    pub fn numeric(self) -> u16 {
        self.0.numeric()
    }

    /// How many decimal places the major unit has: 2 for the rouble, 0 for the yen.
    pub fn exponent(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(0))
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An exact amount: minor units (kopecks) of one currency.
///
/// ```
/// use refund_core::{Currency, Money};
/// let price = Money::parse_major("1234.56", Currency::RUB)?;
/// assert_eq!(price.minor(), 123_456);
/// assert_eq!(price.to_major_string(), "1234.56");
/// assert!(Money::parse_major("0.001", Currency::RUB).is_err());
/// # Ok::<(), refund_core::MoneyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why an amount could not be read or computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// The text is not a plain decimal number: digits, at most one point, at most one leading minus.
    #[error("{text:?} is not an amount: write digits and a point, for example 150.00")]
    NotANumber {
        /// What was given (cut to 40 characters).
        text: String,
    },
    /// More decimal places than the currency has.
    #[error("{text:?} has more than {allowed} decimal places, {currency} has no smaller unit")]
    TooManyDecimals {
        /// What was given.
        text: String,
        /// Decimal places of the currency.
        allowed: u32,
        /// The currency.
        currency: Currency,
    },
    /// The amount does not fit 64 bits of minor units.
    #[error("the amount is too large to be counted in minor units")]
    Overflow,
    /// Two amounts in different currencies were put together.
    #[error("{left} and {right} cannot be put together")]
    CurrencyMismatch {
        /// Currency of the left amount.
        left: Currency,
        /// Currency of the right amount.
        right: Currency,
    },
}

impl Money {
    /// An amount of `minor` units of `currency`.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// An amount in kopecks.
    pub const fn rub(kopecks: i64) -> Self {
        Self::new(kopecks, Currency::RUB)
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The amount in minor units (kopecks).
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// True when the amount is above zero.
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// True when the amount is exactly zero.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Reads an amount in major units as people write it: `150`, `150.5`, `150.00`.
    ///
    /// # Errors
    /// [`MoneyError::NotANumber`] for anything but digits with at most one point and one leading minus (no exponent,
    /// no spaces, no separators), [`MoneyError::TooManyDecimals`] when more places are written than the currency has,
    /// even if they are zeros, [`MoneyError::Overflow`].
    pub fn parse_major(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        if let Some(minor) = plain_digits(text, currency.exponent()) {
            return Ok(Self::new(minor, currency));
        }
        let (_, fraction) = plain(text)?;
        if fraction.len() > currency.exponent() as usize {
            return Err(too_many_decimals(text, currency));
        }
        Self::from_decimal(plain_decimal(text)?, currency)
    }

    /// Reads an amount as gateways print it, where zeros may follow beyond the currency's places: `1.000000`.
    ///
    /// # Errors
    /// As [`Money::parse_major`]; a digit other than zero beyond the places is [`MoneyError::TooManyDecimals`].
    pub fn parse_major_padded(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (_, fraction) = plain(text)?;
        let kept = fraction.trim_end_matches('0').len();
        if kept > currency.exponent() as usize {
            return Err(too_many_decimals(text, currency));
        }
        let padding = fraction.len() - kept;
        let short = text[..text.len() - padding].trim_end_matches('.');
        Self::from_decimal(plain_decimal(short)?, currency)
    }

    /// Turns an exact decimal of major units into money.
    ///
    /// # Errors
    /// [`MoneyError::TooManyDecimals`] when it has a digit other than zero beyond the currency's places,
    /// [`MoneyError::Overflow`].
    pub fn from_decimal(value: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let exponent = currency.exponent();
        let normal = value.normalize();
        if normal.scale() > exponent {
            return Err(too_many_decimals(&value.to_string(), currency));
        }
        let widen = 10_i128.checked_pow(exponent - normal.scale()).ok_or(MoneyError::Overflow)?;
        let minor = normal.mantissa().checked_mul(widen).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(i64::try_from(minor).map_err(|_| MoneyError::Overflow)?, currency))
    }

    /// The amount as an exact decimal of major units, for edges that speak decimals.
    pub fn to_decimal(self) -> Decimal {
        Decimal::from_i128_with_scale(i128::from(self.minor), self.currency.exponent())
    }

    /// The amount in major units with all places of the currency: `150.00`, `-0.05`. No currency, no grouping.
    pub fn to_major_string(self) -> String {
        let places = self.currency.exponent() as usize;
        let (scale, units) = (10_u64.pow(self.currency.exponent()), self.minor.unsigned_abs());
        let sign = if self.minor < 0 { "-" } else { "" };
        match places {
            0 => format!("{sign}{units}"),
            _ => format!("{sign}{}.{:0places$}", units / scale, units % scale),
        }
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(minor, self.currency))
    }

    /// The difference; it may be negative.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::Overflow`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(minor, self.currency))
    }

    /// The amount so many times.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn checked_mul(self, times: i64) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_mul(times).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(minor, self.currency))
    }

    /// The sum of amounts of one currency; nothing, in `currency`, of none.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::Overflow`], also when only a sum on the way does not fit.
    pub fn checked_sum(
        amounts: impl IntoIterator<Item = Self>,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }

    /// How the amount compares with another of the same currency.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`].
    pub fn checked_cmp(self, other: Self) -> Result<Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.minor.cmp(&other.minor))
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Money {
    /// `150.00 RUB`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_major_string(), self.currency)
    }
}

/// Reads up to 18 digits with at most `places` of them behind a point, as a whole number of the smallest unit. `None`
/// for anything else: [`plain_decimal`] says what it is.
pub(crate) fn plain_digits(text: &str, places: u32) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        None => (digits, ""),
        Some((_, "")) => return None,
        Some(parts) => parts,
    };
    if whole.is_empty() || digits.len() > 18 {
        return None;
    }
    let wanted = places.checked_sub(u32::try_from(fraction.len()).ok()?)?;
    let mut units = 0_i64;
    for byte in whole.bytes().chain(fraction.bytes()) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        units = units * 10 + i64::from(digit);
    }
    let units = units.checked_mul(10_i64.checked_pow(wanted)?)?;
    Some(if digits.len() == text.len() { units } else { -units })
}

/// Reads digits, one point, one leading minus; what `rust_decimal` takes beyond that (`1_000`, `+1`, `.5`, `5.`, `1e2`) is
/// refused, because an amount that can be read in two ways must not be read at all.
pub(crate) fn plain_decimal(text: &str) -> Result<Decimal, MoneyError> {
    plain(text)?;
    // Only too many digits are left to be wrong.
    Decimal::from_str_exact(text).map_err(|_| MoneyError::Overflow)
}

/// Whether the text is digits with at most one point and one leading minus.
pub(crate) fn is_plain(text: &str) -> bool {
    plain(text).is_ok()
}

/// The digits before and after the point.
fn plain(text: &str) -> Result<(&str, &str), MoneyError> {
    let refuse = || MoneyError::NotANumber { text: text.chars().take(40).collect() };
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return Err(refuse()),
        None => (digits, ""),
    };
    let digits_only = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits_only(whole) || !digits_only(fraction) {
        return Err(refuse());
    }
    Ok((whole, fraction))
}

fn too_many_decimals(text: &str, currency: Currency) -> MoneyError {
    MoneyError::TooManyDecimals {
        text: text.chars().take(40).collect(),
        allowed: currency.exponent(),
        currency,
    }
}

#[cfg(test)]
mod tests;
