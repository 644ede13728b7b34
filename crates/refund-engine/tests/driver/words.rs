//! Every word of a gateway's status, and a journal that refuses a reservation the rules allowed.

use crate::{
    READABLE, Shop, account,
    acme::{accepted, no_answer, shown},
    bent::Bent,
};
use refund_core::{RefundState, StatusError, Tier};
use refund_engine::{Engine, News, Patience, Phase};
use std::sync::Arc;

#[tokio::test]
async fn every_word_of_a_status_has_its_end_and_its_news() {
    let cases = [
        (Ok(RefundState::Processing), Phase::Processing, None),
        (Ok(RefundState::Settled), Phase::Settled, None),
        (Ok(RefundState::Canceled), Phase::Canceled, None),
        (Ok(RefundState::Mismatch { detail: "R-2".into() }), Phase::NeedsReview, Some("word R-2")),
        (Ok(RefundState::Unrecognised { label: "dreaming".into() }), Phase::Accepted, Some("word dreaming")),
        (Err(StatusError::Read(no_answer())), Phase::Accepted, Some("no status")),
        (Err(StatusError::NotFound { detail: "R-1".into() }), Phase::Accepted, Some("no status")),
    ];
    for (answer, phase, expected) in cases {
        let shop = Shop::new(Tier::Blind);
        shop.acme.looks([Ok(shown(100_000, None))]);
        shop.acme.answers([accepted("R-1")]);
        shop.acme.tells([answer.clone()]);
        let intent = shop.approved("k-1").await;
        shop.run(intent).await;
        let report = shop.engine.nudge(intent, Patience::None).await.expect("runs");
        let news = report.news.iter().map(|news| match news {
            News::StatusWord(word) => format!("word {word}"),
            News::Status(_) => "no status".to_owned(),
            other => panic!("{other:?}"),
        });
        let news: Vec<String> = news.collect();
        assert_eq!(
            (report.state.phase, news),
            (phase, expected.map(str::to_owned).into_iter().collect()),
            "{answer:?}"
        );
    }
}

/// Nothing moved since the look and the journal still says no: the refund is taken back, not tried for ever.
#[tokio::test]
async fn a_journal_that_says_no_is_believed() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    let stingy = Engine::builder(
        Arc::new(Bent { left: Some(17), ..Bent::of(&shop.journal) }),
        Arc::new(shop.clock.clone()),
    )
    .provider(account(), Arc::new(shop.acme.clone()))
    .build();
    let report = stingy.run(intent, Patience::None).await.expect("runs");
    assert_eq!((report.state.phase, shop.acme.fired()), (Phase::Withdrawn, 0));
    assert!(matches!(&report.news[..], [News::Budget { left }] if left.minor() == 17), "{:?}", report.news);
}
