//! Comparing short texts a word at a time: are two the same, does anything in them not print, do they ascend.
//!
//! Texts of a cart are short: a number, a code, a name of two or three words. Each is read once, eight or sixteen bytes
//! at a time, the last piece overlapping the one before it, so that there is no loop over single bytes. It answers
//! "surely" or "look closer"; what is wrong with a text is said by [`crate::format`].

use crate::format::{Class, Format, Length};

/// A text's length and its first and last eight bytes: the whole of it up to 16 bytes. Shorter texts come first, as
/// numbers do; texts of the same length are ordered by their bytes as far as they are in here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    length: usize,
    head: u64,
    tail: u64,
}

impl Key {
    /// The longest text that a key holds whole.
    const WHOLE: usize = 16;

    #[inline(always)]
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let word = |at: Option<&[u8; 8]>| at.map_or(0, |eight| u64::from_be_bytes(*eight));
        let half = |at: Option<&[u8; 4]>| at.map_or(0, |four| u64::from(u32::from_be_bytes(*four)));
        let (head, tail) = match bytes.len() {
            8.. => (word(bytes.first_chunk()), word(bytes.last_chunk())),
            4..=7 => {
                let both = half(bytes.first_chunk()) << 32 | half(bytes.last_chunk());
                (both, both)
            }
            // One to three bytes, among digits so that every byte of the word is one a text may have.
            _ => {
                let few = match *bytes {
                    [one, two, three] => [one, two, three],
                    [one, two] => [one, two, two],
                    [one] => [one; 3],
                    _ => [0; 3],
                };
                let word = few.into_iter().fold(0x30_3030_3030, |word, byte| word << 8 | u64::from(byte));
                (word, word)
            }
        };
        Self { length: bytes.len(), head, tail }
    }

    /// True when two keys are the same and nothing of their texts lies outside them.
    #[inline(always)]
    pub(super) fn is_surely(self, other: Self) -> bool {
        let same = (self.head ^ other.head) | (self.tail ^ other.tail);
        self.length == other.length && same == 0 && self.length <= Self::WHOLE
    }

    /// Whether every byte lies within these, all of ASCII.
    #[inline(always)]
    fn is_within(self, bytes: Bytes) -> bool {
        // A byte below borrows, one above carries into its highest bit, and what is not ASCII has that bit.
        let odd = |word: u64| word.wrapping_sub(bytes.least) | word.wrapping_add(bytes.beyond) | word;
        (odd(self.head) | odd(self.tail)) & (BYTES * 0x80) == 0
    }
}

/// A range of bytes, eight times over: the least of them, and what is missing from the largest to 0x7F.
#[derive(Clone, Copy, Debug)]
struct Bytes {
    least: u64,
    beyond: u64,
}

impl Bytes {
    const DIGITS: Self = Self { least: BYTES * 0x30, beyond: BYTES * 0x46 };
    const PRINTS: Self = Self { least: BYTES * 0x20, beyond: BYTES };
}

/// One in every byte.
const BYTES: u64 = 0x0101_0101_0101_0101;

/// A format, made ready for many texts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fits {
    format: Format,
    /// So many bytes are never too many characters. Zero where the format asks for more than that.
    bytes_max: usize,
    /// Which are surely right.
    bytes: Bytes,
    digits: bool,
}

impl Fits {
    pub(super) fn new(format: Format) -> Self {
        let (bytes_max, digits) = match (format.class(), format.length()) {
            (Class::N, Length::UpTo(most)) => (most, true),
            (Class::Ans, Length::UpTo(most)) => (most, false),
            (_, _) => (0, false),
        };
        let bytes = if digits { Bytes::DIGITS } else { Bytes::PRINTS };
        Self { format, bytes_max, bytes, digits }
    }

    /// Whether two texts are the same and have the format, given their keys.
    #[inline(always)]
    pub(super) fn same_short(self, given: (&str, Key), sold: (&str, Key)) -> bool {
        if sold.1.is_surely(given.1) && self.holds(sold.1) {
            return true;
        }
        self.same(given.0, sold.0)
    }

    /// Whether a text has the format, given its key.
    #[inline(always)]
    pub(super) fn in_format(self, text: &str, key: Key) -> bool {
        (key.length <= Key::WHOLE && self.holds(key)) || self.same_closer(text, text)
    }

    /// Of texts that a key holds whole: whether this one surely has the format.
    #[inline(always)]
    fn holds(self, key: Key) -> bool {
        key.is_within(self.bytes) && key.length.wrapping_sub(1) < self.bytes_max
    }

    /// Whether two texts are the same and have the format.
    #[inline(always)]
    pub(super) fn same(self, given: &str, sold: &str) -> bool {
        let (one, other) = (given.as_bytes(), sold.as_bytes());
        let long = one.len() == other.len() && one.len() >= LANES && !self.digits;
        if long && (one.len() <= self.bytes_max || self.short_enough(given)) && same_and_prints(one, other) {
            return true;
        }
        self.same_closer(given, sold)
    }

    /// Characters are counted only where bytes alone do not tell.
    #[inline(never)]
    fn short_enough(self, text: &str) -> bool {
        self.bytes_max > 0 && text.chars().count() <= self.bytes_max
    }

    /// What the two above mean.
    #[inline(never)]
    fn same_closer(self, given: &str, sold: &str) -> bool {
        given == sold && self.format.check(given).is_ok()
    }
}

