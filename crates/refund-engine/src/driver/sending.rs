//! The one call that has an effect: connect, arm, fire. Every wait comes before the connection.

use super::{Halt, News, Off, Run};
use crate::{
    journal::{Recorded, Role},
    machine::{Event, FiredKind, Record},
    traffic::{Came, Leave, Mode, TooMany},
};
use refund_core::{
    ArmError, ArmRecord, DoubtReason, Journaled, Moment, NotSent, NotSentReason, RefundOutcome, Submission,
};

impl Run {
    pub(super) async fn open(&mut self) -> Result<Event, Off> {
        let Some(prepared) = self.prepared.clone() else {
            // Only after its personal data was erased; what may have been sent is not made up anew.
            let detail = "the prepared request is not in the journal any more";
            return Ok(self.not_sent(NotSent::new(NotSentReason::Unusable, detail)));
        };
        if self.gate.leave(self.timer.now()) == Leave::ReadFirst {
            // The answer does not matter here, only that there is one: the breaker hears of it.
            let _ = self.look().await?;
        }
        let slot = self.turn().await?;
        let now = self.timer.now();
        self.pass = match self.gate.pass(now) {
            Ok(pass) => Some(pass),
            Err(Leave::Wait(until)) => return Ok(self.paused(until)),
            Err(Leave::ReadFirst | Leave::Go) => return Ok(self.paused(now)),
        };
        self.slot = Some(slot);
        let provider = std::sync::Arc::clone(&self.provider);
        let opened = tokio::select! {
            biased;
            opened = provider.open(&prepared) => opened,
            () = self.stopper.when_asked() => return Err(Off::Leaving),
        };
        Ok(match opened {
            Ok(opened) => {
                self.opened = Some(opened);
                Event::OpenDone
            }
            Err(not_sent) => self.not_sent(not_sent),
        })
    }

    /// The last moment to stay: what other refunds of the account came to since the connection counts, too.
    pub(super) async fn arm(&mut self, record: Record) -> Result<Event, Off> {
        let Record::Armed { lineage, attempt, fire_by } = record else {
            unreachable!("the machine arms with armed records only")
        };
        let opened = self.opened.take().expect("the machine arms only what was opened");
        if let Mode::Open { until } = self.gate.mode() {
            return Ok(self.paused(until));
        }
        let digest = self.prepared.as_ref().expect("what was opened was prepared").digest();
        let arm = ArmRecord { at: self.at, lineage, attempt, digest, fire_by };
        self.armed = match Journaled::arm(opened, &arm, &*self.journal).await {
            Ok(armed) => Some(armed),
            // Nothing was written: it waits like one that finds the payment busy before it is reserved.
            Err(busy @ ArmError::Busy) => {
                (self.slot, self.pass) = (None, None);
                self.explain(busy.to_string());
                return Ok(Event::PaymentBusy);
            }
            Err(error) => return Err(Halt::from(error).into()),
        };
        self.at.seq += 1;
        self.lease.history.push(Recorded::bare(record, self.timer.wall()));
        Ok(Event::ArmDone)
    }

    pub(super) async fn fire(&mut self) -> Event {
        let armed = self.armed.take().expect("the machine fires only what was armed");
        let begun = self.timer.now();
        let submission = armed.fire().await;
        let now = self.timer.now();
        let took = begun.until(now).unwrap_or_default();
        let (event, outcome) = match submission {
            Submission::NotSent(not_sent) => (self.not_sent(not_sent), "not-sent"),
            Submission::Outcome { outcome, evidence } => {
                self.attach = vec![(Role::Evidence, evidence)];
                let kind = self.fired(&outcome);
                self.tell_the_gate(kind, now);
                self.outcome = Some(outcome);
                (Event::Fired(kind), word(kind))
            }
        };
        (self.slot, self.pass) = (None, None);
        self.gate.labels.sent(outcome, took);
        event
    }

    /// An ambiguous refusal is an unknown outcome, too: it takes a settle window to clear up.
    fn tell_the_gate(&mut self, kind: FiredKind, now: Moment) {
        let came = match kind {
            FiredKind::Unknown { .. } | FiredKind::DeclinedUnconfirmed => Came::Unknown,
            FiredKind::Accepted | FiredKind::Settled | FiredKind::Declined => Came::Known,
        };
        let too_many = match kind {
            FiredKind::Unknown { why: DoubtReason::Status(429), .. } => TooMany::Said,
            _ => TooMany::NotSaid,
        };
        self.gate.answered(now, too_many);
        let pass = self.pass.take().expect("nothing is opened without leave");
        if let Some(until) = self.gate.sent(pass, came, now) {
            tracing::warn!("too many unknown outcomes: nothing more is sent for a while");
            self.gate.labels.tripped();
            self.news.push(News::Paused { until });
        }
    }

    /// Nothing is sent before this moment, and nothing was.
    pub(super) fn paused(&mut self, until: Moment) -> Event {
        (self.opened, self.slot, self.pass) = (None, None, None);
        self.explain("sends of this account are stopped: too many of them ended unknown".to_owned());
        self.news.push(News::Paused { until });
        Event::Paused { until }
    }

    fn fired(&mut self, outcome: &RefundOutcome) -> FiredKind {
        match outcome {
            RefundOutcome::Accepted(reference) => {
                self.attach.push((Role::Reference, reference.0.clone()));
                FiredKind::Accepted
            }
            RefundOutcome::Settled(reference) => {
                self.attach.extend(reference.iter().map(|found| (Role::Reference, found.0.clone())));
                FiredKind::Settled
            }
            RefundOutcome::Declined(decline) => {
                self.explain(format!("{}: {}", decline.code, decline.text));
                self.news.push(News::Declined(decline.clone()));
                match decline.certainty {
                    refund_core::Certainty::Final => FiredKind::Declined,
                    refund_core::Certainty::Confirm => FiredKind::DeclinedUnconfirmed,
                }
            }
            RefundOutcome::Unknown(doubt) => {
                self.explain(format!("{}: {}", doubt.why.as_str(), doubt.detail));
                self.news.push(News::Doubt(doubt.clone()));
                self.attach.extend(doubt.salvaged.iter().map(|found| (Role::Reference, found.0.clone())));
                if doubt.refusal.is_some() {
                    return FiredKind::DeclinedUnconfirmed;
                }
                FiredKind::Unknown { why: doubt.why, salvaged: doubt.salvaged.is_some() }
            }
        }
    }

    fn not_sent(&mut self, not_sent: NotSent) -> Event {
        let reason = not_sent.reason;
        (self.opened, self.slot, self.pass) = (None, None, None);
        self.explain(not_sent.to_string());
        self.news.push(News::NotSent(not_sent));
        Event::NotSent(reason)
    }
}

/// The outcome as metrics call it.
fn word(kind: FiredKind) -> &'static str {
    match kind {
        FiredKind::Accepted => "accepted",
        FiredKind::Settled => "settled",
        FiredKind::Declined => "declined",
        FiredKind::DeclinedUnconfirmed => "declined-unconfirmed",
        FiredKind::Unknown { .. } => "unknown",
    }
}
