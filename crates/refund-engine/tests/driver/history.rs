//! Histories that are not whole, or not in order: refused with the place named, and nobody is asked anything.

use crate::{
    READABLE, Shop, account,
    acme::{accepted, timeout},
    bent::Bent,
};
use refund_core::{IntentId, RefundState, Tier, Verdict};
use refund_engine::{Engine, Halt, JournalError, Lease, Patience, Recorded, State};
use std::sync::Arc;

/// A refund whose history grew long, and the gateway's list of calls cleared of none.
async fn told(tier: Tier) -> (Shop, IntentId) {
    let shop = Shop::new(tier);
    match tier {
        Tier::Blind => {
            shop.acme.answers([accepted("R-1")]);
            shop.acme.tells([Ok(RefundState::Processing)]);
        }
        _ => {
            shop.acme.answers([timeout()]);
            shop.acme.shows([Verdict::NotSeen]);
        }
    }
    let intent = shop.approved("k-1").await;
    shop.run(intent).await;
    shop.engine.nudge(intent, Patience::None).await.expect("runs");
    (shop, intent)
}

/// Runs the refund on a lease that was damaged; answers what came of it and that nobody was asked.
async fn run(shop: &Shop, intent: IntentId, bend: impl Fn(&mut Lease) + Send + Sync + 'static) -> Halt {
    let asked = shop.acme.asked();
    // Whoever fires now has no answer to give and panics.
    shop.acme.answers([]);
    let journal = Bent { bend: Some(Box::new(bend)), ..Bent::of(&shop.journal) };
    let engine = Engine::builder(Arc::new(journal), Arc::new(shop.clock.clone()))
        .provider(account(), Arc::new(shop.acme.clone()))
        .build();
    let halt = engine.run(intent, Patience::None).await.expect_err("refused");
    assert_eq!(shop.acme.asked(), asked, "nobody is asked anything");
    halt
}

fn place(halt: &Halt) -> (u64, &str) {
    match halt {
        Halt::Journal { error: JournalError::Broken { payment, number, detail }, unrecorded: None } => {
            assert_eq!(payment, "acme/shop/1001");
            (*number, detail)
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_history_cut_at_any_record_is_refused() {
    for tier in [READABLE, Tier::Blind] {
        let (shop, intent) = told(tier).await;
        let length = shop.history(intent).await.len();
        assert!(length >= 5, "{length}");
        for kept in 0..length {
            let halt = run(&shop, intent, move |lease| lease.history.truncate(kept)).await;
            let (number, detail) = place(&halt);
            assert_eq!(number, kept as u64 + 1);
            let expected =
                format!("refund {intent}: its history ends at record {kept}, its last is {length}");
            assert_eq!(detail, expected);
        }
    }
}

#[tokio::test]
async fn a_history_out_of_order_is_refused_where_it_goes_wrong() {
    for tier in [READABLE, Tier::Blind] {
        let (shop, intent) = told(tier).await;
        let history = shop.history(intent).await;
        let folds = |records: &[Recorded]| State::fold(records.iter().map(|recorded| recorded.record));
        let mut damaged: Vec<Vec<Recorded>> = Vec::new();
        for place in 0..history.len() {
            let (mut without, mut twice) = (history.clone(), history.clone());
            without.remove(place);
            twice.insert(place, history[place].clone());
            damaged.extend([without, twice]);
            if place > 0 {
                let mut swapped = history.clone();
                swapped.swap(place - 1, place);
                damaged.push(swapped);
            }
        }
        let mut wrong = 0;
        for records in damaged {
            // Where it is out of order the place is named; where it only lost or gained one it does not end right.
            let expected = match folds(&records) {
                Err(error) => error.seq,
                Ok(state) if state.seq == history.len() as u64 => continue,
                Ok(state) => state.seq + 1,
            };
            wrong += 1;
            let halt = run(&shop, intent, move |lease| lease.history = records.clone()).await;
            assert_eq!(place(&halt).0, expected, "{halt}");
        }
        assert!(wrong >= history.len(), "{wrong}");
    }
}

/// A whole store that was put back to an older copy looks in order. Its records do not follow what is written since, so
/// the journal takes nothing, and nothing is sent without a record.
#[tokio::test]
async fn a_history_that_is_old_as_a_whole_sends_nothing() {
    for tier in [READABLE, Tier::Blind] {
        let (shop, intent) = told(tier).await;
        shop.acme.answers([]);
        let fired = shop.acme.fired();
        for kept in 1..shop.history(intent).await.len() {
            let journal = Bent {
                bend: Some(Box::new(move |lease| {
                    lease.history.truncate(kept);
                    lease.at.seq = kept as u64;
                })),
                ..Bent::of(&shop.journal)
            };
            let engine = Engine::builder(Arc::new(journal), Arc::new(shop.clock.clone()))
                .provider(account(), Arc::new(shop.acme.clone()))
                .build();
            // Whatever it comes to: it may end at once, or be refused by the journal.
            let ended = engine.run(intent, Patience::None).await;
            assert!(!matches!(ended, Err(Halt::Task(_))), "{ended:?}");
            assert_eq!(shop.acme.fired(), fired, "cut after {kept}");
        }
    }
}
