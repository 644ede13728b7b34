//! What the machine needs to know of a gateway and a profile, as plain data.

use refund_core::{Actors, Descriptor, KeyTrust, Moment, SelfFencing, Tier};
use std::time::Duration;

/// How one gateway's refunds are driven.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// How unknown outcomes resolve.
    pub tier: Tier,
    /// Whether the gateway's balance may be relied on to forbid a second effect.
    pub self_fencing: SelfFencing,
    /// Waits between status questions.
    pub poll: &'static [Duration],
    /// From a permit's deadline until nothing of it can take effect any more.
    pub settle: Duration,
    /// Between two looks that must agree.
    pub confirm_gap: Duration,
    /// Sends of one lineage at most, first one included.
    pub attempts_max: u16,
    /// How long a permit lives.
    pub fire_within: Duration,
}

impl Policy {
    /// The policy a gateway describes.
    pub fn of(descriptor: &Descriptor) -> Self {
        Self {
            tier: descriptor.tier,
            self_fencing: descriptor.self_fencing,
            poll: descriptor.timing.poll,
            settle: descriptor.timing.settle,
            confirm_gap: descriptor.timing.confirm_gap,
            attempts_max: 5,
            fire_within: refund_core::permit::FIRE_WITHIN,
        }
    }

    /// True when an unknown outcome is read against the payment's sums.
    pub fn reads_baseline(&self) -> bool {
        !matches!(self.tier, Tier::Blind)
    }

    /// True when the same request may be sent again with the same key, because the gateway replays it.
    pub(super) fn replays(&self) -> bool {
        matches!(self.tier, Tier::Keyed { trust: KeyTrust::Verified, .. })
    }

    /// True when "refunded by our amount" may have been somebody else.
    pub(super) fn shared(&self) -> bool {
        let (Tier::Readable(actors) | Tier::Keyed { actors, .. }) = self.tier else { return false };
        actors == Actors::Shared
    }

    /// When to try again after `times` tries in a row that came to nothing: 1 s doubling to 5 minutes.
    pub(super) fn back_off(&self, now: Moment, times: u16, jitter: u16) -> Moment {
        let seconds = 1_u64 << times.min(8);
        now.after(shortened(Duration::from_secs(seconds.min(300)), jitter))
    }

    /// When to look again at a payment that another refund keeps: 5 s doubling to an hour, since it may be kept until a
    /// person decides, and every look asks the gateway.
    pub(super) fn busy_back_off(&self, now: Moment, times: u16, jitter: u16) -> Moment {
        let seconds = 5_u64 << times.min(10);
        now.after(shortened(Duration::from_secs(seconds.min(3_600)), jitter))
    }

    /// When to ask next, or `None` when the schedule is used up.
    pub(super) fn next_poll(&self, now: Moment, asked: u16) -> Option<Moment> {
        self.poll.get(usize::from(asked)).map(|wait| now.after(*wait))
    }
}

/// By up to a half, so that many who failed together do not come back together, and nobody comes back at once.
fn shortened(wait: Duration, jitter: u16) -> Duration {
    let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(millis - (millis / 2).saturating_mul(u64::from(jitter)) / u64::from(u16::MAX))
}
