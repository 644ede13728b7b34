//! Newgate as a [`RefundProvider`]: hands bytes to a transport and gives back what `wire` made of the reply.
//!
//! One call is one attempt. Credentials join in `open` and live nowhere else; it knows no HTTP library and no journal.

use crate::{descriptor, rules, wire};
use async_trait::async_trait;
use refund_core::{
    AccountId, CheckedRefund, Descriptor, Exchange, Fired, LineageKey, LookupError, Method, NotSent, NotSentReason,
    Notifications, Opaque, Opened, Payment, PaymentRef, Prepared, Probe, ProbeReport, ReadError, RefundProvider, Reply,
    Request, StatusError, StatusQuery, StatusReport, Transport, Verdict, Violations,
};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

/// One merchant's account at Newgate.
pub struct Newgate {
    account: AccountId,
    token: SecretString,
    base: String,
    transport: Arc<dyn Transport>,
}

impl Newgate {
    /// The account, its token, the gateway's address without a closing slash, and the way its bytes travel.
    pub fn new(
        account: AccountId,
        token: SecretString,
        base: impl Into<String>,
        transport: Arc<dyn Transport>,
    ) -> Self {
        Self { account, token, base: base.into(), transport }
    }

    fn request(&self, method: Method, path: &str, body: Vec<u8>) -> Request {
        let authorization = format!("Bearer {}", self.token.expose_secret());
        let url = format!("{}/{path}", self.base);
        Request { method, url, headers: vec![("authorization", authorization)], body }
    }

    async fn get(&self, path: &str) -> Result<Reply, ReadError> {
        let reply = self.transport.read(self.request(Method::Get, path, Vec::new())).await?;
        Ok(Reply { body: without(&self.token, reply.body), ..reply })
    }
}

#[async_trait]
impl RefundProvider for Newgate {
    fn describe(&self) -> &Descriptor {
        &descriptor::DESCRIPTOR
    }

    async fn lookup(&self, payment: &PaymentRef) -> Result<Payment, LookupError> {
        let id = payment.payment.as_str();
        // The id goes into a URL. One payment has one name: the lock on it is taken by its name.
        let fits = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if payment.provider != descriptor::ID || payment.account != self.account || !fits {
            return Err(LookupError::NotOurs { detail: payment.to_string() });
        }
        wire::decode_payment(&self.get(&format!("payments/{id}")).await?)
    }

    fn prepare(
        &self,
        refund: &CheckedRefund,
        payment: &Payment,
        key: &LineageKey,
    ) -> Result<Prepared, Violations> {
        if let Some(violations) = Violations::found(rules::check(refund, payment)) {
            return Err(violations);
        }
        let bytes = wire::encode_refund(&refund.payment().payment, refund.amount(), key);
        let payload = Opaque::new(wire::REFUND, bytes).expect("identifiers are at most a few hundred bytes");
        Ok(Prepared::new(payload))
    }

    async fn open(&self, prepared: &Prepared) -> Result<Box<dyn Opened>, NotSent> {
        let payload = prepared.payload();
        if payload.schema() != wire::REFUND {
            let detail = format!("{} cannot be sent to Newgate", payload.schema());
            return Err(NotSent::new(NotSentReason::Unusable, detail));
        }
        let request = self.request(Method::Post, "refunds", payload.bytes().to_vec());
        let ready = self.transport.open(request).await?;
        let token = self.token.clone();
        let decode = move |fired| wire::decode_refund(fired_without(&token, fired));
        Ok(Box::new(Exchange::new(ready, prepared.digest(), decode)))
    }

    async fn status(&self, query: &StatusQuery<'_>) -> Result<StatusReport, StatusError> {
        let id = wire::reference_id(query.reference).ok_or(StatusError::Unreadable {
            detail: "the stored reference is not a refund of Newgate".to_owned(),
        })?;
        let reply = self.get(&format!("refunds/{id}")).await?;
        wire::decode_status(&reply, query.reference, query.amount)
    }

    async fn probe(&self, _: &Probe<'_>) -> ProbeReport {
        // True of a blind tier. A readable one compares what is refunded now with the baseline.
        let verdict = Verdict::CannotTell { detail: "Newgate shows no refunds".to_owned() };
        ProbeReport { verdict, evidence: Opaque::cut(wire::REPLY, Vec::new()) }
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
