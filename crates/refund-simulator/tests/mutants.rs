//! The proof of the simulator: every mutant is caught, and by the invariants that are about it.

use refund_simulator::{Broken, Catalogue, Hunt, Invariant, Kind, Mutant, Row};

/// Within so many seeds each is caught.
const SEEDS: u64 = 10_000;

/// The share of the rows one test looks at, so that they run side by side.
fn check(part: usize) {
    let mut wrong = Vec::new();
    for row in Catalogue::ROWS.iter().skip(part).step_by(4) {
        wrong.extend(failures(row));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn failures(row: &Row) -> Vec<String> {
    let hunt = Hunt::of(row.mutant, row.kind, SEEDS);
    let (must, may) = (Broken::of(row.must), Broken::of(row.may));
    let (missing, beside) = (must.without(hunt.broken()), hunt.broken().without(must.and(may)));
    let place = format!("{} at {}", row.mutant.name(), row.kind.as_str());
    let mut wrong = Vec::new();
    if hunt.caught == 0 {
        wrong.push(format!("{place}: lives through {SEEDS} seeds"));
    }
    if !missing.is_empty() {
        wrong.push(format!("{place}: {missing} must break, only {} did", hunt.broken()));
    }
    if !beside.is_empty() {
        wrong.push(format!("{place}: {beside} broke as well, at {:?}", hunt.first));
    }
    wrong
}

#[test]
fn every_mutant_breaks_what_it_must_and_nothing_beside_1() {
    check(0);
}

#[test]
fn every_mutant_breaks_what_it_must_and_nothing_beside_2() {
    check(1);
}

#[test]
fn every_mutant_breaks_what_it_must_and_nothing_beside_3() {
    check(2);
}

#[test]
fn every_mutant_breaks_what_it_must_and_nothing_beside_4() {
    check(3);
}

#[test]
fn every_mutant_has_a_row_and_every_may_a_reason() {
    for mutant in Mutant::ALL {
        assert!(Catalogue::ROWS.iter().any(|row| row.mutant == mutant), "{mutant:?} is in no row");
        assert_eq!(Mutant::parse(&mutant.name()), Some(mutant));
    }
    for row in Catalogue::ROWS {
        assert!(row.may.is_empty() || !row.why.is_empty(), "{row:?} says no reason");
    }
}

/// The two that cost nothing but a person's time: no money moves wrongly, and more refunds wait for somebody.
#[test]
fn what_costs_only_liveness_costs_holds() {
    let money = [Invariant::I1, Invariant::I2, Invariant::I3, Invariant::I4, Invariant::I5, Invariant::I15];
    let table =
        [(Mutant::LockDroppedBetweenAttempts, Kind::SharedFenced), (Mutant::ReferenceNotSynced, Kind::Blind)];
    for (mutant, kind) in table {
        let (bent, honest) = (Hunt::of(mutant, kind, SEEDS), Hunt::of(Mutant::None, kind, SEEDS));
        assert!(honest.broken().is_empty(), "{kind:?}: {:?}", honest.first);
        assert!(money.iter().all(|one| !bent.broken().has(*one)), "{mutant:?}: {:?}", bent.first);
        let holds = (bent.figures.holds, honest.figures.holds);
        assert!(holds.0 > holds.1, "{mutant:?}: {} holds, {} without it", holds.0, holds.1);
    }
}
