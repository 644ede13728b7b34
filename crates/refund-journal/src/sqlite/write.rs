//! What writes records: plan, reserve, append, arm. Each is one job in the writing thread's transaction.

use super::{
    failure::{Failure, Outcome, broken},
    rows::{Refund, Store, attachments, boot, int},
};
use crate::fold;
use refund_core::{ArmError, ArmRecord, At, Digest};
use refund_engine::{
    JournalError, Plan, Planned, Record, Recorded, Reservation, Role, State, codec, lineage,
};
use rusqlite::OptionalExtension;

/// Plans refunds, all or none of the fresh ones.
pub(super) fn plan(store: &Store, plans: &[Plan]) -> Outcome<Vec<Planned>> {
    plans.iter().map(|plan| plan_one(store, plan)).collect()
}

fn plan_one(store: &Store, plan: &Plan) -> Outcome<Planned> {
    if let Some(there) = Refund::find(&store.connection, plan.intent)? {
        return compare(store, &there, plan);
    }
    let refuse = |detail: String| Err(broken(&plan.payment, 0, detail));
    if plan.intent != lineage::intent_id(&plan.payment.provider, &plan.payment.account, &plan.key) {
        return refuse(format!("the id of refund {} is not derived from its account and key", plan.intent));
    }
    if plan.amount.is_some_and(|amount| amount.currency() != plan.currency) {
        return refuse(format!("refund {} is planned in another currency than its payment", plan.intent));
    }
    let (payment_id, currency, count, head) = store.payment_row(&plan.payment, plan.currency)?;
    if currency != plan.currency.code() {
        return refuse(format!("refund {} is in {}, its payment in {currency}", plan.intent, plan.currency));
    }
    let refund = Refund {
        id: insert_refund(store, plan, payment_id)?,
        intent: plan.intent,
        key: plan.key.clone(),
        payment_id,
        payment: plan.payment.clone(),
        currency: plan.currency,
        count,
        head,
        summary: (&State::EMPTY).into(),
        planned: plan.wall,
        changed: plan.wall,
        due: store.clock.now(),
        fence: 0,
        lease: None,
    };
    let record = Record::Planned { amount: plan.amount.map(|amount| amount.minor()) };
    let recorded = Recorded::bare(record, plan.wall)
        .with(Role::Command, plan.command.clone())
        .with(Role::Note, plan.note.clone());
    store.write(&refund, State::EMPTY, &recorded)?;
    Ok(Planned::Fresh)
}

fn insert_refund(store: &Store, plan: &Plan, payment_id: i64) -> Outcome<i64> {
    let now = store.clock.now();
    store
        .connection
        .prepare_cached(
            "INSERT INTO refunds (intent, payment, key, phase, seq, holds, claims, workable, planned, changed,
                 due_boot, due_ms)
             VALUES (?1, ?2, ?3, 'planned', 0, 0, 0, 0, ?4, ?4, ?5, ?6)",
        )?
        .execute((
            plan.intent.0.to_be_bytes(),
            payment_id,
            plan.key.as_str(),
            plan.wall.0,
            boot(now),
            int(now.millis),
        ))?;
    Ok(store.connection.last_insert_rowid())
}

/// The key is there: is it the same request?
fn compare(store: &Store, there: &Refund, plan: &Plan) -> Outcome<Planned> {
    let event: i64 = store
        .connection
        .prepare_cached("SELECT id FROM events WHERE refund = ?1 AND seq = 1")?
        .query_row([there.id], |row| row.get(0))?;
    let attached = attachments(&store.connection, event, &there.payment, there.count)?;
    let Some((named, data)) = attached.into_iter().find(|(named, _)| named.role == Role::Command) else {
        return Err(broken(&there.payment, there.count, "the plan has no command attached"));
    };
    if named.digest == plan.command.digest() {
        return Ok(Planned::Same);
    }
    // Of an erased command only the digest is left, and that differs.
    let Some(data) = data else { return Ok(Planned::Differs { field: "command" }) };
    let field = codec::difference(&data, &plan.command)
        .map_err(|error| broken(&there.payment, there.count, error))?;
    Ok(field.map_or(Planned::Same, |field| Planned::Differs { field }))
}

/// Takes an amount from the payment's budget.
pub(super) fn reserve(store: &Store, reservation: &Reservation) -> Outcome<u64> {
    let refund = held_by(store, reservation.at)?;
    let Record::Reserved { amount, baseline, .. } = reservation.recorded.record else {
        let detail = format!("{} is not a reservation", reservation.recorded.record.kind());
        return Err(broken(&refund.payment, refund.count + 1, detail));
    };
    fold::admit(amount, &baseline, &refund.siblings(&store.connection)?)?;
    write(store, &refund, &reservation.recorded)
}

/// Writes a record that has no call of its own.
pub(super) fn append(store: &Store, at: At, recorded: &Recorded) -> Outcome<u64> {
    let refund = held_by(store, at)?;
    if !fold::is_appended(&recorded.record) {
        let detail = format!("{} has a call of its own and is not appended", recorded.record.kind());
        return Err(broken(&refund.payment, refund.count + 1, detail));
    }
    write(store, &refund, recorded)
}

/// Writes the record before a send. The inner error is the arm's own refusal.
pub(super) fn arm(store: &Store, record: &ArmRecord) -> Outcome<Result<(), ArmError>> {
    let refund = held_by(store, record.at)?;
    if reserved_payload(store, &refund)? != Some(record.digest) {
        return Ok(Err(ArmError::OtherPayload));
    }
    // A first send needs the payment to itself; a resend has had it since.
    let first = store.state(&refund)?.maybe_sent == 0;
    if first && fold::overtaken_by(&refund.siblings(&store.connection)?).is_some() {
        return Ok(Err(ArmError::Busy));
    }
    let armed = Record::Armed { lineage: record.lineage, attempt: record.attempt, fire_by: record.fire_by };
    write(store, &refund, &Recorded::bare(armed, store.clock.wall()))?;
    Ok(Ok(()))
}

/// The digest of the request that the last reservation prepared.
fn reserved_payload(store: &Store, refund: &Refund) -> Outcome<Option<Digest>> {
    let digest = store
        .connection
        .prepare_cached(
            "SELECT a.digest FROM events e JOIN attachments a ON a.event = e.id
             WHERE e.refund = ?1 AND e.kind = 'reserved' AND a.role = 'prepared' ORDER BY e.seq DESC LIMIT 1",
        )?
        .query_row([refund.id], |row| row.get(0))
        .optional()?;
    Ok(digest.map(Digest))
}

fn write(store: &Store, refund: &Refund, recorded: &Recorded) -> Outcome<u64> {
    let next = store.write(refund, store.state(refund)?, recorded)?;
    store.remember(refund.intent, next);
    Ok(next.seq)
}

/// The refund, if the writer still holds it and knows its last record.
fn held_by(store: &Store, at: At) -> Outcome<Refund> {
    let refund = Refund::find(&store.connection, at.intent)?.ok_or(JournalError::NotFound)?;
    if refund.fence != at.fence {
        return Err(JournalError::Fenced.into());
    }
    if refund.summary.seq != at.seq {
        return Err(Failure::Refused(JournalError::Stale { expected: at.seq, found: refund.summary.seq }));
    }
    Ok(refund)
}
