//! A clock that stands still until it is moved.
//!
//! The provider's transport must spend permits against this very clock, or the cases about deadlines prove nothing. It
//! must not read the machine's time.

use refund_core::{BootId, Clock, Moment, WallTime};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Boot time and wall time that pass only when they are told to. Starts at zero, on boot 1.
///
/// ```
/// use refund_conformance::ManualClock;
/// use refund_core::Clock;
/// use std::time::Duration;
///
/// let clock = ManualClock::default();
/// clock.advance(Duration::from_secs(5));
/// assert_eq!(clock.now().millis, 5_000);
/// ```
#[derive(Debug, Default)]
pub struct ManualClock(AtomicU64);

impl ManualClock {
    /// Lets so much time pass, in whole milliseconds.
    pub fn advance(&self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        Moment::new(BootId(1), self.0.load(Ordering::SeqCst))
    }

    fn wall(&self) -> WallTime {
        WallTime(i64::try_from(self.0.load(Ordering::SeqCst)).unwrap_or(i64::MAX))
    }
}
