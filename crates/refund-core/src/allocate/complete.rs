//! A command's lines, where it leaves them to be made: on its own wish, or because the gateway demands a cart for what is
//! left.

use super::{
    AllocationPolicy, Piece, WholeOrder, WholeOrderLines, Wish, lines, points,
    refusal::{self as why, Unallocatable},
};
use crate::{
    Cart, CartNeed, CartPolicy, Money, Payment, Prior, Quantity, RefundAmount, RefundCommand, RefundLine,
    rules::Sums,
};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

/// How a command wants its lines made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// From what.
    pub by: By,
    /// Which lines belong to the whole order, and what becomes of them.
    pub whole_order: WholeOrderLines,
}

/// From what lines are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// From the command's amount, distributed over the order's lines.
    Amount,
    /// From the command's lines: their position and quantity stand, their money is computed.
    Lines,
    /// From the command's amount, for one line whose goods the payer keeps.
    Concession {
        /// Which line.
        position: String,
        /// How much of it is used up.
        quantity: Quantity,
    },
}

/// The command with its lines made, to be handed to [`crate::rules::check`]; the command itself where there is nothing to
/// make.
///
/// Lines are made where [`RefundCommand::allocate`] asks for them, and for a full refund without lines of a payment some of
/// which went back already, at a gateway that then demands a cart ([`CartNeed::OrdersWithCart`]): what is left of each
/// line. Nothing is guessed: where money and lines do not agree, that is an error.
///
/// # Errors
/// [`Unallocatable`].
pub fn complete<'c>(
    command: &'c RefundCommand,
    payment: &Payment,
    prior: &Prior,
    policy: &CartPolicy,
) -> Result<Cow<'c, RefundCommand>, Unallocatable> {
    // Sums that do not fit together are the rules' to tell.
    let Ok(Sums { remaining, .. }) = Sums::of(payment, prior) else { return Ok(Cow::Borrowed(command)) };
    let (wish, whole_order) = match (&command.allocate, &command.lines) {
        (None, None) if owes_cart(command, payment, remaining, policy) => (None, WholeOrderLines::none()),
        (None, _) => return Ok(Cow::Borrowed(command)),
        (Some(allocation), given) => {
            let asked = asked(command, remaining);
            (Some(wish(&allocation.by, given.as_deref(), asked)?), allocation.whole_order.clone())
        }
    };
    let order = payment.cart.as_ref().or(command.order.as_ref()).ok_or_else(why::no_order)?;
    let order = in_money(order, payment)?;
    let policy = AllocationPolicy { splitting: policy.splitting, whole_order };
    let made = match &wish {
        Some(wish) => {
            refuse_kept_from_full(command, remaining, &order, prior, &policy)?;
            lines(wish, &order, &prior.lines, &policy)?
        }
        None => the_rest(&order, remaining, prior, &policy)?,
    };
    let mut completed = command.clone();
    let made = as_written(made, completed.lines.take().unwrap_or_default());
    (completed.lines, completed.allocate) = (Some(made), None);
    Ok(Cow::Owned(completed))
}

/// What the caller wrote of a line beside its quantity still is to be compared with the order.
fn as_written(made: Vec<RefundLine>, given: Vec<RefundLine>) -> Vec<RefundLine> {
    let mut given: BTreeMap<_, _> = given.into_iter().map(|line| (line.position.clone(), line)).collect();
    let written = |made: RefundLine| match given.remove(&made.position) {
        Some(given) => {
            RefundLine { quantity: made.quantity, price: made.price, amount: made.amount, ..given }
        }
        None => made,
    };
    made.into_iter().map(written).collect()
}

fn wish(by: &By, given: Option<&[RefundLine]>, asked: Money) -> Result<Wish, Unallocatable> {
    match (by, given) {
        (By::Lines, given) => {
            let given = given.unwrap_or_default();
            if let Some(at) = given.iter().position(|line| line.price.or(line.amount).is_some()) {
                return Err(why::lines_priced(at, &given[at].position));
            }
            Ok(Wish::Lines(given.iter().map(|line| Piece::new(&line.position, line.quantity)).collect()))
        }
        (_, Some(_)) => Err(why::lines_given()),
        (By::Amount, None) => Ok(Wish::Amount(asked)),
        (By::Concession { position, quantity }, None) => {
            Ok(Wish::Concession { position: position.clone(), quantity: *quantity, amount: asked })
        }
    }
}

