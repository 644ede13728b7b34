//! What the gateways tell the shop by themselves: which callbacks wait, went out and came through.
//!
//! Knows targets, attempts and the sandbox's clock. How a message is spelt stands in `message`, how it
//! travels in `courier`. Robokassa tells nobody about refunds (CONFIRMED by absence).

mod courier;
mod message;
mod target;

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use crate::clock::later;
use crate::ledger::{Gateway, News};
use crate::switches::SberSwitches;

pub(crate) use courier::{carry, serve};
pub(crate) use message::Message;
pub(crate) use target::{Target, Verb};

/// How many finished callbacks the listing keeps; the oldest go first.
const KEPT: usize = 1_000;

/// How a gateway insists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Patience {
    pub(crate) attempts: u64,
    pub(crate) every_seconds: u64,
}

/// How many times the same callback is sent at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copies {
    One,
    Two,
}

/// One callback to one target.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) number: u64,
    pub(crate) gateway: Gateway,
    pub(crate) order: String,
    pub(crate) operation: &'static str,
    pub(crate) target: Target,
    pub(crate) message: Message,
    patience: Patience,
    due: Timestamp,
    /// One entry per attempt: the HTTP status, or `None` where there was no answer.
    pub(crate) answers: Vec<Option<u16>>,
}

impl Delivery {
    /// Exactly 200 is an acknowledgement (CONFIRMED, platform vendor).
    pub(crate) fn acknowledged(&self) -> bool {
        self.answers.last() == Some(&Some(200))
    }

    fn given_up(&self) -> bool {
        u64::try_from(self.answers.len()).is_ok_and(|made| made >= self.patience.attempts)
    }
}

/// Every callback of one sandbox.
#[derive(Default)]
pub(crate) struct Outbox {
    targets: BTreeMap<Gateway, Target>,
    waiting: VecDeque<Delivery>,
    on_the_way: Vec<Delivery>,
    over: VecDeque<Delivery>,
    numbered: u64,
}

impl Outbox {
    /// Sets or removes where a gateway's callbacks go.
    pub(crate) fn aim(&mut self, gateway: Gateway, target: Option<Target>) {
        match target {
            Some(target) => drop(self.targets.insert(gateway, target)),
            None => drop(self.targets.remove(&gateway)),
        }
    }

    pub(crate) fn targets(&self) -> impl Iterator<Item = (Gateway, &Target)> {
        self.targets.iter().map(|(gateway, target)| (*gateway, target))
    }

    /// Writes the callbacks of what happened; without a target nobody is told, then or later.
    pub(crate) fn post(&mut self, news: Vec<News>, copies: Copies, now: Timestamp, switches: &SberSwitches) {
        for news in news {
            let Some(target) = self.targets.get(&news.gateway) else { continue };
            let Some((message, patience)) = message::of(&news, target.verb, switches) else { continue };
            let times = if copies == Copies::Two { 2 } else { 1 };
            for _ in 0..times {
                self.numbered += 1;
                self.waiting.push_back(Delivery {
                    number: self.numbered,
                    gateway: news.gateway,
                    order: news.id.clone(),
                    operation: news.what.word(),
                    target: target.clone(),
                    message: message.clone(),
                    patience,
                    due: now,
                    answers: Vec::new(),
                });
            }
        }
    }

    /// Takes the next delivery that is due; its outcome is told with [`Self::returned`].
    pub(crate) fn take(&mut self, now: Timestamp) -> Option<Delivery> {
        let at = self.waiting.iter().position(|delivery| delivery.due <= now)?;
        let delivery = self.waiting.remove(at)?;
        self.on_the_way.push(delivery.clone());
        Some(delivery)
    }

