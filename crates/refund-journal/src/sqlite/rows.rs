//! Rows and what they mean: reading refunds and histories, writing one record with everything that goes with it.
//!
//! Whatever a row holds that cannot be is told as a damaged journal, with payment and number. This module must not
//! know fences, budgets or threads.

use super::failure::{Failure, Outcome, broken};
use crate::{
    chain::{Link, Named, genesis},
    fold::{self, Sibling, Summary},
};
use refund_core::{
    AccountId, BootId, Clock, Currency, Digest, IntentId, IntentKey, Moment, Opaque, PaymentId, PaymentRef,
    ProviderId, WallTime,
};
use refund_engine::{Attachment, Record, Recorded, Role, State, codec};
use rusqlite::{Connection, OptionalExtension, Row};
use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

/// States are kept so that a refund in work is not folded for each of its records.
const STATES_MAX: usize = 8_192;

/// What the writing thread works with.
pub(super) struct Store {
    pub(super) connection: Connection,
    pub(super) clock: Arc<dyn Clock>,
    states: RefCell<BTreeMap<IntentId, State>>,
}

impl super::worker::Context for Store {
    fn connection(&self) -> &Connection {
        &self.connection
    }
}

impl Store {
    pub(super) fn new(connection: Connection, clock: Arc<dyn Clock>) -> Self {
        Self { connection, clock, states: RefCell::default() }
    }

    /// The refund's state: remembered, if the number says that it is still the one, else folded from its records.
    pub(super) fn state(&self, refund: &Refund) -> Outcome<State> {
        let known = self.states.borrow().get(&refund.intent).copied();
        if let Some(state) = known.filter(|state| state.seq == refund.summary.seq) {
            return Ok(state);
        }
        let state = fold_records(&self.connection, refund.id, &refund.payment)?;
        refund.must_match(&state)?;
        Ok(state)
    }

    /// Remembers a state. To be called last, when nothing of the job can be refused any more: a job that is rolled
    /// back must leave no state behind that another process could then write differently.
    pub(super) fn remember(&self, intent: IntentId, state: State) {
        let mut states = self.states.borrow_mut();
        if state.phase.is_final() {
            states.remove(&intent);
            return;
        }
        if states.len() >= STATES_MAX {
            states.clear();
        }
        states.insert(intent, state);
    }

    /// Writes one more record of a refund, with what is attached, and answers the state after it.
    pub(super) fn write(&self, refund: &Refund, state: State, recorded: &Recorded) -> Outcome<State> {
        let number = refund.count + 1;
        let next = fold::follow(state, recorded).map_err(|detail| broken(&refund.payment, number, detail))?;
        let body = codec::encode_record(&recorded.record);
        let attached: Vec<Named> = recorded.attachments.iter().map(Named::from).collect();
        let hash = Link {
            prev: refund.head,
            intent: refund.intent,
            seq: next.seq,
            number,
            wall: recorded.wall,
            kind: recorded.record.kind(),
            body: &body,
            attached: &attached,
        }
        .hash();
        self.insert_event(refund, number, &next, recorded, &body, hash)?;
        self.insert_attachments(&recorded.attachments, &attached)?;
        self.update_summary(refund, &next, recorded.wall)?;
        self.connection
            .prepare_cached("UPDATE payments SET count = ?2, head = ?3 WHERE id = ?1")?
            .execute((refund.payment_id, int(number), &hash.0))?;
        Ok(next)
    }

