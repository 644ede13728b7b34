//! A command's lines where nobody wrote them out: made from what is left, or as an earlier reservation wrote them down.
//!
//! Pure. How lines are made is core's; it must not know a gateway or a journal beyond the refund's own records.

use crate::{
    codec,
    journal::{Recorded, Role},
};
use refund_core::{
    CartPolicy, Payment, Prior, RefundCommand, RefundLine, UsedLine, Violation, Violations, allocate,
};
use std::borrow::Cow;

/// The command with its lines made. Lines that were made once stand as the reservation wrote them, so that a later lineage
/// of the same refund gives back the same, whatever else happened to the order.
pub(crate) fn completed(
    command: &RefundCommand,
    payment: &Payment,
    prior: &Prior,
    policy: &CartPolicy,
    history: &[Recorded],
) -> Result<RefundCommand, Violations> {
    let made = allocate::complete(command, payment, prior, policy);
    match (made, reserved(history)) {
        // Lines that the caller wrote are in the command.
        (Ok(Cow::Borrowed(command)), _) => Ok(command.clone()),
        (Ok(Cow::Owned(completed)), None) => Ok(completed),
        (Ok(Cow::Owned(_)) | Err(_), Some(lines)) => {
            let mut completed = command.clone();
            (completed.lines, completed.allocate) = (Some(lines), None);
            Ok(completed)
        }
        (Err(refusal), None) => Err(Violation::from(refusal).into()),
    }
}

/// What an earlier reservation of this refund took of each line.
fn reserved(history: &[Recorded]) -> Option<Vec<RefundLine>> {
    let written = history.iter().rev().find_map(|recorded| recorded.attached(Role::Lines))?;
    let line = |taken: UsedLine| {
        let mut line = RefundLine::new(taken.position, taken.quantity);
        line.amount = Some(taken.amount);
        line
    };
    Some(codec::decode_lines(written).ok()?.into_iter().map(line).collect())
}
