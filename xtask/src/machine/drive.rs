//! Drives the machine through every life within bounds: every event at every command, every moment, a crash anywhere.
//!
//! Nothing here says what should happen; it notes what did. Only the machine writes the records that are noted.

use super::{
    alphabet::{PASSING, bounded, events, plans, policies, within_bounds},
    words::name,
};
use crate::Result;
use refund_engine::{
    Policy, Record, State,
    machine::{Command, Machine, Misstep, step},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{Debug, Write},
    hash::{DefaultHasher, Hasher},
};

/// What a drive through the machine brought.
#[derive(Debug, Default)]
pub(crate) struct Driven {
    /// Every record it asked to be written, one of each shape; moments make no difference.
    pub(crate) records: BTreeMap<String, Record>,
    /// Which events it took while which command was out; `None` is "none, or nothing to do".
    pub(crate) answers: BTreeMap<Option<String>, BTreeSet<String>>,
}

/// A machine at some point of its life.
#[derive(Clone, Copy, Debug)]
struct Point {
    machine: Machine,
    out: Option<Command>,
    /// Which of the moments that pass it is.
    moment: usize,
}

/// Drives every kind of gateway.
///
/// # Errors
/// When the machine asks for a record that cannot follow: a defect of the machine.
pub(crate) fn drive() -> Result<Driven> {
    let mut driven = Driven::default();
    for record in plans() {
        driven.note(record);
    }
    for policy in policies() {
        driven.drive(policy)?;
    }
    Ok(driven)
}

impl Driven {
    fn drive(&mut self, policy: Policy) -> Result {
        let (mut known, mut open) = (BTreeSet::new(), Vec::new());
        for plan in plans() {
            let state = State::EMPTY.apply(plan)?;
            open.push(Point { machine: Machine::new(state, policy), out: None, moment: 0 });
        }
        while let Some(point) = open.pop() {
            if !within_bounds(&point.machine.state) || !known.insert(point.key()) {
                continue;
            }
            open.extend(self.steps(point)?);
            open.extend(point.crashes());
            open.extend(point.later());
        }
        Ok(())
    }

    /// Every step that can be taken from here.
    fn steps(&mut self, point: Point) -> Result<Vec<Point>> {
        let (mut next, now) = (Vec::new(), PASSING[point.moment]);
        for event in events(point.machine.policy.tier, now) {
            match step(point.machine, event, now) {
                Ok((machine, command)) => {
                    let out = point.out.map(|out| name(&out));
                    self.answers.entry(out).or_default().insert(name(&event));
                    if let Some(record) = written(&command)
                        && machine.state.apply(record).is_ok_and(|state| within_bounds(&state))
                    {
                        self.note(record);
                    }
                    next.push(point.then(machine, command));
                }
                Err(Misstep::OutOfOrder(error)) => {
                    return Err(format!("{event:?} on {:?}: {error}", point.machine).into());
                }
                Err(_) => {}
            }
        }
        Ok(next)
    }

    fn note(&mut self, record: Record) {
        self.records.entry(timeless(&record)).or_insert(record);
    }
}

impl Point {
    /// The point after a step. Whoever has nothing to do begins anew, in this process or the next.
    fn then(self, machine: Machine, command: Command) -> Self {
        let state = bounded(machine.state);
        match command {
            Command::Wait(_) | Command::Stop(_) => {
                Self { machine: Machine::new(state, machine.policy), out: None, ..self }
            }
            _ => Self { machine: Machine { state, ..machine }, out: Some(command), ..self },
        }
    }

    /// The process dies while a record is written: it is on disk, or it is not. Dying anywhere else leaves what one of
    /// these left.
    fn crashes(self) -> impl Iterator<Item = Self> {
        let state = self.machine.state;
        let record = self.out.and_then(|out| written(&out));
        let kept = record.and_then(|record| state.apply(record).ok()).map(bounded);
        let lost = record.map(|_| state);
        let begun =
            move |state| Self { machine: Machine::new(state, self.machine.policy), out: None, ..self };
        lost.into_iter().chain(kept).map(begun)
    }

    /// Time passes between two runs; within a run only what waits for time meets it.
    fn later(self) -> Option<Self> {
        let last = self.moment + 1 == PASSING.len();
        (self.out.is_none() && !last).then_some(Self { moment: self.moment + 1, ..self })
    }

    fn key(&self) -> u64 {
        let mut key = Key(DefaultHasher::new());
        write!(key, "{:?} {:?} {}", self.machine.state, self.machine.stage, self.moment)
            .expect("it never fails");
        key.0.finish()
    }
}

/// A text's hash, without the text.
struct Key(DefaultHasher);

impl Write for Key {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

/// The record a command asks to be written.
pub(crate) fn written(command: &Command) -> Option<Record> {
    match command {
        Command::Reserve(record) | Command::Arm(record) | Command::Keep(record) => Some(*record),
        _ => None,
    }
}

/// A value's Debug text without its moments.
pub(crate) fn timeless(value: &impl Debug) -> String {
    let text = format!("{value:?}");
    let mut parts = text.split("Moment {");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "then" + part.split_once('}').map_or(part, |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{alphabet::at, words};

    #[test]
    fn every_record_and_every_command_comes_up() {
        let driven = drive().unwrap_or_else(|error| panic!("{error}"));
        let source = words::source().unwrap_or_else(|error| panic!("{error}"));
        let there = |kind: &str| -> BTreeSet<String> {
            words::variants(&source, kind).unwrap().into_iter().map(|word| word.name).collect()
        };
        let records: BTreeSet<_> = driven.records.values().map(name).collect();
        assert_eq!(records, there("Record"));
        let mut commands: BTreeSet<_> = driven.answers.keys().flatten().cloned().collect();
        commands.extend(["Wait", "Stop"].map(str::to_owned));
        assert_eq!(commands, there("Command"));
        let events: BTreeSet<_> = driven.answers.values().flatten().cloned().collect();
        assert_eq!(events, there("Event"), "an event nothing takes");
    }

    #[test]
    fn moments_are_cut_out() {
        let record = Record::NotSent { why: refund_core::NotSentReason::Dns, due: at(1) };
        assert_eq!(timeless(&record), "NotSent { why: Dns, due: then }");
        assert_eq!(timeless(&(at(1), at(2))), "(then, then)");
    }
}
