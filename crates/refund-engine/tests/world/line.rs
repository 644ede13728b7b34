//! One request on its way: every fate it can meet at a gateway, and what the caller hears of it.

use crate::{
    gateway::{DELAY, Defect, Gateway, LAG, data, reference},
    judge::Leaving,
    ledger::{By, owner},
    process::Leash,
    stores::Truth,
    world::{Shared, UnderWay, World},
};
use async_trait::async_trait;
use refund_core::{
    Certainty, Decline, Digest, Doubt, DoubtReason, Moment, NotSent, NotSentReason, Opened, RefundOutcome,
    SendPermit, Submission,
};
use std::sync::Arc;

/// An open connection.
pub(crate) struct Line {
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) world: Shared,
    pub(crate) leash: Leash,
    pub(crate) truth: Truth,
    pub(crate) site: usize,
    pub(crate) digest: Digest,
    pub(crate) key: String,
    pub(crate) amount: i64,
}

/// What became of one request at the gateway.
enum Fate {
    NeverLeft,
    Lost,
    Late,
    AppliedReplyLost,
    AppliedSystemError,
    AppliedReplyCut,
    AppliedAndRefusedAmbiguously,
    Refused(Certainty),
    Answered,
}

#[async_trait]
impl Opened for Line {
    fn digest(&self) -> Digest {
        self.digest
    }

    async fn fire(self: Box<Self>, permit: SendPermit) -> Submission {
        self.leash.tick().await;
        // Nothing comes between this check and the write: a longer stall is excluded by assumption (G4).
        let fire_by = permit.fire_by();
        let in_time = permit.spend(&self.world.clock(self.site));
        if let Err(expired) = &in_time
            && self.gateway.defect != Some(Defect::IgnoresDeadline)
        {
            return Submission::NotSent(expired.clone());
        }
        let answer = self.send(fire_by, in_time.is_ok());
        self.leash.tick().await;
        let answer = match (answer, self.gateway.defect) {
            (Submission::Outcome { outcome: RefundOutcome::Unknown(_), .. }, Some(Defect::RetriesInside)) => {
                self.send(fire_by, in_time.is_ok())
            }
            (answer, _) => answer,
        };
        self.leash.tick().await;
        answer
    }
}

impl Line {
    /// One request leaves and meets its fate.
    fn send(&self, fire_by: Moment, in_time: bool) -> Submission {
        let history = owner(&self.key).map(|(intent, _)| self.truth.history(intent)).unwrap_or_default();
        let mut world = self.world.lock();
        let fate = self.fate(&mut world);
        if matches!(fate, Fate::NeverLeft) {
            return Submission::NotSent(NotSent::new(NotSentReason::NeverHanded, "the gate was shut"));
        }
        let leaving = Leaving { key: &self.key, digest: self.digest, in_time };
        for (invariant, what) in world.judge.leaves(&leaving, &history) {
            world.broke(invariant, what);
        }
        let outcome = self.meet(&mut world, fate, fire_by);
        world.tell(|| format!("machine {} sends {} of {}: {outcome:?}", self.site, self.amount, self.key));
        world.judged();
        drop(world);
        Submission::Outcome { outcome: self.read(outcome), evidence: data(String::new()) }
    }

    fn fate(&self, world: &mut World) -> Fate {
        if !world.fault(550) {
            return Fate::Answered;
        }
        match world.dice.below(100) {
            0..=7 => Fate::NeverLeft,
            8..=22 => Fate::Lost,
            23..=44 => Fate::Late,
            45..=56 => Fate::AppliedReplyLost,
            57..=66 => Fate::AppliedSystemError,
            67..=76 => Fate::AppliedReplyCut,
            77..=86 if !self.gateway.blind_tier() => Fate::AppliedAndRefusedAmbiguously,
            87..=92 => Fate::Refused(Certainty::Final),
            _ => Fate::Refused(Certainty::Confirm),
        }
    }

