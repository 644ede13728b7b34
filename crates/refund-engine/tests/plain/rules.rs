//! Which fact may follow which, and what a refund then is: the written rules, one clause each, readable and slow.
//!
//! It knows [`Life`] and nothing of the machine. Every clause names the text it comes from. A clause can be switched
//! off by name, so that a test can show that the comparison would have noticed.

use super::life::{
    Closed, Fact, HowKnown, Life, Lineage, Place, Reference, Reservation, Sent, When, WhyHeld, Word,
};

/// The rules by name. The text of each stands where it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Clause {
    // Facts in their order.
    WishComesFirst,
    AmountIsPositive,
    FactsHaveTheirPlaces,
    LineageGoesOnUnlessSent,
    AmountIsFixed,
    OneReservationOneSend,
    AttemptsCountWithoutGaps,
    RefusalOfAFirstSendOnly,
    RefusalAgainstAWordProvesNothing,
    SystemErrorIsNoRefusal,
    WordIsNotTakenBack,
    CancelledCopyIsNotTheOnlyOne,
    TakenMayStillBeCarriedOut,
    HeldForAReason,
    OthersWereLetIn,
    UnknownKeepsItsClaim,
    OneAtATime,
    AcceptedKeepsThePayment,
    // What may be done, and when.
    LookBeforeReserving,
    CheckedIsWhatIsReserved,
    OpenBeforeArming,
    DurableBeforeFiring,
    FireOnce,
    PermitIsShort,
    ResendIsExplained,
    ResendOnlyWhereItCannotDouble,
    ResendWhenThePermitIsDead,
    AttemptsAreCounted,
    SettleWindow,
    TwoLooksAgree,
    EvidenceNeedsABaseline,
    SharedProvesNobody,
    NothingIsKeptBack,
    AnswerFitsTheRecord,
    StatusNeedsAReference,
    LookOnlyInDoubt,
    WaitForSomething,
    StopForAReason,
    PersonAfterTheWindow,
    PersonHasHisSay,
    NoFailureByItself,
    HintOnlyAsks,
    DueIsTheFirstChance,
    BackOff,
    WindowOfAnotherBoot,
}

pub(crate) type Verdict = Result<(), Clause>;

/// The rules, whole or with one of them forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Model {
    forgotten: [Option<Clause>; 3],
}

impl Model {
    pub(crate) const WHOLE: Self = Self { forgotten: [None; 3] };

    /// With one more clause forgotten; at most three.
    pub(crate) fn without(self, clause: Clause) -> Self {
        let [first, second, _] = self.forgotten;
        Self { forgotten: [Some(clause), first, second] }
    }

    /// True while the clause is remembered.
    pub(crate) fn minds(self, clause: Clause) -> bool {
        !self.forgotten.contains(&Some(clause))
    }

    /// A rule: the condition, unless the rule is forgotten.
    pub(crate) fn must(self, clause: Clause, condition: bool) -> Verdict {
        if condition || !self.minds(clause) { Ok(()) } else { Err(clause) }
    }

    /// The life with one more fact, or the clause that forbids it.
    pub(crate) fn after(self, life: &Life, fact: &Fact) -> Result<Life, Clause> {
        self.may_follow(life, fact)?;
        let mut next = life.clone();
        next.begun = true;
        if let Fact::Receipt(paper) = fact {
            // "Receipt state never changes money state, nor the other way round." (Architecture, promise 8)
            next.paper.insert(*paper);
            return Ok(next);
        }
        // A reason to send again puts nothing off.
        if !matches!(fact, Fact::MayBeSentAgain { .. }) {
            next.due = None;
        }
        self.enter(&mut next, fact);
        Ok(next)
    }

