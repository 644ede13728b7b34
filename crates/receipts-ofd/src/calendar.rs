//! Days and moments as receipts write them: `dd.mm.yyyy` and `dd.mm.yyyy HH:MM:SS`, real ones only.
//!
//! The calendar is jiff's; 31.02.2026 is no day. Moments are Moscow time and carry no zone. There is no clock here:
//! "today" is an argument.

use jiff::civil::{Date, Time};
use std::fmt;

/// A day, kept with its text.
///
/// ```
/// use receipts_ofd::CivilDate;
/// let day = CivilDate::parse("29.02.2024").expect("2024 is a leap year");
/// assert_eq!(day, CivilDate::of(2024, 2, 29));
/// assert_eq!(day.as_str(), "29.02.2024");
/// assert!(CivilDate::parse("31.02.2026").is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDate {
    year: i16,
    month: i8,
    day: i8,
    /// `dd.mm.yyyy`: two equal days have equal texts.
    text: [u8; 10],
}

impl CivilDate {
    /// A day that is known to exist, for constants.
    ///
    /// # Panics
    /// When there is no such day between the years 1 and 9999; in a constant that fails the build.
    pub const fn of(year: i16, month: i8, day: i8) -> Self {
        assert!(year >= 1, "years are written with four digits and begin at 1");
        // jiff's calendar panics for a day that does not exist.
        let _exists = jiff::civil::date(year, month, day);
        Self::spelled(year, month, day)
    }

    /// Reads `dd.mm.yyyy`: ten characters, ASCII digits, a day that exists.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 10] = text.as_bytes().try_into().ok()?;
        if bytes[2] != b'.' || bytes[5] != b'.' {
            return None;
        }
        let (day, month) = (pair(bytes[0], bytes[1])?, pair(bytes[3], bytes[4])?);
        let (century, rest) = (pair(bytes[6], bytes[7])?, pair(bytes[8], bytes[9])?);
        let year = i16::from(century) * 100 + i16::from(rest);
        Date::new(year, month, day).ok().filter(|_| year >= 1).map(|_| Self::spelled(year, month, day))
    }

    /// `dd.mm.yyyy`.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text).expect("digits and dots are UTF-8")
    }

    /// The year, 1 to 9999.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> i8 {
        self.month
    }

    /// The day of the month, from 1.
    pub const fn day(self) -> i8 {
        self.day
    }

    /// Whole years from this day to that one; negative when that one is earlier.
    pub fn years_until(self, other: Self) -> i16 {
        let birthday_to_come = (other.month, other.day) < (self.month, self.day);
        other.year - self.year - i16::from(birthday_to_come)
    }

    /// A day that is known to exist.
    const fn spelled(year: i16, month: i8, day: i8) -> Self {
        let [d1, d2] = digits(day);
        let [m1, m2] = digits(month);
        let [y1, y2] = digits((year / 100) as i8);
        let [y3, y4] = digits((year % 100) as i8);
        Self { year, month, day, text: [d1, d2, b'.', m1, m2, b'.', y1, y2, y3, y4] }
    }
}

const fn digits(number: i8) -> [u8; 2] {
    [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]
}

/// Two ASCII digits as a number.
fn pair(tens: u8, ones: u8) -> Option<i8> {
    let both = tens.is_ascii_digit() && ones.is_ascii_digit();
    both.then(|| ((tens - b'0') * 10 + (ones - b'0')) as i8)
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A moment of Moscow time in whole seconds, kept with its text.
///
/// ```
/// use receipts_ofd::CivilMoment;
/// let moment = CivilMoment::parse("21.11.2026 18:30:00").expect("it is one");
/// assert_eq!(moment.as_str(), "21.11.2026 18:30:00");
/// assert!(CivilMoment::parse("21.11.2026 24:00:00").is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilMoment {
    date: CivilDate,
    /// `dd.mm.yyyy HH:MM:SS`; with equal dates it sorts by time.
    text: [u8; 19],
}

