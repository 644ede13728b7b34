//! Quantity and sum of a position within the order's.
//!
//! CONFIRMED, `refund.do` document, against "the original order"; against what earlier refunds have left
//! of it is a GUESS, and the default, because one line could be refunded twice otherwise.

use super::Case;
use crate::sber_old::cart::Line;
use crate::sber_old::refusal::Refusal;
use crate::switches::CartLimits;

pub(super) fn quantity(case: &Case<'_>) -> Result<(), Refusal> {
    each(case, |line, known, used| {
        let left = known.quantity.saturating_sub(used.0);
        (line.quantity > left).then(|| {
            let (sent, left) = (decimal(line.quantity), decimal(left));
            format!("position {}: quantity {sent} exceeds {left}, which is left", line.position)
        })
    })
}

/// A sum the line does not say is its share of the position and fits by itself.
pub(super) fn amount(case: &Case<'_>) -> Result<(), Refusal> {
    each(case, |line, known, used| {
        let (sent, whole) = (line.sum()?, known.sum()?);
        let left = whole.saturating_sub(used.1);
        (sent > left)
            .then(|| format!("position {}: itemAmount {sent} exceeds {left}, which is left", line.position))
    })
}

/// The first complaint about a line, its position and what was used up of it.
fn each(
    case: &Case<'_>,
    complaint: impl Fn(&Line, &Line, (u64, u64)) -> Option<String>,
) -> Result<(), Refusal> {
    let found = case.lines.iter().find_map(|line| {
        let known = case.book.position(line.position)?;
        let used = match case.switches.cart_limits {
            CartLimits::Remaining => case.book.used(line.position),
            CartLimits::Original => (0, 0),
        };
        complaint(line, known, used)
    });
    found.map_or(Ok(()), |text| Err(case.broken(text)))
}

/// Thousandths as a person writes them.
fn decimal(thousandths: u64) -> String {
    let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousandths_are_printed_plainly() {
        for (thousandths, text) in [(0, "0"), (1_000, "1"), (1_500, "1.5"), (10, "0.01"), (100_000, "100")] {
            assert_eq!(super::decimal(thousandths), text);
        }
    }
}
