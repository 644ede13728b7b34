//! Looks over a worker's shoulder: is every command of the machine one the written rules allow, and is nothing left out?
//!
//! It knows the machine's words for commands and events, and none of its code.

use super::{
    bridge,
    chances::{Proves, Terms},
    exceptions::{AMBIGUITIES, Ambiguity},
    life::{Base, Fact, Ground, HowKnown, Life, Place, Reference, Reservation, When, WhyHeld, WhyPutOff},
    rules::{Clause, Model, Verdict},
};
use refund_engine::machine::{Command, Event, FiredKind, ProbedKind, StatusKind, Stop};

/// One process at work on one refund: what is durable, and what this run has done and heard.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    pub life: Life,
    model: Model,
    terms: Terms,
    run: Run,
    /// Whose clock is read.
    boot: u128,
}

/// What a process forgets when it dies.
#[derive(Clone, Debug, Default)]
struct Run {
    nudged: bool,
    /// It began with what a person wants, or with news of the receipt.
    wished: bool,
    /// It began with a hint that there is news, and nothing was waited for since.
    hinted: bool,
    /// The last record.
    last: Option<Fact>,
    looked_up: Option<Base>,
    checked: Option<i64>,
    reserved: bool,
    connected: bool,
    armed: bool,
    /// The gateway's evidence cannot decide; only then a fence counts.
    nothing_decides: bool,
    news: Option<Event>,
}

impl Watch {
    pub(crate) fn new(model: Model, terms: Terms) -> Self {
        Self { model, terms, life: Life::unborn(), run: Run::default(), boot: 0 }
    }

    /// A new process begins.
    pub(crate) fn restart(&mut self) {
        self.run = Run::default();
    }

    /// The fact is on disk. It was judged when it was offered.
    pub(crate) fn durable(&mut self, fact: &Fact) -> Verdict {
        self.life = self.after(fact)?;
        self.run.last = Some(fact.clone());
        Ok(())
    }

    /// What the rules make of the fact, in the machine's reading where the text has two.
    fn after(&self, fact: &Fact) -> Result<Life, Clause> {
        self.model.after(&self.life, fact).or_else(|clause| {
            let fits = |read: &Ambiguity| read.clause == clause && (read.fits)(&self.life, &self.terms, fact);
            let read_so = AMBIGUITIES.iter().any(fits);
            if read_so { self.model.without(clause).after(&self.life, fact) } else { Err(clause) }
        })
    }

    /// The event reaches the machine.
    pub(crate) fn hears(&mut self, event: Event) {
        let run = &mut self.run;
        run.news = Some(event);
        match event {
            Event::Go => run.hinted = false,
            Event::Nudge => (run.nudged, run.hinted) = (true, false),
            Event::Hint => (run.nudged, run.hinted) = (true, true),
            Event::Approve
            | Event::Withdraw
            | Event::TakeByHand
            | Event::Decide { .. }
            | Event::ReceiptNews(_) => {
                run.wished = true;
            }
            Event::LookedUp(baseline) => run.looked_up = Some(bridge::base(baseline)),
            Event::Checked { amount } => run.checked = Some(amount),
            Event::ReserveDone => run.reserved = true,
            // "What is left is to be looked at again."
            Event::ReserveOutdated | Event::BudgetMoved => (run.looked_up, run.checked) = (None, None),
            Event::OpenDone => run.connected = true,
            Event::ArmDone => (run.armed, run.connected, run.reserved) = (true, false, false),
            Event::Fired(_) => run.armed = false,
            Event::NotSent(_) | Event::Paused { .. } => {
                (run.armed, run.connected, run.reserved) = (false, false, false)
            }
            Event::Probed(kind) => {
                run.nothing_decides = match kind {
                    ProbedKind::CannotTell => true,
                    ProbedKind::Happened => self.terms.is_shared(),
                    _ => false,
                };
            }
            _ => {}
        }
    }

