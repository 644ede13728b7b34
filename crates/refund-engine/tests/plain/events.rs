//! Random lives: the real machine, a driver that answers each command with a random event, time that passes and jumps,
//! processes that die and machines that boot. Every command is judged by the written rules.

use super::{
    bridge,
    chances::{Proves, Terms},
    life::Place,
    records::Die,
    rules::{Clause, Model},
    watch::Watch,
};
use refund_core::{Actors, BootId, DoubtReason, KeyTrust, Moment, NotSentReason, SelfFencing, Tier};
use refund_engine::machine::{
    Baseline, BaselineRole, Command, Decision, Event, FiredKind, Machine, Policy, ProbedKind, ReceiptTrack,
    Record, State, StatusKind, step,
};
use std::{fmt::Write as _, time::Duration};

/// What happened, for the one who reads a failure.
#[derive(Clone, Copy, Debug)]
enum Line {
    Heard(Event, Moment),
    Said(Command),
    Durable(Record),
    Died,
    Refused(Event),
}

/// Where machine and rules parted, with the life up to there.
#[derive(Debug)]
pub(crate) struct Parted {
    pub what: String,
    pub clause: Option<Clause>,
    tier: Tier,
    fencing: SelfFencing,
    sends: u16,
    lines: Vec<Line>,
}

impl Parted {
    pub(crate) fn tell(&self) -> String {
        let mut text = format!("\n{:?}, fencing {:?}, {} sends\n", self.tier, self.fencing, self.sends);
        for line in &self.lines {
            let told = match line {
                Line::Heard(event, now) => writeln!(text, "{now:?} {event:?}"),
                Line::Said(command) => writeln!(text, "        {command:?}"),
                Line::Durable(record) => writeln!(text, "    on disk: {record:?}"),
                Line::Died => writeln!(text, "    the process dies"),
                Line::Refused(event) => writeln!(text, "    refused: {event:?}"),
            };
            told.expect("a string takes all");
        }
        writeln!(text, "  > {} {:?}", self.what, self.clause).expect("a string takes all");
        text
    }
}

/// How far a life went, so that a test can see that it saw something.
#[derive(Clone, Debug, Default)]
pub(crate) struct Went {
    pub commands: Vec<Command>,
    pub records: Vec<Record>,
    pub places: Vec<Place>,
}

const SETTLE: u64 = 900_000;
const GAP: u64 = 60_000;
const PERMIT: u64 = 5_000;
const POLL: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(15), Duration::from_secs(60)];

const TIERS: [(Tier, Proves); 7] = [
    (keyed(KeyTrust::Verified, Actors::OnlyUs), Proves::Replays),
    (keyed(KeyTrust::Verified, Actors::Shared), Proves::Replays),
    (keyed(KeyTrust::Documented, Actors::OnlyUs), Proves::SumsOfOursAlone),
    (keyed(KeyTrust::Documented, Actors::Shared), Proves::SumsOfAnybody),
    (Tier::Readable(Actors::OnlyUs), Proves::SumsOfOursAlone),
    (Tier::Readable(Actors::Shared), Proves::SumsOfAnybody),
    (Tier::Blind, Proves::Nothing),
];

const fn keyed(trust: KeyTrust, actors: Actors) -> Tier {
    Tier::Keyed { trust, actors }
}

/// One life under one policy: the first die chooses the policy, each further one a step.
pub(crate) fn play(model: Model, dice: &[u64]) -> Result<Went, Box<Parted>> {
    play_told(model, dice, |_| {})
}

/// The same, judged by terms that somebody may have got wrong.
pub(crate) fn play_told(model: Model, dice: &[u64], tell: impl Fn(&mut Terms)) -> Result<Went, Box<Parted>> {
    let Some((first, rest)) = dice.split_first() else { return Ok(Went::default()) };
    let mut world = World::begin(model, &mut Die(*first), tell);
    for die in rest {
        world.turn(&mut Die(*die))?;
        if world.state.phase.is_final() && world.stopped > 3 {
            break;
        }
    }
    world.went.records = world.records;
    Ok(world.went)
}

struct World {
    watch: Watch,
    policy: Policy,
    machine: Machine,
    /// What is on disk.
    records: Vec<Record>,
    state: State,
    out: Option<Command>,
    now: Moment,
    /// Other machines' clocks.
    clocks: Vec<Moment>,
    lines: Vec<Line>,
    went: Went,
    stopped: usize,
    /// Commands since anything was waited for.
    breathless: usize,
}

