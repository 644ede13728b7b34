//! What this journal knows of a payment's other refunds: their sums, the lines they took, whether they had carts.
//!
//! Lines are those the reservation wrote down, with the money of each, so that no gateway has to tell them and no later
//! change of an order's cart changes what was taken. It must not know SQL.

use crate::{
    codec,
    journal::{Journal, JournalError, ListQuery, Listed, Role},
    machine::Phase,
};
use refund_core::{Currency, IntentId, PaymentRef, Prior, PriorCarts, UsedLine, UsedStage};

/// The payment's other refunds, all but `except`.
pub(crate) async fn prior(
    journal: &dyn Journal,
    payment: &PaymentRef,
    currency: Currency,
    except: IntentId,
) -> Result<Prior, JournalError> {
    let totals = journal.totals(payment, currency, Some(except)).await?;
    let mut prior = Prior::of(totals.done, totals.open);
    let query = ListQuery { payment: Some(payment.clone()), ..ListQuery::default() };
    for listed in journal.list(&query).await? {
        if listed.intent != except && listed.state.claims() > 0 {
            add(journal, &listed, &mut prior).await?;
        }
    }
    Ok(prior)
}

async fn add(journal: &dyn Journal, listed: &Listed, prior: &mut Prior) -> Result<(), JournalError> {
    let history = journal.history(listed.intent).await?;
    let written = history.iter().rev().find_map(|recorded| recorded.attached(Role::Lines));
    let Some(written) = written else { return Ok(()) };
    let lines = codec::decode_lines(written).map_err(|error| JournalError::Broken {
        payment: listed.payment.to_string(),
        number: listed.state.seq,
        detail: error.to_string(),
    })?;
    prior.carts = PriorCarts::Some;
    let stage = stage(listed.state.phase);
    prior.lines.extend(lines.into_iter().map(|line| UsedLine { by: listed.key.to_string(), stage, ..line }));
    Ok(())
}

/// The gateway's own count of a line may hold what is settled, never what is still open.
const fn stage(phase: Phase) -> UsedStage {
    match phase {
        Phase::Settled => UsedStage::Done,
        _ => UsedStage::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever else claims an amount may or may not have happened: counting it as done would let the gateway's count of
    /// another refund stand for it.
    #[test]
    fn only_what_is_settled_may_be_in_the_gateways_count() {
        let claiming = Phase::ALL.into_iter().filter(|phase| phase.uses_budget());
        let (done, open): (Vec<_>, Vec<_>) = claiming.partition(|phase| stage(*phase) == UsedStage::Done);
        assert_eq!(done, [Phase::Settled]);
        let in_doubt = [
            Phase::Reserved,
            Phase::Sending,
            Phase::Accepted,
            Phase::Processing,
            Phase::Unknown,
            Phase::NeedsReview,
            Phase::ByHand,
        ];
        assert_eq!(open, in_doubt);
        // A refund that waits for its word claims too.
        assert_eq!(stage(Phase::Approved), UsedStage::Open);
    }
}
