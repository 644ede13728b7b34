//! One story: a seed picks refunds, workers, faults and people, then the weather calms down and everything must end.

use crate::{
    gateway::{Gateway, LAG},
    judge::Invariant,
    ledger::{By, CAPTURED, INTENTS, intents, key, payment},
    process::{Order, Process},
    seen::Seen,
    stores::{Store, Truth, judged},
    world::{Shared, Weather},
};
use refund_core::{IntentId, Money, RefundAmount, RefundCommand};
use refund_engine::{
    Halt, JournalError, NewRefund, Phase, Report,
    codec::Note,
    machine::{Decision, Misstep},
    memory::{Failure, Write},
};
use std::{collections::BTreeMap, sync::Arc};

/// Whether the story is written down.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Story {
    Silent,
    Told,
}

/// What a story came to.
pub(crate) struct End {
    pub(crate) broken: BTreeMap<Invariant, String>,
    pub(crate) lines: Vec<String>,
    pub(crate) seen: Seen,
}

const AMOUNTS: [Option<i64>; 7] =
    [Some(100), Some(300), Some(300), Some(400), Some(600), Some(CAPTURED), None];

struct Stage<'a> {
    world: Shared,
    truth: Truth,
    store: &'a dyn Store,
    gateway: Arc<Gateway>,
    workers: Vec<Option<Process>>,
    cast: Vec<IntentId>,
    fenced_off: u64,
}

/// Plays the story of a seed.
pub(crate) fn play(seed: u64, gateway: &Gateway, store: &dyn Store, story: Story) -> End {
    let world = Shared::new(seed, story == Story::Told);
    let truth = store.make(&world);
    let mut stage = Stage {
        world,
        truth,
        store,
        gateway: Arc::new(gateway.clone()),
        workers: vec![None, None],
        cast: Vec::new(),
        fenced_off: 0,
    };
    stage.world.lock().judge.keyed = gateway.keyed();
    stage.plan();
    let acts = 30 + stage.world.lock().dice.below(50);
    for _ in 0..acts {
        stage.act();
    }
    stage.end();
    let mut world = stage.world.lock();
    End {
        broken: std::mem::take(&mut world.judge.broken),
        lines: world.lines.take().unwrap_or_default(),
        seen: Seen::of(&stage.truth, stage.fenced_off),
    }
}