    fn may_follow(self, life: &Life, fact: &Fact) -> Verdict {
        // "Somebody wants it" opens every life, and only once. (Glossary: planned)
        self.must(Clause::WishComesFirst, life.begun != matches!(fact, Fact::Wished { .. }))?;
        self.must(Clause::FactsHaveTheirPlaces, self.places(life, fact).contains(&life.place))?;
        match *fact {
            Fact::Wished { amount } => {
                self.must(Clause::AmountIsPositive, amount.is_none_or(|amount| amount > 0))
            }
            Fact::TakenFromBudget { lineage, amount, .. } => {
                self.must(Clause::AmountIsPositive, amount > 0)?;
                // The amount wished for, or the one the first reservation fixed. (Reserved: "how much; from now on fixed")
                self.must(Clause::AmountIsFixed, life.amount.is_none_or(|fixed| fixed == amount))?;
                self.must(Clause::LineageGoesOnUnlessSent, lineage == self.lineage_to_reserve(life))
            }
            Fact::MayBeSent { lineage, attempt, .. } => self.may_be_armed(life, lineage, attempt),
            Fact::Refused => self.may_be_refused(life),
            // "Taken back before anything was sent"; "it cannot be taken back like a wish. That it did not happen is a
            // decision, with its evidence." (`never_sent`, `Misstep::OnWord`)
            Fact::TakenBack => self.must(Clause::WordIsNotTakenBack, !life.rests_on_a_word()),
            Fact::CancelledInCabinet => {
                // "A refusal, or a cancellation, of a resend speaks for the first send. It is never a failure." (the
                // engine's README); after a person's word an earlier lineage is such a first send.
                let only = life.maybe_out() <= 1 && !life.rests_on_a_word();
                self.must(Clause::CancelledCopyIsNotTheOnlyOne, only)
            }
            Fact::PersonSays(Word::DidNotHappen | Word::SendAgain) => {
                // "Until its status says otherwise nobody may say: it did not happen." (the reference's own doc)
                self.must(Clause::TakenMayStillBeCarriedOut, life.reference() != Reference::Taken)
            }
            _ => Ok(()),
        }
    }

    /// Where each fact may be written. (Architecture, section 2, the picture)
    fn places(self, life: &Life, fact: &Fact) -> Vec<Place> {
        use Place::{
            Accepted, Approved, ByHand, NeedsReview, Planned, Processing, Reserved, Sending, Unknown,
        };
        // "True when a person must decide on something the gateway may still carry out: its status is asked first."
        let may_be_told = life.place == NeedsReview && life.reference() == Reference::Taken;
        let asked = |mut places: Vec<Place>| {
            places.extend(may_be_told.then_some(NeedsReview));
            places
        };
        match fact {
            Fact::Wished { .. } | Fact::Confirmed => vec![Planned],
            // From a confirmed wish, or again: "it is looked at and made again before anything is sent".
            Fact::TakenFromBudget { .. } => vec![Approved, Reserved],
            // "keyed or fenced → sending again, same lineage, same bytes" leads from unknown to sending.
            Fact::MayBeSent { .. } => vec![Reserved, Unknown],
            // "Nothing was asked of the gateway that could have an effect": before the first send or a further one.
            Fact::PutOff { .. } => vec![Approved, Reserved, Unknown],
            // "although its outcome is unknown"
            Fact::MayBeSentAgain { .. } => vec![Unknown],
            // Connecting may fail before the first send and before a further one; firing may come to nothing.
            Fact::SurelyNotSent { .. } => vec![Reserved, Unknown, Sending],
            // "proven happened → settled | accepted"
            Fact::GatewayTookIt { .. } => vec![Sending, Unknown],
            Fact::Done(HowKnown::Answer) => vec![Sending],
            Fact::Done(HowKnown::Status) => asked(vec![Accepted, Processing]),
            Fact::Done(HowKnown::Sums) => vec![Unknown],
            // At once, or after the look that confirms it.
            Fact::Refused => vec![Sending, Unknown],
            Fact::InDoubt { .. } => vec![Sending],
            // The window matters to looks and to a person's decision.
            Fact::WindowAgain { .. } => vec![Unknown, NeedsReview],
            Fact::Seen { .. } | Fact::HadNoEffect => vec![Unknown],
            // Asked while a person must decide, only news is written: "processing" leaves it with the person.
            Fact::Asked { .. } => vec![Accepted, Processing],
            Fact::CancelledInCabinet => asked(vec![Accepted, Processing]),
            // A second time only for the news that a copy was cancelled.
            Fact::GivenToAPerson(WhyHeld::RefusedOnResend) if may_be_told => vec![NeedsReview],
            // After a person's word whatever speaks against the next lineage speaks for the earlier one.
            Fact::GivenToAPerson(_) if life.rests_on_a_word() => {
                vec![Unknown, Accepted, Processing, Approved, Reserved, Sending]
            }
            Fact::GivenToAPerson(_) => vec![Unknown, Accepted, Processing],
            // "A person decides on a held refund, or closes one that a person's word sent back to its place in the queue."
            Fact::PersonSays(Word::Happened | Word::DidNotHappen) if life.rests_on_a_word() => {
                vec![NeedsReview, ByHand, Approved, Reserved]
            }
            Fact::PersonSays(_) => vec![NeedsReview, ByHand],
            // "reserved here, done by a person in the cabinet"
            Fact::PersonDoesIt => vec![Reserved],
            Fact::TakenBack => vec![Planned, Approved, Reserved],
            Fact::Receipt(_) => EVERYWHERE.to_vec(),
        }
    }

