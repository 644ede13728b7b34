//! A small correct provider for the toy gateway, and every way in which it can be broken on purpose.
//!
//! `Good` is the provider; each other [`Mutant`] changes one thing, marked by `self.is(..)`.

use crate::{
    breakers::forged,
    flavour::{Flavour, ID},
    gateway::{TOKEN, seal},
    lines::Lines,
};
use async_trait::async_trait;
use refund_core::{
    AccountId, Callback, Capabilities, Cart, Certainty, CheckedRefund, Currency, Decline, Descriptor, Doubt,
    DoubtReason, Exchange, Fired, Line, LineageKey, LookupError, Message, MessageDef, Method, Money, NotSent,
    NotSentReason, Notice, Notifications, NotifyError, Opaque, Opened, Payment, PaymentId, PaymentRef,
    PaymentState, Prepared, Probe, ProbeReport, ProviderRef, Quantity, ReadError, ReceiptChoice,
    RefundOutcome, RefundProvider, RefundState, Reply, Request, SendPermit, StatusError, StatusQuery,
    StatusReport, Submission, Support, Transport, Verdict, Violation, Violations,
    refund::Extent,
    rules::{Evidence, RuleDef},
};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// One thing that is wrong with the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutant {
    Good,
    // --- requests
    NewKeyPerAttempt,
    KeyOfThePayment,
    NoKey,
    FloatMoney,
    WrongSumForPartial,
    FullIsAKopeckShort,
    RestIsEverything,
    ImpurePrepare,
    OpensAnything,
    UnreachableIsADoubt,
    // --- rules
    CartIgnored,
    HeldIsPaid,
    ReceiptIgnored,
    PenaltyIgnored,
    PenaltyDropped,
    AnyCurrency,
    OnceIgnored,
    PartsIgnored,
    // --- outcomes
    UnknownAsDeclined,
    DeclinedAsUnknown,
    DeclinedAsAccepted,
    MessageSwallowed,
    SuccessOnHtml,
    SuccessOnGarbage,
    SuccessOnEmpty,
    SuccessWithoutReference,
    SuccessOnHalfABody,
    SuccessOnServerError,
    SuccessOnLostConnection,
    RateLimitIsAccepted,
    // --- questions
    LookupIsAKopeckShort,
    LookupOfAnybody,
    LookupMakesItUp,
    LookupHidesRefunds,
    UnknownWordIsPaid,
    PanicOnUnknownLabel,
    StatusWithoutAmount,
    StatusMakesItUp,
    StatusNeverSettles,
    StatusOfAnything,
    CanceledIsSettled,
    ProbeSeesNothing,
    ProbeSeesEverything,
    ProbeResends,
    BlindGuess,
    // --- callbacks, description, secrets
    NoVerifier,
    BelievesForged,
    BelievesGarbage,
    BelievesNobody,
    DescribesItselfTwice,
    PasswordInDebug,
    PasswordInEvidence,
}

pub(crate) struct ToyProvider {
    mutant: Mutant,
    flavour: Flavour,
    transport: Arc<dyn Transport>,
    descriptor: Descriptor,
    other: Descriptor,
    counter: AtomicU64,
}

impl fmt::Debug for ToyProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = if self.is(Mutant::PasswordInDebug) { TOKEN } else { "***" };
        f.debug_struct("ToyProvider").field("flavour", &self.flavour).field("token", &token).finish()
    }
}

impl ToyProvider {
    pub(crate) fn new(mutant: Mutant, flavour: Flavour, transport: Arc<dyn Transport>) -> Self {
        let descriptor = flavour.descriptor();
        let other = Descriptor { dialect: "other", ..descriptor.clone() };
        Self { mutant, flavour, transport, descriptor, other, counter: AtomicU64::new(0) }
    }

    fn is(&self, mutant: Mutant) -> bool {
        self.mutant == mutant
    }

    fn can(&self) -> &Capabilities {
        &self.descriptor.capabilities
    }

    fn request(&self, method: Method, path: &str, body: Vec<u8>) -> Request {
        let headers = vec![("authorization", format!("Bearer {TOKEN}"))];
        Request { method, url: format!("https://toy.example/{path}"), headers, body }
    }

    async fn get(&self, path: &str) -> Result<Reply, ReadError> {
        self.transport.read(self.request(Method::Get, path, Vec::new())).await
    }

