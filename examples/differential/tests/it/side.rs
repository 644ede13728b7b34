//! One gateway with its provider, and the comparison of the two.

use crate::case::{Asked, Case};
use async_trait::async_trait;
use refund_conformance::{
    Ability, Deed, GatewayUnderTest, Ledger, ManualClock, Seed, Seeded, Standing,
    sandbox::{Emulated, SandboxGateway, Shop},
};
use refund_core::{
    ArmError, ArmLog, ArmRecord, At, Clock, IntentId, Journaled, LineageKey, Method, Money, PaymentRef,
    Prepared, Prior, RefundAmount, RefundCommand, RefundProvider, Request, Transport, permit::FIRE_WITHIN,
    rules,
};
use refund_http::{HttpTransport, PlainHttp};
use refund_sandbox::{Running, Sandbox};
use std::sync::Arc;

/// A running sandbox and the way to it.
pub(crate) struct Bench {
    pub(crate) url: String,
    pub(crate) http: Arc<dyn Transport>,
    pub(crate) gateway: SandboxGateway,
    clock: Arc<ManualClock>,
    _sandbox: Running,
}

impl Bench {
    pub(crate) async fn start(emulated: Emulated, shop: Shop) -> Self {
        let sandbox = Sandbox::builder().start().await.expect("a free port");
        let clock = Arc::new(ManualClock::default());
        let http = HttpTransport::builder(clock.clone()).plain_http(PlainHttp::LoopbackOnly).build();
        let http: Arc<dyn Transport> = Arc::new(http.expect("default settings"));
        let url = sandbox.url();
        let gateway = SandboxGateway::new(emulated, url.clone(), shop, Arc::clone(&http), Arc::clone(&clock));
        Self { url, http, gateway, clock, _sandbox: sandbox }
    }

    /// Posts bytes that no client would send.
    pub(crate) async fn post(&self, path: &str, content_type: &str, body: Vec<u8>) {
        let headers = vec![("content-type", content_type.to_owned())];
        let request = Request { method: Method::Post, url: format!("{}{path}", self.url), headers, body };
        self.http.read(request).await.expect("the sandbox answers");
    }

    pub(crate) async fn ledger(&self, payment: &PaymentRef) -> Ledger {
        self.gateway.ledger(payment).await.expect("the sandbox knows the payment")
    }
}

/// How the two differ. Sums are kopecks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// `unseen` was refunded in the cabinet, which no journal knows.
    OnlyTheClientTakesIt {
        asked: i64,
        left: i64,
        unseen: i64,
    },
    OnlyTheGatewayTakesIt {
        asked: Option<i64>,
    },
    /// Both take it, and the gateway gives back another sum than was asked.
    AnotherSum {
        asked: i64,
        given: i64,
        unseen: i64,
    },
}