    /// "The lineage it opens, or keeps if nothing of it was ever armed." Lineages count from 1, without gaps.
    pub(crate) fn lineage_to_reserve(self, life: &Life) -> usize {
        let known = life.lineages.len();
        let keeps = life.open().is_some_and(|lineage| lineage.sends.is_empty());
        if keeps { known } else { known + 1 }
    }

    fn may_be_armed(self, life: &Life, lineage: usize, attempt: usize) -> Verdict {
        let open = life.open();
        self.must(Clause::LineageGoesOnUnlessSent, open.is_some() && lineage == life.lineages.len())?;
        let armed = open.map_or(0, |lineage| lineage.sends.len());
        self.must(Clause::AttemptsCountWithoutGaps, attempt == armed + 1)?;
        // "Every resend is preceded by one" that says why, "asked anew for every resend".
        let explained = life.place != Place::Unknown || life.sent_again_on.is_some();
        self.must(Clause::ResendIsExplained, explained)?;
        // From a reservation until something becomes of it; "no second send from one record" (promise 3).
        self.must(
            Clause::OneReservationOneSend,
            life.place == Place::Unknown || life.reservation == Reservation::Fresh,
        )
    }

    /// "Only a first refusal or a confirmed one declines"; "a refusal of a resend is never a failure". (promise 4)
    fn may_be_refused(self, life: &Life) -> Verdict {
        self.must(Clause::RefusalOfAFirstSendOnly, life.maybe_out() <= 1)?;
        // "If that word was wrong, a refusal of a later one is what the gateway says to a second copy."
        self.must(Clause::RefusalAgainstAWordProvesNothing, !life.rests_on_a_word())?;
        // From unknown only what was refused and had to be confirmed. (Sber code 7 is also "system error")
        let waiting = life.open().is_some_and(|lineage| lineage.unconfirmed);
        self.must(Clause::SystemErrorIsNoRefusal, life.place != Place::Unknown || waiting)
    }

