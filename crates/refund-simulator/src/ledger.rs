//! The gateway's ledger: the truth about the money of one payment.
//!
//! It keeps the balance atomically (assumption G1). It knows who caused an entry, which no gateway tells.

/// Who caused an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// A request of ours for this refund.
    Request(usize),
    /// A person in the cabinet, for this refund.
    Hand(usize),
    /// Somebody else in the cabinet.
    Stranger,
}

/// A refund that took effect.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) by: By,
    /// The request's key; 0 where there was no request.
    pub(crate) key: u64,
    pub(crate) amount: i64,
    /// When it took effect, in milliseconds of real time.
    pub(crate) at: u64,
    /// When the gateway has carried it out.
    pub(crate) done_at: u64,
    /// When it was cancelled in the cabinet; `u64::MAX` for never.
    pub(crate) canceled_at: u64,
}

impl Entry {
    pub(crate) fn canceled(&self) -> bool {
        self.canceled_at != u64::MAX
    }
}

/// The gateway's name of an entry: its place, from 1.
pub(crate) type Reference = u32;

/// All refunds of the payment.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) entries: Vec<Entry>,
    pub(crate) captured: i64,
    /// What is refunded now.
    pub(crate) refunded: i64,
    /// Since when it is that; earlier times are looked up entry by entry.
    changed_at: u64,
}

impl Ledger {
    pub(crate) fn reset(&mut self, captured: i64) {
        self.entries.clear();
        self.captured = captured;
        self.refunded = 0;
        self.changed_at = 0;
    }

    /// What was refunded as of a moment.
    pub(crate) fn refunded_at(&self, time: u64) -> i64 {
        if time >= self.changed_at {
            return self.refunded;
        }
        let counts = |entry: &&Entry| entry.at <= time && entry.canceled_at > time;
        self.entries.iter().filter(counts).map(|entry| entry.amount).sum()
    }

    /// Takes effect if the balance allows.
    pub(crate) fn apply(&mut self, entry: Entry) -> Option<Reference> {
        if self.refunded + entry.amount > self.captured {
            return None;
        }
        self.refunded += entry.amount;
        self.changed_at = entry.at;
        self.entries.push(entry);
        Some(u32::try_from(self.entries.len()).expect("a schedule has few entries"))
    }

    pub(crate) fn cancel(&mut self, index: usize, now: u64) {
        let entry = &mut self.entries[index];
        entry.canceled_at = now;
        self.refunded -= entry.amount;
        self.changed_at = now;
    }

    /// The entry a key made, as of a moment.
    pub(crate) fn by_key(&self, key: u64, time: u64) -> Option<(Reference, &Entry)> {
        let place = self.entries.iter().position(|entry| entry.key == key && entry.at <= time)?;
        Some((u32::try_from(place + 1).expect("few entries"), &self.entries[place]))
    }

    pub(crate) fn get(&self, reference: Reference) -> Option<&Entry> {
        self.entries.get((reference as usize).wrapping_sub(1))
    }
}