    fn violations(&self, refund: &CheckedRefund, payment: &Payment) -> Option<Violations> {
        let can = self.can();
        let refunded = payment.refunded.is_some_and(|refunded| refunded.is_positive());
        let whole = refund.amount() == payment.captured;
        let broken = [
            (&TOY_FULL, can.full == Support::No && refund.extent() != Extent::Part),
            (&TOY_PART, can.partial == Support::No && !whole && !self.is(Mutant::PartsIgnored)),
            (&TOY_ONCE, can.several == Support::No && refunded && !self.is(Mutant::OnceIgnored)),
            (&TOY_CART, payment.cart.is_some() && !whole && !self.is(Mutant::CartIgnored)),
            (
                &TOY_RECEIPT,
                can.receipts == Support::No
                    && refund.receipt() != ReceiptChoice::None
                    && !self.is(Mutant::ReceiptIgnored),
            ),
            (
                &TOY_PENALTY,
                can.penalty == Support::No
                    && refund.command().penalty.is_some()
                    && !self.is(Mutant::PenaltyIgnored),
            ),
            (&TOY_CURRENCY, refund.amount().currency() != Currency::RUB && !self.is(Mutant::AnyCurrency)),
        ];
        let found = broken.into_iter().filter(|(_, broken)| *broken);
        let found = found.map(|(rule, _)| Violation::new(rule, "amount", Message::new(&REFUSED)));
        Violations::found(found.collect())
    }

    /// What the request asks for, in kopecks.
    fn minor(&self, refund: &CheckedRefund, payment: &Payment) -> i64 {
        let minor = refund.amount().minor();
        match self.mutant {
            Mutant::FloatMoney => through_roubles(minor),
            Mutant::WrongSumForPartial if refund.extent() == Extent::Part => minor + 100,
            Mutant::FullIsAKopeckShort if refund.extent() == Extent::Untouched => minor - 1,
            Mutant::RestIsEverything if refund.extent() == Extent::Remainder => payment.captured.minor(),
            _ => minor,
        }
    }

    /// The bytes that go out: what was prepared, unless something is wrong.
    fn body(&self, prepared: &Prepared) -> Vec<u8> {
        let bytes = prepared.payload().bytes().to_vec();
        match self.mutant {
            Mutant::NewKeyPerAttempt => {
                let fresh = self.counter.fetch_add(1, Ordering::SeqCst);
                let text =
                    String::from_utf8_lossy(&bytes).replace("key conformance", &format!("key fresh{fresh}x"));
                text.into_bytes()
            }
            _ => bytes,
        }
    }

    fn key_line(&self, payment: &PaymentId, key: &LineageKey) -> String {
        match self.mutant {
            Mutant::NoKey => String::new(),
            Mutant::KeyOfThePayment => format!("key p{payment}\n"),
            _ => format!("key {}\n", key.as_str()),
        }
    }

    fn decode(&self) -> impl FnOnce(Fired) -> Submission + Send + use<> {
        let mutant = self.mutant;
        move |fired| {
            let (outcome, body) = match fired {
                Fired::NotSent(proof) => return Submission::NotSent(proof),
                Fired::Reply(reply) => (outcome(mutant, &reply), reply.body),
                Fired::MaybeSent { why, partial_body, .. } => (lost(mutant, why), partial_body),
            };
            let body = match mutant {
                Mutant::PasswordInEvidence => body,
                _ => String::from_utf8_lossy(&body).replace(TOKEN, "***").into_bytes(),
            };
            Submission::Outcome { outcome, evidence: Opaque::cut("toy/reply@1", body) }
        }
    }

    async fn read_payment(&self, payment: &PaymentRef) -> Result<Payment, LookupError> {
        if payment.provider != ID && !self.is(Mutant::LookupOfAnybody) {
            return Err(LookupError::NotOurs { detail: payment.to_string() });
        }
        let reply = self.get(&format!("payments/{}", payment.payment)).await;
        if self.is(Mutant::LookupMakesItUp) {
            let body = reply.map(|reply| reply.body).unwrap_or_default();
            return Ok(self.payment(&body).unwrap_or_else(|| blank(PaymentState::Captured, 123_456)));
        }
        let reply = reply?;
        match reply.status {
            200 => {
                let detail = format!("{reply:?}");
                self.payment(&reply.body).ok_or(LookupError::CannotTell { detail })
            }
            404 => Err(LookupError::NotFound { detail: "404".to_owned() }),
            status => Err(LookupError::CannotTell { detail: format!("HTTP {status}") }),
        }
    }

