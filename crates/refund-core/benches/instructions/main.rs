//! The cart check once, for a counter of instructions: `instructions WORK KIND LINES`.
//!
//! The work is done three times: twice to make what is kept and to let the allocator settle, and once inside
//! [`measured`], which is what the counter is told to look at. Without arguments, and under `--test`, every work is done
//! once at a small size, so that it cannot rot.

#[path = "../cart/cases.rs"]
mod cases;
#[path = "../cart/floor.rs"]
mod floor;
#[path = "../cart/naive.rs"]
mod naive;

use cases::{Case, KINDS};
use refund_core::{CartNeed, CartPolicy, rules::Checker};
use std::{hint::black_box, process::ExitCode};

const POLICY: CartPolicy = CartPolicy::new(CartNeed::OrdersWithCart);
const WORKS: [&str; 4] = ["rules", "floor", "naive", "ready"];

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    match args[..] {
        [] => {
            for work in WORKS {
                KINDS.iter().for_each(|kind| run(work, &Case::build(10, *kind)));
            }
            ExitCode::SUCCESS
        }
        [work, kind, lines] => {
            let kind = KINDS.into_iter().find(|known| known.name() == kind);
            let (Some(kind), Ok(lines), true) = (kind, lines.parse(), WORKS.contains(&work)) else {
                return ExitCode::from(2);
            };
            run(work, &Case::build(lines, kind));
            ExitCode::SUCCESS
        }
        _ => ExitCode::from(2),
    }
}

fn run(work: &str, case: &Case) {
    match work {
        "floor" => thrice(|| _ = black_box(floor::check(black_box(case)))),
        "naive" => thrice(|| assert_eq!(naive::check(black_box(case)), case.expected())),
        "ready" => {
            let order = naive::Order::of(case);
            thrice(|| assert_eq!(naive::check_with(black_box(case), &order), case.expected()));
        }
        _ => {
            let mut checker = Checker::new();
            thrice(|| {
                let case = black_box(case);
                let found = checker.check_cart(&case.command, &case.payment, &case.prior, &POLICY);
                assert_eq!(found.ok(), case.expected());
            });
        }
    }
}

fn thrice(mut work: impl FnMut()) {
    work();
    work();
    measured(&mut work);
}

/// What is counted.
#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    work();
}
