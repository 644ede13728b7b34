//! How fast an account's calls follow each other: a token bucket whose rate falls by half when the gateway says "too
//! many" and comes back step by step.
//!
//! It must not know what is called.

use crate::Timer;
use governor::{
    Quota, RateLimiter,
    clock::Clock,
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::{InMemoryState, NotKeyed},
};
use refund_core::Moment;
use std::{num::NonZeroU32, sync::Arc, time::Duration};

/// The full rate, in thousandths of itself.
const WHOLE: u32 = 1_000;
/// It never falls below a fiftieth.
const LEAST: u32 = 20;
/// One step back up: a tenth of the full rate.
const STEP: u32 = 100;
/// So many answers without a complaint make one step.
const GOOD: u32 = 10;
/// Complaints of calls that were under way together count once.
const ONE_COMPLAINT: Duration = Duration::from_secs(1);
/// No "retry after" is believed beyond this.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(60 * 60);

type Bucket = RateLimiter<NotKeyed, InMemoryState, ByTimer, NoOpMiddleware<Nanos>>;

/// The rate of one account's calls.
pub struct Pace {
    every: Duration,
    /// How many calls an idle account may make in one go.
    burst: NonZeroU32,
    timer: Arc<dyn Timer>,
    /// `None` for no limit.
    bucket: Option<Bucket>,
    share: u32,
    good: u32,
    complained: Option<Moment>,
    not_before: Option<Moment>,
}

impl Pace {
    /// Calls that follow each other by `every` at full rate, zero for no limit; so many in one go after a rest.
    pub fn new(every: Duration, burst: NonZeroU32, timer: Arc<dyn Timer>) -> Self {
        let bucket = bucket(every, burst, &timer);
        Self { every, burst, timer, bucket, share: WHOLE, good: 0, complained: None, not_before: None }
    }

    /// The rate now, in thousandths of the full one.
    pub fn share(&self) -> u32 {
        self.share
    }

    /// Takes the right to one call.
    ///
    /// # Errors
    /// From when on to ask again; somebody else may be faster.
    pub fn take(&mut self, now: Moment) -> Result<(), Moment> {
        if let Some(until) = self.not_before.filter(|until| !now.has_reached(*until)) {
            return Err(until);
        }
        let Some(bucket) = &self.bucket else { return Ok(()) };
        bucket.check().map_err(|refused| {
            let wait = refused.wait_time_from(ByTimer(Arc::clone(&self.timer)).now());
            // The clock counts whole milliseconds: rounded up, or it would be asked again too early for ever.
            now.after(wait.max(Duration::from_millis(1)) + Duration::from_micros(999))
        })
    }

    /// The gateway answered and did not complain.
    pub fn answered(&mut self) {
        if self.share == WHOLE {
            return;
        }
        self.good += 1;
        if self.good == GOOD {
            self.set(self.share + STEP);
        }
    }

    /// The gateway says that it is too many: half the rate from now on, and nothing before it said.
    pub fn limited(&mut self, now: Moment, retry_after: Option<Duration>) {
        if let Some(wait) = retry_after {
            let until = now.after(wait.min(RETRY_AFTER_MAX));
            let later = self.not_before.is_none_or(|known| until.has_reached(known));
            self.not_before = if later { Some(until) } else { self.not_before };
        }
        let same = self.complained.is_some_and(|at| !now.has_reached(at.after(ONE_COMPLAINT)));
        if same {
            return;
        }
        self.complained = Some(now);
        self.set(self.share / 2);
    }

    fn set(&mut self, share: u32) {
        self.good = 0;
        self.share = share.clamp(LEAST, WHOLE);
        // Nothing in one go while the gateway complains.
        let burst = if self.share == WHOLE { self.burst } else { NonZeroU32::MIN };
        self.bucket = bucket(self.every * WHOLE / self.share, burst, &self.timer);
        // A new bucket is full: without this every change of rate would be calls for free.
        if let Some(bucket) = &self.bucket {
            while bucket.check().is_ok() {}
        }
    }
}

/// `None` for no limit.
fn bucket(every: Duration, burst: NonZeroU32, timer: &Arc<dyn Timer>) -> Option<Bucket> {
    let quota = Quota::with_period(every)?.allow_burst(burst);
    Some(RateLimiter::direct_with_clock(quota, ByTimer(Arc::clone(timer))))
}