    /// Whether something could be taken right now.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.waiting.iter().any(|delivery| delivery.due <= now)
    }

    /// An attempt came back. A delivery that was forgotten meanwhile stays forgotten.
    pub(crate) fn returned(&mut self, number: u64, answer: Option<u16>, now: Timestamp) {
        let Some(at) = self.on_the_way.iter().position(|delivery| delivery.number == number) else { return };
        let mut delivery = self.on_the_way.swap_remove(at);
        delivery.answers.push(answer);
        let next = later(now, delivery.patience.every_seconds);
        match next.filter(|_| !delivery.acknowledged() && !delivery.given_up()) {
            Some(due) => {
                delivery.due = due;
                self.waiting.push_back(delivery);
            }
            None => {
                self.over.push_back(delivery);
                while self.over.len() > KEPT {
                    self.over.pop_front();
                }
            }
        }
    }

    /// Every delivery with where it is, by number.
    pub(crate) fn list(&self, now: Timestamp) -> Vec<(&Delivery, &'static str)> {
        let waiting = self
            .waiting
            .iter()
            .map(|delivery| (delivery, if delivery.due <= now { "due" } else { "waiting" }));
        let moving = self.on_the_way.iter().map(|delivery| (delivery, "on_the_way"));
        let over = self
            .over
            .iter()
            .map(|delivery| (delivery, if delivery.acknowledged() { "acknowledged" } else { "given_up" }));
        let mut all: Vec<_> = over.chain(moving).chain(waiting).collect();
        all.sort_by_key(|(delivery, _)| delivery.number);
        all
    }

    /// Forgets targets and deliveries. Numbers go on, so that what is on the way now is not mistaken
    /// for anything later.
    pub(crate) fn forget(&mut self) {
        *self = Self { numbered: self.numbered, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Mode;
    use crate::ledger::What;
    use crate::switches::Switches;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn outbox(gateway: Gateway) -> Outbox {
        let mut outbox = Outbox::default();
        outbox.aim(gateway, Some(Target::parse("http://127.0.0.1:9/cb", Verb::Get).unwrap()));
        let news = News {
            gateway,
            id: "o".to_owned(),
            number: "n".to_owned(),
            what: What::Refunded(5),
            deposited: 1,
            refunded: 5,
        };
        let switches = Switches::preset(Mode::Strict);
        outbox.post(vec![news], Copies::One, second(0), &switches.sber);
        outbox
    }

    #[test]
    fn a_callback_is_repeated_by_the_clock_and_given_up_after_three_failures() {
        // 3 x 30 s: CONFIRMED, platform vendor; 3 x 60 s: CONFIRMED, ecomtest.
        for (gateway, pause) in [(Gateway::SberOld, 30), (Gateway::SberEcom, 60)] {
            let mut outbox = outbox(gateway);
            for attempt in 0..3 {
                let now = second(attempt * pause);
                assert!(attempt == 0 || outbox.take(second(attempt * pause - 1)).is_none());
                let delivery = outbox.take(now).expect("due");
                assert_eq!(outbox.list(now)[0].1, "on_the_way");
                outbox.returned(delivery.number, Some(500), now);
            }
            assert_eq!(outbox.list(second(0))[0].1, "given_up");
            assert!(!outbox.is_due(second(9_999)));
        }
    }

    #[test]
    fn only_exactly_200_acknowledges() {
        for (answer, state) in [(Some(200), "acknowledged"), (Some(204), "waiting"), (None, "waiting")] {
            let mut outbox = outbox(Gateway::SberOld);
            let delivery = outbox.take(second(0)).unwrap();
            outbox.returned(delivery.number, answer, second(0));
            assert_eq!(outbox.list(second(0))[0].1, state, "{answer:?}");
        }
    }

    #[test]
    fn what_was_forgotten_on_the_way_stays_forgotten() {
        let mut outbox = outbox(Gateway::SberOld);
        let delivery = outbox.take(second(0)).unwrap();
        outbox.forget();
        outbox.returned(delivery.number, Some(500), second(0));
        assert!(outbox.list(second(0)).is_empty());
    }
}
