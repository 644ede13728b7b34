//! What every case works with: the provider, the gateway, and the way from a payment to an outcome.
//!
//! Whatever the provider gives out on the way is searched for secrets. It must not decide what is right: cases do.

use crate::{
    arm::MemoryLog,
    gateway::{
        Ability, Call, Deed, Fault, GatewayError, GatewayUnderTest, Ledger, Mark, Seed, Seeded, Seen,
        Standing,
    },
};
use refund_core::{
    ArmError, Cart, CheckedRefund, Currency, Journaled, Line, LineageKey, LookupError, Measure, Money,
    NotSent, Opened, Payment, PaymentRef, Prepared, Prior, Probe, ProbeReport, ProviderRef, Quantity,
    RefundAmount, RefundCommand, RefundOutcome, RefundProvider, RefundState, StatusError, StatusQuery,
    StatusReport, Submission, Support, Violations, rules,
};
use std::{
    collections::BTreeSet,
    fmt,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// What the kit's payments are worth, in minor units. Large enough for gateways with a smallest refund.
pub(crate) const CAPTURED: i64 = 123_456;
/// A part of it. As a floating-point number of roubles times a hundred it is 1998.9999999999998.
pub(crate) const PART: i64 = 1_999;

/// Why a case did not pass.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The provider broke a promise.
    Fail(String),
    /// The case cannot be run here.
    Skip(String),
}

/// What came of a case, or of a step of one.
pub(crate) type Outcome<T = ()> = Result<T, Stop>;

impl From<GatewayError> for Stop {
    fn from(error: GatewayError) -> Self {
        Self::Fail(error.to_string())
    }
}

/// Fails the case unless the condition holds.
macro_rules! ensure {
    ($holds:expr, $($why:tt)+) => {
        if !$holds {
            return Err($crate::bench::Stop::Fail(format!($($why)+)));
        }
    };
}
pub(crate) use ensure;

/// Fails the case.
pub(crate) fn fail<T>(why: impl Into<String>) -> Outcome<T> {
    Err(Stop::Fail(why.into()))
}

/// Skips the case.
pub(crate) fn skip<T>(why: impl Into<String>) -> Outcome<T> {
    Err(Stop::Skip(why.into()))
}

/// One run's provider and gateway.
pub(crate) struct Bench<'a> {
    pub(crate) provider: &'a dyn RefundProvider,
    pub(crate) gateway: &'a dyn GatewayUnderTest,
    log: MemoryLog,
    keys: AtomicU64,
    secrets: Vec<String>,
    leaks: Mutex<BTreeSet<&'static str>>,
}

/// A refund made ready.
pub(crate) struct Plan {
    pub(crate) payment: PaymentRef,
    pub(crate) baseline: Payment,
    pub(crate) prepared: Prepared,
    pub(crate) amount: Money,
    pub(crate) key: LineageKey,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(provider: &'a dyn RefundProvider, gateway: &'a dyn GatewayUnderTest) -> Self {
        let secrets = gateway.canaries().into_iter().filter(|secret| !secret.is_empty()).collect();
        Self {
            provider,
            gateway,
            log: MemoryLog::default(),
            keys: AtomicU64::new(0),
            secrets,
            leaks: Mutex::default(),
        }
    }

    // --- secrets ----------------------------------------------------------------------------------------------------

    /// Searches a text that the provider gave out.
    pub(crate) fn heard(&self, what: &'static str, text: impl fmt::Display) {
        self.saw(what, text.to_string().as_bytes());
    }

    /// Searches bytes that the provider gave out.
    pub(crate) fn saw(&self, what: &'static str, bytes: &[u8]) {
        let holds = |secret: &String| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        if self.secrets.iter().any(holds) {
            self.leaks.lock().unwrap_or_else(PoisonError::into_inner).insert(what);
        }
    }

