//! Stops sending when too many sends end unknown, and finds the way back by reads alone.
//!
//! Every unknown outcome costs a settle window or a person, so an outage must not be filled with them. Pure: the time
//! comes with every call. It must not know a gateway.

use super::{Came, Read};
use refund_core::Moment;
use std::{collections::VecDeque, time::Duration};

/// So many unknown in a row stop the sends.
const IN_A_ROW: u32 = 3;
/// Of so many last sends ...
const REMEMBERED: usize = 50;
/// ... more than so many unknown (10 %) stop them, too.
const UNKNOWN_MAX: usize = 5;
/// The first pause; doubled by every one that follows without a send that was answered.
const PAUSE: Duration = Duration::from_secs(60);
/// No pause is longer.
const PAUSE_MAX: Duration = Duration::from_secs(15 * 60);
/// How long others wait for the one send that is tried.
const TRIAL: Duration = Duration::from_secs(5);

/// Whether an account's refunds are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They are.
    Closed,
    /// They are not. From `until` on a read that is answered lets one be tried.
    Open {
        /// When to read.
        until: Moment,
    },
    /// One at a time, until one of them is answered.
    Trial,
}

/// What the breaker says to somebody who wants to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// Go on.
    Go,
    /// Read something first and tell what came of it; a refund is never the probe.
    ReadFirst,
    /// Not before this moment.
    Wait(Moment),
}

/// Which kind of send it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Send {
    /// One of many.
    Ordinary,
    /// The one that is tried.
    Trial,
}

/// One account's breaker.
#[derive(Debug)]
pub struct Breaker {
    mode: Mode,
    /// A send is being tried.
    trying: bool,
    /// Pauses since the last send that was answered.
    pauses: u32,
    in_a_row: u32,
    last: VecDeque<Came>,
}

impl Default for Breaker {
    fn default() -> Self {
        Self { mode: Mode::Closed, trying: false, pauses: 0, in_a_row: 0, last: VecDeque::new() }
    }
}

impl Breaker {
    /// How it stands.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The share of unknown outcomes among the last sends (50 at most), in thousandths.
    pub fn share_unknown(&self) -> u32 {
        u32::try_from(self.unknown() * 1_000 / self.last.len().max(1)).expect("a thousand at most")
    }

    /// May something be sent? Changes nothing.
    pub fn ask(&self, now: Moment) -> Leave {
        match self.mode {
            Mode::Closed => Leave::Go,
            Mode::Open { until } if until.boot == now.boot && !now.has_reached(until) => Leave::Wait(until),
            Mode::Open { .. } => Leave::ReadFirst,
            Mode::Trial if self.trying => Leave::Wait(now.after(TRIAL)),
            Mode::Trial => Leave::Go,
        }
    }

    /// A send begins, if it may.
    ///
    /// # Errors
    /// Why it may not, as [`Breaker::ask`] says it.
    pub fn begin(&mut self, now: Moment) -> Result<Send, Leave> {
        match (self.ask(now), self.mode) {
            (Leave::Go, Mode::Trial) => {
                self.trying = true;
                Ok(Send::Trial)
            }
            (Leave::Go, _) => Ok(Send::Ordinary),
            (other, _) => Err(other),
        }
    }

    /// It surely did not leave.
    pub fn not_sent(&mut self, send: Send) {
        self.trying &= send != Send::Trial;
    }

    /// It left. Answers when sends may be thought of again, if this one stopped them.
    pub fn sent(&mut self, send: Send, ended: Came, now: Moment) -> Option<Moment> {
        self.not_sent(send);
        self.last.push_back(ended);
        if self.last.len() > REMEMBERED {
            self.last.pop_front();
        }
        self.in_a_row = if ended == Came::Unknown { self.in_a_row + 1 } else { 0 };
        match (self.mode, send, ended) {
            (Mode::Trial, Send::Trial, Came::Known) => {
                *self = Self::default();
                None
            }
            (Mode::Trial, Send::Trial, Came::Unknown) => Some(self.pause(now)),
            (Mode::Closed, ..) if self.in_a_row >= IN_A_ROW || self.unknown() > UNKNOWN_MAX => {
                Some(self.pause(now))
            }
            // Sends that were under way when it opened only count.
            _ => None,
        }
    }

    /// A read came back. It matters only when it is time for one.
    pub fn read(&mut self, came: Read, now: Moment) {
        if self.ask(now) == Leave::ReadFirst {
            match came {
                Read::Answered => self.mode = Mode::Trial,
                Read::Failed => {
                    self.pause(now);
                }
            }
        }
    }

