//! Is one send one request, under a permit, and the same bytes whenever it is repeated?

use crate::{
    Call, Fault,
    bench::{Bench, Outcome, PART, ensure, fail, skip},
};
use refund_core::{
    LookupError, NotSentReason, Opaque, Prepared, ReadError, RefundAmount, RefundCommand, RefundOutcome,
    Submission, Support, Tier, permit::FIRE_WITHIN,
};
use std::time::Duration;

/// Preparing is pure: the same input gives the same bytes, another amount gives others, and nobody is asked.
pub(crate) async fn same_input_same_bytes(bench: &Bench<'_>) -> Outcome {
    let payment = bench.paid().await?;
    let found = bench.look(&payment).await?;
    let (key, mark) = (bench.key(), bench.mark().await?);
    let prepare = |amount| {
        let command = RefundCommand::new(payment.clone(), amount);
        let checked = bench.check(&command, &found, 0).map_err(|found| found.to_string());
        checked.and_then(|checked| bench.prepare(&checked, &found, &key).map_err(|found| found.to_string()))
    };
    let (one, two) = (prepare(bench.some()), prepare(bench.some()));
    ensure!(one.is_ok(), "a good refund is refused: {one:?}");
    ensure!(one == two, "the same input was prepared twice, differently: {one:?} and {two:?}");
    if bench.provider.describe().capabilities.partial == Support::Yes {
        let other = prepare(RefundAmount::Exactly(bench.money(PART + 1)));
        ensure!(one != other, "refunds of {PART} and {} are the same request", PART + 1);
    }
    let asked = bench.gateway.requests_since(mark).await?;
    ensure!(asked.is_empty(), "preparing asked the gateway: {asked:?}");
    Ok(())
}

/// A second attempt at one prepared request, which only the engine may decide on, sends the same bytes again.
pub(crate) async fn another_attempt_same_bytes(bench: &Bench<'_>) -> Outcome {
    let plan = bench.plan(&bench.paid().await?, bench.some()).await?;
    let mut attempts = Vec::new();
    for _ in 0..2 {
        bench.break_next(Call::Refund, Fault::DropBeforeCommit).await?;
        let mark = bench.mark().await?;
        bench.send(&plan.prepared).await?;
        attempts.push(bench.sent_since(mark).await?.into_iter().next());
    }
    ensure!(attempts[0].is_some(), "no request reached the gateway");
    ensure!(
        attempts[0] == attempts[1],
        "two attempts at one request differ: {:?} and {:?}",
        attempts[0],
        attempts[1]
    );
    Ok(())
}

/// A prepared request of another provider is not opened.
pub(crate) async fn foreign_request_is_refused(bench: &Bench<'_>) -> Outcome {
    let mark = bench.mark().await?;
    let foreign = Prepared::new(Opaque::cut("conformance/refund@1", b"{}".to_vec()));
    match bench.open(&foreign).await {
        Err(proof) => {
            ensure!(proof.reason == NotSentReason::Unusable, "another provider's request is {proof}")
        }
        Ok(_) => return fail("another provider's request was opened"),
    }
    let sent = bench.sent_since(mark).await?;
    ensure!(sent.is_empty(), "another provider's request was sent: {sent:?}");
    Ok(())
}

/// Opening, and opening and recording, has no effect until it is fired.
pub(crate) async fn open_alone_has_no_effect(bench: &Bench<'_>) -> Outcome {
    let payment = bench.paid().await?;
    let plan = bench.plan(&payment, bench.some()).await?;
    let mark = bench.mark().await?;
    match bench.open(&plan.prepared).await {
        Ok(opened) => {
            let (held, asked) = (opened.digest(), plan.prepared.digest());
            ensure!(held == asked, "what was opened has the digest {held}, what was prepared {asked}");
        }
        Err(proof) => return fail(format!("open: {proof}")),
    }
    drop(bench.journal(&plan.prepared).await?);
    let sent = bench.sent_since(mark).await?;
    ensure!(sent.is_empty(), "opened and never fired, and yet sent: {sent:?}");
    bench.ensure_refunds(&payment, 0).await
}

/// One fire is one request and one refund.
pub(crate) async fn one_fire_one_request(bench: &Bench<'_>) -> Outcome {
    let payment = bench.paid().await?;
    let plan = bench.plan(&payment, bench.some()).await?;
    let mark = bench.mark().await?;
    bench.succeed(&plan).await?;
    let sent = bench.sent_since(mark).await?;
    ensure!(sent.len() == 1, "one fire, {} requests: {sent:?}", sent.len());
    bench.ensure_refunds(&payment, 1).await
}

