//! Reading everything: every hash again, every history folded again, everything kept beside compared.
//!
//! It walks the payments in order and stops at the first thing that does not fit, naming payment and number.

use super::{
    failure::{Failure, Outcome, broken},
    rows::{Refund, attachments, count, decode, payment_ref},
};
use crate::chain::{Link, genesis, root};
use refund_core::{Digest, IntentId, PaymentRef, WallTime};
use refund_engine::{JournalError, Role, State, Verified, lineage};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Bytes that were erased: their record and its place in the chain stand.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Erased {
    /// Of which payment.
    pub payment: PaymentRef,
    /// The record's number in the payment's chain.
    pub number: u64,
    /// What was attached to it.
    pub role: Role,
}

/// What reading everything found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection {
    /// The journal's size and root.
    pub verified: Verified,
    /// What was erased, in order of payment and number.
    pub erased: Vec<Erased>,
}

pub(super) fn inspect(connection: &Connection) -> Outcome<Inspection> {
    let mut found = Found::default();
    let mut statement = connection.prepare(
        "SELECT id, provider, account, payment, currency, count, head FROM payments
         ORDER BY provider, account, payment",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let payment = payment_ref(row.get(1)?, row.get(2)?, row.get(3)?)?;
        let mut chain = Chain {
            connection,
            id: row.get(0)?,
            prev: genesis(&payment, row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?),
            payment,
            number: 0,
            refunds: BTreeMap::new(),
        };
        let told = (count(row.get(5)?), Digest(row.get(6)?));
        // A row that SQLite cannot read, or whose columns hold what they cannot, is damage at this place.
        chain.walk(told, &mut found).map_err(|failure| match failure {
            Failure::Store(error) => broken(&chain.payment, chain.number + 1, error),
            refused => refused,
        })?;
    }
    nothing_besides(connection, &found)?;
    let heads = found.heads.iter().copied();
    let verified = Verified { payments: found.heads.len() as u64, records: found.records, root: root(heads) };
    Ok(Inspection { verified, erased: found.erased })
}

#[derive(Default)]
struct Found {
    heads: Vec<Digest>,
    records: u64,
    refunds: u64,
    erased: Vec<Erased>,
}

/// One payment's chain while it is walked.
struct Chain<'a> {
    connection: &'a Connection,
    id: i64,
    payment: PaymentRef,
    prev: Digest,
    number: u64,
    /// By row: the refund's state so far, and when its first and last records were written.
    refunds: BTreeMap<i64, (State, WallTime, WallTime)>,
}

/// One event as it is stored.
struct Event {
    id: i64,
    number: u64,
    refund: i64,
    seq: u64,
    wall: WallTime,
    kind: String,
    body: Vec<u8>,
    prev: Vec<u8>,
    hash: Vec<u8>,
    intent: IntentId,
}