impl World {
    fn begin(model: Model, die: &mut Die, tell: impl Fn(&mut Terms)) -> Self {
        let (tier, proves) = die.one_of(&TIERS);
        let self_fencing = die.one_of(&[SelfFencing::Off, SelfFencing::On]);
        let attempts_max = die.one_of(&[1, 3, 5]);
        let policy = Policy {
            tier,
            self_fencing,
            poll: &POLL,
            settle: Duration::from_millis(SETTLE),
            confirm_gap: Duration::from_millis(GAP),
            attempts_max,
            fire_within: Duration::from_millis(PERMIT),
        };
        let mut terms = Terms {
            proves,
            fencing: self_fencing == SelfFencing::On,
            others: tier == keyed(KeyTrust::Verified, Actors::Shared),
            settle: SETTLE,
            gap: GAP,
            permit: PERMIT,
            sends_at_most: attempts_max.into(),
        };
        tell(&mut terms);
        let mut world = Self {
            watch: Watch::new(model, terms),
            policy,
            machine: Machine::new(State::EMPTY, policy),
            records: Vec::new(),
            state: State::EMPTY,
            out: None,
            now: Moment::new(BootId(1), 10_000),
            clocks: Vec::new(),
            lines: Vec::new(),
            went: Went::default(),
            stopped: 0,
            breathless: 0,
        };
        let wish = Record::Planned { amount: die.one_of(&[None, Some(100), Some(60)]) };
        world.write(wish).unwrap_or_else(|_| unreachable!("a wish opens every life"));
        world.machine = Machine::new(world.state, policy);
        world
    }

    /// One turn: something comes to the machine, and what it says is judged.
    fn turn(&mut self, die: &mut Die) -> Result<(), Box<Parted>> {
        self.pass_time(die);
        match self.out {
            None => self.start(die),
            Some(Command::Stop(_)) => {
                self.stopped += 1;
                self.new_process();
                Ok(())
            }
            Some(_) if die.once_in(14) => self.die(die),
            Some(command) if die.once_in(14) => self.stray(command, die),
            Some(command) => self.answer(command, die),
        }
    }

    fn pass_time(&mut self, die: &mut Die) {
        let wait = match die.below(16) {
            0 => SETTLE,
            1 => SETTLE + GAP + PERMIT,
            2 => GAP,
            3 => PERMIT,
            4 => PERMIT - 1,
            _ => die.below(50),
        };
        self.now.millis += wait;
        self.clocks.iter_mut().for_each(|clock| clock.millis += wait);
    }

    /// Nothing is under way: work begins, or somebody wants something.
    fn start(&mut self, die: &mut Die) -> Result<(), Box<Parted>> {
        self.machine.jitter = die.one_of(&[0, 1, u16::MAX / 3, u16::MAX]);
        let event = match die.below(17) {
            16 => Event::Hint,
            0 => Event::Withdraw,
            1 => Event::TakeByHand,
            2 => Event::ReceiptNews(die.one_of(&[
                ReceiptTrack::Pending,
                ReceiptTrack::Done,
                ReceiptTrack::Failed,
            ])),
            3 | 4 => Event::Nudge,
            5 | 6 => Event::Approve,
            7..=9 => self.decide(die),
            _ => Event::Go,
        };
        let said = self.watch.may_say(event);
        match step(self.machine, event, self.now) {
            // The machine was booted: the window starts again before anything is decided.
            Ok((machine, command @ Command::Keep(Record::WindowRestarted { .. }))) => {
                self.follow(machine, event, command)
            }
            Ok((machine, command)) => {
                said.map_err(|clause| self.parted(format!("{event:?} is taken"), Some(clause)))?;
                self.follow(machine, event, command)
            }
            Err(misstep) if said.is_ok() => {
                Err(self.parted(format!("{event:?} is refused: {misstep}"), None))
            }
            Err(_) => {
                self.lines.push(Line::Refused(event));
                Ok(())
            }
        }
    }

    fn decide(&self, die: &mut Die) -> Event {
        let decision = die.one_of(&[Decision::Happened, Decision::DidNotHappen, Decision::SendAgain]);
        let seen = match die.below(6) {
            0 => Moment::new(self.now.boot, self.now.millis.saturating_sub(GAP)),
            1 => Moment::new(BootId(self.now.boot.0 + 7), self.now.millis),
            _ => self.now,
        };
        Event::Decide { decision, seen }
    }

    /// The process dies; what it was writing is on disk or not. Sometimes the whole machine boots.
    fn die(&mut self, die: &mut Die) -> Result<(), Box<Parted>> {
        let writing = match self.out {
            Some(Command::Reserve(record) | Command::Arm(record) | Command::Keep(record)) => Some(record),
            _ => None,
        };
        if let Some(record) = writing.filter(|_| die.once_in(2)) {
            self.write(record)?;
        }
        self.lines.push(Line::Died);
        self.another_clock(die);
        self.new_process();
        Ok(())
    }

