//! A small model world: the real machine under the real driver, a journal in memory, and a gateway with a ledger.
//!
//! Everything that can go wrong does, by dice that a seed rolls: requests lost, late, refused after they took effect;
//! replies cut; reads that fail or lag; processes that die at any await, machines that reboot, two workers of whom one
//! was paused; people who decide, refund by hand, and refund behind our back. After every write and every change of
//! the ledger the invariants of [`judge`] are checked. There is no network, no sleep and no thread: a process is a
//! runtime that is driven a few awaits at a time, and killing it is dropping it.
//!
//! `WORLD_SEEDS=n` runs n seeds of every gateway, `WORLD_SEED=n` tells one seed's story.
#![expect(clippy::print_stdout, reason = "a story is told on the test's own output")]

mod gateway;
mod judge;
mod ledger;
mod line;
mod mutants;
mod process;
mod seen;
mod stores;
mod story;
mod world;

use gateway::Gateway;
use stores::Honest;
use story::{Story, play};

/// Seeds per gateway and run; all gateways together tell more than ten thousand stories.
fn seeds() -> u64 {
    std::env::var("WORLD_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_500)
}

fn check(gateway: &Gateway) {
    if let Some(seed) = std::env::var("WORLD_SEED").ok().and_then(|text| text.parse().ok()) {
        let told = play(seed, gateway, &Honest, Story::Told);
        println!("{}", told.lines.join("\n"));
        assert!(told.broken.is_empty(), "seed {seed} of {}: {:?}", gateway.name, told.broken);
        return;
    }
    let mut seen = seen::Seen::default();
    for seed in 0..seeds() {
        let silent = play(seed, gateway, &Honest, Story::Silent);
        seen.add(&silent.seen);
        if !silent.broken.is_empty() {
            let told = play(seed, gateway, &Honest, Story::Told);
            panic!("{}\nseed {seed} of {}: {:?}", told.lines.join("\n"), gateway.name, silent.broken);
        }
    }
    println!("{}: {seen:?}", gateway.name);
    seen.must_have_been_lively(gateway);
}

macro_rules! worlds {
    ($($name:ident: $gateway:expr),+ $(,)?) => {
        $(#[test] fn $name() { check(&$gateway); })+

        fn all() -> Vec<Gateway> {
            vec![$($gateway),+]
        }
    };
}

worlds! {
    readable: Gateway::readable(),
    readable_and_shared: Gateway::shared(),
    readable_shared_and_fenced: Gateway::shared().fenced(),
    blind: Gateway::blind(),
    blind_and_fenced: Gateway::blind().fenced(),
    keyed_and_verified: Gateway::verified(),
    keyed_by_document_only: Gateway::documented(),
}

#[test]
fn the_same_seed_tells_the_same_story() {
    for gateway in all() {
        for seed in [0, 1, 77, 4_711] {
            let (one, two) = (0, 1);
            let told = [one, two].map(|_| play(seed, &gateway, &Honest, Story::Told));
            assert!(told[0].lines.len() > 20, "{}: nothing happened", gateway.name);
            assert_eq!(told[0].lines, told[1].lines, "{}, seed {seed}", gateway.name);
        }
    }
}

/// Stories that broke something once, and what it was; each breaks again if its fix is taken out.
#[test]
fn stories_that_once_broke_end_well() {
    let table = [
        // The gateway did not show the last refund yet, and the next one was read against that.
        (Gateway::readable(), 109),
        // Another refund was done between the look and the reservation.
        (Gateway::readable(), 3_087),
        // The second of two copies was cancelled in the cabinet, the first had taken effect.
        (Gateway::blind().fenced(), 39),
        // Another machine's permit outlived the window that was started again.
        (Gateway::verified(), 704),
        // A person looked before the window was over; it was written after.
        (Gateway::blind(), 9_387),
        // Two reservations waited for each other.
        (Gateway::blind(), 83_315),
    ];
    for (gateway, seed) in table {
        let broken = play(seed, &gateway, &Honest, Story::Silent).broken;
        assert!(broken.is_empty(), "seed {seed} of {}: {broken:?}", gateway.name);
    }
}
