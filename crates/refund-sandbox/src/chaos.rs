//! Seeded chaos: a mix of faults that the same seed and the same requests bring about again.
//!
//! Each draw depends on the seed, the gateway, the operation and how many such calls came before, and
//! on nothing else: how calls of different kinds interleave does not matter.

use std::collections::BTreeMap;

use axum::http::StatusCode;

use crate::faults::{Fault, Moment, Operation};
use crate::ledger::Gateway;
use crate::switches::CodeForm;

/// Of a hundred calls about this many go wrong.
const PER_HUNDRED: u64 = 40;
/// How long a slow refund takes, in seconds of the sandbox's clock.
const SLOW: u64 = 3_600;

/// The state of a mix.
#[derive(Debug, Clone)]
pub(crate) struct Chaos {
    seed: u64,
    /// How many calls of each kind have been drawn for.
    drawn: BTreeMap<(Gateway, Operation), u64>,
}

impl Chaos {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self { seed, drawn: BTreeMap::new() }
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// The fault of the next call of this kind, if it is to have one.
    pub(crate) fn draw(&mut self, gateway: Gateway, operation: Operation) -> Option<Fault> {
        let count = self.drawn.entry((gateway, operation)).or_default();
        *count += 1;
        let kind = name_hash(gateway.name()) ^ name_hash(operation.name()).rotate_left(32);
        let dice = splitmix(splitmix(self.seed ^ kind).wrapping_add(*count));
        if dice % 100 >= PER_HUNDRED {
            return None;
        }
        let fitting: Vec<Fault> = mix().into_iter().filter(|fault| fault.fits(gateway, operation)).collect();
        let length = u64::try_from(fitting.len()).ok().filter(|length| *length > 0)?;
        let at = usize::try_from((dice >> 32) % length).ok()?;
        fitting.into_iter().nth(at)
    }
}

/// The refusal that proves nothing (CONFIRMED text of both dialects of Sber's).
pub(crate) const SYSTEM_ERROR: &str = "Системная ошибка";

/// What can be drawn. No `delay`: nothing sleeps unless somebody asks for it by name.
fn mix() -> [Fault; 17] {
    [
        Fault::DropBeforeCommit,
        Fault::DropAfterCommit,
        Fault::ErrorBeforeCommit(StatusCode::BAD_GATEWAY),
        Fault::ErrorAfterCommit(StatusCode::INTERNAL_SERVER_ERROR),
        Fault::Html,
        Fault::Truncate(None),
        Fault::Redirect,
        Fault::RateLimit,
        Fault::ErrorCode(CodeForm::String),
        Fault::ErrorCode(CodeForm::Number),
        Fault::ErrorCode(CodeForm::Missing),
        Fault::Refuse(Moment::BeforeCommit, 7, SYSTEM_ERROR.to_owned()),
        Fault::Refuse(Moment::AfterCommit, 7, SYSTEM_ERROR.to_owned()),
        Fault::UnknownLabel("suspended".to_owned()),
        Fault::DuplicateCallback,
        Fault::EarlyCallback,
        Fault::SlowFinish(SLOW),
    ]
}

/// FNV-1a, 64 bits: spreads names, so that no two kinds of call go wrong in step.
fn name_hash(name: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    name.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// The SplitMix64 step of Steele, Lea and Flood: every bit of the answer depends on every bit asked.
fn splitmix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generators_are_the_published_ones() {
        // Published test vectors: FNV-1a of "" and "a"; SplitMix64 from state 0 and 1234567.
        assert_eq!(name_hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(name_hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(splitmix(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(splitmix(1_234_567), 6_457_827_717_110_365_317);
    }

    fn draws(chaos: &mut Chaos, gateway: Gateway, operation: Operation) -> Vec<Option<&'static str>> {
        (0..200).map(|_| chaos.draw(gateway, operation).map(|fault| fault.name())).collect()
    }

    #[test]
    fn the_same_seed_draws_the_same_faults_however_calls_interleave() {
        let (old, ecom) = (Gateway::SberOld, Gateway::SberEcom);
        let mut one = Chaos::seeded(7);
        let refunds = draws(&mut one, old, Operation::Refund);
        let lookups = draws(&mut one, ecom, Operation::Lookup);
        let mut two = Chaos::seeded(7);
        let mixed: Vec<_> = (0..200)
            .map(|_| (two.draw(ecom, Operation::Lookup), two.draw(old, Operation::Refund)))
            .map(|(lookup, refund)| (lookup.map(|fault| fault.name()), refund.map(|fault| fault.name())))
            .collect();
        assert_eq!(mixed.iter().map(|(lookup, _)| *lookup).collect::<Vec<_>>(), lookups);
        assert_eq!(mixed.iter().map(|(_, refund)| *refund).collect::<Vec<_>>(), refunds);
        assert_ne!(draws(&mut Chaos::seeded(8), old, Operation::Refund), refunds);
    }

    #[test]
    fn everything_that_fits_comes_and_nothing_that_sleeps() {
        let mut chaos = Chaos::seeded(1);
        let mut seen: Vec<_> =
            (0..5).flat_map(|_| draws(&mut chaos, Gateway::SberOld, Operation::Refund)).flatten().collect();
        let struck = seen.len();
        assert!((300..500).contains(&struck), "{struck} of 1000");
        seen.sort_unstable();
        seen.dedup();
        let mut expected: Vec<_> =
            mix().iter().map(Fault::name).filter(|name| *name != "unknown_label").collect();
        expected.sort_unstable();
        assert_eq!(seen, expected);
    }
}
