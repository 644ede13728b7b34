//! Many schedules on several threads, counted per tier.
//!
//! A schedule depends on its tier and seed alone, so threads change nothing but the time it takes.

use crate::{Figures, Invariant, Kind, Simulator};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

/// What to play.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// How many schedules.
    pub schedules: u64,
    /// The first seed.
    pub from_seed: u64,
    /// On how many threads; at least one.
    pub threads: usize,
    /// One tier only; otherwise they take turns.
    pub kind: Option<Kind>,
}

/// Something that broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Violation {
    /// At which tier.
    pub kind: Kind,
    /// At which seed.
    pub seed: u64,
    /// What broke first.
    pub invariant: Invariant,
    /// At which event.
    pub event: u32,
}

/// What a run came to.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// Figures of each tier that was played, in the order of [`Kind::ALL`].
    pub tiers: Vec<(Kind, Figures)>,
    /// The violation with the lowest seed, if there is one.
    pub violation: Option<Violation>,
    /// Processor time of all threads together, in nanoseconds.
    pub processor_nanos: u64,
}

impl Played {
    /// All tiers together.
    pub fn total(&self) -> Figures {
        self.tiers.iter().fold(Figures::default(), |sum, (_, figures)| sum.and(*figures))
    }
}

/// How many schedules a thread takes at a time.
const CHUNK: u64 = 4_096;

/// Plays an order. `progress` hears how many schedules are done, from any thread. The run ends early at a violation.
pub fn run(order: Order, progress: impl Fn(u64) + Sync) -> Played {
    let (taken, done, stop) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    let all = Mutex::new(([Figures::default(); Kind::ALL.len()], None::<Violation>, 0_u64));
    let work = || {
        let mut simulator = Simulator::new();
        let mut tiers = [Figures::default(); Kind::ALL.len()];
        let mut violation: Option<Violation> = None;
        let began = processor_nanos();
        while !stop.load(Ordering::Relaxed) {
            let from = taken.fetch_add(CHUNK, Ordering::Relaxed);
            if from >= order.schedules {
                break;
            }
            let until = (from + CHUNK).min(order.schedules);
            for (place, kind) in Kind::ALL.into_iter().enumerate() {
                for seed in
                    (order.from_seed + from..order.from_seed + until).filter(|seed| plays(order, kind, *seed))
                {
                    if let Some((invariant, event)) = simulator.play(kind, seed).first {
                        stop.store(true, Ordering::Relaxed);
                        let found = Violation { kind, seed, invariant, event };
                        violation = violation.filter(|known| known.seed <= seed).or(Some(found));
                    }
                }
                tiers[place] = tiers[place].and(simulator.take_figures());
            }
            progress(done.fetch_add(until - from, Ordering::Relaxed) + until - from);
        }
        let spent = processor_nanos().saturating_sub(began);
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        for (sum, one) in all.0.iter_mut().zip(tiers) {
            *sum = sum.and(one);
        }
        all.1 = [all.1, violation].into_iter().flatten().min_by_key(|found| found.seed);
        all.2 += spent;
    };
    std::thread::scope(|scope| {
        for _ in 0..order.threads.max(1) {
            scope.spawn(work);
        }
    });
    let (tiers, violation, processor_nanos) = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    let tiers = Kind::ALL.into_iter().zip(tiers).filter(|(_, figures)| figures.schedules > 0).collect();
    Played { tiers, violation, processor_nanos }
}

/// Without a tier the tiers take turns, one seed each.
fn plays(order: Order, kind: Kind, seed: u64) -> bool {
    order.kind.map_or(seed % Kind::ALL.len() as u64 == kind.index() as u64, |only| only == kind)
}

/// What this thread has computed so far: on a busy machine the only fair measure.
fn processor_nanos() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(u64::try_from(time.tv_nsec).unwrap_or(0))
}
