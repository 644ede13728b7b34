//! A gateway that does what the test wrote down, and keeps a list of what it was asked.

use async_trait::async_trait;
use refund_core::{
    Callback, Capabilities, CartNeed, CartPolicy, Certainty, CheckedRefund, Clock, Currency, Decline,
    Descriptor, Digest, Doubt, DoubtReason, LineageKey, LookupError, MessageDef, Money, Name, NotSent,
    NotSentReason, Notice, Notifications, NotifyError, Opaque, Opened, OperatorTexts, Payment, PaymentRef,
    PaymentState, Prepared, Probe, ProbeReport, ProviderId, ProviderRef, ReadError, RefundOutcome,
    RefundProvider, RefundState, SelfFencing, SendPermit, StatusError, StatusQuery, StatusReport, Submission,
    Support, Tier, Timing, Traffic, Verdict, Violations,
};
use refund_engine::ManualClock;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

static TEXT: MessageDef = MessageDef { id: "acme", en: "acme", ru: "acme" };
static POLL: [Duration; 3] = [Duration::from_secs(10), Duration::from_secs(20), Duration::from_secs(30)];

/// Polls after 10, 20 and 30 seconds, a window of 900, looks 60 apart.
pub(crate) fn descriptor(tier: Tier) -> Descriptor {
    Descriptor {
        id: ProviderId::from_static("acme"),
        name: Name { en: "Acme", ru: "Acme" },
        dialect: "test",
        capabilities: Capabilities {
            full: Support::Yes,
            partial: Support::Yes,
            several: Support::Yes,
            cart: Support::No,
            penalty: Support::No,
            loyalty: Support::No,
            receipts: Support::No,
            callbacks: Support::No,
            currencies: &[Currency::RUB],
        },
        tier,
        self_fencing: SelfFencing::Off,
        timing: Timing {
            poll: &POLL,
            settle: Duration::from_secs(900),
            confirm_gap: Duration::from_secs(60),
        },
        traffic: Traffic::UNLIMITED,
        cart: CartPolicy::new(CartNeed::ForReceiptOnly),
        texts: OperatorTexts { cabinet: &TEXT, support: &TEXT },
    }
}

pub(crate) fn data(schema: &'static str, text: &str) -> Opaque {
    Opaque::new(schema, text.as_bytes().to_vec()).expect("short")
}

pub(crate) fn words(data: &Opaque) -> String {
    String::from_utf8(data.bytes().to_vec()).expect("test data is text")
}

/// What happens while the gateway is asked.
pub(crate) type Meanwhile = Box<dyn FnOnce() -> futures_util::future::BoxFuture<'static, ()> + Send>;

/// Answers in the order they were written; the last of a kind goes on for ever.
struct Script<T>(VecDeque<T>);

impl<T> Default for Script<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T: Clone> Script<T> {
    fn next(&mut self) -> T {
        match self.0.len() {
            0 => panic!("the test wrote no answer"),
            1 => self.0[0].clone(),
            _ => self.0.pop_front().expect("two or more"),
        }
    }
}

#[derive(Default)]
struct Book {
    asked: Vec<String>,
    lookups: Script<Result<Payment, LookupError>>,
    opens: Script<Option<NotSent>>,
    fires: Script<Submission>,
    statuses: Script<Result<RefundState, StatusError>>,
    probes: Script<Verdict>,
    meanwhile: Option<Meanwhile>,
    opening: Option<Meanwhile>,
    firing: Option<Meanwhile>,
    /// When each line of `asked` was written, in milliseconds.
    times: Vec<u64>,
    /// Calls under way, and the most there were.
    under_way: usize,
    most: usize,
}

/// The gateway.
#[derive(Clone)]
pub(crate) struct Acme {
    descriptor: Descriptor,
    clock: ManualClock,
    book: Arc<Mutex<Book>>,
    verifier: Option<Verifier>,
}

impl Acme {
    /// Shows 1000.00 captured and nothing refunded, connects, and answers "settled".
    pub(crate) fn new(tier: Tier, clock: &ManualClock) -> Self {
        let acme =
            Self { descriptor: descriptor(tier), clock: clock.clone(), book: Arc::default(), verifier: None };
        acme.looks([Ok(shown(100_000, Some(0)))]);
        acme.opens([None]);
        acme.answers([settled()]);
        acme
    }

