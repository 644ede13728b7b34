//! How lively the stories were.

use crate::{gateway::Gateway, stores::Truth};
use refund_core::{Actors, KeyTrust, SelfFencing, Tier};
use refund_engine::{
    Phase, Record,
    machine::{HoldReason, Proof},
};

/// How lively the stories were: a world in which nothing happens proves nothing.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) stories: u64,
    pub(crate) sent: u64,
    pub(crate) resent: u64,
    pub(crate) doubted: u64,
    pub(crate) new_lineages: u64,
    pub(crate) evidence: u64,
    pub(crate) held: u64,
    pub(crate) contradictions: u64,
    pub(crate) fenced_off: u64,
    pub(crate) restarted: u64,
    pub(crate) settled: u64,
    pub(crate) others: u64,
}

impl Seen {
    pub(crate) fn add(&mut self, one: &Self) {
        self.stories += one.stories;
        self.sent += one.sent;
        self.resent += one.resent;
        self.doubted += one.doubted;
        self.new_lineages += one.new_lineages;
        self.evidence += one.evidence;
        self.held += one.held;
        self.contradictions += one.contradictions;
        self.fenced_off += one.fenced_off;
        self.restarted += one.restarted;
        self.settled += one.settled;
        self.others += one.others;
    }

    pub(crate) fn of(truth: &Truth, fenced_off: u64) -> Self {
        let mut seen = Self { stories: 1, fenced_off, ..Self::default() };
        for listed in truth.listed() {
            for recorded in truth.history(listed.intent) {
                match recorded.record {
                    Record::Armed { attempt, .. } => {
                        seen.sent += 1;
                        seen.resent += u64::from(attempt > 1);
                    }
                    Record::Reserved { lineage, .. } => seen.new_lineages += u64::from(lineage > 1),
                    Record::Doubted { .. } => seen.doubted += 1,
                    Record::Settled { by: Proof::Evidence } => seen.evidence += 1,
                    Record::Held { why } => {
                        seen.held += 1;
                        seen.contradictions += u64::from(why == HoldReason::Contradiction);
                    }
                    Record::WindowRestarted { .. } => seen.restarted += 1,
                    _ => {}
                }
            }
            seen.settled += u64::from(listed.state.phase == Phase::Settled);
            seen.others += u64::from(listed.state.phase != Phase::Settled);
        }
        seen
    }

    /// Every turn a refund can take at this gateway was taken, often enough to mean something.
    pub(crate) fn must_have_been_lively(&self, gateway: &Gateway) {
        if self.stories < 500 {
            return;
        }
        let least = |count: u64, percent: u64, what: &str| {
            assert!(count * 100 >= self.stories * percent, "too few {what}: {self:?}");
        };
        least(self.sent, 120, "sends");
        least(self.doubted, 50, "doubts");
        least(self.settled, 60, "refunds that were settled");
        least(self.others, 40, "refunds that ended otherwise");
        least(self.new_lineages, 4, "lineages after the first");
        least(self.fenced_off, 4, "workers that were overtaken");
        least(self.restarted, 30, "windows that started again");
        let fenced = gateway.descriptor.self_fencing == SelfFencing::On;
        match gateway.tier() {
            Tier::Keyed { trust: KeyTrust::Verified, .. } => least(self.resent, 50, "resends"),
            _ if fenced => least(self.resent, 5, "resends"),
            _ => assert_eq!(self.resent, 0, "nothing may be sent again here: {self:?}"),
        }
        match gateway.tier() {
            Tier::Blind => least(self.held, 50, "refunds that a person decided"),
            Tier::Readable(Actors::Shared) => least(self.contradictions, 15, "contradictions"),
            Tier::Keyed { trust: KeyTrust::Verified, .. } => {}
            _ => {
                least(self.evidence, 30, "refunds proven by evidence");
                assert_eq!(self.held, 0, "evidence decides everything here: {self:?}");
            }
        }
    }
}