    fn pause(&mut self, now: Moment) -> Moment {
        let until = now.after((PAUSE * 2_u32.pow(self.pauses.min(8))).min(PAUSE_MAX));
        self.pauses += 1;
        self.mode = Mode::Open { until };
        until
    }

    fn unknown(&self) -> usize {
        self.last.iter().filter(|ended| **ended == Came::Unknown).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use refund_core::BootId;

    fn at(seconds: u64) -> Moment {
        Moment::new(BootId(1), seconds * 1_000)
    }

    fn told(breaker: &mut Breaker, word: &str, now: u64) -> Vec<Option<u64>> {
        let send = if breaker.mode() == Mode::Trial { Send::Trial } else { Send::Ordinary };
        let ends = word.chars().map(|letter| if letter == 'u' { Came::Unknown } else { Came::Known });
        ends.map(|ended| breaker.sent(send, ended, at(now)).map(|until| until.millis / 1_000)).collect()
    }

    #[test]
    fn three_in_a_row_or_more_than_a_tenth_stop_it() {
        // What came of the sends, and after which of them it opens.
        let tenth = format!("{}u", "uk".repeat(5));
        let spread = format!("{}k", "ukkkkkkkkk".repeat(10));
        for (sends, opens) in [
            ("uu", None),
            ("uuu", Some(3)),
            ("uukuuku", None),
            ("kuuu", Some(4)),
            (&tenth, Some(11)),
            // Exactly a tenth, for ever.
            (&spread, None),
        ] {
            let mut breaker = Breaker::default();
            let opened = told(&mut breaker, sends, 0).iter().position(Option::is_some);
            assert_eq!(opened.map(|index| index + 1), opens, "{sends}");
            assert_eq!(breaker.ask(at(0)) == Leave::Go, opens.is_none(), "{sends}");
        }
    }

    #[test]
    fn the_way_back_is_a_read_and_then_one_send() {
        let mut breaker = Breaker::default();
        told(&mut breaker, "uuu", 100);
        assert_eq!(breaker.ask(at(159)), Leave::Wait(at(160)));
        // Reads before it is time say nothing, nor does what was under way.
        breaker.read(Read::Answered, at(159));
        told(&mut breaker, "k", 159);
        assert_eq!(breaker.mode(), Mode::Open { until: at(160) });
        assert_eq!(breaker.ask(at(160)), Leave::ReadFirst);
        breaker.read(Read::Failed, at(160));
        assert_eq!(breaker.ask(at(279)), Leave::Wait(at(280)), "twice as long");
        breaker.read(Read::Answered, at(280));
        assert_eq!((breaker.mode(), breaker.ask(at(280))), (Mode::Trial, Leave::Go));
        assert_eq!(breaker.begin(at(281)), Ok(Send::Trial));
        assert_eq!(breaker.begin(at(281)), Err(Leave::Wait(at(286))), "one at a time");
        // What left long ago neither ends the trial nor makes room for another.
        breaker.not_sent(Send::Ordinary);
        breaker.sent(Send::Ordinary, Came::Known, at(281));
        assert_eq!((breaker.mode(), breaker.ask(at(281))), (Mode::Trial, Leave::Wait(at(286))));
        breaker.not_sent(Send::Trial);
        assert_eq!(breaker.begin(at(281)), Ok(Send::Trial));
        assert_eq!(told(&mut breaker, "u", 300), [Some(540)], "one is enough, and four times as long");
        breaker.read(Read::Answered, at(540));
        assert_eq!(told(&mut breaker, "k", 541), [None]);
        assert_eq!((breaker.mode(), breaker.share_unknown()), (Mode::Closed, 0), "forgotten");
    }

    #[test]
    fn no_pause_is_longer_than_a_quarter_of_an_hour() {
        let mut breaker = Breaker::default();
        told(&mut breaker, "uuu", 0);
        let mut pauses = Vec::new();
        let mut now = 60;
        for _ in 0..6 {
            breaker.read(Read::Failed, at(now));
            let Mode::Open { until } = breaker.mode() else { panic!("{breaker:?}") };
            pauses.push(until.millis / 1_000 - now);
            now = until.millis / 1_000;
        }
        assert_eq!(pauses, [120, 240, 480, 900, 900, 900]);
    }
}
