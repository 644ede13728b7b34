//! Who works on a refund, and until when. The fence counts claims and releases, so that whoever was overtaken, or gave
//! the refund back, is told by one comparison.

use super::{
    failure::Outcome,
    rows::{Refund, Store, boot, history, int},
};
use refund_core::{At, IntentId, Moment};
use refund_engine::{JournalError, Lease, State};
use std::time::Duration;

/// Takes one refund, due or not.
pub(super) fn claim(store: &Store, intent: IntentId, term: Duration) -> Outcome<Lease> {
    let refund = Refund::find(&store.connection, intent)?.ok_or(JournalError::NotFound)?;
    let now = store.clock.now();
    // A lease of another boot is over: nobody of that boot is left.
    if refund.lease.is_some_and(|until| until.boot == now.boot && !now.has_reached(until)) {
        return Err(JournalError::Leased.into());
    }
    take(store, refund, now.after(term))
}

/// Takes what can be worked on now, oldest due first.
pub(super) fn claim_due(store: &Store, limit: u16, term: Duration) -> Outcome<Vec<Lease>> {
    let now = store.clock.now();
    let free = "r.workable = 1 AND (r.lease_boot IS NULL OR r.lease_boot <> ?1 OR r.lease_ms <= ?2)";
    // What waits for a moment of another boot is due, and was so before anything of this one. Each of the three walks
    // the index in its order and stops at the limit, however long the queue is.
    let ranges = ["r.due_boot < ?1", "r.due_boot > ?1", "r.due_boot = ?1 AND r.due_ms <= ?2"];
    let mut due = Vec::new();
    for range in ranges {
        let left = i64::from(limit) - int(due.len() as u64);
        let rest = format!("WHERE {free} AND {range} ORDER BY r.due_boot, r.due_ms, r.id LIMIT ?3");
        due.extend(Refund::select(&store.connection, &rest, (boot(now), int(now.millis), left))?);
    }
    due.into_iter().map(|refund| take(store, refund, now.after(term))).collect()
}

fn take(store: &Store, refund: Refund, until: Moment) -> Outcome<Lease> {
    let history = history(&store.connection, &refund)?;
    let state = State::fold(history.iter().map(|recorded| recorded.record))
        .map_err(|error| super::failure::broken(&refund.payment, refund.count, error))?;
    refund.must_match(&state)?;
    let fence = refund.fence + 1;
    store
        .connection
        .prepare_cached("UPDATE refunds SET fence = ?2, lease_boot = ?3, lease_ms = ?4 WHERE id = ?1")?
        .execute((refund.id, int(fence), boot(until), int(until.millis)))?;
    store.remember(refund.intent, state);
    Ok(Lease {
        at: At { intent: refund.intent, fence, seq: state.seq },
        payment: refund.payment,
        currency: refund.currency,
        key: refund.key,
        history,
    })
}

/// Prolongs a lease from now, also one that has ended, unless somebody took it.
pub(super) fn renew(store: &Store, at: At, term: Duration) -> Outcome<()> {
    let refund = Refund::find(&store.connection, at.intent)?.ok_or(JournalError::NotFound)?;
    if refund.fence != at.fence {
        return Err(JournalError::Fenced.into());
    }
    let until = store.clock.now().after(term);
    store
        .connection
        .prepare_cached("UPDATE refunds SET lease_boot = ?2, lease_ms = ?3 WHERE id = ?1")?
        .execute((refund.id, boot(until), int(until.millis)))?;
    Ok(())
}

/// Gives a lease back. The refund goes to the end of the queue, so that one that cannot go on (its payment is busy)
/// does not keep the others waiting.
pub(super) fn release(store: &Store, at: At) -> Outcome<()> {
    let Some(refund) = Refund::find(&store.connection, at.intent)? else { return Ok(()) };
    if refund.fence != at.fence {
        return Ok(());
    }
    let now = store.clock.now();
    let due = if now.until(refund.due).is_some_and(|left| !left.is_zero()) { refund.due } else { now };
    store
        .connection
        .prepare_cached(
            "UPDATE refunds SET fence = ?2, lease_boot = NULL, lease_ms = NULL, due_boot = ?3, due_ms = ?4
             WHERE id = ?1",
        )?
        .execute((refund.id, int(refund.fence + 1), boot(due), int(due.millis)))?;
    Ok(())
}
