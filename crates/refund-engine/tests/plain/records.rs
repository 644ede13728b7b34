//! Random histories of records, legal and illegal: the machine's fold takes exactly what the written rules take, and
//! both then say the same about the refund.

use super::{
    bridge,
    exceptions::LAX,
    life::{Fact, Life, Reference, Reservation, When},
    rules::{Clause, Model},
};
use refund_core::{BootId, DoubtReason, Moment, NotSentReason};
use refund_engine::machine::{
    Baseline, BaselineRole, Decision, HoldReason, Phase, PollAnswer, Postponement, Proof, ReceiptTrack,
    Record, Refusal, ResendGround, SeenVerdict, State, Taken, WithdrawReason,
};
use std::fmt::Write as _;

/// Where the two parted: the history both took, and what each said of the last record.
#[derive(Debug)]
pub(crate) struct Parted {
    pub history: Vec<Record>,
    pub record: Record,
    pub said: String,
}

impl Parted {
    pub(crate) fn tell(&self) -> String {
        let mut text = String::from("\n");
        for (number, record) in self.history.iter().enumerate() {
            writeln!(text, "{:>3} {record:?}", number + 1).expect("a string takes all");
        }
        writeln!(text, "  > {:?}\n  {}", self.record, self.said).expect("a string takes all");
        text
    }
}

/// Draws one record per die and offers it to both; a refused one is left out by both.
pub(crate) fn compare(model: Model, dice: &[u64]) -> Result<Vec<Record>, Box<Parted>> {
    let (mut state, mut life, mut history) = (State::EMPTY, Life::unborn(), Vec::new());
    for die in dice {
        let record = draw(&state, &mut Die(*die));
        let parted = |said: String| Box::new(Parted { history: history.clone(), record, said });
        match (state.apply(record), lived(model, &life, &bridge::fact(record))) {
            (Ok(taken), Ok(lived)) => {
                let (machine, plain) = (of_machine(&taken), of_life(model, &lived));
                if machine != plain {
                    return Err(parted(format!("machine: {machine:?}\n    plain: {plain:?}")));
                }
                (state, life) = (taken, lived);
                history.push(record);
            }
            (Err(_), Err(_)) => {}
            (Ok(_), Err(clause)) => return Err(parted(format!("machine takes it, plain: {clause:?}"))),
            (Err(error), Ok(_)) => return Err(parted(format!("plain takes it, machine: {error}"))),
        }
    }
    Ok(history)
}

/// What the rules make of it, a tolerated fact included: the exception's own clause is forgotten for that one fact.
fn lived(model: Model, life: &Life, fact: &Fact) -> Result<Life, Clause> {
    let mut lenient = model;
    for _ in LAX {
        match lenient.after(life, fact) {
            Err(clause) if LAX.iter().any(|lax| lax.clause == clause && (lax.fits)(life, fact)) => {
                lenient = lenient.without(clause);
            }
            told => return told,
        }
    }
    lenient.after(life, fact)
}

/// What both can be asked.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    place: super::life::Place,
    over: bool,
    claims: i64,
    holds_payment: bool,
    amount: Option<i64>,
    lineage: usize,
    attempts: usize,
    maybe_out: usize,
    may_be_armed: bool,
    may_still_be_told: bool,
    on_word: bool,
    reference: Reference,
    never_sent: bool,
    may_be_resent: bool,
    due: Option<When>,
    /// By the clocks of some boots, while an outcome is unknown.
    windows: [Option<When>; 4],
}

