//! The formats of Sber's parameter tables as data: `A..256`, `N12`, `N10..12`, `ANS..19`, `NS10`, `UTC`.
//!
//! The tables define: A Latin letters, N digits, AN Latin letters and digits, ANS those and symbols; a number alone is an
//! exact length, `..` a greatest one (CONFIRMED, Sber, refund.do). NS is used and never defined; it is read as digits and
//! symbols (GUESS).
//!
//! **Latin is not enforced** unless [`Format::latin`] asks for it. Read literally, `cashier A..256` forbids Cyrillic and
//! even the space of "Иванов И.И.", and AN forbids the hyphen in the login `shop-api` of the same document. The sister
//! gateway's own example of `cashier` is Cyrillic. So the letters of A, AN and ANS are letters of any script, and what
//! is held is the length, the digits of N, and that no control character slips in. It must not know which field has
//! which format.

use std::fmt;
use validator::ValidateLength;

/// Letters: `A`.
#[derive(Clone, Copy, Debug)]
pub struct A;
/// Digits: `N`.
#[derive(Clone, Copy, Debug)]
pub struct N;
/// Letters and digits: `AN`.
#[derive(Clone, Copy, Debug)]
pub struct An;
/// Letters, digits and symbols: `ANS`.
#[derive(Clone, Copy, Debug)]
pub struct Ans;
/// Digits and symbols: `NS` (GUESS: never defined).
#[derive(Clone, Copy, Debug)]
pub struct Ns;
/// Date and time of Moscow without a zone, as xs:dateTime: `2026-11-21T18:30:00`.
#[derive(Clone, Copy, Debug)]
pub struct Utc;

/// The constructors every class of characters has.
macro_rules! constructors {
    ($($class:ident),+) => {$(
        impl $class {
            /// Exactly so many characters: `N12`.
            pub const fn exact(length: u16) -> Format {
                Format { class: Class::$class, least: length, most: length, latin: Latin::Free }
            }

            /// At most so many characters: `ANS..256`.
            pub const fn max(length: u16) -> Format {
                Format { class: Class::$class, least: 0, most: length, latin: Latin::Free }
            }

            /// From so many to so many characters: `N10..12`.
            pub const fn between(least: u16, most: u16) -> Format {
                Format { class: Class::$class, least, most, latin: Latin::Free }
            }

            /// Of any length: `ANS`.
            pub const fn any() -> Format {
                Format { class: Class::$class, least: 0, most: u16::MAX, latin: Latin::Free }
            }
        }
    )+};
}
constructors!(A, N, An, Ans, Ns);

impl Utc {
    /// The one format of this kind.
    pub const fn format() -> Format {
        Format { class: Class::Utc, least: 0, most: u16::MAX, latin: Latin::Free }
    }
}

/// A format of a parameter table.
///
/// ```
/// use receipts_ofd::{Ans, N};
/// assert_eq!(Ans::max(256).to_string(), "ANS..256");
/// assert!(Ans::max(256).check("Иванов И.И.").is_ok());
/// let error = N::exact(12).check("7707083893").unwrap_err();
/// assert_eq!(error.to_string(), "N12 (exactly 12 digits): it has 10 characters");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    class: Class,
    least: u16,
    most: u16,
    latin: Latin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    A,
    N,
    An,
    Ans,
    Ns,
    Utc,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Latin {
    Free,
    Enforced,
}

impl Format {
    /// The same with the table read literally: Latin letters alone, no space in A and AN, printable ASCII in ANS. For
    /// identifiers that really are Latin, such as `orderId`.
    #[must_use]
    pub const fn latin(self) -> Self {
        Self { latin: Latin::Enforced, ..self }
    }

    /// The least number of characters.
    pub const fn least(self) -> u16 {
        self.least
    }

    /// The greatest number of characters, if there is one.
    pub const fn most(self) -> Option<u16> {
        match self.most {
            u16::MAX => None,
            most => Some(most),
        }
    }