const LANES: usize = 16;

/// Whether two texts of the same length are the same bytes, none of them a control character; false too for what may be
/// the first half of one. For at least [`LANES`] bytes. A function of its own: among others the compiler takes the pieces
/// apart again.
#[inline(never)]
fn same_and_prints(one: &[u8], other: &[u8]) -> bool {
    let mut odd = [0_u8; LANES];
    let (Some(last), Some(other_last)) = (one.last_chunk(), other.last_chunk()) else { return false };
    see(&mut odd, last, other_last);
    for (one, other) in one.as_chunks().0.iter().zip(other.as_chunks().0) {
        see(&mut odd, one, other);
    }
    u128::from_ne_bytes(odd) == 0
}

/// Marks what differs or may not print. In subtractions that stop at zero, for which there are vector instructions: a
/// piece is a handful of them.
#[inline(always)]
fn see(odd: &mut [u8; LANES], one: &[u8; LANES], other: &[u8; LANES]) {
    for at in 0..LANES {
        let (a, b) = (one[at], other[at]);
        let is = |byte: u8| 1_u8.saturating_sub(a ^ byte);
        odd[at] |= (a ^ b) | 0x20_u8.saturating_sub(a) | is(0x7F) | is(0xC2);
    }
}

/// Whether texts that pass by ascend, shorter ones first: while they do, none of them can stand twice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rising<'a> {
    last: &'a str,
    words: u128,
    rises: bool,
}

impl<'a> Rising<'a> {
    pub(super) fn new() -> Self {
        Self { last: "", words: 0, rises: true }
    }

    #[inline(always)]
    pub(super) fn see(&mut self, text: &'a str, key: Key) {
        let words = u128::from(key.head) << 64 | u128::from(key.tail);
        // Within 16 bytes the tail decides what the head does not; beyond, all the bytes do.
        if text.len() != self.last.len() || text.len() > Key::WHOLE {
            self.rises &= (self.last.len(), self.last) < (text.len(), text);
        } else if words <= self.words {
            self.rises = false;
        }
        (self.last, self.words) = (text, words);
    }

    pub(super) fn rises(&self) -> bool {
        self.rises
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cmp::Ordering;

    /// Texts of every length around the pieces, with what prints, what does not, and long common beginnings.
    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            "[0-9]{0,20}",
            "[ -~]{0,40}",
            "(товар номер ){0,3}[а-я0-9«»\u{a0}]{0,20}",
            "[\u{0}-\u{ff}]{0,40}",
            "\\PC{0,30}",
            "(aaaaaaaaaaaaaaaa){0,2}[a-b]{0,4}",
        ]
    }

    fn formats() -> impl Strategy<Value = Format> {
        let class = prop_oneof![Just(Class::A), Just(Class::N), Just(Class::An), Just(Class::Ans)];
        let length = prop_oneof![(1..60_usize).prop_map(Length::UpTo), (1..20_usize).prop_map(Length::Exact)];
        (class, length).prop_map(|(class, length)| Format::new(class, length))
    }

    fn order(one: &str, other: &str) -> Ordering {
        one.len().cmp(&other.len()).then_with(|| one.cmp(other))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        /// Both ways, so that a format that is never surely met would be found out too.
        #[test]
        fn surely_the_same_means_the_same_and_in_format(
            one in texts(), other in texts(), again: bool, format in formats(),
        ) {
            let other = if again { one.clone() } else { other };
            let fits = Fits::new(format);
            let expected = one == other && format.check(&one).is_ok();
            prop_assert_eq!(fits.same(&one, &other), expected);
            prop_assert_eq!(fits.in_format(&one, Key::of(&one)), format.check(&one).is_ok());
            prop_assert_eq!(fits.same_short((&one, Key::of(&one)), (&other, Key::of(&other))), expected);
            prop_assert!(!Key::of(&one).is_surely(Key::of(&other)) || one == other);
        }

        #[test]
        fn rising_is_the_order_of_numbers(texts in proptest::collection::vec(texts(), 0..4)) {
            let mut rising = Rising::new();
            for text in &texts {
                rising.see(text, Key::of(text));
            }
            let expected = texts.windows(2).all(|pair| order(&pair[0], &pair[1]) == Ordering::Less);
            prop_assert_eq!(rising.rises(), expected);
        }
    }

    #[test]
    fn pieces_of_every_length_are_looked_at() {
        for length in 1..=64 {
            let text = "7".repeat(length);
            let fits = Fits::new(Format::ans_up_to(64));
            let digits = Fits::new(Format::n_up_to(64));
            let same = |fits: Fits, one: &str, other: &str| {
                fits.same_short((one, Key::of(one)), (other, Key::of(other)))
            };
            assert!(same(fits, &text, &text) && same(digits, &text, &text), "{length}");
            for at in 0..length {
                let with = |byte: &str| format!("{}{byte}{}", &text[..at], &text[at + 1..]);
                assert!(!same(fits, &text, &with("8")), "{length}, {at}");
                for control in ["\0", "\u{1f}", "\u{7f}"] {
                    assert!(!same(fits, &with(control), &with(control)), "{length}, {at}");
                }
                for no_digit in ["/", ":", "a"] {
                    assert!(same(fits, &with(no_digit), &with(no_digit)), "{length}, {at}");
                    assert!(!same(digits, &with(no_digit), &with(no_digit)), "{length}, {at}");
                }
            }
        }
    }
}