/// Whether the gateway demands a cart although the whole rest is asked: some of the payment went back already.
fn owes_cart(command: &RefundCommand, payment: &Payment, remaining: Money, policy: &CartPolicy) -> bool {
    command.amount == RefundAmount::Full
        && policy.needed == CartNeed::OrdersWithCart
        && payment.cart.is_some()
        && remaining.is_positive()
        && remaining != payment.captured
}

/// Everything that is left, when lines and money agree on what that is.
fn the_rest(
    order: &Cart,
    remaining: Money,
    prior: &Prior,
    policy: &AllocationPolicy,
) -> Result<Vec<RefundLine>, Unallocatable> {
    let made = lines(&Wish::Rest, order, &prior.lines, policy)?;
    let left = total(&made, remaining).ok_or_else(why::too_large)?;
    if left == remaining { Ok(made) } else { Err(why::unaccounted(remaining, left)) }
}

/// "Everything" and "but not the delivery" contradict each other; the amount that was meant is told.
fn refuse_kept_from_full(
    command: &RefundCommand,
    remaining: Money,
    order: &Cart,
    prior: &Prior,
    policy: &AllocationPolicy,
) -> Result<(), Unallocatable> {
    let keeps = policy.whole_order.back == WholeOrder::Keep
        && !(policy.whole_order.positions.is_empty() && policy.whole_order.objects.is_empty());
    if command.amount != RefundAmount::Full || !keeps {
        return Ok(());
    }
    let all = lines(&Wish::Rest, order, &prior.lines, &AllocationPolicy::new(policy.splitting))?;
    let less = lines(&Wish::Rest, order, &prior.lines, policy)?;
    let back: BTreeSet<_> = less.iter().map(|line| line.position.as_str()).collect();
    let kept: Vec<_> = all.iter().filter(|line| !back.contains(line.position.as_str())).collect();
    let names: Vec<_> = kept.iter().map(|line| line.position.clone()).collect();
    let kept: Vec<_> = kept.into_iter().cloned().collect();
    let kept = total(&kept, remaining).ok_or_else(why::too_large)?;
    if kept.is_zero() {
        return Ok(());
    }
    let less = total(&less, remaining).ok_or_else(why::too_large)?;
    Err(why::kept_from_full(remaining, kept, less, &names))
}

/// The order as far as it was paid in money: points are given back by another call, so they are no part of these lines.
fn in_money<'a>(order: &'a Cart, payment: &Payment) -> Result<Cow<'a, Cart>, Unallocatable> {
    let Some(paid) = payment.points.filter(|points| points.is_positive()) else {
        return Ok(Cow::Borrowed(order));
    };
    let points = points::of_lines(order, paid, Money::new(1, paid.currency()))?;
    let mut order = order.clone();
    for (line, points) in order.lines.iter_mut().zip(points) {
        let money = line.total().and_then(|total| total.checked_sub(points).ok());
        (line.price, line.amount) = (None, money);
    }
    Ok(Cow::Owned(order))
}

fn asked(command: &RefundCommand, remaining: Money) -> Money {
    match command.amount {
        RefundAmount::Full => remaining,
        RefundAmount::Exactly(amount) => amount,
    }
}

