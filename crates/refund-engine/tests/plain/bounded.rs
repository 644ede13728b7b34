//! A small world in which the plain rules themselves are checked to the last state: requests that are lost, late or
//! applied without an answer, processes that die or stall and wake, and a gateway that keeps its own account.
//!
//! Everything a process does comes from `rules` and `chances`; the gateway only does what is assumed of it: nothing takes
//! effect later than the settle window after a permit's deadline (G2), and where a scenario says so, never more than was
//! captured (G1). Time is kept relative to now, so that it never ends and the states do.

use super::{
    chances::{Proves, Terms},
    life::{Base, Fact, Life, Place, When, Word},
    rules::Model,
};
use stateright::Property;

/// Now is always here; what happened lies before.
pub(crate) const NOW: When = When { boot: 1, at: 100 };
pub(crate) const PERMIT: u64 = 1;
pub(crate) const SETTLE: u64 = 2;
const GAP: u64 = 1;
/// Older moments are all alike: every window is over.
pub(crate) const LONG_AGO: u64 = NOW.at - PERMIT - SETTLE - GAP;

/// What is played.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub model: Model,
    pub proves: Proves,
    pub fencing: bool,
    pub captured: i64,
    /// One refund each.
    pub amounts: Vec<i64>,
    pub attempts: usize,
    pub lineages: usize,
    /// The gateway never applies more than was captured (G1).
    pub g1: bool,
    /// Somebody refunds this much in the cabinet, at any time, once.
    pub cabinet: i64,
    /// The gateway acknowledges, works, and may cancel until it is done; else it is done at once.
    pub acknowledges: bool,
    /// No person is there.
    pub nobody_decides: bool,
    /// A process that was paused sends whenever it wakes.
    pub permits_never_die: bool,
}

impl Scenario {
    pub(crate) fn of(proves: Proves) -> Self {
        Self {
            model: Model::WHOLE,
            proves,
            fencing: false,
            captured: 4,
            amounts: vec![2],
            attempts: 2,
            lineages: 2,
            g1: false,
            cabinet: 0,
            acknowledges: false,
            nobody_decides: false,
            permits_never_die: false,
        }
    }

    pub(crate) fn terms(&self) -> Terms {
        Terms {
            proves: self.proves,
            fencing: self.fencing,
            others: false,
            settle: SETTLE,
            gap: GAP,
            permit: PERMIT,
            sends_at_most: self.attempts,
        }
    }
}

/// Where a process is between two records; lost when it dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Doing {
    Nothing,
    /// With what the journal knew to be done before the gateway was asked.
    LookedUp(Base, i64),
    Reserved,
    Armed(When),
    Waiting,
    /// The evidence could not decide.
    AtALoss,
}

/// One request on its way, or at the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Flying {
    pub refund: usize,
    pub lineage: usize,
    pub attempt: usize,
    /// It has no effect from here on.
    pub dead_at: u64,
}

/// What the gateway made of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Effect {
    None,
    Working,
    Done,
    Cancelled,
}

impl Effect {
    /// The money has left, or will unless it is cancelled.
    pub(crate) fn stands(self) -> bool {
        matches!(self, Self::Working | Self::Done)
    }
}

/// Refunds, processes, requests, money.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub lives: Vec<Life>,
    pub doing: Vec<Doing>,
    /// A process that was paused while armed: with luck its permit dies before it wakes.
    pub paused: Vec<Option<(usize, usize, When)>>,
    pub flying: Vec<Flying>,
    /// What came of every attempt, by refund, lineage and attempt.
    pub effects: Vec<Vec<Vec<Effect>>>,
    /// Which attempt the gateway's reference names, by lineage and attempt.
    pub reference: Vec<Option<(usize, usize)>>,
    pub cabinet: i64,
}

impl World {
    pub(crate) fn times_applied(&self, refund: usize) -> usize {
        self.effects[refund].iter().flatten().filter(|effect| effect.stands()).count()
    }

    pub(crate) fn refunded(&self, scenario: &Scenario) -> i64 {
        let ours: i64 = scenario
            .amounts
            .iter()
            .enumerate()
            .map(|(at, amount)| amount * i64::try_from(self.times_applied(at)).expect("a few"))
            .sum();
        ours + self.cabinet
    }

    pub(crate) fn surely(&self) -> i64 {
        self.lives.iter().filter(|life| life.place == Place::Settled).filter_map(|life| life.amount).sum()
    }
}

/// What may happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    LookUp(usize),
    Reserve(usize),
    Arm(usize),
    Fire(usize),
    WakeAndFire(usize),
    Apply(usize, Reply),
    Lose(usize),
    Refuse(usize, Reply),
    GiveUpWaiting(usize),
    Die(usize),
    Pause(usize),
    Recover(usize),
    Look(usize),
    LookInVain(usize),
    Explain(usize),
    SendAgain(usize),
    Hold(usize),
    AskStatus(usize),
    /// The gateway's own doing, of an attempt by refund, lineage and attempt.
    Finish(usize, usize, usize),
    Cancel(usize, usize, usize),
    Person(usize, Word),
    TakeBack(usize),
    Cabinet,
    Tick,
}

/// How a gateway's answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    Arrives,
    Lost,
    /// A refusal that means "system error", whatever was done.
    SystemError,
}

