//! Acme under the conformance kit: what every provider must pass, with the exact numbers.

mod gateway;

use custom_provider::Acme;
use gateway::{ACCOUNT, AcmeGateway, TOKEN};
use refund_conformance::run_all;
use refund_core::AccountId;

#[tokio::test]
async fn acme_passes_the_kit() {
    let gateway = AcmeGateway::new();
    let account = AccountId::parse(ACCOUNT).expect("letters are allowed");
    let acme = Acme::new(account, TOKEN.into(), gateway.transport());

    run_all(&acme, &gateway).await.assert_counts(
        50,
        &[
            // Acme has no carts to seed, trusts no key and sends no callbacks; each is declared in its descriptor.
            "cart_mismatch_is_refused",
            "keyed_resend_is_one_refund",
            "keyed_lineages_differ",
            "genuine_callback_is_believed",
            "forged_callback_is_refused",
            "altered_callback_is_refused",
            "garbage_callback_is_refused",
        ],
    );
}
