//! A sandbox of its own for each test, its built-in shop, and the sandbox's control API.
//!
//! It must not judge anything: tests do.

use crate::support::{fire, key};
use provider_robokassa::{Endpoints, ID, Robokassa, RobokassaConfig};
use refund_core::{
    AccountId, BootId, Certainty, Clock, Currency, Doubt, Method, Moment, Money, Opaque, Payment, PaymentId,
    PaymentRef, Prior, Probe, ProbeReport, ProviderRef, RefundAmount, RefundCommand, RefundOutcome,
    RefundProvider, RefundState, Request, StatusError, StatusQuery, Submission, Transport, WallTime, rules,
};
use refund_http::{HttpTransport, PlainHttp};
use refund_sandbox::{Running, Sandbox, shops};
use serde_json::{Value, json};
use std::sync::Arc;

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Moment {
        Moment::new(BootId(1), 0)
    }

    fn wall(&self) -> WallTime {
        WallTime(0)
    }
}

/// A sandbox, the line to it, and its built-in shop.
pub(crate) struct Scene {
    sandbox: Running,
    transport: Arc<HttpTransport>,
    pub(crate) shop: Robokassa,
}

impl Scene {
    /// A sandbox of its own, and its shop.
    pub(crate) async fn new() -> Self {
        let sandbox = Sandbox::builder().start().await.expect("a free port");
        let transport = HttpTransport::builder(Arc::new(Stopped)).plain_http(PlainHttp::LoopbackOnly).build();
        let transport = Arc::new(transport.expect("default settings"));
        let endpoints = Endpoints::one(&sandbox.url()).expect("an address");
        let shop = Robokassa::new(config().with_endpoints(endpoints), transport.clone());
        Self { sandbox, transport, shop }
    }

    /// The same address for other settings.
    pub(crate) fn shop(&self, config: RobokassaConfig) -> Robokassa {
        let endpoints = Endpoints::one(&self.sandbox.url()).expect("an address");
        Robokassa::new(config.with_endpoints(endpoints), self.transport.clone())
    }