    /// What the fact makes of the refund; it is known to be allowed.
    fn enter(self, life: &mut Life, fact: &Fact) {
        match *fact {
            Fact::Wished { amount } => life.amount = amount,
            Fact::Confirmed => life.place = Place::Approved,
            Fact::TakenFromBudget { amount, base, .. } => {
                if self.lineage_to_reserve(life) > life.lineages.len() {
                    life.lineages.push(Lineage::of(base));
                } else if let Some(open) = life.open_mut() {
                    open.base = base;
                }
                (life.place, life.amount, life.reservation) =
                    (Place::Reserved, Some(amount), Reservation::Fresh);
            }
            Fact::MayBeSent { until, .. } => {
                if let Some(open) = life.open_mut() {
                    open.sends.push(Sent::Maybe);
                }
                (life.place, life.reservation) = (Place::Sending, Reservation::Spent);
                (life.windows, life.sent_again_on) = (vec![until], None);
            }
            // "Not to be worked on before"; what was looked at and reserved is looked at and reserved again then.
            Fact::PutOff { due, .. } => (life.reservation, life.due) = (Reservation::Spent, Some(due)),
            Fact::MayBeSentAgain { on } => life.sent_again_on = Some(on),
            Fact::SurelyNotSent { due } => self.not_sent(life, due),
            Fact::GatewayTookIt { due } => {
                refer(life, Reference::Taken);
                (life.place, life.due) = (Place::Accepted, Some(due));
            }
            Fact::Done(_) => life.place = Place::Settled,
            Fact::Refused => life.place = Place::Declined,
            Fact::InDoubt { refused, unconfirmed, salvaged, answered, due } => {
                if let Some(open) = life.open_mut() {
                    (open.unconfirmed, open.salvaged) = (unconfirmed, salvaged || open.salvaged);
                    (open.answered, open.found_unanswered) = (answered, open.found_unanswered || !answered);
                    // A further copy may be out: what was seen before it says nothing about it.
                    open.nothing_seen = None;
                    open.refused = refused;
                }
                (life.place, life.due) = (Place::Unknown, Some(due));
            }
            Fact::WindowAgain { from, due } => {
                // "a settle window of another boot starts again", and so do the looks. (ADR 4, C10) "None of up to three
                // machines has to start the window again because another one did."
                life.windows.retain(|window| window.boot != from.boot);
                life.windows.insert(0, from);
                life.windows.truncate(3);
                // What waits for a person waits for no moment.
                life.due = Some(due).filter(|_| life.place == Place::Unknown);
                life.open_mut().into_iter().for_each(|open| open.nothing_seen = None);
            }
            Fact::Seen { nothing, at, due } => {
                if let Some(open) = life.open_mut().filter(|_| nothing) {
                    // Any two that agree are a pair: the first one by this clock stays.
                    let before = open.nothing_seen.filter(|before| before.boot == at.boot);
                    open.nothing_seen = before.or(Some(at));
                }
                life.due = Some(due);
            }
            Fact::HadNoEffect => {
                close(life, Closed::Proven);
                life.place = Place::Reserved;
            }
            Fact::Asked { working, due } => {
                if working {
                    life.place = Place::Processing;
                }
                life.due = Some(due);
            }
            Fact::CancelledInCabinet => life.place = Place::Canceled,
            Fact::GivenToAPerson(why) => {
                if why == WhyHeld::RefusedOnResend && life.reference() == Reference::Taken {
                    // A cancelled copy among several: "another copy of the lineage may stand all the same".
                    refer(life, Reference::Cancelled);
                }
                life.place = Place::NeedsReview;
                grow_old(life);
            }
            Fact::PersonSays(word) => self.person(life, word),
            Fact::PersonDoesIt => {
                life.place = Place::ByHand;
                grow_old(life);
            }
            Fact::TakenBack => life.place = Place::Withdrawn,
            Fact::Receipt(_) => {}
        }
    }

    /// "Surely no byte left": this attempt is none. What an earlier one did stays unknown. (Architecture, section 3)
    fn not_sent(self, life: &mut Life, due: When) {
        if life.place == Place::Sending {
            let last = life.open_mut().and_then(|open| open.sends.last_mut());
            last.into_iter().for_each(|sent| *sent = Sent::Never);
            life.open_mut().into_iter().for_each(|open| open.answered = true);
        }
        let back = if life.maybe_out() > 0 { Place::Unknown } else { Place::Reserved };
        (life.place, life.reservation, life.due) = (back, Reservation::Spent, Some(due));
    }