    fn insert_event(
        &self,
        refund: &Refund,
        number: u64,
        next: &State,
        recorded: &Recorded,
        body: &[u8],
        hash: Digest,
    ) -> Outcome<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO events (payment, number, refund, seq, wall, kind, body, prev, hash)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute((
                refund.payment_id,
                int(number),
                refund.id,
                int(next.seq),
                recorded.wall.0,
                recorded.record.kind(),
                body,
                &refund.head.0,
                &hash.0,
            ))?;
        Ok(())
    }

    fn insert_attachments(&self, attachments: &[Attachment], named: &[Named]) -> Outcome<()> {
        let event = self.connection.last_insert_rowid();
        for (place, (attachment, name)) in attachments.iter().zip(named).enumerate() {
            self.connection
                .prepare_cached(
                    "INSERT INTO attachments (event, place, role, schema, digest) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute((event, int(place as u64), name.role.as_str(), &name.schema, &name.digest.0))?;
            self.connection
                .prepare_cached("INSERT INTO blobs (event, place, bytes) VALUES (?1, ?2, ?3)")?
                .execute((event, int(place as u64), attachment.data.bytes()))?;
        }
        Ok(())
    }

    fn update_summary(&self, refund: &Refund, next: &State, wall: WallTime) -> Outcome<()> {
        let summary = Summary::from(next);
        let due = next.due.unwrap_or_else(|| self.clock.now());
        self.connection
            .prepare_cached(
                "UPDATE refunds SET phase = ?2, amount = ?3, seq = ?4, holds = ?5, claims = ?6, workable = ?7,
                     changed = ?8, due_boot = ?9, due_ms = ?10
                 WHERE id = ?1",
            )?
            .execute((
                refund.id,
                summary.phase.as_str(),
                summary.amount,
                int(summary.seq),
                summary.holds,
                summary.claims,
                summary.workable,
                wall.0,
                boot(due),
                int(due.millis),
            ))?;
        Ok(())
    }

    /// The payment's row, made if there is none: id, currency, count and head.
    pub(super) fn payment_row(
        &self,
        payment: &PaymentRef,
        currency: Currency,
    ) -> Outcome<(i64, String, u64, Digest)> {
        let (provider, account, name) = texts(payment);
        let find = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, count(row.get(2)?), Digest(row.get(3)?)));
        let found = self
            .connection
            .prepare_cached(
                "SELECT id, currency, count, head FROM payments
                 WHERE provider = ?1 AND account = ?2 AND payment = ?3",
            )?
            .query_row((provider, account, name), find)
            .optional()?;
        if let Some(found) = found {
            return Ok(found);
        }
        let head = genesis(payment, currency.code());
        self.connection
            .prepare_cached(
                "INSERT INTO payments (provider, account, payment, currency, count, head)
                 VALUES (?1, ?2, ?3, ?4, 0, ?5)",
            )?
            .execute((provider, account, name, currency.code(), &head.0))?;
        Ok((self.connection.last_insert_rowid(), currency.code().to_owned(), 0, head))
    }
}

/// A refund's row together with its payment's.
#[derive(Clone, Debug)]
pub(super) struct Refund {
    pub(super) id: i64,
    pub(super) intent: IntentId,
    pub(super) key: IntentKey,
    pub(super) payment_id: i64,
    pub(super) payment: PaymentRef,
    pub(super) currency: Currency,
    pub(super) count: u64,
    pub(super) head: Digest,
    pub(super) summary: Summary,
    pub(super) planned: WallTime,
    pub(super) changed: WallTime,
    pub(super) due: Moment,
    pub(super) fence: u64,
    pub(super) lease: Option<Moment>,
}

impl Refund {
    /// What every query that makes refunds selects, `r` being the refund and `p` its payment.
    pub(super) const COLUMNS: &str =
        "r.id, r.intent, r.key, r.payment, p.provider, p.account, p.payment, p.currency,
        p.count, p.head, r.phase, r.amount, r.seq, r.holds, r.claims, r.workable, r.planned, r.changed,
        r.due_boot, r.due_ms, r.fence, r.lease_boot, r.lease_ms";

    /// The refunds for which `rest` (joins done, `WHERE` and further) holds.
    pub(super) fn select(
        connection: &Connection,
        rest: &str,
        values: impl rusqlite::Params,
    ) -> Outcome<Vec<Self>> {
        let columns = Self::COLUMNS;
        let sql = format!("SELECT {columns} FROM refunds r JOIN payments p ON p.id = r.payment {rest}");
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(values)?;
        let mut refunds = Vec::new();
        while let Some(row) = rows.next()? {
            refunds.push(Self::read(row)?);
        }
        Ok(refunds)
    }

