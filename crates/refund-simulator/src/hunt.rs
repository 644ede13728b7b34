//! Looking for what a mutant breaks.

use crate::{Broken, Figures, HARD, Invariant, Kind, Laboratory, Mutant};
use std::collections::BTreeMap;

/// What a mutant broke within so many seeds.
#[derive(Clone, Debug, Default)]
pub struct Hunt {
    /// The first seed at which each invariant broke, whatever else broke with it.
    pub first: BTreeMap<Invariant, u64>,
    /// How many schedules broke something.
    pub caught: u64,
    /// What was counted.
    pub figures: Figures,
}

impl Hunt {
    /// Plays so many seeds of one tier, half of them hard ones.
    pub fn of(mutant: Mutant, kind: Kind, seeds: u64) -> Self {
        let mut laboratory = Laboratory::new(mutant);
        let mut hunt = Self::default();
        let half = seeds / 2;
        for seed in (0..half).chain(HARD..HARD + seeds - half) {
            let broken = laboratory.play(kind, seed).broken;
            hunt.caught += u64::from(!broken.is_empty());
            for invariant in Invariant::ALL.into_iter().filter(|one| broken.has(*one)) {
                hunt.first.entry(invariant).or_insert(seed);
            }
        }
        hunt.figures = laboratory.take_figures();
        hunt
    }

    /// Everything that broke.
    pub fn broken(&self) -> Broken {
        self.first.keys().fold(Broken::default(), |set, one| set.with(*one))
    }
}
