//! One schedule: everything that exists in it, the order in which things happen, and its end.
//!
//! Time is real time in milliseconds, known to nobody inside but the gateway. Whoever will act has one place in a small
//! table of wake-up times, and the earliest acts next; there is no queue to allocate and no thread. A world is used for
//! schedule after schedule and allocates nothing once its tables have grown.
//!
//! `BENT` worlds know mutants and tell their story; straight ones are compiled without either and otherwise the same.

use crate::{
    dice::Dice,
    figures::Figures,
    judge::{Invariant, Verdict},
    kind::{Kind, TERMS},
    ledger::Ledger,
    mutant::Mutant,
    store::{REFUNDS, Refund},
    wire::{MESSAGES, Message},
    worker::{WORKERS, Worker},
};
use refund_core::{BootId, Moment};
use refund_engine::machine::Policy;
use std::fmt::Write as _;

/// Who acts: workers first, then the rest, then messages on their way.
pub(crate) const CHAOS: usize = WORKERS;
pub(crate) const PERSON: usize = WORKERS + 1;
pub(crate) const STRANGER: usize = WORKERS + 2;
pub(crate) const HINTS: usize = WORKERS + 3;
pub(crate) const FIRST_MESSAGE: usize = WORKERS + 4;
const SLOTS: usize = FIRST_MESSAGE + MESSAGES;

/// From this seed on schedules are hard: every storm is a long one (below, one of sixteen), more goes wrong in it, and most
/// refunds have equal amounts.
pub const HARD: u64 = 1 << 32;

/// Never, as a wake-up time.
pub(crate) const NEVER: u64 = u64::MAX;

/// So many events after the calm must be enough for every refund to become final.
const CALM_EVENTS: u32 = 1_500;

/// A machine with a boot of its own.
#[derive(Clone, Copy, Default)]
pub(crate) struct Site {
    pub(crate) boot: u32,
    pub(crate) booted_at: u64,
    /// How far its wall clock is off; shown to people and used for nothing.
    pub(crate) wall_off: i64,
}

/// What the weather of one schedule is like, so that schedules differ from each other and not only within.
#[derive(Clone, Copy, Default)]
pub(crate) struct Temper {
    /// Of 1024 sends, how many go wrong.
    pub(crate) faults: u64,
    /// Of 1024 commands, before how many the process stands still.
    pub(crate) pauses: u64,
    /// Of 16 reads, how many lag.
    pub(crate) lags: u64,
    /// How long a lease lives.
    pub(crate) term: u64,
    /// All refunds are confirmed at once.
    pub(crate) batch: bool,
}

impl Temper {
    fn of(roll: u64) -> Self {
        let one = |bits: u32, of: [u64; 4]| of[usize::try_from(roll >> bits & 3).expect("two bits")];
        Self {
            faults: one(0, [200, 420, 420, 650]),
            pauses: one(2, [4, 12, 12, 60]),
            lags: one(4, [0, 4, 8, 14]),
            term: TERMS[usize::try_from(roll >> 6 & 7).expect("three bits")],
            batch: roll >> 9 & 1 == 1,
        }
    }
}

/// The store's own machine, where it has one.
pub(crate) const STORE_SITE: usize = 2;

/// Everything of one schedule.
pub(crate) struct World<const BENT: bool> {
    pub(crate) kind: Kind,
    pub(crate) mutant: Mutant,
    pub(crate) policy: Policy,
    pub(crate) dice: Dice,
    pub(crate) now: u64,
    pub(crate) stormy: bool,
    /// The gateway carries a refund out while it answers.
    pub(crate) at_once: bool,
    /// Both workers and the store share one machine.
    pub(crate) one_machine: bool,
    pub(crate) temper: Temper,
    hard: bool,
    pub(crate) sites: [Site; 3],
    pub(crate) boots: u32,
    pub(crate) workers: [Worker; WORKERS],
    pub(crate) refunds: [Refund; REFUNDS],
    /// How many refunds there are.
    pub(crate) count: usize,
    pub(crate) messages: [Message; MESSAGES],
    pub(crate) wakes: [u64; SLOTS],
    /// The place of the message that comes next, or of any if none is on its way.
    next_message: usize,
    pub(crate) ledger: Ledger,
    /// Keys the gateway refused, with whether that was final.
    pub(crate) refused: Vec<(u64, bool)>,
    /// Keys that were sent: whose, of which lineage, with which payload.
    pub(crate) sent: Vec<Sent>,
    /// What the journal claims of the payment.
    pub(crate) claims: i64,
    pub(crate) unresolved: u32,
    pub(crate) ended: usize,
    pub(crate) events: u32,
    pub(crate) calm_at: u32,
    pub(crate) look: Option<crate::people::Seen>,
    pub(crate) verdict: Verdict,
    pub(crate) figures: Figures,
    /// The story, if it is told.
    pub(crate) story: Option<String>,
}

/// A key that was sent.
#[derive(Clone, Copy)]
pub(crate) struct Sent {
    pub(crate) key: u64,
    pub(crate) refund: usize,
    pub(crate) lineage: u32,
    pub(crate) amount: i64,
}

