//! Does a lookup tell the payment as the gateway knows it, and nothing else?

use crate::{
    Call, Deed, Fault,
    bench::{Bench, CAPTURED, Outcome, ensure, skip},
};
use refund_core::{LookupError, PaymentRef, PaymentState, ProviderId};

/// A paid payment is captured, by the sum that was paid.
pub(crate) async fn lookup_tells_the_payment(bench: &Bench<'_>) -> Outcome {
    let found = bench.look(&bench.paid().await?).await?;
    ensure!(
        found.captured == bench.money(CAPTURED),
        "{} was paid, lookup tells {}",
        bench.money(CAPTURED),
        found.captured
    );
    ensure!(found.state == PaymentState::Captured, "a paid payment is {:?}", found.state);
    let refunded = found.refunded.is_none_or(|refunded| refunded.is_zero());
    ensure!(refunded, "nothing was refunded, lookup tells {:?}", found.refunded);
    Ok(())
}

/// A payment of another provider is told apart without asking anybody.
pub(crate) async fn lookup_of_another_gateways_payment(bench: &Bench<'_>) -> Outcome {
    let (payment, mark) = (bench.paid().await?, bench.mark().await?);
    let alien = PaymentRef { provider: ProviderId::from_static("conformance-alien"), ..payment };
    let found = bench.lookup(&alien).await;
    ensure!(matches!(found, Err(LookupError::NotOurs { .. })), "a payment of another provider is {found:?}");
    let asked = bench.gateway.requests_since(mark).await?;
    ensure!(asked.is_empty(), "the gateway was asked about another provider's payment: {asked:?}");
    Ok(())
}

/// A payment the gateway does not find is an error, not a payment.
pub(crate) async fn lookup_of_a_lost_payment(bench: &Bench<'_>) -> Outcome {
    let payment = bench.paid().await?;
    bench.elsewhere(&payment, Deed::Forget).await?;
    let found = bench.lookup(&payment).await;
    let told = matches!(found, Err(LookupError::NotFound { .. } | LookupError::CannotTell { .. }));
    ensure!(told, "a payment the gateway does not find is {found:?}");
    Ok(())
}

/// A state that no document lists does not panic and does not pass for captured.
pub(crate) async fn lookup_of_an_unknown_word(bench: &Bench<'_>) -> Outcome {
    let payment = bench.paid().await?;
    bench.break_next(Call::Lookup, Fault::UnknownWord).await?;
    match bench.lookup(&payment).await {
        Ok(found) => {
            ensure!(matches!(found.state, PaymentState::Other(_)), "an unknown state is {:?}", found.state)
        }
        Err(error) => {
            ensure!(matches!(error, LookupError::CannotTell { .. }), "an unknown state is {error:?}")
        }
    }
    Ok(())
}

/// A broken answer is an error, not a payment.
pub(crate) async fn lookup_makes_nothing_up(bench: &Bench<'_>) -> Outcome {
    let payment = bench.paid().await?;
    let mut struck = 0;
    for fault in super::afterwards::BROKEN_ANSWERS {
        if bench.broke_next(Call::Lookup, *fault).await? {
            struck += 1;
            let found = bench.lookup(&payment).await;
            let told = matches!(
                found,
                Err(LookupError::Read(_) | LookupError::CannotTell { .. } | LookupError::Denied { .. })
            );
            ensure!(told, "after {fault:?} lookup tells {found:?}");
        }
    }
    if struck == 0 { skip("no answer can be broken") } else { Ok(()) }
}
