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
            length => {
                // One to three bytes, among digits so that every byte of the word is one a text may have.
                let byte = |at: usize| bytes.get(at).map_or(0, |byte| u64::from(*byte));
                let few = byte(0) << 16 | byte(length / 2) << 8 | byte(length.saturating_sub(1));
                (0x3030_3030_3000_0000 | few, 0x3030_3030_3000_0000 | few)
            }
        };
        Self { length: bytes.len(), head, tail }
    }

    /// True when two keys are the same and nothing of their texts lies outside them.
    #[inline(always)]
    pub(super) fn is_surely(self, other: Self) -> bool {
        self == other && self.length <= Self::WHOLE
    }

    #[inline(always)]
    fn digits(self) -> bool {
        let odd =
            |word: u64| word.wrapping_add(BYTES * 0x46) | word.wrapping_sub(BYTES * u64::from(b'0')) | word;
        (odd(self.head) | odd(self.tail)) & (BYTES * 0x80) == 0
    }

    /// Whether every byte is an ASCII one that prints.
    #[inline(always)]
    fn prints(self) -> bool {
        let odd = |word: u64| word.wrapping_sub(BYTES * 0x20) | word.wrapping_add(BYTES) | word;
        (odd(self.head) | odd(self.tail)) & (BYTES * 0x80) == 0
    }
}

/// One in every byte.
const BYTES: u64 = 0x0101_0101_0101_0101;

/// A format, made ready for many texts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fits {
    format: Format,
    /// So many bytes are never too many characters. Zero where the format asks for more than that.
    bytes_max: usize,
    digits: bool,
}

impl Fits {
    pub(super) fn new(format: Format) -> Self {
        let (bytes_max, digits) = match (format.class(), format.length()) {
            (Class::N, Length::UpTo(most)) => (most, true),
            (Class::Ans, Length::UpTo(most)) => (most, false),
            (_, _) => (0, false),
        };
        Self { format, bytes_max, digits }
    }

    /// Whether two texts are the same and have the format, given their keys.
    #[inline(always)]
    pub(super) fn same_short(self, given: (&str, Key), sold: (&str, Key)) -> bool {
        let kind = if self.digits { sold.1.digits() } else { sold.1.prints() };
        if kind & sold.1.is_surely(given.1) & (sold.1.length.wrapping_sub(1) < self.bytes_max) {
            return true;
        }
        self.same(given.0, sold.0)
    }

    /// Whether two texts are the same and have the format.
    #[inline(always)]
    pub(super) fn same(self, given: &str, sold: &str) -> bool {
        let (one, other) = (given.as_bytes(), sold.as_bytes());
        let fits = one.len() == other.len() && one.len() <= self.bytes_max && !self.digits;
        if fits && one.len() >= LANES && same_and_prints(one, other) {
            return true;
        }
        self.same_closer(given, sold)
    }

    /// What the two above mean.
    #[inline(never)]
    fn same_closer(self, given: &str, sold: &str) -> bool {
        given == sold && self.format.check(given).is_ok()
    }
}

const LANES: usize = 16;

/// Whether two texts of the same length are the same bytes, none of them a control character; false too for what may be
/// the first half of one. For at least [`LANES`] bytes.
#[inline(always)]
fn same_and_prints(one: &[u8], other: &[u8]) -> bool {
    let mut odd = [0_u8; LANES];
    for (one, other) in one.as_chunks().0.iter().zip(other.as_chunks().0) {
        see(&mut odd, one, other);
    }
    match (one.last_chunk(), other.last_chunk()) {
        (Some(one), Some(other)) => see(&mut odd, one, other),
        _ => return false,
    }
    u128::from_ne_bytes(odd) == 0
}

/// Marks what differs or may not print. Without branches, so that a piece is a handful of vector instructions.
#[inline(always)]
fn see(odd: &mut [u8; LANES], one: &[u8; LANES], other: &[u8; LANES]) {
    for at in 0..LANES {
        let (a, b) = (one[at], other[at]);
        let mark = |is: bool| if is { 0xFF } else { 0 };
        odd[at] |= (a ^ b) | 0x20_u8.saturating_sub(a) | mark(a == 0x7F) | mark(a == 0xC2);
    }
}

/// Whether texts that pass by ascend, shorter ones first: while they do, none of them can stand twice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rising<'a> {
    last: &'a str,
    key: Key,
    rises: bool,
}

impl<'a> Rising<'a> {
    pub(super) fn new() -> Self {
        Self { last: "", key: Key::default(), rises: true }
    }

    #[inline(always)]
    pub(super) fn see(&mut self, text: &'a str, key: Key) {
        // Within 16 bytes the tail decides what the head does not; beyond, only all the bytes between them do.
        let long = key.length > Key::WHOLE && (key.length, key.head) == (self.key.length, self.key.head);
        self.rises &= if long { self.last < text } else { self.key < key };
        (self.last, self.key) = (text, key);
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
