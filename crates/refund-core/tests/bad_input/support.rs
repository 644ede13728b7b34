//! An order, refunds of it, and a check that names rules and places.

use refund_core::{
    AccountId, Cart, CartNeed, CartPolicy, Currency, Line, Money, Opaque, Payment, PaymentId, PaymentRef,
    PaymentState, Prior, ProviderId, Quantity, RefundAmount, RefundCommand, RefundLine, Violations, rules,
};

/// The order: line 1, two packets of tea at 100.00; line 2, 1.5 kg of honey, 450.15. Paid: 650.15.
pub(crate) const PAID: i64 = 65_015;

pub(crate) fn order() -> Payment {
    let mut tea = Line::new("1", "Чай", pieces(2));
    (tea.price, tea.amount, tea.code) =
        (Some(Money::rub(10_000)), Some(Money::rub(20_000)), Some("tea".into()));
    let mut honey = Line::new("2", "Мёд", thousandths(1_500));
    (honey.price, honey.amount) = (Some(Money::rub(30_010)), Some(Money::rub(45_015)));
    paid(PAID, vec![tea, honey])
}

/// A captured payment with this cart.
pub(crate) fn paid(kopecks: i64, lines: Vec<Line>) -> Payment {
    let data = Opaque::new("acme/payment@1", Vec::new()).expect("short");
    let mut payment = Payment::new(Money::rub(kopecks), PaymentState::Captured, data);
    payment.cart = Some(Cart { lines });
    payment
}

pub(crate) fn refund(kopecks: i64, lines: Vec<RefundLine>) -> RefundCommand {
    let payment = PaymentRef {
        provider: ProviderId::from_static("acme"),
        account: AccountId::parse("shop").expect("valid"),
        payment: PaymentId::parse("1").expect("valid"),
    };
    let mut command = RefundCommand::new(payment, RefundAmount::Exactly(Money::rub(kopecks)));
    command.lines = Some(lines);
    command
}

pub(crate) fn line(position: &str, quantity: Quantity, kopecks: i64) -> RefundLine {
    let mut line = RefundLine::new(position, quantity);
    line.amount = Some(Money::rub(kopecks));
    line
}

pub(crate) fn pieces(count: i64) -> Quantity {
    thousandths(count * 1_000)
}

pub(crate) fn thousandths(count: i64) -> Quantity {
    Quantity::from_thousandths(count)
}

pub(crate) fn policy() -> CartPolicy {
    CartPolicy::new(CartNeed::OrdersWithCart)
}

pub(crate) fn check(command: &RefundCommand, payment: &Payment) -> Result<Money, Violations> {
    let prior = Prior::none(Currency::RUB);
    rules::check(command, payment, &prior, &policy()).map(|checked| checked.amount())
}

/// `rule@path` of every violation, in the order of the report.
pub(crate) fn broken(command: &RefundCommand, payment: &Payment) -> Vec<String> {
    match check(command, payment) {
        Ok(_) => Vec::new(),
        Err(found) => named(&found),
    }
}

pub(crate) fn named(found: &Violations) -> Vec<String> {
    found.as_slice().iter().map(|violation| format!("{}@{}", violation.rule, violation.path)).collect()
}
