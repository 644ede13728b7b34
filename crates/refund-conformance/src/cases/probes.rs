//! After a doubt: does a probe tell the truth about the ledger, or say that it cannot?
//!
//! A tier that is resolved by reading must be able to tell; any other may say that it cannot. None may be wrong.

use crate::{
    Call, Commit, Deed, Fault,
    bench::{Bench, Outcome, PART, Plan, ensure, fail, skip},
};
use refund_core::{KeyTrust, ProbeReport, ProviderRef, RefundOutcome, Support, Tier, Verdict};

/// Nothing happened: a probe has not seen it.
pub(crate) async fn probe_after_nothing(bench: &Bench<'_>) -> Outcome {
    let (plan, salvaged) = doubtful(bench, Fault::DropBeforeCommit).await?;
    let ProbeReport { verdict, .. } = bench.probe(&plan, salvaged.as_ref()).await;
    match verdict {
        Verdict::NotSeen => Ok(()),
        Verdict::CannotTell { .. } if !must_tell(bench) => Ok(()),
        other => fail(format!("nothing happened, and the probe says {other:?}")),
    }
}

/// It happened: a probe says so, also where an earlier refund of the same amount is in the baseline.
pub(crate) async fn probe_after_it_happened(bench: &Bench<'_>) -> Outcome {
    let (plan, salvaged) = doubtful(bench, Fault::DropAfterCommit).await?;
    happened(bench, &plan, salvaged.as_ref()).await?;
    let capabilities = &bench.provider.describe().capabilities;
    if (capabilities.several, capabilities.partial) != (Support::Yes, Support::Yes) {
        return Ok(());
    }
    let again = bench.plan_after(&plan.payment, bench.some(), PART).await?;
    bench.break_next(Call::Refund, Fault::DropAfterCommit).await?;
    bench.send(&again.prepared).await?;
    happened(bench, &again, None).await
}

async fn happened(bench: &Bench<'_>, plan: &Plan, salvaged: Option<&ProviderRef>) -> Outcome {
    match bench.probe(plan, salvaged).await.verdict {
        Verdict::Happened(_) => Ok(()),
        Verdict::CannotTell { .. } if !must_tell(bench) => Ok(()),
        other => fail(format!("it happened, and the probe says {other:?}")),
    }
}

/// Somebody else refunded another amount too: that is neither our refund nor proof that ours did not happen.
pub(crate) async fn probe_after_others(bench: &Bench<'_>) -> Outcome {
    if bench.provider.describe().capabilities.partial == Support::No {
        return skip("payments are refunded whole only: nobody else's refund has another amount");
    }
    for fault in [Fault::DropBeforeCommit, Fault::DropAfterCommit] {
        let (plan, salvaged) = doubtful(bench, fault).await?;
        bench.elsewhere(&plan.payment, Deed::Refund(bench.money(PART + 1))).await?;
        let verdict = bench.probe(&plan, salvaged.as_ref()).await.verdict;
        let lie = match fault.commits() {
            Commit::Yes => verdict == Verdict::NotSeen,
            Commit::No => matches!(verdict, Verdict::Happened(_)),
        };
        ensure!(
            !lie,
            "after {fault:?} and somebody else's refund of another amount the probe says {verdict:?}"
        );
    }
    Ok(())
}

/// A gateway that cannot be read proves nothing.
pub(crate) async fn probe_of_a_silent_gateway(bench: &Bench<'_>) -> Outcome {
    let (plan, salvaged) = doubtful(bench, Fault::DropAfterCommit).await?;
    for fault in [Fault::ErrorBeforeCommit, Fault::HtmlSuccess] {
        bench.break_next(Call::Lookup, fault).await?;
        let verdict = bench.probe(&plan, salvaged.as_ref()).await.verdict;
        let careful = matches!(verdict, Verdict::CannotTell { .. } | Verdict::Unreadable { .. });
        ensure!(careful, "after {fault:?} the probe says {verdict:?}");
        bench.gateway.clear_faults().await?;
    }
    Ok(())
}

/// Looking up, asking and probing move no money.
pub(crate) async fn questions_have_no_effect(bench: &Bench<'_>) -> Outcome {
    let payment = bench.paid().await?;
    let plan = bench.plan(&payment, bench.some()).await?;
    let reference = bench.succeed(&plan).await?;
    let mark = bench.mark().await?;
    bench.look(&payment).await?;
    bench.probe(&plan, reference.as_ref()).await;
    if let Some(reference) = &reference {
        // Whether it can be asked about at all is another case's question.
        let _ = bench.status(&plan, reference, plan.amount).await;
    }
    let sent = bench.sent_since(mark).await?;
    ensure!(sent.is_empty(), "questions sent {sent:?}");
    bench.ensure_refunds(&payment, 1).await
}

/// A refund that ended in a doubt, and what was salvaged from the reply.
async fn doubtful(bench: &Bench<'_>, fault: Fault) -> Outcome<(Plan, Option<ProviderRef>)> {
    let plan = bench.plan(&bench.paid().await?, bench.some()).await?;
    bench.break_next(Call::Refund, fault).await?;
    let salvaged = match bench.send(&plan.prepared).await? {
        RefundOutcome::Unknown(doubt) => doubt.salvaged,
        // That it is no doubt is another case's finding.
        _ => None,
    };
    Ok((plan, salvaged))
}

/// Whether the tier is resolved by reading.
fn must_tell(bench: &Bench<'_>) -> bool {
    matches!(
        bench.provider.describe().tier,
        Tier::Readable(_) | Tier::Keyed { trust: KeyTrust::Documented, .. }
    )
}