    /// The machine boots, or another one that shares the store takes over: a new one, or one that was here before.
    fn another_clock(&mut self, die: &mut Die) {
        let next = match die.below(6) {
            0 | 1 => Moment::new(BootId(self.clocks.len() as u128 + 2), die.below(40_000)),
            2 | 3 if !self.clocks.is_empty() => {
                let chosen = die.below(self.clocks.len() as u64);
                self.clocks.remove(usize::try_from(chosen).expect("a few"))
            }
            _ => return,
        };
        self.clocks.push(self.now);
        self.now = next;
    }

    fn new_process(&mut self) {
        let state = State::fold(self.records.iter().copied());
        self.state = state.unwrap_or_else(|error| panic!("what was written cannot be read: {error}"));
        self.machine = Machine::new(self.state, self.policy);
        self.watch.restart();
        (self.out, self.breathless) = (None, 0);
    }

    /// An event that answers something else changes nothing.
    fn stray(&mut self, command: Command, die: &mut Die) -> Result<(), Box<Parted>> {
        let event = self.any_answer(die);
        if answers(command, event) {
            return Ok(());
        }
        match step(self.machine, event, self.now) {
            Ok(_) => {
                Err(self
                    .parted(format!("{event:?} is taken as an answer"), Some(Clause::AnswerFitsTheRecord)))
            }
            Err(_) => Ok(()),
        }
    }

    fn any_answer(&self, die: &mut Die) -> Event {
        match die.below(12) {
            11 => Event::Paused { until: self.now },
            0 => Event::LookedUp(self.baseline(die)),
            1 => Event::LookupFailed,
            2 => Event::Checked { amount: 100 },
            3 => Event::ReserveDone,
            4 => Event::OpenDone,
            5 => Event::ArmDone,
            6 => Event::Fired(die.one_of(&FIRED)),
            7 => Event::KeepDone,
            8 => Event::Status(die.one_of(&STATUS)),
            9 => Event::Probed(die.one_of(&PROBED)),
            _ => Event::NotSent(NotSentReason::Refused),
        }
    }

    fn answer(&mut self, command: Command, die: &mut Die) -> Result<(), Box<Parted>> {
        self.machine.jitter = die.one_of(&[0, 1, u16::MAX / 3, u16::MAX]);
        let event = match command {
            Command::Lookup | Command::Open | Command::Arm(_) if die.once_in(16) => {
                let wait = Duration::from_millis(die.one_of(&[0, 1, 300_000]));
                Event::Paused { until: self.now.after(wait) }
            }
            Command::Lookup if die.once_in(8) => Event::LookupFailed,
            Command::Lookup => Event::LookedUp(self.baseline(die)),
            Command::Check { .. } if die.once_in(10) => Event::Broken,
            Command::Check { .. } => {
                Event::Checked { amount: self.state.amount.unwrap_or(die.one_of(&[100, 60, 200])) }
            }
            Command::Reserve(record) => match die.below(12) {
                0 => Event::OverBudget,
                1 => Event::BudgetMoved,
                2 => Event::PaymentBusy,
                3 => {
                    self.write(record)?;
                    Event::ReserveOutdated
                }
                _ => {
                    self.write(record)?;
                    Event::ReserveDone
                }
            },
            Command::Open if die.once_in(8) => Event::NotSent(NotSentReason::Refused),
            Command::Open => Event::OpenDone,
            Command::Arm(_) if die.once_in(12) => Event::PaymentBusy,
            Command::Arm(record) => {
                self.write(record)?;
                Event::ArmDone
            }
            Command::Fire if die.once_in(10) => Event::NotSent(NotSentReason::PermitExpired),
            Command::Fire => Event::Fired(die.one_of(&FIRED)),
            Command::Keep(record) => {
                self.write(record)?;
                Event::KeepDone
            }
            Command::AskStatus => Event::Status(die.one_of(&STATUS)),
            Command::Probe => Event::Probed(die.one_of(&PROBED)),
            Command::Wait(until) => {
                if !die.once_in(4) {
                    self.now.millis = self.now.millis.max(until.millis);
                }
                if die.once_in(6) { Event::Nudge } else { Event::Go }
            }
            Command::Stop(_) => return Ok(()),
        };
        match step(self.machine, event, self.now) {
            Ok((machine, command)) => self.follow(machine, event, command),
            Err(misstep) => Err(self.parted(format!("{event:?} is refused: {misstep}"), None)),
        }
    }

