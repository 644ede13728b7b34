//! What the machine commands next when it is asked about an unknown outcome: per kind of gateway, per way into doubt,
//! per moment.
//!
//! Each is played: a refund is driven into doubt, time passes, the machine is told to go on. What it commands is noted;
//! what ought to be commanded is not known here.

use super::{
    alphabet::{self, AMOUNT, CUT, NO_ANSWER, PROBED, at, baseline, elsewhere, policy},
    drive::written,
    words::{name, spaced},
};
use crate::Result;
use refund_core::{Moment, SelfFencing, Tier};
use refund_engine::{
    Phase, Policy, Record, State,
    machine::{Baseline, Command, Event, FiredKind, Machine, ProbedKind, step},
};

/// How a refund came into doubt.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// What firing came to.
    Fired(FiredKind),
    /// The process died behind the armed record.
    Crashed,
    /// There was no answer, it was sent again, and that was refused.
    ResendRefused,
    /// There was never an answer, and all sends are used up.
    UsedUp,
    /// There was no answer, and the reservation was made against a baseline that nothing is to be read against.
    Unread,
}

const WAYS: [(&str, Way); 7] = [
    ("no answer", Way::Fired(NO_ANSWER)),
    ("answer cut behind its reference", Way::Fired(CUT)),
    ("refused, to be confirmed", Way::Fired(FiredKind::DeclinedUnconfirmed)),
    ("process died", Way::Crashed),
    ("resend refused", Way::ResendRefused),
    ("sends used up", Way::UsedUp),
    ("baseline not kept for evidence", Way::Unread),
];

/// When the machine is asked, counted from the last send.
pub(crate) const MOMENTS: [(&str, When); 4] = [
    ("permit alive", When::After(1)),
    ("window open", When::After(60)),
    ("window over", OVER),
    ("another boot", When::AnotherBoot),
];

/// Nothing that was sent can take effect any more.
const OVER: When = When::After(3_600);

/// The same look is taken again.
const AGAIN: When = When::After(7_200);

/// A moment, counted from a send.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    /// So many seconds after it.
    After(u64),
    /// After a restart of the machine.
    AnotherBoot,
}

/// One way into doubt at one kind of gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doubt {
    /// How it came into doubt.
    pub(crate) way: &'static str,
    /// What is commanded at each of [`MOMENTS`].
    pub(crate) next: Vec<Next>,
    /// What a look leads to, once the window is over.
    pub(crate) looks: Vec<Look>,
}

/// What one answer to a look leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// What it showed.
    pub(crate) shows: String,
    /// The first time.
    pub(crate) first: Next,
    /// When the first left it unknown, and a later look shows the same.
    pub(crate) again: Option<Next>,
}

/// What is done next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Next {
    /// Wait.
    Wait,
    /// Look at the gateway.
    Probe,
    /// Connect, to send the same once more.
    Resend,
    /// Ask a person, with the reason.
    Hold(String),
    /// Start the settle window again.
    Restart,
    /// Write this record, which leads to that phase.
    Write(&'static str, Phase),
    /// Anything else, by the command's name.
    Other(String),
}

/// A refund in doubt, and when it was sent last.
#[derive(Clone, Copy, Debug)]
struct Sent {
    machine: Machine,
    seconds: u64,
}

/// Every way into doubt that there is at this kind of gateway.
///
/// # Errors
/// When the machine refuses a step of the way.
pub(crate) fn doubts(tier: Tier, fencing: SelfFencing) -> Result<Vec<Doubt>> {
    let policy = policy(tier, fencing);
    let mut doubts = Vec::new();
    for (way, how) in WAYS {
        let Some(doubt) = into_doubt(policy, how)? else { continue };
        let next = MOMENTS.iter().map(|(_, when)| {
            let (machine, command) = doubt.go(*when)?;
            Ok(doubt.next(machine, command, *when))
        });
        doubts.push(Doubt { way, next: next.collect::<Result<_>>()?, looks: doubt.looks()? });
    }
    Ok(doubts)
}