    /// Whether the machine may say this now.
    pub(crate) fn judge(&mut self, command: Command, now: When) -> Verdict {
        self.boot = now.boot;
        let (model, life, run) = (self.model, &self.life, &self.run);
        // "Keep writes what came back. Only then is anybody told": nothing comes between an answer and its record.
        let answered = matches!(run.news, Some(Event::Fired(_)));
        model.must(Clause::NothingIsKeptBack, !answered || matches!(command, Command::Keep(_)))?;
        // "An acknowledged refund's status is asked for, and nothing else is ever done, whatever the news may be."
        let asks =
            matches!(command, Command::AskStatus | Command::Keep(_) | Command::Wait(_) | Command::Stop(_));
        model.must(Clause::HintOnlyAsks, asks || !run.hinted)?;
        match command {
            Command::Lookup => {
                let before_sending = matches!(life.place, Place::Approved | Place::Reserved);
                // "baseline re-read after an unknown attempt" is what must never be.
                model.must(Clause::LookBeforeReserving, before_sending && life.maybe_out() == 0)?;
                self.not_before_due(now)
            }
            Command::Check { lineage } => {
                model.must(Clause::LookBeforeReserving, run.looked_up.is_some())?;
                let next = model.lineage_to_reserve(life);
                model.must(Clause::LineageGoesOnUnlessSent, lineage as usize == next)
            }
            Command::Reserve(record) => self.judge_reservation(&bridge::fact(record)),
            Command::Open => self.judge_open(now),
            Command::Arm(record) => self.judge_arm(&bridge::fact(record), now),
            // "No send without a durable record of it; no second send from one record." (promise 3)
            Command::Fire => {
                model.must(Clause::DurableBeforeFiring, run.armed && life.place == Place::Sending)?;
                model.must(Clause::FireOnce, run.news == Some(Event::ArmDone))
            }
            Command::Keep(record) => {
                let fact = bridge::fact(record);
                self.after(&fact)?;
                self.judge_record(&fact, now)
            }
            Command::AskStatus => {
                model.must(Clause::StatusNeedsAReference, self.may_be_asked_for())?;
                self.not_before_due(now)
            }
            Command::Probe => {
                model.may_look(life, &self.terms, now)?;
                self.not_before_due(now)
            }
            Command::Wait(until) => self.judge_wait(bridge::when(until)),
            Command::Stop(why) => self.judge_stop(why),
        }
    }

    fn may_be_asked_for(&self) -> bool {
        let told = self.life.place == Place::NeedsReview && self.life.reference() == Reference::Taken;
        told || matches!(self.life.place, Place::Accepted | Place::Processing)
    }

    fn not_before_due(&self, now: When) -> Verdict {
        let due = self.life.due.filter(|due| due.boot == now.boot);
        let ripe = self.run.nudged || due.is_none_or(|due| now.reached(due));
        self.model.must(Clause::BackOff, ripe)
    }

    /// lookup → check → reserve, with what was seen and checked, in one run. (Architecture, section 3)
    fn judge_reservation(&self, fact: &Fact) -> Verdict {
        let (model, run) = (self.model, &self.run);
        model.after(&self.life, fact)?;
        let Fact::TakenFromBudget { amount, base, .. } = *fact else {
            return Err(Clause::CheckedIsWhatIsReserved);
        };
        model.must(Clause::LookBeforeReserving, run.looked_up == Some(base))?;
        model.must(Clause::CheckedIsWhatIsReserved, run.checked == Some(amount))?;
        // "A baseline in which the gateway shows less than the journal saw done is not used."
        model.must(Clause::EvidenceNeedsABaseline, !lags(&base))
    }

    /// reserve → open → arm; a resend opens anew, without another reservation.
    fn judge_open(&self, now: When) -> Verdict {
        if self.life.place == Place::Unknown {
            self.model.must(Clause::ResendIsExplained, self.life.sent_again_on.is_some())?;
            return self.may_send_again(now);
        }
        let fresh = self.life.place == Place::Reserved
            && self.life.reservation == Reservation::Fresh
            && self.run.reserved;
        self.model.must(Clause::OneReservationOneSend, fresh)?;
        self.not_before_due(now)
    }