/// A permit fires until its deadline and sends nothing from then on.
pub(crate) async fn late_permit_is_refused(bench: &Bench<'_>) -> Outcome {
    let payment = bench.paid().await?;
    let plan = bench.plan(&payment, bench.some()).await?;
    let mark = bench.mark().await?;
    let journaled = bench.journal(&plan.prepared).await?;
    bench.gateway.clock().advance(FIRE_WITHIN);
    match bench.fire(journaled).await {
        Submission::NotSent(proof) => {
            ensure!(proof.reason == NotSentReason::PermitExpired, "a dead permit is {proof}");
        }
        Submission::Outcome { outcome, .. } => return fail(format!("a dead permit was fired: {outcome:?}")),
    }
    let sent = bench.sent_since(mark).await?;
    ensure!(sent.is_empty(), "a dead permit sent {sent:?}");
    bench.ensure_refunds(&payment, 0).await?;

    let journaled = bench.journal(&plan.prepared).await?;
    bench.gateway.clock().advance(FIRE_WITHIN.saturating_sub(Duration::from_millis(1)));
    match bench.fire(journaled).await {
        Submission::Outcome { .. } => Ok(()),
        Submission::NotSent(proof) => {
            fail(format!("a permit with a millisecond to live sent nothing: {proof}"))
        }
    }
}

/// Where nobody listens, nothing was sent, and it is said so.
pub(crate) async fn unreachable_is_not_sent(bench: &Bench<'_>) -> Outcome {
    let payment = bench.paid().await?;
    let plan = bench.plan(&payment, bench.some()).await?;
    bench.break_next(Call::Refund, Fault::Unreachable).await?;
    ensure!(bench.open(&plan.prepared).await.is_err(), "opened, although nobody listens");
    bench.break_next(Call::Lookup, Fault::Unreachable).await?;
    let found = bench.lookup(&payment).await;
    let told = matches!(found, Err(LookupError::Read(ReadError::NotSent(_))));
    ensure!(told, "nobody listens, lookup tells {found:?}");
    Ok(())
}

/// Whatever goes wrong with an answer, no second request follows by itself.
pub(crate) async fn never_a_second_request(bench: &Bench<'_>) -> Outcome {
    let mut struck = 0;
    for fault in super::doubts::EVERY {
        let plan = bench.plan(&bench.paid().await?, bench.some()).await?;
        if !bench.broke_next(Call::Refund, *fault).await? {
            continue;
        }
        struck += 1;
        let mark = bench.mark().await?;
        bench.send(&plan.prepared).await?;
        let sent = bench.sent_since(mark).await?;
        ensure!(sent.len() == 1, "{fault:?}: one fire, {} requests", sent.len());
    }
    if struck == 0 { skip("no answer can be broken") } else { Ok(()) }
}

/// A redirect is not followed, and is not a success.
pub(crate) async fn no_redirect_is_followed(bench: &Bench<'_>) -> Outcome {
    let payment = bench.paid().await?;
    let plan = bench.plan(&payment, bench.some()).await?;
    bench.break_next(Call::Refund, Fault::Redirect).await?;
    let outcome = bench.send(&plan.prepared).await?;
    let success = matches!(outcome, RefundOutcome::Accepted(_) | RefundOutcome::Settled(_));
    ensure!(!success, "a redirect is {outcome:?}");
    bench.ensure_refunds(&payment, 0).await
}

/// Where the gateway takes a key, the byte-identical request may be sent again: it stays one refund, and is acknowledged.
pub(crate) async fn keyed_resend_is_one_refund(bench: &Bench<'_>) -> Outcome {
    keyed(bench)?;
    let payment = bench.paid().await?;
    let plan = bench.plan(&payment, bench.some()).await?;
    bench.break_next(Call::Refund, Fault::DropAfterCommit).await?;
    bench.send(&plan.prepared).await?;
    bench.succeed(&plan).await?;
    bench.ensure_refunds(&payment, 1).await
}

/// Where the gateway takes a key, a new lineage is a new refund.
pub(crate) async fn keyed_lineages_differ(bench: &Bench<'_>) -> Outcome {
    keyed(bench)?;
    if bench.provider.describe().capabilities.several == Support::No {
        return skip("one refund per payment");
    }
    let payment = bench.paid().await?;
    for (refunds, done) in [(1, 0), (2, PART)] {
        let plan = bench.plan_after(&payment, RefundAmount::Exactly(bench.money(PART)), done).await?;
        bench.succeed(&plan).await?;
        bench.ensure_refunds(&payment, refunds).await?;
    }
    Ok(())
}

fn keyed(bench: &Bench<'_>) -> Outcome {
    match bench.provider.describe().tier {
        Tier::Keyed { .. } => Ok(()),
        tier => skip(format!("the gateway takes no key: {tier:?}")),
    }
}
