//! Newgate pretended: its books, its answers, and the conformance kit's window into them.
//!
//! The books and the window are whole. What is missing is Newgate's language, in `Counter::answer`: write it from the
//! documents and not from the provider, or both will share their misreadings.

use async_trait::async_trait;
use refund_conformance::{
    Ability, Answer, Call, Deed, Fault, GatewayError, GatewayUnderTest, InMemory, Ledger, ManualClock, Mark,
    Seal, Seed, Seeded, Seen, Standing, Tap,
};
use refund_core::{
    AccountId, Callback, Money, PaymentId, PaymentRef, ProviderId, Reply, Request, Transport,
};
use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

/// The token the shop was given.
pub(crate) const TOKEN: &str = "token-canary";
/// The account it belongs to.
pub(crate) const ACCOUNT: &str = "shop";
/// Where it is; nothing listens there.
pub(crate) const BASE: &str = "https://newgate.example";

/// Newgate with the kit's tap on its line.
pub(crate) struct NewgateGateway {
    books: Arc<Mutex<Books>>,
    clock: Arc<ManualClock>,
    tap: Arc<Tap>,
}

/// Payments and refunds; both are named by their place in the list.
#[derive(Default)]
struct Books {
    now: Duration,
    payments: Vec<Payment>,
    refunds: Vec<Refund>,
    /// The next state told is one that no document lists.
    odd_word: bool,
}

struct Payment {
    captured: i64,
    /// `paid` or `held`: spell it as Newgate does.
    #[expect(dead_code, reason = "Counter::answer will tell it")]
    state: &'static str,
}

struct Refund {
    payment: usize,
    kopecks: i64,
    /// When it is done, by the books' own time.
    #[expect(dead_code, reason = "Counter::answer will tell it")]
    done_at: Duration,
    canceled: bool,
}

/// The side of the books that speaks HTTP.
struct Counter(Arc<Mutex<Books>>);

impl NewgateGateway {
    pub(crate) fn new() -> Self {
        let (books, clock) = (Arc::<Mutex<Books>>::default(), Arc::new(ManualClock::default()));
        let line = InMemory::new(Arc::new(Counter(Arc::clone(&books))), clock.clone());
        let tap = Arc::new(Tap::new(Arc::new(line), clock.clone(), vec![TOKEN.to_owned()]));
        Self { books, clock, tap }
    }

    /// The line for the provider.
    pub(crate) fn transport(&self) -> Arc<dyn Transport> {
        Arc::<Tap>::clone(&self.tap)
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("nothing panics while it holds the books")
    }
}

impl Answer for Counter {
    fn answer(&self, _request: &Request) -> Reply {
        // `Books` has what is needed: `payments`, `refunded`, `standing`, `enter`, `odd_word`.
        let _books = self.0.lock().expect("nothing panics while it holds the books");
        let body = b"write the gateway's language: tests/gateway/mod.rs, Counter::answer".to_vec();
        Reply { status: 501, headers: Vec::new(), body }
    }
}

impl Books {
    fn standing(&self, payment: usize) -> impl Iterator<Item = &Refund> {
        self.refunds.iter().filter(move |refund| refund.payment == payment && !refund.canceled)
    }

    fn refunded(&self, payment: usize) -> i64 {
        self.standing(payment).map(|refund| refund.kopecks).sum()
    }

    fn enter(&mut self, payment: usize, kopecks: i64) {
        let done_at = self.now + Duration::from_secs(30);
        self.refunds.push(Refund { payment, kopecks, done_at, canceled: false });
    }
}

fn index(payment: &PaymentRef) -> Result<usize, GatewayError> {
    payment.payment.as_str().parse().map_err(|_| GatewayError(format!("{payment} is not a number")))
}

#[async_trait]
impl GatewayUnderTest for NewgateGateway {
    fn clock(&self) -> &ManualClock {
        &self.clock
    }

    fn canaries(&self) -> Vec<String> {
        vec![TOKEN.to_owned()]
    }

    fn prints(&self) -> Vec<String> {
        // The provider has no `Debug`, and writes no log.
        Vec::new()
    }

    async fn seed(&self, seed: &Seed) -> Result<Seeded, GatewayError> {
        if seed.cart.is_some() {
            return Ok(Seeded::Unsupported("Newgate knows no carts"));
        }
        let state = if seed.standing == Standing::Held { "held" } else { "paid" };
        let mut books = self.books();
        books.payments.push(Payment { captured: seed.captured.minor(), state });
        let id = (books.payments.len() - 1).to_string();
        Ok(Seeded::Payment(PaymentRef {
            provider: ProviderId::from_static("newgate"),
            account: AccountId::parse(ACCOUNT).expect("letters are allowed"),
            payment: PaymentId::parse(id).expect("digits are allowed"),
        }))
    }

    async fn break_next(&self, call: Call, fault: Fault) -> Result<Ability, GatewayError> {
        match fault {
            // What needs Newgate's language is done here, everything else on the line.
            Fault::UnknownWord => self.books().odd_word = true,
            // Write what a success without its reference looks like: `self.tap.rewrite_next`.
            Fault::MissingReference => return Ok(Ability::Unsupported("the gateway's language is not written yet")),
            fault => return Ok(self.tap.break_next(call, fault)),
        }
        Ok(Ability::Done)
    }

    async fn clear_faults(&self) -> Result<(), GatewayError> {
        self.books().odd_word = false;
        self.tap.clear();
        Ok(())
    }

    async fn ledger(&self, payment: &PaymentRef) -> Result<Ledger, GatewayError> {
        let (books, index) = (self.books(), index(payment)?);
        let paid = books.payments.get(index).ok_or_else(|| GatewayError(format!("no payment {payment}")))?;
        let (captured, refunded) = (Money::rub(paid.captured), Money::rub(books.refunded(index)));
        Ok(Ledger::new(captured, refunded, books.standing(index).count()))
    }

    async fn mark(&self) -> Result<Mark, GatewayError> {
        Ok(self.tap.mark())
    }

    async fn requests_since(&self, mark: Mark) -> Result<Vec<Seen>, GatewayError> {
        Ok(self.tap.seen_since(mark))
    }

    async fn advance(&self, time: Duration) -> Result<(), GatewayError> {
        self.books().now += time;
        Ok(())
    }

    async fn elsewhere(&self, payment: &PaymentRef, deed: Deed) -> Result<Ability, GatewayError> {
        let (mut books, index) = (self.books(), index(payment)?);
        match deed {
            Deed::Refund(amount) => books.enter(index, amount.minor()),
            Deed::CancelLatest => {
                let latest = books.refunds.iter_mut().rev().find(|refund| refund.payment == index);
                latest.ok_or_else(|| GatewayError("nothing to cancel".to_owned()))?.canceled = true;
            }
            Deed::Forget => *books = Books::default(),
            other => return Err(GatewayError(format!("{other:?}: teach this gateway"))),
        }
        Ok(Ability::Done)
    }

    fn refusal_says(&self) -> String {
        "too-much".to_owned()
    }

    async fn callback(&self, _: &PaymentRef, _: Seal) -> Result<Option<Callback>, GatewayError> {
        Ok(None)
    }
}
