//! «Все параметры корзины проверяются на соответствие требуемому формату (длине)» (Sber, refund.do).
//!
//! The formats are read from their notation as the documents print it (`ANS..100`), not from the fields that hold them.

use super::{LineMoney, Places, Reading, lines::path, money::place_if};
use rust_decimal::Decimal;

/// Position, name, code, measure by their notation; quantity, price and amount up to their limits (`itemAmount` N..12,
/// `quantity.value` up to 99999.999); the number of lines.
pub(super) fn cart_formats(reading: &Reading<'_>) -> Places {
    let policy = &reading.case.policy;
    let count = reading.asked_lines().len();
    let mut places = place_if(reading.has_cart() && (count == 0 || count > policy.lines_max), "lines");
    for (index, line) in reading.asked_lines().iter().enumerate() {
        let measure = line.measure.as_ref().map(|measure| measure.0.as_str());
        let texts = [
            ("position", Some(line.position.as_str()), policy.position.to_string()),
            ("name", line.name.as_deref(), policy.name.to_string()),
            ("code", line.code.as_deref(), policy.code.to_string()),
            ("measure", measure, policy.measure.to_string()),
        ];
        for (member, text, notation) in texts {
            if text.is_some_and(|text| !fits(text, &notation)) {
                places.push(path(index, member));
            }
        }
        if line.quantity.thousandths() > policy.quantity_max {
            places.push(path(index, "quantity"));
        }
        if line.price.is_some_and(|price| price.minor() > policy.price_max) {
            places.push(path(index, "price"));
        }
        let most = Decimal::from(policy.amount_max);
        if matches!(reading.line_money(index), LineMoney::Known(money) if money > most) {
            places.push(path(index, "amount"));
        }
    }
    places
}

/// «A<n> – последовательность латинских букв длины <n>; A..<n> – … длиной, не превышающей <n>; N<n> – … цифр; AN<n> – …
/// букв и цифр; ANS<n> – … букв, цифр и символов» (Sber, refund.do). Names are Cyrillic in the documents' own samples, so
/// letters of any script are letters; a control character is neither letter, digit nor symbol.
fn fits(text: &str, notation: &str) -> bool {
    let kind: String = notation.chars().take_while(char::is_ascii_alphabetic).collect();
    let length = notation.trim_start_matches(&kind);
    let characters: Vec<char> = text.chars().collect();
    let long_enough = match length.strip_prefix("..") {
        Some(most) => !characters.is_empty() && characters.len() <= number(most),
        None => characters.len() == number(length),
    };
    let allowed = |c: &char| match kind.as_str() {
        "A" => c.is_alphabetic(),
        "N" => c.is_ascii_digit(),
        "AN" => c.is_alphanumeric(),
        "ANS" => !c.is_control(),
        other => panic!("{other} is not a notation of the documents"),
    };
    long_enough && characters.iter().all(allowed)
}

fn number(text: &str) -> usize {
    text.parse().expect("a length in a notation is a number")
}

#[test]
fn notations_mean_what_the_documents_say() {
    let cases = [
        ("N..12", "123456789012", true),
        ("N..12", "1234567890123", false),
        ("N..12", "", false),
        ("N..12", "1-2", false),
        ("N3", "643", true),
        ("N3", "64", false),
        ("ANS..4", "чай!", true),
        ("ANS..4", "чай 1", false),
        ("ANS..4", "a\nb", false),
        ("AN..4", "ab-1", false),
        ("A..4", "Ёж", true),
        ("A..4", "Ёж1", false),
    ];
    for (notation, text, expected) in cases {
        assert_eq!(fits(text, notation), expected, "{text:?} as {notation}");
    }
}
