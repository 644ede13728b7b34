//! Callers: who hangs up, who comes second, who waits.

use crate::{
    READABLE, Shop,
    acme::{Acme, accepted, no_answer, refused, seconds, settled, timeout},
    engine, said, wanted,
};
use refund_core::{Clock, LookupError, Money, RefundAmount, RefundState, Tier, Verdict, WallTime};
use refund_engine::{
    Ended, Engine, Halt, Journal, JournalError, ManualClock, News, Patience, Phase, Planned, Role,
    machine::{Decision, Misstep, Stop},
};
use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

/// Polls a call so often and drops it, as a web server drops a request whose client hung up.
async fn hang_up_after(polls: usize, call: impl Future) -> bool {
    let mut call = pin!(call);
    for _ in 0..polls {
        if call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            return false;
        }
        tokio::task::yield_now().await;
    }
    true
}

#[tokio::test]
async fn a_caller_that_hangs_up_cancels_nothing() {
    let mut hung_up = 0;
    for polls in 1..40 {
        let shop = Shop::new(READABLE);
        let intent = shop.approved("k-1").await;
        hung_up += usize::from(hang_up_after(polls, shop.engine.run(intent, Patience::None)).await);
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(shop.phase(intent).await, Phase::Settled, "dropped after {polls} polls");
        assert_eq!(shop.acme.fired(), 1);
        assert!(shop.journal.claim(intent, Duration::from_secs(1)).await.is_ok(), "the lease was given back");
    }
    assert!(hung_up > 5, "calls that were over before they were dropped prove nothing");
}

#[tokio::test]
async fn an_aborted_caller_cancels_nothing() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    let engine = shop.engine.clone();
    let caller = tokio::spawn(async move { engine.run(intent, Patience::None).await });
    while shop.acme.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    caller.abort();
    assert!(caller.await.is_err_and(|error| error.is_cancelled()));
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!((shop.phase(intent).await, shop.acme.fired()), (Phase::Settled, 1));
}

#[tokio::test]
async fn the_second_of_two_engines_is_told_that_the_refund_is_taken() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    let second = engine(&shop.journal, &shop.clock, &shop.acme);
    let (one, two) =
        tokio::join!(shop.engine.run(intent, Patience::None), second.run(intent, Patience::None));
    assert_eq!(one.expect("runs").state.phase, Phase::Settled);
    let taken = Halt::Journal { error: JournalError::Leased, unrecorded: None };
    assert_eq!(two.expect_err("taken").to_string(), taken.to_string());
    assert_eq!(shop.acme.fired(), 1);
}

#[tokio::test]
async fn what_cannot_be_reached_is_not_lost_and_not_sent() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    shop.acme.looks([Err(LookupError::Read(no_answer())), Ok(crate::acme::shown(100_000, Some(0)))]);
    let report = shop.run(intent).await;
    assert_eq!((report.ended, report.state.phase), (Ended::Stopped(Stop::NotReached), Phase::Approved));
    assert!(matches!(report.news[..], [News::Lookup(LookupError::Read(_))]), "{:?}", report.news);

    shop.acme.opens([Some(refused()), Some(refused()), None]);
    assert!(shop.engine.work(10, Patience::None).await.expect("readable").is_empty(), "not yet");
    shop.clock.advance(Duration::from_secs(1));
    let report = shop.run(intent).await;
    assert_eq!((report.ended, report.state.phase), (Ended::Stopped(Stop::NotReached), Phase::Reserved));
    assert!(matches!(report.news[..], [News::NotSent(_)]), "{:?}", report.news);
    let early = shop.run(intent).await;
    assert!(matches!(early.ended, Ended::Due(_)), "{:?}", early.ended);
    shop.clock.advance(Duration::from_secs(2));
    shop.run(intent).await;
    assert_eq!(shop.acme.fired(), 0);
    shop.clock.advance(Duration::from_secs(4));
    assert_eq!(shop.run(intent).await.state.phase, Phase::Settled);
    let kinds = [
        "planned",
        "approved",
        "postponed",
        "reserved",
        "not_sent",
        "reserved",
        "not_sent",
        "reserved",
        "armed",
        "settled",
    ];
    assert_eq!(shop.kinds(intent).await, kinds);
    assert_eq!(shop.state(intent).await.lineage, 1, "nothing of it was armed before");
}

