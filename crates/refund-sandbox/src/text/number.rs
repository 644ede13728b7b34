//! Decimal digits to integers, exactly, or not at all.
//!
//! No floating point takes part: `0.1` is one tenth because of where its point stands.

/// Why digits are not the integer that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadNumber {
    /// Not a decimal number at all.
    Malformed,
    /// Below zero.
    Negative,
    /// Non-zero digits behind the last allowed decimal place.
    TooManyDecimals,
    /// Does not fit.
    TooLarge,
}

/// The largest number of digits an answer may have; it always fits in 64 bits.
const MAX_DIGITS: usize = 18;

/// A JSON number as a whole count of `10^-places`: `scaled("1.50", 2)` is 150.
///
/// `1`, `1.0`, `1.000` and `1e0` are the same number and give the same answer: the refund API's own
/// samples print one sum in two of these ways (Robokassa refund API page, CONFIRMED).
pub(crate) fn scaled(token: &str, places: u32) -> Result<u64, BadNumber> {
    let (mantissa, exponent) = match token.find(['e', 'E']) {
        Some(at) => (&token[..at], exponent(&token[at + 1..])?),
        None => (token, 0),
    };
    if mantissa.starts_with('-') {
        return Err(BadNumber::Negative);
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let dangling_point = mantissa.contains('.') && fraction.is_empty();
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || dangling_point || !all_digits(whole) || !all_digits(fraction) {
        return Err(BadNumber::Malformed);
    }
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return Ok(0);
    }
    let dropped_zeros = digits.len() - digits.trim_end_matches('0').len();
    let shift = i64::from(places) + i64::from(exponent) + length(dropped_zeros) - length(fraction.len());
    let shift = usize::try_from(shift).map_err(|_| BadNumber::TooManyDecimals)?;
    if significant.len().saturating_add(shift) > MAX_DIGITS {
        return Err(BadNumber::TooLarge);
    }
    format!("{significant}{}", "0".repeat(shift)).parse().map_err(|_| BadNumber::TooLarge)
}

/// A plain decimal as people write it, `150` or `150.00`: digits and at most one point.
pub(crate) fn plain(text: &str, places: u32) -> Result<u64, BadNumber> {
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        scaled(text, places)
    } else {
        Err(BadNumber::Malformed)
    }
}

/// One to twelve digits, the form of every sum of the OLD platform (`N..12`, CONFIRMED).
pub(crate) fn digits12(text: &str) -> Option<u64> {
    let well_formed = (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    well_formed.then(|| text.parse().ok()).flatten()
}

fn exponent(text: &str) -> Result<i32, BadNumber> {
    // Six characters hold every exponent that could still give a number of MAX_DIGITS digits.
    if text.len() > 6 {
        return Err(BadNumber::TooLarge);
    }
    text.parse().map_err(|_| BadNumber::Malformed)
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_become_integers_exactly() {
        for (token, expected) in [
            ("1", Ok(100)),
            ("1.0", Ok(100)),
            ("1.000000", Ok(100)),
            ("1.5", Ok(150)),
            ("0.01", Ok(1)),
            ("0.1", Ok(10)),
            ("150.00", Ok(15_000)),
            ("1e2", Ok(10_000)),
            ("15E-1", Ok(150)),
            ("1.005e1", Ok(1005)),
            ("0", Ok(0)),
            ("0.000", Ok(0)),
            ("9999999999999999", Ok(999_999_999_999_999_900)),
            ("0.001", Err(BadNumber::TooManyDecimals)),
            ("0.30000000000000004", Err(BadNumber::TooManyDecimals)),
            ("1e-3", Err(BadNumber::TooManyDecimals)),
            ("-1", Err(BadNumber::Negative)),
            ("-0", Err(BadNumber::Negative)),
            ("99999999999999999", Err(BadNumber::TooLarge)),
            ("1e400", Err(BadNumber::TooLarge)),
            ("1e9999999", Err(BadNumber::TooLarge)),
            ("", Err(BadNumber::Malformed)),
            (".5", Err(BadNumber::Malformed)),
            ("5.", Err(BadNumber::Malformed)),
            ("1.2.3", Err(BadNumber::Malformed)),
            ("1e", Err(BadNumber::Malformed)),
            ("١", Err(BadNumber::Malformed)),
        ] {
            assert_eq!(scaled(token, 2), expected, "{token}");
        }
    }

    #[test]
    fn a_plain_sum_has_no_sign_and_no_exponent() {
        assert_eq!(plain("150.00", 2), Ok(15_000));
        for text in ["1e2", "-1", "+1", " 1", ""] {
            assert_eq!(plain(text, 2), Err(BadNumber::Malformed), "{text:?}");
        }
    }

    #[test]
    fn a_sum_of_the_old_platform_has_one_to_twelve_digits() {
        assert_eq!(digits12("0"), Some(0));
        assert_eq!(digits12("000047000"), Some(47_000));
        assert_eq!(digits12("999999999999"), Some(999_999_999_999));
        for text in ["", "1000000000000", "1.0", "-1", "+1", " 1", "1 ", "٣"] {
            assert_eq!(digits12(text), None, "{text:?}");
        }
    }
}