    fn judge_arm(&self, fact: &Fact, now: When) -> Verdict {
        let model = self.model;
        model.after(&self.life, fact)?;
        model.must(Clause::OpenBeforeArming, self.run.connected)?;
        let Fact::MayBeSent { until, .. } = *fact else {
            return Err(Clause::PermitIsShort);
        };
        // "dead after 5 seconds"
        model.must(Clause::PermitIsShort, until == now.later(self.terms.permit))?;
        if self.life.place == Place::Unknown { self.may_send_again(now) } else { Ok(()) }
    }

    fn may_send_again(&self, now: When) -> Verdict {
        // A blind gateway has no evidence to wait for; what was written down need not be seen again.
        let written = self.life.sent_again_on == Some(Ground::Fenced);
        let dark = self.terms.proves == Proves::Nothing || !self.model.has_evidence(&self.life);
        let nothing = written || dark || self.run.nothing_decides;
        self.model.may_send_again(&self.life, &self.terms, now, nothing)?;
        self.not_before_due(now)
    }

    /// Whether the record says what was heard.
    fn judge_record(&self, fact: &Fact, now: When) -> Verdict {
        let (model, life, terms) = (self.model, &self.life, &self.terms);
        let news = self.run.news;
        let fits = |fits: bool| model.must(Clause::AnswerFitsTheRecord, fits);
        match *fact {
            Fact::Confirmed => fits(news == Some(Event::Approve)),
            Fact::TakenBack => {
                fits(matches!(news, Some(Event::Withdraw | Event::Broken | Event::OverBudget)))?;
                Ok(())
            }
            Fact::PutOff { why, due } => {
                let told = match news {
                    Some(Event::LookupFailed) => why == WhyPutOff::NotRead,
                    Some(Event::LookedUp(baseline)) => {
                        let base = bridge::base(baseline);
                        why == WhyPutOff::ReadTooLittle && lags(&base)
                    }
                    Some(Event::PaymentBusy) => why == WhyPutOff::Busy,
                    Some(Event::Paused { until }) => why == WhyPutOff::Stopped && due == bridge::when(until),
                    _ => false,
                };
                fits(told)?;
                // "Nobody comes back at once", except to an account that was stopped until this very moment.
                model.must(Clause::BackOff, why == WhyPutOff::Stopped || !now.reached(due))
            }
            Fact::MayBeSentAgain { on } => {
                self.may_send_again(now)?;
                fits((on == Ground::Replayed) == (terms.proves == Proves::Replays))
            }
            Fact::PersonDoesIt => fits(news == Some(Event::TakeByHand)),
            Fact::PersonSays(word) => match news {
                Some(Event::Decide { decision, seen }) => {
                    fits(bridge::word(decision) == word)?;
                    model.may_decide(life, terms, bridge::when(seen), word)
                }
                _ => model.must(Clause::NoFailureByItself, false),
            },
            Fact::Receipt(_) => fits(matches!(news, Some(Event::ReceiptNews(_)))),
            Fact::SurelyNotSent { due } => {
                fits(matches!(news, Some(Event::NotSent(_))))?;
                model.must(Clause::BackOff, !now.reached(due))
            }
            Fact::GatewayTookIt { .. } => match news {
                Some(Event::Probed(ProbedKind::HappenedWithReference)) => {
                    model.proves_effect(life, terms, now, true)
                }
                news => fits(news == Some(Event::Fired(FiredKind::Accepted))),
            },
            Fact::Done(HowKnown::Answer) => fits(news == Some(Event::Fired(FiredKind::Settled))),
            Fact::Done(HowKnown::Status) => fits(news == Some(Event::Status(StatusKind::Settled))),
            Fact::Done(HowKnown::Sums) => {
                fits(news == Some(Event::Probed(ProbedKind::Happened)))?;
                model.proves_effect(life, terms, now, false)
            }
            Fact::Refused if life.place == Place::Sending => {
                model.must(Clause::NoFailureByItself, news == Some(Event::Fired(FiredKind::Declined)))
            }
            Fact::Refused | Fact::HadNoEffect => {
                let seen = news == Some(Event::Probed(ProbedKind::NotSeen));
                model.must(Clause::NoFailureByItself, seen)?;
                model.proves_no_effect(life, terms, now)
            }
            Fact::InDoubt { unconfirmed, salvaged, due, .. } => {
                fits(self.doubt_is_told(unconfirmed, salvaged))?;
                let next = model.after(life, fact)?;
                let first = model.nothing_before(&next, terms, now);
                self.due_is(due, first, &next, now)
            }
            Fact::WindowAgain { from, due } => {
                // "A settle window of another boot starts again (after a permit's whole life)." (ADR 4)
                let other = !life.windows.is_empty() && life.window_by(now.boot).is_none();
                let whole = from == now.later(terms.permit);
                model.must(Clause::WindowOfAnotherBoot, other && whole)?;
                let next = model.after(life, fact)?;
                let first = model.nothing_before(&next, terms, now);
                self.due_is(due, first, &next, now)
            }
            Fact::Seen { nothing, at, due } => {
                let heard = if nothing { ProbedKind::NotSeen } else { ProbedKind::Unreadable };
                fits(
                    news == Some(Event::Probed(heard))
                        && at == now
                        && due.boot == now.boot
                        && !now.reached(due),
                )
            }
            Fact::Asked { working, due } => {
                let heard = match news {
                    Some(Event::Status(StatusKind::Processing)) => working,
                    Some(Event::Status(StatusKind::Unrecognised | StatusKind::Failed)) => !working,
                    _ => false,
                };
                // "Somebody wants to know now: the schedule stays."
                let stays = self.run.nudged && life.due == Some(due);
                fits(heard && due.boot == now.boot && (!now.reached(due) || stays))
            }
            Fact::CancelledInCabinet => {
                model.must(Clause::NoFailureByItself, news == Some(Event::Status(StatusKind::Canceled)))
            }
            Fact::GivenToAPerson(why) => model.must(Clause::HeldForAReason, self.reason_is_true(why)),
            Fact::Wished { .. } | Fact::TakenFromBudget { .. } | Fact::MayBeSent { .. } => fits(false),
        }
    }

