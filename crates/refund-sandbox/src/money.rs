//! Minor units, and the ways the gateways print them.
//!
//! Every sum inside the sandbox is a `u64` of kopecks.

/// Six decimals, as Robokassa prints sums in `GetState` (CONFIRMED, refund API page) and in
/// `OpStateExt` (REPORTED): `1.000000`.
pub(crate) fn six_decimals(minor: u64) -> String {
    format!("{}.{:02}0000", minor / 100, minor % 100)
}

/// `a * b / divisor`, half up, or `None` if it does not fit. `divisor` must not be zero.
///
/// Half up per position is the rule of Sber's credit registration page (CONFIRMED there).
pub(crate) fn scaled_product(a: u64, b: u64, divisor: u64) -> Option<u64> {
    let divisor = u128::from(divisor);
    let product = u128::from(a) * u128::from(b);
    u64::try_from((product + divisor / 2) / divisor).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_printed_with_six_decimals() {
        assert_eq!(six_decimals(100), "1.000000");
        assert_eq!(six_decimals(9320), "93.200000");
        assert_eq!(six_decimals(5), "0.050000");
    }

    #[test]
    fn products_round_half_up() {
        assert_eq!(scaled_product(10_025, 1_005, 1_000), Some(10_075)); // 10 075.125
        assert_eq!(scaled_product(1, 500, 1_000), Some(1)); // 0.5
        assert_eq!(scaled_product(1, 499, 1_000), Some(0)); // 0.499
        assert_eq!(scaled_product(u64::MAX, 2, 1), None);
    }
}
