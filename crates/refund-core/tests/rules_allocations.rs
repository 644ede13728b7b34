//! A cart that nothing is wrong with costs no memory: what the rules need is built only when something is wrong, when the
//! refund's lines are not in the order's sequence, or when there were refunds before.

use refund_core::{
    AccountId, Cart, CartNeed, CartPolicy, Currency, Line, Money, Opaque, Payment, PaymentId, PaymentRef,
    PaymentState, Prior, ProviderId, Quantity, RefundAmount, RefundCommand, RefundLine, rules,
};

const POLICY: CartPolicy = CartPolicy::new(CartNeed::OrdersWithCart);

/// An order of so many lines at 1.00 each and a refund of all of it, every member written.
fn whole(count: usize) -> (RefundCommand, Payment) {
    let one = Quantity::from_thousandths(1_000);
    let sold = |n: usize| Line {
        code: Some(format!("sku-{n:06}")),
        price: Some(Money::rub(100)),
        amount: Some(Money::rub(100)),
        ..Line::new((n + 1).to_string(), format!("Товар {n}"), one)
    };
    let lines: Vec<_> = (0..count).map(sold).collect();
    let asked = |sold: &Line| RefundLine {
        name: Some(sold.name.clone()),
        code: sold.code.clone(),
        price: sold.price,
        amount: sold.amount,
        ..RefundLine::new(sold.position.clone(), one)
    };
    let reference = PaymentRef {
        provider: ProviderId::from_static("acme"),
        account: AccountId::parse("shop").expect("valid"),
        payment: PaymentId::parse("1").expect("valid"),
    };
    let mut command = RefundCommand::new(reference, RefundAmount::Full);
    command.lines = Some(lines.iter().map(asked).collect());
    let captured = Money::rub(100 * i64::try_from(count).expect("small"));
    let data = Opaque::new("acme/payment@1", Vec::new()).expect("short");
    let mut payment = Payment::new(captured, PaymentState::Captured, data);
    payment.cart = Some(Cart { lines });
    (command, payment)
}

fn allocations(command: &RefundCommand, payment: &Payment) -> u64 {
    let prior = Prior::none(Currency::RUB);
    let mut total = None;
    let info = allocation_counter::measure(|| {
        total = rules::check_cart(command, payment, &prior, &POLICY).ok();
    });
    assert_eq!(total, Some(payment.captured.minor()), "nothing is wrong");
    info.count_total
}

#[test]
fn a_cart_in_the_orders_sequence_costs_no_memory() {
    for count in [1, 10, 1_000, 10_000] {
        let (command, payment) = whole(count);
        assert_eq!(allocations(&command, &payment), 0, "{count} lines");
    }
}

/// The measure sees what there is to see.
#[test]
fn another_sequence_costs_an_index() {
    let (mut command, payment) = whole(100);
    command.lines.as_mut().expect("lines").reverse();
    assert!(allocations(&command, &payment) > 0);
}
