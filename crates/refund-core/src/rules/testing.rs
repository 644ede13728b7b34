//! What the rules' tests share: one order, refunds of it, and a check that names rules and places.
//!
//! The order: line 1, two packets of tea at 100.00; line 2, 1.5 kg of honey at 300.10, which is 450.15. Paid: 650.15.

use super::check;
use crate::{
    AccountId, Cart, CartNeed, CartPolicy, Line, Money, Opaque, Payment, PaymentId, PaymentRef, PaymentState,
    Prior, PriorCarts, ProviderId, Quantity, RefundAmount, RefundCommand, RefundLine, UsedLine,
};

/// What the order was paid with, in kopecks.
pub(super) const PAID: i64 = 65_015;

pub(super) fn policy() -> CartPolicy {
    CartPolicy::new(CartNeed::OrdersWithCart)
}

pub(super) fn order() -> Payment {
    let line = |position: &str, name: &str, code: &str, thousandths, price, amount| Line {
        code: Some(code.to_owned()),
        price: Some(Money::rub(price)),
        amount: Some(Money::rub(amount)),
        ..Line::new(position, name, Quantity::from_thousandths(thousandths))
    };
    let lines = vec![
        line("1", "Чай", "tea", 2_000, 10_000, 20_000),
        line("2", "Мёд", "honey", 1_500, 30_010, 45_015),
    ];
    let data = Opaque::new("acme/payment@1", Vec::new()).expect("short");
    let mut payment = Payment::new(Money::rub(PAID), PaymentState::Captured, data);
    payment.cart = Some(Cart { lines });
    payment
}

/// A refund of so many kopecks without a cart.
pub(super) fn bare(kopecks: i64) -> RefundCommand {
    let payment = PaymentRef {
        provider: ProviderId::from_static("acme"),
        account: AccountId::parse("shop").expect("valid"),
        payment: PaymentId::parse("1").expect("valid"),
    };
    RefundCommand::new(payment, RefundAmount::Exactly(Money::rub(kopecks)))
}

/// A refund of so many kopecks with these lines.
pub(super) fn refund(kopecks: i64, lines: Vec<RefundLine>) -> RefundCommand {
    RefundCommand { lines: Some(lines), ..bare(kopecks) }
}

/// So many thousandths of a line.
pub(super) fn some(position: &str, thousandths: i64) -> RefundLine {
    RefundLine::new(position, Quantity::from_thousandths(thousandths))
}

/// So many thousandths of a line for so many kopecks.
pub(super) fn worth(position: &str, thousandths: i64, kopecks: i64) -> RefundLine {
    RefundLine { amount: Some(Money::rub(kopecks)), ..some(position, thousandths) }
}

pub(super) fn nothing_before() -> Prior {
    Prior::of(Money::rub(0), Money::rub(0))
}

/// An earlier refund, `k-1`, that took this of a line.
pub(super) fn before(position: &str, thousandths: i64, kopecks: i64) -> Prior {
    let (quantity, amount) = (Quantity::from_thousandths(thousandths), Money::rub(kopecks));
    let used = UsedLine::new(position.to_owned(), quantity, amount, "k-1".to_owned());
    Prior { lines: vec![used], carts: PriorCarts::Some, ..Prior::of(Money::rub(kopecks), Money::rub(0)) }
}

/// Rules and places of everything that is broken, `rule@path`, in order; empty when the refund is accepted.
pub(super) fn broken(command: &RefundCommand, payment: &Payment, prior: &Prior) -> Vec<String> {
    match check(command, payment, prior, &policy()) {
        Ok(_) => Vec::new(),
        Err(found) => found.as_slice().iter().map(|v| format!("{}@{}", v.rule, v.path)).collect(),
    }
}

/// Checks a refund of the order with nothing before it.
pub(super) fn expect(command: &RefundCommand, expected: &[&str]) {
    assert_eq!(broken(command, &order(), &nothing_before()), expected, "{command:?}");
}

/// The values of the first violation of a rule.
pub(super) fn values(command: &RefundCommand, payment: &Payment, prior: &Prior, rule: &str) -> Vec<String> {
    let found = check(command, payment, prior, &policy()).expect_err("broken");
    let violation = found.as_slice().iter().find(|v| v.rule.as_str() == rule).expect("this rule");
    violation.message.args().iter().map(|(name, value)| format!("{name}={value}")).collect()
}

/// What an accepted refund is warned of, `rule@path`.
pub(super) fn warned(command: &RefundCommand, payment: &Payment, prior: &Prior) -> Vec<String> {
    let checked = check(command, payment, prior, &policy()).expect("accepted");
    checked.warnings().iter().map(|v| format!("{}@{}", v.rule, v.path)).collect()
}

/// A currency that is not the rouble.
pub(super) fn yen() -> crate::Currency {
    crate::Currency::from_code("JPY").expect("the yen is in ISO 4217")
}
