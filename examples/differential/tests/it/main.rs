//! Client check says yes ⇔ emulator takes it, over one running sandbox.

mod adapter;
mod cart_case;
mod carts;
mod case;
mod robokassa;
mod sber;
mod side;

use cart_case::{CartCase, Portion, Sold, Wish, WishLine, Worth, cart_cases};
use carts::{CartDifference, CartVerdict};
use case::{Asked, Case, cases};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use side::{Difference, Side, Verdicts};
use std::cell::Cell;
use tokio::runtime::{Builder, Runtime};

/// How many random cases each gateway gets.
const CASES: u32 = 96;
/// How many random orders with a cart.
const CART_CASES: u32 = 256;

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

#[test]
fn sber_form_dialect_with_carts() {
    let runtime = runtime();
    let side = runtime.block_on(sber::SberSide::start());
    let config = Config { cases: CART_CASES, failure_persistence: None, ..Config::default() };
    let (taken, again, refused) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let outcome = TestRunner::new(config).run(&cart_cases(), |case| {
        let mut done = 0;
        for (lines, verdict) in runtime.block_on(carts::play(&side, &case)) {
            match verdict {
                CartVerdict::BothTakeIt => {
                    done += 1;
                    taken.set(taken.get() + 1);
                }
                CartVerdict::BothRefuse => refused.set(refused.get() + 1),
                CartVerdict::Differ(difference) if carts::explain(&difference, &lines).is_some() => {}
                CartVerdict::Differ(difference) => {
                    return Err(TestCaseError::fail(format!("{difference:?} of {lines:?}")));
                }
            }
        }
        again.set(again.get() + u32::from(done > 1));
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let counts = (taken.get(), again.get(), refused.get());
    // Far below what is usual, far above what a broken generator would leave.
    assert!(counts.0 > 50 && counts.1 > 0 && counts.2 > 50, "taken, taken again, refused: {counts:?}");
}

/// The differences about carts on the list are still there.
#[test]
fn sber_form_dialect_cart_list() {
    let runtime = runtime();
    let side = runtime.block_on(sber::SberSide::start());
    let check = |case: CartCase, asked: i64, complaint: &str, id: &str| {
        let played = runtime.block_on(carts::play(&side, &case));
        let (lines, verdict) = played.last().expect("something is asked");
        let expected = CartDifference::OnlyTheGatewayTakesIt { asked, broken: vec![complaint.to_owned()] };
        assert_eq!(carts::explain(&expected, lines), Some(id));
        assert_eq!(*verdict, CartVerdict::Differ(expected), "{case:?}");
        assert!(include_str!("../../lib.rs").contains(&format!("| `{id}` |")), "{id} is not on the list");
    };
    let sold = |price| Sold { pieces: 1, price };
    let part = |of, thousandths| WishLine { portion: Portion::Part(thousandths), ..WishLine::of(of) };
    let wish = |lines| Wish::Lines { lines, off: 0 };
    // 0.4 of a kopeck is nothing.
    check(
        CartCase { sold: vec![sold(1), sold(100)], wishes: vec![wish(vec![part(0, 400), WishLine::of(1)])] },
        100,
        "cart-line-positive@lines[0].amount",
        "sber-cart-worthless-line",
    );
    // A price of nothing.
    let free = WishLine { worth: Worth::Price(-1), ..WishLine::of(0) };
    check(
        CartCase { sold: vec![sold(1), sold(100)], wishes: vec![wish(vec![free, WishLine::of(1)])] },
        100,
        "cart-line-positive@lines[0].price",
        "sber-cart-worthless-line",
    );
    // Half a kopeck is one, twice.
    check(
        CartCase {
            sold: vec![sold(1), sold(100)],
            wishes: vec![wish(vec![part(0, 500)]), wish(vec![part(0, 500)])],
        },
        1,
        "cart-amount-remaining@lines[0].amount",
        "sber-cart-rounded-share",
    );
}
