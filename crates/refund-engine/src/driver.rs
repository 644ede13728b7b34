//! Obeys the machine, one command at a time, for one refund under one lease.
//!
//! It decides nothing: what to do next, and in which order, is the machine's. It must not know SQL or a gateway. It
//! runs in a task of its own ([`crate::engine`]), so that a caller who hangs up cannot drop it between "armed" and
//! "kept".

pub use crate::report::{Ended, Halt, News, Patience, Report};

use crate::{
    clock::Timer,
    codec::{self, CodecError, Note},
    journal::{Journal, JournalError, Lease, Recorded, Reservation, Role},
    lineage::lineage_key,
    machine::{
        Baseline, BaselineRole, Command, Event, FiredKind, Machine, Misstep, Policy, ProbedKind, Record,
        ResendGround, State, StatusKind, step,
    },
    prior::prior,
};
use refund_core::{
    ArmRecord, At, Journaled, LookupError, Moment, Money, NotSent, NotSentReason, Opaque, Opened, Payment,
    PaymentState, Prepared, Prior, Probe, ProviderRef, RefundAmount, RefundCommand, RefundOutcome,
    RefundProvider, RefundState, StatusError, StatusQuery, Submission, Verdict, rules,
};
use std::{sync::Arc, time::Duration};

/// What a run needs.
pub(crate) struct Job {
    pub provider: Arc<dyn RefundProvider>,
    pub journal: Arc<dyn Journal>,
    pub timer: Arc<dyn Timer>,
    pub term: Duration,
    pub patience: Patience,
    pub lease: Lease,
    pub begin: Event,
    pub note: Option<Note>,
}

/// Runs a refund until it stops, then gives the lease back.
pub(crate) async fn drive(job: Job) -> Result<Report, Halt> {
    let (journal, at) = (Arc::clone(&job.journal), job.lease.at);
    let result = match Run::start(job) {
        Ok(mut run) => run.obey().await,
        Err(halt) => Err(halt),
    };
    // A lease that cannot be given back expires by itself.
    if let Err(error) = journal.release(at).await {
        tracing::debug!(intent = %at.intent, %error, "lease not given back");
    }
    result
}

struct Run {
    provider: Arc<dyn RefundProvider>,
    journal: Arc<dyn Journal>,
    timer: Arc<dyn Timer>,
    term: Duration,
    patience: Patience,
    lease: Lease,
    at: At,
    machine: Machine,
    begin: Event,
    /// What a person said, for the record that carries it.
    note: Option<Note>,
    /// What the next record carries.
    attach: Vec<(Role, Opaque)>,
    payment: Option<Payment>,
    /// What the journal knew of the payment's other refunds before the gateway was looked at.
    prior: Option<Prior>,
    prepared: Option<Prepared>,
    opened: Option<Box<dyn Opened>>,
    armed: Option<Journaled>,
    /// The gateway's answer until it is kept.
    outcome: Option<RefundOutcome>,
    news: Vec<News>,
}

impl Run {
    fn start(job: Job) -> Result<Self, Halt> {
        let state = State::fold(job.lease.history.iter().map(|recorded| recorded.record));
        let state = state.map_err(Misstep::OutOfOrder)?;
        let policy = Policy::of(job.provider.describe());
        let prepared = latest(&job.lease.history, Role::Prepared).cloned().map(Prepared::new);
        Ok(Self {
            machine: Machine::new(state, policy),
            at: job.lease.at,
            provider: job.provider,
            journal: job.journal,
            timer: job.timer,
            term: job.term,
            patience: job.patience,
            lease: job.lease,
            begin: job.begin,
            note: job.note,
            attach: Vec::new(),
            payment: None,
            prior: None,
            prepared,
            opened: None,
            armed: None,
            outcome: None,
            news: Vec::new(),
        })
    }

