//! Telling boot time, and waiting for it.
//!
//! [`SystemClock`] is the only place of the toolkit that reads the machine's clocks. Boot time includes suspended time
//! where the system offers that (Linux), so a deadline is one even for a laptop that slept.

use async_trait::async_trait;
use refund_core::{BootId, Clock, Digest, Moment, WallTime};
use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

/// A clock one can wait for.
#[async_trait]
pub trait Timer: Clock {
    /// Returns when [`Clock::now`] has reached `until`; at once if it is of another boot.
    async fn wait_until(&self, until: Moment);
}

/// The machine's own clock.
#[derive(Clone, Debug)]
pub struct SystemClock {
    boot: BootId,
}

impl SystemClock {
    /// Reads which boot this is.
    ///
    /// Where the system does not name its boots, every process is taken for a boot of its own: settle windows then
    /// start again with each process, which is slower and never less safe.
    pub fn new() -> Self {
        Self { boot: boot_id() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(target_os = "linux")]
fn boot_id() -> BootId {
    let named = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    named.map_or_else(|_| process_boot(), |text| hashed(text.trim().as_bytes()))
}

#[cfg(not(target_os = "linux"))]
fn boot_id() -> BootId {
    process_boot()
}

fn process_boot() -> BootId {
    let wall = read_wall().0.to_be_bytes();
    hashed(&[&std::process::id().to_be_bytes()[..], &wall].concat())
}

fn hashed(bytes: &[u8]) -> BootId {
    let mut first = [0; 16];
    first.copy_from_slice(&Digest::of_parts(&[b"boot/1", bytes]).0[..16]);
    BootId(u128::from_be_bytes(first))
}

fn read_boot_millis() -> u64 {
    #[cfg(target_os = "linux")]
    let id = rustix::time::ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    let id = rustix::time::ClockId::Monotonic;
    let time = rustix::time::clock_gettime(id);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let millis = u64::try_from(time.tv_nsec / 1_000_000).unwrap_or(0);
    seconds.saturating_mul(1_000).saturating_add(millis)
}

fn read_wall() -> WallTime {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Realtime);
    WallTime(time.tv_sec.saturating_mul(1_000).saturating_add(time.tv_nsec / 1_000_000))
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment::new(self.boot, read_boot_millis())
    }

    fn wall(&self) -> WallTime {
        read_wall()
    }
}

#[async_trait]
impl Timer for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that really waits")]
    async fn wait_until(&self, until: Moment) {
        // The runtime's timer does not count suspended time, so look again after each sleep.
        while let Some(left) = self.now().until(until).filter(|left| !left.is_zero()) {
            tokio::time::sleep(left.min(std::time::Duration::from_secs(60))).await;
        }
    }
}

/// A clock that moves only when told, for tests and the demonstration. Clones share the time.
#[derive(Clone, Debug)]
pub struct ManualClock {
    boot: Arc<AtomicU64>,
    millis: Arc<AtomicU64>,
    wall: Arc<AtomicI64>,
}

impl ManualClock {
    /// A clock that stands at this wall time, one hour after its first boot.
    pub fn starting(wall: WallTime) -> Self {
        Self {
            boot: Arc::new(AtomicU64::new(1)),
            millis: Arc::new(AtomicU64::new(3_600_000)),
            wall: Arc::new(AtomicI64::new(wall.0)),
        }
    }

    /// A clock of the first boot that stands where another one stands: for a second process that shares its time.
    pub fn standing_at(millis: u64, wall: WallTime) -> Self {
        let clock = Self::starting(wall);
        clock.millis.store(millis, Ordering::SeqCst);
        clock
    }

    /// Moves both clocks forward.
    pub fn advance(&self, by: std::time::Duration) {
        let millis = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.millis.fetch_add(millis, Ordering::SeqCst);
        self.wall.fetch_add(i64::try_from(millis).unwrap_or(i64::MAX), Ordering::SeqCst);
    }

    /// Pretends that the machine was restarted: another boot, its time near zero.
    pub fn reboot(&self) {
        self.boot.fetch_add(1, Ordering::SeqCst);
        self.millis.store(1_000, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        let boot = BootId(u128::from(self.boot.load(Ordering::SeqCst)));
        Moment::new(boot, self.millis.load(Ordering::SeqCst))
    }

    fn wall(&self) -> WallTime {
        WallTime(self.wall.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl Timer for ManualClock {
    /// Moves the clock there: waiting takes no time. Others get their turn first, so that what is waited for in other
    /// tasks can come.
    async fn wait_until(&self, until: Moment) {
        tokio::task::yield_now().await;
        if let Some(left) = self.now().until(until) {
            self.advance(left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machines_clock_does_not_go_backwards_and_names_its_boot() {
        let (clock, other) = (SystemClock::new(), SystemClock::new());
        let (first, second) = (clock.now(), other.now());
        assert!(second.has_reached(first), "{first:?} then {second:?}");
        if cfg!(target_os = "linux") {
            assert_eq!(first.boot, second.boot, "two clocks of one boot agree on its name");
        }
    }

    #[tokio::test]
    async fn waiting_on_a_manual_clock_moves_it() {
        let clock = ManualClock::starting(WallTime(0));
        let until = clock.now().after(std::time::Duration::from_secs(900));
        clock.wait_until(until).await;
        assert_eq!((clock.now(), clock.wall()), (until, WallTime(900_000)));
        clock.reboot();
        clock.wait_until(until).await;
        assert!(!clock.now().has_reached(until), "a moment of another boot cannot be waited for");
    }
}
