//! The adapter for `refund-sandbox`: a [`GatewayUnderTest`] that drives the emulator through its HTTP control API.
//!
//! It speaks the control API's JSON over any [`Transport`] it is handed and knows no HTTP library, no provider, and not
//! the emulator's crate. What it believes is the emulator's ledger and its list of requests.

use crate::{
    Ability, Call, Deed, Fault, GatewayError, GatewayUnderTest, Ledger, ManualClock, Mark, Seal, Seed,
    Seeded, Seen, Standing, Tap,
};
use async_trait::async_trait;
use refund_core::{
    AccountId, Callback, Cart, Method, Money, PaymentId, PaymentRef, ProviderId, Reply, Request, Transport,
};
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Which of the emulated gateways a provider talks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Emulated {
    /// Robokassa's refund API.
    Robokassa,
    /// Sber acquiring, form dialect.
    SberOld,
    /// Sber acquiring, JSON dialect.
    SberEcom,
}

impl Emulated {
    /// The control API's name for it.
    fn name(self) -> &'static str {
        match self {
            Self::Robokassa => "robokassa",
            Self::SberOld => "sber-old",
            Self::SberEcom => "sber-ecom",
        }
    }

    /// What is in a refusal of too much: Robokassa's message, Sber's code (CONFIRMED both, refund API pages).
    fn refusal(self) -> &'static str {
        match self {
            Self::Robokassa => "NotEnoughOperationFunds",
            Self::SberOld | Self::SberEcom => "7",
        }
    }
}

/// Who the emulator is pointed at by: the provider's name, its account, what must not leak.
#[derive(Clone)]
pub struct Shop {
    /// The provider under test, as its descriptor names it.
    pub provider: ProviderId,
    /// Its account.
    pub account: AccountId,
    /// The secrets it is set up with, in every spelling that may travel.
    pub secrets: Vec<String>,
}

/// The emulator as a gateway under test.
pub struct SandboxGateway {
    emulated: Emulated,
    base: String,
    shop: Shop,
    /// Straight to the emulator, for control.
    control: Arc<dyn Transport>,
    /// Between provider and emulator, for what the emulator cannot break by itself.
    tap: Arc<Tap>,
    clock: Arc<ManualClock>,
    /// The emulator's id of each payment (Robokassa's operation key is not the name it is looked up by).
    ids: Mutex<BTreeMap<PaymentId, String>>,
    serial: AtomicU64,
    prints: Vec<String>,
}

impl SandboxGateway {
    /// The emulator at `base` (`http://127.0.0.1:8787`), reached through `transport`, whose permits are spent against
    /// `clock`. The emulator must be fresh, and used by this run alone: [`Deed::Forget`] resets it.
    ///
    /// Give the provider [`SandboxGateway::transport`] and not `transport`.
    pub fn new(
        emulated: Emulated,
        base: impl Into<String>,
        shop: Shop,
        transport: Arc<dyn Transport>,
        clock: Arc<ManualClock>,
    ) -> Self {
        let tap = Arc::new(Tap::new(Arc::clone(&transport), Arc::clone(&clock), shop.secrets.clone()));
        let (ids, prints) = (Mutex::default(), Vec::new());
        // The documents' own orders have small numbers.
        let serial = AtomicU64::new(700_000);
        Self { emulated, base: base.into(), shop, control: transport, tap, clock, ids, serial, prints }
    }

    /// The way to the emulator, for the provider.
    pub fn transport(&self) -> Arc<dyn Transport> {
        Arc::<Tap>::clone(&self.tap)
    }

    /// Adds a text to search for secrets: `Debug` of the provider, of its settings.
    #[must_use]
    pub fn with_print(mut self, text: impl Into<String>) -> Self {
        self.prints.push(text.into());
        self
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> Result<Value, GatewayError> {
        let url = format!("{}/_sandbox/{path}", self.base);
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let request = Request { method, url, headers: Vec::new(), body };
        let Reply { status, body, .. } =
            self.control.read(request).await.map_err(|error| GatewayError(format!("{path}: {error}")))?;
        let text = String::from_utf8_lossy(&body);
        if status != 200 {
            return Err(GatewayError(format!("{path}: {status} {text}")));
        }
        serde_json::from_str(&text).map_err(|error| GatewayError(format!("{path}: {error} in {text}")))
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, GatewayError> {
        self.call(Method::Post, path, body).await
    }

    fn id(&self, payment: &PaymentRef) -> Result<String, GatewayError> {
        let ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        ids.get(&payment.payment).cloned().ok_or_else(|| GatewayError(format!("{payment} was not seeded")))
    }

    fn payment(&self, name: &str, id: &str) -> Result<PaymentRef, GatewayError> {
        let payment = PaymentId::parse(name).map_err(|error| GatewayError(error.to_string()))?;
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).insert(payment.clone(), id.to_owned());
        let Shop { provider, account, .. } = self.shop.clone();
        Ok(PaymentRef { provider, account, payment })
    }

    /// The faults the emulator has itself.
    fn scripted(&self, call: Call, fault: Fault) -> Option<&'static str> {
        Some(match (fault, call) {
            (Fault::DropBeforeCommit, _) => "drop_before_commit",
            (Fault::DropAfterCommit, _) => "drop_after_commit",
            (Fault::ErrorBeforeCommit, _) => "error_before_commit",
            (Fault::ErrorAfterCommit, _) => "error_after_commit",
            (Fault::HalfBody, _) => "truncate",
            (Fault::HtmlSuccess, _) => "html",
            (Fault::RateLimit, _) => "rate_limit",
            (Fault::Redirect, _) => "redirect",
            (Fault::UnknownWord, Call::Status) => "unknown_label",
            _ => return None,
        })
    }
}

