//! Does exactly the money move that was asked for, and is what cannot be refunded refused before anything is sent?
//!
//! What a provider says it cannot do is asked for here all the same, and must be refused.

use crate::{
    bench::{Bench, CAPTURED, Outcome, PART, Plan, ensure, fail},
    gateway::Mark,
};
use refund_core::{
    Cart, Currency, Line, LineFiscal, Money, Payment, PaymentRef, PaymentState, ReceiptChoice, RefundAmount,
    RefundCommand, RefundLine, RefundOutcome, Support,
};

/// What is kept of a refund, in minor units: within every amount of these cases.
const PENALTY: i64 = 100;

/// A full refund gives back all that was paid, once; or is refused before sending, if there are none.
pub(crate) async fn full_refund(bench: &Bench<'_>) -> Outcome {
    let (payment, mark) = (bench.paid().await?, bench.mark().await?);
    let command = RefundCommand::new(payment.clone(), RefundAmount::Full);
    match bench.provider.describe().capabilities.full {
        Support::Yes => {
            let plan = bench.plan_command(&command, 0).await?;
            bench.succeed(&plan).await?;
            bench.ensure_refunded(&payment, 1, CAPTURED).await
        }
        Support::No => refused(bench, &command, 0, mark, "full refunds").await,
    }
}

/// A partial refund gives back exactly the part, to the last minor unit; or is refused before sending, if there are none.
pub(crate) async fn partial_refund(bench: &Bench<'_>) -> Outcome {
    let (payment, mark) = (bench.paid().await?, bench.mark().await?);
    let command = RefundCommand::new(payment.clone(), RefundAmount::Exactly(bench.money(PART)));
    match bench.provider.describe().capabilities.partial {
        Support::Yes => {
            let plan = bench.plan_command(&command, 0).await?;
            bench.succeed(&plan).await?;
            bench.ensure_refunded(&payment, 1, PART).await
        }
        Support::No => refused(bench, &command, 0, mark, "partial refunds").await,
    }
}

/// Several refunds add up, and "full" then means the rest; or the second is refused before sending, if there is but one.
pub(crate) async fn several_refunds(bench: &Bench<'_>) -> Outcome {
    let capabilities = &bench.provider.describe().capabilities;
    let payment = bench.paid().await?;
    let first = bench.plan(&payment, bench.some()).await?;
    finish(bench, &first).await?;
    let second = RefundCommand::new(payment.clone(), RefundAmount::Full);
    match (capabilities.several, capabilities.partial) {
        (Support::Yes, Support::Yes) => {
            let again = bench.plan_after(&payment, RefundAmount::Exactly(bench.money(PART)), PART).await?;
            finish(bench, &again).await?;
            bench.ensure_refunded(&payment, 2, 2 * PART).await?;
            if capabilities.full == Support::Yes {
                let rest = bench.plan_command(&second, 2 * PART).await?;
                finish(bench, &rest).await?;
                bench.ensure_refunded(&payment, 3, CAPTURED).await?;
            }
            Ok(())
        }
        _ => {
            let mark = bench.mark().await?;
            refused(bench, &second, first.amount.minor(), mark, "a second refund").await
        }
    }
}

/// More than was paid, and anything after everything was given back, is refused before a byte is sent.
pub(crate) async fn over_refund_is_refused_before_sending(bench: &Bench<'_>) -> Outcome {
    let (payment, mark) = (bench.paid().await?, bench.mark().await?);
    let exactly = |minor| RefundCommand::new(payment.clone(), RefundAmount::Exactly(bench.money(minor)));
    refused(bench, &exactly(CAPTURED + 1), 0, mark, "more than was paid").await?;
    if bench.provider.describe().capabilities.full == Support::No {
        return Ok(());
    }
    let plan = bench.plan(&payment, RefundAmount::Full).await?;
    finish(bench, &plan).await?;
    let mark = bench.mark().await?;
    refused(bench, &exactly(1), CAPTURED, mark, "more than is left").await?;
    if bench.look(&payment).await?.refunded.is_some() {
        // The gateway shows it: then it is refused also where no journal remembers.
        refused(bench, &exactly(1), 0, mark, "more than the gateway shows to be left").await?;
    }
    Ok(())
}

/// Money that is only held is not refunded.
pub(crate) async fn held_payment_is_refused(bench: &Bench<'_>) -> Outcome {
    let (payment, mark) = (bench.held().await?, bench.mark().await?);
    let state = bench.look(&payment).await?.state;
    ensure!(state != PaymentState::Captured, "a held payment is told to be captured");
    let command = RefundCommand::new(payment, RefundAmount::Full);
    refused(bench, &command, 0, mark, "a held payment").await
}

/// The order's cart is told as it was sold, and a refund that does not fit it is refused before the gateway would; a
/// provider without carts tells none.
pub(crate) async fn cart_mismatch_is_refused(bench: &Bench<'_>) -> Outcome {
    let (payment, cart) = bench.paid_with_cart().await?;
    let found = bench.look(&payment).await?;
    if bench.provider.describe().capabilities.cart == Support::No {
        ensure!(found.cart.is_none(), "it has no carts, and yet lookup tells one");
        return Ok(());
    }
    let Some(told) = &found.cart else { return fail("the order has a cart, lookup tells none") };
    let lines = |cart: &Cart| -> Vec<_> {
        cart.lines.iter().map(|line| (line.name.clone(), line.quantity, line.amount)).collect()
    };
    ensure!(lines(told) == lines(&cart), "sold: {:?}; lookup tells {:?}", lines(&cart), lines(told));

    // A part by amount alone, which says nothing about lines: some gateways take it, and then it is no mismatch.
    let command = RefundCommand::new(payment.clone(), RefundAmount::Exactly(bench.money(PART)));
    let checked = bench.check(&command, &found, 0);
    let Ok(Ok(prepared)) = checked.map(|checked| bench.prepare(&checked, &found, &bench.key())) else {
        return Ok(());
    };
    match bench.send(&prepared).await? {
        RefundOutcome::Accepted(_) | RefundOutcome::Settled(_) => {
            bench.ensure_refunded(&payment, 1, PART).await
        }
        other => fail(format!("let pass what the gateway then did not take: {other:?}")),
    }
}

