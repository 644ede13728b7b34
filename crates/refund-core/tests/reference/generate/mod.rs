//! Valid refunds: an order, what earlier refunds took of it, and a refund that fits what is left, often to the kopeck.
//!
//! Every amount here is chosen or summed in whole kopecks; the generator must not ask the crate under test for a sum.

mod goods;

use crate::{
    case::Case,
    documents::{Binding, Bindings, OPTIONAL},
    seeded::Seeded,
};
use goods::{Earlier, Stock, Take, asked, earlier, sold, stock, thousandths};
use refund_core::{
    AccountId, Cart, CartNeed, CartPolicy, Currency, Line, Money, Opaque, Payment, PaymentId, PaymentRef,
    PaymentState, Prior, PriorCarts, ProviderId, ReceiptChoice, RefundAmount, RefundCommand, RefundLine,
    UsedLine, format::Format,
};

/// A refund that breaks nothing.
pub(crate) fn valid(seeded: &mut Seeded) -> Case {
    let mut case = if seeded.percent(85) { with_cart(seeded) } else { money_only(seeded) };
    if case.payment.points.is_none() && seeded.percent(5) {
        let currency = seeded.pick(&["USD", "JPY"]);
        in_currency(&mut case, Currency::from_code(currency).expect("a currency of ISO 4217"));
    }
    if seeded.percent(20) {
        tighten(&mut case);
    }
    case
}

/// A payment in roubles that nothing was ever refunded of, with the order's cart; the refund is the caller's to write.
pub(crate) fn untouched(seeded: &mut Seeded) -> Case {
    let lines = seeded.range(1, 6);
    let stock: Vec<_> = (1..=lines).map(|position| sold(seeded, position)).collect();
    let mut payment = payment(stock.iter().map(|stock| stock.paid).sum());
    payment.cart = Some(Cart { lines: stock.into_iter().map(|stock| stock.line).collect() });
    let (command, prior) = (command(RefundAmount::Full), Prior::none(Currency::RUB));
    Case {
        command,
        payment,
        prior,
        policy: CartPolicy::new(CartNeed::OrdersWithCart),
        bindings: Bindings::sber(),
    }
}

fn with_cart(seeded: &mut Seeded) -> Case {
    let mut stock = stock(seeded);
    let earlier = if seeded.percent(35) { earlier(seeded, &mut stock) } else { Vec::new() };
    let lines = asked(seeded, &stock);
    let asked = lines.iter().map(|(_, take)| take.amount).sum();
    let took = |refund: &Earlier| refund.takes.iter().map(|(_, take)| take.amount).sum::<i64>();
    let (done, open): (Vec<_>, Vec<_>) = earlier.iter().partition(|refund| !refund.open);
    let (done, open) = (done.into_iter().map(took).sum(), open.into_iter().map(took).sum());
    let paid = stock.iter().map(|stock| stock.paid).sum();
    let mut payment = shown(seeded, Sums { paid, done, open, asked });
    let mut command = command(ask(seeded, &payment, done, open, asked));
    if seeded.percent(70) {
        let counted = seeded.percent(60);
        stock.iter_mut().for_each(|stock| count(seeded, stock, &earlier, &lines, counted));
        payment.cart = Some(Cart { lines: stock.into_iter().map(|stock| stock.line).collect() });
        // The shop's cart knows nothing right; the gateway's own comes first.
        let other = Cart { lines: vec![Line::new("1", "Другой товар", thousandths(1))] };
        command.order = seeded.percent(10).then_some(other);
    } else {
        command.order = Some(Cart { lines: stock.into_iter().map(|stock| stock.line).collect() });
    }
    command.lines = Some(lines.into_iter().map(|(line, _)| line).collect());
    command.receipt = seeded.pick(&[ReceiptChoice::Cart, ReceiptChoice::None]);
    command.penalty = (payment.points.is_none() && seeded.percent(5)).then_some(Money::rub(1));
    let prior = journal(&earlier, done, open);
    Case {
        command,
        payment,
        prior,
        policy: CartPolicy::new(CartNeed::OrdersWithCart),
        bindings: bindings(seeded),
    }
}

