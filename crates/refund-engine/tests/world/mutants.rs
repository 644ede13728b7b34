//! What the world must catch: gateways, settings and stores broken on purpose.
//!
//! Each breaks exactly the invariants that are named, within so many seeds; a world in which a mutant lives is too
//! kind. Nothing of the engine is touched here: mutants of the machine itself need its code changed and are run apart.

use crate::{
    gateway::{DELAY, Defect, Gateway},
    judge::Invariant::{self, I1, I3, I4, I5, I6, I7, I8, I12},
    stores::{Fenceless, Forgetful, Honest, Lockless, Store},
    story::{Story, play},
};
use std::{collections::BTreeMap, time::Duration};

/// Plays up to `seeds` stories and compares which invariants broke. `must` break, nothing beside `may` does.
fn caught(gateway: &Gateway, store: &dyn Store, seeds: u64, must: &[Invariant], may: &[Invariant]) {
    let mut first: BTreeMap<Invariant, u64> = BTreeMap::new();
    for seed in 0..seeds {
        for (invariant, what) in play(seed, gateway, store, Story::Silent).broken {
            let named = must.contains(&invariant) || may.contains(&invariant);
            assert!(named, "seed {seed} of {}: {invariant:?} broke as well: {what}", gateway.name);
            first.entry(invariant).or_insert(seed);
        }
        if must.iter().all(|invariant| first.contains_key(invariant)) {
            println!("{}: caught by {first:?}", gateway.name);
            return;
        }
    }
    panic!("{}: {must:?} must break within {seeds} seeds, only {first:?} did", gateway.name);
}

#[test]
fn a_settle_window_shorter_than_the_gateways_delay() {
    let short = |gateway: Gateway| gateway.timed(|timing| timing.settle = Duration::from_millis(DELAY / 10));
    caught(&short(Gateway::readable()), &Honest, 3_000, &[I1], &[I4, I3]);
    caught(&short(Gateway::blind()), &Honest, 3_000, &[I4], &[I1]);
}

#[test]
fn looks_that_need_not_agree_on_a_gateway_that_lags() {
    let lagging = Gateway { lags: 900, ..Gateway::readable() };
    let hasty = lagging.timed(|timing| timing.confirm_gap = Duration::ZERO);
    caught(&hasty, &Honest, 6_000, &[I1], &[I4]);
}

#[test]
fn a_system_error_taken_for_a_refusal() {
    for gateway in [Gateway::readable(), Gateway::verified()] {
        caught(&gateway.with(Defect::ConfirmIsFinal), &Honest, 1_000, &[I4], &[]);
    }
}

#[test]
fn no_answer_taken_for_a_refusal() {
    for gateway in [Gateway::readable(), Gateway::blind(), Gateway::verified()] {
        caught(&gateway.with(Defect::TimeoutIsDeclined), &Honest, 1_000, &[I4], &[]);
    }
}

#[test]
fn a_retry_inside_the_provider() {
    for gateway in [Gateway::readable(), Gateway::blind()] {
        caught(&gateway.with(Defect::RetriesInside), &Honest, 1_000, &[I1, I6], &[I3, I4]);
    }
}

#[test]
fn a_new_key_for_every_attempt() {
    caught(&Gateway::verified().with(Defect::NewKeyPerAttempt), &Honest, 1_000, &[I1, I8], &[I4]);
}

#[test]
fn a_baseline_read_again_after_the_doubt() {
    caught(&Gateway::readable().with(Defect::ReadsBaselineAfterDoubt), &Honest, 1_000, &[I1, I4], &[]);
}

#[test]
fn a_permit_without_a_deadline() {
    for gateway in [Gateway::readable(), Gateway::blind()] {
        caught(&gateway.with(Defect::IgnoresDeadline), &Honest, 3_000, &[I6], &[I1, I4]);
    }
}

#[test]
fn an_armed_record_that_is_not_on_disk_when_the_request_leaves() {
    for gateway in [Gateway::readable(), Gateway::blind()] {
        caught(&gateway, &Forgetful, 3_000, &[I6, I4], &[I1]);
    }
}

#[test]
fn a_lease_that_never_fences() {
    caught(&Gateway::readable(), &Fenceless, 6_000, &[I6, I1], &[I4]);
}

#[test]
fn no_lock_and_no_budget_over_the_payment() {
    caught(&Gateway::readable(), &Lockless, 1_000, &[I3, I5, I7], &[I1, I4]);
}

/// The judge's own check: gateways and stores that keep the contract break nothing, and I12 is not one that never
/// can: where nothing ends in time, it says so.
#[test]
fn a_refund_that_never_ends_is_seen() {
    let endless = Gateway::readable().timed(|timing| timing.settle = Duration::from_secs(1_000_000));
    caught(&endless, &Honest, 200, &[I12], &[]);
}