    pub(crate) fn fenced(mut self) -> Self {
        self.descriptor.self_fencing = SelfFencing::On;
        self
    }

    pub(crate) fn calling(mut self, verify: Verify) -> Self {
        self.verifier = Some(Verifier(verify));
        self
    }

    pub(crate) fn bearing(mut self, traffic: Traffic) -> Self {
        self.descriptor.traffic = traffic;
        self
    }

    pub(crate) fn looks(&self, answers: impl IntoIterator<Item = Result<Payment, LookupError>>) {
        self.book().lookups.0 = answers.into_iter().collect();
    }

    pub(crate) fn opens(&self, answers: impl IntoIterator<Item = Option<NotSent>>) {
        self.book().opens.0 = answers.into_iter().collect();
    }

    pub(crate) fn answers(&self, answers: impl IntoIterator<Item = Submission>) {
        self.book().fires.0 = answers.into_iter().collect();
    }

    pub(crate) fn tells(&self, answers: impl IntoIterator<Item = Result<RefundState, StatusError>>) {
        self.book().statuses.0 = answers.into_iter().collect();
    }

    pub(crate) fn shows(&self, answers: impl IntoIterator<Item = Verdict>) {
        self.book().probes.0 = answers.into_iter().collect();
    }

    /// Something happens during the next lookup, after it has read.
    pub(crate) fn meanwhile(&self, happens: Meanwhile) {
        self.book().meanwhile = Some(happens);
    }

    /// Something happens while the next connection is made.
    pub(crate) fn while_opening(&self, happens: Meanwhile) {
        self.book().opening = Some(happens);
    }

    /// Something happens between the next request's last byte and its answer.
    pub(crate) fn while_firing(&self, happens: Meanwhile) {
        self.book().firing = Some(happens);
    }

    /// The most calls that were under way at once.
    pub(crate) fn most(&self) -> usize {
        self.book().most
    }

    /// When it was asked what, in milliseconds of its clock.
    pub(crate) fn times(&self) -> Vec<(u64, String)> {
        let book = self.book();
        book.times.iter().copied().zip(book.asked.iter().cloned()).collect()
    }

    /// What it was asked so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.book().asked.clone()
    }

    /// How often money was asked for.
    pub(crate) fn fired(&self) -> usize {
        self.book().asked.iter().filter(|line| line.starts_with("fire")).count()
    }

    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.book.lock().expect("no panic while writing")
    }

    fn note(&self, line: impl Into<String>) {
        let now = self.clock.now().millis;
        let mut book = self.book();
        book.asked.push(line.into());
        book.times.push(now);
    }

    /// Counted from now until the guard is dropped.
    fn busy(&self) -> Busy {
        let mut book = self.book();
        book.under_way += 1;
        book.most = book.most.max(book.under_way);
        Busy(self.clone())
    }
}

struct Busy(Acme);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.book().under_way -= 1;
    }
}

/// A payment in roubles.
pub(crate) fn shown(captured: i64, refunded: Option<i64>) -> Payment {
    let mut payment =
        Payment::new(Money::rub(captured), PaymentState::Captured, data("acme/payment@1", "what it showed"));
    payment.refunded = refunded.map(Money::rub);
    payment
}

pub(crate) fn refused() -> NotSent {
    NotSent::new(NotSentReason::Refused, "nobody listens")
}

fn outcome(outcome: RefundOutcome) -> Submission {
    Submission::Outcome { outcome, evidence: data("acme/reply@1", "the reply") }
}

pub(crate) fn settled() -> Submission {
    outcome(RefundOutcome::Settled(None))
}

pub(crate) fn accepted(reference: &str) -> Submission {
    outcome(RefundOutcome::Accepted(reference_of(reference)))
}

pub(crate) fn declined(certainty: Certainty) -> Submission {
    let decline = Decline { code: "5".into(), text: "no".into(), certainty, hints: Vec::new() };
    outcome(RefundOutcome::Declined(decline))
}

pub(crate) fn timeout() -> Submission {
    outcome(RefundOutcome::Unknown(Doubt::new(DoubtReason::Timeout, "no answer in 90 s")))
}

pub(crate) fn status(code: u16) -> Submission {
    outcome(RefundOutcome::Unknown(Doubt::new(DoubtReason::Status(code), "a status")))
}

pub(crate) fn cut(reference: &str) -> Submission {
    let mut doubt = Doubt::new(DoubtReason::TruncatedReply, "cut after 20 bytes");
    doubt.salvaged = Some(reference_of(reference));
    outcome(RefundOutcome::Unknown(doubt))
}