/// What the journal knows of the earlier refunds.
fn journal(earlier: &[Earlier], done: i64, open: i64) -> Prior {
    let mut prior = Prior::of(Money::rub(done), Money::rub(open));
    for refund in earlier {
        prior.carts = PriorCarts::Some;
        prior.lines.extend(refund.takes.iter().map(|(position, take)| {
            let (quantity, amount) = (thousandths(take.quantity), Money::rub(take.amount));
            let used = UsedLine::new(position.clone(), quantity, amount, refund.by.to_owned());
            if refund.open { used.open() } else { used }
        }));
    }
    prior
}

/// What the gateway itself counts as given back of a line: as much as the journal, less, or more, as far as this refund
/// leaves it.
fn count(
    seeded: &mut Seeded,
    stock: &mut Stock,
    earlier: &[Earlier],
    lines: &[(RefundLine, Take)],
    counted: bool,
) {
    if !counted {
        return;
    }
    let position = &stock.line.position;
    let of = |takes: &[(String, Take)]| takes.iter().find(|(at, _)| at == position).map(|(_, take)| *take);
    let done = earlier.iter().filter(|refund| !refund.open).filter_map(|refund| of(&refund.takes));
    let done = done.fold(Take { quantity: 0, amount: 0 }, |sum, take| Take {
        quantity: sum.quantity + take.quantity,
        amount: sum.amount + take.amount,
    });
    let asked = lines.iter().find(|(line, _)| line.position == *position).map(|(_, take)| *take);
    let (left, asked) = (stock.left(), asked.unwrap_or(Take { quantity: 0, amount: 0 }));
    let mut near = |done: i64, spare: i64| match seeded.range(0, 3) {
        0 => None,
        1 => Some(done),
        2 => Some(done + spare),
        _ => Some(seeded.range(0, done)),
    };
    stock.line.refunded.quantity = near(done.quantity, left.quantity - asked.quantity).map(thousandths);
    stock.line.refunded.amount = near(done.amount, left.amount - asked.amount).map(Money::rub);
}

/// Which rules bind: as at a known gateway, or any of those a policy may leave out or soften.
fn bindings(seeded: &mut Seeded) -> Bindings {
    match seeded.range(0, 9) {
        0..=5 => Bindings::sber(),
        6..=7 => Bindings::receipt_only(),
        _ => any_bindings(seeded),
    }
}

/// Every rule that may be left out or softened, drawn by lot.
pub(crate) fn any_bindings(seeded: &mut Seeded) -> Bindings {
    let mut bindings = Bindings::sber();
    for rule in OPTIONAL {
        match seeded.range(0, 3) {
            0 => drop(bindings.0.remove(rule)),
            1 => drop(bindings.0.insert(rule, Binding::Warns)),
            _ => drop(bindings.0.insert(rule, Binding::Refuses)),
        }
    }
    bindings
}

/// A refund without lines, where no cart is needed: a gateway that asks for none, an order without one, or the whole of
/// an untouched payment.
fn money_only(seeded: &mut Seeded) -> Case {
    let stock = stock(seeded);
    let paid: i64 = stock.iter().map(|stock| stock.paid).sum();
    let whole = seeded.percent(40);
    let used = if whole { 0 } else { seeded.range(0, paid - 1) };
    let asked = if whole { paid } else { seeded.range(1, paid - used) };
    let done = seeded.range(0, used);
    let open = used - done;
    let mut payment = payment(paid);
    payment.refunded = seeded.percent(60).then(|| Money::rub(done));
    let cart = Cart { lines: stock.into_iter().map(|stock| stock.line).collect() };
    let bindings = if seeded.percent(60) { bindings(seeded) } else { Bindings::receipt_only() };
    if whole || bindings == Bindings::receipt_only() {
        payment.cart = seeded.percent(70).then_some(cart);
    }
    let command = command(ask(seeded, &payment, done, open, asked));
    let prior = Prior::of(Money::rub(done), Money::rub(open));
    Case { command, payment, prior, policy: CartPolicy::new(CartNeed::OrdersWithCart), bindings }
}

