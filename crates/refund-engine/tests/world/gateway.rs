//! The pretended gateways: one provider over the ledger, of three kinds, with faults on every edge.
//!
//! Late requests arrive within the settle window after their permit's deadline (G2), reads lag by less than the gap
//! between two agreeing looks, and the balance is kept atomically (G1): what the engine assumes, and no more.

use crate::{
    ledger::{CAPTURED, payment},
    line::Line,
    process::Leash,
    stores::Truth,
    world::{Shared, World},
};
use async_trait::async_trait;
use refund_core::{
    Actors, Capabilities, CartNeed, CartPolicy, CheckedRefund, Currency, Descriptor, KeyTrust, LineageKey,
    LookupError, MessageDef, Money, Name, NotSent, NotSentReason, Notifications, Opaque, Opened,
    OperatorTexts, Payment, PaymentRef, PaymentState, Prepared, Probe, ProbeReport, ProviderId, ProviderRef,
    ReadError, RefundProvider, RefundState, SelfFencing, StatusError, StatusQuery, StatusReport, Support,
    Tier, Timing, Traffic, Verdict, Violations,
};
use std::{sync::Arc, time::Duration};

/// How long a request may be under way after its permit's deadline, in milliseconds.
pub(crate) const DELAY: u64 = 900_000;
/// How far a read may lag, in milliseconds.
pub(crate) const LAG: u64 = 60_000;

/// How a gateway or the shop that uses it behaves.
#[derive(Clone)]
pub(crate) struct Gateway {
    pub(crate) name: &'static str,
    pub(crate) descriptor: Descriptor,
    /// Answers "done" at once, or takes a refund and works on it.
    pub(crate) at_once: bool,
    /// Others refund this payment in the cabinet.
    pub(crate) strangers: bool,
    /// How far its reads may lag, in milliseconds.
    pub(crate) lag: u64,
    /// How often they do, per mille.
    pub(crate) lags: u64,
    /// A provider broken on purpose.
    pub(crate) defect: Option<Defect>,
}

/// What a provider must not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    /// Sends again when the connection was lost.
    RetriesInside,
    /// Asks the gateway with another key each time.
    NewKeyPerAttempt,
    /// Takes a refusal that may be a system error for proof.
    ConfirmIsFinal,
    /// Takes "no answer" for "refused".
    TimeoutIsDeclined,
    /// Sends after the permit's deadline.
    IgnoresDeadline,
    /// Compares with what it read after the doubt, not with the baseline.
    ReadsBaselineAfterDoubt,
}

static TEXT: MessageDef = MessageDef { id: "world", en: "world", ru: "world" };

static POLL: [Duration; 4] =
    [Duration::from_secs(10), Duration::from_secs(60), Duration::from_secs(300), Duration::from_secs(3_600)];

fn descriptor(tier: Tier) -> Descriptor {
    Descriptor {
        id: ProviderId::from_static("world"),
        name: Name { en: "world", ru: "world" },
        dialect: "world",
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
            settle: Duration::from_millis(DELAY),
            confirm_gap: Duration::from_millis(LAG),
        },
        traffic: Traffic::UNLIMITED,
        cart: CartPolicy::new(CartNeed::ForReceiptOnly),
        texts: OperatorTexts { cabinet: &TEXT, support: &TEXT },
    }
}

impl Gateway {
    fn new(name: &'static str, tier: Tier) -> Self {
        Self {
            name,
            descriptor: descriptor(tier),
            at_once: true,
            strangers: false,
            lag: LAG - 1,
            lags: 300,
            defect: None,
        }
    }

    pub(crate) fn readable() -> Self {
        Self::new("readable", Tier::Readable(Actors::OnlyUs))
    }

    pub(crate) fn shared() -> Self {
        Self { strangers: true, ..Self::new("shared", Tier::Readable(Actors::Shared)) }
    }

    pub(crate) fn blind() -> Self {
        Self { strangers: true, at_once: false, ..Self::new("blind", Tier::Blind) }
    }

    pub(crate) fn verified() -> Self {
        Self {
            strangers: true,
            at_once: false,
            ..Self::new("verified", Tier::Keyed { trust: KeyTrust::Verified, actors: Actors::OnlyUs })
        }
    }

    pub(crate) fn documented() -> Self {
        Self {
            strangers: true,
            ..Self::new("documented", Tier::Keyed { trust: KeyTrust::Documented, actors: Actors::OnlyUs })
        }
    }

    pub(crate) fn fenced(mut self) -> Self {
        self.descriptor.self_fencing = SelfFencing::On;
        self
    }

    pub(crate) fn with(mut self, defect: Defect) -> Self {
        self.defect = Some(defect);
        self
    }

    pub(crate) fn timed(mut self, change: impl FnOnce(&mut Timing)) -> Self {
        change(&mut self.descriptor.timing);
        self
    }

    pub(crate) fn tier(&self) -> Tier {
        self.descriptor.tier
    }

    pub(crate) fn blind_tier(&self) -> bool {
        self.tier() == Tier::Blind
    }

    pub(crate) fn keyed(&self) -> bool {
        matches!(self.tier(), Tier::Keyed { .. })
    }
}

/// The provider of one process.
pub(crate) struct Door {
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) world: Shared,
    pub(crate) leash: Leash,
    pub(crate) truth: Truth,
    pub(crate) site: usize,
}

pub(crate) fn data(text: String) -> Opaque {
    Opaque::new("world/data@1", text.into_bytes()).expect("short")
}

pub(crate) fn reference(text: &str) -> ProviderRef {
    ProviderRef(data(text.to_owned()))
}

