//! The gateways' tiers as the simulator plays them, and what all of them have in common.
//!
//! Times are the assumptions G2 and G4 as numbers: a request takes effect before its permit's deadline and [`WINDOW`] have
//! passed, a read lags by less than [`GAP`]. Mutants break them; honest worlds use them to the last millisecond.

use refund_core::{Actors, KeyTrust, SelfFencing, Tier};
use refund_engine::machine::Policy;
use std::time::Duration;

/// From a permit's deadline until nothing of it can take effect any more, in milliseconds.
pub(crate) const WINDOW: u64 = 900_000;
/// Between two looks that must agree, in milliseconds.
pub(crate) const GAP: u64 = 60_000;
/// How long a permit lives, in milliseconds.
pub(crate) const PERMIT: u64 = 5_000;
/// How long leases live, in milliseconds, one of these per schedule: shorter than a window, so that a paused worker is
/// overtaken within it, and sometimes shorter than a permit.
pub(crate) const TERMS: [u64; 8] = [60_000, 60_000, 60_000, 60_000, 60_000, 60_000, 20_000, 3_000];
/// How long an answer is waited for, in milliseconds.
pub(crate) const PATIENCE: u64 = 20_000;

static POLL: [Duration; 4] =
    [Duration::from_secs(10), Duration::from_secs(60), Duration::from_secs(300), Duration::from_secs(3_600)];

/// One way in which a gateway's unknown outcomes resolve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It replays keys, and that was tried.
    Verified,
    /// Its documents say that it replays keys.
    Documented,
    /// It shows what is refunded, and nobody else refunds.
    Exclusive,
    /// The same, its balance being relied on as a fence.
    ExclusiveFenced,
    /// It shows what is refunded, and others refund too.
    Shared,
    /// The same, its balance being relied on as a fence.
    SharedFenced,
    /// It shows nothing.
    Blind,
    /// The same, its balance being relied on as a fence.
    BlindFenced,
}

impl Kind {
    /// All of them, in the order of the figures.
    pub const ALL: [Self; 8] = [
        Self::Verified,
        Self::Documented,
        Self::Exclusive,
        Self::ExclusiveFenced,
        Self::Shared,
        Self::SharedFenced,
        Self::Blind,
        Self::BlindFenced,
    ];

    /// The word for the command line, seed files and figures.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "keyed-verified",
            Self::Documented => "keyed-documented",
            Self::Exclusive => "readable",
            Self::ExclusiveFenced => "readable-fenced",
            Self::Shared => "shared",
            Self::SharedFenced => "shared-fenced",
            Self::Blind => "blind",
            Self::BlindFenced => "blind-fenced",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Its place in [`Kind::ALL`].
    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    pub(crate) const fn tier(self) -> Tier {
        match self {
            Self::Verified => Tier::Keyed { trust: KeyTrust::Verified, actors: Actors::Shared },
            Self::Documented => Tier::Keyed { trust: KeyTrust::Documented, actors: Actors::Shared },
            Self::Exclusive | Self::ExclusiveFenced => Tier::Readable(Actors::OnlyUs),
            Self::Shared | Self::SharedFenced => Tier::Readable(Actors::Shared),
            Self::Blind | Self::BlindFenced => Tier::Blind,
        }
    }

    pub(crate) const fn fenced(self) -> bool {
        matches!(self, Self::ExclusiveFenced | Self::SharedFenced | Self::BlindFenced)
    }

    pub(crate) const fn blind(self) -> bool {
        matches!(self, Self::Blind | Self::BlindFenced)
    }

    pub(crate) const fn keyed(self) -> bool {
        matches!(self, Self::Verified | Self::Documented)
    }

    /// Others refund the payment in the cabinet.
    pub(crate) const fn strangers(self) -> bool {
        !matches!(self, Self::Exclusive | Self::ExclusiveFenced)
    }

    pub(crate) fn policy(self) -> Policy {
        Policy {
            tier: self.tier(),
            self_fencing: if self.fenced() { SelfFencing::On } else { SelfFencing::Off },
            poll: &POLL,
            settle: Duration::from_millis(WINDOW),
            confirm_gap: Duration::from_millis(GAP),
            attempts_max: 5,
            fire_within: Duration::from_millis(PERMIT),
        }
    }
}
