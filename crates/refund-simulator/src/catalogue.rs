//! Which mutant breaks what: the table that proves the simulator.
//!
//! `must` breaks within 10 000 seeds; what is in `may` can break with it, for the reason given; nothing else ever does.

use crate::{Invariant, Invariant::*, Kind, Mutant};

/// The table.
pub struct Catalogue;

/// One mutant at one tier.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What is broken.
    pub mutant: Mutant,
    /// At which tier.
    pub kind: Kind,
    /// What breaks.
    pub must: &'static [Invariant],
    /// What may break with it.
    pub may: &'static [Invariant],
    /// Why it may, or why nothing of the money breaks.
    pub why: &'static str,
}

const EXACT: &str = "";
const COPY: &str =
    "an effect nobody knows of makes the sum rise by another refund's amount, which is then taken for it";
const LATE: &str = "as an unknown effect does; and a connection may be lost later than the permit lives";
const TANGLE: &str =
    "with several refunds open the sums fit whatever is left, a refused one too, or never fit again";
const REFUSED: &str = "the refund whose place a stranger's or sibling's effect takes may have been refused";
const AGAIN: &str = "rare: the person also sends it again before the first copy lands";
const LOCK: &str = "liveness: the rule itself is broken and nothing of the money, since a fence keeps equal amounts out; it costs holds";
const FORGETS: &str =
    "liveness: a reference that is lost costs a hold; the journal also forgets that it had let others in";
const DEAD: &str = "a send under a dead permit meets whoever took over, or lands after the window";
const TAKEN: &str =
    "the second send has no permit whose window anybody waits for, so everything read after it may be wrong";
const LANDS: &str = "rare: the effect that a lagging look missed belongs to a refund that is closed by then";
const OVERTAKEN: &str =
    "the overtaken worker's state is not the journal's any more, and nobody waits for its window";
const FOLDED: &str = "after a person's word the fold takes no end from one copy: the write is refused as a defect, and the \
     refund waits";
const QUEUES: &str = "rare: another reservation has to stand at that moment; then both wait for ever";
const BEYOND: &str =
    "not a mutant but a gateway beyond what is assumed: kept to show what the assumption is worth";

const fn row(
    mutant: Mutant,
    kind: Kind,
    must: &'static [Invariant],
    may: &'static [Invariant],
    why: &'static str,
) -> Row {
    Row { mutant, kind, must, may, why }
}