    /// A call of the sandbox's control API.
    pub(crate) async fn control(&self, method: Method, call: &str, body: Value) -> Value {
        let request = Request {
            method,
            url: format!("{}/_sandbox/{call}", self.sandbox.url()),
            headers: vec![("content-type", "application/json".to_owned())],
            body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
        };
        let reply = self.transport.read(request).await.expect("the sandbox answers");
        let text = String::from_utf8_lossy(&reply.body);
        assert_eq!(reply.status, 200, "{call}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// A paid operation of 150 roubles; answers its operation key.
    pub(crate) async fn paid(&self, invoice: u64) -> String {
        let payment = json!({"gateway": "robokassa", "inv_id": invoice, "sum": "150.00"});
        let answer = self.control(Method::Post, "payments", payment).await;
        answer["op_key"].as_str().expect("a key").to_owned()
    }

    /// Sets a contested point.
    pub(crate) async fn switch(&self, name: &str, value: Value) {
        self.control(Method::Post, "switches", json!({name: value})).await;
    }

    /// Scripts one fault.
    pub(crate) async fn fault(&self, operation: &str, fault: &str) {
        let body = json!({"gateway": "robokassa", "operation": operation, "fault": fault, "times": 1});
        self.control(Method::Post, "faults", body).await;
    }

    /// Moves the sandbox's clock.
    pub(crate) async fn advance(&self, seconds: u64) {
        self.control(Method::Post, "clock", json!({"advance_seconds": seconds})).await;
    }

    /// Somebody refunds in the cabinet.
    pub(crate) async fn cabinet(&self, op_key: &str, kopecks: i64) {
        let body = json!({"gateway": "robokassa", "id": op_key, "action": "refund", "amount": kopecks});
        self.control(Method::Post, "cabinet", body).await;
    }

    /// Every refund the ledger has of an operation, in kopecks.
    pub(crate) async fn ledger(&self, op_key: &str) -> Vec<i64> {
        let refunds = self.refunds(op_key).await;
        refunds.iter().map(|refund| refund["amount"].as_i64().expect("an amount")).collect()
    }

    /// Every refund the ledger has of an operation, with its positions.
    pub(crate) async fn refunds(&self, op_key: &str) -> Vec<Value> {
        let ledger = self.control(Method::Get, "ledger", Value::Null).await;
        let payments = ledger["payments"].as_array().expect("payments");
        let payment = payments.iter().find(|payment| payment["id"] == op_key).expect("the operation");
        payment["refunds"].as_array().expect("refunds").clone()
    }

    /// Looks a payment up.
    pub(crate) async fn payment(&self, invoice: u64) -> Payment {
        self.shop.lookup(&payment_ref(invoice)).await.expect("a payment")
    }

    /// Looks up, checks, prepares, opens, arms, fires: one refund, with what the journal saw done before.
    pub(crate) async fn refund(&self, invoice: u64, amount: RefundAmount, done: i64) -> RefundOutcome {
        self.refund_by(&self.shop, invoice, amount, done).await
    }

    /// The same through another shop value.
    pub(crate) async fn refund_by(
        &self,
        shop: &Robokassa,
        invoice: u64,
        amount: RefundAmount,
        done: i64,
    ) -> RefundOutcome {
        let payment = self.payment(invoice).await;
        let command = RefundCommand::new(payment_ref(invoice), amount);
        self.send(shop, &command, &payment, done).await
    }

    /// A whole command, with what the journal saw done before.
    pub(crate) async fn command(&self, command: &RefundCommand, invoice: u64, done: i64) -> RefundOutcome {
        let payment = self.payment(invoice).await;
        self.send(&self.shop, command, &payment, done).await
    }

    async fn send(
        &self,
        shop: &Robokassa,
        command: &RefundCommand,
        payment: &Payment,
        done: i64,
    ) -> RefundOutcome {
        let prior = Prior::of(Money::rub(done), Money::rub(0));
        let refund =
            rules::check(command, payment, &prior, &shop.describe().cart).expect("the core's rules hold");
        let prepared = shop.prepare(&refund, payment, &key()).expect("the provider's rules hold");
        match fire(shop.open(&prepared).await.expect("a connection")).await {
            Submission::Outcome { outcome, .. } => outcome,
            Submission::NotSent(proof) => panic!("not sent: {proof}"),
        }
    }

    /// Asks how an acknowledged refund stands.
    pub(crate) async fn status(
        &self,
        reference: &ProviderRef,
        kopecks: i64,
    ) -> Result<RefundState, StatusError> {
        let payment = payment_ref(1);
        let query = StatusQuery { payment: &payment, reference, amount: Money::rub(kopecks) };
        self.shop.status(&query).await.map(|report| report.state)
    }

    /// Looks after an unknown outcome.
    pub(crate) async fn probe(
        &self,
        invoice: u64,
        kopecks: i64,
        salvaged: Option<&ProviderRef>,
    ) -> ProbeReport {
        let baseline = self.payment(invoice).await;
        let command = RefundCommand::new(payment_ref(invoice), RefundAmount::Exactly(Money::rub(kopecks)));
        let prior = Prior::none(Currency::RUB);
        let refund = rules::check(&command, &baseline, &prior, &self.shop.describe().cart).expect("in order");
        let prepared = self.shop.prepare(&refund, &baseline, &key()).expect("in order");
        let (payment, key) = (payment_ref(invoice), key());
        let probe = Probe {
            payment: &payment,
            baseline: &baseline,
            prepared: &prepared,
            amount: Money::rub(kopecks),
            key: &key,
            salvaged,
        };
        self.shop.probe(&probe).await
    }
}

pub(crate) fn config() -> RobokassaConfig {
    let login = AccountId::parse(shops::ROBOKASSA_LOGIN).expect("a login");
    let (password2, password3) = (shops::ROBOKASSA_PASSWORD2.into(), shops::ROBOKASSA_PASSWORD3.into());
    RobokassaConfig::new(login, password2, password3).expect("two passwords")
}

pub(crate) fn payment_ref(invoice: u64) -> PaymentRef {
    let account = AccountId::parse(shops::ROBOKASSA_LOGIN).expect("a login");
    PaymentRef { provider: ID, account, payment: PaymentId::parse(invoice.to_string()).expect("a number") }
}

pub(crate) fn exactly(kopecks: i64) -> RefundAmount {
    RefundAmount::Exactly(Money::rub(kopecks))
}

pub(crate) fn request_id(id: &str) -> ProviderRef {
    ProviderRef(Opaque::cut("robokassa/request@1", id.as_bytes().to_vec()))
}

pub(crate) fn accepted(outcome: RefundOutcome) -> ProviderRef {
    match outcome {
        RefundOutcome::Accepted(reference) => reference,
        other => panic!("expected an acceptance: {other:?}"),
    }
}

pub(crate) fn doubt(outcome: RefundOutcome) -> Doubt {
    match outcome {
        RefundOutcome::Unknown(doubt) => doubt,
        other => panic!("expected a doubt: {other:?}"),
    }
}

pub(crate) fn declined(outcome: RefundOutcome) -> String {
    match outcome {
        RefundOutcome::Declined(decline) => {
            assert_eq!(decline.certainty, Certainty::Final);
            decline.code
        }
        other => panic!("expected a refusal: {other:?}"),
    }
}
