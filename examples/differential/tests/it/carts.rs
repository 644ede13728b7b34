//! Refunds with a cart at Sber's form dialect, on two orders that are alike: one is asked by hand, the other by the client.

use crate::{
    cart_case::{CartCase, Wish},
    side::{self, Bench, Side},
};
use refund_conformance::{Deed, GatewayUnderTest, Seed, Seeded};
use refund_core::{
    CheckedRefund, LineageKey, Money, PaymentRef, Prepared, Prior, PriorCarts, ReceiptChoice, RefundAmount,
    RefundCommand, RefundLine, UsedLine, Violations, rules,
};
use refund_sandbox::shops::{SBER_PASSWORD, SBER_USER};

/// What came of one refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CartVerdict {
    BothTakeIt,
    BothRefuse,
    Differ(CartDifference),
}

/// How client and gateway differ. Sums are kopecks given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CartDifference {
    /// What the gateway gave back for the request by hand, and for the client's own.
    OnlyTheClientTakesIt { asked: i64, by_hand: i64, prepared: i64 },
    /// The rules the client refused by, with their places.
    OnlyTheGatewayTakesIt { asked: i64, broken: Vec<String> },
}

/// The id of the difference on the list, if it is on it. `lines` are those asked for.
pub(crate) fn explain(difference: &CartDifference, lines: &[RefundLine]) -> Option<&'static str> {
    let CartDifference::OnlyTheGatewayTakesIt { asked, broken } = difference else { return None };
    if *asked == 0 {
        return Some("sber-zero-is-the-rest");
    }
    // Only worth is complained of, and each complaint is one that is on the list.
    let ids: Option<Vec<_>> = broken
        .iter()
        .map(|complaint| {
            let (rule, path) = complaint.split_once('@')?;
            let (index, field) = path.strip_prefix("lines[")?.split_once("].")?;
            let line = lines.get(index.parse::<usize>().ok()?)?;
            let unwritten = line.amount.is_none() && line.price.is_none();
            match rule {
                // A price of nothing makes a line of nothing.
                "cart-line-positive" if field == "price" && line.price.is_some_and(Money::is_zero) => {
                    Some("sber-cart-worthless-line")
                }
                _ if field != "amount" => None,
                "cart-line-positive" if line.amount.is_none_or(Money::is_zero) => {
                    Some("sber-cart-worthless-line")
                }
                "cart-amount-remaining" if unwritten => Some("sber-cart-rounded-share"),
                _ => None,
            }
        })
        .collect();
    ids?.first().copied()
}

/// Plays a case, refund after refund, until the two differ; tells the lines of each refund and what came of it.
pub(crate) async fn play<S: Side>(side: &S, case: &CartCase) -> Vec<(Vec<RefundLine>, CartVerdict)> {
    let bench = side.bench();
    let (by_hand, prepared) = (seed(bench, case).await, seed(bench, case).await);
    let mut prior = Prior::of(Money::rub(0), Money::rub(0));
    let mut played = Vec::new();
    for wish in &case.wishes {
        let command = command(case, wish, &prepared, &prior);
        let lines = command.lines.clone().unwrap_or_default();
        let verdict = ask(side, &command, &by_hand, &mut prior).await;
        let end = matches!(verdict, CartVerdict::Differ(_));
        played.push((lines, verdict));
        if end {
            break;
        }
    }
    // The ledger is read whole, so it is kept short.
    bench.gateway.elsewhere(&by_hand, Deed::Forget).await.expect("the sandbox forgets");
    played
}

async fn seed(bench: &Bench, case: &CartCase) -> PaymentRef {
    let mut seed = Seed::paid(Money::rub(case.captured()));
    seed.cart = Some(case.cart());
    match bench.gateway.seed(&seed).await.expect("an order that can exist") {
        Seeded::Payment(payment) => payment,
        Seeded::Unsupported(why) => panic!("{case:?}: {why}"),
    }
}

fn command(case: &CartCase, wish: &Wish, payment: &PaymentRef, prior: &Prior) -> RefundCommand {
    let exactly = |minor| RefundAmount::Exactly(Money::rub(minor));
    let (lines, off) = match wish {
        Wish::Bare(share) => {
            return RefundCommand::new(payment.clone(), exactly(case.captured() * share / 1_000));
        }
        Wish::Lines { lines, off } => (lines, off),
    };
    let cart = case.cart();
    let resolved = lines.iter().map(|line| {
        let sold = cart.lines.get(line.of).map_or(1_000, |sold| sold.quantity.thousandths());
        let position = (line.of + 1).to_string();
        let earlier = prior.lines.iter().filter(|used| used.position == position);
        line.resolve(&cart, sold - earlier.map(|used| used.quantity.thousandths()).sum::<i64>())
    });
    let (lines, money): (Vec<_>, Vec<_>) = resolved.unzip();
    let mut command = RefundCommand::new(payment.clone(), exactly(money.iter().sum::<i64>() + off));
    command.receipt = ReceiptChoice::Cart;
    command.lines = Some(lines);
    command
}

