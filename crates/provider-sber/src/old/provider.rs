//! The provider: configuration, transport and the pure parts joined under core's trait.
//!
//! Glue only. What it decides, it asks `rules`, `outcome`, `payment` and `probe`.

use super::{
    config::Config,
    descriptor::descriptor,
    outcome, payment, probe,
    record::{self, ProbeRecord, SeenRecord},
    rules,
    wire::{
        form::{RefundForm, StatusForm},
        refund,
        status::{self, Answer, Order},
    },
};
use crate::{OrderId, redact::Redactor};
use async_trait::async_trait;
use refund_core::{
    CheckedRefund, Descriptor, Exchange, LineageKey, LookupError, Method, NotSent, NotSentReason,
    Notifications, Opened, Payment, PaymentRef, Prepared, Probe, ProbeReport, RefundProvider, Request,
    StatusError, StatusQuery, StatusReport, Transport, Verdict, Violations,
};
use std::{fmt, sync::Arc};

/// Sber acquiring, OLD dialect, for one API account.
///
/// | question | answer |
/// |---|---|
/// | `lookup` | getOrderStatusExtended.do by `orderId` |
/// | `prepare` | the form of refund.do without credentials, under the schema `sber-old/refund@1`; lines repeat what the order was registered with. Sber documents no idempotency key for this dialect, so the lineage key is not sent |
/// | `open`, `fire` | refund.do, answered at once: settled, declined or unknown; never accepted |
/// | `status` | [`StatusError::Unsupported`]: refund.do gives no id a refund could be asked by, and no refund of this provider is ever in a state that would need it |
/// | `probe` | `refundedAmount` and `refunds[]` now, against the baseline |
/// | `notifications` | none yet: the gateway's callbacks are not verified by this version |
pub struct SberOld {
    config: Config,
    descriptor: Descriptor,
    redactor: Arc<Redactor>,
    transport: Arc<dyn Transport>,
}

impl SberOld {
    /// Joins settings with a way to travel. The transport must trust the Russian national root certificate: the
    /// gateway's own is issued under it (REPORTED for these hosts since 2023).
    pub fn new(config: Config, transport: Arc<dyn Transport>) -> Self {
        let (descriptor, redactor) =
            (descriptor(config.actors()), Arc::new(Redactor::new(config.password())));
        Self { config, descriptor, redactor, transport }
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    fn request(&self, method: &str, form: &[u8]) -> Request {
        Request {
            method: Method::Post,
            url: self.config.base().method(method),
            headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
            body: self.config.credentials().in_front_of(form),
        }
    }

    fn order_id(&self, payment: &PaymentRef) -> Result<OrderId, LookupError> {
        rules::order_id(payment, &self.config)
            .map_err(|reason| LookupError::NotOurs { detail: reason.to_string() })
    }

    /// The order as the gateway shows it now.
    async fn order(&self, order_id: &OrderId) -> Result<Order, LookupError> {
        let form = StatusForm { order_id, language: self.config.language() }.encode();
        let reply = self.transport.read(self.request(status::METHOD, &form)).await?;
        match status::decode(reply.status, &reply.body) {
            Ok(Answer::Done(order)) => Ok(order),
            Ok(Answer::Refused(refusal)) => Err(payment::refused(&refusal, &self.redactor)),
            Err(unusable) => Err(payment::unusable(&unusable, &self.redactor)),
        }
    }

    async fn look(&self, probe: &Probe<'_>) -> Result<(Verdict, SeenRecord), LookupError> {
        let order_id = self.order_id(probe.payment)?;
        let order = self.order(&order_id).await?;
        let verdict = probe::judge(&order, &order_id, probe.baseline, probe.amount);
        Ok((verdict, SeenRecord::of(&order)))
    }
}

#[async_trait]
impl RefundProvider for SberOld {
    fn describe(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn lookup(&self, payment: &PaymentRef) -> Result<Payment, LookupError> {
        let order_id = self.order_id(payment)?;
        payment::payment(&self.order(&order_id).await?, &order_id)
    }

    fn prepare(
        &self,
        refund: &CheckedRefund,
        payment: &Payment,
        _: &LineageKey,
    ) -> Result<Prepared, Violations> {
        let sendable = rules::check(refund, payment, &self.config)?;
        let form = RefundForm {
            order_id: &sendable.order_id,
            amount: sendable.amount,
            items: sendable.items.as_ref(),
            ofd_params: sendable.ofd_params.as_ref(),
            json_params: sendable.json_params.as_ref(),
            language: sendable.language,
        };
        Ok(Prepared::new(rules::payload(form.encode())?))
    }

    async fn open(&self, prepared: &Prepared) -> Result<Box<dyn Opened>, NotSent> {
        let payload = prepared.payload();
        if payload.schema() != record::REFUND {
            let detail = format!("the prepared request is {}, not {}", payload.schema(), record::REFUND);
            return Err(NotSent::new(NotSentReason::Unusable, detail));
        }
        let ready = self.transport.open(self.request(refund::METHOD, payload.bytes())).await?;
        let redactor = Arc::clone(&self.redactor);
        let decode = move |fired| outcome::submission(fired, &redactor);
        Ok(Box::new(Exchange::new(ready, prepared.digest(), decode)))
    }

    async fn status(&self, _: &StatusQuery<'_>) -> Result<StatusReport, StatusError> {
        Err(StatusError::Unsupported)
    }

    async fn probe(&self, probe: &Probe<'_>) -> ProbeReport {
        let mut record = ProbeRecord {
            asked: probe.amount.minor(),
            refunded_before: probe.baseline.refunded.map(|refunded| refunded.minor()),
            ..ProbeRecord::default()
        };
        let verdict = match self.look(probe).await {
            Ok((verdict, seen)) => {
                record.seen = Some(seen);
                verdict
            }
            Err(error) => {
                let detail = error.to_string();
                record.problem = Some(detail.clone());
                match error {
                    // No later look will change whose payment it is.
                    LookupError::NotOurs { .. } => Verdict::CannotTell { detail },
                    _ => Verdict::Unreadable { detail },
                }
            }
        };
        ProbeReport { verdict, evidence: record.evidence() }
    }

    fn notifications(&self) -> Option<&dyn Notifications> {
        None
    }
}

impl fmt::Debug for SberOld {
    /// The settings, without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SberOld").field("config", &self.config).finish_non_exhaustive()
    }
}