/// The engine's clock as the bucket reads it.
#[derive(Clone)]
struct ByTimer(Arc<dyn Timer>);

impl Clock for ByTimer {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::from(Duration::from_millis(self.0.now().millis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ManualClock;
    use refund_core::{Clock as _, WallTime};

    /// Takes one call after another; answers how many milliseconds lay between.
    fn gaps(pace: &mut Pace, clock: &ManualClock, calls: usize) -> Vec<u64> {
        let mut waits = Vec::new();
        for _ in 0..calls {
            let begun = clock.now().millis;
            while let Err(until) = pace.take(clock.now()) {
                clock.advance(clock.now().until(until).expect("one boot"));
            }
            waits.push(clock.now().millis - begun);
        }
        waits
    }

    fn pace() -> (Pace, ManualClock) {
        let clock = ManualClock::starting(WallTime(0));
        (Pace::new(Duration::from_millis(200), NonZeroU32::MIN, Arc::new(clock.clone())), clock)
    }

    #[test]
    fn an_idle_account_may_make_some_calls_in_one_go_and_none_while_the_gateway_complains() {
        let clock = ManualClock::starting(WallTime(0));
        let burst = NonZeroU32::new(4).expect("four");
        let mut pace = Pace::new(Duration::from_millis(200), burst, Arc::new(clock.clone()));
        assert_eq!(gaps(&mut pace, &clock, 6), [0, 0, 0, 0, 200, 200]);
        clock.advance(Duration::from_secs(10));
        assert_eq!(gaps(&mut pace, &clock, 5), [0, 0, 0, 0, 200]);
        pace.limited(clock.now(), None);
        clock.advance(Duration::from_secs(10));
        assert_eq!(gaps(&mut pace, &clock, 3), [0, 400, 400]);
    }

    #[test]
    fn it_halves_on_a_complaint_and_comes_back_step_by_step() {
        let (mut pace, clock) = pace();
        assert_eq!(gaps(&mut pace, &clock, 3), [0, 200, 200]);
        pace.limited(clock.now(), None);
        assert_eq!((pace.share(), gaps(&mut pace, &clock, 2)), (500, vec![400, 400]));
        clock.advance(Duration::from_secs(10));
        pace.limited(clock.now(), None);
        // Another call of the same moment complains, too.
        pace.limited(clock.now(), None);
        assert_eq!((pace.share(), gaps(&mut pace, &clock, 2)), (250, vec![800, 800]));
        let mut shares = Vec::new();
        for _ in 0..8 {
            (0..10).for_each(|_| pace.answered());
            shares.push(pace.share());
        }
        assert_eq!(shares, [350, 450, 550, 650, 750, 850, 950, 1_000]);
        assert_eq!(gaps(&mut pace, &clock, 2), [200, 200]);
    }

    #[test]
    fn it_never_falls_below_a_fiftieth() {
        let (mut pace, clock) = pace();
        for _ in 0..20 {
            clock.advance(Duration::from_secs(2));
            pace.limited(clock.now(), None);
        }
        assert_eq!((pace.share(), gaps(&mut pace, &clock, 2)), (20, vec![10_000, 10_000]));
    }

    #[test]
    fn what_the_gateway_asks_for_is_waited_for_up_to_an_hour() {
        for (asked, waited) in [(7, 7_000), (86_400, 3_600_000)] {
            let (mut pace, clock) = pace();
            gaps(&mut pace, &clock, 1);
            pace.limited(clock.now(), Some(Duration::from_secs(asked)));
            // A shorter one that comes later does not shorten it.
            pace.limited(clock.now(), Some(Duration::from_secs(1)));
            assert_eq!(gaps(&mut pace, &clock, 1), [waited]);
        }
    }

    #[test]
    fn no_limit_is_no_limit() {
        let clock = ManualClock::starting(WallTime(0));
        let mut pace = Pace::new(Duration::ZERO, NonZeroU32::MIN, Arc::new(clock.clone()));
        pace.limited(clock.now(), None);
        assert_eq!(gaps(&mut pace, &clock, 5), [0; 5]);
    }
}