    /// Holds a text against the format. Lengths count characters, not bytes.
    ///
    /// # Errors
    /// [`FormatError`]: the format in full and the first thing that is wrong.
    pub fn check(self, text: &str) -> Result<(), FormatError> {
        let wrong = |fault| Err(FormatError { format: self, fault });
        for (index, c) in text.chars().enumerate() {
            if c.is_control() {
                return wrong(Fault::Control { position: index + 1 });
            }
            if !self.class.takes(c, self.latin) {
                return wrong(Fault::Character { position: index + 1 });
            }
        }
        if !self.fits(text) {
            return wrong(Fault::Length { found: text.chars().count() });
        }
        if self.class == Class::Utc && !is_moscow_time(text) {
            return wrong(Fault::Time);
        }
        Ok(())
    }

    /// Is the length within the limits?
    pub fn fits(self, text: &str) -> bool {
        let most = self.most().map(u64::from);
        text.validate_length(Some(u64::from(self.least)), most, None)
    }
}

impl Class {
    const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::N => "N",
            Self::An => "AN",
            Self::Ans => "ANS",
            Self::Ns => "NS",
            Self::Utc => "UTC",
        }
    }

    const fn characters(self) -> &'static str {
        match self {
            Self::A => "letters",
            Self::N => "digits",
            Self::An => "letters and digits",
            Self::Ans => "letters, digits and symbols",
            Self::Ns => "digits and symbols",
            Self::Utc => "a date and time",
        }
    }

    fn takes(self, c: char, latin: Latin) -> bool {
        match (self, latin) {
            (Self::N, _) => c.is_ascii_digit(),
            (Self::Ns, _) => !c.is_alphabetic(),
            (Self::Utc, _) | (Self::A | Self::An | Self::Ans, Latin::Free) => true,
            (Self::A, Latin::Enforced) => c.is_ascii_alphabetic(),
            (Self::An, Latin::Enforced) => c.is_ascii_alphanumeric(),
            (Self::Ans, Latin::Enforced) => c.is_ascii_graphic() || c == ' ',
        }
    }
}

/// `2026-11-21T18:30:00` on a real day, with no zone behind it. A fraction of a second may follow, as in xs:dateTime.
fn is_moscow_time(text: &str) -> bool {
    let shape = text.len() >= 19
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            10 => byte == b'T',
            13 | 16 => byte == b':',
            19 => byte == b'.' && text.len() > 20,
            _ => byte.is_ascii_digit(),
        });
    shape && text.parse::<jiff::civil::DateTime>().is_ok()
}

impl fmt::Display for Format {
    /// As the tables print it: `ANS..256`, `N12`, `N10..12`, `UTC`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.class.name())?;
        match (self.least, self.most()) {
            (_, None) => Ok(()),
            (least, Some(most)) if least == most => write!(f, "{most}"),
            (0, Some(most)) => write!(f, "..{most}"),
            (least, Some(most)) => write!(f, "{least}..{most}"),
        }
    }
}

/// What a text has that its format does not allow. It does not hold the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// The format.
    pub format: Format,
    /// What is wrong.
    pub fault: Fault,
}

/// One thing wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A control character; positions count from 1.
    Control {
        /// Which character.
        position: usize,
    },
    /// A character outside the class.
    Character {
        /// Which character.
        position: usize,
    },
    /// Too short or too long.
    Length {
        /// How many characters there are.
        found: usize,
    },
    /// Not a date and time without a zone.
    Time,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { format, fault } = self;
        let (least, characters) = (format.least, format.class.characters());
        match (least, format.most()) {
            (_, None) => write!(f, "{format} ({characters}): ")?,
            (least, Some(most)) if least == most => write!(f, "{format} (exactly {most} {characters}): ")?,
            (0, Some(most)) => write!(f, "{format} (at most {most} {characters}): ")?,
            (least, Some(most)) => write!(f, "{format} ({least} to {most} {characters}): ")?,
        }
        match fault {
            Fault::Control { position } => write!(f, "character {position} is a control character"),
            Fault::Character { position } => write!(f, "character {position} is none of these"),
            Fault::Length { found } => write!(f, "it has {found} characters"),
            Fault::Time => {
                f.write_str("it is not of the form 2026-11-21T18:30:00, Moscow time without a zone")
            }
        }
    }
}

