//! Acme driven as the engine drives it: through `Box<dyn RefundProvider>`, a durable record and one permit.

mod support;

use custom_provider::{Acme, descriptor};
use refund_core::{
    AccountId, ArmError, ArmRecord, At, CheckedRefund, Clock, Currency, Digest, IntentId, Journaled,
    LineageKey, Money, NotSentReason, Opaque, Payment, PaymentId, PaymentRef, Prepared, Prior, Probe,
    ProviderRef, RefundAmount, RefundCommand, RefundOutcome, RefundProvider, RefundState, StatusQuery,
    Submission, Verdict, permit::FIRE_WITHIN, rules,
};
use std::sync::Arc;
use support::{Log, Net, TestClock, Trace};

struct World {
    provider: Box<dyn RefundProvider>,
    clock: Arc<TestClock>,
    trace: Trace,
}

fn world() -> World {
    let (trace, clock) = (Trace::default(), Arc::new(TestClock::default()));
    let payment = "state paid\ncaptured 100000\nrefunded 0\n";
    let refund = "id r-77\nkopecks 15000\nstate processing\n";
    let net = Net { trace: trace.clone(), clock: Arc::clone(&clock), payment, refund };
    let account = AccountId::parse("shop").expect("letters are allowed");
    let provider = Box::new(Acme::new(account, "token-canary".into(), Arc::new(net)));
    World { provider, clock, trace }
}

impl World {
    /// Looks the payment up, checks a refund against it and prepares the request.
    async fn prepare(&self, amount: Money) -> Prepared {
        let (refund, payment) = self.checked(amount).await;
        self.provider.prepare(&refund, &payment, &key()).expect("Acme takes it")
    }

    async fn checked(&self, amount: Money) -> (CheckedRefund, Payment) {
        let command = RefundCommand::new(reference("1001"), RefundAmount::Exactly(amount));
        let payment = self.provider.lookup(&command.payment).await.expect("Acme knows the payment");
        let (prior, policy) = (Prior::none(Currency::RUB), &self.provider.describe().cart);
        let refund = rules::check(&command, &payment, &prior, policy).expect("within the remainder");
        (refund, payment)
    }

    fn record(&self, digest: Digest) -> ArmRecord {
        let at = At { intent: IntentId(1), fence: 1, seq: 2 };
        ArmRecord { at, lineage: 1, attempt: 1, digest, fire_by: self.clock.now().after(FIRE_WITHIN) }
    }

    fn log(&self) -> Log {
        Log(self.trace.clone(), Ok(()))
    }
}

fn reference(number: &str) -> PaymentRef {
    PaymentRef {
        provider: descriptor::ID,
        account: AccountId::parse("shop").expect("letters are allowed"),
        payment: PaymentId::parse(number).expect("printable characters are allowed"),
    }
}

fn key() -> LineageKey {
    LineageKey::parse("k1").expect("letters and digits are allowed")
}

#[tokio::test]
async fn bytes_leave_after_the_record_and_once() {
    let world = world();
    let prepared = world.prepare(Money::rub(15_000)).await;
    let opened = world.provider.open(&prepared).await.expect("connected");
    let record = world.record(prepared.digest());
    let journaled = Journaled::arm(opened, &record, &world.log()).await.expect("recorded");

    let Submission::Outcome { outcome: RefundOutcome::Accepted(reference), .. } = journaled.fire().await
    else {
        panic!("Acme accepted it");
    };
    assert_eq!(reference.0.bytes(), b"r-77");
    assert_eq!(
        world.trace.events(),
        [
            "read GET https://acme.example/payments/1001 [0 bytes]",
            "open POST https://acme.example/refunds [34 bytes]",
            "armed lineage 1 attempt 1",
            "bytes payment 1001\nkopecks 15000\nkey k1\n",
        ]
    );
}