pub(crate) fn reference_of(text: &str) -> ProviderRef {
    ProviderRef(data("acme/reference@1", text))
}

pub(crate) fn no_answer() -> ReadError {
    ReadError::NoAnswer("it hung up".to_owned())
}

#[async_trait]
impl RefundProvider for Acme {
    fn describe(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn lookup(&self, _: &PaymentRef) -> Result<Payment, LookupError> {
        let _busy = self.busy();
        tokio::task::yield_now().await;
        self.note("lookup");
        let (answer, meanwhile) = {
            let mut book = self.book();
            (book.lookups.next(), book.meanwhile.take())
        };
        if let Some(happens) = meanwhile {
            happens().await;
        }
        tokio::task::yield_now().await;
        answer
    }

    fn prepare(&self, refund: &CheckedRefund, _: &Payment, key: &LineageKey) -> Result<Prepared, Violations> {
        Ok(Prepared::new(data("acme/refund@1", &format!("{key} {}", refund.amount().minor()))))
    }

    async fn open(&self, prepared: &Prepared) -> Result<Box<dyn Opened>, NotSent> {
        tokio::task::yield_now().await;
        self.note("open");
        let (answer, opening) = {
            let mut book = self.book();
            (book.opens.next(), book.opening.take())
        };
        if let Some(happens) = opening {
            happens().await;
        }
        tokio::task::yield_now().await;
        match answer {
            Some(not_sent) => Err(not_sent),
            None => Ok(Box::new(Line { acme: self.clone(), prepared: prepared.clone() })),
        }
    }

    async fn status(&self, query: &StatusQuery<'_>) -> Result<StatusReport, StatusError> {
        tokio::task::yield_now().await;
        self.note(format!("status of {}, {}", words(&query.reference.0), query.amount.minor()));
        let answer = self.book().statuses.next();
        let number = self.book().asked.len();
        answer
            .map(|state| StatusReport { state, evidence: data("acme/status@1", &format!("answer {number}")) })
    }

    async fn probe(&self, probe: &Probe<'_>) -> ProbeReport {
        tokio::task::yield_now().await;
        let before = probe.baseline.refunded.map(Money::minor);
        let salvaged = probe.salvaged.map(|known| words(&known.0));
        self.note(format!(
            "probe {} before {before:?} data {:?} salvaged {salvaged:?}",
            probe.amount.minor(),
            words(&probe.baseline.data)
        ));
        let fired = self.fired() > 0;
        let mut book = self.book();
        let verdict = match book.probes.0.is_empty() {
            // Unless the test says otherwise it shows what was asked of it.
            true if fired => Verdict::Happened(None),
            true => Verdict::NotSeen,
            false => book.probes.next(),
        };
        drop(book);
        ProbeReport { verdict, evidence: data("acme/look@1", "what was seen") }
    }

    fn notifications(&self) -> Option<&dyn Notifications> {
        self.verifier.as_ref().map(|verifier| verifier as &dyn Notifications)
    }
}

type Verify = fn(&Callback) -> Result<Notice, NotifyError>;

/// Believes what the test says.
#[derive(Clone)]
struct Verifier(Verify);

impl Notifications for Verifier {
    fn verify(&self, raw: &Callback) -> Result<Notice, NotifyError> {
        (self.0)(raw)
    }
}

struct Line {
    acme: Acme,
    prepared: Prepared,
}

#[async_trait]
impl Opened for Line {
    fn digest(&self) -> Digest {
        self.prepared.digest()
    }

    async fn fire(self: Box<Self>, permit: SendPermit) -> Submission {
        let _busy = self.acme.busy();
        tokio::task::yield_now().await;
        if let Err(expired) = permit.spend(&self.acme.clock) {
            return Submission::NotSent(expired);
        }
        self.acme.note(format!("fire {}", words(self.prepared.payload())));
        let (answer, firing) = {
            let mut book = self.acme.book();
            (book.fires.next(), book.firing.take())
        };
        if let Some(happens) = firing {
            happens().await;
        }
        tokio::task::yield_now().await;
        answer
    }
}

/// Time by the same clock.
pub(crate) fn seconds(clock: &ManualClock, from: refund_core::Moment) -> u64 {
    from.until(clock.now()).expect("one boot").as_secs()
}
