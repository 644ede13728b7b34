//! What is written, and what is made up for it: the checked request, the reservation, records with what belongs to them.

use super::{Halt, News, Off, Run, latest};
use crate::{
    codec::{self, CodecError},
    journal::{JournalError, Recorded, Reservation, Role},
    lineage::lineage_key,
    machine::{Baseline, Event, Record, ResendGround},
};
use refund_core::{Money, RefundAmount, RefundCommand, rules};
use std::time::Duration;

impl Run {
    pub(super) fn check(&mut self, lineage: u32) -> Result<Event, CodecError> {
        let payment = self.payment.take().expect("the machine checks only what it has looked up");
        let prior = self.prior.as_ref().expect("the journal was read before the gateway");
        let command = self.command()?;
        let policy = &self.provider.describe().cart;
        let verdict = rules::check(&command, &payment, prior, policy).and_then(|checked| {
            let key = lineage_key(&self.lease.payment, self.at.intent, lineage);
            let prepared = self.provider.prepare(&checked, &payment, &key)?;
            Ok((checked, prepared))
        });
        match verdict {
            Ok((checked, prepared)) => {
                let amount = checked.amount().minor();
                self.attach =
                    vec![(Role::Prepared, prepared.payload().clone()), (Role::Baseline, payment.data)];
                self.attach.extend(checked.lines().map(|lines| (Role::Lines, codec::encode_lines(lines))));
                self.prepared = Some(prepared);
                Ok(Event::Checked { amount })
            }
            Err(violations) => {
                self.explain(violations.to_string());
                self.news.push(News::Rules(violations));
                Ok(Event::Broken)
            }
        }
    }

    /// What was planned, with the amount that the first reservation fixed.
    fn command(&self) -> Result<RefundCommand, CodecError> {
        let missing =
            || CodecError { what: "a planned command", detail: "it is not there any more".to_owned() };
        let planned = latest(&self.lease.history, Role::Command).ok_or_else(missing)?;
        let mut command = codec::decode_command(planned)?;
        // Once fixed, "everything that is left" never grows or shrinks.
        if let Some(minor) = self.machine.state.amount {
            command.amount = RefundAmount::Exactly(Money::new(minor, self.lease.currency));
        }
        Ok(command)
    }

    pub(super) async fn reserve(&mut self, record: Record) -> Result<Event, Off> {
        let reservation = Reservation { at: self.at, recorded: self.recorded(record) };
        let seen = self.prior.take().expect("the machine reserves only what it has looked up");
        match self.journal.reserve(&reservation).await {
            Ok(seq) => {
                self.at.seq = seq;
                self.lease.history.push(reservation.recorded);
                let outdated = self.read_prior().await?.done != seen.done;
                Ok(if outdated { Event::ReserveOutdated } else { Event::ReserveDone })
            }
            Err(JournalError::Budget { .. }) if self.read_prior().await? != seen => Ok(Event::BudgetMoved),
            Err(JournalError::Budget { left }) => {
                let left = Money::new(left, self.lease.currency);
                self.explain(format!("budget: {left} left"));
                self.news.push(News::Budget { left });
                Ok(Event::OverBudget)
            }
            Err(busy @ JournalError::PaymentBusy { .. }) => {
                self.explain(busy.to_string());
                self.news.push(News::Busy(busy));
                Ok(Event::PaymentBusy)
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn keep(&mut self, record: Record) -> Result<Event, Halt> {
        if let Record::MayResend { on } = record {
            let why = self.ground(on);
            self.explain(why);
        }
        let recorded = self.recorded(record);
        let unrecorded = self.outcome.take();
        let kept = match unrecorded {
            Some(_) => self.append_patiently(&recorded).await,
            None => self.journal.append(self.at, &recorded).await,
        };
        match kept {
            Ok(seq) => {
                self.at.seq = seq;
                self.lease.history.push(recorded);
                self.count(record);
                Ok(Event::KeepDone)
            }
            Err(error) => Err(Halt::Journal { error, unrecorded }),
        }
    }

    fn count(&self, record: Record) {
        match record {
            Record::Held { why } => self.gate.labels.held(why),
            Record::MayResend { on } => self.gate.labels.resent(on),
            _ => {}
        }
    }

    /// Why the same request may be sent again, with the numbers, for whoever reads the journal.
    fn ground(&self, on: ResendGround) -> String {
        let (state, amount) = (&self.machine.state, self.amount());
        let number = state.attempt.saturating_add(1);
        match (on, state.baseline) {
            (ResendGround::SelfFencing, Some(Baseline { captured, used, .. })) => format!(
                "send {number} of lineage {}: two copies do not fit, {} refunded before + 2 x {amount} > {} captured; \
                 assumes G1: the gateway enforces refunded <= captured atomically",
                state.lineage,
                self.money(used),
                self.money(captured)
            ),
            _ => format!(
                "send {number} of lineage {}: the same bytes under the same key; the gateway replays its answer to a \
                 known key, which a test on this account has shown",
                state.lineage
            ),
        }
    }

    /// The gateway's answer is nowhere else: a journal that is only busy is asked again, as long as a lease lives.
    /// Any other failure may have written it, or will never write it.
    async fn append_patiently(&mut self, recorded: &Recorded) -> Result<u64, JournalError> {
        let (end, mut pause) = (self.timer.now().after(self.term), Duration::from_millis(200));
        loop {
            let written = self.journal.append(self.at, recorded).await;
            let Err(error @ JournalError::Unavailable { .. }) = written else { return written };
            let again = self.timer.now().after(pause);
            if !end.has_reached(again) {
                return Err(error);
            }
            tracing::warn!(intent = %self.at.intent, %error, ?pause, "the gateway's answer is not written yet");
            self.timer.wait_until(again).await;
            pause *= 2;
        }
    }

    /// Something the next record's note should say.
    pub(super) fn explain(&mut self, detail: String) {
        self.note.get_or_insert_default().details.push(detail);
    }

    fn recorded(&mut self, record: Record) -> Recorded {
        let mut recorded = Recorded::bare(record, self.timer.wall());
        for (role, data) in std::mem::take(&mut self.attach) {
            recorded = recorded.with(role, data);
        }
        match self.note.take() {
            Some(note) => recorded.with(Role::Note, codec::encode_note(&note)),
            None => recorded,
        }
    }
}