    fn payment(&self, body: &[u8]) -> Option<Payment> {
        let lines = Lines::parse(body)?;
        let state = match lines.get("state")? {
            "paid" => PaymentState::Captured,
            "held" if self.is(Mutant::HeldIsPaid) => PaymentState::Captured,
            "held" => PaymentState::Held,
            other if self.is(Mutant::PanicOnUnknownLabel) => panic!("no such state: {other}"),
            _ if self.is(Mutant::UnknownWordIsPaid) => PaymentState::Captured,
            other => PaymentState::Other(other.to_owned()),
        };
        let captured = lines.number("captured")?;
        let captured = if self.is(Mutant::LookupIsAKopeckShort) { captured - 1 } else { captured };
        let mut payment = blank(state, captured);
        let hidden = !self.flavour.shows_refunds() || self.is(Mutant::LookupHidesRefunds);
        payment.refunded = if hidden { None } else { Some(Money::rub(lines.number("refunded")?)) };
        let cart: Option<Vec<_>> = lines
            .iter()
            .filter_map(|(name, value)| name.strip_prefix("line-").map(|position| line(position, value)))
            .collect();
        payment.cart = cart.filter(|lines| !lines.is_empty()).map(|lines| Cart { lines });
        Some(payment)
    }
}

fn blank(state: PaymentState, captured: i64) -> Payment {
    Payment::new(Money::rub(captured), state, Opaque::cut("toy/payment@1", Vec::new()))
}

fn line(position: &str, value: &str) -> Option<Line> {
    let mut words = value.splitn(3, ' ');
    let quantity = Quantity::from_thousandths(words.next()?.parse().ok()?);
    let amount = Some(Money::rub(words.next()?.parse().ok()?));
    let (position, name) = (position.to_owned(), words.next()?.to_owned());
    Some(Line { amount, ..Line::new(position, name, quantity) })
}

const fn toy(id: &'static str) -> RuleDef {
    RuleDef::new(id, Evidence::Guess, SENTENCES, "made up")
}

static TOY_FULL: RuleDef = toy("toy-full");
static TOY_PART: RuleDef = toy("toy-part");
static TOY_ONCE: RuleDef = toy("toy-once");
static TOY_CART: RuleDef = toy("toy-cart");
static TOY_RECEIPT: RuleDef = toy("toy-receipt");
static TOY_PENALTY: RuleDef = toy("toy-penalty");
static TOY_CURRENCY: RuleDef = toy("toy-currency");

const SENTENCES: &[&MessageDef] = &[&REFUSED];
static REFUSED: MessageDef = MessageDef { id: "toy-refused", en: "No.", ru: "Нет." };

#[expect(
    clippy::float_arithmetic,
    clippy::disallowed_types,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "the mutant that shows why"
)]
fn through_roubles(minor: i64) -> i64 {
    let roubles: f64 = minor as f64 / 100.0;
    (roubles * 100.0) as i64
}

fn doubt(why: DoubtReason) -> RefundOutcome {
    RefundOutcome::Unknown(Doubt::new(why, "nobody can tell"))
}

fn declined(code: &str, text: &str) -> RefundOutcome {
    let (code, text) = (code.to_owned(), text.to_owned());
    RefundOutcome::Declined(Decline { code, text, certainty: Certainty::Final, hints: Vec::new() })
}

fn lost(mutant: Mutant, why: DoubtReason) -> RefundOutcome {
    match (mutant, why) {
        (Mutant::UnknownAsDeclined, _) => declined("timeout", "it failed"),
        (Mutant::SuccessOnHalfABody, DoubtReason::TruncatedReply) => RefundOutcome::Settled(None),
        (Mutant::SuccessOnLostConnection, DoubtReason::ConnectionLost) => RefundOutcome::Settled(None),
        _ => doubt(why),
    }
}