/// Sums of a case in kopecks: paid for the lines, given back, in flight, asked now.
struct Sums {
    paid: i64,
    done: i64,
    open: i64,
    asked: i64,
}

/// The payment as the gateway shows it. What the refund leaves over may have been paid with points, or given back by
/// somebody else.
fn shown(seeded: &mut Seeded, sums: Sums) -> Payment {
    let mut slack = sums.paid - sums.done - sums.open - sums.asked;
    let points = if seeded.percent(8) { seeded.range(0, slack) } else { 0 };
    slack -= points;
    let mut payment = payment(sums.paid - points);
    payment.points = (points > 0).then(|| Money::rub(points));
    payment.refunded = match seeded.range(0, 9) {
        0..=3 => None,
        4..=7 => Some(Money::rub(sums.done)),
        8 => Some(Money::rub(seeded.range(0, sums.done))),
        _ => Some(Money::rub(sums.done + seeded.range(0, slack))),
    };
    payment
}

fn payment(captured: i64) -> Payment {
    let data = Opaque::new("reference/payment@1", Vec::new()).expect("a small value");
    Payment::new(Money::rub(captured), PaymentState::Captured, data)
}

/// "Full" or the number, where all that is left is asked; else the number.
fn ask(seeded: &mut Seeded, payment: &Payment, done: i64, open: i64, asked: i64) -> RefundAmount {
    let shown = payment.refunded.map_or(0, Money::minor);
    let remaining = payment.captured.minor() - shown.max(done) - open;
    match asked == remaining && seeded.percent(50) {
        true => RefundAmount::Full,
        false => RefundAmount::Exactly(Money::rub(asked)),
    }
}

fn command(amount: RefundAmount) -> RefundCommand {
    let reference = PaymentRef {
        provider: ProviderId::from_static("reference"),
        account: AccountId::parse("shop").expect("an account"),
        payment: PaymentId::parse("1").expect("a payment"),
    };
    RefundCommand::new(reference, amount)
}

/// Limits that the refund just keeps.
fn tighten(case: &mut Case) {
    let lines = case.command.lines.as_deref().unwrap_or_default();
    let longest = |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| text.chars().count()).max();
    let policy = &mut case.policy;
    if let Some(most) = longest(&mut lines.iter().map(|line| line.position.as_str())) {
        policy.position = Format::n_up_to(most);
    }
    if let Some(most) = longest(&mut lines.iter().filter_map(|line| line.name.as_deref())) {
        policy.name = Format::ans_up_to(most);
    }
    if let Some(most) = longest(&mut lines.iter().filter_map(|line| line.code.as_deref())) {
        policy.code = Format::ans_up_to(most);
    }
    if let Some(most) = lines.iter().map(|line| line.quantity.thousandths()).max() {
        policy.quantity_max = most;
    }
    if let Some(most) = lines.iter().filter_map(|line| line.amount.map(Money::minor)).max() {
        // A line that writes no amount may be worth more than those that do.
        policy.amount_max = policy.amount_max.min(most.max(10_000_000));
    }
    policy.lines_max = lines.len().max(1);
}

/// The same case in another currency.
pub(crate) fn in_currency(case: &mut Case, currency: Currency) {
    let turn = |money: &mut Money| *money = Money::new(money.minor(), currency);
    let Case { command, payment, prior, .. } = case;
    if let RefundAmount::Exactly(money) = &mut command.amount {
        turn(money);
    }
    turn(&mut payment.captured);
    turn(&mut prior.done);
    turn(&mut prior.open);
    payment.refunded.iter_mut().chain(payment.points.iter_mut()).for_each(turn);
    command.penalty.iter_mut().for_each(turn);
    prior.lines.iter_mut().for_each(|used| turn(&mut used.amount));
    for cart in payment.cart.iter_mut().chain(command.order.iter_mut()) {
        for line in &mut cart.lines {
            line.price.iter_mut().chain(line.amount.iter_mut()).for_each(turn);
            line.refunded.amount.iter_mut().for_each(turn);
        }
    }
    for line in command.lines.iter_mut().flatten() {
        line.price.iter_mut().chain(line.amount.iter_mut()).for_each(turn);
        line.currency = line.currency.map(|_| currency);
    }
}