fn text(data: &Opaque) -> String {
    String::from_utf8(data.bytes().to_vec()).expect("made by this file")
}

fn no_answer() -> ReadError {
    ReadError::NoAnswer("the world is stormy".to_owned())
}

impl Door {
    /// The moment a read shows: now, or a little before.
    fn shown_at(&self, world: &mut World) -> u64 {
        let lags = world.fault(self.gateway.lags);
        let lag = if lags { world.dice.below(self.gateway.lag) } else { 0 };
        world.now - lag
    }

    fn read(&self) -> Option<i64> {
        let mut world = self.world.lock();
        if world.fault(60) {
            return None;
        }
        let time = self.shown_at(&mut world);
        Some(world.ledger.refunded(time))
    }
}

#[async_trait]
impl RefundProvider for Door {
    fn describe(&self) -> &Descriptor {
        &self.gateway.descriptor
    }

    async fn lookup(&self, asked: &PaymentRef) -> Result<Payment, LookupError> {
        assert_eq!(*asked, payment());
        self.leash.tick().await;
        let refunded = self.read();
        self.leash.tick().await;
        let refunded = refunded.ok_or_else(no_answer)?;
        self.world.tell(|| format!("lookup on {} shows {refunded}", self.site));
        let mut seen = Payment::new(Money::rub(CAPTURED), PaymentState::Captured, data(String::new()));
        seen.refunded = (!self.gateway.blind_tier()).then(|| Money::rub(refunded));
        Ok(seen)
    }

    fn prepare(&self, refund: &CheckedRefund, _: &Payment, key: &LineageKey) -> Result<Prepared, Violations> {
        Ok(Prepared::new(data(format!("{key} {}", refund.amount().minor()))))
    }

    async fn open(&self, prepared: &Prepared) -> Result<Box<dyn Opened>, NotSent> {
        self.leash.tick().await;
        let refused = self.world.lock().fault(60);
        self.leash.tick().await;
        if refused {
            return Err(NotSent::new(NotSentReason::Refused, "nobody listens"));
        }
        let payload = text(prepared.payload());
        let (key, amount) = payload.split_once(' ').expect("made by prepare");
        let mut key = key.to_owned();
        if self.gateway.defect == Some(Defect::NewKeyPerAttempt) {
            key = format!("{key}-{}", self.world.lock().number());
        }
        Ok(Box::new(Line {
            gateway: Arc::clone(&self.gateway),
            world: self.world.clone(),
            leash: self.leash.clone(),
            truth: self.truth.clone(),
            site: self.site,
            digest: prepared.digest(),
            key,
            amount: amount.parse().expect("made by prepare"),
        }))
    }

    async fn status(&self, query: &StatusQuery<'_>) -> Result<StatusReport, StatusError> {
        self.leash.tick().await;
        let answer = {
            let mut world = self.world.lock();
            let now = world.now;
            if world.fault(80) {
                Err(StatusError::Read(no_answer()))
            } else if world.fault(20) {
                Ok(RefundState::Mismatch { detail: "about another refund".to_owned() })
            } else if world.fault(30) {
                Ok(RefundState::Unrecognised { label: "pondering".to_owned() })
            } else {
                match world.ledger.by_reference(&text(&query.reference.0)) {
                    None => Err(StatusError::NotFound { detail: "no such refund".to_owned() }),
                    Some(entry) if entry.canceled_at.is_some() => Ok(RefundState::Canceled),
                    Some(entry) if entry.done_at <= now => Ok(RefundState::Settled),
                    Some(_) => Ok(RefundState::Processing),
                }
            }
        };
        self.leash.tick().await;
        answer.map(|state| StatusReport { state, evidence: data(String::new()) })
    }

    async fn probe(&self, probe: &Probe<'_>) -> ProbeReport {
        self.leash.tick().await;
        let verdict = self.verdict(probe);
        self.leash.tick().await;
        self.world.tell(|| format!("probe on {}: {verdict:?}", self.site));
        ProbeReport { verdict, evidence: data(String::new()) }
    }

    fn notifications(&self) -> Option<&dyn Notifications> {
        None
    }
}

impl Door {
    fn verdict(&self, probe: &Probe<'_>) -> Verdict {
        let mut world = self.world.lock();
        if world.fault(100) {
            return Verdict::Unreadable { detail: "no answer".to_owned() };
        }
        let time = self.shown_at(&mut world);
        let found = |reference_text: &str| Verdict::Happened(Some(reference(reference_text)));
        let silent = || Verdict::CannotTell { detail: "it shows nothing".to_owned() };
        match self.gateway.tier() {
            Tier::Blind => {
                let entry = probe.salvaged.and_then(|known| world.ledger.by_reference(&text(&known.0)));
                entry.map_or_else(silent, |entry| found(&entry.reference))
            }
            // The list of refunds carries our key.
            Tier::Keyed { .. } => match world.ledger.by_key(probe.key.as_str(), time) {
                Some(entry) if self.gateway.at_once && entry.canceled_at.is_none() => Verdict::Happened(None),
                Some(entry) => found(&entry.reference),
                None => Verdict::NotSeen,
            },
            Tier::Readable(_) => {
                let now = world.ledger.refunded(time);
                let before = match self.gateway.defect {
                    Some(Defect::ReadsBaselineAfterDoubt) => now,
                    _ => probe.baseline.refunded.expect("readable shows it").minor(),
                };
                match now - before {
                    0 => Verdict::NotSeen,
                    delta if delta == probe.amount.minor() => Verdict::Happened(None),
                    delta => Verdict::CannotTell { detail: format!("changed by {delta}") },
                }
            }
        }
    }
}
