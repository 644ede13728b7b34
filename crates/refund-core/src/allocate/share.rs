//! Distributing whole minor units in proportion, so that nothing is lost and nothing is left over.

use std::cmp::Reverse;

/// Shares of `total` in proportion to weights, by largest remainder; they add up to `total` exactly and none exceeds its
/// weight. Equal remainders go by the larger weight, then by key (shorter first, then by letters), so that the sequence of
/// the weights does not matter as long as keys differ.
///
/// Weights are above zero and `total` is between zero and their sum.
pub(super) fn largest_remainder(total: i64, weights: &[(i64, &str)]) -> Vec<i64> {
    let sum: i128 = weights.iter().map(|(weight, _)| i128::from(*weight)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let product = |weight: i64| i128::from(total) * i128::from(weight);
    let floor = |weight: i64| i64::try_from(product(weight) / sum).expect("a share is within its weight");
    let mut shares: Vec<_> = weights.iter().map(|(weight, _)| floor(*weight)).collect();
    let over = total - shares.iter().sum::<i64>();
    let mut by_remainder: Vec<_> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|at| {
        let (weight, key) = weights[*at];
        (Reverse(product(weight) % sum), Reverse(weight), key.len(), key)
    });
    // Fewer units are over than there are shares with a remainder, so nobody gets above its weight.
    for at in by_remainder.into_iter().take(usize::try_from(over).unwrap_or(0)) {
        shares[at] += 1;
    }
    shares
}

/// `whole × part / of`, half up; zero when there is nothing to be a part of.
pub(super) fn half_up(whole: i64, part: i64, of: i64) -> i64 {
    if of <= 0 {
        return 0;
    }
    let (product, of) = (i128::from(whole) * i128::from(part), i128::from(of));
    i64::try_from((2 * product + of).div_euclid(2 * of)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_divide_goes_to_the_largest_remainder() {
        let check = |total, weights: &[(i64, &str)], expected: &[i64]| {
            assert_eq!(largest_remainder(total, weights), expected, "{total} over {weights:?}");
        };
        // 100.00 over three equal lines: 3333.33 each, the kopeck goes to the first position.
        check(10_000, &[(5_000, "1"), (5_000, "2"), (5_000, "3")], &[3_334, 3_333, 3_333]);
        // The same lines in another sequence: the answer is permuted with them.
        check(10_000, &[(5_000, "3"), (5_000, "1"), (5_000, "2")], &[3_333, 3_334, 3_333]);
        // "2" is before "10".
        check(1, &[(5, "10"), (5, "2")], &[0, 1]);
        // 1 kopeck over 100 and 200: 0.33 and 0.67.
        check(1, &[(100, "1"), (200, "2")], &[0, 1]);
        check(300, &[(100, "1"), (200, "2")], &[100, 200]);
        check(0, &[(100, "1")], &[0]);
        check(i64::MAX, &[(i64::MAX, "1"), (1, "2")], &[i64::MAX - 1, 1]);
        check(0, &[], &[]);
    }

    #[test]
    fn halves_go_up() {
        assert_eq!(half_up(100, 1, 3), 33);
        assert_eq!(half_up(5, 1, 2), 3);
        assert_eq!(half_up(i64::MAX, i64::MAX, i64::MAX), i64::MAX);
        assert_eq!(half_up(7, 1, 0), 0);
    }
}
