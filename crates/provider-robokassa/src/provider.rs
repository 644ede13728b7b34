//! The provider: bytes from `wire`, a transport, the contract.
//!
//! Thin on purpose. It must not decide what an answer means (`wire` does) nor what happens next (the engine does).

use crate::{
    ID, RobokassaConfig, descriptor, rules, schema,
    wire::{
        create,
        get_state::{self, GetStateError, Standing},
        jwt::{Token, TokenSigner},
        op_state::{self, OpState, Operation, ResultCode},
        reply,
        request_id::RequestId,
        signature,
    },
};
use async_trait::async_trait;
use refund_core::{
    CheckedRefund, Descriptor, LineageKey, LookupError, Method, Money, NotSent, NotSentReason, Notifications,
    Opened, Payment, PaymentRef, PaymentState, Prepared, Probe, ProbeReport, ReadError, RefundProvider,
    Reply, Request, StatusError, StatusQuery, StatusReport, Transport, Verdict, Violations,
    provider::RefundState, transport::Exchange, transport::Fired,
};
use std::{fmt, sync::Arc};

/// Robokassa for one shop.
///
/// Several shops may live in one process, each a value of its own; a payment that belongs to another shop is refused.
pub struct Robokassa {
    config: RobokassaConfig,
    signer: TokenSigner,
    descriptor: Descriptor,
    transport: Arc<dyn Transport>,
}

impl Robokassa {
    /// A shop that talks through this transport.
    pub fn new(config: RobokassaConfig, transport: Arc<dyn Transport>) -> Self {
        let signer = TokenSigner::new(&config.password3, config.token);
        let descriptor = descriptor::descriptor(config.self_fencing);
        Self { config, signer, descriptor, transport }
    }

    /// The InvoiceID of a payment of this shop.
    fn invoice(&self, payment: &PaymentRef) -> Result<u64, LookupError> {
        let not_ours = |detail| Err(LookupError::NotOurs { detail });
        if payment.provider != ID || payment.account != self.config.login {
            return not_ours(format!("{payment} is not of the Robokassa shop {}", self.config.login));
        }
        let text = payment.payment.as_str();
        match text.parse::<u64>() {
            // One number has one name: the lock on a payment is taken by its name.
            Ok(invoice @ 1..=MAX_INVOICE) if invoice.to_string() == text => Ok(invoice),
            _ => not_ours(format!(
                "{text:?} is not an InvoiceID: write a number from 1 to {MAX_INVOICE} without leading zeros"
            )),
        }
    }

    async fn standing(&self, id: &RequestId) -> Result<(Reply, Result<Standing, GetStateError>), ReadError> {
        let url = self.config.endpoints.services(&get_state::path_and_query(id));
        let reply = self.transport.read(get(url, "application/json")).await?;
        let standing = get_state::decode(reply.status, &reply.body);
        Ok((reply, standing))
    }
}

/// The largest InvoiceID (CONFIRMED, Robokassa, pay interface page).
const MAX_INVOICE: u64 = i64::MAX as u64;