    pub(super) fn find(connection: &Connection, intent: IntentId) -> Outcome<Option<Self>> {
        Ok(Self::select(connection, "WHERE r.intent = ?1", [intent.0.to_be_bytes()])?.pop())
    }

    fn read(row: &Row<'_>) -> Outcome<Self> {
        let payment = payment_ref(row.get(4)?, row.get(5)?, row.get(6)?)?;
        let count = count(row.get(8)?);
        let bad = |what: &str, text: &str| broken(&payment, count, format!("{what} {text:?} is not known"));
        let (key, currency, phase): (String, String, String) = (row.get(2)?, row.get(7)?, row.get(10)?);
        let lease = match (row.get(21)?, row.get(22)?) {
            (Some(boot), Some(ms)) => Some(moment(boot, ms)),
            _ => None,
        };
        Ok(Self {
            id: row.get(0)?,
            intent: IntentId(u128::from_be_bytes(row.get(1)?)),
            key: IntentKey::parse(key.clone()).map_err(|_| bad("the key", &key))?,
            payment_id: row.get(3)?,
            currency: Currency::from_code(&currency).ok_or_else(|| bad("the currency", &currency))?,
            count,
            head: Digest(row.get(9)?),
            summary: Summary {
                phase: fold::phase(&phase).ok_or_else(|| bad("the phase", &phase))?,
                amount: row.get(11)?,
                seq: self::count(row.get(12)?),
                holds: row.get(13)?,
                claims: row.get(14)?,
                workable: row.get(15)?,
            },
            planned: WallTime(row.get(16)?),
            changed: WallTime(row.get(17)?),
            due: moment(row.get(18)?, row.get(19)?),
            fence: self::count(row.get(20)?),
            lease,
            payment,
        })
    }

    /// What is kept beside the records must be what they add up to.
    pub(super) fn must_match(&self, state: &State) -> Outcome<()> {
        let folded = Summary::from(state);
        let too_early =
            state.due.is_some_and(|due| due.boot == self.due.boot && int(due.millis) > int(self.due.millis));
        if folded == self.summary && !too_early {
            return Ok(());
        }
        let detail = format!(
            "what is kept beside refund {} is not what its records add up to: {:?}, not {folded:?}",
            self.intent, self.summary
        );
        Err(broken(&self.payment, self.count, detail))
    }

    /// The other refunds of the payment that take from its budget or hold it.
    pub(super) fn siblings(&self, connection: &Connection) -> Outcome<Vec<Sibling>> {
        let mut statement = connection.prepare_cached(
            "SELECT intent, phase, claims, holds FROM refunds
             WHERE payment = ?1 AND id <> ?2 AND (claims <> 0 OR holds <> 0) ORDER BY id",
        )?;
        let mut rows = statement.query((self.payment_id, self.id))?;
        let mut siblings = Vec::new();
        while let Some(row) = rows.next()? {
            let word: String = row.get(1)?;
            let unknown = || broken(&self.payment, self.count, format!("the phase {word:?} is not known"));
            siblings.push(Sibling {
                intent: IntentId(u128::from_be_bytes(row.get(0)?)),
                phase: fold::phase(&word).ok_or_else(unknown)?,
                claims: row.get(2)?,
                holds: row.get(3)?,
            });
        }
        Ok(siblings)
    }
}

