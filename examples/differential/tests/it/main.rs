//! Client check says yes ⇔ emulator takes it, over one running sandbox.

mod adapter;
mod case;
mod robokassa;
mod sber;
mod side;

use case::{Asked, Case, cases};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use side::{Difference, Side, Verdicts};
use std::cell::Cell;
use tokio::runtime::{Builder, Runtime};

/// How many random cases each gateway gets.
const CASES: u32 = 96;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Runs random cases against one sandbox; every difference must be explained, and both agreements must occur.
fn compare<S: Side>(side: &S, runtime: &Runtime) {
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let (taken, refused) = (Cell::new(0), Cell::new(0));
    let outcome = TestRunner::new(config).run(&cases(), |case| {
        match runtime.block_on(side::play(side, &case)) {
            Verdicts::BothTakeIt => taken.set(taken.get() + 1),
            Verdicts::BothRefuse => refused.set(refused.get() + 1),
            Verdicts::Differ(difference) if side.explain(&difference).is_some() => {}
            Verdicts::Differ(difference) => return Err(TestCaseError::fail(format!("{difference:?}"))),
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(
        taken.get() > 0 && refused.get() > 0,
        "{taken:?} taken, {refused:?} refused: nothing was compared"
    );
}

/// The differences on the list are still there: what occurs no longer must leave it.
fn still_differs<S: Side>(side: &S, runtime: &Runtime, case: &Case, expected: Difference, id: &str) {
    assert_eq!(side.explain(&expected), Some(id));
    assert_eq!(runtime.block_on(side::play(side, case)), Verdicts::Differ(expected), "{case:?}");
    assert!(include_str!("../../lib.rs").contains(&format!("| `{id}` |")), "{id} is not on the list");
}

#[test]
fn sber_form_dialect() {
    let runtime = runtime();
    let side = runtime.block_on(sber::SberSide::start());
    compare(&side, &runtime);
    let zero = Case { asked: Asked::Exactly(0), ..Case::paid(50_000) };
    still_differs(
        &side,
        &runtime,
        &zero,
        Difference::OnlyTheGatewayTakesIt { asked: Some(0) },
        "sber-zero-is-the-rest",
    );
}

#[test]
fn robokassa() {
    let runtime = runtime();
    let side = runtime.block_on(robokassa::RobokassaSide::start());
    compare(&side, &runtime);
    let unseen = Case { cabinet: vec![40_000], ..Case::paid(50_000) };
    let too_much = Case { asked: Asked::Exactly(10_001), ..unseen.clone() };
    still_differs(
        &side,
        &runtime,
        &too_much,
        Difference::OnlyTheClientTakesIt { asked: 10_001, left: 10_000, unseen: 40_000 },
        "robokassa-unseen-refund",
    );
    let less = Difference::AnotherSum { asked: 50_000, given: 10_000, unseen: 40_000 };
    still_differs(&side, &runtime, &unseen, less, "robokassa-unseen-refund");
}