impl stateright::Model for Scenario {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let life = |amount: &i64| {
            let wished = self.model.after(&Life::unborn(), &Fact::Wished { amount: Some(*amount) });
            let wished = wished.expect("a wish opens every life");
            self.model.after(&wished, &Fact::Confirmed).expect("a wish is confirmed")
        };
        let refunds = self.amounts.len();
        vec![World {
            lives: self.amounts.iter().map(life).collect(),
            doing: vec![Doing::Nothing; refunds],
            paused: vec![None; refunds],
            flying: Vec::new(),
            effects: vec![vec![vec![Effect::None; self.attempts]; self.lineages]; refunds],
            reference: vec![None; refunds],
            cabinet: 0,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        for refund in 0..self.amounts.len() {
            self.of_a_refund(world, refund, actions);
        }
        for flying in 0..world.flying.len() {
            actions.push(Action::Lose(flying));
            for reply in [Reply::Arrives, Reply::Lost, Reply::SystemError] {
                actions.extend([Action::Apply(flying, reply), Action::Refuse(flying, reply)]);
            }
        }
        actions.push(Action::Cabinet);
        actions.push(Action::Tick);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        self.play(&mut next, action)?;
        next.flying.sort();
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(AT_MOST_ONCE, |_: &Self, world: &World| {
                (0..world.lives.len()).all(|refund| world.times_applied(refund) <= 1)
            }),
            Property::always(SETTLED_IS_APPLIED, |_: &Self, world: &World| {
                let mut lives = world.lives.iter().enumerate();
                lives.all(|(refund, life)| life.place != Place::Settled || world.times_applied(refund) > 0)
            }),
            Property::always(FAILED_IS_NOT_APPLIED, |_: &Self, world: &World| {
                use Place::{Canceled, Declined, DidNotHappen, Withdrawn};
                let failed =
                    |life: &Life| [Canceled, Declined, DidNotHappen, Withdrawn].contains(&life.place);
                let mut lives = world.lives.iter().enumerate();
                lives.all(|(refund, life)| !failed(life) || world.times_applied(refund) == 0)
            }),
            Property::always(NEVER_MORE_THAN_CAPTURED, |scenario: &Self, world: &World| {
                world.refunded(scenario) - world.cabinet <= scenario.captured
            }),
            Property::sometimes(ALL_CAN_BE_DONE, |_: &Self, world: &World| {
                world.lives.iter().all(|life| life.place == Place::Settled)
            }),
        ]
    }
}

pub(crate) const AT_MOST_ONCE: &str = "applied at most once per intent";
pub(crate) const SETTLED_IS_APPLIED: &str = "settled means applied";
pub(crate) const FAILED_IS_NOT_APPLIED: &str = "failed means never applied";
pub(crate) const NEVER_MORE_THAN_CAPTURED: &str = "never more than was captured";
pub(crate) const ALL_CAN_BE_DONE: &str = "all refunds can be done";

impl Scenario {
    /// True when nothing of any refund is left to do.
    pub(crate) fn is_over(&self, world: &World) -> bool {
        world.lives.iter().all(|life| self.model.is_over(life.place))
    }

    /// What a refund's worker or a person might try; `play` refuses what the rules forbid.
    fn of_a_refund(&self, world: &World, refund: usize, actions: &mut Vec<Action>) {
        let life = &world.lives[refund];
        match (world.doing[refund], life.place) {
            (Doing::Nothing, Place::Approved | Place::Reserved) => {
                actions.extend([Action::LookUp(refund), Action::TakeBack(refund)]);
                if life.rests_on_a_word() && !self.nobody_decides {
                    actions.extend(
                        [Word::Happened, Word::DidNotHappen].map(|word| Action::Person(refund, word)),
                    );
                }
            }
            (Doing::LookedUp(..), _) => actions.push(Action::Reserve(refund)),
            (Doing::Reserved, _) => actions.push(Action::Arm(refund)),
            (Doing::Armed(_), _) => actions.extend([Action::Fire(refund), Action::Pause(refund)]),
            (Doing::Waiting, _) => actions.push(Action::GiveUpWaiting(refund)),
            (Doing::Nothing, Place::Sending) => actions.push(Action::Recover(refund)),
            (Doing::Nothing | Doing::AtALoss, Place::Unknown) => {
                actions.extend([Action::Look(refund), Action::LookInVain(refund)]);
                actions.extend([Action::Explain(refund), Action::SendAgain(refund), Action::Hold(refund)]);
            }
            (Doing::Nothing, Place::Accepted) => {
                actions.extend([Action::AskStatus(refund), Action::Hold(refund)])
            }
            (_, Place::NeedsReview) if !self.nobody_decides => {
                let words = [Word::Happened, Word::DidNotHappen, Word::SendAgain];
                actions.extend(words.map(|word| Action::Person(refund, word)));
                actions.push(Action::AskStatus(refund));
            }
            _ => {}
        }
        for (lineage, attempts) in world.effects[refund].iter().enumerate() {
            for (attempt, _) in attempts.iter().enumerate().filter(|(_, effect)| **effect == Effect::Working)
            {
                actions.push(Action::Finish(refund, lineage, attempt));
                actions.push(Action::Cancel(refund, lineage, attempt));
            }
        }
        if world.doing[refund] != Doing::Nothing {
            actions.push(Action::Die(refund));
        }
        if world.paused[refund].is_some() {
            actions.push(Action::WakeAndFire(refund));
        }
    }
}