impl Chain<'_> {
    fn walk(&mut self, told: (u64, Digest), found: &mut Found) -> Outcome<()> {
        let connection = self.connection;
        let mut statement = connection.prepare_cached(
            "SELECT e.id, e.number, e.refund, e.seq, e.wall, e.kind, e.body, e.prev, e.hash, r.intent
             FROM events e JOIN refunds r ON r.id = e.refund WHERE e.payment = ?1 ORDER BY e.number",
        )?;
        let mut rows = statement.query([self.id])?;
        while let Some(row) = rows.next()? {
            self.check(&read(row)?, found)?;
        }
        if told != (self.number, self.prev) {
            let detail =
                format!("the chain has {} records, its payment says {}, or another end", self.number, told.0);
            return Err(self.broken(self.number, detail));
        }
        self.check_summaries(found)?;
        found.heads.push(self.prev);
        found.records += self.number;
        Ok(())
    }

    fn check(&mut self, event: &Event, found: &mut Found) -> Outcome<()> {
        let number = self.number + 1;
        if event.number != number {
            return Err(
                self.broken(number, format!("record {} follows record {}", event.number, self.number))
            );
        }
        if event.prev != self.prev.0 {
            return Err(self.broken(number, "it does not name the record before it"));
        }
        let attached = attachments(self.connection, event.id, &self.payment, number)?;
        let (named, data): (Vec<_>, Vec<_>) = attached.into_iter().unzip();
        let hash = Link {
            prev: self.prev,
            intent: event.intent,
            seq: event.seq,
            number,
            wall: event.wall,
            kind: &event.kind,
            body: &event.body,
            attached: &named,
        }
        .hash();
        if event.hash != hash.0 {
            return Err(self.broken(number, "it does not match its hash"));
        }
        for (named, _) in named.iter().zip(&data).filter(|(_, data)| data.is_none()) {
            found.erased.push(Erased { payment: self.payment.clone(), number, role: named.role });
        }
        self.fold(event, number)?;
        (self.prev, self.number) = (hash, number);
        Ok(())
    }

    fn fold(&mut self, event: &Event, number: u64) -> Outcome<()> {
        let record = decode(&self.payment, number, &event.body)?;
        if record.kind() != event.kind {
            return Err(
                self.broken(number, format!("its bytes are a {}, not a {}", record.kind(), event.kind))
            );
        }
        let (state, planned, _) =
            self.refunds.get(&event.refund).copied().unwrap_or((State::EMPTY, event.wall, event.wall));
        let next = state.apply(record).map_err(|error| self.broken(number, error))?;
        if next.seq != event.seq {
            return Err(
                self.broken(number, format!("it is record {} of its refund, not {}", next.seq, event.seq))
            );
        }
        self.refunds.insert(event.refund, (next, planned, event.wall));
        Ok(())
    }

    /// What is kept beside the records of the payment's refunds.
    fn check_summaries(&self, found: &mut Found) -> Outcome<()> {
        let refunds = Refund::select(self.connection, "WHERE r.payment = ?1", [self.id])?;
        for refund in &refunds {
            let Some((state, planned, changed)) = self.refunds.get(&refund.id) else {
                return Err(self.broken(self.number, format!("refund {} has no records", refund.intent)));
            };
            refund.must_match(state)?;
            let payment = &refund.payment;
            if refund.intent != lineage::intent_id(&payment.provider, &payment.account, &refund.key) {
                let detail = format!("the key kept beside refund {} is not its own", refund.intent);
                return Err(self.broken(self.number, detail));
            }
            if (refund.planned, refund.changed) != (*planned, *changed) {
                let detail = format!("the times kept beside refund {} are not its records'", refund.intent);
                return Err(self.broken(self.number, detail));
            }
        }
        found.refunds += refunds.len() as u64;
        Ok(())
    }

    fn broken(&self, number: u64, detail: impl ToString) -> Failure {
        broken(&self.payment, number, detail)
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        id: row.get(0)?,
        number: count(row.get(1)?),
        refund: row.get(2)?,
        seq: count(row.get(3)?),
        wall: WallTime(row.get(4)?),
        kind: row.get(5)?,
        body: row.get(6)?,
        prev: row.get(7)?,
        hash: row.get(8)?,
        intent: IntentId(u128::from_be_bytes(row.get(9)?)),
    })
}

/// Nothing that belongs to no payment, and no index that tells another story than its table.
fn nothing_besides(connection: &Connection, found: &Found) -> Outcome<()> {
    let elsewhere = |detail: String| -> Outcome<()> {
        Err(JournalError::Broken { payment: "(none)".to_owned(), number: 0, detail }.into())
    };
    for (table, walked) in [("events", found.records), ("refunds", found.refunds)] {
        let there =
            count(connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?);
        if there != walked {
            return elsewhere(format!("{there} rows in {table}, {walked} of them belong to a payment"));
        }
    }
    let report: String = super::open::pragma(connection, "integrity_check(1)")?;
    if report != "ok" {
        return elsewhere(format!("SQLite's own check: {report}"));
    }
    Ok(())
}