    /// A person's word closes the refund or the lineage. (the decisions' own docs)
    fn person(self, life: &mut Life, word: Word) {
        match word {
            Word::Happened => life.place = Place::Settled,
            Word::DidNotHappen => life.place = Place::DidNotHappen,
            Word::SendAgain => {
                // "Its amount stays taken, unless it had let other refunds of the payment in": an accepted refund lets
                // them in where nothing is read against the payment's sums. (ADR 12)
                let last = life.lineages.last();
                let let_in = last
                    .is_some_and(|last| last.reference != Reference::None && !last.base.sums_are_evidence);
                if life.open().is_some_and(|open| open.maybe_out() > 0) {
                    close(life, Closed::OnAPersonsWord);
                }
                let again = let_in && self.minds(Clause::OthersWereLetIn);
                life.place = if again { Place::Approved } else { Place::Reserved };
            }
        }
    }

    /// "True when nothing will change any more by itself or by a person."
    pub(crate) fn is_over(self, place: Place) -> bool {
        use Place::{Canceled, Declined, DidNotHappen, Settled, Withdrawn};
        [Settled, Canceled, Declined, Withdrawn, DidNotHappen].contains(&place)
    }

    /// What it takes of the payment: "reserved + in flight + unknown + done". (promise 2)
    pub(crate) fn claims(self, life: &Life) -> i64 {
        use Place::{Accepted, ByHand, NeedsReview, Processing, Reserved, Sending, Settled, Unknown};
        let mut claiming = vec![Reserved, Sending, Accepted, Processing, ByHand, Settled];
        if self.minds(Clause::UnknownKeepsItsClaim) {
            // "`unknown` and what waits for a person keep their reservation."
            claiming.extend([Unknown, NeedsReview]);
        }
        // "What only a person's word says did not happen keeps its amount also while it queues again."
        let queues = life.place == Place::Approved && life.rests_on_a_word();
        if queues || claiming.contains(&life.place) { life.amount.unwrap_or(0) } else { 0 }
    }

    /// "A reservation is refused while another refund of the payment is reserved, being sent, unknown, held or done by
    /// hand. An accepted refund keeps the payment only where outcomes are read against its sums." (ADR 12)
    pub(crate) fn holds_payment(self, life: &Life) -> bool {
        use Place::{Accepted, ByHand, NeedsReview, Processing, Reserved, Sending, Unknown};
        match life.place {
            Reserved | Sending | Unknown | NeedsReview | ByHand => self.minds(Clause::OneAtATime),
            Accepted | Processing if self.minds(Clause::AcceptedKeepsThePayment) => {
                life.open().is_some_and(|open| open.base.sums_are_evidence)
            }
            _ => false,
        }
    }
}

const EVERYWHERE: [Place; 14] = [
    Place::Planned,
    Place::Approved,
    Place::Reserved,
    Place::Sending,
    Place::Accepted,
    Place::Processing,
    Place::Settled,
    Place::Canceled,
    Place::Declined,
    Place::Unknown,
    Place::NeedsReview,
    Place::ByHand,
    Place::Withdrawn,
    Place::DidNotHappen,
];

fn refer(life: &mut Life, reference: Reference) {
    life.open_mut().into_iter().for_each(|open| open.reference = reference);
}

/// A reservation a person has had in hand is looked at and made again before anything is sent.
fn grow_old(life: &mut Life) {
    if life.open().is_some_and(|open| open.sends.is_empty()) {
        life.reservation = Reservation::Spent;
    }
}

/// A verdict ends the lineage; the next one has a new key and a new baseline, and a window of its own.
fn close(life: &mut Life, how: Closed) {
    life.lineages.last_mut().into_iter().for_each(|lineage| lineage.closed = Some(how));
    (life.reservation, life.sent_again_on) = (Reservation::Spent, None);
    life.windows.clear();
}
