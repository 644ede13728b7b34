//! A sandbox of one's own, the real HTTP client, and the provider between them.

use async_trait::async_trait;
use provider_sber::old::{BaseUrl, Config, ID, SberOld};
use refund_core::*;
use refund_http::{HttpTransport, PlainHttp};
use refund_sandbox::{Running, Sandbox};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::sync::Arc;

/// The login of the document's own examples.
pub(crate) const USER: &str = "username-api";

/// Time stands still: permits never die here.
struct Still;

impl Clock for Still {
    fn now(&self) -> Moment {
        Moment::new(BootId(1), 0)
    }

    fn wall(&self) -> WallTime {
        WallTime(0)
    }
}

/// A log that believes everything: the journal is not under test.
struct Paper;

#[async_trait]
impl ArmLog for Paper {
    async fn arm(&self, _: &ArmRecord) -> Result<(), ArmError> {
        Ok(())
    }
}

/// A sandbox and a provider that talks to it.
pub(crate) struct World {
    pub(crate) sber: SberOld,
    transport: Arc<dyn Transport>,
    running: Running,
}

impl World {
    pub(crate) async fn start() -> Self {
        let running = Sandbox::builder().start().await.expect("a free port");
        let client = HttpTransport::builder(Arc::new(Still)).plain_http(PlainHttp::LoopbackOnly);
        let transport: Arc<dyn Transport> = Arc::new(client.build().expect("a valid client"));
        let sber = provider(&running, &transport, "testPwd");
        Self { sber, transport, running }
    }

    /// The same account with another password.
    pub(crate) fn with_password(&self, password: &str) -> SberOld {
        provider(&self.running, &self.transport, password)
    }

    async fn call(&self, method: Method, path: &str, body: Vec<u8>) -> Value {
        let url = format!("{}/_sandbox/{path}", self.running.url());
        let reply = self.transport.read(Request { method, url, headers: vec![], body }).await;
        let reply = reply.expect("the sandbox answers");
        let text = String::from_utf8_lossy(&reply.body);
        assert!((200..300).contains(&reply.status), "{path}: {} {text}", reply.status);
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.call(Method::Post, path, body.to_string().into_bytes()).await
    }

    /// The next refund.do meets this fault.
    pub(crate) async fn fault(&self, fault: &str) {
        self.post("faults", json!({"gateway":"sber-old","operation":"refund","fault":fault,"times":1})).await;
    }

    pub(crate) async fn switch(&self, name: &str, value: Value) {
        self.post("switches", json!({ name: value })).await;
    }

    /// Registers a paid order.
    pub(crate) async fn order(&self, number: &str, members: Value) -> PaymentRef {
        let mut order = json!({"gateway":"sber-old","order_number":number});
        order.as_object_mut().expect("an object").extend(members.as_object().expect("an object").clone());
        let made = self.post("payments", order).await;
        place(made["order_id"].as_str().expect("the sandbox names the order"))
    }

    /// Somebody refunds in the cabinet.
    pub(crate) async fn cabinet(&self, payment: &PaymentRef, amount: i64) {
        let id = payment.payment.as_str();
        self.post("cabinet", json!({"gateway":"sber-old","id":id,"action":"refund","amount":amount})).await;
    }

    /// Amounts of the refunds that really happened, as the sandbox's ledger has them.
    pub(crate) async fn really_refunded(&self, payment: &PaymentRef) -> Vec<i64> {
        let refunds = self.refunds(payment).await;
        refunds.iter().map(|refund| refund["amount"].as_i64().expect("minor units")).collect()
    }

    /// The refunds that really happened, with their lines and penalties.
    pub(crate) async fn refunds(&self, payment: &PaymentRef) -> Vec<Value> {
        let ledger = self.call(Method::Get, "ledger", vec![]).await;
        let payments = ledger["payments"].as_array().expect("a list");
        let ours = payments.iter().find(|entry| entry["id"] == payment.payment.as_str()).expect("our order");
        ours["refunds"].as_array().expect("a list").clone()
    }

    pub(crate) async fn look(&self, payment: &PaymentRef) -> Payment {
        self.sber.lookup(payment).await.expect("a readable order")
    }

