//! When something may be done about a refund: sent again, looked at, proven, decided. Policy and time come in here.
//!
//! Same manner as `rules`: one clause at a time, with its text; nothing of the machine.

use super::{
    life::{Life, Place, Reference, When, Word},
    rules::{Clause, Model, Verdict},
};

/// What a gateway can prove. (Architecture, section 5)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Proves {
    /// It replays a key, and that was verified.
    Replays,
    /// It shows the payment's sums, and nobody but this journal refunds.
    SumsOfOursAlone,
    /// It shows the payment's sums, and others refund too.
    SumsOfAnybody,
    /// Nothing.
    Nothing,
}

/// How a gateway's refunds are driven. Times in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Terms {
    pub proves: Proves,
    /// The profile relies on the gateway's balance to forbid a second effect.
    pub fencing: bool,
    /// Others refund the account's orders, too; only asked where a key is replayed.
    pub others: bool,
    pub settle: u64,
    pub gap: u64,
    pub permit: u64,
    pub sends_at_most: usize,
}

impl Terms {
    /// "Refunded by our amount" may have been somebody else.
    pub(crate) fn is_shared(&self) -> bool {
        self.proves == Proves::SumsOfAnybody || self.proves == Proves::Replays && self.others
    }
}

impl Model {
    /// "The settle window counts from the permit's deadline." Nothing sent, nothing to wait for.
    pub(crate) fn window_over(self, life: &Life, terms: &Terms, now: When) -> bool {
        // "None of up to three machines has to start the window again"; a boot that does not know it waits.
        let known = life.window_by(now.boot);
        let over = known.is_some_and(|from| now.reached(from.later(terms.settle))) || life.windows.is_empty();
        over || life.maybe_out() == 0 || !self.minds(Clause::SettleWindow)
    }

    /// "A fenced-off worker's permit is dead before anyone else may send." (promise 6) A permit whose answer is written
    /// down was spent; one that was found unanswered may still be alive in another process.
    pub(crate) fn permit_is_dead(self, life: &Life, now: When) -> bool {
        let spent = life.open().is_some_and(|open| open.answered);
        spent || life.windows.is_empty() || life.window_by(now.boot).is_some_and(|until| now.reached(until))
    }

    /// "refunded + 2 × amount > captured, with `refunded` as it was before the lineage's first send."
    pub(crate) fn is_fenced(self, life: &Life, terms: &Terms) -> bool {
        let twice = 2 * life.amount.unwrap_or(0);
        terms.fencing && life.open().is_some_and(|open| open.base.surely + twice > open.base.captured)
    }

    /// Whether sums can be read against what they were before, which was not less than what was known to be done.
    /// ("A baseline in which the gateway shows less than the journal saw done is not used.")
    pub(crate) fn has_evidence(self, life: &Life) -> bool {
        let base = life.open().map(|open| open.base);
        base.is_some_and(|base| {
            base.sums_are_evidence && base.shown.is_some_and(|shown| shown >= base.surely)
        })
    }

    /// "Nothing can be done about it before: where its outcome can be read, the end of the settle window." Where it can be
    /// sent again, the death of the permit it was found with; where a person or a reference is asked, at once.
    pub(crate) fn nothing_before(self, life: &Life, terms: &Terms, now: When) -> When {
        let known = life.window_by(now.boot);
        let open = life.open();
        let left = open.is_some_and(|open| open.sends.len() < terms.sends_at_most);
        let dark = terms.proves == Proves::Nothing || !self.has_evidence(life);
        let sends_again = terms.proves == Proves::Replays || dark && self.is_fenced(life, terms);
        let end = match () {
            // A person decides after the window.
            () if life.place == Place::NeedsReview => known.map(|from| from.later(terms.settle)),
            // What was refused would be refused again: it is read, or a person looks.
            () if sends_again && left && !open.is_some_and(|open| open.refused || open.unconfirmed) => {
                known.filter(|_| !self.permit_is_dead(life, now))
            }
            () if dark => None,
            () => known.map(|from| from.later(terms.settle)),
        };
        end.filter(|end| !now.reached(*end)).unwrap_or(now)
    }

