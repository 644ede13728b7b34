//! Newgate under the conformance kit: what every provider must pass, with the exact numbers.

mod gateway;

use gateway::{ACCOUNT, BASE, NewgateGateway, TOKEN};
use provider_newgate::Newgate;
use refund_conformance::run_all;
use refund_core::AccountId;

#[tokio::test]
async fn newgate_passes_the_kit() {
    let gateway = NewgateGateway::new();
    let account = AccountId::parse(ACCOUNT).expect("letters are allowed");
    let newgate = Newgate::new(account, TOKEN.into(), BASE, gateway.transport());

    // The numbers of a finished provider that promises no more than its descriptor does now. Skipped is only what this
    // gateway cannot stage.
    run_all(&newgate, &gateway).await.assert_counts(
        49,
        &[
            "cart_mismatch_is_refused",
            "keyed_resend_is_one_refund",
            "keyed_lineages_differ",
            "probe_after_others",
            "genuine_callback_is_believed",
            "forged_callback_is_refused",
            "altered_callback_is_refused",
            "garbage_callback_is_refused",
        ],
    );
}
