//! A rule and a policy of a shop's own, handed to the command from outside: they come out of `check`, in both languages and as
//! JSON, and `explain` lists them, like any other rule.

use crate::{checks::refund_with, tale::parsed};
use async_trait::async_trait;
use refund_cli::gateways::SberGateway;
use refund_core::{
    AccountId, CheckedRefund, Descriptor, LineageKey, LookupError, Message, MessageDef, NotSent,
    Notifications, Opened, Payment, PaymentRef, Prepared, Probe, ProbeReport, Quantity, RefundProvider,
    StatusError, StatusQuery, StatusReport, Violation, Violations,
    rules::{Allowed, Evidence, Findings, Rule, RuleDef, View},
};
use refund_desk::{
    Problem,
    gateways::{Gateway, Offline, Tools},
    settings::Profile,
};
use serde_json::json;
use std::sync::Arc;

static PARCELS: RuleDef =
    RuleDef::new("shop-parcels", Evidence::Confirmed, &[&TOO_MANY], "our terms of sale, section 4");

static TOO_MANY: MessageDef = MessageDef {
    id: "shop-parcels",
    en: "{ $given } come back at once; the courier takes { $most }. Refund the rest later.",
    ru: "Возвращается сразу { $given }; курьер забирает { $most }. Остальное верните позже.",
};

/// At most one of a line at once.
struct Parcels;

impl Rule for Parcels {
    fn def(&self) -> &'static RuleDef {
        &PARCELS
    }

    fn check(&self, view: &View<'_>, found: &mut Findings) {
        let one = Quantity::from_thousandths(1_000);
        for line in view.lines().filter(|line| line.asked().quantity.thousandths() > 1_000) {
            let given = line.asked().quantity;
            let message = Message::new(&TOO_MANY).with("given", given).with("most", one);
            let violation = Violation::new(&PARCELS, line.path("quantity"), message).with_given(given);
            let violation = violation.with_allowed(Allowed::AtMost(one.into()));
            found.push(violation.with_suggestion(Some(one.into())));
        }
    }
}

static EXTRA: [&dyn Rule; 1] = [&Parcels];

/// Sber's gateway with one rule more.
struct Strict;

impl Gateway for Strict {
    fn name(&self) -> &'static str {
        "sber"
    }

    fn secrets(&self) -> &'static [&'static str] {
        SberGateway.secrets()
    }

    fn options(&self) -> &'static [&'static str] {
        SberGateway.options()
    }

    fn build(&self, profile: &Profile, tools: &dyn Tools) -> Result<Arc<dyn RefundProvider>, Problem> {
        Ok(Arc::new(WithRule::around(SberGateway.build(profile, tools)?)))
    }

    fn retired(&self) -> &'static [&'static str] {
        SberGateway.retired()
    }

    fn offline(&self, account: AccountId) -> Result<Offline, Problem> {
        let offline = SberGateway.offline(account)?;
        Ok(Offline { provider: Arc::new(WithRule::around(offline.provider)), ..offline })
    }
}

/// The same provider under another policy.
struct WithRule {
    inner: Arc<dyn RefundProvider>,
    descriptor: Descriptor,
}

impl WithRule {
    fn around(inner: Arc<dyn RefundProvider>) -> Self {
        let mut descriptor = inner.describe().clone();
        descriptor.cart = descriptor.cart.with_extra(&EXTRA);
        Self { inner, descriptor }
    }
}

#[async_trait]
impl RefundProvider for WithRule {
    fn describe(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn lookup(&self, payment: &PaymentRef) -> Result<Payment, LookupError> {
        self.inner.lookup(payment).await
    }

    fn prepare(
        &self,
        refund: &CheckedRefund,
        payment: &Payment,
        key: &LineageKey,
    ) -> Result<Prepared, Violations> {
        self.inner.prepare(refund, payment, key)
    }

    async fn open(&self, prepared: &Prepared) -> Result<Box<dyn Opened>, NotSent> {
        self.inner.open(prepared).await
    }

    async fn status(&self, query: &StatusQuery<'_>) -> Result<StatusReport, StatusError> {
        self.inner.status(query).await
    }

    async fn probe(&self, probe: &Probe<'_>) -> ProbeReport {
        self.inner.probe(probe).await
    }

    fn notifications(&self) -> Option<&dyn Notifications> {
        self.inner.notifications()
    }
}

#[tokio::test]
async fn a_rule_from_outside_comes_out_like_any_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let order = json!({
        "schema":"refund/order@1","paid":"300.00",
        "lines":[{"position":"1","name":"Посылка","quantity":"3","price":"100.00"}],
    });
    let request = json!({
        "schema":"refund/request@1","gateway":"sber","order":"2f6a5d10-7c1e-4b52-9a55-000000000010",
        "amount":"200.00","receipt":"cart","lines":[{"position":"1","quantity":"2"}],
    });
    std::fs::write(folder.path().join("order.json"), order.to_string()).expect("written");
    std::fs::write(folder.path().join("request.json"), request.to_string()).expect("written");
    let told = async |line: &str| refund_with(vec![Arc::new(Strict)], folder.path(), line).await;

    let (code, out, _) = told("check request.json --order order.json --output json").await;
    let verdict = parsed(&out);
    let [found] = &verdict["violations"].as_array().expect("a list")[..] else { panic!("{verdict}") };
    assert_eq!((code, &found["rule"], &found["severity"]), (3, &json!("shop-parcels"), &json!("error")));
    assert_eq!(found["path"], "lines[0].quantity");
    assert_eq!(found["allowed"], json!({ "most": { "kind": "quantity", "value": "1" } }));
    assert_eq!(found["suggestion"]["value"], "1");

    let (_, out, err) = told("--lang ru check request.json --order order.json").await;
    assert!(out.contains("Возвращается сразу 2; курьер забирает 1."), "{out}");
    assert!(out.contains("исправление: lines[0].quantity = 1"), "{out}");
    assert!(err.contains("refund explain shop-parcels"), "{err}");

    let (code, out, _) = told("explain shop-parcels --output json").await;
    let rule = parsed(&out);
    assert_eq!((code, &rule["gateway"]), (0, &json!("sber")));
    assert_eq!(rule["bound"], json!([{ "gateway": "sber", "severity": "error" }]));
    assert_eq!(rule["source"], "our terms of sale, section 4");
    assert_eq!(rule["example"]["rule"], "shop-parcels", "a sample breaks it too");
}
