//! Words of the machine in words of the plain model: the one place that knows both vocabularies.
//!
//! It translates and decides nothing; a word of the machine that has no plain counterpart fails to compile or panics.

use super::life::{Base, Fact, Ground, HowKnown, Paper, Place, When, WhyHeld, WhyPutOff, Word};
use refund_core::{DoubtReason, Moment};
use refund_engine::machine::{
    Baseline, BaselineRole, Decision, HoldReason, Phase, PollAnswer, Postponement, Proof, ReceiptTrack,
    Record, Refusal, ResendGround, SeenVerdict,
};

pub(crate) fn when(moment: Moment) -> When {
    When { boot: moment.boot.0, at: moment.millis }
}

pub(crate) fn place(phase: Phase) -> Place {
    match phase {
        Phase::Planned => Place::Planned,
        Phase::Approved => Place::Approved,
        Phase::Reserved => Place::Reserved,
        Phase::Sending => Place::Sending,
        Phase::Accepted => Place::Accepted,
        Phase::Processing => Place::Processing,
        Phase::Settled => Place::Settled,
        Phase::Canceled => Place::Canceled,
        Phase::Declined => Place::Declined,
        Phase::Unknown => Place::Unknown,
        Phase::NeedsReview => Place::NeedsReview,
        Phase::ByHand => Place::ByHand,
        Phase::Withdrawn => Place::Withdrawn,
        Phase::DidNotHappen => Place::DidNotHappen,
    }
}

pub(crate) fn base(baseline: Baseline) -> Base {
    Base {
        captured: baseline.captured,
        shown: baseline.refunded,
        surely: baseline.used,
        sums_are_evidence: baseline.role == BaselineRole::Evidence,
    }
}

pub(crate) fn word(decision: Decision) -> Word {
    match decision {
        Decision::Happened => Word::Happened,
        Decision::DidNotHappen => Word::DidNotHappen,
        Decision::SendAgain => Word::SendAgain,
    }
}

pub(crate) fn fact(record: Record) -> Fact {
    match record {
        Record::Planned { amount } => Fact::Wished { amount },
        Record::Approved => Fact::Confirmed,
        Record::Reserved { lineage, amount, baseline } => {
            Fact::TakenFromBudget { lineage: lineage as usize, amount, base: base(baseline) }
        }
        Record::Armed { lineage, attempt, fire_by } => {
            Fact::MayBeSent { lineage: lineage as usize, attempt: attempt.into(), until: when(fire_by) }
        }
        Record::Postponed { why, due } => Fact::PutOff { why: put_off(why), due: when(due) },
        Record::MayResend { on } => Fact::MayBeSentAgain { on: ground(on) },
        Record::NotSent { due, .. } => Fact::SurelyNotSent { due: when(due) },
        Record::Accepted { due } => Fact::GatewayTookIt { due: when(due) },
        Record::Settled { by } => Fact::Done(how_known(by)),
        Record::Declined => Fact::Refused,
        Record::Doubted { why, refusal, salvaged, due } => Fact::InDoubt {
            refused: why == DoubtReason::AmbiguousRefusal,
            unconfirmed: refusal == Refusal::Unconfirmed,
            salvaged,
            answered: why != DoubtReason::Crash,
            due: when(due),
        },
        Record::WindowRestarted { from, due } => Fact::WindowAgain { from: when(from), due: when(due) },
        Record::Looked { verdict, at, due } => {
            Fact::Seen { nothing: verdict == SeenVerdict::NotSeen, at: when(at), due: when(due) }
        }
        Record::ProvenNot => Fact::HadNoEffect,
        Record::Polled { answer, due } => {
            Fact::Asked { working: answer == PollAnswer::Processing, due: when(due) }
        }
        Record::Canceled => Fact::CancelledInCabinet,
        Record::Held { why } => Fact::GivenToAPerson(why_held(why)),
        Record::Decided { decision } => Fact::PersonSays(word(decision)),
        Record::TakenByHand => Fact::PersonDoesIt,
        Record::Withdrawn { .. } => Fact::TakenBack,
        Record::Receipt(track) => Fact::Receipt(paper(track)),
        other => panic!("the plain model has no word for {other:?}"),
    }
}

fn put_off(why: Postponement) -> WhyPutOff {
    match why {
        Postponement::LookupFailed => WhyPutOff::NotRead,
        Postponement::Lagging => WhyPutOff::ReadTooLittle,
        Postponement::Busy => WhyPutOff::Busy,
        Postponement::Paused => WhyPutOff::Stopped,
    }
}

fn ground(on: ResendGround) -> Ground {
    match on {
        ResendGround::KeyReplay => Ground::Replayed,
        ResendGround::SelfFencing => Ground::Fenced,
    }
}

fn how_known(proof: Proof) -> HowKnown {
    match proof {
        Proof::Reply => HowKnown::Answer,
        Proof::Status => HowKnown::Status,
        Proof::Evidence => HowKnown::Sums,
    }
}

fn why_held(why: HoldReason) -> WhyHeld {
    match why {
        HoldReason::NoEvidence => WhyHeld::NoEvidence,
        HoldReason::Contradiction => WhyHeld::Contradiction,
        HoldReason::SharedAccount => WhyHeld::Shared,
        HoldReason::RefusedOnResend => WhyHeld::RefusedOnResend,
        HoldReason::Deadline => WhyHeld::Deadline,
        HoldReason::Mismatch => WhyHeld::Mismatch,
    }
}

fn paper(track: ReceiptTrack) -> Paper {
    match track {
        ReceiptTrack::NotAsked => Paper::NotAsked,
        ReceiptTrack::Pending => Paper::Pending,
        ReceiptTrack::Done => Paper::Done,
        ReceiptTrack::Failed => Paper::Failed,
    }
}
