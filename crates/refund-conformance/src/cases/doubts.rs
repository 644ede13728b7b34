//! Is what nobody can tell said to be unknown, and a refusal a refusal?

use crate::{
    Call, Commit, Deed, Fault,
    bench::{Bench, CAPTURED, Outcome, ensure, fail},
};
use refund_core::{Decline, RefundOutcome, Support};

/// Everything that can go wrong once a request may have left.
pub(crate) const EVERY: &[Fault] = &[
    Fault::DropBeforeCommit,
    Fault::DropAfterCommit,
    Fault::ErrorBeforeCommit,
    Fault::ErrorAfterCommit,
    Fault::HalfBody,
    Fault::HtmlSuccess,
    Fault::GarbageSuccess,
    Fault::EmptySuccess,
    Fault::MissingReference,
    Fault::RateLimit,
    Fault::Redirect,
    Fault::Echo,
];

/// A connection that closes without an answer is unknown, although nothing happened.
pub(crate) async fn drop_before_commit_is_unknown(bench: &Bench<'_>) -> Outcome {
    unknown(bench, Fault::DropBeforeCommit).await
}

/// A connection that closes without an answer is unknown, although it happened.
pub(crate) async fn drop_after_commit_is_unknown(bench: &Bench<'_>) -> Outcome {
    unknown(bench, Fault::DropAfterCommit).await
}

/// A 5xx is unknown, although nothing happened.
pub(crate) async fn error_before_commit_is_unknown(bench: &Bench<'_>) -> Outcome {
    unknown(bench, Fault::ErrorBeforeCommit).await
}

/// A 5xx is unknown, although it happened.
pub(crate) async fn error_after_commit_is_unknown(bench: &Bench<'_>) -> Outcome {
    unknown(bench, Fault::ErrorAfterCommit).await
}

/// Half an answer is unknown.
pub(crate) async fn half_a_body_is_unknown(bench: &Bench<'_>) -> Outcome {
    unknown(bench, Fault::HalfBody).await
}

/// A page of HTML under status 200 is unknown, not a success.
pub(crate) async fn html_success_is_unknown(bench: &Bench<'_>) -> Outcome {
    unknown(bench, Fault::HtmlSuccess).await
}

/// Bytes that are no text under status 200 are unknown.
pub(crate) async fn garbage_success_is_unknown(bench: &Bench<'_>) -> Outcome {
    unknown(bench, Fault::GarbageSuccess).await
}

/// An empty 200 is unknown.
pub(crate) async fn empty_success_is_unknown(bench: &Bench<'_>) -> Outcome {
    unknown(bench, Fault::EmptySuccess).await
}

/// A success without the reference that a success carries is unknown.
pub(crate) async fn missing_reference_is_unknown(bench: &Bench<'_>) -> Outcome {
    unknown(bench, Fault::MissingReference).await
}

/// A 429 is never a success; whether it is a refusal is the provider's to know.
pub(crate) async fn rate_limit_is_no_success(bench: &Bench<'_>) -> Outcome {
    let payment = bench.paid().await?;
    let plan = bench.plan(&payment, bench.some()).await?;
    bench.break_next(Call::Refund, Fault::RateLimit).await?;
    let outcome = bench.send(&plan.prepared).await?;
    let careful = matches!(outcome, RefundOutcome::Declined(_) | RefundOutcome::Unknown(_));
    ensure!(careful, "429 is {outcome:?}");
    Ok(())
}

/// A refusal by the gateway is declined, and moves nothing.
pub(crate) async fn refusal_is_a_decline(bench: &Bench<'_>) -> Outcome {
    match refusal(bench).await? {
        RefundOutcome::Declined(_) => Ok(()),
        other => fail(format!("a refusal is {other:?}")),
    }
}

/// The gateway's code and text reach the caller, cut to their limits.
pub(crate) async fn refusal_keeps_its_words(bench: &Bench<'_>) -> Outcome {
    let said = bench.gateway.refusal_says();
    let (code, text) = match refusal(bench).await? {
        RefundOutcome::Declined(Decline { code, text, .. }) => (code, text),
        RefundOutcome::Unknown(doubt) => match doubt.refusal {
            Some(Decline { code, text, .. }) => (code, text),
            None => (String::new(), doubt.detail),
        },
        other => (String::new(), format!("{other:?}")),
    };
    ensure!(!said.is_empty(), "the gateway under test does not say what its refusal says");
    ensure!(
        code.contains(&said) || text.contains(&said),
        "the gateway said {said:?}; told are {code:?} and {text:?}"
    );
    ensure!(!text.is_empty(), "the refusal {code:?} has no text");
    ensure!(
        code.chars().count() <= 64 && text.chars().count() <= 512,
        "code and text have {} and {} characters; the limits are 64 and 512",
        code.chars().count(),
        text.chars().count()
    );
    Ok(())
}

/// A refund that was good when it was looked up, and is too much when it arrives.
async fn refusal(bench: &Bench<'_>) -> Outcome<RefundOutcome> {
    let payment = bench.paid().await?;
    let plan = bench.plan(&payment, bench.some()).await?;
    let taken = match bench.provider.describe().capabilities.partial {
        Support::Yes => CAPTURED - 1,
        Support::No => CAPTURED,
    };
    bench.elsewhere(&payment, Deed::Refund(bench.money(taken))).await?;
    let outcome = bench.send(&plan.prepared).await?;
    bench.ensure_refunds(&payment, 1).await?;
    Ok(outcome)
}

async fn unknown(bench: &Bench<'_>, fault: Fault) -> Outcome {
    let payment = bench.paid().await?;
    let plan = bench.plan(&payment, bench.some()).await?;
    bench.break_next(Call::Refund, fault).await?;
    match bench.send(&plan.prepared).await? {
        RefundOutcome::Unknown(_) => {}
        other => return fail(format!("after {fault:?} the refund is {other:?}")),
    }
    let refunds = match fault.commits() {
        Commit::Yes => 1,
        Commit::No => 0,
    };
    bench.ensure_refunds(&payment, refunds).await
}
