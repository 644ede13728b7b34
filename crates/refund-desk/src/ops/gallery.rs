//! Refunds broken on purpose, so that an explanation can show each rule at work: what it says, and what would mend it.
//!
//! They are tried at every gateway alike, without a network; what a rule finds first is its example. Nothing here knows
//! a gateway or a rule.

use crate::{gateways::Offline, problem::in_request};
use refund_core::{
    AccountId, Allocation, Cart, Currency, Line, LineFiscal, LineageKey, Measure, Money, Opaque, Payment,
    PaymentId, PaymentRef, PaymentState, Prior, PriorCarts, PriorRoute, ProviderId, Quantity, ReceiptChoice,
    RefundAmount, RefundCommand, RefundLine, Support, UsedLine, Violation,
    allocate::{self, By, WholeOrderLines},
    rules,
};
use std::collections::BTreeMap;

/// The first thing each rule finds at this gateway, by the rule's id.
pub(super) fn examples(offline: &Offline, account: &AccountId) -> BTreeMap<&'static str, Violation> {
    let mut found = BTreeMap::new();
    for broken in BROKEN {
        let mut case = Case::new(offline, account);
        broken(&mut case);
        for violation in case.findings(offline) {
            found.entry(violation.rule.as_str()).or_insert(violation);
        }
    }
    found
}

/// A payment's name that is long enough for every gateway.
const ORDER: &str = "2f6a5d10-7c1e-4b52-9a55-000000000010";

/// A refund of everything of an order of two packets of tea and 1.5 kg of honey, 650.15 in all.
struct Case {
    command: RefundCommand,
    payment: Payment,
    prior: Prior,
    cart: Option<Cart>,
}

/// One way to break it.
type Break = fn(&mut Case);

/// The plain ways first: a rule's example is the first it finds something in.
const BROKEN: &[Break] = &[
    |case| case.payment.state = PaymentState::Held,
    |case| {
        case.payment.refunded = Some(Money::rub(10_000));
        case.prior = Prior::of(Money::rub(10_000), Money::rub(0));
        case.command.amount = RefundAmount::Exactly(Money::rub(60_000));
    },
    |case| case.command.amount = RefundAmount::Exactly(Money::rub(10_000)),
    |case| case.tea_is_back(),
    |case| {
        case.prior.route = PriorRoute::Raw;
        case.lines(vec![tea()]);
    },
    |case| case.lines(vec![RefundLine { code: Some("x".repeat(101)), ..tea() }]),
    |case| case.lines(vec![RefundLine::new("1", Quantity::from_thousandths(0))]),
    |case| {
        case.order_line(0).price = None;
        case.lines(vec![tea()]);
    },
    |case| case.lines(vec![tea(), tea()]),
    |case| {
        case.order_line(1).position = "1".to_owned();
        case.lines(vec![tea()]);
    },
    |case| {
        case.order_line(1).code = Some("tea".to_owned());
        case.lines(vec![tea(), honey()]);
    },
    |case| case.lines(vec![RefundLine { currency: Currency::from_code("USD"), ..tea() }]),
    |case| case.lines(vec![RefundLine { name: Some("Чай ".to_owned()), ..tea() }]),
    |case| case.lines(vec![RefundLine { measure: Some(Measure("кг".to_owned())), ..tea() }]),
    |case| {
        case.tea_is_back();
        case.lines(vec![RefundLine::new("1", Quantity::from_thousandths(2_000))]);
    },
    |case| case.lines(vec![RefundLine { amount: Some(Money::rub(20_001)), ..tea() }]),
    |case| {
        let (price, amount) = (Some(Money::rub(9_999)), Some(Money::rub(10_000)));
        case.lines(vec![RefundLine { price, amount, ..tea() }]);
    },
    |case| {
        case.payment.captured = Money::rub(60_000);
        case.lines(vec![RefundLine::new("1", Quantity::from_thousandths(2_000)), honey()]);
    },
    |case| {
        case.command.amount = RefundAmount::Exactly(Money::rub(10_001));
        case.lines(vec![tea()]);
    },
    |case| {
        case.payment.points = Some(Money::rub(15_015));
        case.command.penalty = Some(Money::rub(100));
    },
    |case| {
        let usd = Currency::from_code("USD").expect("of ISO 4217");
        case.payment.points = Some(Money::new(15_015, usd));
        case.payment.captured = Money::new(65_015, usd);
        case.prior = Prior::none(usd);
        case.lines(vec![tea()]);
    },
    |case| {
        case.payment.captured = Money::rub(60_000);
        case.command.order = case.cart.take();
        case.lines(vec![tea()]);
    },
    |case| case.command.penalty = Some(Money::rub(70_000)),
    |case| case.command.language = Some("Russian".to_owned()),
    |case| case.command.params = BTreeMap::from([("penalty".to_owned(), "100".to_owned())]),
    |case| {
        case.command.receipt = ReceiptChoice::Cart;
        case.command.receipt_extras = BTreeMap::from([("x".to_owned(), vec!["1".to_owned()])]);
    },
    |case| {
        case.cart = None;
        case.command.receipt = ReceiptChoice::Cart;
    },
    |case| {
        let usd = Currency::from_code("USD").expect("of ISO 4217");
        case.payment.captured = Money::new(65_015, usd);
        case.prior = Prior::none(usd);
    },
    |case| case.payment.captured = Money::rub(100_000_000_000_000),
    |case| {
        case.order_line(0).name = "Чай ".repeat(40);
        case.receipt(vec![tea()], 10_000);
    },
    |case| {
        case.order_line(0).fiscal.as_mut().expect("set below").vat = "vat99".to_owned();
        case.receipt(vec![tea()], 10_000);
    },
    |case| case.receipt(vec![RefundLine { amount: Some(Money::rub(1)), ..honey() }], 1),
    |case| case.many_lines(),
    |case| case.command.payment.account = AccountId::parse("other").expect("a word is an account"),
    |case| case.command.payment.payment = PaymentId::parse("1001").expect("digits are a payment's name"),
    |case| case.payment.data = Opaque::cut("unknown/payment@1", Vec::new()),
    |case| {
        let long = "x".repeat(Opaque::MAX_BYTES);
        case.command.params = BTreeMap::from([("comment".to_owned(), long)]);
    },
    |case| {
        case.command.amount = RefundAmount::Exactly(Money::rub(70_000));
        case.command.allocate = Some(Allocation { by: By::Amount, whole_order: WholeOrderLines::none() });
    },
];

