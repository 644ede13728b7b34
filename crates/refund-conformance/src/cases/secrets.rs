//! Is there no secret in anything the provider gives out?
//!
//! Runs last: everything that passed through the bench in the other cases has been searched too.

use crate::{
    Call, Fault,
    bench::{Bench, Outcome, ensure},
};

/// No canary is in any request prepared for the journal, reference, evidence, error, `Debug` or log line, not even when
/// the gateway quotes the whole request in its answer.
pub(crate) async fn no_secret_in_any_output(bench: &Bench<'_>) -> Outcome {
    ensure!(bench.secrets() > 0, "the gateway under test names no canaries, so there is nothing to look for");
    let plan = bench.plan(&bench.paid().await?, bench.some()).await?;
    if bench.broke_next(Call::Refund, Fault::Echo).await? {
        bench.send(&plan.prepared).await?;
    }
    if bench.broke_next(Call::Lookup, Fault::Echo).await? {
        let _ = bench.lookup(&plan.payment).await;
    }
    if bench.broke_next(Call::Lookup, Fault::Echo).await? {
        bench.probe(&plan, None).await;
        bench.gateway.clear_faults().await?;
    }
    for text in bench.gateway.prints() {
        bench.heard("what the provider prints of itself", text);
    }
    let leaks = bench.leaks();
    ensure!(leaks.is_empty(), "secrets are in: {}", leaks.join(", "));
    Ok(())
}
