//! Is an acknowledged refund asked about truly?
//!
//! Refunds that settle at once and have no reference cannot be asked about; for them these cases are skipped, except
//! that a reference of somebody else is refused by every provider.

use crate::{
    Call, Deed, Fault,
    bench::{Bench, Outcome, ensure, fail, skip},
};
use refund_core::{Opaque, ProviderRef, RefundState};

/// Answers that tell nothing.
pub(crate) const BROKEN_ANSWERS: &[Fault] = &[
    Fault::DropBeforeCommit,
    Fault::ErrorBeforeCommit,
    Fault::HalfBody,
    Fault::HtmlSuccess,
    Fault::GarbageSuccess,
    Fault::EmptySuccess,
    Fault::Redirect,
];

/// An accepted refund becomes settled, on the provider's own schedule of questions.
pub(crate) async fn accepted_refund_settles(bench: &Bench<'_>) -> Outcome {
    let (plan, reference) = bench.acknowledged().await?;
    bench.settle(&plan, &reference).await?;
    bench.ensure_refunds(&plan.payment, 1).await
}

/// A refund that somebody cancelled in the cabinet is told to be cancelled.
pub(crate) async fn cancellation_is_seen(bench: &Bench<'_>) -> Outcome {
    let (plan, reference) = bench.acknowledged().await?;
    bench.elsewhere(&plan.payment, Deed::CancelLatest).await?;
    match bench.status(&plan, &reference, plan.amount).await {
        Ok(report) if report.state == RefundState::Canceled => Ok(()),
        other => fail(format!("a cancelled refund is {other:?}")),
    }
}

/// An answer about another amount than was asked is a mismatch, for a person to look at.
pub(crate) async fn status_of_another_amount(bench: &Bench<'_>) -> Outcome {
    let (plan, reference) = bench.acknowledged().await?;
    let other = bench.money(plan.amount.minor() - 1);
    match bench.status(&plan, &reference, other).await {
        Ok(report) if matches!(report.state, RefundState::Mismatch { .. }) => Ok(()),
        other => fail(format!("refunded {}, asked about a minor unit less: {other:?}", plan.amount)),
    }
}

/// A refund the gateway no longer finds has no state.
pub(crate) async fn status_of_a_lost_refund(bench: &Bench<'_>) -> Outcome {
    let (plan, reference) = bench.acknowledged().await?;
    bench.elsewhere(&plan.payment, Deed::Forget).await?;
    let found = bench.status(&plan, &reference, plan.amount).await;
    ensure!(found.is_err(), "a refund the gateway does not find is {found:?}");
    Ok(())
}

/// A reference of another provider is an error, and nobody is asked.
pub(crate) async fn status_of_a_foreign_reference(bench: &Bench<'_>) -> Outcome {
    let plan = bench.plan(&bench.paid().await?, bench.some()).await?;
    let mark = bench.mark().await?;
    for bytes in [&b"../payments"[..], b"", b"\xff\xfe"] {
        let foreign = ProviderRef(Opaque::cut("conformance/reference@1", bytes.to_vec()));
        let found = bench.status(&plan, &foreign, plan.amount).await;
        ensure!(found.is_err(), "another provider's reference is {found:?}");
    }
    let asked = bench.gateway.requests_since(mark).await?;
    ensure!(asked.is_empty(), "the gateway was asked about another provider's reference: {asked:?}");
    Ok(())
}

/// A state that no document lists does not panic and does not pass for a known one.
pub(crate) async fn status_of_an_unknown_word(bench: &Bench<'_>) -> Outcome {
    let (plan, reference) = bench.acknowledged().await?;
    bench.break_next(Call::Status, Fault::UnknownWord).await?;
    match bench.status(&plan, &reference, plan.amount).await {
        Ok(report) => match report.state {
            RefundState::Unrecognised { label } => {
                ensure!(
                    !label.is_empty() && label.chars().count() <= 64,
                    "the unknown word is told as {label:?}"
                );
                Ok(())
            }
            other => fail(format!("an unknown word is {other:?}")),
        },
        Err(_) => Ok(()),
    }
}

/// A broken answer is an error, not a state; and the refund is none the worse for it.
pub(crate) async fn status_makes_nothing_up(bench: &Bench<'_>) -> Outcome {
    let (plan, reference) = bench.acknowledged().await?;
    let mut struck = 0;
    for fault in BROKEN_ANSWERS {
        if bench.broke_next(Call::Status, *fault).await? {
            struck += 1;
            let found = bench.status(&plan, &reference, plan.amount).await;
            ensure!(found.is_err(), "after {fault:?} the refund is {found:?}");
        }
    }
    if struck == 0 { skip("no answer can be broken") } else { Ok(()) }
}