/// Waiting is longer than a lease; a patient run keeps its own alive, through two days of it.
#[tokio::test]
async fn a_patient_run_waits_through_polls_and_windows_under_its_lease() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    shop.acme.answers([timeout()]);
    shop.acme.shows([Verdict::NotSeen, Verdict::Happened(None)]);
    let begun = shop.clock.now();
    let report = shop.engine.run(intent, Patience::Patient).await.expect("runs");
    assert_eq!(report.state.phase, Phase::Settled);
    // 5 for the permit, 900 for the window, 60 between the looks.
    assert_eq!(seconds(&shop.clock, begun), 965);
    let kinds = ["planned", "approved", "reserved", "armed", "doubted", "looked", "settled"];
    assert_eq!(shop.kinds(intent).await, kinds);
}

#[tokio::test]
async fn a_long_wait_is_taken_in_pieces_shorter_than_the_lease() {
    let clock = ManualClock::starting(WallTime(0));
    let acme = Acme::new(Tier::Blind, &clock);
    let shop = Shop::with(clock.clone(), acme.clone());
    let watched = Arc::new(Watched { clock: clock.clone(), longest: std::sync::Mutex::default() });
    let engine = Engine::builder(Arc::new(shop.journal.clone()), Arc::clone(&watched) as _)
        .provider(crate::account(), Arc::new(acme.clone()))
        .lease_term(Duration::from_secs(8))
        .build();
    let intent = shop.approved("k-1").await;
    acme.looks([Ok(crate::acme::shown(100_000, None))]);
    acme.answers([accepted("R-1")]);
    acme.tells([Ok(RefundState::Processing), Ok(RefundState::Settled)]);
    let report = engine.run(intent, Patience::Patient).await.expect("runs");
    assert_eq!((report.state.phase, clock.wall().0), (Phase::Settled, 30_000), "after 10 and 20 seconds");
    assert_eq!(*watched.longest.lock().expect("no panic"), Duration::from_secs(4), "half of the lease");
}

/// A clock that remembers the longest wait.
struct Watched {
    clock: ManualClock,
    longest: std::sync::Mutex<Duration>,
}

impl Clock for Watched {
    fn now(&self) -> refund_core::Moment {
        self.clock.now()
    }

    fn wall(&self) -> WallTime {
        self.clock.wall()
    }
}

#[async_trait::async_trait]
impl refund_engine::Timer for Watched {
    async fn wait_until(&self, until: refund_core::Moment) {
        let wait = self.now().until(until).expect("one boot");
        let mut longest = self.longest.lock().expect("no panic");
        *longest = wait.max(*longest);
        self.clock.advance(wait);
    }
}

#[tokio::test]
async fn work_takes_what_is_due_and_leaves_the_rest() {
    let shop = Shop::new(Tier::Blind);
    shop.acme.looks([Ok(crate::acme::shown(100_000, None))]);
    shop.acme.answers([accepted("R-1"), settled()]);
    let (first, second) = (shop.approved("k-1").await, shop.approved("k-2").await);
    let (planned, _) = shop.engine.plan(&wanted("k-3", RefundAmount::Full)).await.expect("planned");
    let done = shop.engine.work(10, Patience::None).await.expect("runs");
    let ends: Vec<_> = done.into_iter().map(|(id, end)| (id, end.expect("runs").state.phase)).collect();
    assert_eq!(ends, [(first, Phase::Accepted), (second, Phase::Settled)]);
    assert_eq!(shop.engine.work(10, Patience::None).await.expect("runs").len(), 0, "nothing is due");
    shop.clock.advance(Duration::from_secs(10));
    shop.acme.tells([Ok(RefundState::Settled)]);
    let done = shop.engine.work(10, Patience::None).await.expect("runs");
    assert_eq!((done.len(), done[0].0, shop.phase(first).await), (1, first, Phase::Settled));
    assert_eq!(shop.phase(planned).await, Phase::Planned, "nobody approved it");
}

#[tokio::test]
async fn one_key_is_one_request() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    let same = wanted("k-1", RefundAmount::Exactly(Money::rub(30_000)));
    assert_eq!(shop.engine.plan(&same).await.expect("answers"), (intent, Planned::Same));
    let other = wanted("k-1", RefundAmount::Exactly(Money::rub(30_001)));
    let differs = Planned::Differs { field: "amount" };
    assert_eq!(shop.engine.plan(&other).await.expect("answers"), (intent, differs));
}

#[tokio::test]
async fn a_preview_tells_and_leaves_no_trace() {
    let shop = Shop::new(READABLE);
    let preview = shop.engine.preview(&wanted("k-1", RefundAmount::Full)).await.expect("accepted");
    assert_eq!(preview.checked.amount(), Money::rub(100_000));
    assert_eq!((shop.acme.asked(), shop.journal.writes()), (vec!["lookup".to_owned()], 0));
    // What it shows is what would be sent.
    let intent = shop.approved_amount("k-1", RefundAmount::Full).await;
    shop.run(intent).await;
    let reserved = shop.newest(intent, "reserved").await;
    assert_eq!(reserved.attached(Role::Prepared), Some(preview.prepared.payload()));
}