    fn follow(&mut self, machine: Machine, event: Event, command: Command) -> Result<(), Box<Parted>> {
        self.lines.push(Line::Heard(event, self.now));
        self.lines.push(Line::Said(command));
        self.watch.hears(event);
        self.went.commands.push(command);
        let waits = match command {
            Command::Wait(until) => !self.now.has_reached(until),
            command => matches!(command, Command::Stop(_)),
        };
        self.breathless = if waits { 0 } else { self.breathless + 1 };
        if machine.state != self.state {
            return Err(
                self.parted("the machine's state is not the fold of what is written".to_owned(), None)
            );
        }
        if self.breathless > 60 {
            return Err(self.parted("it goes round and round".to_owned(), Some(Clause::WaitForSomething)));
        }
        let judged = self.watch.judge(command, bridge::when(self.now));
        judged.map_err(|clause| self.parted(format!("{command:?} may not be"), Some(clause)))?;
        (self.machine, self.out) = (machine, Some(command));
        Ok(())
    }

    fn write(&mut self, record: Record) -> Result<(), Box<Parted>> {
        self.lines.push(Line::Durable(record));
        self.records.push(record);
        match self.state.apply(record) {
            Ok(state) => self.state = state,
            Err(error) => {
                return Err(self.parted(format!("the machine writes what it cannot read: {error}"), None));
            }
        }
        let durable = self.watch.durable(&bridge::fact(record));
        durable.map_err(|clause| self.parted(format!("{record:?} may not follow"), Some(clause)))?;
        self.went.places.push(self.watch.life.place);
        if bridge::place(self.state.phase) != self.watch.life.place {
            return Err(self.parted(format!("{:?} or {:?}", self.state.phase, self.watch.life.place), None));
        }
        Ok(())
    }

    fn baseline(&self, die: &mut Die) -> Baseline {
        let role =
            if self.policy.tier == Tier::Blind { BaselineRole::Unused } else { BaselineRole::Evidence };
        let refunded = match role {
            BaselineRole::Evidence => die.one_of(&[Some(0), Some(50), Some(0), None]),
            BaselineRole::Unused => None,
        };
        Baseline { captured: 200, refunded, used: die.one_of(&[0, 0, 50, 80]), role }
    }

    fn parted(&self, what: String, clause: Option<Clause>) -> Box<Parted> {
        let Policy { tier, self_fencing: fencing, attempts_max: sends, .. } = self.policy;
        Box::new(Parted { what, clause, tier, fencing, sends, lines: self.lines.clone() })
    }
}

/// Which events report on which command.
fn answers(command: Command, event: Event) -> bool {
    match command {
        Command::Lookup => matches!(event, Event::LookedUp(_) | Event::LookupFailed | Event::Paused { .. }),
        Command::Check { .. } => matches!(event, Event::Checked { .. } | Event::Broken),
        Command::Reserve(_) => matches!(
            event,
            Event::ReserveDone
                | Event::ReserveOutdated
                | Event::OverBudget
                | Event::BudgetMoved
                | Event::PaymentBusy
        ),
        Command::Open => matches!(event, Event::OpenDone | Event::NotSent(_) | Event::Paused { .. }),
        Command::Arm(_) => {
            matches!(event, Event::ArmDone | Event::PaymentBusy | Event::NotSent(_) | Event::Paused { .. })
        }
        Command::Fire => matches!(event, Event::Fired(_) | Event::NotSent(_)),
        Command::Keep(_) => event == Event::KeepDone,
        Command::AskStatus => matches!(event, Event::Status(_)),
        Command::Probe => matches!(event, Event::Probed(_)),
        Command::Wait(_) | Command::Stop(_) => matches!(event, Event::Go | Event::Nudge),
    }
}

const FIRED: [FiredKind; 8] = [
    FiredKind::Accepted,
    FiredKind::Settled,
    FiredKind::Declined,
    FiredKind::DeclinedUnconfirmed,
    FiredKind::Unknown { why: DoubtReason::Timeout, salvaged: false },
    FiredKind::Unknown { why: DoubtReason::ConnectionLost, salvaged: false },
    FiredKind::Unknown { why: DoubtReason::Status(503), salvaged: false },
    FiredKind::Unknown { why: DoubtReason::TruncatedReply, salvaged: true },
];

const STATUS: [StatusKind; 8] = [
    StatusKind::Processing,
    StatusKind::Processing,
    StatusKind::Processing,
    StatusKind::Settled,
    StatusKind::Canceled,
    StatusKind::Mismatch,
    StatusKind::Unrecognised,
    StatusKind::Failed,
];

const PROBED: [ProbedKind; 8] = [
    ProbedKind::NotSeen,
    ProbedKind::NotSeen,
    ProbedKind::NotSeen,
    ProbedKind::NotSeen,
    ProbedKind::Happened,
    ProbedKind::HappenedWithReference,
    ProbedKind::CannotTell,
    ProbedKind::Unreadable,
];
