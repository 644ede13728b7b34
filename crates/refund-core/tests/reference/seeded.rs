//! Numbers from a seed (SplitMix64): a case is named by its seed alone, so the same seed must give the same case under
//! every version of every library.

/// A stream of numbers.
pub(crate) struct Seeded(u64);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From `least` to `most`, both possible; `least` where the range is empty.
    pub(crate) fn range(&mut self, least: i64, most: i64) -> i64 {
        if most <= least {
            return least;
        }
        let width = (most - least) as u64 + 1;
        least + (self.next() % width) as i64
    }

    /// An index below `len`.
    pub(crate) fn below(&mut self, len: usize) -> usize {
        (self.next() % len as u64) as usize
    }

    /// True in so many cases of a hundred.
    pub(crate) fn percent(&mut self, share: u64) -> bool {
        self.next() % 100 < share
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

#[test]
fn the_stream_is_the_published_one() {
    // The first numbers of SplitMix64 for the seed 1234567, as its test vectors print them.
    let mut seeded = Seeded::new(1_234_567);
    let first = [seeded.next(), seeded.next(), seeded.next()];
    assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
}
