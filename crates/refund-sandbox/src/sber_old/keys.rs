//! The platform vendor's own guards against a double refund: `externalRefundId` and
//! `expectedDepositedAmount`.
//!
//! Neither stands in any page of Sber's, so both are ignored unless a switch puts them in force.

use super::refusal::Refusal;
use crate::ledger::{Gateway, Payment, Refund};
use crate::money::Split;
use crate::switches::{OldKeys, Reservation, SberSwitches};
use crate::text::form::Form;
use crate::text::number::digits12;
use crate::world::World;

/// The request's key, 1 to 32 characters (CONFIRMED, platform vendor).
pub(super) fn read(form: &Form, switches: &SberSwitches) -> Result<Option<String>, Refusal> {
    if switches.external_refund_id == OldKeys::Ignored {
        return Ok(None);
    }
    match form.get("externalRefundId") {
        None => Ok(None),
        Some(id) if (1..=32).contains(&id.chars().count()) => Ok(Some(id.to_owned())),
        Some(_) => Err(Refusal::own(5, "externalRefundId is not 1 to 32 characters")),
    }
}

/// The refund that has this key already, of any order of the merchant (CONFIRMED, platform vendor).
pub(super) fn earlier<'a>(world: &'a World, key: &str) -> Option<&'a Refund> {
    let mut refunds = world.ledger.refunds_at(Gateway::SberOld);
    refunds.find(|refund| refund.key.as_ref().is_some_and(|known| known.id == key))
}

/// Success once more and no second refund (CONFIRMED, platform vendor), or an error (REPORTED, another
/// tenant of the platform).
pub(super) fn repeat(earlier: &Refund, switches: &SberSwitches) -> Result<Split, Refusal> {
    if switches.external_refund_id == OldKeys::Replay {
        return Ok(Split { money: earlier.amount, points: earlier.points });
    }
    Err(Refusal::borrowed(5, "refund with this externalRefundId already exists for merchant"))
}

/// Compare-and-set: refused unless it is the current `depositedAmount` (CONFIRMED, platform vendor; the
/// code is a GUESS).
pub(super) fn expected_amount(form: &Form, order: &Payment, switches: &SberSwitches) -> Result<(), Refusal> {
    let Some(text) = form.get("expectedDepositedAmount") else { return Ok(()) };
    let deposited = order.remaining(Reservation::AtAcceptance);
    if switches.external_refund_id == OldKeys::Ignored || digits12(text) == Some(deposited) {
        return Ok(());
    }
    Err(Refusal::own(7, "expectedDepositedAmount is not the deposited amount"))
}
