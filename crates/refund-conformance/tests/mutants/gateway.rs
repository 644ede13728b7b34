//! The toy gateway: books in memory, and the kit's window into them.
//!
//! It speaks lines of `name value`. It must not know the toy provider, nor what is broken in it.

use crate::{
    flavour::{Flavour, ID},
    lines::Lines,
};
use async_trait::async_trait;
use refund_conformance::{
    Ability, Answer, Call, Deed, Fault, GatewayError, GatewayUnderTest, InMemory, Ledger, ManualClock, Mark,
    Seal, Seed, Seeded, Seen, Standing, Tap,
};
use refund_core::{
    AccountId, Callback, Cart, Digest, Method, Money, PaymentId, PaymentRef, Reply, Request, Transport,
    WallTime,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

pub(crate) const TOKEN: &str = "token-canary";
/// How long a refund takes.
const TAKES: Duration = Duration::from_secs(30);

#[derive(Default)]
struct Books {
    now: Duration,
    payments: BTreeMap<String, Paid>,
    refunds: Vec<Refund>,
    /// The next answer about a payment or refund has a word nobody knows.
    unknown_word: bool,
    /// The next refund's answer has no id.
    no_reference: bool,
}

struct Paid {
    captured: i64,
    held: bool,
    cart: Option<Cart>,
}

struct Refund {
    payment: String,
    minor: i64,
    key: Option<String>,
    done_at: Duration,
    canceled: bool,
}

/// The books behind a transport in memory.
pub(crate) struct Toy {
    flavour: Flavour,
    books: Arc<Mutex<Books>>,
    clock: Arc<ManualClock>,
    tap: Arc<Tap>,
    pub(crate) prints: Mutex<Vec<String>>,
}

struct Desk(Flavour, Arc<Mutex<Books>>);

impl Toy {
    pub(crate) fn new(flavour: Flavour) -> Self {
        let (books, clock) = (Arc::<Mutex<Books>>::default(), Arc::new(ManualClock::default()));
        let line = InMemory::new(Arc::new(Desk(flavour, Arc::clone(&books))), clock.clone());
        let tap = Arc::new(Tap::new(Arc::new(line), clock.clone(), vec![TOKEN.to_owned()]));
        Self { flavour, books, clock, tap, prints: Mutex::default() }
    }

    pub(crate) fn transport(&self) -> Arc<dyn Transport> {
        Arc::<Tap>::clone(&self.tap)
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("nothing panics while it holds the books")
    }
}

impl Books {
    fn refunds_of(&self, payment: &str) -> impl Iterator<Item = (usize, &Refund)> {
        let standing = move |(_, refund): &(usize, &Refund)| refund.payment == payment && !refund.canceled;
        self.refunds.iter().enumerate().filter(standing)
    }

    fn refunded(&self, payment: &str) -> i64 {
        self.refunds_of(payment).map(|(_, refund)| refund.minor).sum()
    }

    fn enter(&mut self, payment: &str, minor: i64, key: Option<String>) -> usize {
        let done_at = self.now + TAKES;
        self.refunds.push(Refund { payment: payment.to_owned(), minor, key, done_at, canceled: false });
        self.refunds.len() - 1
    }

    fn payment(&mut self, id: &str, flavour: Flavour) -> Option<String> {
        let unknown = std::mem::take(&mut self.unknown_word);
        let paid = self.payments.get(id)?;
        let state = if unknown {
            "suspended"
        } else if paid.held {
            "held"
        } else {
            "paid"
        };
        let mut text = format!("state {state}\ncaptured {}\n", paid.captured);
        if flavour.shows_refunds() {
            text.push_str(&format!("refunded {}\n", self.refunded(id)));
        }
        if let (Some(cart), Flavour::Rich) = (&paid.cart, flavour) {
            for line in &cart.lines {
                let minor = line.amount.map_or(0, Money::minor);
                text.push_str(&format!(
                    "line-{} {} {minor} {}\n",
                    line.position,
                    line.quantity.thousandths(),
                    line.name
                ));
            }
        }
        Some(text)
    }

    fn refund(&mut self, id: &str) -> Option<String> {
        let unknown = std::mem::take(&mut self.unknown_word);
        let refund = self.refunds.get(id.strip_prefix('r')?.parse::<usize>().ok()?)?;
        let state = match () {
            () if unknown => "suspended",
            () if refund.canceled => "canceled",
            () if self.now >= refund.done_at => "done",
            () => "processing",
        };
        Some(format!("id {id}\nminor {}\nstate {state}\n", refund.minor))
    }

    fn create(&mut self, body: &[u8], flavour: Flavour) -> Result<String, (&'static str, String)> {
        let malformed = || ("malformed", "not a refund".to_owned());
        let lines = Lines::parse(body).ok_or_else(malformed)?;
        let (id, minor) = lines.get("payment").zip(lines.number("minor")).ok_or_else(malformed)?;
        let key = lines.get("key").filter(|_| flavour.keyed()).map(str::to_owned);
        if let Some(at) = self.refunds.iter().position(|refund| key.is_some() && refund.key == key) {
            return Ok(format!("id r{at}\n"));
        }
        let paid = self.payments.get(id).ok_or(("unknown-payment", "no such payment".to_owned()))?;
        let left = paid.captured - self.refunded(id);
        if paid.held {
            return Err(("held", "the money is only held".to_owned()));
        }
        if minor > left || minor <= 0 {
            return Err(("too-much", format!("only {left} left")));
        }
        if paid.cart.is_some() && flavour == Flavour::Rich && minor != paid.captured {
            return Err(("cart", "say which lines".to_owned()));
        }
        let id = id.to_owned();
        let at = self.enter(&id, minor, key);
        match std::mem::take(&mut self.no_reference) {
            true => Ok("thanks a-lot\n".to_owned()),
            false => Ok(format!("id r{at}\n")),
        }
    }
}

impl Answer for Desk {
    fn answer(&self, request: &Request) -> Reply {
        let mut books = self.1.lock().expect("nothing panics while it holds the books");
        let path = request.url.strip_prefix("https://toy.example/").unwrap_or_default();
        let allowed = request.headers.iter().any(|(_, value)| value.ends_with(TOKEN));
        let found =
            |text: Option<String>| text.map_or((404, "no such thing\n".to_owned()), |text| (200, text));
        let (status, text) = match (request.method, path.split_once('/')) {
            _ if !allowed => (401, "code denied\ntext Who are you?\n".to_owned()),
            (Method::Get, Some(("payments", id))) => found(books.payment(id, self.0)),
            (Method::Get, Some(("refunds", id))) => found(books.refund(id)),
            (Method::Post, None) if path == "refunds" => match books.create(&request.body, self.0) {
                Ok(text) => (200, text),
                Err((code, text)) => (422, format!("code {code}\ntext {text}\n")),
            },
            _ => (404, String::new()),
        };
        Reply { status, headers: Vec::new(), body: text.into_bytes() }
    }
}

/// What stands under a callback.
pub(crate) fn seal(payment: &str, secret: &str) -> String {
    Digest::of_parts(&[payment.as_bytes(), secret.as_bytes()]).to_string()
}

fn name(payment: &PaymentRef) -> &str {
    payment.payment.as_str()
}

#[async_trait]
impl GatewayUnderTest for Toy {
    fn clock(&self) -> &ManualClock {
        &self.clock
    }

    fn canaries(&self) -> Vec<String> {
        vec![TOKEN.to_owned()]
    }

    fn prints(&self) -> Vec<String> {
        self.prints.lock().expect("nobody panics with it").clone()
    }

    async fn seed(&self, seed: &Seed) -> Result<Seeded, GatewayError> {
        let mut books = self.books();
        let id = (books.payments.len() + 1).to_string();
        let held = seed.standing == Standing::Held;
        books
            .payments
            .insert(id.clone(), Paid { captured: seed.captured.minor(), held, cart: seed.cart.clone() });
        let account = AccountId::parse("shop").expect("letters");
        Ok(Seeded::Payment(PaymentRef {
            provider: ID,
            account,
            payment: PaymentId::parse(id).expect("a number"),
        }))
    }

    async fn break_next(&self, call: Call, fault: Fault) -> Result<Ability, GatewayError> {
        match fault {
            Fault::UnknownWord => self.books().unknown_word = true,
            Fault::MissingReference => self.books().no_reference = true,
            fault => return Ok(self.tap.break_next(call, fault)),
        }
        Ok(Ability::Done)
    }

    async fn clear_faults(&self) -> Result<(), GatewayError> {
        let mut books = self.books();
        (books.unknown_word, books.no_reference) = (false, false);
        self.tap.clear();
        Ok(())
    }

    async fn ledger(&self, payment: &PaymentRef) -> Result<Ledger, GatewayError> {
        let books = self.books();
        let id = name(payment);
        let paid = books.payments.get(id).ok_or_else(|| GatewayError(format!("no payment {id}")))?;
        let refunded = Money::rub(books.refunded(id));
        Ok(Ledger::new(Money::rub(paid.captured), refunded, books.refunds_of(id).count()))
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
        let (mut books, id) = (self.books(), name(payment));
        match deed {
            Deed::Refund(amount) => drop(books.enter(id, amount.minor(), None)),
            Deed::CancelLatest => {
                let latest = books.refunds.iter_mut().rev().find(|refund| refund.payment == id);
                latest.ok_or_else(|| GatewayError("nothing to cancel".to_owned()))?.canceled = true;
            }
            Deed::Forget => *books = Books::default(),
            other => return Err(GatewayError(format!("{other:?}"))),
        }
        Ok(Ability::Done)
    }

    fn refusal_says(&self) -> String {
        "left".to_owned()
    }

    async fn callback(&self, payment: &PaymentRef, wanted: Seal) -> Result<Option<Callback>, GatewayError> {
        if self.flavour != Flavour::Rich {
            return Ok(None);
        }
        let id = name(payment);
        let (told, seal) = match wanted {
            Seal::Genuine => (id.to_owned(), seal(id, TOKEN)),
            Seal::Forged => (id.to_owned(), seal(id, "another token")),
            Seal::Altered => (format!("{id}0"), seal(id, TOKEN)),
        };
        let body = format!("payment {told}\nseal {seal}\n").into_bytes();
        let (query, headers) = (String::new(), Vec::new());
        Ok(Some(Callback { method: "POST".to_owned(), query, headers, body, received: WallTime(0) }))
    }
}
