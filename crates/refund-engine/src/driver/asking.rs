//! Calls without effect: the payment, an acknowledged refund's status, a look after a doubt.
//!
//! Each waits for its turn first, can be given up at any moment, and tells the breaker whether the gateway answers.

use super::{News, Off, Run, latest};
use crate::{
    journal::{JournalError, Role},
    lineage::lineage_key,
    machine::{Baseline, BaselineRole, Event, ProbedKind, Record, StatusKind},
    prior::prior,
    traffic::{Leave, Read, Slot, TooMany},
};
use refund_core::{
    LookupError, Money, Payment, PaymentState, Prior, Probe, ProviderRef, RefundState, StatusError,
    StatusQuery, Verdict,
};
use std::{future::Future, sync::Arc};

impl Run {
    /// Looks at the payment, which is only ever the beginning of a send.
    pub(super) async fn lookup(&mut self) -> Result<Event, Off> {
        if let Leave::Wait(until) = self.gate.leave(self.timer.now()) {
            return Ok(self.paused(until));
        }
        // The journal first: a refund done between the two reads makes the baseline look old, never new.
        let prior = self.read_prior().await?;
        let payment = match self.look().await? {
            Ok(payment) => payment,
            Err(error) => {
                self.explain(error.to_string());
                self.news.push(News::Lookup(error));
                return Ok(Event::LookupFailed);
            }
        };
        let refunded = payment.refunded.map(Money::minor);
        let role = match self.machine.policy.reads_baseline() {
            true => BaselineRole::Evidence,
            false => BaselineRole::Unused,
        };
        let baseline = Baseline {
            captured: payment.captured.minor(),
            refunded,
            used: refunded.unwrap_or(0).max(prior.done.minor()),
            role,
        };
        if baseline.lags() {
            let shown = payment.refunded.unwrap_or(prior.done);
            let detail = format!(
                "it shows {shown} refunded, this journal saw {} done; its reading lags, or a refund was undone: try \
                 again later, and look into the cabinet if it stays so",
                prior.done
            );
            self.explain(detail.clone());
            self.news.push(News::Lookup(LookupError::CannotTell { detail }));
        }
        self.payment = Some(payment);
        self.prior = Some(prior);
        Ok(Event::LookedUp(baseline))
    }

    pub(super) async fn look(&mut self) -> Result<Result<Payment, LookupError>, Off> {
        let (provider, payment) = (Arc::clone(&self.provider), self.lease.payment.clone());
        // What the gateway does not know, or nobody may ask, it has answered.
        let failed =
            |answer: &_| matches!(answer, Err(LookupError::Read(_) | LookupError::CannotTell { .. }));
        self.ask("lookup", provider.lookup(&payment), failed).await
    }

    pub(super) async fn read_prior(&mut self) -> Result<Prior, JournalError> {
        let (payment, currency) = (&self.lease.payment, self.lease.currency);
        prior(&*self.journal, payment, currency, self.at.intent).await
    }

    pub(super) async fn ask_status(&mut self) -> Result<Event, Off> {
        self.attach.clear();
        let Some(reference) = latest(&self.lease.history, Role::Reference).cloned().map(ProviderRef) else {
            self.news.push(News::Status(StatusError::Unsupported));
            return Ok(Event::Status(StatusKind::Failed));
        };
        let (provider, payment, amount) =
            (Arc::clone(&self.provider), self.lease.payment.clone(), self.amount());
        let query = StatusQuery { payment: &payment, reference: &reference, amount };
        let failed =
            |answer: &_| matches!(answer, Err(StatusError::Read(_) | StatusError::Unreadable { .. }));
        let report = match self.ask("status", provider.status(&query), failed).await? {
            Ok(report) => report,
            Err(error) => {
                self.explain(error.to_string());
                self.news.push(News::Status(error));
                return Ok(Event::Status(StatusKind::Failed));
            }
        };
        self.attach = vec![(Role::Evidence, report.evidence)];
        Ok(Event::Status(match report.state {
            RefundState::Processing => StatusKind::Processing,
            RefundState::Settled => StatusKind::Settled,
            RefundState::Canceled => StatusKind::Canceled,
            RefundState::Mismatch { detail } => {
                self.explain(detail.clone());
                self.news.push(News::StatusWord(detail));
                StatusKind::Mismatch
            }
            RefundState::Unrecognised { label } => {
                self.explain(label.clone());
                self.news.push(News::StatusWord(label));
                StatusKind::Unrecognised
            }
            _ => StatusKind::Unrecognised,
        }))
    }