impl CivilMoment {
    /// Reads `dd.mm.yyyy HH:MM:SS`: 19 characters, a day that exists, 00:00:00 to 23:59:59.
    ///
    /// ATOL's prose allows hour 24, its pattern does not (CONFIRMED, ATOL v5): 24 is refused.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 19] = text.as_bytes().try_into().ok()?;
        let date = CivilDate::parse(text.get(..10)?)?;
        if bytes[10] != b' ' || bytes[13] != b':' || bytes[16] != b':' {
            return None;
        }
        let (hour, minute) = (pair(bytes[11], bytes[12])?, pair(bytes[14], bytes[15])?);
        let second = pair(bytes[17], bytes[18])?;
        Time::new(hour, minute, second, 0).ok()?;
        Some(Self { date, text: bytes })
    }

    /// `dd.mm.yyyy HH:MM:SS`.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text).expect("digits and separators are UTF-8")
    }

    /// The day.
    pub const fn date(self) -> CivilDate {
        self.date
    }
}

impl fmt::Display for CivilMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CivilMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_real_days_are_days() {
        for day in ["01.01.0001", "28.02.2026", "29.02.2024", "29.02.2000", "31.12.9999"] {
            assert_eq!(CivilDate::parse(day).map(|day| day.to_string()), Some(day.to_owned()));
        }
        let no_days = [
            "",
            "31.02.2026",
            "29.02.2026",
            "29.02.1900",
            "00.01.2026",
            "01.00.2026",
            "01.13.2026",
            "32.01.2026",
            "01.01.0000",
            "1.1.2026",
            "01-01-2026",
            "01.01.26",
            "2026.01.01",
            " 01.01.2026",
            "01.01.20261",
            "0１.01.202",
            "+1.01.2026",
        ];
        for text in no_days {
            assert_eq!(CivilDate::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn days_sort_by_time_and_count_years() {
        let day = CivilDate::of;
        assert!(day(2025, 12, 31) < day(2026, 1, 1));
        let born = day(2012, 11, 21);
        assert_eq!(born.years_until(day(2026, 11, 20)), 13);
        assert_eq!(born.years_until(day(2026, 11, 21)), 14);
        assert_eq!(born.years_until(day(2012, 11, 20)), -1);
        assert_eq!(day(2024, 2, 29).years_until(day(2025, 2, 28)), 0);
    }

    #[test]
    fn moments() {
        for text in ["21.11.2026 00:00:00", "21.11.2026 23:59:59"] {
            assert_eq!(CivilMoment::parse(text).map(|moment| moment.to_string()), Some(text.to_owned()));
        }
        let none = [
            "21.11.2026",
            "21.11.2026 24:00:00",
            "21.11.2026 00:60:00",
            "21.11.2026 00:00:60",
            "31.02.2026 00:00:00",
            "21.11.2026T00:00:00",
            "21.11.2026 0:00:000",
            "21.11.2026 00:00:00 ",
            "21.11.202ё 00:00:0",
        ];
        for text in none {
            assert_eq!(CivilMoment::parse(text), None, "{text:?}");
        }
        let (one, two) =
            (CivilMoment::parse("02.01.2026 00:00:00"), CivilMoment::parse("01.02.2026 00:00:00"));
        assert!(one < two);
    }

    proptest! {
        #[test]
        fn every_day_reads_back(year in 1_i16..=9999, month in 1_i8..=12, day in 1_i8..=28) {
            let one = CivilDate::of(year, month, day);
            prop_assert_eq!(CivilDate::parse(one.as_str()), Some(one));
            prop_assert_eq!(one.as_str(), format!("{day:02}.{month:02}.{year:04}"));
        }

        #[test]
        fn no_text_panics(text in "[0-9.: é]{8,20}") {
            let (_, _) = (CivilDate::parse(&text), CivilMoment::parse(&text));
        }
    }
}
