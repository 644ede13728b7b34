//! A second, plain model of one refund's life, written from the text alone and compared with the machine.
//!
//! - `life`, `rules`, `chances`: the model. Facts and rules as the architecture, the decision records and the glossary
//!   say them; slow, readable, without a line of the machine. Each clause can be forgotten by name.
//! - `records`, `events`, `watch`: the comparison. Random histories of records, legal or not; random lives with faults,
//!   crashes, boots and people, in which every command of the machine is judged.
//! - `exceptions`, `differences`: where the two differ, each by name and with its shortest life.
//! - `bounded`, `playing`, `checks`: the model itself in a small world, checked to the last state, with broken rules that are seen.
//!
//! It must not use what the machine is made of: only its words (records, events, commands) and `apply` and `step`.

mod bounded;
mod bridge;
mod chances;
mod checks;
mod differences;
mod events;
mod exceptions;
mod life;
mod playing;
mod records;
mod rules;
mod teeth;
mod watch;

use proptest::{
    collection::vec,
    prelude::{ProptestConfig, any},
    test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use refund_engine::machine::{Command, Phase, Record};
use rules::Model;
use std::{cell::RefCell, collections::BTreeSet};

/// How many histories and how many lives are compared; `PLAIN_CASES=n` compares more.
const CASES: u32 = 20_000;

#[test]
fn histories_fold_as_the_text_says() {
    let seen = RefCell::new((BTreeSet::new(), BTreeSet::new()));
    over(60, |dice| {
        let history = records::compare(Model::WHOLE, dice).map_err(|parted| parted.tell())?;
        let (kinds, phases) = &mut *seen.borrow_mut();
        let mut state = refund_engine::State::EMPTY;
        for record in history {
            kinds.insert(record.kind());
            state = state.apply(record).map_err(|error| error.to_string())?;
            phases.insert(state.phase);
        }
        Ok(())
    });
    let (kinds, phases) = seen.into_inner();
    assert_eq!(kinds.len(), 21, "some kind of record was never taken: {kinds:?}");
    assert_eq!(phases.into_iter().collect::<Vec<_>>(), Phase::ALL);
}

#[test]
fn lives_are_led_as_the_text_says() {
    let seen = RefCell::new((BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), 0_usize));
    over(90, |dice| {
        let went = events::play(Model::WHOLE, dice).map_err(|parted| parted.tell())?;
        let (kinds, places, words, resends) = &mut *seen.borrow_mut();
        kinds.extend(went.records.iter().map(Record::kind));
        places.extend(went.places);
        *resends += went.records.iter().filter(|record| is_resend(record)).count();
        words.extend(went.commands.iter().map(word));
        Ok(())
    });
    let (kinds, places, words, resends) = seen.into_inner();
    assert_eq!(kinds.len(), 21, "some kind of record was never written: {kinds:?}");
    assert_eq!(places.len(), Phase::ALL.len(), "some phase was never reached: {places:?}");
    assert_eq!(words.len(), 17, "some command was never given: {words:?}");
    assert!(resends > 200, "only {resends} resends");
}

/// So many dice, so many cases, always the same.
fn over(length: usize, check: impl Fn(&[u64]) -> Result<(), String>) {
    let more = std::env::var("PLAIN_CASES").ok().and_then(|cases| cases.parse().ok());
    let config = ProptestConfig {
        cases: more.unwrap_or(CASES),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let dice = vec(any::<u64>(), length / 2..=length);
    let told = runner.run(&dice, |dice| check(&dice).map_err(TestCaseError::fail));
    told.unwrap_or_else(|error| panic!("{error}"));
}

fn is_resend(record: &Record) -> bool {
    matches!(record, Record::Armed { attempt: 2.., .. })
}

fn word(command: &Command) -> String {
    let told = format!("{command:?}");
    match command {
        Command::Stop(_) => told.split([' ', '{']).next().unwrap_or_default().to_owned(),
        _ => told.split(['(', ' ']).next().unwrap_or_default().to_owned(),
    }
}