impl<const BENT: bool> World<BENT> {
    pub(crate) fn new(mutant: Mutant) -> Self {
        let policy = Kind::Blind.policy();
        Self {
            kind: Kind::Blind,
            mutant,
            policy,
            dice: Dice::of(0, 0),
            now: 0,
            stormy: true,
            at_once: false,
            one_machine: false,
            temper: Temper::default(),
            hard: false,
            sites: [Site::default(); 3],
            boots: 0,
            workers: [Worker::new(policy), Worker::new(policy)],
            refunds: std::array::from_fn(|_| Refund::default()),
            count: 0,
            messages: [Message::default(); MESSAGES],
            wakes: [NEVER; SLOTS],
            next_message: FIRST_MESSAGE,
            ledger: Ledger::default(),
            refused: Vec::with_capacity(8),
            sent: Vec::with_capacity(16),
            claims: 0,
            unresolved: 0,
            ended: 0,
            events: 0,
            calm_at: 0,
            look: None,
            verdict: Verdict::default(),
            figures: Figures::default(),
            story: None,
        }
    }

    /// Plays the schedule of a seed to its end.
    pub(crate) fn play(&mut self, kind: Kind, seed: u64) -> Verdict {
        self.begin(kind, seed);
        while let Some(slot) = self.next() {
            self.act(slot);
            if self.stormy {
                if self.events >= self.calm_at || self.ended == self.count {
                    self.calm();
                }
            } else if self.events > self.calm_at + CALM_EVENTS {
                break;
            }
        }
        self.finish();
        self.verdict
    }

    fn begin(&mut self, kind: Kind, seed: u64) {
        self.kind = kind;
        self.dice = Dice::of(seed, kind.index() as u64 + 1);
        self.policy = kind.policy();
        if BENT {
            self.mutant.bend_policy(&mut self.policy);
        }
        let roll = self.dice.roll();
        self.now = 1_000_000;
        self.stormy = true;
        self.at_once = roll & 0xF < if kind.blind() || kind == Kind::Verified { 4 } else { 12 };
        if self.is(Mutant::SumFalls) {
            self.at_once = false;
        }
        self.temper = Temper::of(roll >> 32);
        self.hard = seed >= HARD;
        if self.hard {
            self.temper.faults = self.temper.faults.max(420);
        }
        self.one_machine = roll >> 4 & 3 == 0;
        self.sites = std::array::from_fn(|site| Site {
            boot: u32::try_from(site + 1).expect("three sites"),
            booted_at: 0,
            wall_off: 0,
        });
        self.boots = 3;
        // Most storms are short; in a long one a refund is sent again and again.
        let long = if roll >> 28 & 15 == 0 || seed >= HARD { 160 } else { 0 };
        self.calm_at = 12 + long + u32::try_from(roll >> 8 & 31).expect("five bits");
        self.count = match roll >> 16 & 15 {
            0..=4 => 1,
            5..=10 => 2,
            11..=13 => 3,
            _ => 4,
        };
        let captured = [1_000, 1_000, 600, 700][usize::try_from(roll >> 20 & 3).expect("two bits")];
        self.ledger.reset(captured);
        self.refused.clear();
        self.sent.clear();
        self.claims = 0;
        self.unresolved = 0;
        self.ended = 0;
        self.events = 0;
        self.look = None;
        self.verdict = Verdict::default();
        self.wakes = [NEVER; SLOTS];
        self.next_message = FIRST_MESSAGE;
        for message in &mut self.messages {
            message.on_its_way = false;
        }
        for worker in 0..WORKERS {
            self.workers[worker].reset(if self.one_machine { 0 } else { worker });
        }
        if let Some(story) = &mut self.story {
            story.clear();
        }
        self.tell(|world, out| write!(out, "{} seed {seed}: {} of {captured}", kind.as_str(), world.count));
        self.plan(if self.hard { 700 } else { 300 });
        self.wakes[PERSON] = self.now + 1 + (roll >> 24 & 0xFF);
        self.wakes[CHAOS] = self.now + 10_000 + self.dice.below(300_000);
        self.wakes[HINTS] = self.now + 2_000 + self.dice.below(60_000);
        if kind.strangers() || self.cancelable() {
            self.wakes[STRANGER] = self.now + self.dice.below(60_000);
        }
    }

    /// Whoever acts next, time being moved there.
    #[inline]
    fn next(&mut self) -> Option<usize> {
        // Of two at the same time the one with the lower place; messages have the highest.
        let slot = earliest(&self.wakes, 0, FIRST_MESSAGE);
        let slot = if self.wakes[self.next_message] < self.wakes[slot] { self.next_message } else { slot };
        let at = self.wakes[slot];
        if at == NEVER {
            return None;
        }
        self.now = self.now.max(at);
        self.wakes[slot] = NEVER;
        if slot >= FIRST_MESSAGE {
            self.next_message = earliest(&self.wakes, FIRST_MESSAGE, SLOTS);
        }
        Some(slot)
    }