fn of_machine(state: &State) -> Said {
    Said {
        place: bridge::place(state.phase),
        over: state.phase.is_final(),
        claims: state.claims(),
        holds_payment: state.holds_payment(),
        amount: state.amount,
        lineage: state.lineage as usize,
        attempts: state.attempt.into(),
        maybe_out: if state.phase.is_final() { 0 } else { state.maybe_sent.into() },
        may_be_armed: state.may_be_armed(),
        may_still_be_told: state.may_still_be_told(),
        on_word: state.on_word,
        reference: match state.taken {
            _ if state.phase.is_final() => Reference::None,
            Taken::No => Reference::None,
            Taken::Yes => Reference::Taken,
            // What is closed says nothing of what comes.
            Taken::Canceled if state.maybe_sent == 0 => Reference::None,
            Taken::Canceled => Reference::Cancelled,
        },
        never_sent: state.phase.is_final() || state.never_sent(),
        may_be_resent: state.phase == Phase::Unknown && state.resend.is_some(),
        due: state.due.map(bridge::when).filter(|_| !state.phase.is_final()),
        windows: if state.maybe_sent > 0 && in_doubt(bridge::place(state.phase)) {
            BOOTS.map(|boot| state.window_by(BootId(boot)).map(bridge::when))
        } else {
            [None; 4]
        },
    }
}

fn of_life(model: Model, life: &Life) -> Said {
    use super::life::Place::{NeedsReview, Reserved, Unknown};
    Said {
        place: life.place,
        over: model.is_over(life.place),
        claims: model.claims(life),
        holds_payment: model.holds_payment(life),
        amount: life.amount,
        lineage: life.lineages.len(),
        attempts: life.lineages.last().map_or(0, |lineage| lineage.sends.len()),
        maybe_out: if model.is_over(life.place) { 0 } else { life.maybe_out() },
        may_be_armed: life.place == Reserved && life.reservation == Reservation::Fresh,
        may_still_be_told: life.place == NeedsReview && life.reference() == Reference::Taken,
        on_word: life.rests_on_a_word(),
        reference: if model.is_over(life.place) { Reference::None } else { life.reference() },
        never_sent: model.is_over(life.place) || life.maybe_out() == 0 && !life.rests_on_a_word(),
        may_be_resent: life.place == Unknown && life.sent_again_on.is_some(),
        due: life.due.filter(|_| !model.is_over(life.place)),
        windows: if life.maybe_out() > 0 && in_doubt(life.place) {
            BOOTS.map(|boot| life.window_by(boot))
        } else {
            [None; 4]
        },
    }
}

const BOOTS: [u128; 4] = [1, 2, 3, 4];

/// Where a window matters.
fn in_doubt(place: super::life::Place) -> bool {
    use super::life::Place::{NeedsReview, Sending, Unknown};
    [Sending, Unknown, NeedsReview].contains(&place)
}

/// One throw, used up digit by digit.
pub(crate) struct Die(pub u64);

impl Die {
    /// A number below `sides`.
    pub(crate) fn below(&mut self, sides: u64) -> u64 {
        let (rest, face) = (self.0 / sides, self.0 % sides);
        self.0 = rest;
        face
    }

    pub(crate) fn one_of<T: Copy>(&mut self, faces: &[T]) -> T {
        let face = self.below(faces.len() as u64);
        faces[usize::try_from(face).expect("below the number of faces")]
    }