    /// "The byte-identical request with the same key may be sent again" at a gateway that replays keys; elsewhere "where
    /// evidence cannot decide and two copies cannot both fit", if the profile relies on that. Nowhere else, ever.
    pub(crate) fn may_send_again(
        self,
        life: &Life,
        terms: &Terms,
        now: When,
        nothing_decides: bool,
    ) -> Verdict {
        let open = life.open().ok_or(Clause::ResendOnlyWhereItCannotDouble)?;
        let fence = self.is_fenced(life, terms) && nothing_decides;
        let cannot_double = terms.proves == Proves::Replays || fence;
        self.must(Clause::ResendOnlyWhereItCannotDouble, life.place == Place::Unknown && cannot_double)?;
        self.must(Clause::ResendWhenThePermitIsDead, self.permit_is_dead(life, now))?;
        // "Sends of one lineage at most, first one included."
        self.must(Clause::AttemptsAreCounted, open.sends.len() < terms.sends_at_most)
    }

    /// "Nothing is read before the settle window is over" (ADR 5), except by a reference saved from a cut reply. A
    /// gateway that shows nothing is not asked.
    pub(crate) fn may_look(self, life: &Life, terms: &Terms, now: When) -> Verdict {
        self.must(Clause::LookOnlyInDoubt, life.place == Place::Unknown)?;
        let by_reference = life.open().is_some_and(|open| open.salvaged);
        self.must(Clause::LookOnlyInDoubt, terms.proves != Proves::Nothing || by_reference)?;
        self.must(Clause::SettleWindow, by_reference || self.window_over(life, terms, now))
    }

    /// "Only two agreeing looks are: did not happen", `gap` apart, after the window, against a baseline. (ADR 5)
    pub(crate) fn proves_no_effect(self, life: &Life, terms: &Terms, now: When) -> Verdict {
        self.must(Clause::SettleWindow, self.window_over(life, terms, now))?;
        let readable = terms.proves != Proves::Nothing && self.has_evidence(life);
        self.must(Clause::EvidenceNeedsABaseline, readable)?;
        let before = life.open().and_then(|open| open.nothing_seen);
        let agree = before.is_some_and(|before| now.reached(before.later(terms.gap)));
        self.must(Clause::TwoLooksAgree, agree)
    }

    /// "The refunded sum rose by our amount → done", on one look; where others refund too it proves only that somebody
    /// did. What a reference of ours names is ours anywhere.
    pub(crate) fn proves_effect(self, life: &Life, terms: &Terms, now: When, by_reference: bool) -> Verdict {
        let salvaged = life.open().is_some_and(|open| open.salvaged);
        if by_reference || (salvaged && terms.proves == Proves::Nothing) {
            return Ok(());
        }
        self.must(Clause::SettleWindow, salvaged || self.window_over(life, terms, now))?;
        self.must(
            Clause::EvidenceNeedsABaseline,
            terms.proves != Proves::Nothing && self.has_evidence(life),
        )?;
        self.must(Clause::SharedProvesNobody, !terms.is_shared())
    }

    /// "A person decides", after the window, and not that it did not happen while the gateway may still carry it out.
    /// "What was seen before the settle window was over does not count, however late it is written."
    pub(crate) fn may_decide(self, life: &Life, terms: &Terms, seen: When, word: Word) -> Verdict {
        let by_hand = life.place == Place::ByHand;
        // "...or closes one that a person's word sent back to its place in the queue."
        let queues = matches!(life.place, Place::Approved | Place::Reserved) && life.rests_on_a_word();
        let has_a_say = by_hand || life.place == Place::NeedsReview || queues && word != Word::SendAgain;
        self.must(Clause::PersonHasHisSay, has_a_say)?;
        let open_copy = life.reference() == Reference::Taken;
        self.must(Clause::TakenMayStillBeCarriedOut, word == Word::Happened || !open_copy)?;
        self.must(Clause::PersonAfterTheWindow, by_hand || self.window_over(life, terms, seen))
    }
}