impl std::error::Error for FormatError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formats_print_as_the_tables_do() {
        let printed = [
            (A::max(256), "A..256"),
            (N::exact(12), "N12"),
            (N::max(12), "N..12"),
            (N::between(10, 12), "N10..12"),
            (An::max(30), "AN..30"),
            (Ans::exact(36), "ANS36"),
            (Ans::any(), "ANS"),
            (Ns::exact(10), "NS10"),
            (Utc::format(), "UTC"),
        ];
        for (format, expected) in printed {
            assert_eq!(format.to_string(), expected);
        }
    }

    #[test]
    fn texts_against_formats() {
        let cases: &[(Format, &str, Result<(), Fault>)] = &[
            (A::max(256), "Иванов И.И.", Ok(())),
            (A::max(256).latin(), "Ivanov", Ok(())),
            (A::max(256).latin(), "Ivanov I", Err(Fault::Character { position: 7 })),
            (An::max(30), "shop-api", Ok(())),
            (An::max(30).latin(), "shop-api", Err(Fault::Character { position: 5 })),
            (N::exact(3), "643", Ok(())),
            (N::exact(3), "64", Err(Fault::Length { found: 2 })),
            (N::exact(3), "6430", Err(Fault::Length { found: 4 })),
            (N::exact(3), "6４3", Err(Fault::Character { position: 2 })),
            (N::between(10, 12), "123456789", Err(Fault::Length { found: 9 })),
            (N::between(10, 12), "1234567890", Ok(())),
            (N::max(2), "", Ok(())),
            (Ns::exact(11), "1111 222222", Ok(())),
            (Ns::exact(11), "VIII 222222", Err(Fault::Character { position: 1 })),
            (Ans::max(3), "ёёё", Ok(())),
            (Ans::max(3), "ёёёё", Err(Fault::Length { found: 4 })),
            (Ans::max(30).latin(), "a b~", Ok(())),
            (Ans::max(30).latin(), "№", Err(Fault::Character { position: 1 })),
            (Ans::any(), "a\tb", Err(Fault::Control { position: 2 })),
            (Utc::format(), "2026-11-21T18:30:00", Ok(())),
            (Utc::format(), "2026-11-21T18:30:00.123", Ok(())),
            (Utc::format(), "2026-02-31T18:30:00", Err(Fault::Time)),
            (Utc::format(), "2026-11-21T24:30:00", Err(Fault::Time)),
            (Utc::format(), "2026-11-21T18:30:00Z", Err(Fault::Time)),
            (Utc::format(), "2026-11-21T18:30:00+03:00", Err(Fault::Time)),
            (Utc::format(), "2026-11-21", Err(Fault::Time)),
            (Utc::format(), "21.11.2026 18:30:00", Err(Fault::Time)),
        ];
        for (format, text, expected) in cases {
            assert_eq!(format.check(text).map_err(|error| error.fault), *expected, "{format} {text:?}");
        }
    }

    #[test]
    fn errors_say_what_the_table_says() {
        let said = |format: Format, text| format.check(text).expect_err("it does not fit").to_string();
        assert_eq!(
            said(Ans::max(2), "abc"),
            "ANS..2 (at most 2 letters, digits and symbols): it has 3 characters"
        );
        assert_eq!(said(N::between(10, 12), "x"), "N10..12 (10 to 12 digits): character 1 is none of these");
        assert!(said(Utc::format(), "now").contains("Moscow time without a zone"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text: String) {
            for format in [A::max(5), N::exact(3), An::max(4).latin(), Ans::any(), Ns::exact(10), Utc::format()] {
                let _ = format.check(&text);
            }
        }
    }
}
