//! The kit, judged: a correct provider passes, and each provider broken on purpose fails exactly the cases its row names.
//!
//! Every case stands in at least one row, so there is none that cannot fail.

mod breakers;
mod flavour;
mod gateway;
mod lines;
mod provider;
mod table;

use breakers::{Breaker, Wrong};
use flavour::Flavour;
use gateway::Toy;
use provider::{Mutant, ToyProvider};
use refund_conformance::{CASES, Report, run_all};
use std::{collections::BTreeSet, sync::Arc};
use table::{BROKEN_PROVIDERS, BROKEN_TRANSPORTS};

async fn run(mutant: Mutant, wrong: Option<Wrong>, flavour: Flavour) -> Report {
    let gateway = Toy::new(flavour);
    let line = gateway.transport();
    let transport = match wrong {
        Some(wrong) => Arc::new(Breaker { wrong, inner: line }),
        None => line,
    };
    let provider = ToyProvider::new(mutant, flavour, transport);
    gateway.prints.lock().expect("nobody panics with it").push(format!("{provider:?}"));
    run_all(&provider, &gateway).await
}

#[tokio::test]
async fn a_correct_provider_passes_whatever_its_gateway_can_do() {
    let callbacks = [
        "genuine_callback_is_believed",
        "forged_callback_is_refused",
        "altered_callback_is_refused",
        "garbage_callback_is_refused",
    ];
    let keys = ["keyed_resend_is_one_refund", "keyed_lineages_differ"];
    let skipped = |cases: &[&'static str]| [&keys, cases, &callbacks].concat();
    run(Mutant::Good, None, Flavour::Rich).await.assert_counts(57, &[]);
    run(Mutant::Good, None, Flavour::Plain).await.assert_counts(51, &skipped(&[]));
    run(Mutant::Good, None, Flavour::Parts).await.assert_counts(51, &skipped(&[]));
    run(Mutant::Good, None, Flavour::Whole).await.assert_counts(50, &skipped(&["probe_after_others"]));
    assert_eq!(CASES.len(), 57);
}

#[tokio::test]
async fn every_broken_provider_fails_exactly_the_cases_of_its_row() {
    for (mutant, flavour, expected) in BROKEN_PROVIDERS {
        let report = run(*mutant, None, *flavour).await;
        assert_eq!(report.failing(), *expected, "{mutant:?} of {flavour:?}\n{report}");
    }
}

#[tokio::test]
async fn every_broken_transport_fails_exactly_the_cases_of_its_row() {
    for (wrong, expected) in BROKEN_TRANSPORTS {
        let report = run(Mutant::Good, Some(*wrong), Flavour::Rich).await;
        assert_eq!(report.failing(), *expected, "{wrong:?}\n{report}");
    }
}

#[test]
fn every_case_can_fail() {
    let rows = BROKEN_PROVIDERS.iter().map(|(_, _, cases)| *cases);
    let rows = rows.chain(BROKEN_TRANSPORTS.iter().map(|(_, cases)| *cases));
    let caught: BTreeSet<_> = rows.flatten().copied().collect();
    let idle: Vec<_> = CASES.iter().filter(|case| !caught.contains(**case)).collect();
    assert!(idle.is_empty(), "no broken provider is caught by {idle:?}");
    assert_eq!((BROKEN_PROVIDERS.len(), BROKEN_TRANSPORTS.len()), (52, 6), "broken on purpose");
}
