//! What really happened to the money: the gateway's own book of one payment.
//!
//! It keeps assumption G1 (refunded never exceeds captured, atomically) and nothing else; it must not know a journal.

use refund_core::{AccountId, IntentId, IntentKey, PaymentId, PaymentRef, ProviderId};
use refund_engine::lineage::{intent_id, lineage_key};
use std::{collections::BTreeMap, sync::LazyLock};

/// What was captured, in minor units.
pub(crate) const CAPTURED: i64 = 1_000;

/// How many refunds a story has at most.
pub(crate) const INTENTS: usize = 3;

/// The one payment.
pub(crate) fn payment() -> PaymentRef {
    PaymentRef {
        provider: ProviderId::from_static("world"),
        account: AccountId::parse("shop").expect("a plain word"),
        payment: PaymentId::parse("1001").expect("a plain word"),
    }
}

/// The caller's key of the n-th refund.
pub(crate) fn key(number: usize) -> IntentKey {
    IntentKey::parse(format!("refund-{number}")).expect("a plain word")
}

/// The ids of all refunds a story may have.
pub(crate) fn intents() -> [IntentId; INTENTS] {
    static ALL: LazyLock<[IntentId; INTENTS]> = LazyLock::new(|| {
        let payment = payment();
        std::array::from_fn(|number| intent_id(&payment.provider, &payment.account, &key(number)))
    });
    *ALL
}

/// Whose key this is: intent and lineage. A mutant may lengthen a key; its beginning still tells.
pub(crate) fn owner(key: &str) -> Option<(IntentId, u32)> {
    static OWNERS: LazyLock<BTreeMap<String, (IntentId, u32)>> = LazyLock::new(|| {
        let lineages =
            intents().into_iter().flat_map(|intent| (1..=100).map(move |lineage| (intent, lineage)));
        lineages
            .map(|(intent, lineage)| {
                (lineage_key(&payment(), intent, lineage).as_str().to_owned(), (intent, lineage))
            })
            .collect()
    });
    OWNERS.get(key.get(..32)?).copied()
}

/// Who caused an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// A request of ours, with this key.
    Request(String),
    /// A person in the cabinet, for a refund of ours.
    Hand(IntentId),
    /// Somebody else in the cabinet.
    Stranger,
}

/// One refund that took effect.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) by: By,
    pub(crate) amount: i64,
    /// The gateway's name for it.
    pub(crate) reference: String,
    /// When it took effect, in milliseconds of real time.
    pub(crate) at: u64,
    /// When the gateway has carried it out.
    pub(crate) done_at: u64,
    /// When it was cancelled in the cabinet.
    pub(crate) canceled_at: Option<u64>,
}

impl Entry {
    fn counts_at(&self, time: u64) -> bool {
        self.at <= time && self.canceled_at.is_none_or(|canceled| canceled > time)
    }

    /// The refund of ours it belongs to.
    pub(crate) fn intent(&self) -> Option<IntentId> {
        match &self.by {
            By::Request(key) => owner(key).map(|(intent, _)| intent),
            By::Hand(intent) => Some(*intent),
            By::Stranger => None,
        }
    }
}

/// All refunds of the payment.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) entries: Vec<Entry>,
}

/// The payment's balance forbids it.
pub(crate) struct Exceeds;

impl Ledger {
    /// What is refunded as of a moment.
    pub(crate) fn refunded(&self, time: u64) -> i64 {
        self.entries.iter().filter(|entry| entry.counts_at(time)).map(|entry| entry.amount).sum()
    }

    /// Takes effect, if the balance allows.
    pub(crate) fn apply(&mut self, by: By, amount: i64, now: u64, done_at: u64) -> Result<&Entry, Exceeds> {
        if self.refunded(now) + amount > CAPTURED {
            return Err(Exceeds);
        }
        let reference = format!("R-{}", self.entries.len() + 1);
        self.entries.push(Entry { by, amount, reference, at: now, done_at, canceled_at: None });
        Ok(self.entries.last().expect("just pushed"))
    }

    /// How often a refund of ours is in effect.
    pub(crate) fn effects(&self, intent: IntentId) -> usize {
        let standing = self.entries.iter().filter(|entry| entry.canceled_at.is_none());
        standing.filter(|entry| entry.intent() == Some(intent)).count()
    }

    pub(crate) fn by_key(&self, key: &str, time: u64) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.at <= time && entry.by == By::Request(key.to_owned()))
    }

    pub(crate) fn by_reference(&self, reference: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.reference == reference)
    }
}
