//! The comparison can fail: rules forgotten on purpose, and terms got wrong, each found within so many cases.
//!
//! A rule that the machine merely obeys cannot be missed by forgetting it, so the rules about commands are shown the
//! other way round: the judge is told other terms than the machine, and must object with the very clause.

use super::{
    chances::{Proves, Terms},
    events, records,
    rules::{Clause, Model},
};
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};

/// A disagreement is found within so many cases.
const WITHIN: usize = 4_000;

/// So many cases of so many dice.
fn cases(length: usize) -> impl Iterator<Item = Vec<u64>> {
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]);
    (0..WITHIN).map(move |_| (0..length).map(|_| rng.next_u64()).collect())
}

#[test]
fn a_forgotten_rule_about_records_is_missed() {
    let forgotten = [
        Clause::WishComesFirst,
        Clause::AmountIsPositive,
        Clause::FactsHaveTheirPlaces,
        Clause::LineageGoesOnUnlessSent,
        Clause::AmountIsFixed,
        Clause::OneReservationOneSend,
        Clause::AttemptsCountWithoutGaps,
        Clause::RefusalOfAFirstSendOnly,
        Clause::SystemErrorIsNoRefusal,
        Clause::ResendIsExplained,
        Clause::WordIsNotTakenBack,
        Clause::OthersWereLetIn,
        Clause::UnknownKeepsItsClaim,
        Clause::OneAtATime,
        Clause::AcceptedKeepsThePayment,
    ];
    for clause in forgotten {
        let model = Model::WHOLE.without(clause);
        assert!(cases(60).any(|dice| records::compare(model, &dice).is_err()), "nobody misses {clause:?}");
    }
}

#[test]
fn a_forgotten_rule_about_people_is_missed() {
    let forgotten =
        [Clause::PersonAfterTheWindow, Clause::PersonHasHisSay, Clause::TakenMayStillBeCarriedOut];
    for clause in forgotten {
        let model = Model::WHOLE.without(clause);
        assert!(cases(90).any(|dice| events::play(model, &dice).is_err()), "nobody misses {clause:?}");
    }
}

#[test]
fn a_machine_that_works_by_other_terms_is_found_out() {
    type Tell = fn(&mut Terms);
    let unverified: Tell = |terms| {
        if terms.proves == Proves::Replays {
            terms.proves = Proves::SumsOfOursAlone;
        }
    };
    let told: [(&str, Tell, Clause); 10] = [
        ("work is found too early", |terms| terms.settle += 50, Clause::DueIsTheFirstChance),
        ("the window is longer", |terms| terms.settle += 50, Clause::SettleWindow),
        ("a person is told another end", |terms| terms.settle += 50, Clause::StopForAReason),
        ("the looks lie too close", |terms| terms.gap += 50, Clause::TwoLooksAgree),
        ("the permit lives too long", |terms| terms.permit -= 1, Clause::PermitIsShort),
        ("one send too many", |terms| terms.sends_at_most -= 1, Clause::AttemptsAreCounted),
        (
            "the balance is not relied on",
            |terms| terms.fencing = false,
            Clause::ResendOnlyWhereItCannotDouble,
        ),
        ("others refund too", |terms| terms.proves = Proves::SumsOfAnybody, Clause::SharedProvesNobody),
        ("nothing is shown", |terms| terms.proves = Proves::Nothing, Clause::LookOnlyInDoubt),
        ("no key is replayed", unverified, Clause::ResendOnlyWhereItCannotDouble),
    ];
    for (name, tell, clause) in told {
        let objects = |dice: Vec<u64>| {
            // Else the moment that is written would be wrong before anything is done at it.
            let late = clause == Clause::DueIsTheFirstChance;
            let model = if late { Model::WHOLE } else { Model::WHOLE.without(Clause::DueIsTheFirstChance) };
            let parted = events::play_told(model, &dice, tell).err();
            parted.is_some_and(|parted| parted.clause == Some(clause))
        };
        assert!(cases(90).any(objects), "{name}: nobody says {clause:?}");
    }
}