impl Stage<'_> {
    fn plan(&mut self) {
        let count = 1 + self.world.lock().dice.below(INTENTS as u64);
        for (number, intent) in (0..count).zip(intents()) {
            let amount = self.world.lock().dice.one_of(&AMOUNTS);
            let amount = amount.map_or(RefundAmount::Full, |minor| RefundAmount::Exactly(Money::rub(minor)));
            let new = NewRefund {
                key: key(usize::try_from(number).expect("few")),
                command: RefundCommand::new(payment(), amount),
                note: Note::default(),
            };
            let engine = self.worker(0).engine().clone();
            let planned =
                futures_util::FutureExt::now_or_never(engine.plan(&new)).expect("memory does not wait");
            assert_eq!(planned.expect("planned").0, intent);
            self.cast.push(intent);
            self.worker(0).begin(intent, Order::Approve);
            self.go_on(0, u64::MAX);
        }
    }

    fn worker(&mut self, site: usize) -> &mut Process {
        let (world, gateway, truth) = (&self.world, &self.gateway, &self.truth);
        let store = self.store;
        self.workers[site]
            .get_or_insert_with(|| Process::start(world, site, gateway, store.open(truth), truth))
    }

    /// One thing happens.
    fn act(&mut self) {
        let (dice, site) = {
            let mut world = self.world.lock();
            (world.dice.below(1_000), usize::from(world.dice.per_mille(300)))
        };
        match dice {
            0..=559 => self.work(site),
            560..=679 => self.time_passes(),
            680..=739 => self.crash(site),
            740..=754 => {
                self.crash(site);
                self.world.lock().reboot(site);
            }
            755..=844 => self.person(site),
            845..=889 => self.stranger(),
            890..=919 => self.cancel(),
            920..=949 => self.trouble(),
            _ => self.interfere(site),
        }
    }

    /// A worker goes on with what it does, or begins something.
    fn work(&mut self, site: usize) {
        if self.worker(site).busy().is_none() {
            // Often the very refund another worker stands still with.
            let paused = self.workers[1 - site].as_ref().and_then(Process::busy).map(|(intent, _)| intent);
            let (intent, order) = {
                let mut world = self.world.lock();
                let order = if world.dice.per_mille(100) { Order::Watch } else { Order::Run };
                let any = world.dice.one_of(&self.cast);
                (paused.filter(|_| world.dice.per_mille(400)).unwrap_or(any), order)
            };
            self.worker(site).begin(intent, order);
        }
        let steps = {
            let mut world = self.world.lock();
            if world.dice.per_mille(500) { 300 } else { 1 + world.dice.below(24) }
        };
        self.go_on(site, steps);
    }

    fn go_on(&mut self, site: usize, steps: u64) {
        let Some((intent, order, ended)) = self.worker(site).drive(steps) else { return };
        self.world.tell(|| match &ended {
            Ok(report) => format!("machine {site} ends {order:?} of {intent}: {:?}", report.ended),
            Err(halt) => format!("machine {site} ends {order:?} of {intent}: {halt:?}"),
        });
        self.compare(intent, &ended);
        let overtaken = |error: &Halt| match error {
            Halt::Arm(error) => matches!(error, refund_core::ArmError::Fenced | refund_core::ArmError::Stale),
            Halt::Journal { error, .. } => matches!(error, JournalError::Fenced),
            _ => false,
        };
        self.fenced_off += u64::from(ended.as_ref().is_err_and(overtaken));
        match ended {
            Err(halt @ (Halt::Task(_) | Halt::Codec(_) | Halt::NoProvider { .. })) => self.defect(&halt),
            Err(halt @ Halt::Misstep(Misstep::OutOfOrder(_) | Misstep::Unexpected { .. })) => {
                self.defect(&halt)
            }
            Err(halt @ Halt::Journal { error: JournalError::Broken { .. }, .. }) => self.defect(&halt),
            // A program whose journal fails ends; started again it opens the journal anew.
            Err(Halt::Journal { error, .. }) if !matches!(error, JournalError::Leased) => {
                self.workers[site] = None;
            }
            Err(Halt::Arm(_)) => self.workers[site] = None,
            _ => {}
        }
    }

    /// What no weather may bring about.
    fn defect(&self, halt: &Halt) {
        self.world.lock().broke(Invariant::Defect, halt.to_string());
    }

    /// What a run reports is what the journal says, unless somebody wrote since.
    fn compare(&mut self, intent: IntentId, ended: &Result<Report, Halt>) {
        let listed = self.truth.listed();
        let kept = listed.iter().find(|one| one.intent == intent).expect("planned").state;
        if let Ok(report) = ended
            && report.state.seq >= kept.seq
            && report.state != kept
        {
            let what = format!("a run reports {:?}, the journal says {kept:?}", report.state);
            self.world.lock().broke(Invariant::I9, what);
        }
    }

    fn time_passes(&mut self) {
        let mut world = self.world.lock();
        let awaited = world.awaited(&self.cast, self.gateway.descriptor.timing.settle);
        let by = match world.dice.below(9) {
            6..=8 if awaited.is_some() => awaited.unwrap_or(0),
            0 => world.dice.below(1_000),
            1 => world.dice.below(10_000),
            2 => 60_000,
            3 => world.dice.below(3_600_000),
            4 => 905_000,
            _ => LAG,
        };
        world.tell(|| format!("{by} ms pass"));
        world.advance(by);
    }

    fn crash(&mut self, site: usize) {
        if self.workers[site].take().is_some() {
            self.world.tell(|| format!("process on machine {site} dies"));
        }
    }

    /// A person sees in the cabinet what is there, and decides.
    fn person(&mut self, site: usize) {
        if self.worker(site).busy().is_some() {
            return;
        }
        let waiting: Vec<IntentId> = self.in_phases(&[Phase::NeedsReview, Phase::ByHand]);
        if waiting.is_empty() || self.deciding() {
            return;
        }
        let intent = self.world.lock().dice.one_of(&waiting);
        let decision = self.seen_by_a_person(intent);
        self.worker(site).begin(intent, Order::Decide(decision));
        let steps = 1 + self.world.lock().dice.below(40);
        self.go_on(site, steps);
    }

    fn seen_by_a_person(&mut self, intent: IntentId) -> Decision {
        let mut world = self.world.lock();
        if world.judge.state(intent).phase == Phase::ByHand
            && world.ledger.effects(intent) == 0
            && world.dice.per_mille(700)
        {
            let (amount, now) = (world.judge.state(intent).amount.expect("reserved"), world.now);
            let applied = world.ledger.apply(By::Hand(intent), amount, now, now).is_ok();
            world.tell(|| format!("a person refunds {intent} by hand: {applied}"));
            world.judged();
        }
        match world.ledger.effects(intent) {
            0 if world.weather == Weather::Stormy && world.dice.per_mille(400) => Decision::SendAgain,
            0 => Decision::DidNotHappen,
            _ => Decision::Happened,
        }
    }

    fn in_phases(&self, phases: &[Phase]) -> Vec<IntentId> {
        let listed = self.truth.listed();
        listed.iter().filter(|one| phases.contains(&one.state.phase)).map(|one| one.intent).collect()
    }

    fn deciding(&self) -> bool {
        let busy = self.workers.iter().flatten().filter_map(Process::busy);
        busy.into_iter().any(|(_, order)| matches!(order, Order::Decide(_)))
    }

    /// Somebody refunds behind our back; often as much as we want to.
    fn stranger(&mut self) {
        if !self.gateway.strangers {
            return;
        }
        let mut world = self.world.lock();
        let amount = world.dice.one_of(&[50, 100, 300, 300, 600]);
        let now = world.now;
        let applied = world.ledger.apply(By::Stranger, amount, now, now).is_ok();
        world.tell(|| format!("a stranger refunds {amount}: {applied}"));
        world.judged();
    }

    /// Somebody cancels a refund the gateway still works on. A person who decides just now is not made a liar.
    fn cancel(&mut self) {
        if self.gateway.at_once || self.deciding() {
            return;
        }
        let open = self.in_phases(&[
            Phase::Accepted,
            Phase::Processing,
            Phase::Sending,
            Phase::Unknown,
            Phase::NeedsReview,
        ]);
        let mut world = self.world.lock();
        let now = world.now;
        let mut canceled = None;
        for entry in &mut world.ledger.entries {
            let ours = entry.intent().is_some_and(|intent| open.contains(&intent));
            if ours && entry.done_at > now && entry.canceled_at.is_none() && canceled.is_none() {
                entry.canceled_at = Some(now);
                canceled = Some(entry.reference.clone());
            }
        }
        if let Some(reference) = canceled {
            world.tell(|| format!("{reference} is cancelled in the cabinet"));
        }
        world.judged();
    }

    fn trouble(&mut self) {
        let (write, failure) = {
            let mut world = self.world.lock();
            let write =
                world.dice.one_of(&[Write::Arm, Write::Arm, Write::Append, Write::Append, Write::Reserve]);
            let failures = [Failure::Unavailable, Failure::Poison, Failure::CommitLost, Failure::CommitKept];
            (write, world.dice.one_of(&failures))
        };
        self.world.tell(|| format!("the next {write:?} will fail: {failure:?}"));
        self.truth.order(write, failure);
    }

    /// A person pushes, takes back, or takes over.
    fn interfere(&mut self, site: usize) {
        if self.worker(site).busy().is_some() {
            return;
        }
        let (intent, order) = {
            let mut world = self.world.lock();
            let orders = [Order::Nudge, Order::Nudge, Order::Withdraw, Order::TakeByHand];
            (world.dice.one_of(&self.cast), world.dice.one_of(&orders))
        };
        self.worker(site).begin(intent, order);
        let steps = 1 + self.world.lock().dice.below(60);
        self.go_on(site, steps);
    }

    /// The weather calms down: whoever was paused dies, and everything comes to its end.
    fn end(&mut self) {
        self.workers = vec![None, None];
        self.world.lock().weather = Weather::Calm;
        self.world.tell(|| "calm".to_owned());
        for _ in 0..ROUNDS {
            if self.ended() == self.cast.len() {
                break;
            }
            for intent in self.cast.clone() {
                self.finish(intent);
            }
            self.world.lock().advance(2_000_000);
        }
        if self.ended() < self.cast.len() {
            let phases: Vec<_> = self.truth.listed().iter().map(|one| one.state).collect();
            self.world.lock().broke(Invariant::I12, format!("after {ROUNDS} rounds: {phases:?}"));
        }
        // Whatever is still under way arrives now, and nothing may change any more.
        self.world.lock().advance(100 * 900_000);
        judged(&self.world, &self.truth, None);
        if let Err(error) = self.truth.verify() {
            self.world.lock().broke(Invariant::I9, error.to_string());
        }
    }

    fn ended(&self) -> usize {
        self.truth.listed().iter().filter(|one| one.state.phase.is_final()).count()
    }

    fn finish(&mut self, intent: IntentId) {
        let state = self.world.lock().judge.state(intent);
        let order = match state.phase {
            phase if phase.is_final() => return,
            // What the gateway took it has to end itself.
            Phase::NeedsReview if state.may_still_be_told() => Order::Nudge,
            Phase::NeedsReview | Phase::ByHand => Order::Decide(self.seen_by_a_person(intent)),
            Phase::Planned => Order::Approve,
            _ => Order::Run,
        };
        self.worker(0).begin(intent, order);
        self.go_on(0, u64::MAX);
    }
}

/// Runs per refund that must be enough once nothing fails any more: a window, two looks, a new lineage, the schedule,
/// and for each of three refunds in turn.
const ROUNDS: usize = 60;