#[tokio::test]
async fn an_account_without_a_gateway_is_said_so_and_its_lease_given_back() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    let bare = Engine::builder(Arc::new(shop.journal.clone()), Arc::new(shop.clock.clone())).build();
    let halt = bare.run(intent, Patience::None).await.expect_err("nobody serves it");
    assert_eq!(halt.to_string(), "no gateway is configured for acme, account shop");
    assert_eq!(shop.run(intent).await.state.phase, Phase::Settled);
}

#[tokio::test]
async fn people_are_told_when_it_is_not_the_time() {
    let shop = Shop::new(Tier::Blind);
    shop.acme.answers([timeout()]);
    let intent = shop.approved("k-1").await;
    let again = shop.engine.approve(intent, said("yes")).await.expect_err("approved already");
    assert!(matches!(again, Halt::Misstep(Misstep::NotNow { phase: Phase::Approved })), "{again}");
    let report = shop.run(intent).await;
    assert!(matches!(report.ended, Ended::Stopped(Stop::Held { from: Some(_) })), "{:?}", report.ended);
    let gone = shop.engine.withdraw(intent, said("no")).await.expect_err("it may have been sent");
    assert!(matches!(gone, Halt::Misstep(Misstep::NotNow { phase: Phase::NeedsReview })), "{gone}");
    shop.clock.advance(Duration::from_secs(904));
    let early =
        shop.engine.decide(intent, Decision::DidNotHappen, said("not there")).await.expect_err("early");
    assert!(matches!(early, Halt::Misstep(Misstep::WindowOpen { .. })), "{early}");
    let before = shop.history(intent).await;
    shop.clock.advance(Duration::from_secs(1));
    shop.engine.decide(intent, Decision::DidNotHappen, said("not there")).await.expect("the window is over");
    assert_eq!(shop.phase(intent).await, Phase::DidNotHappen);
    assert_eq!(before.len() + 1, shop.history(intent).await.len(), "what was refused wrote nothing");
}

/// A decision counts from when it was made, not from when a busy journal took it.
#[tokio::test]
async fn a_decision_that_waits_does_not_outwait_the_window() {
    let shop = Shop::new(Tier::Blind);
    shop.acme.answers([timeout()]);
    let intent = shop.approved("k-1").await;
    shop.run(intent).await;
    shop.clock.advance(Duration::from_secs(900));
    let mut call = pin!(shop.engine.decide(intent, Decision::DidNotHappen, said("not there")));
    assert!(matches!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Pending));
    shop.clock.advance(Duration::from_secs(3_600));
    let early = call.await.expect_err("seen before the window was over");
    assert!(matches!(early, Halt::Misstep(Misstep::WindowOpen { .. })), "{early}");
}

/// The schedule is used up and the gateway may still carry it out: nobody may say that it did not happen, and whoever
/// asks for its status ends it.
#[tokio::test]
async fn what_the_gateway_took_is_ended_by_its_status_and_not_by_a_word() {
    for (told, phase, kind) in [
        (RefundState::Settled, Phase::Settled, "settled"),
        (RefundState::Canceled, Phase::Canceled, "canceled"),
    ] {
        let shop = Shop::new(Tier::Blind);
        shop.acme.answers([accepted("R-1")]);
        let works = || Ok(RefundState::Processing);
        shop.acme.tells([works(), works(), works(), works(), Ok(told)]);
        let intent = shop.approved("k-1").await;
        let report = shop.engine.run(intent, Patience::Patient).await.expect("runs");
        assert_eq!(report.state.phase, Phase::NeedsReview);
        shop.clock.advance(Duration::from_secs(905));
        for decision in [Decision::DidNotHappen, Decision::SendAgain] {
            let halt = shop.engine.decide(intent, decision, said("not there")).await.expect_err("refused");
            assert!(matches!(halt, Halt::Misstep(Misstep::Acknowledged)), "{halt}");
        }
        // Still in work: it waits on, and nothing is written.
        let written = shop.history(intent).await.len();
        assert_eq!(shop.run(intent).await.state.phase, Phase::NeedsReview);
        assert_eq!(shop.history(intent).await.len(), written);
        let report = shop.engine.nudge(intent, Patience::None).await.expect("runs");
        assert_eq!((report.state.phase, report.ended), (phase, Ended::Stopped(Stop::Final)));
        let attached = shop.newest(intent, kind).await.attached(Role::Evidence).is_some();
        assert!(attached && shop.acme.asked().last().is_some_and(|asked| asked == "status of R-1, 30000"));
        assert_eq!(shop.acme.fired(), 1);
    }
}
