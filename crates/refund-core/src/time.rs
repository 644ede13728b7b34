//! Time as the toolkit counts it: milliseconds since the machine booted, together with which boot that was.
//!
//! Boot time goes on while a machine is suspended and never jumps, so a deadline in it is a deadline. Wall time is for
//! people only. This module names the [`Clock`]; it must not read one.

use std::time::Duration;

/// Which start of a machine a moment belongs to. Moments of two boots cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(C, packed(8))]
pub struct BootId(pub u128);

/// A moment of boot time, in whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// Which boot.
    pub boot: BootId,
    /// Milliseconds since that boot, suspended time included.
    pub millis: u64,
}

impl Moment {
    /// A moment of a boot.
    pub const fn new(boot: BootId, millis: u64) -> Self {
        Self { boot, millis }
    }

    /// This moment and so much later; saturating, which at worst waits forever and never too short.
    pub fn after(self, wait: Duration) -> Self {
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        Self { boot: self.boot, millis: self.millis.saturating_add(millis) }
    }

    /// True when this moment is certainly at or after `other`; false when it is earlier or of another boot.
    pub fn has_reached(self, other: Self) -> bool {
        self.boot == other.boot && self.millis >= other.millis
    }

    /// How long from this moment until `other`: zero if it has passed, `None` across boots.
    pub fn until(self, other: Self) -> Option<Duration> {
        (self.boot == other.boot).then(|| Duration::from_millis(other.millis.saturating_sub(self.millis)))
    }
}

/// Milliseconds since 1970-01-01 UTC, as a wall clock showed it. For people to read, never to decide by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(pub i64);

/// Something that tells the time. Production uses the machine's boot clock; tests and the demo bring their own.
pub trait Clock: Send + Sync {
    /// Boot time now. Two calls in one process never go backwards and never change [`BootId`].
    fn now(&self) -> Moment;
    /// Wall time now.
    fn wall(&self) -> WallTime;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_two_boots_never_compare() {
        let (here, there) = (Moment::new(BootId(1), 5_000), Moment::new(BootId(2), 9_000));
        assert!(!there.has_reached(here) && !here.has_reached(there));
        assert_eq!(here.until(there), None);
        let later = here.after(Duration::from_secs(1));
        assert!(later.has_reached(here) && later.has_reached(later) && !here.has_reached(later));
        assert_eq!(here.until(later), Some(Duration::from_secs(1)));
        assert_eq!(later.until(here), Some(Duration::ZERO));
        assert_eq!(here.after(Duration::MAX).millis, u64::MAX);
    }
}
