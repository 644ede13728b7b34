//! What each action of the small world does: workers by the rules, the gateway as it is assumed to be.
//!
//! It asks `rules` and `chances` before everything a worker or a person does, and knows nothing of the machine.

use super::{
    bounded::{Action, Doing, Effect, Flying, LONG_AGO, NOW, PERMIT, Reply, SETTLE, Scenario, World},
    chances::Proves,
    life::{Base, Fact, Ground, HowKnown, Place, Reference, When, WhyHeld, Word},
    rules::Clause,
};

impl Scenario {
    /// Does it, or says that it cannot be.
    pub(crate) fn play(&self, world: &mut World, action: Action) -> Option<()> {
        match action {
            Action::LookUp(refund) => {
                world.doing[refund] = Doing::LookedUp(self.look_up(world, refund)?, world.surely());
            }
            Action::Reserve(refund) => self.reserve(world, refund)?,
            Action::Arm(refund) => self.arm(world, refund)?,
            Action::Fire(refund) => {
                let Doing::Armed(until) = world.doing[refund] else { return None };
                let lineage = world.lives[refund].lineages.len();
                let attempt = world.lives[refund].open()?.sends.len();
                world.doing[refund] = Doing::Waiting;
                fire(world, refund, lineage, attempt, until)?;
            }
            Action::WakeAndFire(refund) => {
                let (lineage, attempt, until) = world.paused[refund].take()?;
                fire(world, refund, lineage, attempt, until)?;
            }
            Action::Apply(flying, reply) => self.apply(world, flying, reply)?,
            Action::Refuse(flying, reply) => {
                let request = world.flying.remove(flying);
                self.answer(world, request, reply, Fact::Refused)?;
            }
            Action::Lose(flying) => drop(world.flying.remove(flying)),
            Action::GiveUpWaiting(refund) => {
                if !self.model.minds(Clause::NoFailureByItself) {
                    // Forgotten: "a timeout is no failure".
                    world.lives[refund].place = Place::Declined;
                } else {
                    self.write(world, refund, &in_doubt(false, true))?;
                }
                world.doing[refund] = Doing::Nothing;
            }
            Action::Die(refund) => world.doing[refund] = Doing::Nothing,
            Action::Pause(refund) => {
                let Doing::Armed(until) = world.doing[refund] else { return None };
                let life = &world.lives[refund];
                world.paused[refund] = Some((life.lineages.len(), life.open()?.sends.len(), until));
                world.doing[refund] = Doing::Nothing;
            }
            Action::Recover(refund) => self.write(world, refund, &in_doubt(false, false))?,
            Action::Look(refund) => self.look(world, refund)?,
            Action::LookInVain(refund) => {
                self.may_look(world, refund)?;
                self.write(world, refund, &Fact::Seen { nothing: false, at: NOW, due: NOW })?;
            }
            Action::Explain(refund) => {
                let at_a_loss = world.doing[refund] == Doing::AtALoss || self.proves == Proves::Nothing;
                let life = &world.lives[refund];
                self.model.may_send_again(life, &self.terms(), NOW, at_a_loss).ok()?;
                let replays = self.proves == Proves::Replays;
                let on = if replays { Ground::Replayed } else { Ground::Fenced };
                self.write(world, refund, &Fact::MayBeSentAgain { on })?;
                world.doing[refund] = Doing::Nothing;
            }
            Action::SendAgain(refund) => {
                let life = &world.lives[refund];
                life.sent_again_on?;
                self.model.may_send_again(life, &self.terms(), NOW, true).ok()?;
                self.arm(world, refund)?;
            }
            Action::Finish(refund, lineage, attempt) => {
                world.effects[refund][lineage][attempt] = Effect::Done
            }
            Action::Cancel(refund, lineage, attempt) => {
                world.effects[refund][lineage][attempt] = Effect::Cancelled
            }
            Action::AskStatus(refund) => self.ask_status(world, refund)?,
            Action::Hold(refund) if world.lives[refund].place == Place::Accepted => {
                self.write(world, refund, &Fact::GivenToAPerson(WhyHeld::Deadline))?;
            }
            Action::Hold(refund) => {
                let at_a_loss = world.doing[refund] == Doing::AtALoss || self.proves == Proves::Nothing;
                let why = at_a_loss.then_some(WhyHeld::NoEvidence)?;
                world.doing[refund] = Doing::Nothing;
                self.write(world, refund, &Fact::GivenToAPerson(why))?;
            }
            Action::Person(refund, word) => self.person(world, refund, word)?,
            Action::TakeBack(refund) => self.write(world, refund, &Fact::TakenBack)?,
            Action::Cabinet => {
                let fits = world.refunded(self) + self.cabinet <= self.captured;
                world.cabinet = (world.cabinet == 0 && self.cabinet > 0 && fits).then_some(self.cabinet)?;
            }
            Action::Tick => self.tick(world)?,
        }
        Some(())
    }