fn total(lines: &[RefundLine], of: Money) -> Option<Money> {
    let amounts = lines.iter().map(|line| line.amount);
    amounts.into_iter().try_fold(Money::zero(of.currency()), |sum, amount| sum.checked_add(amount?).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AccountId, Line, Opaque, PaymentId, PaymentRef, PaymentState, PriorCarts, ProviderId, UsedLine, rules,
    };

    const POLICY: CartPolicy = CartPolicy::new(CartNeed::OrdersWithCart);

    /// Two packets of tea at 100.00 and 1.5 kg of honey at 300.10, which is 450.15: 650.15, all of it captured.
    fn payment() -> Payment {
        let line = |position: &str, thousandths, price| Line {
            price: Some(Money::rub(price)),
            ..Line::new(position, "n", Quantity::from_thousandths(thousandths))
        };
        let data = Opaque::new("acme/payment@1", Vec::new()).expect("short");
        let mut payment = Payment::new(Money::rub(65_015), PaymentState::Captured, data);
        payment.cart = Some(Cart { lines: vec![line("1", 2_000, 10_000), line("2", 1_500, 30_010)] });
        payment
    }

    fn command(amount: RefundAmount) -> RefundCommand {
        let payment = PaymentRef {
            provider: ProviderId::from_static("acme"),
            account: AccountId::parse("shop").expect("valid"),
            payment: PaymentId::parse("1").expect("valid"),
        };
        RefundCommand::new(payment, amount)
    }

    fn allocating(amount: RefundAmount, by: By) -> RefundCommand {
        let allocate = Some(Allocation { by, whole_order: WholeOrderLines::none() });
        RefundCommand { allocate, ..command(amount) }
    }

    fn exactly(kopecks: i64) -> RefundAmount {
        RefundAmount::Exactly(Money::rub(kopecks))
    }

    /// A packet of tea came back before.
    fn one_tea() -> Prior {
        let tea =
            UsedLine::new("1".into(), Quantity::from_thousandths(1_000), Money::rub(10_000), "r-1".into());
        Prior { lines: vec![tea], carts: PriorCarts::Some, ..Prior::of(Money::rub(10_000), Money::rub(0)) }
    }

    fn nothing() -> Prior {
        Prior::none(crate::Currency::RUB)
    }

    /// `1: 1000 = 10000`, `as it is`, or `id at path`; what is made, the rules accept.
    fn shown(command: &RefundCommand, payment: &Payment, prior: &Prior, policy: &CartPolicy) -> String {
        match complete(command, payment, prior, policy) {
            Err(refusal) => refusal.to_string(),
            Ok(Cow::Borrowed(_)) => "as it is".to_owned(),
            Ok(Cow::Owned(completed)) => {
                let checked = rules::check(&completed, payment, prior, policy);
                assert!(checked.is_ok(), "{checked:?}");
                let twice = complete(&completed, payment, prior, policy);
                assert!(matches!(twice, Ok(Cow::Borrowed(_))), "{twice:?}");
                let lines = completed.lines.iter().flatten().map(|line| {
                    let amount = line.amount.expect("told").minor();
                    format!("{}: {} = {amount}", line.position, line.quantity)
                });
                lines.collect::<Vec<_>>().join("; ")
            }
        }
    }

    #[test]
    fn what_is_left_is_made_only_where_a_cart_is_owed() {
        let full = command(RefundAmount::Full);
        let check = |command: &RefundCommand, payment: &Payment, prior: &Prior, expected: &str| {
            assert_eq!(shown(command, payment, prior, &POLICY), expected);
        };
        check(&full, &payment(), &nothing(), "as it is");
        // 100.00 + 450.15 are left.
        check(&full, &payment(), &one_tea(), "1: 1 = 10000; 2: 1.5 = 45015");
        // The same when the gateway shows it, too, and when it is still in flight.
        let mut shown_too = payment();
        shown_too.refunded = Some(Money::rub(10_000));
        check(&full, &shown_too, &one_tea(), "1: 1 = 10000; 2: 1.5 = 45015");
        let open = Prior { done: Money::rub(0), open: Money::rub(10_000), ..one_tea() };
        check(&full, &payment(), &open, "1: 1 = 10000; 2: 1.5 = 45015");
        // Who writes a number, or lines, is left alone; so is a gateway that demands no cart, and an order without one.
        check(&command(exactly(55_015)), &payment(), &one_tea(), "as it is");
        let written = RefundCommand { lines: Some(Vec::new()), ..full.clone() };
        check(&written, &payment(), &one_tea(), "as it is");
        let receipts = CartPolicy::new(CartNeed::ForReceiptOnly);
        assert_eq!(shown(&full, &payment(), &one_tea(), &receipts), "as it is");
        let mut bare = payment();
        bare.cart = None;
        check(&full, &bare, &one_tea(), "as it is");
        // 100.00 went back in the cabinet, and nobody here knows of what.
        shown_too.refunded = Some(Money::rub(20_000));
        check(&full, &shown_too, &one_tea(), "cart-allocation-unaccounted at lines");
        let everything = Prior { done: Money::rub(65_015), ..one_tea() };
        check(&full, &payment(), &everything, "as it is");
    }

    #[test]
    fn what_is_wished_is_made() {
        let check = |command: &RefundCommand, prior: &Prior, expected: &str| {
            assert_eq!(shown(command, &payment(), prior, &POLICY), expected);
        };
        // 65.02 of 650.15 is a tenth: 20.00 and 45.02 (20.0015…, 45.0184…), of 0.2 and 0.15. Neither 0.15 nor 0.149 leaves
        // a price for 405.13 (1.35 × 300.09 = 405.12, × 300.10 = 405.14); 0.151 does: 1.349 × 300.32 = 405.13168.
        let tenth = allocating(exactly(6_502), By::Amount);
        check(&tenth, &nothing(), "1: 0.2 = 2000; 2: 0.151 = 4502");
        // A penalty is inside the amount: the lines are the same.
        check(
            &RefundCommand { penalty: Some(Money::rub(1_000)), ..tenth.clone() },
            &nothing(),
            "1: 0.2 = 2000; 2: 0.151 = 4502",
        );
        check(&allocating(RefundAmount::Full, By::Amount), &one_tea(), "1: 1 = 10000; 2: 1.5 = 45015");
        check(&allocating(exactly(55_016), By::Amount), &one_tea(), "cart-allocation-over-left at amount");
        let quantity = Quantity::from_thousandths(500);
        let honey = By::Concession { position: "2".into(), quantity };
        check(&allocating(exactly(5_000), honey.clone()), &one_tea(), "2: 0.5 = 5000");
        // By lines: 0.5 × 300.10 = 150.05.
        let line = RefundLine::new("2", quantity);
        let lines = |line: &RefundLine, by: By| RefundCommand {
            lines: Some(vec![line.clone()]),
            ..allocating(exactly(15_005), by)
        };
        check(&lines(&line, By::Lines), &nothing(), "2: 0.5 = 15005");
        let other_name = RefundLine { name: Some("m".into()), ..line.clone() };
        let completed =
            complete(&lines(&other_name, By::Lines), &payment(), &nothing(), &POLICY).map(Cow::into_owned);
        let named = completed.expect("made").lines.expect("made")[0].clone();
        assert_eq!(
            (named.name.as_deref(), named.amount),
            (Some("m"), Some(Money::rub(15_005))),
            "still compared"
        );
        let priced = RefundLine { amount: Some(Money::rub(15_005)), ..line.clone() };
        check(&lines(&priced, By::Lines), &nothing(), "cart-allocation-lines-priced at lines[0].amount");
        for by in [By::Amount, honey] {
            check(&lines(&line, by), &nothing(), "cart-allocation-lines-given at lines");
        }
        check(&allocating(exactly(1), By::Lines), &nothing(), "cart-allocation-nothing-named at lines");
        let mut bare = payment();
        let order = bare.cart.take();
        assert_eq!(shown(&tenth, &bare, &nothing(), &POLICY), "cart-allocation-no-order at order_file");
        let with_order = RefundCommand { order, ..tenth };
        assert_eq!(shown(&with_order, &bare, &nothing(), &POLICY), "1: 0.2 = 2000; 2: 0.151 = 4502");
    }

    #[test]
    fn everything_but_the_delivery_is_not_everything() {
        let mut full = allocating(RefundAmount::Full, By::Amount);
        let whole_order = WholeOrderLines::at(WholeOrder::Keep, ["1"]);
        full.allocate = Some(Allocation { by: By::Amount, whole_order });
        let refused = complete(&full, &payment(), &nothing(), &POLICY).expect_err("kept");
        let values: Vec<_> =
            refused.message.args().iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(refused.to_string(), "cart-allocation-kept-from-full at allocate.delivery");
        assert_eq!(values, ["remaining=650.15 RUB", "kept=200.00 RUB", "less=450.15 RUB", "lines=1"]);
        // What is kept went back already.
        let mut both = one_tea();
        both.lines.push(UsedLine { by: "r-2".into(), ..both.lines[0].clone() });
        both.done = Money::rub(20_000);
        assert_eq!(shown(&full, &payment(), &both, &POLICY), "2: 1.5 = 45015");
    }

    #[test]
    fn what_was_paid_with_points_is_no_part_of_the_money() {
        // 150.15 of 650.15 were points, in kopecks by 65015: 15015 × 20000 = 4618 × 65015 + 60730 (+1), so 46.19 for tea
        // and 103.96 for honey; in money 153.81 and 346.19.
        let mut loyal = payment();
        (loyal.captured, loyal.points) = (Money::rub(50_000), Some(Money::rub(15_015)));
        let full = command(RefundAmount::Full);
        assert_eq!(shown(&full, &loyal, &one_tea(), &POLICY), "1: 1 = 5381; 2: 1.5 = 34619");
        assert_eq!(shown(&full, &loyal, &nothing(), &POLICY), "as it is");
    }
}