    pub(super) async fn probe(&mut self) -> Result<Event, Off> {
        self.attach.clear();
        let Some((baseline, prepared)) = self.baseline().zip(self.prepared.clone()) else {
            self.news.push(News::Look("the journal holds no baseline".to_owned()));
            return Ok(Event::Probed(ProbedKind::CannotTell));
        };
        let salvaged = self.machine.state.salvaged.then(|| latest(&self.lease.history, Role::Reference));
        let salvaged = salvaged.flatten().cloned().map(ProviderRef);
        let (provider, payment) = (Arc::clone(&self.provider), self.lease.payment.clone());
        let key = lineage_key(&payment, self.at.intent, self.machine.state.lineage);
        let probe = Probe {
            payment: &payment,
            baseline: &baseline,
            prepared: &prepared,
            amount: self.amount(),
            key: &key,
            salvaged: salvaged.as_ref(),
        };
        let failed = |report: &refund_core::ProbeReport| matches!(report.verdict, Verdict::Unreadable { .. });
        let report = self.ask("probe", provider.probe(&probe), failed).await?;
        self.attach = vec![(Role::Evidence, report.evidence)];
        Ok(Event::Probed(match report.verdict {
            Verdict::Happened(Some(reference)) => {
                self.attach.push((Role::Reference, reference.0));
                ProbedKind::HappenedWithReference
            }
            Verdict::Happened(None) => ProbedKind::Happened,
            Verdict::NotSeen => ProbedKind::NotSeen,
            Verdict::CannotTell { detail } => self.looked(detail, ProbedKind::CannotTell),
            Verdict::Unreadable { detail } => self.looked(detail, ProbedKind::Unreadable),
        }))
    }

    fn looked(&mut self, detail: String, kind: ProbedKind) -> ProbedKind {
        self.explain(detail.clone());
        self.news.push(News::Look(detail));
        kind
    }

    /// The payment as it was before the lineage's first send, rebuilt from its reservation.
    fn baseline(&self) -> Option<Payment> {
        let reserved =
            self.lease.history.iter().rev().find(|r| matches!(r.record, Record::Reserved { .. }))?;
        let baseline = self.machine.state.baseline?;
        let data = reserved.attached(Role::Baseline)?.clone();
        let mut payment = Payment::new(self.money(baseline.captured), PaymentState::Captured, data);
        payment.refunded = baseline.refunded.map(|minor| self.money(minor));
        Some(payment)
    }

    /// One read in its turn, given up when it is time to leave.
    async fn ask<T>(
        &mut self,
        call: &'static str,
        what: impl Future<Output = T>,
        failed: impl Fn(&T) -> bool,
    ) -> Result<T, Off> {
        let _slot = self.turn().await?;
        let begun = self.timer.now();
        let answer = tokio::select! {
            biased;
            answer = what => answer,
            () = self.stopper.when_asked() => return Err(Off::Leaving),
        };
        let now = self.timer.now();
        let (came, result) = match failed(&answer) {
            true => (Read::Failed, "failed"),
            false => (Read::Answered, "answered"),
        };
        self.gate.read(came, now);
        self.gate.answered(now, TooMany::NotSaid);
        self.gate.labels.read(call, result, begun.until(now).unwrap_or_default());
        Ok(answer)
    }

    /// Waits until the account bears one more call; the lease lives on.
    pub(super) async fn turn(&mut self) -> Result<Slot, Off> {
        let begun = self.timer.now();
        let slot = loop {
            let piece = self.timer.now().after(self.term / 3);
            tokio::select! {
                biased;
                slot = self.gate.slot() => break slot,
                () = self.stopper.when_asked() => return Err(Off::Leaving),
                () = self.timer.wait_until(piece) => {}
            }
            self.prolong().await?;
        };
        while let Err(until) = self.gate.turn(self.timer.now()) {
            self.idle(until).await?;
        }
        let now = self.timer.now();
        let waited = begun.until(now).unwrap_or_default();
        if !waited.is_zero() {
            self.gate.labels.waited(waited);
        }
        if now.has_reached(self.prolonged.after(self.term / 3)) {
            self.prolong().await?;
        }
        Ok(slot)
    }
}
