//! Obeys the machine, one command at a time, for one refund under one lease.
//!
//! It decides nothing: what to do next, and in which order, is the machine's. It must not know SQL or a gateway. It
//! runs in a task of its own ([`crate::engine`]), so that a caller who hangs up cannot drop it between "armed" and
//! "kept". Told to leave, it gives up what has no effect (looks, waits, connections) and carries out the rest.

mod asking;
mod sending;
mod writing;

pub use crate::report::{Ended, Halt, News, Patience, Report};

use crate::{
    clock::Timer,
    codec::Note,
    journal::{Journal, JournalError, Lease, Recorded, Role},
    machine::{Command, Event, Machine, Policy, State},
    stop::Stopper,
    traffic::{Gate, Pass, Slot},
};
use refund_core::{
    At, Journaled, Moment, Money, Opaque, Opened, Payment, Prepared, Prior, RefundOutcome, RefundProvider,
};
use std::{sync::Arc, time::Duration};
use tracing::{Instrument as _, Span, field};

/// What a run needs.
pub(crate) struct Job {
    pub provider: Arc<dyn RefundProvider>,
    pub journal: Arc<dyn Journal>,
    pub timer: Arc<dyn Timer>,
    pub gate: Gate,
    pub stopper: Stopper,
    pub chance: fastrand::Rng,
    pub term: Duration,
    pub patience: Patience,
    pub lease: Lease,
    pub begin: Event,
    pub note: Option<Note>,
}

/// Runs a refund until it stops, then gives the lease back.
pub(crate) async fn drive(job: Job) -> Result<Report, Halt> {
    let (journal, at, payment) = (Arc::clone(&job.journal), job.lease.at, &job.lease.payment);
    // Names and numbers of our own only: no payment, no key, no text of a gateway or a person.
    let span = tracing::info_span!(
        "refund",
        intent = %at.intent,
        provider = %payment.provider,
        account = %payment.account,
        phase = field::Empty,
    );
    let obeyed = async {
        match Run::start(job) {
            Ok(mut run) => run.obey().await,
            Err(halt) => Err(halt),
        }
    };
    let result = obeyed.instrument(span).await;
    // A lease that cannot be given back expires by itself.
    if journal.release(at).await.is_err() {
        tracing::debug!(intent = %at.intent, "lease not given back");
    }
    result
}

struct Run {
    provider: Arc<dyn RefundProvider>,
    journal: Arc<dyn Journal>,
    timer: Arc<dyn Timer>,
    gate: Gate,
    stopper: Stopper,
    /// What back-offs are shortened by: the machine itself knows no chance.
    chance: fastrand::Rng,
    term: Duration,
    patience: Patience,
    lease: Lease,
    /// When the lease was last prolonged.
    prolonged: Moment,
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
    /// Room at the gateway and leave to send, from before the connection until the answer.
    slot: Option<Slot>,
    pass: Option<Pass>,
    /// The gateway's answer until it is kept.
    outcome: Option<RefundOutcome>,
    news: Vec<News>,
}

/// Why a run leaves the machine alone.
enum Off {
    /// It broke off.
    Halt(Halt),
    /// It was told to leave, and nothing that has an effect is under way.
    Leaving,
}

impl<T: Into<Halt>> From<T> for Off {
    fn from(halt: T) -> Self {
        Self::Halt(halt.into())
    }
}

impl Run {
    fn start(job: Job) -> Result<Self, Halt> {
        let state = trusted(&job.lease)?;
        let policy = Policy::of(job.provider.describe());
        let prepared = latest(&job.lease.history, Role::Prepared).cloned().map(Prepared::new);
        Ok(Self {
            machine: Machine::new(state, policy),
            at: job.lease.at,
            provider: job.provider,
            journal: job.journal,
            prolonged: job.timer.now(),
            timer: job.timer,
            gate: job.gate,
            stopper: job.stopper,
            chance: job.chance,
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
            slot: None,
            pass: None,
            outcome: None,
            news: Vec::new(),
        })
    }

    async fn obey(&mut self) -> Result<Report, Halt> {
        let ended = match self.go_on().await {
            Ok(ended) => ended,
            Err(Off::Leaving) => {
                self.stopper.leave();
                Ended::Interrupted
            }
            Err(Off::Halt(halt)) => return Err(halt),
        };
        Ok(Report { state: self.machine.state, ended, news: std::mem::take(&mut self.news) })
    }

    async fn go_on(&mut self) -> Result<Ended, Off> {
        let mut event = self.begin;
        loop {
            self.machine.jitter = self.chance.u16(..);
            let command = self.machine.step(event, self.timer.now())?;
            let phase = self.machine.state.phase.as_str();
            Span::current().record("phase", phase);
            tracing::debug!(phase, command = command.word());
            if self.stopper.asked() && !command.must_be_done() {
                return Err(Off::Leaving);
            }
            event = match command {
                Command::Lookup => self.lookup().await?,
                Command::Check { lineage } => self.check(lineage)?,
                Command::Reserve(record) => self.reserve(record).await?,
                Command::Open => self.open().await?,
                Command::Arm(record) => self.arm(record).await?,
                Command::Fire => self.fire().await,
                Command::Keep(record) => self.keep(record).await?,
                Command::AskStatus => self.ask_status().await?,
                Command::Probe => self.probe().await?,
                Command::Wait(until) if self.patience == Patience::Patient => self.wait(until).await?,
                Command::Wait(until) => return Ok(Ended::Due(until)),
                Command::Stop(stop) => return Ok(Ended::Stopped(stop)),
            };
        }
    }

    /// Waits for what the machine waits for, under a lease that lives on.
    async fn wait(&mut self, until: Moment) -> Result<Event, Off> {
        self.idle(until).await?;
        self.prolong().await?;
        Ok(Event::Go)
    }

    /// Waits in pieces shorter than the lease, so that it lives on, and no longer than anybody wants it to.
    async fn idle(&mut self, until: Moment) -> Result<(), Off> {
        loop {
            let piece = self.timer.now().after((self.term / 2).max(Duration::from_secs(1)));
            let last = !until.has_reached(piece);
            tokio::select! {
                biased;
                () = self.stopper.when_asked() => return Err(Off::Leaving),
                () = self.timer.wait_until(if last { until } else { piece }) => {}
            }
            if last {
                return Ok(());
            }
            self.prolong().await?;
        }
    }

    async fn prolong(&mut self) -> Result<(), JournalError> {
        self.journal.renew(self.at, self.term).await?;
        self.prolonged = self.timer.now();
        Ok(())
    }

    fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.lease.currency)
    }

    fn amount(&self) -> Money {
        self.money(self.machine.state.amount.unwrap_or(0))
    }
}

/// The state a history adds up to, if all of it is there and every record follows. On anything less nothing is asked
/// and nothing is sent.
fn trusted(lease: &Lease) -> Result<State, JournalError> {
    let broken = |number, detail: String| JournalError::Broken {
        payment: lease.payment.to_string(),
        number,
        detail: format!("refund {}: {detail}", lease.at.intent),
    };
    let records = lease.history.iter().map(|recorded| recorded.record);
    let state = State::fold(records).map_err(|error| broken(error.seq, error.to_string()))?;
    if state.seq != lease.at.seq {
        let detail = format!("its history ends at record {}, its last is {}", state.seq, lease.at.seq);
        return Err(broken(state.seq + 1, detail));
    }
    Ok(state)
}

/// The newest attachment of a role.
fn latest(history: &[Recorded], role: Role) -> Option<&Opaque> {
    history.iter().rev().find_map(|recorded| recorded.attached(role))
}
