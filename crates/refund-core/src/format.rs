//! The notation of the gateway's documents for texts: `A..20`, `N..12`, `ANS36`, as data.
//!
//! Sber, refund.do: `A` Latin letters, `N` digits, `AN` letters and digits, `ANS` letters, digits and symbols; `<n>`
//! exactly n, `..<n>` at most n (CONFIRMED). Documents write `A` and `ANS` where names are plainly Cyrillic, so letters
//! of any script count as letters here; what is refused are characters of another kind, and control characters always.

use std::fmt;

/// Which characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Letters.
    A,
    /// Digits 0-9.
    N,
    /// Letters and digits.
    An,
    /// Letters, digits and symbols: anything that prints.
    Ans,
}

/// How many of them, counted in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Exactly.
    Exact(usize),
    /// From 1 to this.
    UpTo(usize),
}

/// A format of the documents.
///
/// ```
/// use refund_core::format::{Format, Mismatch};
/// const ITEM_CODE: Format = Format::ans_up_to(100);
/// assert_eq!(ITEM_CODE.to_string(), "ANS..100");
/// assert_eq!(ITEM_CODE.check("чай-1"), Ok(()));
/// assert_eq!(ITEM_CODE.check(""), Err(Mismatch::Length { found: 0 }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    class: Class,
    length: Length,
}

/// How a text misses its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// Too many characters, or too few.
    Length {
        /// How many there are.
        found: usize,
    },
    /// A character of another kind, or a control character.
    Character {
        /// The character.
        found: char,
        /// Its place, counted in characters from 1.
        position: usize,
    },
}

impl Format {
    /// A format of a class and a length.
    pub const fn new(class: Class, length: Length) -> Self {
        Self { class, length }
    }

    /// `ANS..n`
    pub const fn ans_up_to(max: usize) -> Self {
        Self::new(Class::Ans, Length::UpTo(max))
    }

    /// `N..n`
    pub const fn n_up_to(max: usize) -> Self {
        Self::new(Class::N, Length::UpTo(max))
    }

    /// `ANSn`
    pub const fn ans_exact(length: usize) -> Self {
        Self::new(Class::Ans, Length::Exact(length))
    }

    /// Which characters.
    pub(crate) const fn class(self) -> Class {
        self.class
    }

    /// How many characters.
    pub(crate) const fn length(self) -> Length {
        self.length
    }

    /// Checks a text. Allocates nothing.
    ///
    /// # Errors
    /// The first [`Mismatch`]: length before characters.
    pub fn check(self, text: &str) -> Result<(), Mismatch> {
        // Characters are counted only when the bytes alone cannot decide.
        let fits = match self.length {
            Length::UpTo(max) => !text.is_empty() && (text.len() <= max || text.chars().count() <= max),
            Length::Exact(length) => text.chars().count() == length,
        };
        if !fits {
            return Err(Mismatch::Length { found: text.chars().count() });
        }
        if self.class.holds_bytes(text.as_bytes()) {
            return Ok(());
        }
        match text.chars().enumerate().find(|(_, c)| !self.class.holds(*c)) {
            Some((index, found)) => Err(Mismatch::Character { found, position: index + 1 }),
            None => Ok(()),
        }
    }
}

impl Class {
    /// True when the bytes alone show that every character fits; false when the characters must be looked at. Written
    /// without an early end, so that it runs over many bytes at once.
    fn holds_bytes(self, bytes: &[u8]) -> bool {
        match self {
            Self::N => bytes.iter().fold(true, |fits, byte| fits & byte.is_ascii_digit()),
            Self::Ans => {
                // Control characters are ASCII, or 0xC2 and a byte below 0xA0: no-break spaces and «» begin so too.
                let ascii = bytes.iter().fold(true, |fits, &byte| fits & (byte >= 0x20) & (byte != 0x7F));
                let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
                ascii && pairs.fold(true, |fits, (&one, &next)| fits & ((one != 0xC2) | (next >= 0xA0)))
            }
            Self::A | Self::An => false,
        }
    }

    fn holds(self, c: char) -> bool {
        match self {
            Self::A => c.is_alphabetic(),
            Self::N => c.is_ascii_digit(),
            Self::An => c.is_alphanumeric(),
            Self::Ans => !c.is_control(),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = match self.class {
            Class::A => "A",
            Class::N => "N",
            Class::An => "AN",
            Class::Ans => "ANS",
        };
        match self.length {
            Length::Exact(length) => write!(f, "{class}{length}"),
            Length::UpTo(max) => write!(f, "{class}..{max}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_hold_what_the_documents_say() {
        let long = |found| Err(Mismatch::Length { found });
        let wrong = |found, position| Err(Mismatch::Character { found, position });
        let cases = [
            (Format::n_up_to(12), "123456789012", Ok(())),
            (Format::n_up_to(12), "1234567890123", long(13)),
            (Format::n_up_to(12), "12a", wrong('a', 3)),
            (Format::n_up_to(12), "１", wrong('１', 1)),
            (Format::n_up_to(12), "", long(0)),
            (Format::ans_up_to(3), "чай", Ok(())),
            (Format::ans_up_to(3), "чай1", long(4)),
            (Format::ans_up_to(9), "a\tb", wrong('\t', 2)),
            (Format::ans_up_to(9), "a\u{7f}", wrong('\u{7f}', 2)),
            (Format::ans_up_to(9), "a\u{85}", wrong('\u{85}', 2)),
            (Format::ans_up_to(9), "«a»", Ok(())),
            (Format::ans_up_to(9), "a\u{a0}b", Ok(())),
            (Format::ans_up_to(9), "«a\u{9f}»", wrong('\u{9f}', 3)),
            (Format::ans_up_to(9), "«\u{80}", wrong('\u{80}', 2)),
            (Format::ans_exact(3), "a b", Ok(())),
            (Format::ans_exact(3), "ab", long(2)),
            (Format::new(Class::A, Length::UpTo(9)), "Иванов", Ok(())),
            (Format::new(Class::A, Length::UpTo(9)), "И 1", wrong(' ', 2)),
            (Format::new(Class::An, Length::UpTo(9)), "И1-", wrong('-', 3)),
        ];
        for (format, text, expected) in cases {
            assert_eq!(format.check(text), expected, "{format} {text:?}");
        }
        assert_eq!(Format::ans_exact(36).to_string(), "ANS36");
    }
}