/// `None` when this way does not lead there.
fn into_doubt(policy: Policy, way: Way) -> Result<Option<Sent>> {
    let fired =
        |kind| Sent::first(policy, baseline(policy.tier))?.events(&[Event::Fired(kind), Event::KeepDone]);
    Ok(match way {
        Way::Fired(kind) => Some(fired(kind)?),
        Way::Crashed => {
            let sent = Sent::first(policy, baseline(policy.tier))?;
            Some(sent.restarted().events(&[Event::Go, Event::KeepDone])?)
        }
        Way::ResendRefused => match fired(NO_ANSWER)?.again()? {
            Some(sent) => Some(sent.events(&[Event::Fired(FiredKind::Declined), Event::KeepDone])?),
            None => None,
        },
        Way::UsedUp => {
            let mut doubt = fired(NO_ANSWER)?;
            while let Some(sent) = doubt.again()? {
                doubt = sent.events(&[Event::Fired(NO_ANSWER), Event::KeepDone])?;
            }
            (doubt.machine.state.attempt > 1).then_some(doubt)
        }
        Way::Unread if policy.reads_baseline() => {
            let sent = Sent::first(policy, alphabet::UNUSED)?;
            Some(sent.events(&[Event::Fired(NO_ANSWER), Event::KeepDone])?)
        }
        Way::Unread => None,
    })
}

impl Sent {
    /// A refund that is being fired for the first time.
    fn first(policy: Policy, baseline: Baseline) -> Result<Self> {
        let state = State::fold([Record::Planned { amount: Some(AMOUNT) }, Record::Approved])?;
        let looked =
            [Event::Go, Event::LookedUp(baseline), Event::Checked { amount: AMOUNT }, Event::ReserveDone];
        Self { machine: Machine::new(state, policy), seconds: 0 }.events(&looked)?.events(&SEND)
    }

    /// The same refund being fired once more, if the machine does that when nothing it sees decides.
    fn again(self) -> Result<Option<Self>> {
        for when in [When::After(0), OVER] {
            let (mut machine, mut command) = self.go(when)?;
            if command == Command::Probe {
                (machine, command) = step(machine, Event::Probed(ProbedKind::CannotTell), self.at(when))?;
            }
            (machine, command) = self.noted(machine, command, when);
            if let (Command::Open, When::After(seconds)) = (command, when) {
                let sent = Self { machine, seconds: self.seconds + seconds };
                return Ok(Some(sent.events(&SEND)?));
            }
        }
        Ok(None)
    }

    /// All of these events, at the moment of the send.
    fn events(self, events: &[Event]) -> Result<Self> {
        let mut machine = self.machine;
        for event in events {
            machine = step(machine, *event, at(self.seconds))?.0;
        }
        Ok(Self { machine, ..self })
    }

    /// The process died, another one took it over.
    fn restarted(self) -> Self {
        Self { machine: Machine::new(self.machine.state, self.machine.policy), ..self }
    }

    fn at(self, when: When) -> Moment {
        match when {
            When::After(seconds) => at(self.seconds + seconds),
            When::AnotherBoot => elsewhere(0),
        }
    }

    fn go(self, when: When) -> Result<(Machine, Command)> {
        Ok(step(self.restarted().machine, Event::Go, self.at(when))?)
    }

    /// What every answer to a look leads to; nothing where there is no look.
    fn looks(self) -> Result<Vec<Look>> {
        let (machine, command) = self.go(OVER)?;
        if command != Command::Probe {
            return Ok(Vec::new());
        }
        let look = |kind: &ProbedKind| {
            let (looked, command) = step(machine, Event::Probed(*kind), self.at(OVER))?;
            let first = self.next(looked, command, OVER);
            let again = match first {
                Next::Write(_, Phase::Unknown) => Some(self.look_again(command, *kind)?),
                _ => None,
            };
            Ok(Look { shows: spaced(&name(kind)), first, again })
        };
        PROBED.iter().map(look).collect()
    }

