//! The whole check of a refund, written a second time from the gateways' documents and compared with the fast one on
//! many random refunds. One is plain and slow, the other fast; where they differ, one of them misread a document.
//!
//! [`documents`] is the second reading. [`generate`] makes valid refunds, [`mutate`] spoils them, [`agree`] compares.
//! `REFERENCE_CASES=1000000` asks for so many cases instead of the usual number.

mod agree;
mod case;
#[path = "../../benches/cart/cases.rs"]
mod cases;
mod documents;
mod generate;
mod mutate;
#[path = "../../benches/cart/naive.rs"]
mod naive;
mod naive_peer;
mod open;
mod pairs;
mod seeded;
mod sequences;

use agree::Recipe;
use open::OPEN;
use std::collections::BTreeMap;

/// How many cases without a wish from outside: some seconds unoptimised.
const USUAL: u64 = 100_000;

fn cases() -> u64 {
    match std::env::var("REFERENCE_CASES") {
        Ok(text) => text.parse().expect("REFERENCE_CASES is a number"),
        Err(_) => USUAL,
    }
}

/// How often a kind of disagreement was met, and its smallest case: the one that is soonest made small enough to read.
#[derive(Debug)]
struct Disagreement {
    times: u64,
    lines: usize,
    smallest: Recipe,
}

/// What the cases were, so that a comparison of nothing but valid refunds cannot pass for one.
#[derive(Debug, Default)]
struct Seen {
    cases: u64,
    valid: u64,
    /// In how many cases each rule was broken.
    broken: BTreeMap<&'static str, u64>,
    /// In how many cases the check left out only what is open, by entry.
    open: BTreeMap<&'static str, u64>,
    /// Every kind of disagreement, with how often it was met and its smallest case.
    differences: BTreeMap<String, Disagreement>,
}

#[test]
fn the_fast_check_says_what_the_documents_say() {
    let seen = compare_all(cases());
    let mut text = String::new();
    // The most frequent kinds are enough to begin with; making a case small takes its time.
    let mut kinds: Vec<_> = seen.differences.iter().collect();
    kinds.sort_by_key(|(_, met)| std::cmp::Reverse(met.times));
    for (at, (kind, met)) in kinds.into_iter().enumerate() {
        text += &format!("\n=== {} times, for one with the seed {}: {kind}\n", met.times, met.smallest.seed);
        if at < 6 {
            text += &agree::report(&met.smallest);
        }
    }
    assert!(seen.differences.is_empty(), "{} kinds of disagreement\n{text}", seen.differences.len());
    for open in OPEN.iter().filter(|_| seen.cases >= USUAL) {
        let met = seen.open.contains_key(open.what);
        assert!(met, "settled, take it out of the open questions: {}", open.what);
    }
    assert!(seen.valid * 2 >= seen.cases, "too few valid refunds: {} of {}", seen.valid, seen.cases);
    // A rule that is hardly ever broken would be compared with nothing.
    let rare = |rule: &&&str| seen.broken.get(**rule).copied().unwrap_or_default() * 200 < seen.cases;
    let rare: Vec<_> = documents::RULES.iter().filter(rare).collect();
    assert!(
        rare.is_empty(),
        "broken in less than 0.5 % of {} cases: {rare:?} of {:#?}",
        seen.cases,
        seen.broken
    );
}

/// Compares the cases of the seeds from 0 on.
fn compare_all(cases: u64) -> Seen {
    let workers = std::thread::available_parallelism().map_or(1, |workers| workers.get() as u64);
    std::thread::scope(|scope| {
        let start = |worker| scope.spawn(move || compare((worker..cases).step_by(workers as usize)));
        let handles: Vec<_> = (0..workers).map(start).collect();
        let mut all = Seen::default();
        for handle in handles {
            all.add(handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        all
    })
}

fn compare(seeds: impl Iterator<Item = u64>) -> Seen {
    let mut seen = Seen::default();
    for seed in seeds {
        let recipe = Recipe::from_seed(seed);
        let case = recipe.case();
        let opinion = documents::opinion(&case);
        let difference = agree::difference(&case, &opinion);
        seen.cases += 1;
        seen.valid += u64::from(opinion.accepted.is_some());
        let mut rules: Vec<_> = opinion.broken.iter().map(|(rule, ..)| *rule).collect();
        rules.dedup();
        for rule in rules {
            *seen.broken.entry(rule).or_default() += 1;
        }
        if difference.is_some()
            && let Some(what) = agree::open_question(&case, &opinion)
        {
            *seen.open.entry(what).or_default() += 1;
        } else if let Some(kind) = difference {
            let lines = case.cart().map_or(0, |cart| cart.lines.len());
            seen.meet(kind, Disagreement { times: 1, lines, smallest: recipe });
        }
    }
    seen
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.valid += other.valid;
        for (rule, times) in other.broken {
            *self.broken.entry(rule).or_default() += times;
        }
        for (what, times) in other.open {
            *self.open.entry(what).or_default() += times;
        }
        for (kind, met) in other.differences {
            self.meet(kind, met);
        }
    }

    fn meet(&mut self, kind: String, met: Disagreement) {
        let Some(known) = self.differences.get_mut(&kind) else {
            self.differences.insert(kind, met);
            return;
        };
        known.times += met.times;
        if met.lines < known.lines {
            (known.lines, known.smallest) = (met.lines, met.smallest);
        }
    }
}

#[test]
fn what_is_generated_as_valid_is_valid_by_the_documents() {
    for seed in 0..2_000 {
        let case = Recipe { seed, mutations: Vec::new() }.case();
        let opinion = documents::opinion(&case);
        assert!(opinion.accepted.is_some(), "seed {seed}: {:?}\n{case}", opinion.broken);
    }
}