#[async_trait]
impl RefundProvider for Robokassa {
    fn describe(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn lookup(&self, payment: &PaymentRef) -> Result<Payment, LookupError> {
        let invoice = self.invoice(payment)?;
        let RobokassaConfig { login, password2, hash, endpoints, .. } = &self.config;
        let signature = signature::of_operation(login.as_str(), invoice, password2, *hash);
        let url = endpoints.auth(&op_state::path_and_query(login.as_str(), invoice, &signature));
        let reply = self.transport.read(get(url, "text/xml")).await?;
        let reply = without(&signature, reply);
        read_payment(&reply)
    }

    fn prepare(
        &self,
        refund: &CheckedRefund,
        payment: &Payment,
        _no_key_goes_to_this_gateway: &LineageKey,
    ) -> Result<Prepared, Violations> {
        let payload = rules::payload(&self.config.login, refund, payment)?;
        let payload = refund_core::Opaque::new(schema::REFUND, payload.to_json())
            .expect("an operation key, a number and 100 positions are far below the limit");
        Ok(Prepared::new(payload))
    }

    async fn open(&self, prepared: &Prepared) -> Result<Box<dyn Opened>, NotSent> {
        let payload = prepared.payload();
        if payload.schema() != schema::REFUND {
            let detail = format!("a request of the schema {:?} is not Robokassa's", payload.schema());
            return Err(NotSent::new(NotSentReason::Unusable, detail));
        }
        let token = self.signer.sign(payload.bytes());
        let token = token.map_err(|error| NotSent::new(NotSentReason::Unusable, error.to_string()))?;
        let secret = token.signature().to_owned();
        let ready = self.transport.open(self.create(token)).await?;
        let decode = move |fired: Fired| reply::decode(fired_without(&secret, fired));
        Ok(Box::new(Exchange::new(ready, prepared.digest(), decode)))
    }

    async fn status(&self, query: &StatusQuery<'_>) -> Result<StatusReport, StatusError> {
        let id = schema::request_id(query.reference).map_err(|schema::NotOurs| StatusError::Unreadable {
            detail: "the stored reference is not a request id of Robokassa".to_owned(),
        })?;
        let (reply, standing) = self.standing(&id).await?;
        let standing = standing.map_err(|error| match error {
            GetStateError::Unknown { message } => StatusError::NotFound { detail: message },
            GetStateError::Status(_) => ReadError::NoAnswer(error.to_string()).into(),
            GetStateError::Unreadable(detail) => StatusError::Unreadable { detail },
        })?;
        let evidence = schema::evidence(Some(reply.status), None, &reply.body);
        Ok(StatusReport { state: standing.against(&id, query.amount), evidence })
    }

    async fn probe(&self, probe: &Probe<'_>) -> ProbeReport {
        let Some(id) = probe.salvaged.and_then(|reference| schema::request_id(reference).ok()) else {
            let detail = "Robokassa shows no refund without its request id".to_owned();
            return ProbeReport {
                verdict: Verdict::CannotTell { detail },
                evidence: schema::note("no request id"),
            };
        };
        match self.standing(&id).await {
            Ok((reply, standing)) => ProbeReport {
                verdict: verdict(&id, probe.amount, standing),
                evidence: schema::evidence(Some(reply.status), None, &reply.body),
            },
            Err(error) => ProbeReport {
                verdict: Verdict::Unreadable { detail: error.to_string() },
                evidence: schema::note("GetState gave no answer"),
            },
        }
    }

    fn notifications(&self) -> Option<&dyn Notifications> {
        None
    }
}

impl Robokassa {
    fn create(&self, token: Token) -> Request {
        Request {
            method: Method::Post,
            url: self.config.endpoints.services(create::PATH),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("accept", "application/json".to_owned()),
            ],
            body: token.into_body(),
        }
    }
}

impl fmt::Debug for Robokassa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Robokassa").field("config", &self.config).finish_non_exhaustive()
    }
}

fn get(url: String, accept: &str) -> Request {
    Request { method: Method::Get, url, headers: vec![("accept", accept.to_owned())], body: Vec::new() }
}

/// A payment out of OpStateExt's answer.
fn read_payment(reply: &Reply) -> Result<Payment, LookupError> {
    match reply.status {
        200..=299 => {}
        401 | 403 => return Err(LookupError::Denied { detail: format!("HTTP {}", reply.status) }),
        429 | 500..=599 => return Err(ReadError::NoAnswer(format!("HTTP {}", reply.status)).into()),
        status => return Err(cannot_tell(format!("HTTP {status} instead of OpStateExt's answer"))),
    }
    match op_state::decode(&reply.body).map_err(|error| cannot_tell(error.to_string()))? {
        OpState::Operation(operation) => payment(operation),
        OpState::Refused { code, description } => Err(refused(code, description.as_deref())),
    }
}

