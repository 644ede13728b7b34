//! Acme pretended: its books, its answers, and the conformance kit's window into them.
//!
//! Written from Acme's (made-up) documents, not from the provider: it must not use the provider's code, or both would
//! share their misreadings.

use async_trait::async_trait;
use refund_conformance::{
    Ability, Answer, Call, Deed, Fault, GatewayError, GatewayUnderTest, InMemory, Ledger, ManualClock, Mark,
    Seal, Seed, Seeded, Seen, Standing, Tap,
};
use refund_core::{
    AccountId, Callback, Method, Money, PaymentId, PaymentRef, ProviderId, Reply, Request, Transport,
};
use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

/// The token the shop was given.
pub(crate) const TOKEN: &str = "token-canary";
/// The account it belongs to.
pub(crate) const ACCOUNT: &str = "shop";

/// Acme with the kit's tap on its line.
pub(crate) struct AcmeGateway {
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
    state: &'static str,
}

struct Refund {
    payment: usize,
    kopecks: i64,
    done_at: Duration,
    canceled: bool,
}

/// The side of the books that speaks HTTP.
struct Counter(Arc<Mutex<Books>>);

impl AcmeGateway {
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
    fn answer(&self, request: &Request) -> Reply {
        let mut books = self.0.lock().expect("nothing panics while it holds the books");
        let path = request.url.strip_prefix("https://acme.example/").unwrap_or_default();
        let known = request.headers.contains(&("authorization", format!("Bearer {TOKEN}")));
        let (status, text) = match (request.method, path.split_once('/')) {
            _ if !known => (401, "code unauthorized\ntext Unknown token\n".to_owned()),
            (Method::Get, Some(("payments", id))) => found(books.tell_payment(id)),
            (Method::Get, Some(("refunds", id))) => found(books.tell_refund(id)),
            (Method::Post, None) if path == "refunds" => books.refund(&request.body),
            _ => (404, String::new()),
        };
        Reply { status, headers: Vec::new(), body: text.into_bytes() }
    }
}

fn found(text: Option<String>) -> (u16, String) {
    text.map_or((404, "code not-found\n".to_owned()), |text| (200, text))
}

/// The value of a line `name value`.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
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

    fn tell_payment(&mut self, id: &str) -> Option<String> {
        let index = id.parse().ok()?;
        let odd = std::mem::take(&mut self.odd_word);
        let Payment { captured, state } = self.payments.get::<usize>(index)?;
        let state = if odd { "frozen" } else { state };
        Some(format!("state {state}\ncaptured {captured}\nrefunded {}\n", self.refunded(index)))
    }

    fn tell_refund(&mut self, id: &str) -> Option<String> {
        let odd = std::mem::take(&mut self.odd_word);
        let refund = self.refunds.get(id.strip_prefix("r-")?.parse::<usize>().ok()?)?;
        let state = match refund {
            _ if odd => "frozen",
            Refund { canceled: true, .. } => "canceled",
            Refund { done_at, .. } if self.now >= *done_at => "done",
            Refund { .. } => "processing",
        };
        Some(format!("id {id}\nkopecks {}\nstate {state}\n", refund.kopecks))
    }

    fn refund(&mut self, body: &[u8]) -> (u16, String) {
        let text = String::from_utf8_lossy(body);
        let index = value(&text, "payment").and_then(|id| id.parse::<usize>().ok());
        let kopecks = value(&text, "kopecks").and_then(|kopecks| kopecks.parse::<i64>().ok());
        let refuse = |code: &str, text: String| (422, format!("code {code}\ntext {text}\n"));
        let (Some(index), Some(kopecks)) = (index, kopecks) else {
            return refuse("malformed", "No payment or kopecks".to_owned());
        };
        let left = match self.payments.get(index) {
            Some(Payment { captured, state: "paid" }) => captured - self.refunded(index),
            _ => return refuse("not-refundable", "No such paid payment".to_owned()),
        };
        if !(100..=left).contains(&kopecks) {
            return refuse("too-much", format!("From 100 to {left} can be refunded"));
        }
        self.enter(index, kopecks);
        (200, format!("id r-{}\nkopecks {kopecks}\nstate processing\n", self.refunds.len() - 1))
    }
}

fn index(payment: &PaymentRef) -> Result<usize, GatewayError> {
    payment.payment.as_str().parse().map_err(|_| GatewayError(format!("{payment} is not a number")))
}

#[async_trait]
impl GatewayUnderTest for AcmeGateway {
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
            return Ok(Seeded::Unsupported("Acme knows no carts"));
        }
        let state = if seed.standing == Standing::Held { "held" } else { "paid" };
        let mut books = self.books();
        books.payments.push(Payment { captured: seed.captured.minor(), state });
        let id = (books.payments.len() - 1).to_string();
        Ok(Seeded::Payment(PaymentRef {
            provider: ProviderId::from_static("acme"),
            account: AccountId::parse(ACCOUNT).expect("letters are allowed"),
            payment: PaymentId::parse(id).expect("digits are allowed"),
        }))
    }

    async fn break_next(&self, call: Call, fault: Fault) -> Result<Ability, GatewayError> {
        match fault {
            // What needs Acme's language is done here, everything else on the line.
            Fault::UnknownWord => self.books().odd_word = true,
            Fault::MissingReference => {
                let without_id = |reply| Reply { body: b"state processing\n".to_vec(), ..reply };
                self.tap.rewrite_next(call, without_id);
            }
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