impl Catalogue {
    /// Every mutant, at the tiers where its harm shows.
    pub const ROWS: &'static [Row] = &[
        row(Mutant::BlindRetry, Kind::Exclusive, &[I1, I4, I6, D6], &[I3, I15], COPY),
        row(Mutant::BlindRetry, Kind::Blind, &[I1, I4, I6, D6], &[], EXACT),
        row(Mutant::TimeoutIsFailure, Kind::Exclusive, &[I4], &[I3, I15], COPY),
        row(Mutant::TimeoutIsFailure, Kind::Blind, &[I4], &[], EXACT),
        row(Mutant::TimeoutIsFailure, Kind::Verified, &[I4], &[], EXACT),
        row(Mutant::KeyPerAttempt, Kind::Verified, &[I1, I4, I8], &[], EXACT),
        row(Mutant::RetryOnClosed, Kind::Exclusive, &[I1, I4, I6], &[I3, I15, D6], LATE),
        row(Mutant::RetryOnClosed, Kind::Blind, &[I1, I4, I6], &[D6], LATE),
        row(Mutant::ArmNotSynced, Kind::Exclusive, &[I1, I4, I6, I10], &[I3, I15], COPY),
        row(Mutant::ArmNotSynced, Kind::Blind, &[I1, I4, I6, I10], &[], EXACT),
        row(Mutant::NoWindow, Kind::Exclusive, &[I1, I4, I14], &[I3, I15], COPY),
        row(Mutant::NoWindow, Kind::Blind, &[I1, I4, I14], &[], EXACT),
        row(Mutant::ShortWindow, Kind::Exclusive, &[I1, I4, I14], &[I3, I15], COPY),
        row(Mutant::ShortWindow, Kind::Blind, &[I1, I4, I14], &[], EXACT),
        row(Mutant::SystemErrorIsFailure, Kind::Exclusive, &[I4], &[I3, I15], COPY),
        row(Mutant::SystemErrorIsFailure, Kind::Verified, &[I4], &[], EXACT),
        row(Mutant::BaselineReread, Kind::Exclusive, &[I1, I4], &[I3, I15], COPY),
        row(Mutant::NoPaymentLock, Kind::Exclusive, &[I3, I7], &[I12, I15], TANGLE),
        row(Mutant::AnyRise, Kind::Exclusive, &[I3, I7], &[I12, I15], TANGLE),
        row(Mutant::SharedTakenForOurs, Kind::Shared, &[I3], &[I15], REFUSED),
        row(Mutant::PersonEarly, Kind::Blind, &[I1, I4, I14], &[], EXACT),
        row(Mutant::DecidedWhenWritten, Kind::Blind, &[I4, I14], &[I1], AGAIN),
        row(Mutant::LockDroppedBetweenAttempts, Kind::SharedFenced, &[I7], &[], LOCK),
        row(Mutant::ReferenceNotSynced, Kind::Blind, &[I10], &[I7, I12], FORGETS),
        row(Mutant::RefusedResendIsFailure, Kind::BlindFenced, &[I4, I9], &[], EXACT),
        row(Mutant::RefusedResendIsFailure, Kind::SharedFenced, &[I4, I9], &[], EXACT),
        row(Mutant::LineageLeftOpen, Kind::Exclusive, &[I3], &[I15], REFUSED),
        row(Mutant::PermitWithoutDeadline, Kind::Exclusive, &[D6], &[I1, I4, I6, I14], DEAD),
        row(Mutant::PermitWithoutDeadline, Kind::Blind, &[D6, I4], &[I1, I6, I14], DEAD),
        row(Mutant::LeaseExpirySends, Kind::Exclusive, &[I1, I4, I6, D6], &[I3, I8, I14, I15], TAKEN),
        row(Mutant::LeaseExpirySends, Kind::Blind, &[I1, I4, I6, D6], &[I8, I14], TAKEN),
        row(Mutant::KeyPerIntent, Kind::Documented, &[I8], &[], EXACT),
        row(Mutant::KeyPerIntent, Kind::Verified, &[I8], &[], EXACT),
        row(Mutant::ReceiptReopens, Kind::Exclusive, &[I1, I4, I9, D8], &[I3, I15], COPY),
        row(Mutant::ReceiptReopens, Kind::Blind, &[I1, I4, I9, D8], &[], EXACT),
        row(Mutant::BudgetReleasedOnUnknown, Kind::Exclusive, &[I3, I5, I7], &[I12, I15], TANGLE),
        row(Mutant::BudgetReleasedOnUnknown, Kind::Blind, &[I5, I7], &[], EXACT),
        row(Mutant::CallbackSettles, Kind::Blind, &[I3], &[], EXACT),
        row(Mutant::LaggingBaseline, Kind::Exclusive, &[I3], &[I15], REFUSED),
        row(Mutant::OutdatedReservation, Kind::Exclusive, &[I3], &[I12, I15], TANGLE),
        row(Mutant::CanceledCopyCloses, Kind::BlindFenced, &[I4], &[I12, Defect], FOLDED),
        row(Mutant::WindowRestartedShort, Kind::Verified, &[D6], &[I6], DEAD),
        row(Mutant::HastyLooks, Kind::Exclusive, &[I1], &[I4], LANDS),
        row(Mutant::FencelessArm, Kind::Exclusive, &[I1, I4, I6, D6], &[I9, I14], OVERTAKEN),
        row(Mutant::TwoQueues, Kind::BlindFenced, &[I9], &[I12], QUEUES),
        row(Mutant::PlanReplaces, Kind::Exclusive, &[I9, D5, Defect], &[], EXACT),
        row(Mutant::SumFalls, Kind::Exclusive, &[], &[I1, I3, I4, I15], BEYOND),
        row(Mutant::SumFalls, Kind::SharedFenced, &[], &[I1, I3, I4, I15], BEYOND),
    ];
}
