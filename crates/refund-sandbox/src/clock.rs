//! The sandbox's own time: read once at the start, moved only by hand.
//!
//! The only place of the crate that reads the machine's clock.

use jiff::{SignedDuration, Timestamp};

/// The last instant the clock may reach: 9999-01-01, so that every date still has four digits.
const LAST_SECOND: i64 = 253_370_764_800;

/// A clock that stands still until told to move.
pub(crate) struct Clock {
    start: Timestamp,
    now: Timestamp,
}

impl Clock {
    pub(crate) fn starting_at(start: Timestamp) -> Self {
        Self { start, now: start }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) fn start(&self) -> Timestamp {
        self.start
    }

    /// Moves forward. `None`, and nothing moves, if that would pass the year 9999.
    pub(crate) fn advance(&mut self, seconds: u64) -> Option<Timestamp> {
        self.now = later(self.now, seconds)?;
        Some(self.now)
    }

    pub(crate) fn back_to_start(&mut self) {
        self.now = self.start;
    }
}

/// `instant` + `seconds`, or `None` beyond the clock's range.
pub(crate) fn later(instant: Timestamp, seconds: u64) -> Option<Timestamp> {
    let seconds = i64::try_from(seconds).ok()?;
    let later = instant.checked_add(SignedDuration::from_secs(seconds)).ok()?;
    (later.as_second() <= LAST_SECOND).then_some(later)
}

/// The first instant: the given one, else the machine's time cut to whole seconds.
pub(crate) fn first_instant(unix_seconds: Option<i64>) -> Option<Timestamp> {
    let second = unix_seconds.unwrap_or_else(machine_second);
    (0..=LAST_SECOND).contains(&second).then_some(())?;
    Timestamp::from_second(second).ok()
}

#[expect(clippy::disallowed_methods, reason = "the one reading of the machine's clock, at start")]
fn machine_second() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    // A machine set before 1970 starts the sandbox at the epoch.
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(LAST_SECOND))
}