    /// The order as it is now, and a refund of it made ready.
    pub(crate) async fn prepare(&self, payment: &PaymentRef, amount: RefundAmount) -> (Payment, Prepared) {
        let now = self.look(payment).await;
        let prepared = self.prepare_from(payment, &now, amount);
        (now, prepared)
    }

    /// A refund made ready from an older look at the order.
    pub(crate) fn prepare_from(
        &self,
        payment: &PaymentRef,
        look: &Payment,
        amount: RefundAmount,
    ) -> Prepared {
        let command = RefundCommand::new(payment.clone(), amount);
        self.prepare_command(&command, look).expect("nothing is broken")
    }

    /// A refund nothing was refunded before, through core's rules and the provider's.
    pub(crate) fn prepare_command(
        &self,
        command: &RefundCommand,
        look: &Payment,
    ) -> Result<Prepared, Violations> {
        let checked = self.check(command, look, &Prior::none(Currency::RUB))?;
        self.sber.prepare(&checked, look, &key())
    }

    /// Core's rules with this gateway's limits.
    pub(crate) fn check(
        &self,
        command: &RefundCommand,
        look: &Payment,
        prior: &Prior,
    ) -> Result<CheckedRefund, Violations> {
        rules::check(command, look, prior, &self.sber.describe().cart)
    }

    /// The same after earlier refunds, made ready and sent.
    pub(crate) async fn refund(&self, command: &RefundCommand, prior: &Prior) -> RefundOutcome {
        let look = self.look(&command.payment).await;
        let checked = self.check(command, &look, prior).expect("core's rules pass");
        self.send(&self.sber.prepare(&checked, &look, &key()).expect("nothing is broken")).await
    }

    pub(crate) async fn send(&self, prepared: &Prepared) -> RefundOutcome {
        send(&self.sber, prepared).await
    }

    /// Looks, sends, and asks what became of it.
    pub(crate) async fn send_and_probe(&self, payment: &PaymentRef, minor: i64) -> (RefundOutcome, Verdict) {
        let amount = Money::rub(minor);
        let (baseline, prepared) = self.prepare(payment, RefundAmount::Exactly(amount)).await;
        let outcome = self.send(&prepared).await;
        (outcome, self.probe(payment, &baseline, &prepared, amount).await)
    }

    pub(crate) async fn probe(
        &self,
        payment: &PaymentRef,
        baseline: &Payment,
        prepared: &Prepared,
        amount: Money,
    ) -> Verdict {
        let probe = Probe { payment, baseline, prepared, amount, key: &key(), salvaged: None };
        self.sber.probe(&probe).await.verdict
    }
}

fn provider(running: &Running, transport: &Arc<dyn Transport>, password: &str) -> SberOld {
    let base = BaseUrl::parse(&format!("{}/payment/rest/", running.url())).expect("a loopback address");
    let config = Config::new(USER, SecretString::from(password), base, Actors::OnlyUs).expect("valid");
    SberOld::new(config, Arc::clone(transport))
}

/// One attempt under a permit.
pub(crate) async fn send(provider: &SberOld, prepared: &Prepared) -> RefundOutcome {
    let opened = provider.open(prepared).await.expect("the sandbox listens");
    let record = ArmRecord {
        at: At { intent: IntentId(1), fence: 1, seq: 1 },
        lineage: 1,
        attempt: 1,
        digest: prepared.digest(),
        fire_by: Moment::new(BootId(1), 5_000),
    };
    let journaled = Journaled::arm(opened, &record, &Paper).await.expect("the log believes everything");
    match journaled.fire().await {
        Submission::Outcome { outcome, .. } => outcome,
        Submission::NotSent(proof) => panic!("not sent: {proof}"),
    }
}

pub(crate) fn place(order_id: &str) -> PaymentRef {
    PaymentRef {
        provider: ID,
        account: AccountId::parse(USER).expect("valid"),
        payment: PaymentId::parse(order_id).expect("valid"),
    }
}

fn key() -> LineageKey {
    LineageKey::parse("lineage1").expect("valid")
}
