//! The state everybody shares: real time, dice, the ledger, requests under way, and what was seen to break.

use crate::{
    judge::{Invariant, Judge},
    ledger::{By, Ledger},
};
use refund_core::{BootId, Clock, IntentId, Moment, WallTime};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

/// Dice that roll the same for the same seed on every machine and version (splitmix64).
pub(crate) struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `limit` - 1.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit.max(1)
    }

    pub(crate) fn per_mille(&mut self, chance: u64) -> bool {
        self.below(1_000) < chance
    }

    pub(crate) fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[usize::try_from(self.below(items.len() as u64)).expect("an index")]
    }
}

/// A request the gateway has and has not carried out yet.
pub(crate) struct UnderWay {
    pub(crate) key: String,
    pub(crate) amount: i64,
}

/// Whether faults still happen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    Stormy,
    Calm,
}

/// A machine with a boot of its own.
struct Site {
    boot: u128,
    booted_at: u64,
}

pub(crate) struct World {
    pub(crate) dice: Dice,
    pub(crate) weather: Weather,
    /// Real time in milliseconds: the gateway's, and what all clocks are made of.
    pub(crate) now: u64,
    pub(crate) ledger: Ledger,
    /// By when they will arrive.
    pub(crate) late: BTreeMap<(u64, u64), UnderWay>,
    /// What a gateway with keys answered a key it refused.
    pub(crate) refused: BTreeMap<String, refund_core::Certainty>,
    pub(crate) judge: Judge,
    /// The story, if it is to be told.
    pub(crate) lines: Option<Vec<String>>,
    sites: Vec<Site>,
    numbers: u64,
}

/// Everybody's handle.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<World>>);

/// Two machines for workers, and one for the store.
const SITES: usize = 3;
/// The store's own machine never reboots.
pub(crate) const STORE: usize = 2;

impl Shared {
    pub(crate) fn new(seed: u64, told: bool) -> Self {
        let sites = (1..).take(SITES).map(|boot| Site { boot, booted_at: 0 }).collect();
        Self(Arc::new(Mutex::new(World {
            dice: Dice(seed.wrapping_mul(0x9E37_79B9).wrapping_add(1)),
            weather: Weather::Stormy,
            now: 1_000_000,
            ledger: Ledger::default(),
            late: BTreeMap::new(),
            refused: BTreeMap::new(),
            judge: Judge::default(),
            lines: told.then(Vec::new),
            sites,
            numbers: 0,
        })))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().expect("nobody panics while holding the world")
    }

    /// A line of the story; costs nothing while it is not told.
    pub(crate) fn tell(&self, line: impl FnOnce() -> String) {
        self.lock().tell(line);
    }

    pub(crate) fn clock(&self, site: usize) -> SiteClock {
        SiteClock { world: self.clone(), site }
    }
}

impl World {
    pub(crate) fn tell(&mut self, line: impl FnOnce() -> String) {
        let now = self.now;
        if let Some(lines) = &mut self.lines {
            lines.push(format!("{:>9} {}", now, line()));
        }
    }

    /// Rolls for a fault; none happens in calm weather.
    pub(crate) fn fault(&mut self, per_mille: u64) -> bool {
        self.weather == Weather::Stormy && self.dice.per_mille(per_mille)
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// Time passes, and what was under way arrives in its order.
    pub(crate) fn advance(&mut self, by: u64) {
        let until = self.now.saturating_add(by);
        while let Some(entry) = self.late.first_entry() {
            let (time, _) = *entry.key();
            if time > until {
                break;
            }
            let request = entry.remove();
            self.now = time.max(self.now);
            self.arrive(request);
        }
        self.now = until;
    }

    /// A late copy takes effect, unless the balance or an earlier one with its key forbids.
    fn arrive(&mut self, request: UnderWay) {
        let UnderWay { key, amount } = request;
        let known = self.judge.keyed && self.ledger.by_key(&key, self.now).is_some();
        let now = self.now;
        let applied = !known && self.ledger.apply(By::Request(key.clone()), amount, now, now).is_ok();
        self.tell(|| format!("a late request arrives, {key}: applied {applied}"));
        self.judged();
    }

    /// Looks at the ledger with the journal's last states.
    pub(crate) fn judged(&mut self) {
        let found = self.judge.look(&self.ledger);
        for (invariant, what) in found {
            self.broke(invariant, what);
        }
    }

    pub(crate) fn broke(&mut self, invariant: Invariant, what: String) {
        self.tell(|| format!("BROKEN {invariant:?}: {what}"));
        self.judge.broken.entry(invariant).or_insert(what);
    }

    /// How long until a refund picked by the dice is due or its window ends, to the millisecond.
    pub(crate) fn awaited(&mut self, cast: &[IntentId], settle: Duration) -> Option<u64> {
        let intent = self.dice.one_of(cast);
        let state = self.judge.state(intent);
        let until = state.due.or(state.window_from.map(|from| from.after(settle)))?;
        let site = self.sites.iter().position(|site| BootId(site.boot) == until.boot)?;
        let left = self.moment(site).until(until)?;
        u64::try_from(left.as_millis()).ok().filter(|left| *left > 0)
    }

    pub(crate) fn reboot(&mut self, site: usize) {
        let next = self.sites.iter().map(|site| site.boot).max().unwrap_or(0) + 1;
        self.sites[site] = Site { boot: next, booted_at: self.now };
        self.tell(|| format!("machine {site} reboots"));
    }

    pub(crate) fn moment(&self, site: usize) -> Moment {
        let Site { boot, booted_at } = self.sites[site];
        Moment::new(BootId(boot), 1_000 + self.now - booted_at)
    }
}

/// One machine's boot clock.
#[derive(Clone)]
pub(crate) struct SiteClock {
    pub(crate) world: Shared,
    pub(crate) site: usize,
}

impl Clock for SiteClock {
    fn now(&self) -> Moment {
        self.world.lock().moment(self.site)
    }

    fn wall(&self) -> WallTime {
        let now = self.world.lock().now;
        WallTime(i64::try_from(now).expect("stories are short"))
    }
}
