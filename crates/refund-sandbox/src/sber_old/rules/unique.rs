//! A position stands once in a cart, and so does an item code.
//!
//! CONFIRMED for the ECOM dialect, REPORTED for this one. The same goods on two lines need two codes.

use super::Case;
use crate::sber_old::refusal::Refusal;
use crate::switches::Checked;

pub(super) fn positions_and_codes(case: &Case<'_>) -> Result<(), Refusal> {
    let mut positions: Vec<u64> = case.lines.iter().map(|line| line.position).collect();
    if let Some(position) = repeated(&mut positions) {
        return Err(case.broken(format!("positionId {position} is given twice")));
    }
    if case.switches.unique_item_codes == Checked::NotChecked {
        return Ok(());
    }
    let mut codes: Vec<&str> = case.lines.iter().filter_map(|line| line.code.as_deref()).collect();
    match repeated(&mut codes) {
        Some(code) => Err(case.broken(format!("itemCode {code} is given twice"))),
        None => Ok(()),
    }
}

/// The smallest value that occurs more than once.
fn repeated<T: Ord + Copy>(values: &mut [T]) -> Option<T> {
    values.sort_unstable();
    values.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}
