//! What this journal knows of a payment's other refunds: their sums, the lines they took, whether they had carts.
//!
//! Lines are those the reservation wrote down, with the money of each, so that no gateway has to tell them and no later
//! change of an order's cart changes what was taken. It must not know SQL.

use crate::{
    codec,
    journal::{Journal, JournalError, ListQuery, Listed, Role},
};
use refund_core::{Currency, IntentId, PaymentRef, Prior, PriorCarts, UsedLine};

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
    prior.lines.extend(lines.into_iter().map(|line| UsedLine { by: listed.key.to_string(), ..line }));
    Ok(())
}