fn outcome(mutant: Mutant, reply: &Reply) -> RefundOutcome {
    let lines = Lines::parse(&reply.body);
    let is_page = reply.body.starts_with(b"<");
    match (mutant, reply.status) {
        (Mutant::UnknownAsDeclined, 500..) => return declined("500", "it failed"),
        (Mutant::SuccessOnServerError, 500..) => return RefundOutcome::Settled(None),
        (Mutant::RateLimitIsAccepted, 429) => return RefundOutcome::Settled(None),
        (Mutant::SuccessOnHtml, 200) if is_page => return RefundOutcome::Settled(None),
        (Mutant::SuccessOnEmpty, 200) if reply.body.is_empty() => return RefundOutcome::Settled(None),
        (Mutant::SuccessOnGarbage, 200) if reply.body.first() == Some(&0xff) => {
            return RefundOutcome::Settled(None);
        }
        (Mutant::DeclinedAsUnknown, 422) => return doubt(DoubtReason::Status(422)),
        (Mutant::DeclinedAsAccepted, 422) => return RefundOutcome::Settled(None),
        (Mutant::MessageSwallowed, 422) => return declined("error", ""),
        _ => {}
    }
    match (reply.status, lines) {
        (200, _) if reply.body.is_empty() => doubt(DoubtReason::EmptyReply),
        (200, None) => doubt(DoubtReason::UnreadableReply),
        (200, Some(lines)) => match lines.get("id") {
            Some(id) => RefundOutcome::Accepted(ProviderRef(Opaque::cut("toy/reference@1", id.into()))),
            None if mutant == Mutant::SuccessWithoutReference => RefundOutcome::Settled(None),
            None => doubt(DoubtReason::MissingReference),
        },
        (422, Some(lines)) => match lines.get("code") {
            Some(code) => declined(code, lines.get("text").unwrap_or_default()),
            None => doubt(DoubtReason::Status(422)),
        },
        (status, _) => doubt(DoubtReason::Status(status)),
    }
}

#[async_trait]
impl RefundProvider for ToyProvider {
    fn describe(&self) -> &Descriptor {
        let odd = self.counter.load(Ordering::SeqCst) % 2 == 1;
        if !self.is(Mutant::DescribesItselfTwice) {
            return &self.descriptor;
        }
        self.counter.fetch_add(1, Ordering::SeqCst);
        if odd { &self.other } else { &self.descriptor }
    }

    async fn lookup(&self, payment: &PaymentRef) -> Result<Payment, LookupError> {
        self.read_payment(payment).await
    }

    fn prepare(
        &self,
        refund: &CheckedRefund,
        payment: &Payment,
        key: &LineageKey,
    ) -> Result<Prepared, Violations> {
        if let Some(violations) = self.violations(refund, payment) {
            return Err(violations);
        }
        let (id, minor) = (&refund.payment().payment, self.minor(refund, payment));
        let key = self.key_line(id, key);
        let mut body = format!("payment {id}\nminor {minor}\n{key}");
        if refund.receipt() == ReceiptChoice::Cart {
            body.push_str("receipt cart\n");
        }
        if let Some(penalty) = refund.command().penalty.filter(|_| !self.is(Mutant::PenaltyDropped)) {
            body.push_str(&format!("penalty {}\n", penalty.minor()));
        }
        if self.is(Mutant::ImpurePrepare) {
            body.push_str(&format!("at {}\n", self.counter.fetch_add(1, Ordering::SeqCst)));
        }
        Ok(Prepared::new(Opaque::cut("toy/refund@1", body.into_bytes())))
    }

    async fn open(&self, prepared: &Prepared) -> Result<Box<dyn Opened>, NotSent> {
        if prepared.payload().schema() != "toy/refund@1" && !self.is(Mutant::OpensAnything) {
            return Err(NotSent::new(NotSentReason::Unusable, "not a refund of the toy"));
        }
        let request = self.request(Method::Post, "refunds", self.body(prepared));
        let digest = prepared.digest();
        match self.transport.open(request).await {
            Ok(ready) => Ok(Box::new(Exchange::new(ready, digest, self.decode()))),
            Err(_) if self.is(Mutant::UnreachableIsADoubt) => Ok(Box::new(Shrug(prepared.digest()))),
            Err(proof) => Err(proof),
        }
    }