#[async_trait]
impl GatewayUnderTest for SandboxGateway {
    fn clock(&self) -> &ManualClock {
        &self.clock
    }

    fn canaries(&self) -> Vec<String> {
        self.shop.secrets.clone()
    }

    fn prints(&self) -> Vec<String> {
        self.prints.clone()
    }

    async fn seed(&self, seed: &Seed) -> Result<Seeded, GatewayError> {
        let number = self.serial.fetch_add(1, Ordering::SeqCst);
        let mut wanted = Map::new();
        wanted.insert("gateway".to_owned(), json!(self.emulated.name()));
        if seed.standing == Standing::Held {
            wanted.insert("state".to_owned(), json!("held"));
        }
        let cart = seed.cart.as_ref();
        if self.emulated == Emulated::Robokassa {
            wanted.insert("inv_id".to_owned(), json!(number));
            wanted.insert("sum".to_owned(), json!(seed.captured.to_major_string()));
            wanted.insert("items".to_owned(), json!(cart.map(robokassa_items).unwrap_or_default()));
        } else {
            wanted.insert("order_number".to_owned(), json!(format!("C-{number}")));
            wanted.insert("amount".to_owned(), json!(seed.captured.minor()));
            wanted.insert("cart".to_owned(), json!(cart.map(sber_items).unwrap_or_default()));
        }
        let made = self.post("payments", Value::Object(wanted)).await?;
        let told = |member: &str| made[member].as_str().map(str::to_owned);
        let named = told("op_key").map(|key| (number.to_string(), key));
        let named = named.or_else(|| told("order_id").map(|id| (id.clone(), id)));
        let (name, id) = named.ok_or_else(|| GatewayError(format!("payments: no id in {made}")))?;
        Ok(Seeded::Payment(self.payment(&name, &id)?))
    }

    async fn break_next(&self, call: Call, fault: Fault) -> Result<Ability, GatewayError> {
        if let Some(name) = self.scripted(call, fault) {
            let operation = match call {
                Call::Refund => "refund",
                Call::Lookup => "lookup",
                Call::Status => "status",
            };
            let gateway = self.emulated.name();
            let fault = json!({"gateway": gateway, "operation": operation, "fault": name, "times": 1});
            self.post("faults", fault).await?;
            return Ok(Ability::Done);
        }
        match (fault, self.emulated) {
            (Fault::MissingReference, Emulated::Robokassa) => {
                // Robokassa, refund API page: `requestId` is the reference.
                let body = br#"{"success":true,"message":null,"requestId":null}"#.to_vec();
                self.tap.rewrite_next(call, |reply| Reply { body, ..reply });
                Ok(Ability::Done)
            }
            (Fault::MissingReference, _) => Ok(Ability::Unsupported("a success carries no reference")),
            // The emulator's own unknown word for a payment leaves the documented number beside it.
            (Fault::UnknownWord, Emulated::Robokassa) => {
                self.tap.rewrite_next(call, with_an_unknown_state_in_xml);
                Ok(Ability::Done)
            }
            (Fault::UnknownWord, _) => {
                self.tap.rewrite_next(call, with_an_unknown_state_in_json);
                Ok(Ability::Done)
            }
            (fault, _) => Ok(self.tap.break_next(call, fault)),
        }
    }

    async fn clear_faults(&self) -> Result<(), GatewayError> {
        self.tap.clear();
        // The contract's transport knows GET and POST; the emulator clears on DELETE alone, and on this.
        self.post("faults/clear", Value::Null).await.map(drop)
    }

    async fn ledger(&self, payment: &PaymentRef) -> Result<Ledger, GatewayError> {
        let (id, ledger) = (self.id(payment)?, self.call(Method::Get, "ledger", Value::Null).await?);
        let payments = ledger["payments"].as_array().into_iter().flatten();
        let missing = || GatewayError(format!("the ledger has no payment {id}"));
        let entry = payments.into_iter().find(|entry| entry["id"] == id.as_str()).ok_or_else(missing)?;
        let sum = |member: &str| {
            let minor = entry[member].as_i64();
            minor.map(Money::rub).ok_or_else(|| GatewayError(format!("ledger: {member} of {entry}")))
        };
        let refunds = entry["refunds"].as_array().into_iter().flatten();
        let standing = refunds.filter(|refund| refund["state"] != "canceled").count();
        Ok(Ledger::new(sum("captured")?, sum("refunded")?, standing))
    }