    /// Where secrets were found so far.
    pub(crate) fn leaks(&self) -> Vec<&'static str> {
        self.leaks.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }

    /// How many secrets are looked for.
    pub(crate) fn secrets(&self) -> usize {
        self.secrets.len()
    }

    /// The text without secrets, for a report.
    pub(crate) fn masked(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "***"))
    }

    // --- the scene --------------------------------------------------------------------------------------------------

    /// The first currency the provider says it refunds in.
    pub(crate) fn currency(&self) -> Currency {
        self.provider.describe().capabilities.currencies.first().copied().unwrap_or(Currency::RUB)
    }

    pub(crate) fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency())
    }

    /// An amount any refund of these tests may have: a part where there are parts, else all of it.
    pub(crate) fn some(&self) -> RefundAmount {
        match self.provider.describe().capabilities.partial {
            Support::Yes => RefundAmount::Exactly(self.money(PART)),
            Support::No => RefundAmount::Full,
        }
    }

    pub(crate) async fn seed(&self, seed: &Seed) -> Outcome<PaymentRef> {
        match self.gateway.seed(seed).await? {
            Seeded::Payment(payment) => Ok(payment),
            Seeded::Unsupported(why) => skip(why),
        }
    }

    /// A paid payment without a cart.
    pub(crate) async fn paid(&self) -> Outcome<PaymentRef> {
        self.seed(&Seed::paid(self.money(CAPTURED))).await
    }

    /// A payment whose money is only held.
    pub(crate) async fn held(&self) -> Outcome<PaymentRef> {
        self.seed(&Seed { standing: Standing::Held, ..Seed::paid(self.money(CAPTURED)) }).await
    }

    /// A paid payment with two lines in its cart.
    pub(crate) async fn paid_with_cart(&self) -> Outcome<(PaymentRef, Cart)> {
        let line = |position: &str, name: &str, minor| Line {
            code: Some(format!("code-{position}")),
            measure: Some(Measure("шт".to_owned())),
            price: Some(self.money(minor)),
            amount: Some(self.money(minor)),
            ..Line::new(position, name, Quantity::from_thousandths(1_000))
        };
        let cart =
            Cart { lines: vec![line("1", "Чай", 100_000), line("2", "Чашка", CAPTURED - 100_000)] };
        let seed = Seed { cart: Some(cart.clone()), ..Seed::paid(self.money(CAPTURED)) };
        Ok((self.seed(&seed).await?, cart))
    }

    /// Breaks the next call; skips the case where this gateway cannot be broken so.
    pub(crate) async fn break_next(&self, call: Call, fault: Fault) -> Outcome {
        match self.gateway.break_next(call, fault).await? {
            Ability::Done => Ok(()),
            Ability::Unsupported(why) => skip(format!("{fault:?} of {call:?}: {why}")),
        }
    }

    /// The same where it can be, and says whether it could.
    pub(crate) async fn broke_next(&self, call: Call, fault: Fault) -> Outcome<bool> {
        Ok(self.gateway.break_next(call, fault).await? == Ability::Done)
    }

    /// Somebody acts elsewhere; skips the case where nobody can.
    pub(crate) async fn elsewhere(&self, payment: &PaymentRef, deed: Deed) -> Outcome {
        match self.gateway.elsewhere(payment, deed).await? {
            Ability::Done => Ok(()),
            Ability::Unsupported(why) => skip(format!("{deed:?}: {why}")),
        }
    }

    pub(crate) async fn ledger(&self, payment: &PaymentRef) -> Outcome<Ledger> {
        Ok(self.gateway.ledger(payment).await?)
    }

    pub(crate) async fn mark(&self) -> Outcome<Mark> {
        Ok(self.gateway.mark().await?)
    }

    /// Requests after a mark that may have moved money.
    pub(crate) async fn sent_since(&self, mark: Mark) -> Outcome<Vec<Seen>> {
        let mut seen = self.gateway.requests_since(mark).await?;
        seen.retain(Seen::may_move_money);
        Ok(seen)
    }

    /// Fails unless the ledger has these refunds.
    pub(crate) async fn ensure_refunded(&self, payment: &PaymentRef, refunds: usize, sum: i64) -> Outcome {
        let ledger = self.ledger(payment).await?;
        let (has, expected) = ((ledger.refunds, ledger.refunded), (refunds, self.money(sum)));
        ensure!(
            has == expected,
            "the ledger has {} refunds of {}, expected {refunds} of {}",
            has.0,
            has.1,
            expected.1
        );
        Ok(())
    }

    /// Fails unless the ledger has so many refunds, whatever their sums: those are other cases' question.
    pub(crate) async fn ensure_refunds(&self, payment: &PaymentRef, expected: usize) -> Outcome {
        let refunds = self.ledger(payment).await?.refunds;
        ensure!(refunds == expected, "the ledger has {refunds} refunds, expected {expected}");
        Ok(())
    }

    // --- the provider -----------------------------------------------------------------------------------------------

    pub(crate) async fn lookup(&self, payment: &PaymentRef) -> Result<Payment, LookupError> {
        let found = self.provider.lookup(payment).await;
        match &found {
            Ok(payment) => {
                self.heard("Debug of a payment", format!("{payment:?}"));
                self.saw("a payment's data", payment.data.bytes());
                payment.fiscal.iter().for_each(|fiscal| self.saw("a payment's fiscal block", fiscal.bytes()));
            }
            Err(error) => self.heard("a lookup's error", format!("{error} {error:?}")),
        }
        found
    }

    pub(crate) async fn look(&self, payment: &PaymentRef) -> Outcome<Payment> {
        self.lookup(payment).await.map_err(|error| Stop::Fail(format!("lookup: {error}")))
    }

    /// Core's rules against a look at the payment, with what the journal saw done before.
    pub(crate) fn check(
        &self,
        command: &RefundCommand,
        payment: &Payment,
        done: i64,
    ) -> Result<CheckedRefund, Violations> {
        let currency = payment.captured.currency();
        let prior = Prior::of(Money::new(done, currency), Money::zero(currency));
        rules::check(command, payment, &prior, &self.provider.describe().cart)
    }

    pub(crate) fn prepare(
        &self,
        refund: &CheckedRefund,
        payment: &Payment,
        key: &LineageKey,
    ) -> Result<Prepared, Violations> {
        let prepared = self.provider.prepare(refund, payment, key);
        match &prepared {
            Ok(prepared) => {
                self.heard("Debug of a prepared request", format!("{prepared:?}"));
                self.saw("a prepared request", prepared.payload().bytes());
            }
            Err(found) => self.heard("a violation", format!("{found} {found:?}")),
        }
        prepared
    }

    /// A key nobody has used in this run.
    pub(crate) fn key(&self) -> LineageKey {
        let serial = self.keys.fetch_add(1, Ordering::SeqCst);
        LineageKey::parse(format!("conformance{serial:09}")).expect("letters and digits, 20 characters")
    }

    /// A first refund of a payment, made ready.
    pub(crate) async fn plan(&self, payment: &PaymentRef, amount: RefundAmount) -> Outcome<Plan> {
        self.plan_after(payment, amount, 0).await
    }

    /// A refund after earlier ones, made ready.
    pub(crate) async fn plan_after(
        &self,
        payment: &PaymentRef,
        amount: RefundAmount,
        done: i64,
    ) -> Outcome<Plan> {
        let command = RefundCommand::new(payment.clone(), amount);
        self.plan_command(&command, done).await
    }

    /// Looks, checks, prepares.
    pub(crate) async fn plan_command(&self, command: &RefundCommand, done: i64) -> Outcome<Plan> {
        let baseline = self.look(&command.payment).await?;
        let refused =
            |who: &str, found: Violations| Stop::Fail(format!("{who} refuses a good refund: {found}"));
        let checked = self
            .check(command, &baseline, done)
            .map_err(|found| refused("core, by what lookup told,", found))?;
        let key = self.key();
        let prepared = self.prepare(&checked, &baseline, &key).map_err(|found| refused("prepare", found))?;
        Ok(Plan { payment: command.payment.clone(), baseline, prepared, amount: checked.amount(), key })
    }

    pub(crate) async fn open(&self, prepared: &Prepared) -> Result<Box<dyn Opened>, NotSent> {
        let opened = self.provider.open(prepared).await;
        if let Err(proof) = &opened {
            self.heard("why nothing was sent", format!("{proof} {proof:?}"));
        }
        opened
    }

    /// Opens and writes the record.
    pub(crate) async fn journal(&self, prepared: &Prepared) -> Outcome<Journaled> {
        let opened = self.open(prepared).await.map_err(|proof| Stop::Fail(format!("open: {proof}")))?;
        let journaled = self.log.journal(opened, prepared.digest(), self.gateway.clock()).await;
        journaled.map_err(|error| match error {
            ArmError::OtherPayload => {
                Stop::Fail("what was opened does not carry the digest of what was prepared".to_owned())
            }
            error => Stop::Fail(error.to_string()),
        })
    }

    /// Fires what was journaled.
    pub(crate) async fn fire(&self, journaled: Journaled) -> Submission {
        let submission = journaled.fire().await;
        self.heard("Debug of a submission", format!("{submission:?}"));
        if let Submission::Outcome { outcome, evidence } = &submission {
            self.saw("a submission's evidence", evidence.bytes());
            match outcome {
                RefundOutcome::Accepted(reference) | RefundOutcome::Settled(Some(reference)) => {
                    self.saw("a reference", reference.0.bytes());
                }
                RefundOutcome::Unknown(doubt) => {
                    doubt
                        .salvaged
                        .iter()
                        .for_each(|salvaged| self.saw("a salvaged reference", salvaged.0.bytes()));
                }
                RefundOutcome::Settled(None) | RefundOutcome::Declined(_) => {}
            }
        }
        submission
    }

    /// Opens, records, fires: one attempt, which must leave.
    pub(crate) async fn send(&self, prepared: &Prepared) -> Outcome<RefundOutcome> {
        match self.fire(self.journal(prepared).await?).await {
            Submission::Outcome { outcome, .. } => Ok(outcome),
            Submission::NotSent(proof) => fail(format!("a living permit sent nothing: {proof}")),
        }
    }

    /// The same for a refund that must succeed.
    pub(crate) async fn succeed(&self, plan: &Plan) -> Outcome<Option<ProviderRef>> {
        match self.send(&plan.prepared).await? {
            RefundOutcome::Accepted(reference) => Ok(Some(reference)),
            RefundOutcome::Settled(reference) => Ok(reference),
            other => fail(format!("a good refund of {} is {other:?}", plan.amount)),
        }
    }

    pub(crate) async fn status(
        &self,
        plan: &Plan,
        reference: &ProviderRef,
        amount: Money,
    ) -> Result<StatusReport, StatusError> {
        let query = StatusQuery { payment: &plan.payment, reference, amount };
        let report = self.provider.status(&query).await;
        match &report {
            Ok(report) => {
                self.heard("Debug of a status", format!("{report:?}"));
                self.saw("a status's evidence", report.evidence.bytes());
            }
            Err(error) => self.heard("a status's error", format!("{error} {error:?}")),
        }
        report
    }

    pub(crate) async fn probe(&self, plan: &Plan, salvaged: Option<&ProviderRef>) -> ProbeReport {
        let Plan { payment, baseline, prepared, amount, key } = plan;
        let report =
            self.provider.probe(&Probe { payment, baseline, prepared, amount: *amount, key, salvaged }).await;
        self.heard("Debug of a probe", format!("{report:?}"));
        self.saw("a probe's evidence", report.evidence.bytes());
        report
    }

    /// A refund the gateway acknowledged, with its reference; skips the case where there is none to ask by.
    pub(crate) async fn acknowledged(&self) -> Outcome<(Plan, ProviderRef)> {
        let plan = self.plan(&self.paid().await?, self.some()).await?;
        match self.send(&plan.prepared).await? {
            RefundOutcome::Accepted(reference) => Ok((plan, reference)),
            RefundOutcome::Settled(Some(reference)) => {
                match self.status(&plan, &reference, plan.amount).await {
                    Err(StatusError::Unsupported) => skip("refunds settle at once and cannot be asked about"),
                    _ => Ok((plan, reference)),
                }
            }
            RefundOutcome::Settled(None) => skip("refunds settle at once and have no reference to ask by"),
            other => fail(format!("a good refund of {} is {other:?}", plan.amount)),
        }
    }

    /// Asks on the provider's own schedule until the refund is done.
    pub(crate) async fn settle(&self, plan: &Plan, reference: &ProviderRef) -> Outcome {
        let mut last = String::from("never asked");
        for wait in self.provider.describe().timing.poll {
            self.gateway.advance(*wait).await?;
            match self.status(plan, reference, plan.amount).await {
                Ok(report) if report.state == RefundState::Settled => return Ok(()),
                Ok(report) if report.state == RefundState::Processing => last = format!("{report:?}"),
                other => return fail(format!("a refund that is being carried out is {other:?}")),
            }
        }
        fail(format!("not settled when the schedule of questions was used up; last: {last}"))
    }
}