    /// The first chance; where a permit was once found unanswered, the last one's death is waited for in any case. No harm.
    fn due_is(&self, due: When, first: When, next: &Life, now: When) -> Verdict {
        let found = next.open().is_some_and(|open| open.found_unanswered);
        let waits = found && next.window_by(now.boot) == Some(due);
        self.model.must(Clause::DueIsTheFirstChance, due == first || waits)
    }

    fn doubt_is_told(&self, unconfirmed: bool, salvaged: bool) -> bool {
        match self.run.news {
            Some(Event::Fired(FiredKind::Unknown { salvaged: saved, .. })) => {
                !unconfirmed && salvaged == saved
            }
            // "A refusal of a resend is never a failure": it leaves what was unknown unknown, and there is nothing to
            // confirm. Only the refusal of a first send may be confirmed.
            Some(Event::Fired(FiredKind::DeclinedUnconfirmed)) => {
                unconfirmed == (self.life.maybe_out() == 1) && !salvaged
            }
            Some(Event::Fired(FiredKind::Declined)) => self.several() && !unconfirmed && !salvaged,
            // Found `sending` by a process that did not arm it: "it may have been sent and is never simply fired".
            Some(Event::Fired(_)) => false,
            _ => !self.run.armed && !unconfirmed && !salvaged,
        }
    }

    /// Another copy than the one the gateway speaks of may have had an effect.
    fn several(&self) -> bool {
        self.life.maybe_out() > 1 || self.life.rests_on_a_word()
    }

    fn reason_is_true(&self, why: WhyHeld) -> bool {
        let (life, news, blind) = (&self.life, self.run.news, self.terms.proves == Proves::Nothing);
        // After a person's word a rule or a budget that refuses the next lineage is such news too.
        let refused_by_us = life.rests_on_a_word() && matches!(news, Some(Event::Broken | Event::OverBudget));
        let unknown = life.place == Place::Unknown;
        match why {
            WhyHeld::NoEvidence => unknown && (blind || !self.model.has_evidence(life)),
            WhyHeld::Contradiction => {
                refused_by_us || unknown && news == Some(Event::Probed(ProbedKind::CannotTell))
            }
            WhyHeld::Shared => unknown && news == Some(Event::Probed(ProbedKind::Happened)),
            WhyHeld::RefusedOnResend => self.several(),
            WhyHeld::Deadline => matches!(news, Some(Event::Status(_))),
            WhyHeld::Mismatch => news == Some(Event::Status(StatusKind::Mismatch)),
        }
    }