    async fn mark(&self) -> Result<Mark, GatewayError> {
        let requests = self.call(Method::Get, "requests", Value::Null).await?;
        requests["seen"].as_u64().map(Mark).ok_or_else(|| GatewayError("requests: no `seen`".to_owned()))
    }

    async fn requests_since(&self, mark: Mark) -> Result<Vec<Seen>, GatewayError> {
        let requests = self.call(Method::Get, "requests", Value::Null).await?;
        let listed = requests["requests"].as_array().into_iter().flatten();
        let fresh = listed.filter(|entry| entry["number"].as_u64().is_some_and(|number| number > mark.0));
        Ok(fresh.map(seen).collect())
    }

    async fn advance(&self, time: Duration) -> Result<(), GatewayError> {
        self.post("clock", json!({"advance_seconds": time.as_secs()})).await.map(drop)
    }

    async fn elsewhere(&self, payment: &PaymentRef, deed: Deed) -> Result<Ability, GatewayError> {
        let (gateway, id) = (self.emulated.name(), self.id(payment)?);
        match deed {
            Deed::Refund(amount) => {
                let amount = amount.minor();
                let deed = json!({"gateway": gateway, "id": id, "action": "refund", "amount": amount});
                self.post("cabinet", deed).await?;
            }
            Deed::CancelLatest if self.emulated != Emulated::Robokassa => {
                return Ok(Ability::Unsupported("refunds are done at once and cannot be cancelled"));
            }
            Deed::CancelLatest => {
                self.post("cabinet", json!({"gateway": gateway, "id": id, "action": "cancel"})).await?;
            }
            Deed::Forget => {
                self.post("reset", Value::Null).await?;
            }
        }
        Ok(Ability::Done)
    }

    fn refusal_says(&self) -> String {
        self.emulated.refusal().to_owned()
    }

    async fn callback(&self, _: &PaymentRef, _: Seal) -> Result<Option<Callback>, GatewayError> {
        Ok(None)
    }
}

/// One entry of `GET requests`.
fn seen(entry: &Value) -> Seen {
    let text = |member: &str| entry[member].as_str().unwrap_or_default().to_owned();
    let call = match entry["operation"].as_str() {
        Some("lookup") => Some(Call::Lookup),
        Some("status") => Some(Call::Status),
        Some("refund") => Some(Call::Refund),
        _ => None,
    };
    let bytes = format!("{}\n{}", text("query"), text("body")).into_bytes();
    Seen { call, method: text("method"), path: text("path"), bytes }
}

/// OpStateExt with a state of the operation that no document lists (100 is "paid"; Robokassa, XML interfaces page).
fn with_an_unknown_state_in_xml(reply: Reply) -> Reply {
    let body =
        String::from_utf8_lossy(&reply.body).replace("<Code>100</Code>", "<Code>42</Code>").into_bytes();
    Reply { body, ..reply }
}

/// An order's status with a number and a word that no document lists.
fn with_an_unknown_state_in_json(reply: Reply) -> Reply {
    let Ok(Value::Object(mut order)) = serde_json::from_slice(&reply.body) else { return reply };
    order.insert("orderStatus".to_owned(), json!(42));
    if let Some(Value::Object(sums)) = order.get_mut("paymentAmountInfo") {
        sums.insert("paymentState".to_owned(), json!("SUSPENDED"));
    }
    Reply { body: Value::Object(order).to_string().into_bytes(), ..reply }
}

/// Receipt lines as Robokassa registers them: roubles as text with two decimals.
fn robokassa_items(cart: &Cart) -> Vec<Value> {
    let lines = cart.lines.iter().map(|line| {
        let roubles = line.amount.map(Money::to_major_string).unwrap_or_default();
        json!({"name": line.name, "quantity": line.quantity.thousandths() / 1_000, "sum": roubles, "tax": "vat20"})
    });
    lines.collect()
}

/// Cart lines as Sber registers them: minor units.
fn sber_items(cart: &Cart) -> Vec<Value> {
    let lines = cart.lines.iter().map(|line| {
        let measure = line.measure.as_ref().map_or("шт", |measure| measure.0.as_str());
        json!({
            "positionId": line.position, "name": line.name, "itemCode": line.code,
            "quantity": {"value": line.quantity.thousandths() / 1_000, "measure": measure},
            "itemPrice": line.price.map(Money::minor), "itemAmount": line.amount.map(Money::minor),
        })
    });
    lines.collect()
}
