//! A process that is driven a few awaits at a time, and killed by dropping it.
//!
//! Whatever it calls in the world first takes a step on its [`Leash`]; without steps left it stands still in the middle
//! of that await, like a process the machine has paused. Dropping the runtime drops every task where it stands.

use crate::{
    gateway::{Door, Gateway},
    ledger::payment,
    stores::{Opened, Truth, Watched},
    world::{Shared, SiteClock},
};
use async_trait::async_trait;
use refund_core::{Clock, IntentId, Moment, WallTime};
use refund_engine::{Engine, Halt, Patience, Report, Timer, codec::Note, machine::Decision};
use std::{
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Poll, Waker},
    time::Duration,
};
use tokio::{runtime::Runtime, task::JoinHandle};

/// How many steps a process may take before it stands still.
#[derive(Clone, Default)]
pub(crate) struct Leash(Arc<Mutex<Steps>>);

#[derive(Default)]
struct Steps {
    left: u64,
    /// Somebody who wants to go on.
    standing: Option<Waker>,
    /// Whoever drives the process.
    driver: Option<Waker>,
}

impl Leash {
    /// One step: goes on when the process is driven on.
    pub(crate) async fn tick(&self) {
        poll_fn(|context| {
            let mut steps = self.0.lock().expect("no panic while stepping");
            if steps.left > 0 {
                steps.left -= 1;
                return Poll::Ready(());
            }
            steps.standing = Some(context.waker().clone());
            if let Some(driver) = steps.driver.take() {
                driver.wake();
            }
            Poll::Pending
        })
        .await;
    }

    fn grant(&self, steps: u64) {
        let mut mine = self.0.lock().expect("no panic while stepping");
        mine.left = steps;
        if let Some(standing) = mine.standing.take() {
            standing.wake();
        }
    }

    /// True when the process stands still; else the driver is woken when it does.
    fn stands(&self, driver: &Waker) -> bool {
        let mut steps = self.0.lock().expect("no panic while stepping");
        steps.driver = Some(driver.clone());
        steps.left == 0 && steps.standing.is_some()
    }
}

/// What a process is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Approve,
    Run,
    Watch,
    Nudge,
    Withdraw,
    TakeByHand,
    Decide(Decision),
}

type Job = JoinHandle<Result<Report, Halt>>;

pub(crate) struct Process {
    runtime: Runtime,
    engine: Engine,
    leash: Leash,
    job: Option<(IntentId, Order, Job)>,
}

/// How long a lease lives: shorter than a settle window, so that a paused worker is overtaken.
pub(crate) const TERM: Duration = Duration::from_secs(60);

impl Process {
    pub(crate) fn start(
        world: &Shared,
        site: usize,
        gateway: &Arc<Gateway>,
        journal: Opened,
        truth: &Truth,
    ) -> Self {
        let leash = Leash::default();
        let watched = Watched::new(journal, truth.clone(), world.clone(), leash.clone(), site);
        let timer = SiteTimer { clock: world.clock(site), leash: leash.clone() };
        let door = Door {
            gateway: Arc::clone(gateway),
            world: world.clone(),
            leash: leash.clone(),
            truth: truth.clone(),
            site,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("no drivers, no failure");
        let engine = Engine::builder(Arc::new(watched), Arc::new(timer))
            .provider(payment().account, Arc::new(door))
            .lease_term(TERM)
            .seed(1)
            .build();
        Self { runtime, engine, leash, job: None }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What it is doing.
    pub(crate) fn busy(&self) -> Option<(IntentId, Order)> {
        self.job.as_ref().map(|(intent, order, _)| (*intent, *order))
    }

    pub(crate) fn begin(&mut self, intent: IntentId, order: Order) {
        let engine = self.engine.clone();
        let note = Note { actor: "world".into(), reason: "told to".into(), ..Note::default() };
        let job = self.runtime.spawn(async move {
            match order {
                Order::Approve => engine.approve(intent, note).await,
                Order::Run => engine.run(intent, Patience::None).await,
                Order::Watch => engine.run(intent, Patience::Patient).await,
                Order::Nudge => engine.nudge(intent, Patience::None).await,
                Order::Withdraw => engine.withdraw(intent, note).await,
                Order::TakeByHand => engine.take_by_hand(intent, note).await,
                Order::Decide(decision) => engine.decide(intent, decision, note).await,
            }
        });
        self.job = Some((intent, order, job));
    }

    /// Drives the process so many steps; answers what its job came to, if it ended.
    pub(crate) fn drive(&mut self, steps: u64) -> Option<(IntentId, Order, Result<Report, Halt>)> {
        let (intent, order, job) = self.job.as_mut()?;
        let leash = self.leash.clone();
        leash.grant(steps);
        let ended = self.runtime.block_on(poll_fn(|context| match Pin::new(&mut *job).poll(context) {
            Poll::Ready(end) => Poll::Ready(Some(end.expect("the engine reports panics of its own tasks"))),
            Poll::Pending if leash.stands(context.waker()) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }))?;
        let told = (*intent, *order, ended);
        self.job = None;
        Some(told)
    }
}

/// A machine's clock that can be waited for: waiting moves real time.
struct SiteTimer {
    clock: SiteClock,
    leash: Leash,
}

impl Clock for SiteTimer {
    fn now(&self) -> Moment {
        self.clock.now()
    }

    fn wall(&self) -> WallTime {
        self.clock.wall()
    }
}

#[async_trait]
impl Timer for SiteTimer {
    async fn wait_until(&self, until: Moment) {
        self.leash.tick().await;
        if let Some(left) = self.now().until(until) {
            let left = u64::try_from(left.as_millis()).expect("stories are short");
            self.clock.world.lock().advance(left);
        }
        self.leash.tick().await;
    }
}

use std::future::Future as _;