/// One gateway's client and emulator.
#[async_trait]
pub(crate) trait Side: Sync {
    fn bench(&self) -> &Bench;
    fn provider(&self) -> &dyn RefundProvider;
    /// Sends a refund as bytes written by hand; `None` is the gateway's own way to say "all that is left".
    async fn send_raw(&self, payment: &PaymentRef, kopecks: Option<i64>);
    /// The id of the difference on the list, if it is on it.
    fn explain(&self, difference: &Difference) -> Option<&'static str>;
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdicts {
    BothTakeIt,
    BothRefuse,
    Differ(Difference),
}

/// Plays a case on both sides.
pub(crate) async fn play<S: Side>(side: &S, case: &Case) -> Verdicts {
    let bench = side.bench();
    let payment = seed(bench, case).await;
    let done = history(side, case, &payment).await;
    let before = bench.ledger(&payment).await;
    let (left, unseen) = (before.captured.minor() - before.refunded.minor(), before.refunded.minor() - done);
    let (amount, raw) = match case.asked {
        Asked::Full => (RefundAmount::Full, None),
        Asked::Exactly(minor) => (RefundAmount::Exactly(Money::rub(minor)), Some(minor)),
        Asked::LeftAnd(more) => (RefundAmount::Exactly(Money::rub(left + more)), Some(left + more)),
    };
    let checked = check(side, &payment, amount, done).await;
    match &checked {
        Some((prepared, _)) => send(side.provider(), prepared, &*bench.clock).await,
        None => side.send_raw(&payment, raw).await,
    }
    let after = bench.ledger(&payment).await;
    let given = after.refunded.minor() - before.refunded.minor();
    match (checked, after.refunds > before.refunds) {
        (Some((_, asked)), true) if asked == given => Verdicts::BothTakeIt,
        (Some((_, asked)), true) => Verdicts::Differ(Difference::AnotherSum { asked, given, unseen }),
        (Some((_, asked)), false) => {
            Verdicts::Differ(Difference::OnlyTheClientTakesIt { asked, left, unseen })
        }
        (None, true) => Verdicts::Differ(Difference::OnlyTheGatewayTakesIt { asked: raw }),
        (None, false) => Verdicts::BothRefuse,
    }
}

async fn seed(bench: &Bench, case: &Case) -> PaymentRef {
    let mut seed = Seed::paid(Money::rub(case.captured));
    seed.cart = case.cart();
    seed.standing = if case.held { Standing::Held } else { Standing::Paid };
    match bench.gateway.seed(&seed).await.expect("an order that can exist") {
        Seeded::Payment(payment) => payment,
        Seeded::Unsupported(why) => panic!("{case:?}: {why}"),
    }
}

/// Earlier refunds; answers what the journal would know to be done.
async fn history<S: Side>(side: &S, case: &Case, payment: &PaymentRef) -> i64 {
    let bench = side.bench();
    let start = bench.ledger(payment).await.refunded.minor();
    for kopecks in &case.api {
        side.send_raw(payment, Some(*kopecks)).await;
    }
    let done = bench.ledger(payment).await.refunded.minor() - start;
    for kopecks in case.cabinet.iter().filter(|_| !case.held) {
        let ledger = bench.ledger(payment).await;
        if *kopecks <= ledger.captured.minor() - ledger.refunded.minor() {
            let deed = bench.gateway.elsewhere(payment, Deed::Refund(Money::rub(*kopecks))).await;
            assert_eq!(deed, Ok(Ability::Done));
        }
    }
    done
}

/// The client's verdict: the request and its sum, or `None`.
async fn check<S: Side>(
    side: &S,
    payment: &PaymentRef,
    amount: RefundAmount,
    done: i64,
) -> Option<(Prepared, i64)> {
    let known = side.provider().lookup(payment).await.expect("the emulator tells its payments");
    let prior = Prior::of(Money::rub(done), Money::rub(0));
    let command = RefundCommand::new(payment.clone(), amount);
    let checked = rules::check(&command, &known, &prior, &side.provider().describe().cart).ok()?;
    let key = LineageKey::parse("differential1").expect("letters and digits");
    let prepared = side.provider().prepare(&checked, &known, &key).ok()?;
    Some((prepared, checked.amount().minor()))
}

pub(crate) async fn send(provider: &dyn RefundProvider, prepared: &Prepared, clock: &dyn Clock) {
    let opened = provider.open(prepared).await.expect("the sandbox listens");
    let at = At { intent: IntentId(1), fence: 1, seq: 1 };
    let fire_by = clock.now().after(FIRE_WITHIN);
    let record = ArmRecord { at, lineage: 1, attempt: 1, digest: prepared.digest(), fire_by };
    // What the provider makes of the answer is not asked here: the ledger tells.
    let _ = Journaled::arm(opened, &record, &NoLog).await.expect("nobody refuses").fire().await;
}

/// A journal that forgets.
struct NoLog;

#[async_trait]
impl ArmLog for NoLog {
    async fn arm(&self, _: &ArmRecord) -> Result<(), ArmError> {
        Ok(())
    }
}