#[tokio::test]
async fn a_permit_that_came_too_late_sends_nothing() {
    let world = world();
    let prepared = world.prepare(Money::rub(15_000)).await;
    let opened = world.provider.open(&prepared).await.expect("connected");
    let record = world.record(prepared.digest());
    let journaled = Journaled::arm(opened, &record, &world.log()).await.expect("recorded");

    world.clock.advance(FIRE_WITHIN);
    let Submission::NotSent(proof) = journaled.fire().await else { panic!("the permit had expired") };
    assert_eq!(proof.reason, NotSentReason::PermitExpired);
    assert!(
        !world.trace.events().iter().any(|event| event.starts_with("bytes")),
        "{:?}",
        world.trace.events()
    );
}

#[tokio::test]
async fn without_a_record_nothing_can_be_fired() {
    let world = world();
    let prepared = world.prepare(Money::rub(15_000)).await;

    let opened = world.provider.open(&prepared).await.expect("connected");
    let full_disk = Log(world.trace.clone(), Err(ArmError::Unavailable("the disk is full".to_owned())));
    let refused = Journaled::arm(opened, &world.record(prepared.digest()), &full_disk).await;
    assert!(matches!(refused, Err(ArmError::Unavailable(_))), "{refused:?}");

    let opened = world.provider.open(&prepared).await.expect("connected");
    let other = world.record(Digest::of(b"another request"));
    let refused = Journaled::arm(opened, &other, &world.log()).await;
    assert!(matches!(refused, Err(ArmError::OtherPayload)), "{refused:?}");
    assert!(
        !world.trace.events().iter().any(|event| event.starts_with("bytes")),
        "{:?}",
        world.trace.events()
    );
}

#[tokio::test]
async fn afterwards_acme_is_asked_and_never_sent_to() {
    let world = world();
    let (_, payment) = world.checked(Money::rub(15_000)).await;
    let prepared = world.prepare(Money::rub(15_000)).await;
    let r77 = ProviderRef(Opaque::cut(custom_provider::wire::REFERENCE, b"r-77".to_vec()));

    let query = StatusQuery { payment: &reference("1001"), reference: &r77, amount: Money::rub(15_000) };
    let report = world.provider.status(&query).await.expect("Acme knows the refund");
    assert_eq!(report.state, RefundState::Processing);

    let probe = Probe {
        payment: &reference("1001"),
        baseline: &payment,
        prepared: &prepared,
        amount: Money::rub(15_000),
        key: &key(),
        salvaged: None,
    };
    assert_eq!(world.provider.probe(&probe).await.verdict, Verdict::NotSeen);
    let events = world.trace.events();
    assert!(events.iter().all(|event| event.starts_with("read GET")), "{events:?}");
    assert!(
        events.contains(&"read GET https://acme.example/refunds/r-77 [0 bytes]".to_owned()),
        "{events:?}"
    );
}

#[tokio::test]
async fn preparing_is_pure_and_free_of_secrets() {
    let world = world();
    let (one, other) = (world.prepare(Money::rub(15_000)).await, world.prepare(Money::rub(15_000)).await);
    assert_eq!((one.payload().bytes(), one.digest()), (other.payload().bytes(), other.digest()));
    assert_eq!(one.payload().bytes(), b"payment 1001\nkopecks 15000\nkey k1\n");
    let opened = world.provider.open(&one).await.expect("connected");
    assert_eq!(opened.digest(), one.digest());
    assert!(!format!("{:?}", world.trace.events()).contains("canary"), "{:?}", world.trace.events());
}

#[tokio::test]
async fn what_acme_refuses_is_told_before_anything_is_opened() {
    let world = world();
    let (refund, payment) = world.checked(Money::rub(99)).await;
    let found = world.provider.prepare(&refund, &payment, &key()).expect_err("below Acme's minimum");
    assert_eq!(found.to_string(), "acme-minimum at amount");

    let alien = world.provider.lookup(&reference("../admin")).await.expect_err("not a number");
    assert_eq!(alien.to_string(), "not a payment of this gateway: acme/shop/../admin");
    assert_eq!(world.trace.events(), ["read GET https://acme.example/payments/1001 [0 bytes]"]);
}
