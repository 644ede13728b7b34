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
        row(Mutant::BlindRetry, Kind::Exclusive, &[I1], &[], ""),
        row(Mutant::BlindRetry, Kind::Blind, &[I1], &[], ""),
        row(Mutant::TimeoutIsFailure, Kind::Exclusive, &[I4], &[], ""),
        row(Mutant::TimeoutIsFailure, Kind::Blind, &[I4], &[], ""),
        row(Mutant::TimeoutIsFailure, Kind::Verified, &[I4], &[], ""),
        row(Mutant::KeyPerAttempt, Kind::Verified, &[I1, I8], &[], ""),
        row(Mutant::RetryOnClosed, Kind::Exclusive, &[I1], &[], ""),
        row(Mutant::RetryOnClosed, Kind::Blind, &[I1], &[], ""),
        row(Mutant::ArmNotSynced, Kind::Exclusive, &[I6], &[], ""),
        row(Mutant::ArmNotSynced, Kind::Blind, &[I6], &[], ""),
        row(Mutant::NoWindow, Kind::Exclusive, &[I1], &[], ""),
        row(Mutant::NoWindow, Kind::Blind, &[I4], &[], ""),
        row(Mutant::ShortWindow, Kind::Exclusive, &[I1], &[], ""),
        row(Mutant::ShortWindow, Kind::Blind, &[I4], &[], ""),
        row(Mutant::SystemErrorIsFailure, Kind::Exclusive, &[I4], &[], ""),
        row(Mutant::SystemErrorIsFailure, Kind::Verified, &[I4], &[], ""),
        row(Mutant::BaselineReread, Kind::Exclusive, &[I1], &[], ""),
        row(Mutant::NoPaymentLock, Kind::Exclusive, &[I3, I7], &[], ""),
        row(Mutant::AnyRise, Kind::Exclusive, &[I3, I7], &[], ""),
        row(Mutant::SharedTakenForOurs, Kind::Shared, &[I3], &[], ""),
        row(Mutant::PersonEarly, Kind::Blind, &[I4, I14], &[], ""),
        row(Mutant::DecidedWhenWritten, Kind::Blind, &[I4, I14], &[], ""),
        row(Mutant::LockDroppedBetweenAttempts, Kind::SharedFenced, &[], &[I7], ""),
        row(Mutant::ReferenceNotSynced, Kind::Blind, &[I10], &[], ""),
        row(Mutant::RefusedResendIsFailure, Kind::BlindFenced, &[I4], &[], ""),
        row(Mutant::RefusedResendIsFailure, Kind::SharedFenced, &[I4], &[], ""),
        row(Mutant::LineageLeftOpen, Kind::Exclusive, &[I3], &[], ""),
        row(Mutant::PermitWithoutDeadline, Kind::Exclusive, &[D6], &[], ""),
        row(Mutant::PermitWithoutDeadline, Kind::Blind, &[D6], &[], ""),
        row(Mutant::LeaseExpirySends, Kind::Exclusive, &[I1, I6], &[], ""),
        row(Mutant::LeaseExpirySends, Kind::Blind, &[I1, I6], &[], ""),
        row(Mutant::KeyPerIntent, Kind::Documented, &[I8], &[], ""),
        row(Mutant::KeyPerIntent, Kind::Verified, &[I8], &[], ""),
        row(Mutant::ReceiptReopens, Kind::Exclusive, &[D8, I1], &[], ""),
        row(Mutant::ReceiptReopens, Kind::Blind, &[D8, I1], &[], ""),
        row(Mutant::BudgetReleasedOnUnknown, Kind::Exclusive, &[I5], &[], ""),
        row(Mutant::BudgetReleasedOnUnknown, Kind::Blind, &[I5], &[], ""),
        row(Mutant::CallbackSettles, Kind::Blind, &[I3], &[], ""),
        row(Mutant::LaggingBaseline, Kind::Exclusive, &[I3], &[], ""),
        row(Mutant::OutdatedReservation, Kind::Exclusive, &[I3], &[], ""),
        row(Mutant::CanceledCopyCloses, Kind::BlindFenced, &[I4], &[], ""),
        row(Mutant::WindowRestartedShort, Kind::Verified, &[D6], &[], ""),
        row(Mutant::WindowRestartedShort, Kind::Exclusive, &[], &[], ""),
        row(Mutant::HastyLooks, Kind::Exclusive, &[I1], &[], ""),
        row(Mutant::FencelessArm, Kind::Exclusive, &[D6], &[], ""),
        row(Mutant::TwoQueues, Kind::BlindFenced, &[I12], &[], ""),
        row(Mutant::PlanReplaces, Kind::Exclusive, &[D5], &[], ""),
        row(Mutant::SumFalls, Kind::Exclusive, &[I3], &[], ""),
        row(Mutant::SumFalls, Kind::SharedFenced, &[I1], &[], ""),
    ];
}