/// One refund on both sides; what both take goes into the journal.
async fn ask<S: Side>(
    side: &S,
    command: &RefundCommand,
    by_hand: &PaymentRef,
    prior: &mut Prior,
) -> CartVerdict {
    let RefundAmount::Exactly(asked) = command.amount else { panic!("these refunds name a sum") };
    let bench = side.bench();
    let refunded = async |payment| bench.ledger(payment).await.refunded.minor();
    let before = (refunded(by_hand).await, refunded(&command.payment).await);
    let checked = check(side, command, prior).await;
    send_by_hand(bench, by_hand, command, asked).await;
    if let Ok((_, prepared)) = &checked {
        side::send(side.provider(), prepared, bench.gateway.clock()).await;
    }
    let after = (refunded(by_hand).await, refunded(&command.payment).await);
    let (given_by_hand, given) = (after.0 - before.0, after.1 - before.1);
    match checked {
        Ok((checked, _)) if (given_by_hand, given) == (asked.minor(), asked.minor()) => {
            remember(prior, &checked);
            CartVerdict::BothTakeIt
        }
        Ok(_) => CartVerdict::Differ(CartDifference::OnlyTheClientTakesIt {
            asked: asked.minor(),
            by_hand: given_by_hand,
            prepared: given,
        }),
        Err(_) if given_by_hand == 0 => CartVerdict::BothRefuse,
        Err(found) => {
            let broken = found.as_slice().iter().map(|found| format!("{}@{}", found.rule, found.path));
            CartVerdict::Differ(CartDifference::OnlyTheGatewayTakesIt {
                asked: asked.minor(),
                broken: broken.collect(),
            })
        }
    }
}

async fn check<S: Side>(
    side: &S,
    command: &RefundCommand,
    prior: &Prior,
) -> Result<(CheckedRefund, Prepared), Violations> {
    let provider = side.provider();
    let known = provider.lookup(&command.payment).await.expect("the emulator tells its payments");
    let checked = rules::check(command, &known, prior, &provider.describe().cart)?;
    let key = LineageKey::parse("differential1").expect("letters and digits");
    let prepared = provider.prepare(&checked, &known, &key)?;
    Ok((checked, prepared))
}

/// What a journal keeps of a refund that was done.
fn remember(prior: &mut Prior, checked: &CheckedRefund) {
    prior.done = prior.done.checked_add(checked.amount()).expect("small sums");
    for line in checked.lines().unwrap_or_default() {
        prior.carts = PriorCarts::Some;
        let position = line.sold.position.clone();
        prior.lines.push(UsedLine::new(position, line.quantity, line.amount, "earlier".to_owned()));
    }
}

/// Sends what is asked for as it stands, whatever the client thinks of it: only what is written is sent.
async fn send_by_hand(bench: &Bench, payment: &PaymentRef, command: &RefundCommand, asked: Money) {
    let (id, amount) = (&payment.payment, asked.minor());
    let mut form = format!("userName={SBER_USER}&password={SBER_PASSWORD}&orderId={id}&amount={amount}");
    if let Some(lines) = &command.lines {
        let items: Vec<_> = lines.iter().map(item).collect();
        let json = format!("{{\"items\":[{}]}}", items.join(","));
        form.push_str("&refundItems=");
        form.extend(json.bytes().map(|byte| format!("%{byte:02X}")));
    }
    bench.post("/payment/rest/refund.do", "application/x-www-form-urlencoded", form.into_bytes()).await;
}

fn item(line: &RefundLine) -> String {
    let mut item =
        format!("{{\"positionId\":\"{}\",\"quantity\":{{\"value\":{}}}", line.position, line.quantity);
    let text = |name: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!(",\"{name}\":\"{value}\"")).unwrap_or_default()
    };
    let minor = |name: &str, value: Option<Money>| {
        value.map(|value| format!(",\"{name}\":{}", value.minor())).unwrap_or_default()
    };
    item.push_str(&text("name", &line.name));
    item.push_str(&text("itemCode", &line.code));
    item.push_str(&minor("itemAmount", line.amount));
    item.push_str(&minor("itemPrice", line.price));
    if let Some(currency) = line.currency {
        item.push_str(&format!(",\"itemCurrency\":{:03}", currency.numeric()));
    }
    item.push('}');
    item
}