    async fn status(&self, query: &StatusQuery<'_>) -> Result<StatusReport, StatusError> {
        let unreadable = || StatusError::Unreadable { detail: "not a refund of the toy".to_owned() };
        if query.reference.0.schema() != "toy/reference@1" && !self.is(Mutant::StatusOfAnything) {
            return Err(unreadable());
        }
        let id = String::from_utf8_lossy(query.reference.0.bytes()).into_owned();
        let reply = self.get(&format!("refunds/{id}")).await;
        let report = |state| StatusReport { state, evidence: Opaque::cut("toy/reply@1", Vec::new()) };
        let broken =
            !reply.as_ref().is_ok_and(|reply| reply.status == 200 && Lines::parse(&reply.body).is_some());
        if self.is(Mutant::StatusMakesItUp) && broken {
            return Ok(report(RefundState::Processing));
        }
        let reply = reply?;
        let lines = Lines::parse(&reply.body).filter(|_| reply.status == 200).ok_or_else(unreadable)?;
        let (told, word) = lines.number("minor").zip(lines.get("state")).ok_or_else(unreadable)?;
        let other = lines.get("id") != Some(&id) || Money::rub(told) != query.amount;
        Ok(report(match word {
            _ if other && !self.is(Mutant::StatusWithoutAmount) => {
                RefundState::Mismatch { detail: format!("{} asked, {told} told", query.amount) }
            }
            "done" if self.is(Mutant::StatusNeverSettles) => RefundState::Processing,
            "canceled" if self.is(Mutant::CanceledIsSettled) => RefundState::Settled,
            "done" => RefundState::Settled,
            "processing" => RefundState::Processing,
            "canceled" => RefundState::Canceled,
            other if self.is(Mutant::PanicOnUnknownLabel) => panic!("no such state: {other}"),
            _ if self.is(Mutant::UnknownWordIsPaid) => RefundState::Processing,
            other => RefundState::Unrecognised { label: other.to_owned() },
        }))
    }

    async fn probe(&self, probe: &Probe<'_>) -> ProbeReport {
        let verdict = match self.mutant {
            Mutant::ProbeSeesNothing | Mutant::BlindGuess => Verdict::NotSeen,
            Mutant::ProbeSeesEverything => Verdict::Happened(None),
            _ => self.look_after(probe).await,
        };
        if self.is(Mutant::ProbeResends) {
            let opened = self.open(probe.prepared).await.expect("the toy listens");
            let _ = opened.fire(forged(probe.prepared.digest()).await).await;
        }
        ProbeReport { verdict, evidence: Opaque::cut("toy/reply@1", Vec::new()) }
    }

    fn notifications(&self) -> Option<&dyn Notifications> {
        (self.can().callbacks == Support::Yes && !self.is(Mutant::NoVerifier)).then_some(self)
    }
}

impl ToyProvider {
    async fn look_after(&self, probe: &Probe<'_>) -> Verdict {
        let now = match self.read_payment(probe.payment).await {
            Ok(payment) => payment.refunded,
            Err(error) => return Verdict::Unreadable { detail: error.to_string() },
        };
        let grown = now.zip(probe.baseline.refunded).map(|(now, before)| now.minor() - before.minor());
        match grown {
            Some(0) => Verdict::NotSeen,
            Some(grown) if grown == probe.amount.minor() => Verdict::Happened(None),
            other => Verdict::CannotTell { detail: format!("{other:?}") },
        }
    }
}

impl Notifications for ToyProvider {
    fn verify(&self, raw: &Callback) -> Result<Notice, NotifyError> {
        let unreadable = || NotifyError::Unreadable("not the toy's lines".to_owned());
        let account = AccountId::parse("shop").expect("letters");
        let about = |id: &str| PaymentRef {
            provider: ID,
            account: account.clone(),
            payment: PaymentId::parse(id).unwrap_or_else(|_| PaymentId::parse("0").expect("a number")),
        };
        let told = Lines::parse(&raw.body).and_then(|lines| lines.get("payment").zip(lines.get("seal")));
        match told {
            None if self.is(Mutant::BelievesGarbage) => Ok(Notice { payment: about("1"), reference: None }),
            None => Err(unreadable()),
            Some(_) if self.is(Mutant::BelievesNobody) => Err(NotifyError::Irrelevant),
            Some((id, given)) if given == seal(id, TOKEN) || self.is(Mutant::BelievesForged) => {
                Ok(Notice { payment: about(id), reference: None })
            }
            Some(_) => Err(NotifyError::Forged),
        }
    }
}

/// Takes a permit and shrugs.
struct Shrug(refund_core::Digest);

#[async_trait]
impl Opened for Shrug {
    fn digest(&self) -> refund_core::Digest {
        self.0
    }

    async fn fire(self: Box<Self>, _: SendPermit) -> Submission {
        Submission::Outcome {
            outcome: doubt(DoubtReason::Timeout),
            evidence: Opaque::cut("toy/reply@1", Vec::new()),
        }
    }
}
