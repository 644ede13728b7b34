//! What can be seen from outside: spans with names of our own and nothing of a person or a secret, and metrics under the
//! names that are documented.

use crate::{
    Shop,
    acme::{Acme, accepted, cut, no_answer, settled, shown, timeout},
    said,
    traffic::{approved, bearing},
};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use refund_core::{
    IntentKey, LookupError, Money, RefundAmount, RefundState, Tier, Traffic, Verdict, WallTime,
};
use refund_engine::{ManualClock, NewRefund, Patience, Phase, Record};
use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no panic").clone()).expect("text")
    }
}

/// Everything a person or a gateway says carries the word; the log at its most talkative does not.
#[tokio::test]
async fn spans_name_the_refund_and_nothing_that_others_said() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // With a single subscriber `tracing` asks the thread that comes to a line first whether anybody listens, and other
    // tests' threads would say no for all; with two it asks both.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let _guard = tracing::subscriber::set_default(subscriber);
    let clock = ManualClock::starting(WallTime(0));
    let acme = Acme::new(Tier::Blind, &clock);
    let canary = || LookupError::CannotTell { detail: "canary in an answer".to_owned() };
    acme.looks([Err(canary()), Ok(shown(100_000, None))]);
    acme.answers([cut("canary-reference")]);
    acme.shows([
        Verdict::Unreadable { detail: "canary in a look".to_owned() },
        Verdict::Happened(Some(crate::acme::reference_of("canary-reference"))),
    ]);
    acme.tells([Ok(RefundState::Unrecognised { label: "canary-word".to_owned() }), Ok(RefundState::Settled)]);
    let shop = Shop::with(clock, acme);
    let mut wanted = crate::wanted("canary-key", RefundAmount::Exactly(Money::rub(30_000)));
    wanted.note.actor = "canary-actor".to_owned();
    wanted.note.reason = "canary reason".to_owned();
    let wanted = NewRefund { key: IntentKey::parse("canary-key").expect("a plain word"), ..wanted };
    let (intent, _) = shop.engine.plan(&wanted).await.expect("planned");
    shop.engine.approve(intent, said("canary")).await.expect("approved");
    shop.engine.run(intent, Patience::None).await.expect("runs");
    shop.clock.advance(Duration::from_secs(1));
    let report = shop.engine.run(intent, Patience::Patient).await.expect("runs");
    assert_eq!(report.state.phase, Phase::Settled);

    let text = lines.text();
    assert!(!text.to_lowercase().contains("canary"), "{text}");
    for part in [&format!("intent={intent}"), "provider=acme", "account=shop", "phase=\"settled\""] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

/// Counters and gauges by name and the labels that matter.
fn taken(snapshotter: &Snapshotter) -> BTreeMap<String, DebugValue> {
    let rows = snapshotter.snapshot().into_vec().into_iter().map(|(key, _, _, value)| {
        let key = key.key();
        let labels = key.labels().filter(|label| !["provider", "account"].contains(&label.key()));
        let labels: Vec<_> = labels.map(|label| format!("{}={}", label.key(), label.value())).collect();
        assert_eq!(key.labels().filter(|label| ["acme", "shop"].contains(&label.value())).count(), 2);
        (format!("{} {}", key.name(), labels.join(",")).trim().to_owned(), value)
    });
    rows.collect()
}

#[tokio::test]
async fn metrics_are_those_of_the_table() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let calm = Traffic { every: Duration::from_millis(200), at_once: 1 };
    let shop = bearing(calm, [accepted("R-1"), settled(), timeout(), timeout(), timeout()]);
    shop.acme.tells([Ok(RefundState::Settled)]);
    let intents = approved(&shop, 6).await;
    for intent in &intents {
        shop.run(*intent).await;
    }
    shop.engine.nudge(intents[0], Patience::None).await.expect("runs");
    let mut seen = taken(&snapshotter);
    let mut expect = |name: &str, value: DebugValue| assert_eq!(seen.remove(name), Some(value), "{name}");
    expect("refund_sends_total outcome=accepted", DebugValue::Counter(1));
    expect("refund_sends_total outcome=settled", DebugValue::Counter(1));
    expect("refund_sends_total outcome=unknown", DebugValue::Counter(3));
    expect("refund_reads_total call=lookup,result=answered", DebugValue::Counter(5));
    expect("refund_reads_total call=status,result=answered", DebugValue::Counter(1));
    expect("refund_holds_total reason=no_evidence", DebugValue::Counter(3));
    expect("refund_breaker_trips_total", DebugValue::Counter(1));
    expect("refund_breaker_state", DebugValue::Gauge(1.0.into()));
    expect("refund_ambiguity_permille", DebugValue::Gauge(600.0.into()));
    expect("refund_rate_permille", DebugValue::Gauge(1_000.0.into()));
    expect("refund_rate_waits_total", DebugValue::Counter(10));

    // A resend and reads that fail, for the rest of the table.
    let clock = ManualClock::starting(WallTime(0));
    let acme = Acme::new(Tier::Blind, &clock).fenced();
    acme.looks([Err(LookupError::Read(no_answer())), Ok(shown(40_000, None))]);
    acme.answers([timeout(), settled()]);
    let fenced = Shop::with(clock, acme);
    let intent = fenced.approved("k-1").await;
    fenced.run(intent).await;
    fenced.clock.advance(Duration::from_secs(1));
    fenced.run(intent).await;
    assert!(matches!(fenced.newest(intent, "may_resend").await.record, Record::MayResend { .. }));
    let all = taken(&snapshotter);
    assert_eq!(all.get("refund_resends_total ground=self_fencing"), Some(&DebugValue::Counter(1)));
    assert_eq!(all.get("refund_reads_total call=lookup,result=failed"), Some(&DebugValue::Counter(1)));

    let named: BTreeSet<&str> =
        seen.keys().chain(all.keys()).map(|key| key.split(' ').next().expect("a name")).collect();
    let table = include_str!("../../src/metrics.rs");
    let documented: BTreeSet<&str> =
        table.lines().filter_map(|line| line.strip_prefix("//! | `")?.split('`').next()).collect();
    assert!(named.is_subset(&documented), "{named:?} beside {documented:?}");
    let once = ["refund_sends_total", "refund_holds_total", "refund_breaker_trips_total"];
    let both: BTreeSet<&str> = named.into_iter().chain(once).collect();
    assert_eq!(both, documented, "what is documented is counted");
}