/// One packet.
fn tea() -> RefundLine {
    RefundLine::new("1", Quantity::from_thousandths(1_000))
}

/// All of it.
fn honey() -> RefundLine {
    RefundLine::new("2", Quantity::from_thousandths(1_500))
}

fn sold(position: &str, name: &str, code: &str, thousandths: i64, price: i64) -> Line {
    let word = str::to_owned;
    let fiscal = LineFiscal { vat: word("vat20"), method: word("full_payment"), object: word("commodity") };
    Line {
        code: Some(word(code)),
        price: Some(Money::rub(price)),
        fiscal: Some(fiscal),
        ..Line::new(position, name, Quantity::from_thousandths(thousandths))
    }
}

impl Case {
    fn new(offline: &Offline, account: &AccountId) -> Self {
        let provider: ProviderId = offline.provider.describe().id.clone();
        let payment = PaymentId::parse(ORDER).expect("letters and digits are a payment's name");
        let payment = PaymentRef { provider, account: account.clone(), payment };
        let tea =
            Line { measure: Some(Measure("шт.".to_owned())), ..sold("1", "Чай", "tea", 2_000, 10_000) };
        Self {
            command: RefundCommand::new(payment, RefundAmount::Full),
            payment: Payment::new(Money::rub(65_015), PaymentState::Captured, offline.payment.clone()),
            prior: Prior::none(Currency::RUB),
            cart: Some(Cart { lines: vec![tea, sold("2", "Мёд", "honey", 1_500, 30_010)] }),
        }
    }

    /// Names the lines that come back.
    fn lines(&mut self, lines: Vec<RefundLine>) {
        self.command.lines = Some(lines);
    }

    /// The same with a receipt, for this amount.
    fn receipt(&mut self, lines: Vec<RefundLine>, minor: i64) {
        self.lines(lines);
        self.command.amount = RefundAmount::Exactly(Money::rub(minor));
        self.command.receipt = ReceiptChoice::Cart;
    }

    fn order_line(&mut self, index: usize) -> &mut Line {
        &mut self.cart.as_mut().expect("a case begins with a cart").lines[index]
    }

    /// One packet came back before.
    fn tea_is_back(&mut self) {
        let one = Quantity::from_thousandths(1_000);
        self.prior = Prior::of(Money::rub(10_000), Money::rub(0));
        self.prior.carts = PriorCarts::Some;
        self.prior.lines =
            vec![UsedLine::new("1".to_owned(), one, Money::rub(10_000), "return-1".to_owned())];
    }

    /// Sixty lines whose prices do not divide.
    fn many_lines(&mut self) {
        let numbers = || (1..=60).map(|number: u32| number.to_string());
        let cart = numbers().map(|position| Line {
            price: None,
            amount: Some(Money::rub(10_000)),
            ..sold(&position, "Чай", &format!("tea-{position}"), 3_000, 0)
        });
        self.cart = Some(Cart { lines: cart.collect() });
        self.payment.captured = Money::rub(600_000);
        let back = numbers().map(|position| RefundLine {
            amount: Some(Money::rub(10_000)),
            ..RefundLine::new(position, Quantity::from_thousandths(3_000))
        });
        self.receipt(back.collect(), 600_000);
    }

    /// What is wrong with it, and what is only told.
    fn findings(mut self, offline: &Offline) -> Vec<Violation> {
        let descriptor = offline.provider.describe();
        match descriptor.capabilities.cart {
            Support::Yes => self.payment.cart = self.cart,
            Support::No => self.command.order = self.command.order.or(self.cart),
        }
        if self.command.allocate.is_some()
            && let Err(refusal) =
                allocate::complete(&self.command, &self.payment, &self.prior, &descriptor.cart)
        {
            return vec![Violation::from(refusal)];
        }
        let refund = match rules::check(&self.command, &self.payment, &self.prior, &descriptor.cart) {
            Ok(refund) => refund,
            Err(found) => return in_request(found).as_slice().to_vec(),
        };
        let key = LineageKey::parse("check").expect("five letters are a lineage key");
        let refused = offline.provider.prepare(&refund, &self.payment, &key).err().map(in_request);
        let refused = refused.iter().flat_map(|found| found.as_slice().to_vec());
        refused.chain(refund.warnings().to_vec()).collect()
    }
}