    /// A message comes at this time.
    pub(crate) fn comes(&mut self, place: usize, at: u64) {
        self.wakes[FIRST_MESSAGE + place] = at;
        self.next_message = earliest(&self.wakes, FIRST_MESSAGE, SLOTS);
    }

    fn act(&mut self, slot: usize) {
        match slot {
            0..WORKERS => self.work(slot),
            CHAOS => self.chaos(),
            PERSON => self.person(),
            STRANGER => self.stranger(),
            HINTS => self.hint(),
            message => self.arrives(message - FIRST_MESSAGE),
        }
    }

    /// The weather calms down: nothing fails any more, and everything must come to its end.
    fn calm(&mut self) {
        self.stormy = false;
        self.calm_at = self.events;
        self.wakes[CHAOS] = NEVER;
        self.wakes[STRANGER] = NEVER;
        self.wakes[HINTS] = NEVER;
        self.poke_person(1_000);
        self.tell(|_, out| write!(out, "calm"));
    }

    fn finish(&mut self) {
        if self.ended < self.count {
            self.broke(Invariant::I12);
        }
        if BENT {
            for refund in 0..self.count {
                self.folds(refund);
            }
        }
        self.figures.add(self.kind, u64::from(self.events));
    }

    /// A machine dies, sleeps, or has its wall clock set.
    fn chaos(&mut self) {
        self.events += 1;
        let roll = self.dice.roll();
        let worker = usize::from(roll & 1 == 1);
        let site = self.workers[worker].site;
        match roll >> 1 & 15 {
            0..=6 => {
                self.tell(|_, out| write!(out, "worker {worker} is killed"));
                self.die(worker);
            }
            7..=10 => self.reboot(site),
            11..=13 => self.suspend(site, roll),
            _ => {
                let off = i64::try_from(roll >> 40).expect("24 bits") - 0x80_0000;
                self.sites[site].wall_off = off;
                self.tell(|_, out| write!(out, "wall clock {site} is set {off} ms off"));
            }
        }
        self.wakes[CHAOS] = self.now + 20_000 + self.dice.below(900_000);
    }

    fn reboot(&mut self, site: usize) {
        self.boots += 1;
        self.sites[site].boot = self.boots;
        self.sites[site].booted_at = self.now;
        self.tell(|_, out| write!(out, "machine {site} reboots"));
        for worker in 0..WORKERS {
            if self.workers[worker].site == site {
                self.die(worker);
            }
        }
    }

    /// The machine sleeps: its boot clock goes on, its programs do not.
    fn suspend(&mut self, site: usize, roll: u64) {
        let time = [8_000, 70_000, 300_000, 1_000_000][usize::try_from(roll >> 8 & 3).expect("two bits")];
        self.tell(|_, out| write!(out, "machine {site} sleeps {time} ms"));
        for worker in 0..WORKERS {
            if self.workers[worker].site == site && self.wakes[worker] != NEVER {
                self.wakes[worker] = self.wakes[worker].max(self.now) + time;
            }
        }
    }

    /// What a machine's boot clock shows.
    #[inline]
    pub(crate) fn moment(&self, site: usize) -> Moment {
        let Site { boot, booted_at, .. } = self.sites[site];
        Moment::new(BootId(u128::from(boot)), 1_000 + self.now - booted_at)
    }

    /// When a moment of this machine's present boot comes; now for one of another boot, which says nothing.
    #[inline]
    pub(crate) fn real(&self, site: usize, moment: Moment) -> u64 {
        let Site { boot, booted_at, .. } = self.sites[site];
        if moment.boot == BootId(u128::from(boot)) {
            (booted_at + moment.millis).saturating_sub(1_000)
        } else {
            self.now
        }
    }

    pub(crate) fn store_site(&self) -> usize {
        if self.one_machine { 0 } else { STORE_SITE }
    }

    /// Which mutant this world is, if it can be one.
    #[inline]
    pub(crate) fn is(&self, mutant: Mutant) -> bool {
        BENT && self.mutant == mutant
    }

    #[cold]
    pub(crate) fn broke(&mut self, invariant: Invariant) {
        self.verdict.add(invariant, self.events);
        self.tell(|_, out| write!(out, "BROKEN {invariant}"));
    }

    /// A line of the story; compiled away where none is told.
    #[inline]
    pub(crate) fn tell(&mut self, line: impl FnOnce(&Self, &mut String) -> std::fmt::Result) {
        if BENT && let Some(mut story) = self.story.take() {
            write!(story, "{:>4} {:>9} ", self.events, self.now - 1_000_000).expect("a String takes it");
            line(self, &mut story).expect("a String takes it");
            story.push('\n');
            self.story = Some(story);
        }
    }
}

/// The place of the earliest of these wake-up times, of equal ones the first.
#[inline(always)]
fn earliest(wakes: &[u64; SLOTS], from: usize, until: usize) -> usize {
    let (mut slot, mut at) = (from, wakes[from]);
    for (index, wake) in wakes.iter().enumerate().take(until).skip(from + 1) {
        if *wake < at {
            (slot, at) = (index, *wake);
        }
    }
    slot
}