/// The state of a refund's records.
pub(super) fn fold_records(connection: &Connection, refund: i64, payment: &PaymentRef) -> Outcome<State> {
    let mut statement =
        connection.prepare_cached("SELECT number, body FROM events WHERE refund = ?1 ORDER BY seq")?;
    let mut rows = statement.query([refund])?;
    let mut state = State::EMPTY;
    while let Some(row) = rows.next()? {
        let number = count(row.get(0)?);
        let record = decode(payment, number, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
        state = state.apply(record).map_err(|error| broken(payment, number, error))?;
    }
    Ok(state)
}

pub(super) fn decode(payment: &PaymentRef, number: u64, body: &[u8]) -> Outcome<Record> {
    codec::decode_record(body).map_err(|error| broken(payment, number, error))
}

/// A refund's records with what is attached to them. Bytes that were erased are left out; bytes that were changed are
/// found.
pub(super) fn history(connection: &Connection, refund: &Refund) -> Outcome<Vec<Recorded>> {
    let mut statement = connection
        .prepare_cached("SELECT id, number, wall, body FROM events WHERE refund = ?1 ORDER BY seq")?;
    let mut rows = statement.query([refund.id])?;
    let mut history = Vec::new();
    while let Some(row) = rows.next()? {
        let number = count(row.get(1)?);
        let body: Vec<u8> = row.get(3)?;
        let record = decode(&refund.payment, number, &body)?;
        let attached = attachments(connection, row.get(0)?, &refund.payment, number)?;
        let attachments = attached
            .into_iter()
            .filter_map(|(named, data)| Some(Attachment { role: named.role, data: data? }))
            .collect();
        history.push(Recorded { record, wall: WallTime(row.get(2)?), attachments });
    }
    Ok(history)
}

/// What is attached to a record, in order: what the record says of it, and the bytes unless they were erased.
pub(super) fn attachments(
    connection: &Connection,
    event: i64,
    payment: &PaymentRef,
    number: u64,
) -> Outcome<Vec<(Named, Option<Opaque>)>> {
    let mut statement = connection.prepare_cached(
        "SELECT a.role, a.schema, a.digest, b.bytes FROM attachments a LEFT JOIN blobs b USING (event, place)
         WHERE a.event = ?1 ORDER BY a.place",
    )?;
    let mut rows = statement.query([event])?;
    let mut attached = Vec::new();
    while let Some(row) = rows.next()? {
        let (word, schema, digest): (String, String, [u8; 32]) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let role = Role::parse(&word)
            .ok_or_else(|| broken(payment, number, format!("the role {word:?} is not known")))?;
        let named = Named { role, schema: schema.clone(), digest: Digest(digest) };
        let bytes: Option<Vec<u8>> = row.get(3)?;
        let data = bytes
            .map(|bytes| Opaque::new(schema, bytes).map_err(|error| broken(payment, number, error)))
            .transpose()?;
        if data.as_ref().is_some_and(|data| data.digest() != named.digest) {
            let detail = format!("the attached {word} does not match its digest");
            return Err(broken(payment, number, detail));
        }
        attached.push((named, data));
    }
    Ok(attached)
}

pub(super) fn texts(payment: &PaymentRef) -> (&str, &str, &str) {
    (payment.provider.as_str(), payment.account.as_str(), payment.payment.as_str())
}

pub(super) fn payment_ref(provider: String, account: String, payment: String) -> Outcome<PaymentRef> {
    let place = format!("{provider}/{account}/{payment}");
    let bad = |error: refund_core::IdError| -> Failure {
        let detail = error.to_string();
        refund_engine::JournalError::Broken { payment: place.clone(), number: 0, detail }.into()
    };
    Ok(PaymentRef {
        provider: ProviderId::parse(provider).map_err(bad)?,
        account: AccountId::parse(account).map_err(bad)?,
        payment: PaymentId::parse(payment).map_err(bad)?,
    })
}

/// SQLite counts in signed 64 bits. Nothing here comes near the limit but moments that mean "never".
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The other way; what cannot be is taken for zero, which fits nothing and is found.
pub(super) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

pub(super) fn boot(moment: Moment) -> [u8; 16] {
    moment.boot.0.to_be_bytes()
}

pub(super) fn moment(boot: [u8; 16], millis: i64) -> Moment {
    Moment::new(BootId(u128::from_be_bytes(boot)), count(millis))
}
