//! Every word of a gateway's status, and a journal that refuses a reservation the rules allowed.

use crate::{
    READABLE, Shop, account,
    acme::{accepted, no_answer, shown},
};
use async_trait::async_trait;
use refund_core::{
    ArmError, ArmLog, ArmRecord, At, Currency, IntentId, IntentKey, PaymentRef, RefundState, StatusError,
    Tier,
};
use refund_engine::{
    Engine, Journal, JournalError, Lease, ListQuery, Listed, News, Patience, Phase, Plan, Planned, Recorded,
    Reservation, Totals, Verified, memory::MemoryJournal,
};
use std::{sync::Arc, time::Duration};

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
    let stingy = Engine::builder(Arc::new(Stingy(shop.journal.clone())), Arc::new(shop.clock.clone()))
        .provider(account(), Arc::new(shop.acme.clone()))
        .build();
    let report = stingy.run(intent, Patience::None).await.expect("runs");
    assert_eq!((report.state.phase, shop.acme.fired()), (Phase::Withdrawn, 0));
    assert!(matches!(&report.news[..], [News::Budget { left }] if left.minor() == 17), "{:?}", report.news);
}

/// Has no budget for anything.
struct Stingy(MemoryJournal);

type Done<T> = Result<T, JournalError>;

#[async_trait]
impl ArmLog for Stingy {
    async fn arm(&self, record: &ArmRecord) -> Result<(), ArmError> {
        self.0.arm(record).await
    }
}

#[async_trait]
impl Journal for Stingy {
    async fn plan(&self, plans: &[Plan]) -> Done<Vec<Planned>> {
        self.0.plan(plans).await
    }
    async fn claim(&self, intent: IntentId, term: Duration) -> Done<Lease> {
        self.0.claim(intent, term).await
    }
    async fn claim_due(&self, limit: u16, term: Duration) -> Done<Vec<Lease>> {
        self.0.claim_due(limit, term).await
    }
    async fn renew(&self, at: At, term: Duration) -> Done<()> {
        self.0.renew(at, term).await
    }
    async fn release(&self, at: At) -> Done<()> {
        self.0.release(at).await
    }
    async fn reserve(&self, _: &Reservation) -> Done<u64> {
        Err(JournalError::Budget { left: 17 })
    }
    async fn append(&self, at: At, recorded: &Recorded) -> Done<u64> {
        self.0.append(at, recorded).await
    }
    async fn totals(&self, of: &PaymentRef, currency: Currency, except: Option<IntentId>) -> Done<Totals> {
        self.0.totals(of, currency, except).await
    }
    async fn find(&self, intent: IntentId) -> Done<Option<Listed>> {
        self.0.find(intent).await
    }
    async fn find_key(&self, key: &IntentKey) -> Done<Vec<Listed>> {
        self.0.find_key(key).await
    }
    async fn list(&self, query: &ListQuery) -> Done<Vec<Listed>> {
        self.0.list(query).await
    }
    async fn history(&self, intent: IntentId) -> Done<Vec<Recorded>> {
        self.0.history(intent).await
    }
    async fn verify(&self) -> Done<Verified> {
        self.0.verify().await
    }
}