    fn write(&self, world: &mut World, refund: usize, fact: &Fact) -> Option<()> {
        let mut life = self.model.after(&world.lives[refund], fact).ok()?;
        // Back-offs and schedules only order what is tried; here everything is tried.
        life.due = None;
        world.lives[refund] = life;
        Some(())
    }

    fn look_up(&self, world: &World, refund: usize) -> Option<Base> {
        let next = self.model.lineage_to_reserve(&world.lives[refund]);
        let shown = (self.proves != Proves::Nothing).then(|| world.refunded(self));
        let surely = shown.unwrap_or(0).max(world.surely());
        let base = Base { captured: self.captured, shown, surely, sums_are_evidence: shown.is_some() };
        (next <= self.lineages).then_some(base)
    }

    /// One transaction: nobody else holds the payment, the budget suffices, and nothing moved since the look.
    fn reserve(&self, world: &mut World, refund: usize) -> Option<()> {
        let Doing::LookedUp(base, done_before) = world.doing[refund] else { return None };
        let others = || world.lives.iter().enumerate().filter(|(at, _)| *at != refund).map(|(_, life)| life);
        // "The journal is read before the gateway and once more after the reservation." (the engine's README)
        let moved = self.model.minds(Clause::LookBeforeReserving) && done_before != world.surely();
        let taken: i64 = others().map(|life| self.model.claims(life)).sum();
        let amount = world.lives[refund].amount?;
        if moved || others().any(|life| self.model.holds_payment(life)) || taken + amount > self.captured {
            world.doing[refund] = Doing::Nothing;
            return Some(());
        }
        let lineage = self.model.lineage_to_reserve(&world.lives[refund]);
        self.write(world, refund, &Fact::TakenFromBudget { lineage, amount, base })?;
        world.doing[refund] = Doing::Reserved;
        Some(())
    }

    fn arm(&self, world: &mut World, refund: usize) -> Option<()> {
        let life = &world.lives[refund];
        let until = NOW.later(PERMIT);
        let fact =
            Fact::MayBeSent { lineage: life.lineages.len(), attempt: life.open()?.sends.len() + 1, until };
        self.write(world, refund, &fact)?;
        world.doing[refund] = Doing::Armed(until);
        Some(())
    }

    fn apply(&self, world: &mut World, flying: usize, reply: Reply) -> Option<()> {
        let request = world.flying.remove(flying);
        let Flying { refund, lineage, attempt, .. } = request;
        let earlier = world.effects[refund][lineage - 1].iter().position(|effect| *effect != Effect::None);
        let named = match earlier.filter(|_| self.proves == Proves::Replays) {
            Some(earlier) => earlier,
            None => {
                let fits = world.refunded(self) + self.amounts[refund] <= self.captured;
                (fits || !self.g1).then_some(())?;
                let effect = if self.acknowledges { Effect::Working } else { Effect::Done };
                world.effects[refund][lineage - 1][attempt - 1] = effect;
                attempt - 1
            }
        };
        if self.acknowledges {
            self.answer(world, request, reply, Fact::GatewayTookIt { due: NOW })?;
            if world.lives[refund].place == Place::Accepted {
                world.reference[refund] = Some((lineage - 1, named));
            }
            return Some(());
        }
        self.answer(world, request, reply, Fact::Done(HowKnown::Answer))
    }

    /// How the acknowledged attempt stands. While a person must decide, only an end is news.
    fn ask_status(&self, world: &mut World, refund: usize) -> Option<()> {
        let life = &world.lives[refund];
        (life.reference() == Reference::Taken).then_some(())?;
        let (lineage, attempt) = world.reference[refund]?;
        match world.effects[refund][lineage][attempt] {
            Effect::None | Effect::Working => None,
            Effect::Done => self.write(world, refund, &Fact::Done(HowKnown::Status)),
            Effect::Cancelled => {
                let person = Fact::GivenToAPerson(WhyHeld::RefusedOnResend);
                let ends = self.write(world, refund, &Fact::CancelledInCabinet);
                ends.or_else(|| self.write(world, refund, &person))
            }
        }
    }

