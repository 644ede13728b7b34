//! What only reads: totals, lists, histories. Each is one job in a snapshot of the reading thread.

use super::{
    failure::{Outcome, broken},
    rows::{Refund, fold_records, texts},
};
use refund_core::{Currency, IntentId, IntentKey, Money, PaymentRef};
use refund_engine::{JournalError, ListQuery, Listed, Phase, Recorded, Totals};
use rusqlite::{Connection, OptionalExtension};

/// What a payment's refunds add up to.
pub(super) fn totals(
    connection: &Connection,
    payment: &PaymentRef,
    currency: Currency,
    except: Option<IntentId>,
) -> Outcome<Totals> {
    let row: Option<(i64, String)> = connection
        .prepare_cached(
            "SELECT id, currency FROM payments WHERE provider = ?1 AND account = ?2 AND payment = ?3",
        )?
        .query_row(texts(payment), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((id, code)) = row else {
        return Ok(Totals { done: Money::zero(currency), open: Money::zero(currency) });
    };
    if code != currency.code() {
        return Err(broken(payment, 0, format!("its refunds are in {code}, the question in {currency}")));
    }
    let except = except.map(|intent| intent.0.to_be_bytes());
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(sum(claims) FILTER (WHERE phase = 'settled'), 0),
                coalesce(sum(claims) FILTER (WHERE phase <> 'settled'), 0)
         FROM refunds WHERE payment = ?1 AND (?2 IS NULL OR intent <> ?2)",
    )?;
    let (done, open) = statement.query_row((id, except), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Totals { done: Money::new(done, currency), open: Money::new(open, currency) })
}

pub(super) fn find(connection: &Connection, intent: IntentId) -> Outcome<Option<Listed>> {
    Refund::find(connection, intent)?.map(|refund| listed(connection, refund)).transpose()
}

pub(super) fn find_key(connection: &Connection, key: &IntentKey) -> Outcome<Vec<Listed>> {
    let refunds = Refund::select(connection, "WHERE r.key = ?1 ORDER BY r.id DESC", [key.as_str()])?;
    refunds.into_iter().map(|refund| listed(connection, refund)).collect()
}

/// Refunds, newest first. Each way of asking follows an index that is already in that order, so that a page costs a
/// page however long the journal is.
pub(super) fn list(connection: &Connection, query: &ListQuery) -> Outcome<Vec<Listed>> {
    let limit = if query.limit == 0 { -1 } else { i64::from(query.limit) };
    let mut refunds = match (&query.payment, query.phases.as_slice()) {
        (Some(payment), _) => of_payment(connection, payment)?,
        (None, []) => Refund::select(connection, "ORDER BY r.id DESC LIMIT ?1", [limit])?,
        (None, phases) => in_phases(connection, phases, limit)?,
    };
    if !query.phases.is_empty() {
        refunds.retain(|refund| query.phases.contains(&refund.summary.phase));
    }
    if query.limit > 0 {
        refunds.truncate(query.limit as usize);
    }
    refunds.into_iter().map(|refund| listed(connection, refund)).collect()
}

fn of_payment(connection: &Connection, payment: &PaymentRef) -> Outcome<Vec<Refund>> {
    let rest = "WHERE p.provider = ?1 AND p.account = ?2 AND p.payment = ?3 ORDER BY r.id DESC";
    Refund::select(connection, rest, texts(payment))
}

fn in_phases(connection: &Connection, phases: &[Phase], limit: i64) -> Outcome<Vec<Refund>> {
    let mut refunds = Vec::new();
    for phase in Phase::ALL.into_iter().filter(|phase| phases.contains(phase)) {
        let rest = "WHERE r.phase = ?1 ORDER BY r.id DESC LIMIT ?2";
        refunds.extend(Refund::select(connection, rest, (phase.as_str(), limit))?);
    }
    refunds.sort_by_key(|refund| std::cmp::Reverse(refund.id));
    Ok(refunds)
}

fn listed(connection: &Connection, refund: Refund) -> Outcome<Listed> {
    let state = fold_records(connection, refund.id, &refund.payment)?;
    Ok(Listed {
        intent: refund.intent,
        key: refund.key,
        payment: refund.payment,
        currency: refund.currency,
        state,
        planned: refund.planned,
        changed: refund.changed,
    })
}

pub(super) fn history(connection: &Connection, intent: IntentId) -> Outcome<Vec<Recorded>> {
    let refund = Refund::find(connection, intent)?.ok_or(JournalError::NotFound)?;
    super::rows::history(connection, &refund)
}