fn payment(operation: Operation) -> Result<Payment, LookupError> {
    let state = operation.payment_state();
    let data = schema::payment(operation.op_key.as_ref());
    let captured = match (&state, operation.inc_sum) {
        (PaymentState::Pending | PaymentState::Held | PaymentState::Void, _) => Money::rub(0),
        (_, Some(paid)) => paid,
        (_, None) => {
            return Err(cannot_tell("the answer has no Info/IncSum, the sum the payer paid".to_owned()));
        }
    };
    let mut payment = Payment::new(captured, state, data);
    payment.method = operation.method;
    Ok(payment)
}

fn refused(code: ResultCode, description: Option<&str>) -> LookupError {
    let said = description.map(|text| format!(": {text}")).unwrap_or_default();
    match code {
        ResultCode::BadSignature => LookupError::Denied {
            detail: format!(
                "code 1, bad signature; check MerchantLogin, Password2 (the live one, not the test one) and the hash \
                 chosen in the shop's settings{said}"
            ),
        },
        ResultCode::NoShop => {
            LookupError::Denied { detail: format!("code 2, the shop is unknown or not activated{said}") }
        }
        ResultCode::NoOperation => LookupError::NotFound {
            detail: format!(
                "code 3, no operation with this InvoiceID (the payer may not have confirmed it yet){said}"
            ),
        },
        ResultCode::TwoOperations => cannot_tell(format!(
            "code 4, two operations with this InvoiceID (a test payment took the same number){said}"
        )),
        ResultCode::Internal => cannot_tell(format!("code 1000, an internal error of Robokassa{said}")),
        ResultCode::Other(code) => cannot_tell(format!("code {code}, which is not documented{said}")),
    }
}

fn cannot_tell(detail: String) -> LookupError {
    LookupError::CannotTell { detail }
}

/// What one look at a salvaged request proves: a request that GetState knows, by our amount, was made. How it stands,
/// a cancellation in the cabinet included, is asked by its reference from then on.
fn verdict(id: &RequestId, amount: Money, standing: Result<Standing, GetStateError>) -> Verdict {
    match standing.map(|standing| standing.against(id, amount)) {
        Ok(RefundState::Mismatch { detail }) => Verdict::CannotTell { detail },
        Ok(_) => Verdict::Happened(Some(schema::reference(id))),
        Err(GetStateError::Unknown { message }) => Verdict::CannotTell {
            detail: format!("the id in the cut reply, {}, is not known: {message}", id.masked()),
        },
        Err(error) => Verdict::Unreadable { detail: error.to_string() },
    }
}

/// What was fired and came back, with our own signature cut out wherever an edge or a proxy repeated it.
fn fired_without(secret: &str, fired: Fired) -> Fired {
    match fired {
        Fired::Reply(reply) => Fired::Reply(without(secret, reply)),
        Fired::MaybeSent { why, detail, status, partial_body } => {
            Fired::MaybeSent { why, detail, status, partial_body: cut_out(secret, partial_body) }
        }
        Fired::NotSent(proof) => Fired::NotSent(proof),
    }
}

fn without(secret: &str, reply: Reply) -> Reply {
    Reply { body: cut_out(secret, reply.body), ..reply }
}

/// Replaces every occurrence, in any case of its letters.
fn cut_out(secret: &str, body: Vec<u8>) -> Vec<u8> {
    let secret = secret.as_bytes();
    let mut kept = Vec::new();
    let mut rest = body.as_slice();
    while let Some(at) = rest.windows(secret.len()).position(|window| window.eq_ignore_ascii_case(secret)) {
        kept.extend_from_slice(&rest[..at]);
        kept.extend_from_slice(b"[signature]");
        rest = &rest[at + secret.len()..];
    }
    if kept.is_empty() {
        return body;
    }
    kept.extend_from_slice(rest);
    kept
}
