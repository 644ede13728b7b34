//! Dice that roll the same for the same seed on every machine and in every version.
//!
//! Splitmix64 (Steele, Lea, Flood 2014): one addition and two multiplications, which is all that a schedule needs. It must
//! not read anything but its seed.

/// A stream of numbers that its seed decides.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The stream of a seed. Seeds that are near each other have streams that are not.
    pub fn of(seed: u64, stream: u64) -> Self {
        let mut dice = Self(seed ^ stream.wrapping_mul(0xD1B5_4A32_D192_ED03));
        let first = dice.roll();
        Self(first)
    }

    /// 64 bits.
    #[inline]
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `limit` - 1; 0 for a limit of 0.
    #[inline]
    pub fn below(&mut self, limit: u64) -> u64 {
        scaled(self.roll() >> 32, limit)
    }

    /// True so many times of 1024.
    #[inline]
    pub fn chance(&mut self, of_1024: u64) -> bool {
        self.roll() >> 54 < of_1024
    }

    /// One of these.
    #[inline]
    pub fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        let index = self.below(items.len() as u64);
        items[usize::try_from(index).expect("below the length")]
    }
}

/// 32 random bits as a number below `limit`, which fits 32 bits too.
#[inline]
pub(crate) fn scaled(bits: u64, limit: u64) -> u64 {
    (bits.wrapping_mul(limit)) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reference sequence of splitmix64 for the state 0, as its authors publish it.
    #[test]
    fn it_is_splitmix64() {
        let mut dice = Dice(0);
        let rolled = [dice.roll(), dice.roll(), dice.roll()];
        assert_eq!(rolled, [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]);
    }

    #[test]
    fn limits_hold() {
        let mut dice = Dice::of(7, 0);
        assert!((0..10_000).all(|_| dice.below(3) < 3));
        assert_eq!(dice.below(0), 0);
        let hits = (0..10_240).filter(|_| dice.chance(512)).count();
        assert!((4_800..5_440).contains(&hits), "{hits} of 10 240");
    }
}