    async fn obey(&mut self) -> Result<Report, Halt> {
        let mut event = self.begin;
        loop {
            let (machine, command) = step(self.machine, event, self.timer.now())?;
            self.machine = machine;
            tracing::debug!(intent = %self.at.intent, phase = machine.state.phase.as_str(), ?command);
            event = match command {
                Command::Lookup => self.lookup().await?,
                Command::Check { lineage } => self.check(lineage).await?,
                Command::Reserve(record) => self.reserve(record).await?,
                Command::Open => self.open().await,
                Command::Arm(record) => self.arm(record).await?,
                Command::Fire => self.fire().await,
                Command::Keep(record) => self.keep(record).await?,
                Command::AskStatus => self.ask_status().await,
                Command::Probe => self.probe().await,
                Command::Wait(until) if self.patience == Patience::Patient => self.wait(until).await?,
                Command::Wait(until) => return Ok(self.report(Ended::Due(until))),
                Command::Stop(stop) => return Ok(self.report(Ended::Stopped(stop))),
            };
        }
    }

    fn report(&mut self, ended: Ended) -> Report {
        Report { state: self.machine.state, ended, news: std::mem::take(&mut self.news) }
    }

    async fn lookup(&mut self) -> Result<Event, Halt> {
        // The journal first: a refund done between the two reads makes the baseline look old, never new.
        let prior = self.read_prior().await?;
        let payment = match self.provider.lookup(&self.lease.payment).await {
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

    async fn read_prior(&mut self) -> Result<Prior, JournalError> {
        let (payment, currency) = (&self.lease.payment, self.lease.currency);
        prior(&*self.journal, payment, currency, self.at.intent).await
    }

    async fn check(&mut self, lineage: u32) -> Result<Event, Halt> {
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

    async fn reserve(&mut self, record: Record) -> Result<Event, Halt> {
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

    async fn open(&mut self) -> Event {
        let Some(prepared) = &self.prepared else {
            // Only after its personal data was erased; what may have been sent is not made up anew.
            let detail = "the prepared request is not in the journal any more";
            return self.not_sent(NotSent::new(NotSentReason::Unusable, detail));
        };
        match self.provider.open(prepared).await {
            Ok(opened) => {
                self.opened = Some(opened);
                Event::OpenDone
            }
            Err(not_sent) => self.not_sent(not_sent),
        }
    }

    async fn arm(&mut self, record: Record) -> Result<Event, Halt> {
        let Record::Armed { lineage, attempt, fire_by } = record else {
            unreachable!("the machine arms with armed records only")
        };
        let opened = self.opened.take().expect("the machine arms only what was opened");
        let digest = self.prepared.as_ref().expect("what was opened was prepared").digest();
        let arm = ArmRecord { at: self.at, lineage, attempt, digest, fire_by };
        self.armed = Some(Journaled::arm(opened, &arm, &*self.journal).await?);
        self.at.seq += 1;
        self.lease.history.push(Recorded::bare(record, self.timer.wall()));
        Ok(Event::ArmDone)
    }

    async fn fire(&mut self) -> Event {
        let armed = self.armed.take().expect("the machine fires only what was armed");
        match armed.fire().await {
            Submission::NotSent(not_sent) => self.not_sent(not_sent),
            Submission::Outcome { outcome, evidence } => {
                self.attach = vec![(Role::Evidence, evidence)];
                let kind = self.fired(&outcome);
                self.outcome = Some(outcome);
                Event::Fired(kind)
            }
        }
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
        self.explain(not_sent.to_string());
        self.news.push(News::NotSent(not_sent));
        Event::NotSent(reason)
    }

    async fn keep(&mut self, record: Record) -> Result<Event, Halt> {
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
                Ok(Event::KeepDone)
            }
            Err(error) => Err(Halt::Journal { error, unrecorded }),
        }
    }

    /// Why the same request may be sent again, with the numbers, for whoever reads the journal.
    fn ground(&self, on: ResendGround) -> String {
        let money = |minor| Money::new(minor, self.lease.currency);
        let (state, amount) = (&self.machine.state, self.amount());
        let number = state.attempt.saturating_add(1);
        match (on, state.baseline) {
            (ResendGround::SelfFencing, Some(Baseline { captured, used, .. })) => format!(
                "send {number} of lineage {}: two copies do not fit, {} refunded before + 2 x {amount} > {} captured; \
                 assumes G1: the gateway enforces refunded <= captured atomically",
                state.lineage,
                money(used),
                money(captured)
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

    async fn ask_status(&mut self) -> Event {
        self.attach.clear();
        let Some(reference) = latest(&self.lease.history, Role::Reference).cloned().map(ProviderRef) else {
            self.news.push(News::Status(StatusError::Unsupported));
            return Event::Status(StatusKind::Failed);
        };
        let query =
            StatusQuery { payment: &self.lease.payment, reference: &reference, amount: self.amount() };
        let report = match self.provider.status(&query).await {
            Ok(report) => report,
            Err(error) => {
                self.explain(error.to_string());
                self.news.push(News::Status(error));
                return Event::Status(StatusKind::Failed);
            }
        };
        self.attach = vec![(Role::Evidence, report.evidence)];
        Event::Status(match report.state {
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
        })
    }

    async fn probe(&mut self) -> Event {
        self.attach.clear();
        let Some((baseline, prepared)) = self.baseline().zip(self.prepared.clone()) else {
            self.news.push(News::Look("the journal holds no baseline".to_owned()));
            return Event::Probed(ProbedKind::CannotTell);
        };
        let salvaged = self.machine.state.salvaged.then(|| latest(&self.lease.history, Role::Reference));
        let salvaged = salvaged.flatten().cloned().map(ProviderRef);
        let key = lineage_key(&self.lease.payment, self.at.intent, self.machine.state.lineage);
        let probe = Probe {
            payment: &self.lease.payment,
            baseline: &baseline,
            prepared: &prepared,
            amount: self.amount(),
            key: &key,
            salvaged: salvaged.as_ref(),
        };
        let report = self.provider.probe(&probe).await;
        self.attach = vec![(Role::Evidence, report.evidence)];
        Event::Probed(match report.verdict {
            Verdict::Happened(Some(reference)) => {
                self.attach.push((Role::Reference, reference.0));
                ProbedKind::HappenedWithReference
            }
            Verdict::Happened(None) => ProbedKind::Happened,
            Verdict::NotSeen => ProbedKind::NotSeen,
            Verdict::CannotTell { detail } => self.looked(detail, ProbedKind::CannotTell),
            Verdict::Unreadable { detail } => self.looked(detail, ProbedKind::Unreadable),
        })
    }

    fn looked(&mut self, detail: String, kind: ProbedKind) -> ProbedKind {
        self.explain(detail.clone());
        self.news.push(News::Look(detail));
        kind
    }

    /// Waits in pieces shorter than the lease, so that it lives on.
    async fn wait(&mut self, until: Moment) -> Result<Event, Halt> {
        loop {
            let piece = self.timer.now().after((self.term / 2).max(Duration::from_secs(1)));
            let last = !until.has_reached(piece);
            self.timer.wait_until(if last { until } else { piece }).await;
            self.journal.renew(self.at, self.term).await?;
            if last {
                return Ok(Event::Go);
            }
        }
    }

    /// The payment as it was before the lineage's first send, rebuilt from its reservation.
    fn baseline(&self) -> Option<Payment> {
        let reserved =
            self.lease.history.iter().rev().find(|r| matches!(r.record, Record::Reserved { .. }))?;
        let baseline = self.machine.state.baseline?;
        let money = |minor| Money::new(minor, self.lease.currency);
        let data = reserved.attached(Role::Baseline)?.clone();
        let mut payment = Payment::new(money(baseline.captured), PaymentState::Captured, data);
        payment.refunded = baseline.refunded.map(money);
        Some(payment)
    }

    fn amount(&self) -> Money {
        Money::new(self.machine.state.amount.unwrap_or(0), self.lease.currency)
    }

    /// Something the next record's note should say.
    fn explain(&mut self, detail: String) {
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

/// The newest attachment of a role.
fn latest(history: &[Recorded], role: Role) -> Option<&Opaque> {
    history.iter().rev().find_map(|recorded| recorded.attached(role))
}
