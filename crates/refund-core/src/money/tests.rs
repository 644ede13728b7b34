//! Amounts at their edges: what is read, what is refused, what overflows.

use super::*;
use proptest::prelude::*;

#[test]
fn a_currency_has_a_code_and_a_number() {
    let told = |currency: Currency| (currency.code(), currency.numeric(), format!("{currency:?} {currency}"));
    assert_eq!(told(Currency::RUB), ("RUB", 643, "RUB RUB".to_owned()));
    assert_eq!(Currency::from_code("JPY").map(told), Some(("JPY", 392, "JPY JPY".to_owned())));
}

#[test]
fn what_is_not_digits_and_a_point_is_not_plain() {
    for text in ["0", "-1.50", "007", "1.000000"] {
        assert!(is_plain(text), "{text}");
    }
    for text in ["", "-", "+1", "1.", ".5", "1e2", "1_000", "1,5", "1.2.3", "--1", " 1", "٣"] {
        assert!(!is_plain(text), "{text}");
    }
}

fn check(text: &str, expected: Result<i64, &str>) {
    let got = Money::parse_major(text, Currency::RUB);
    match (got, expected) {
        (Ok(money), Ok(minor)) => assert_eq!(money, Money::rub(minor), "{text}"),
        (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{text}: {error}"),
        (got, expected) => panic!("{text}: {got:?}, expected {expected:?}"),
    }
}

#[test]
fn amounts_as_people_write_them() {
    check("0", Ok(0));
    check("150", Ok(15_000));
    check("150.5", Ok(15_050));
    check("150.05", Ok(15_005));
    check("-0.05", Ok(-5));
    check("90071992547409.93", Ok(9_007_199_254_740_993));
    check("92233720368547758.07", Ok(i64::MAX));
    check("-92233720368547758.08", Ok(i64::MIN));
    check("92233720368547758.08", Err("too large"));
    check("99999999999999999999999999999999999", Err("too large"));
    check("0.10", Ok(10));
    check("-0", Ok(0));
    check("-0.00", Ok(0));
    check("007", Ok(700));
    check("150.000", Err("more than 2 decimal places"));
    // However small or however padded: it is the places that are too many, not the amount that is too large.
    check("0.0000000000000000000000000000000000001", Err("more than 2 decimal places"));
    check("1.00000000000000000000000000000000000", Err("more than 2 decimal places"));
    check("150.001", Err("more than 2 decimal places"));
    for bad in [
        "", "-", ".", ".5", "5.", "1,5", "1 000", "1_000", "+1", "1e2", "1E2", "1.5e3", "1e-2", "0x1", "１",
        "1.2.3", "--1", "- 1", " 1", "1 ", "1\n", "NaN", "inf", "−1",
    ] {
        check(bad, Err("is not an amount"));
    }
}

#[test]
fn gateways_pad_with_zeros_and_only_with_zeros() {
    assert_eq!(Money::parse_major_padded("1.000000", Currency::RUB), Ok(Money::rub(100)));
    assert_eq!(Money::parse_major_padded("93.20", Currency::RUB), Ok(Money::rub(9_320)));
    let check = |text: &str, minor| {
        assert_eq!(Money::parse_major_padded(text, Currency::RUB), Ok(Money::rub(minor)), "{text}");
    };
    check("90071992547409.93", 9_007_199_254_740_993);
    check("90071992547409.930000", 9_007_199_254_740_993);
    check("92233720368547758.070000", i64::MAX);
    check("-92233720368547758.080000", i64::MIN);
    check("0.300000", 30);
    check("0.1", 10);
    check("-0.050000", -5);
    check("100", 10_000);
    check("0.000000", 0);
    check(&format!("1.{}", "0".repeat(60)), 100);
    for (text, part) in [
        ("0.001000", "more than 2"),
        ("0.30000000000000004", "more than 2"),
        ("0.29999999999999999", "more than 2"),
        ("1e2", "is not an amount"),
        ("1.0E0", "is not an amount"),
        ("1.", "is not an amount"),
        ("1.0-", "is not an amount"),
        ("92233720368547758.080000", "too large"),
        ("999999999999999999999999999999999.000000", "too large"),
    ] {
        let error = Money::parse_major_padded(text, Currency::RUB).expect_err(text).to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    assert!(matches!(
        Money::parse_major_padded("1.000001", Currency::RUB),
        Err(MoneyError::TooManyDecimals { .. })
    ));
}

#[test]
fn places_follow_the_currency() {
    let yen = Currency::from_code("JPY").expect("the yen is in ISO 4217");
    assert_eq!(Money::new(-5, yen).to_major_string(), "-5");
    assert!(Money::parse_major("1.0", yen).is_err());
    assert_eq!(Money::rub(i64::MIN).to_major_string(), "-92233720368547758.08");
    assert_eq!(format!("{:?}", Money::rub(-5)), "-0.05 RUB");
    assert_eq!(Currency::from_numeric(643), Some(Currency::RUB));
}

#[test]
fn arithmetic_refuses_to_wrap_or_to_mix() {
    let yen = Currency::from_code("JPY").expect("the yen is in ISO 4217");
    assert_eq!(Money::rub(i64::MAX).checked_add(Money::rub(1)), Err(MoneyError::Overflow));
    assert_eq!(Money::rub(i64::MIN).checked_sub(Money::rub(1)), Err(MoneyError::Overflow));
    assert_eq!(Money::rub(3).checked_sub(Money::rub(5)), Ok(Money::rub(-2)));
    let (max, min, one) = (Money::rub(i64::MAX), Money::rub(i64::MIN), Money::rub(1));
    assert_eq!(min.checked_add(Money::rub(-1)), Err(MoneyError::Overflow));
    assert_eq!(max.checked_sub(Money::rub(-1)), Err(MoneyError::Overflow));
    assert_eq!(Money::rub(0).checked_sub(min), Err(MoneyError::Overflow), "there is no such positive amount");
    assert_eq!(max.checked_sub(max), Ok(Money::rub(0)));
    assert_eq!(max.checked_add(min), Ok(Money::rub(-1)));
    assert_eq!(max.checked_mul(1), Ok(max));
    assert_eq!(max.checked_mul(-1), Ok(Money::rub(-i64::MAX)));
    assert_eq!(min.checked_mul(-1), Err(MoneyError::Overflow));
    // 2^62 × 2 is one more than the largest.
    assert_eq!(Money::rub(1 << 62).checked_mul(2), Err(MoneyError::Overflow));
    assert_eq!(Money::rub((1 << 62) - 1).checked_mul(2), Ok(Money::rub(i64::MAX - 1)));
    let sum = |amounts: &[Money]| Money::checked_sum(amounts.iter().copied(), Currency::RUB);
    assert_eq!(sum(&[]), Ok(Money::rub(0)));
    assert_eq!(sum(&[Money::rub(10), Money::rub(20), Money::rub(-5)]), Ok(Money::rub(25)));
    assert_eq!(sum(&[max, Money::rub(-1), one]), Ok(max));
    assert_eq!(sum(&[max, one, Money::rub(-1)]), Err(MoneyError::Overflow));
    assert!(matches!(sum(&[one, Money::new(1, yen)]), Err(MoneyError::CurrencyMismatch { .. })));
    assert!(matches!(
        Money::rub(1).checked_cmp(Money::new(1, yen)),
        Err(MoneyError::CurrencyMismatch { .. })
    ));
    assert_eq!(Money::rub(1).checked_cmp(Money::rub(2)), Ok(Ordering::Less));
}

proptest! {
    #[test]
    fn text_and_decimal_round_trip(minor: i64) {
        let money = Money::rub(minor);
        prop_assert_eq!(Money::parse_major(&money.to_major_string(), Currency::RUB), Ok(money));
        prop_assert_eq!(Money::from_decimal(money.to_decimal(), Currency::RUB), Ok(money));
    }

    /// The short way reads what the long way reads, and nothing else.
    #[test]
    fn digits_are_read_as_decimals_are(text in "-{0,2}[0-9]{0,17}(\\.[0-9]{0,5}){0,2}|[-+.0-9e_x٣]{0,20}", places in 0_u32..6) {
        if let Some(units) = plain_digits(&text, places) {
            let decimal = plain_decimal(&text).expect("plain");
            prop_assert!(decimal.scale() <= places);
            prop_assert_eq!(Decimal::from_i128_with_scale(i128::from(units), places), decimal);
        } else if let Ok(decimal) = plain_decimal(&text) {
            // Left to the long way: long ones, what is long in the smallest unit, and more places than wanted.
            prop_assert!(decimal.scale() > places || text.len() + places as usize > 17);
        }
    }

    #[test]
    fn padding_changes_nothing(minor: i64, zeros in 0..40_usize) {
        let money = Money::rub(minor);
        let text = money.to_major_string() + &"0".repeat(zeros);
        prop_assert_eq!(Money::parse_major_padded(&text, Currency::RUB), Ok(money));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}", digits in "-?[0-9.e]{0,60}") {
        for text in [text, digits] {
            let strict = Money::parse_major(&text, Currency::RUB);
            let padded = Money::parse_major_padded(&text, Currency::RUB);
            if let Ok(strict) = strict {
                prop_assert_eq!(padded, Ok(strict), "what is read strictly is read the same padded");
            }
        }
    }
}
