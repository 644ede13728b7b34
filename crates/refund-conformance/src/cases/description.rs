//! Does the provider describe itself truly?

use crate::bench::{Bench, Outcome, ensure};
use refund_core::{KeyTrust, MessageDef, Support, Tier, Verdict, permit::FIRE_WITHIN};

/// The description is the same every time it is asked for, and nothing in it is empty.
pub(crate) async fn describes_itself(bench: &Bench<'_>) -> Outcome {
    let one = bench.provider.describe();
    let (first, second) = (format!("{one:?}"), format!("{:?}", bench.provider.describe()));
    bench.heard("Debug of the description", &first);
    ensure!(first == second, "described itself twice, differently: {first} and {second}");
    ensure!(!one.name.en.is_empty() && !one.name.ru.is_empty(), "it has no name for people");
    ensure!(!one.dialect.is_empty(), "it has no dialect");
    ensure!(!one.capabilities.currencies.is_empty(), "it refunds in no currency at all");
    for MessageDef { id, en, ru } in [one.texts.cabinet, one.texts.support] {
        ensure!(!id.is_empty() && !en.is_empty() && !ru.is_empty(), "the text {id:?} is not whole");
    }
    ensure!(
        one.timing.settle > FIRE_WITHIN && !one.timing.confirm_gap.is_zero(),
        "its settle window and confirm gap leave no time for a request to take effect: {:?}",
        one.timing
    );
    Ok(())
}

/// It verifies callbacks exactly if it says so.
pub(crate) async fn callbacks_are_as_described(bench: &Bench<'_>) -> Outcome {
    let verifies = if bench.provider.notifications().is_some() { Support::Yes } else { Support::No };
    let says = bench.provider.describe().capabilities.callbacks;
    ensure!(verifies == says, "it says callbacks: {says:?}, and has a verifier: {verifies:?}");
    Ok(())
}

/// What the gateway shows of refunds is what the tier promises: a readable one tells the refunded sum, a blind one draws
/// no conclusion from nothing.
pub(crate) async fn tier_is_as_described(bench: &Bench<'_>) -> Outcome {
    let tier = bench.provider.describe().tier;
    let payment = bench.paid().await?;
    match tier {
        Tier::Readable(_) | Tier::Keyed { trust: KeyTrust::Documented, .. } => {
            let before = bench.look(&payment).await?.refunded;
            ensure!(
                before == Some(bench.money(0)),
                "the tier is {tier:?}, an untouched payment has {before:?} refunded"
            );
            let plan = bench.plan(&payment, bench.some()).await?;
            bench.succeed(&plan).await?;
            let after = bench.look(&payment).await?.refunded;
            ensure!(after == Some(plan.amount), "{} refunded; lookup tells {after:?}", plan.amount);
        }
        Tier::Blind => {
            let plan = bench.plan(&payment, bench.some()).await?;
            let verdict = bench.probe(&plan, None).await.verdict;
            let blind = matches!(verdict, Verdict::CannotTell { .. } | Verdict::Unreadable { .. });
            ensure!(blind, "the tier is blind, and yet it proves {verdict:?} of a refund never sent");
        }
        // A verified key resolves by sending again: `keyed_resend_is_one_refund`.
        Tier::Keyed { trust: KeyTrust::Verified, .. } => {}
    }
    Ok(())
}
