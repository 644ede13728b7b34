//! Countries by the Russian classifier (ОКСМ), whose numbers are those of ISO 3166-1 with two additions.
//!
//! The list is the `rust_iso3166` crate's. It must not know whose citizenship it is.

use std::fmt;

/// A country's number: three digits, zeros kept (`004`, `643`).
///
/// 895 (Abkhazia) and 896 (South Ossetia) stand in the Russian classifier and not in ISO 3166-1 (GUESS: from memory of
/// the classifier, not read there).
///
/// ```
/// use receipts_ofd::Country;
/// assert_eq!(Country::parse("398").map(|country| country.alpha2()), Some("KZ"));
/// assert!(Country::parse("000").is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Country {
    digits: [u8; 3],
    alpha2: &'static str,
}

impl Country {
    /// Russia, 643. The citizenship of a buyer is for foreigners: sending this one gets a warning.
    pub const RUSSIA: Self = Self { digits: *b"643", alpha2: "RU" };

    /// Reads three digits that the classifier has.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: [u8; 3] = text.as_bytes().try_into().ok()?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let alpha2 = match text {
            "895" => "AB",
            "896" => "OS",
            // Not `from_numeric`, which formats the number into a new text first.
            _ => rust_iso3166::from_numeric_str(text)?.alpha2,
        };
        Some(Self { digits, alpha2 })
    }

    /// The three digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.digits).expect("digits are UTF-8")
    }

    /// The two letters.
    pub const fn alpha2(self) -> &'static str {
        self.alpha2
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Country({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_classifier_and_not_any_three_digits() {
        for (text, alpha2) in
            [("643", "RU"), ("004", "AF"), ("112", "BY"), ("840", "US"), ("895", "AB"), ("896", "OS")]
        {
            assert_eq!(Country::parse(text).map(Country::alpha2), Some(alpha2), "{text}");
        }
        for text in ["000", "999", "001", "810", "64", "0643", "RUS", "６43", ""] {
            assert_eq!(Country::parse(text), None, "{text}");
        }
        assert_eq!(Country::parse("643"), Some(Country::RUSSIA));
    }

    #[test]
    fn the_list_is_whole() {
        let known = (0..1000).filter(|number| Country::parse(&format!("{number:03}")).is_some()).count();
        // ISO 3166-1 has 249 countries and territories.
        assert_eq!(known, 249 + 2);
    }
}
