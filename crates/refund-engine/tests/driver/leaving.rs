//! Leaving in good order: what was fired is waited for and written, nothing else is begun.

use crate::{
    READABLE, Shop, account,
    acme::{Acme, settled, timeout},
    said,
};
use async_trait::async_trait;
use refund_core::{Clock, Moment, RefundAmount, WallTime};
use refund_engine::{Drained, Ended, Engine, Journal, ManualClock, Patience, Phase, Timer};
use std::{sync::Arc, time::Duration};
use tokio::sync::oneshot;

/// The caller goes away and the program is told to leave, both while the answer is on its way: it is kept all the same.
#[tokio::test]
async fn an_answer_on_its_way_is_waited_for_and_kept() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    let (fired, is_fired) = oneshot::channel();
    let (answer, answered) = oneshot::channel::<()>();
    shop.acme.while_firing(Box::new(move || {
        Box::pin(async move {
            fired.send(()).expect("the test waits");
            answered.await.expect("the test answers");
        })
    }));
    let engine = shop.engine.clone();
    let caller = tokio::spawn(async move { engine.run(intent, Patience::None).await });
    is_fired.await.expect("it is armed and fired");
    caller.abort();
    assert!(caller.await.is_err_and(|error| error.is_cancelled()), "the future was dropped");
    assert_eq!(shop.phase(intent).await, Phase::Sending);
    shop.engine.stop();
    // No answer within the limit (the clock jumps there): it is said how many are under way.
    assert_eq!(shop.engine.drained(Duration::from_secs(90)).await, Drained::StillRunning(1));
    answer.send(()).expect("it waits for it");
    while shop.engine.drained(Duration::ZERO).await != Drained::All {
        tokio::task::yield_now().await;
    }
    assert_eq!((shop.phase(intent).await, shop.acme.fired()), (Phase::Settled, 1));
    assert!(shop.journal.claim(intent, Duration::from_secs(1)).await.is_ok(), "the lease was given back");
}

#[tokio::test]
async fn nothing_is_begun_after_that_and_people_are_still_heard() {
    let shop = Shop::new(READABLE);
    let (first, second) = (shop.approved("k-1").await, shop.approved("k-2").await);
    let (planned, _) = shop.engine.plan(&crate::wanted("k-3", RefundAmount::Full)).await.expect("planned");
    shop.engine.stop();
    let report = shop.run(first).await;
    assert_eq!((report.ended, report.state.phase), (Ended::Interrupted, Phase::Approved));
    assert_eq!(shop.engine.interrupted(), 1);
    assert!(shop.engine.work(10, Patience::None).await.expect("answers").is_empty());
    assert!(shop.acme.asked().is_empty());
    assert_eq!(shop.engine.drained(Duration::from_secs(90)).await, Drained::All);
    assert_eq!(
        shop.engine.approve(planned, said("yes")).await.expect("written").state.phase,
        Phase::Approved
    );
    shop.engine.withdraw(second, said("no")).await.expect("written");
    // Another program goes on with it at once: its lease was given back.
    assert_eq!(shop.restarted().run(first).await.state.phase, Phase::Settled);
}

/// Told to leave while the connection is made: it is let go, and nothing was armed.
#[tokio::test]
async fn a_connection_that_stands_is_not_armed_any_more() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    let engine = shop.engine.clone();
    shop.acme.while_opening(Box::new(move || Box::pin(async move { engine.stop() })));
    let report = shop.run(intent).await;
    assert_eq!((report.ended, report.state.phase), (Ended::Interrupted, Phase::Reserved));
    assert_eq!((report.state.attempt, shop.acme.fired()), (0, 0));
}

/// A patient run that waits through a settle window does not keep the program.
#[tokio::test]
async fn a_wait_is_given_up() {
    let clock = ManualClock::starting(WallTime(0));
    let acme = Acme::new(READABLE, &clock);
    acme.answers([timeout(), settled()]);
    let shop = Shop::with(clock.clone(), acme.clone());
    let intent = shop.approved("k-1").await;
    let engine = Engine::builder(Arc::new(shop.journal.clone()), Arc::new(Patient(clock)))
        .provider(account(), Arc::new(acme))
        .build();
    let waiting = engine.clone();
    let run = tokio::spawn(async move { waiting.run(intent, Patience::Patient).await });
    while shop.phase(intent).await != Phase::Unknown {
        tokio::task::yield_now().await;
    }
    engine.stop();
    let report = run.await.expect("no panic").expect("runs");
    assert_eq!((report.ended, report.state.phase), (Ended::Interrupted, Phase::Unknown));
    assert_eq!(engine.drained(Duration::from_secs(1)).await, Drained::All);
}

/// A clock nobody moves: waiting for it never ends.
struct Patient(ManualClock);

impl Clock for Patient {
    fn now(&self) -> Moment {
        self.0.now()
    }

    fn wall(&self) -> WallTime {
        self.0.wall()
    }
}

#[async_trait]
impl Timer for Patient {
    async fn wait_until(&self, _: Moment) {
        std::future::pending().await
    }
}
