//! Acme as a [`RefundProvider`]: hands bytes to a transport and gives back what `wire` made of the reply.
//!
//! One call is one attempt. Credentials join in `open` and live nowhere else; it knows no HTTP library and no journal.

use crate::{descriptor, rules, wire};
use async_trait::async_trait;
use refund_core::{
    AccountId, CheckedRefund, Descriptor, Exchange, Fired, LineageKey, LookupError, Method, NotSent,
    NotSentReason, Notifications, Opaque, Opened, Payment, PaymentRef, Prepared, Probe, ProbeReport,
    ReadError, RefundProvider, Reply, Request, StatusError, StatusQuery, StatusReport, Transport, Verdict,
    Violations,
};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

/// One merchant's account at Acme.
pub struct Acme {
    account: AccountId,
    token: SecretString,
    transport: Arc<dyn Transport>,
}

impl Acme {
    /// The account, its token, and the way its bytes travel.
    pub fn new(account: AccountId, token: SecretString, transport: Arc<dyn Transport>) -> Self {
        Self { account, token, transport }
    }

    fn request(&self, method: Method, path: &str, body: Vec<u8>) -> Request {
        let authorization = format!("Bearer {}", self.token.expose_secret());
        let url = format!("https://acme.example/{path}");
        Request { method, url, headers: vec![("authorization", authorization)], body }
    }

    async fn get(&self, path: &str) -> Result<Reply, ReadError> {
        let reply = self.transport.read(self.request(Method::Get, path, Vec::new())).await?;
        Ok(Reply { body: without(&self.token, reply.body), ..reply })
    }

    async fn read_payment(&self, payment: &PaymentRef) -> Result<(Payment, Opaque), LookupError> {
        let id = payment.payment.as_str();
        // Acme numbers its payments. Anything else must not get into a URL.
        let ours = payment.provider == descriptor::ID && payment.account == self.account;
        if !ours || !id.bytes().all(|b| b.is_ascii_digit()) {
            return Err(LookupError::NotOurs { detail: payment.to_string() });
        }
        let reply = self.get(&format!("payments/{id}")).await?;
        Ok((wire::decode_payment(&reply)?, Opaque::cut(wire::REPLY, reply.body)))
    }
}

#[async_trait]
impl RefundProvider for Acme {
    fn describe(&self) -> &Descriptor {
        &descriptor::DESCRIPTOR
    }

    async fn lookup(&self, payment: &PaymentRef) -> Result<Payment, LookupError> {
        self.read_payment(payment).await.map(|(payment, _)| payment)
    }

    fn prepare(&self, refund: &CheckedRefund, _: &Payment, key: &LineageKey) -> Result<Prepared, Violations> {
        if let Some(violations) = Violations::found(rules::check(refund)) {
            return Err(violations);
        }
        let bytes = wire::encode_refund(&refund.payment().payment, refund.amount(), key);
        Ok(Prepared::new(
            Opaque::new(wire::REFUND, bytes).expect("identifiers are at most a few hundred bytes"),
        ))
    }

    async fn open(&self, prepared: &Prepared) -> Result<Box<dyn Opened>, NotSent> {
        let payload = prepared.payload();
        if payload.schema() != wire::REFUND {
            let detail = format!("{} cannot be sent to Acme", payload.schema());
            return Err(NotSent::new(NotSentReason::Unusable, detail));
        }
        let request = self.request(Method::Post, "refunds", payload.bytes().to_vec());
        let ready = self.transport.open(request).await?;
        let token = self.token.clone();
        let decode = move |fired| wire::decode_refund(fired_without(&token, fired));
        Ok(Box::new(Exchange::new(ready, prepared.digest(), decode)))
    }

    async fn status(&self, query: &StatusQuery<'_>) -> Result<StatusReport, StatusError> {
        // It goes into a URL, so it must be one of ours.
        let id = wire::reference_id(query.reference).ok_or(StatusError::Unreadable {
            detail: "the stored reference is not a refund of Acme".to_owned(),
        })?;
        let reply = self.get(&format!("refunds/{id}")).await?;
        wire::decode_status(&reply, query.reference, query.amount)
    }

    async fn probe(&self, probe: &Probe<'_>) -> ProbeReport {
        match self.read_payment(probe.payment).await {
            Ok((now, evidence)) => {
                let verdict = wire::verdict(probe.baseline, &now, probe.amount, probe.salvaged);
                ProbeReport { verdict, evidence }
            }
            Err(error) => ProbeReport {
                verdict: Verdict::Unreadable { detail: error.to_string() },
                evidence: Opaque::cut(wire::REPLY, Vec::new()),
            },
        }
    }

    fn notifications(&self) -> Option<&dyn Notifications> {
        None
    }
}

/// What came back, with our own token cut out wherever somebody on the way quoted the request: replies are kept as
/// evidence.
fn fired_without(token: &SecretString, fired: Fired) -> Fired {
    match fired {
        Fired::Reply(reply) => Fired::Reply(Reply { body: without(token, reply.body), ..reply }),
        Fired::MaybeSent { why, detail, status, partial_body } => {
            Fired::MaybeSent { why, detail, status, partial_body: without(token, partial_body) }
        }
        Fired::NotSent(proof) => Fired::NotSent(proof),
    }
}

fn without(token: &SecretString, body: Vec<u8>) -> Vec<u8> {
    let secret = token.expose_secret().as_bytes();
    if secret.is_empty() || !body.windows(secret.len()).any(|window| window == secret) {
        return body;
    }
    String::from_utf8_lossy(&body).replace(token.expose_secret(), "***").into_bytes()
}