    fn meet(&self, world: &mut World, fate: Fate, fire_by: Moment) -> RefundOutcome {
        let unknown = |why| RefundOutcome::Unknown(Doubt::new(why, "the world is stormy"));
        match fate {
            Fate::NeverLeft | Fate::Lost => unknown(DoubtReason::ConnectionLost),
            Fate::Late => {
                // Not later than the window after the permit's deadline; sometimes at the last moment.
                let left = fire_by.millis.saturating_sub(world.moment(self.site).millis).min(5_000);
                let delay = match world.dice.below(4) {
                    0 => DELAY - 1 - world.dice.below(LAG),
                    1 => world.dice.below(DELAY),
                    _ => world.dice.below(DELAY / 20),
                };
                let arrives = world.now + left + delay;
                let number = world.number();
                world.late.insert((arrives, number), UnderWay { key: self.key.clone(), amount: self.amount });
                unknown(DoubtReason::Timeout)
            }
            Fate::AppliedReplyLost => self.applied(world, |_| unknown(DoubtReason::Timeout)),
            Fate::AppliedSystemError => self.applied(world, |_| unknown(DoubtReason::Status(500))),
            Fate::AppliedReplyCut => self.applied(world, |known| {
                let mut doubt = Doubt::new(DoubtReason::TruncatedReply, "cut");
                doubt.salvaged = Some(reference(known));
                RefundOutcome::Unknown(doubt)
            }),
            Fate::AppliedAndRefusedAmbiguously => self.applied(world, |_| refusal("7", Certainty::Confirm)),
            Fate::Refused(certainty) => {
                if self.gateway.keyed() && world.ledger.by_key(&self.key, world.now).is_none() {
                    world.refused.insert(self.key.clone(), certainty);
                }
                self.replayed(world).unwrap_or_else(|| refusal("5", certainty))
            }
            Fate::Answered => {
                let at_once = self.gateway.at_once;
                self.applied(world, |known| match at_once {
                    true => RefundOutcome::Settled(None),
                    false => RefundOutcome::Accepted(reference(known)),
                })
            }
        }
    }

    /// A gateway that knows the key gives the answer it gave.
    fn replayed(&self, world: &World) -> Option<RefundOutcome> {
        if !self.gateway.keyed() {
            return None;
        }
        let known = world.ledger.by_key(&self.key, world.now);
        known.map(|entry| match self.gateway.at_once {
            true => RefundOutcome::Settled(None),
            false => RefundOutcome::Accepted(reference(&entry.reference)),
        })
    }

    fn applied(&self, world: &mut World, answer: impl FnOnce(&str) -> RefundOutcome) -> RefundOutcome {
        if let Some(certainty) = world.refused.get(&self.key) {
            return refusal("5", *certainty);
        }
        if self.replayed(world).is_some() {
            let entry = world.ledger.by_key(&self.key, world.now).expect("replayed");
            return answer(&entry.reference);
        }
        let now = world.now;
        let takes = if self.gateway.at_once { 0 } else { world.dice.below(200_000) };
        let certainty = world.dice.one_of(&[Certainty::Final, Certainty::Confirm]);
        match world.ledger.apply(By::Request(self.key.clone()), self.amount, now, now + takes) {
            Ok(entry) => answer(&entry.reference),
            Err(_) => refusal("exceeds", certainty),
        }
    }

    /// What a broken provider makes of the answer.
    fn read(&self, outcome: RefundOutcome) -> RefundOutcome {
        match (outcome, self.gateway.defect) {
            (RefundOutcome::Declined(decline), Some(Defect::ConfirmIsFinal)) => {
                RefundOutcome::Declined(Decline { certainty: Certainty::Final, ..decline })
            }
            (RefundOutcome::Unknown(doubt), Some(Defect::TimeoutIsDeclined))
                if doubt.why == DoubtReason::Timeout =>
            {
                refusal("timeout", Certainty::Final)
            }
            (outcome, _) => outcome,
        }
    }
}

fn refusal(code: &str, certainty: Certainty) -> RefundOutcome {
    RefundOutcome::Declined(Decline {
        code: code.to_owned(),
        text: String::new(),
        certainty,
        hints: Vec::new(),
    })
}
