//! No position the order lacks: `positionId`, `name` and `itemCode` must agree.
//!
//! CONFIRMED, `refund.do` document. Whether a member that was left out agrees is a switch.

use super::Case;
use crate::sber_old::refusal::Refusal;
use crate::switches::CartMatch;

pub(super) fn in_the_order(case: &Case<'_>) -> Result<(), Refusal> {
    let left_out_agrees = case.switches.cart_match == CartMatch::Sent;
    let agree = |sent: &Option<String>, known: &Option<String>| match sent {
        None => left_out_agrees,
        Some(_) => sent == known,
    };
    let absent = case.lines.iter().find(|line| {
        let known = case.book.position(line.position);
        !known.is_some_and(|known| agree(&line.name, &known.name) && agree(&line.code, &known.code))
    });
    match absent {
        None => Ok(()),
        Some(line) => Err(case.broken(format!("position {} is not in the order", line.position))),
    }
}
