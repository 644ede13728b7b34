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
        self.tier == Tier::Keyed(KeyTrust::Verified)
    }

    /// True when "refunded by our amount" may have been somebody else.
    pub(super) fn shared(&self) -> bool {
        self.tier == Tier::Readable(Actors::Shared)
    }

    /// When to try again after `times` sends in a row that did not leave: 1 s doubling to 5 minutes.
    pub(super) fn back_off(&self, now: Moment, times: u16) -> Moment {
        let seconds = 1_u64 << times.min(8);
        now.after(Duration::from_secs(seconds.min(300)))
    }

    /// When to ask next, or `None` when the schedule is used up.
    pub(super) fn next_poll(&self, now: Moment, asked: u16) -> Option<Moment> {
        self.poll.get(usize::from(asked)).map(|wait| now.after(*wait))
    }
}