    /// What was seen is kept, and later the same is seen once more.
    fn look_again(self, command: Command, kind: ProbedKind) -> Result<Next> {
        let record = written(&command).ok_or("a look that decides nothing is kept")?;
        let state = self.machine.state.apply(record)?;
        let kept = Self { machine: Machine::new(state, self.machine.policy), ..self };
        let (mut machine, mut command) = kept.go(AGAIN)?;
        if command == Command::Probe {
            (machine, command) = step(machine, Event::Probed(kind), kept.at(AGAIN))?;
        }
        Ok(kept.next(machine, command, AGAIN))
    }

    /// A record may be asked for before a connection: that it may be sent again, and why.
    fn noted(self, machine: Machine, command: Command, when: When) -> (Machine, Command) {
        let kept = match command {
            Command::Keep(_) => step(machine, Event::KeepDone, self.at(when)).ok(),
            _ => None,
        };
        kept.filter(|(_, then)| *then == Command::Open).unwrap_or((machine, command))
    }

    fn next(self, machine: Machine, command: Command, when: When) -> Next {
        match self.noted(machine, command, when).1 {
            Command::Wait(_) => Next::Wait,
            Command::Probe => Next::Probe,
            Command::Open => Next::Resend,
            Command::Keep(Record::Held { why, .. }) => Next::Hold(spaced(&name(&why))),
            Command::Keep(Record::WindowRestarted { .. }) => Next::Restart,
            other => match written(&other).map(|record| (record.kind(), self.machine.state.apply(record))) {
                Some((kind, Ok(state))) => Next::Write(kind, state.phase),
                _ => Next::Other(name(&other)),
            },
        }
    }
}

/// From the connection that stands to the request being fired.
const SEND: [Event; 2] = [Event::OpenDone, Event::ArmDone];

#[cfg(test)]
mod tests {
    use super::*;
    use refund_core::{Actors, KeyTrust};

    const VERIFIED: Tier = Tier::Keyed { trust: KeyTrust::Verified, actors: Actors::OnlyUs };

    fn of(tier: Tier, fencing: SelfFencing, way: &str) -> Doubt {
        let doubts = doubts(tier, fencing).unwrap_or_else(|error| panic!("{error}"));
        doubts.into_iter().find(|doubt| doubt.way == way).unwrap_or_else(|| panic!("no way {way}"))
    }

    fn hold(why: &str) -> Next {
        Next::Hold(why.to_owned())
    }

    /// By hand, from the picture of how an unknown outcome resolves.
    #[test]
    fn what_is_played_is_what_the_tiers_promise() {
        let off = SelfFencing::Off;
        let blind = of(Tier::Blind, off, "no answer");
        assert_eq!(blind.next, vec![hold("no evidence"); 4]);
        assert_eq!(blind.looks, []);

        let readable = of(Tier::Readable(Actors::OnlyUs), off, "no answer");
        assert_eq!(readable.next, [Next::Wait, Next::Wait, Next::Probe, Next::Restart]);
        let not_seen = readable.looks.iter().find(|look| look.shows == "not seen").expect("a look");
        assert_eq!(not_seen.first, Next::Write("looked", Phase::Unknown));
        assert_eq!(not_seen.again, Some(Next::Write("proven_not", Phase::Reserved)));

        let keyed = of(VERIFIED, off, "no answer");
        assert_eq!(keyed.next, vec![Next::Resend; 4]);
        let crashed = of(VERIFIED, off, "process died");
        assert_eq!(crashed.next, [Next::Wait, Next::Resend, Next::Resend, Next::Restart]);

        let fenced = of(Tier::Blind, SelfFencing::On, "sends used up");
        assert_eq!(fenced.next, vec![hold("no evidence"); 4]);
        let refused = of(Tier::Blind, SelfFencing::On, "resend refused");
        assert_eq!(refused.next[0], hold("refused on resend"));
    }
}
