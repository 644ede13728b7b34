//! What every [`RefundProvider`] must pass, run against any gateway under test.
//!
//! A provider's own tests bring a [`GatewayUnderTest`] and read the report:
//!
//! ```
//! # use refund_conformance::{GatewayUnderTest, run_all};
//! # use refund_core::RefundProvider;
//! # async fn test(provider: &dyn RefundProvider, gateway: &dyn GatewayUnderTest) {
//! let report = run_all(provider, gateway).await;
//! report.assert_counts(50, &["cancellation_is_seen"]);
//! # }
//! ```
//!
//! What a gateway cannot do is declared in the provider's descriptor, and that it is then *refused* is asserted: such a
//! case passes. Skipped are only cases the gateway under test cannot stage, by name and with the reason. The exact
//! numbers stand in the provider's test, so a case that stops running fails the build.
//!
//! | module | room |
//! |---|---|
//! | [`gateway`] | what the kit must be able to do to a gateway; the only trait a stranger implements |
//! | [`memory`], [`tap`] | a gateway in a page of code: a transport over a function, and one that breaks on order |
//! | [`clock`] | the clock that both sides share |
//! | [`report`] | what passed, failed and was skipped |
//! | `sandbox` (feature) | the adapter for `refund-sandbox`, through its HTTP control API |
//!
//! It may know `refund-core` alone: no concrete provider, no journal, no HTTP library, no async runtime. It has no
//! timers either; a provider that never answers must be stopped by the test that runs it.
#![deny(missing_docs)]

mod arm;
mod bench;
mod cases;
pub mod clock;
pub mod gateway;
pub mod memory;
pub mod report;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod tap;

pub use cases::CASES;
pub use clock::ManualClock;
pub use gateway::{
    Ability, Call, Commit, Deed, Fault, GatewayError, GatewayUnderTest, Ledger, Mark, Seal, Seed, Seeded,
    Seen, Standing,
};
pub use memory::{Answer, InMemory};
pub use report::{Finding, Report};
pub use tap::Tap;

use bench::{Bench, Stop};
use refund_core::RefundProvider;
use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::Poll,
};

/// Runs every case of [`CASES`], one after another. A provider that panics fails the case it panics in.
///
/// The gateway must be fresh and belong to this run alone.
pub async fn run_all(provider: &dyn RefundProvider, gateway: &dyn GatewayUnderTest) -> Report {
    let bench = Bench::new(provider, gateway);
    let mut report = Report::default();
    for (case, run) in cases::TABLE {
        let outcome = unless_it_panics(run(&bench)).await;
        // A case that ended early may leave a fault behind.
        let outcome = match gateway.clear_faults().await {
            Ok(()) => outcome,
            Err(error) => outcome.and(Err(error.into())),
        };
        let finding = |why: &str| Finding { case, why: bench.masked(why) };
        match outcome {
            Ok(()) => report.passed.push(case),
            Err(Stop::Fail(why)) => report.failed.push(finding(&why)),
            Err(Stop::Skip(why)) => report.skipped.push(finding(&why)),
        }
    }
    report
}

/// A case in progress.
type Running<'a> = Pin<Box<dyn Future<Output = bench::Outcome> + Send + 'a>>;

async fn unless_it_panics(mut case: Running<'_>) -> bench::Outcome {
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| case.as_mut().poll(cx))) {
        Ok(poll) => poll,
        Err(payload) => {
            let said = payload.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no words");
            Poll::Ready(Err(Stop::Fail(format!("panicked: {said}"))))
        }
    })
    .await
}
