//! Are genuine callbacks believed, and no others?
//!
//! Skipped for providers without callbacks; that they have none is asserted by `callbacks_are_as_described`.

use crate::{
    Seal,
    bench::{Bench, Outcome, ensure, fail, skip},
};
use refund_core::{Callback, Notice, Notifications, NotifyError, PaymentRef, WallTime};

/// A genuine callback names its payment.
pub(crate) async fn genuine_callback_is_believed(bench: &Bench<'_>) -> Outcome {
    let (verifier, payment, callback) = sent(bench, Seal::Genuine).await?;
    match verify(bench, verifier, &callback) {
        Ok(notice) if notice.payment == payment => Ok(()),
        other => fail(format!("a genuine callback about {payment} is {other:?}")),
    }
}

/// A callback signed with another key is not believed.
pub(crate) async fn forged_callback_is_refused(bench: &Bench<'_>) -> Outcome {
    let (verifier, _, callback) = sent(bench, Seal::Forged).await?;
    let notice = verify(bench, verifier, &callback);
    ensure!(notice.is_err(), "a forged callback is {notice:?}");
    Ok(())
}

/// A genuine callback in which somebody wrote another payment is not believed.
pub(crate) async fn altered_callback_is_refused(bench: &Bench<'_>) -> Outcome {
    let (verifier, _, callback) = sent(bench, Seal::Altered).await?;
    let notice = verify(bench, verifier, &callback);
    ensure!(notice.is_err(), "an altered callback is {notice:?}");
    Ok(())
}

/// Bytes that are no callback are an error and never a panic.
pub(crate) async fn garbage_callback_is_refused(bench: &Bench<'_>) -> Outcome {
    let Some(verifier) = bench.provider.notifications() else { return skip("no callbacks, as described") };
    for (query, body) in
        [("", &b""[..]), ("a=%zz&=", b"\xff\xfe\x00"), ("", b"{\"a\":"), ("a=1&a=2", b"<html>")]
    {
        let callback = Callback {
            method: "POST".to_owned(),
            query: query.to_owned(),
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: body.to_vec(),
            received: WallTime(0),
        };
        let notice = verify(bench, verifier, &callback);
        ensure!(notice.is_err(), "{query:?} and {body:?} are {notice:?}");
    }
    Ok(())
}

async fn sent<'a>(
    bench: &'a Bench<'_>,
    seal: Seal,
) -> Outcome<(&'a dyn Notifications, PaymentRef, Callback)> {
    let Some(verifier) = bench.provider.notifications() else { return skip("no callbacks, as described") };
    let payment = bench.paid().await?;
    let plan = bench.plan(&payment, bench.some()).await?;
    bench.succeed(&plan).await?;
    match bench.gateway.callback(&payment, seal).await? {
        Some(callback) => Ok((verifier, payment, callback)),
        None => skip("the gateway under test sends no callbacks"),
    }
}

fn verify(
    bench: &Bench<'_>,
    verifier: &dyn Notifications,
    callback: &Callback,
) -> Result<Notice, NotifyError> {
    let notice = verifier.verify(callback);
    bench.heard("what a callback came to", format!("{notice:?}"));
    notice
}