    /// True once in so many throws.
    pub(crate) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

/// A record that may or may not fit: its numbers are mostly the next ones.
fn draw(state: &State, die: &mut Die) -> Record {
    let kind = if die.once_in(3) { die.below(21) } else { die.one_of(usual(state)) };
    let at =
        die.one_of(&[moment(1, 5_000), moment(1, 2_000_000), moment(2, 100), moment(3, 7_000), moment(4, 0)]);
    let lineage = match die.below(8) {
        0 => state.lineage + 2,
        1 => state.lineage.saturating_sub(1),
        2..=4 => state.lineage + 1,
        _ => state.lineage,
    };
    let attempt =
        if die.once_in(6) { die.one_of(&[state.attempt, state.attempt + 2]) } else { state.attempt + 1 };
    let amount = state.amount.filter(|_| !die.once_in(8)).unwrap_or(die.one_of(&[100, 0, -5, 40]));
    match kind {
        0 => Record::Planned { amount: die.one_of(&[None, Some(100), Some(0), Some(-5)]) },
        1 => Record::Approved,
        2 => Record::Reserved { lineage, amount, baseline: baseline(die) },
        3 => Record::Armed { lineage: state.lineage + u32::from(die.once_in(9)), attempt, fire_by: at },
        4 => Record::NotSent { why: NotSentReason::Refused, due: at },
        5 => Record::Accepted { due: at },
        6 => Record::Settled { by: die.one_of(&[Proof::Reply, Proof::Status, Proof::Evidence]) },
        7 => Record::Declined,
        8 => Record::Doubted {
            why: DoubtReason::Timeout,
            refusal: die.one_of(&[Refusal::None, Refusal::Unconfirmed]),
            salvaged: die.once_in(3),
            due: at,
        },
        9 => Record::WindowRestarted { from: at, due: at },
        10 => Record::Looked {
            verdict: die.one_of(&[SeenVerdict::NotSeen, SeenVerdict::Unreadable]),
            at,
            due: at,
        },
        11 => Record::ProvenNot,
        12 => Record::Polled {
            answer: die.one_of(&[PollAnswer::Processing, PollAnswer::Unrecognised, PollAnswer::Failed]),
            due: at,
        },
        13 => Record::Canceled,
        14 => Record::Held { why: die.one_of(&REASONS) },
        15 => Record::Decided {
            decision: die.one_of(&[Decision::Happened, Decision::DidNotHappen, Decision::SendAgain]),
        },
        16 => Record::TakenByHand,
        17 => Record::Withdrawn {
            why: die.one_of(&[WithdrawReason::Person, WithdrawReason::Rules, WithdrawReason::Budget]),
        },
        18 => Record::Postponed { why: die.one_of(&PUT_OFF), due: at },
        19 => Record::MayResend { on: die.one_of(&[ResendGround::KeyReplay, ResendGround::SelfFencing]) },
        _ => Record::Receipt(die.one_of(&[
            ReceiptTrack::NotAsked,
            ReceiptTrack::Pending,
            ReceiptTrack::Done,
            ReceiptTrack::Failed,
        ])),
    }
}

/// Records that often fit there, so that histories grow long; the others are drawn too.
fn usual(state: &State) -> &'static [u64] {
    match state.phase {
        _ if state.seq == 0 => &[0],
        Phase::Planned => &[1],
        Phase::Approved => &[2, 2, 2, 18],
        Phase::Reserved => &[2, 3, 3, 3, 4, 16, 18],
        Phase::Sending => &[4, 5, 6, 7, 8, 8, 8, 14],
        Phase::Unknown => &[3, 3, 3, 4, 5, 7, 9, 10, 11, 11, 14, 18, 19, 19, 19],
        Phase::Accepted | Phase::Processing => &[12, 13, 14, 14],
        Phase::NeedsReview => &[6, 9, 13, 14, 15, 15, 15],
        Phase::ByHand => &[15],
        _ => &[20],
    }
}

const PUT_OFF: [Postponement; 4] =
    [Postponement::LookupFailed, Postponement::Lagging, Postponement::Busy, Postponement::Paused];

const REASONS: [HoldReason; 6] = [
    HoldReason::NoEvidence,
    HoldReason::Contradiction,
    HoldReason::SharedAccount,
    HoldReason::RefusedOnResend,
    HoldReason::Deadline,
    HoldReason::Mismatch,
];

fn moment(boot: u128, millis: u64) -> Moment {
    Moment::new(BootId(boot), millis)
}

fn baseline(die: &mut Die) -> Baseline {
    let shown = die.one_of(&[None, Some(0), Some(30), Some(60)]);
    let used = die.one_of(&[0, 30, 60]);
    Baseline {
        captured: 200,
        refunded: shown,
        used,
        role: die.one_of(&[BaselineRole::Evidence, BaselineRole::Unused]),
    }
}