    /// A wait has an end that is written down: the schedule, the window, the gap between two looks, a permit's death.
    fn judge_wait(&self, until: When) -> Verdict {
        let (life, terms) = (&self.life, &self.terms);
        let open = life.open();
        let gap = open.and_then(|open| open.nothing_seen).map(|seen| seen.later(terms.gap));
        let known = life.window_by(self.boot);
        let window = known.map(|from| from.later(terms.settle));
        let unknown = life.place == Place::Unknown;
        // "Nothing to read → a person, at once": there a window is not waited for by the machine.
        let reads = terms.proves != Proves::Nothing || open.is_some_and(|open| open.salvaged);
        let ends = [life.due, gap, window.filter(|_| unknown && reads), known.filter(|_| unknown)];
        let working =
            !matches!(life.place, Place::Planned | Place::Sending | Place::NeedsReview | Place::ByHand);
        let alive = working && !self.model.is_over(life.place);
        // "Moments of two boots are never compared": nobody can wait for one of another.
        let ends = until.boot == self.boot && ends.contains(&Some(until));
        self.model.must(Clause::WaitForSomething, alive && ends)
    }

    fn judge_stop(&self, why: Stop) -> Verdict {
        let (model, life, news) = (self.model, &self.life, self.run.news);
        let kept = news == Some(Event::KeepDone);
        let right = match why {
            Stop::Final => model.is_over(life.place),
            Stop::NotApproved => life.place == Place::Planned,
            Stop::Held { from } => {
                let end = life.window_by(self.boot).map(|window| window.later(self.terms.settle));
                let end = end.filter(|_| life.place == Place::NeedsReview && life.maybe_out() > 0);
                matches!(life.place, Place::NeedsReview | Place::ByHand) && from.map(bridge::when) == end
            }
            Stop::NotReached => {
                kept && matches!(
                    self.run.last,
                    Some(
                        Fact::SurelyNotSent { .. }
                            | Fact::PutOff { why: WhyPutOff::NotRead | WhyPutOff::ReadTooLittle, .. }
                    )
                )
            }
            Stop::Busy => kept && matches!(self.run.last, Some(Fact::PutOff { why: WhyPutOff::Busy, .. })),
            Stop::Paused { until } => {
                let due = bridge::when(until);
                kept && self.run.last == Some(Fact::PutOff { why: WhyPutOff::Stopped, due })
            }
            Stop::Noted => {
                let nothing_to_ask = news == Some(Event::Hint) && !self.may_be_asked_for();
                nothing_to_ask || kept && self.run.wished
            }
        };
        model.must(Clause::StopForAReason, right)
    }

    /// Whether a person's wish or the receipt's news must be taken now, when nothing is under way.
    pub(crate) fn may_say(&self, event: Event) -> Verdict {
        let (model, place) = (self.model, self.life.place);
        let say = |places: &[Place]| model.must(Clause::PersonHasHisSay, places.contains(&place));
        match event {
            Event::Approve => say(&[Place::Planned]),
            Event::Withdraw => {
                model.must(Clause::WordIsNotTakenBack, !self.life.rests_on_a_word())?;
                say(&[Place::Planned, Place::Approved, Place::Reserved])
            }
            Event::TakeByHand => say(&[Place::Reserved]),
            Event::Decide { decision, seen } => {
                model.may_decide(&self.life, &self.terms, bridge::when(seen), bridge::word(decision))
            }
            _ => Ok(()),
        }
    }
}

/// "The gateway shows less than the journal saw done."
fn lags(base: &Base) -> bool {
    base.sums_are_evidence && base.shown.is_some_and(|shown| shown < base.surely)
}