/// A receipt is made if the provider says it makes them, and asking for one is refused before sending if it does not.
pub(crate) async fn receipt_is_as_described(bench: &Bench<'_>) -> Outcome {
    let asking = |payment: PaymentRef| {
        let mut command = RefundCommand::new(payment, RefundAmount::Full);
        command.receipt = ReceiptChoice::Cart;
        command
    };
    match bench.provider.describe().capabilities.receipts {
        Support::Yes => {
            let (payment, cart) = bench.paid_with_cart().await?;
            let command = with_lines(asking(payment.clone()), cart);
            let plan = bench.plan_command(&command, 0).await?;
            bench.succeed(&plan).await?;
            bench.ensure_refunded(&payment, 1, CAPTURED).await
        }
        Support::No => {
            let (payment, mark) = (bench.paid().await?, bench.mark().await?);
            refused(bench, &asking(payment), 0, mark, "a receipt").await
        }
    }
}

/// A penalty changes the request if the provider says it keeps them, and asking for one is refused before sending if it
/// does not. How much of it the payer then gets is the gateway's own affair.
pub(crate) async fn penalty_is_as_described(bench: &Bench<'_>) -> Outcome {
    let (payment, mark) = (bench.paid().await?, bench.mark().await?);
    let without = RefundCommand::new(payment.clone(), bench.some());
    let mut with = without.clone();
    with.penalty = Some(bench.money(PENALTY));
    // The same refund is good without a penalty, so it is the penalty that is judged.
    let plain = bench.plan_command(&without, 0).await?;
    if bench.provider.describe().capabilities.penalty == Support::No {
        return refused(bench, &with, 0, mark, "a penalty").await;
    }
    let prepared = bench
        .check(&with, &plain.baseline, 0)
        .and_then(|checked| bench.prepare(&checked, &plain.baseline, &plain.key));
    match prepared {
        Ok(prepared) => {
            let same = prepared.payload() == plain.prepared.payload();
            ensure!(!same, "refunds with and without a penalty of {PENALTY} are the same request");
            Ok(())
        }
        Err(found) => fail(format!("it keeps penalties, and yet refuses one of {PENALTY}: {found}")),
    }
}

/// Every line of the cart comes back, and the shop's own order tells what the receipt of the sale said.
fn with_lines(mut command: RefundCommand, mut cart: Cart) -> RefundCommand {
    for line in &mut cart.lines {
        let word = str::to_owned;
        line.fiscal =
            Some(LineFiscal { vat: word("none"), method: word("full_payment"), object: word("commodity") });
    }
    let asked = |line: &Line| RefundLine {
        amount: line.amount,
        ..RefundLine::new(line.position.clone(), line.quantity)
    };
    command.lines = Some(cart.lines.iter().map(asked).collect());
    command.order = Some(cart);
    command
}

/// A currency the provider does not list is refused before sending.
pub(crate) async fn other_currency_is_refused(bench: &Bench<'_>) -> Outcome {
    let payment = bench.paid().await?;
    let listed = bench.provider.describe().capabilities.currencies;
    // The Swiss franc has two decimals as the rouble has: only its name differs.
    let others = ["CHF", "SEK", "JPY"].into_iter().filter_map(Currency::from_code);
    let Some(other) = others.into_iter().find(|currency| !listed.contains(currency)) else {
        return fail("it lists every currency this case could try");
    };
    let found = bench.look(&payment).await?;
    let in_other = |money: Money| Money::new(money.minor(), other);
    let mut foreign: Payment = found.clone();
    foreign.captured = in_other(found.captured);
    foreign.refunded = found.refunded.map(in_other);
    let command = RefundCommand::new(payment, RefundAmount::Full);
    let Ok(checked) = bench.check(&command, &foreign, 0) else {
        return fail("core refuses what only the provider can refuse");
    };
    let prepared = bench.prepare(&checked, &foreign, &bench.key());
    ensure!(prepared.is_err(), "a refund in {other} was prepared");
    Ok(())
}

/// Fails unless this is refused by core's rules or by the provider's, and nothing that moves money was sent meanwhile.
async fn refused(bench: &Bench<'_>, command: &RefundCommand, done: i64, mark: Mark, what: &str) -> Outcome {
    let payment = bench.look(&command.payment).await?;
    if let Ok(checked) = bench.check(command, &payment, done) {
        let prepared = bench.prepare(&checked, &payment, &bench.key());
        ensure!(prepared.is_err(), "{what}: prepared instead of refused");
    }
    let sent = bench.sent_since(mark).await?;
    ensure!(sent.is_empty(), "{what}: refused, and yet sent: {sent:?}");
    Ok(())
}

/// A refund that must succeed, carried out to its end.
async fn finish(bench: &Bench<'_>, plan: &Plan) -> Outcome {
    let outcome = bench.send(&plan.prepared).await?;
    match outcome {
        RefundOutcome::Accepted(reference) => bench.settle(plan, &reference).await,
        RefundOutcome::Settled(_) => Ok(()),
        other => fail(format!("a good refund of {} is {other:?}", plan.amount)),
    }
}