    /// The answer reaches who waits for it, or nobody.
    fn answer(&self, world: &mut World, to: Flying, reply: Reply, fact: Fact) -> Option<()> {
        let Flying { refund, lineage, attempt, .. } = to;
        let life = &world.lives[refund];
        let waits = world.doing[refund] == Doing::Waiting
            && life.lineages.len() == lineage
            && life.open().is_some_and(|open| open.sends.len() == attempt);
        if reply == Reply::Lost || !waits {
            return Some(());
        }
        world.doing[refund] = Doing::Nothing;
        let alone = life.maybe_out() <= 1 && !life.rests_on_a_word();
        let fact = match (reply, fact) {
            // Forgotten: "a system error is no refusal".
            (Reply::SystemError, _) if !self.model.minds(Clause::SystemErrorIsNoRefusal) => Fact::Refused,
            (Reply::SystemError, _) => in_doubt(alone, true),
            (_, fact) => fact,
        };
        let refused = fact == Fact::Refused;
        match self.write(world, refund, &fact) {
            Some(()) => Some(()),
            // A refusal that proves nothing.
            None if refused => {
                self.write(world, refund, &in_doubt(false, true))?;
                self.write(world, refund, &Fact::GivenToAPerson(WhyHeld::RefusedOnResend))
            }
            None => None,
        }
    }

    fn may_look(&self, world: &World, refund: usize) -> Option<()> {
        self.model.may_look(&world.lives[refund], &self.terms(), NOW).ok()
    }

    /// The refunded sum against what it was. (Architecture, section 5)
    fn look(&self, world: &mut World, refund: usize) -> Option<()> {
        self.may_look(world, refund)?;
        // Sums are read when nothing is under way any more: what may still be cancelled is no sum yet.
        let working = world.effects.iter().flatten().flatten().any(|effect| *effect == Effect::Working);
        (!working).then_some(())?;
        let (life, terms) = (&world.lives[refund], self.terms());
        let change = world.refunded(self) - life.open()?.base.shown?;
        let fact = if change == 0 {
            let proven = self.model.proves_no_effect(life, &terms, NOW).is_ok();
            let confirmed = life.open()?.unconfirmed && self.model.after(life, &Fact::Refused).is_ok();
            match (proven, confirmed) {
                (true, true) => Fact::Refused,
                (true, false) => Fact::HadNoEffect,
                (false, _) => Fact::Seen { nothing: true, at: NOW, due: NOW },
            }
        } else if Some(change) == life.amount && self.model.proves_effect(life, &terms, NOW, false).is_ok() {
            Fact::Done(HowKnown::Sums)
        } else {
            world.doing[refund] = Doing::AtALoss;
            return Some(());
        };
        world.doing[refund] = Doing::Nothing;
        self.write(world, refund, &fact)
    }

    /// A person who looks into the cabinet, and is right about what is there at that moment; only what the gateway still
    /// works on, and has acknowledged, may look to him as if it had not happened.
    fn person(&self, world: &mut World, refund: usize, word: Word) -> Option<()> {
        let life = &world.lives[refund];
        let it_happened = word == Word::Happened;
        self.model.may_decide(life, &self.terms(), NOW, word).ok()?;
        let done = world.effects[refund].iter().flatten().any(|effect| *effect == Effect::Done);
        let working = world.times_applied(refund) > 0 && !done;
        let overlooked = working && life.reference() == Reference::Taken;
        let true_word = if it_happened { done } else { !done && (!working || overlooked) };
        (true_word && (word != Word::SendAgain || life.lineages.len() < self.lineages)).then_some(())?;
        self.write(world, refund, &Fact::PersonSays(word))
    }

    /// Time passes: everything else lies further back. What must have had its effect by then has had it, or is lost.
    fn tick(&self, world: &mut World) -> Option<()> {
        for request in &mut world.flying {
            request.dead_at -= 1;
            (request.dead_at > NOW.at).then_some(())?;
        }
        let back = |when: &mut When| when.at = when.at.saturating_sub(1).max(LONG_AGO);
        for life in &mut world.lives {
            life.windows.iter_mut().for_each(back);
            for lineage in &mut life.lineages {
                lineage.nothing_seen.iter_mut().for_each(back);
            }
        }
        for doing in &mut world.doing {
            if let Doing::Armed(until) = doing {
                back(until);
            }
        }
        for paused in &mut world.paused {
            // Whose permit is dead never sends.
            if self.permits_never_die {
                continue;
            }
            *paused = paused
                .take()
                .filter(|(_, _, until)| until.at - 1 > NOW.at)
                .map(|(lineage, attempt, until)| (lineage, attempt, When { at: until.at - 1, ..until }));
        }
        Some(())
    }
}

fn in_doubt(unconfirmed: bool, answered: bool) -> Fact {
    Fact::InDoubt { refused: false, unconfirmed, salvaged: false, answered, due: NOW }
}

/// Under a living permit only; what is fired may have its effect until the window is over (G2).
fn fire(world: &mut World, refund: usize, lineage: usize, attempt: usize, until: When) -> Option<()> {
    (!NOW.reached(until)).then_some(())?;
    world.flying.push(Flying { refund, lineage, attempt, dead_at: until.at + SETTLE });
    Some(())
}
