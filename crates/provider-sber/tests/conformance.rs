//! Sber's form dialect under the conformance kit, over real HTTP against the sandbox.
//!
//! The numbers are exact: a case that stops running, or begins to be skipped, fails here.

use provider_sber::old::{BaseUrl, Config, ID, SberOld};
use refund_conformance::{
    CASES, ManualClock, run_all,
    sandbox::{Emulated, SandboxGateway, Shop},
};
use refund_core::{AccountId, Actors, Transport};
use refund_http::{HttpTransport, PlainHttp};
use refund_sandbox::{Sandbox, shops};
use std::sync::Arc;

#[tokio::test]
async fn the_form_dialect_passes_the_kit() {
    let sandbox = Sandbox::builder().start().await.expect("a free port");
    let clock = Arc::new(ManualClock::default());
    let http = HttpTransport::builder(clock.clone()).plain_http(PlainHttp::LoopbackOnly).build();
    let http: Arc<dyn Transport> = Arc::new(http.expect("default settings"));

    let (user, password) = (shops::SBER_USER, shops::SBER_PASSWORD);
    let base = BaseUrl::parse(&format!("{}/payment/rest/", sandbox.url())).expect("this machine's address");
    let config = Config::new(user, password.into(), base, Actors::OnlyUs).expect("valid settings");

    let account = AccountId::parse(user).expect("a login");
    let shop = Shop { provider: ID, account, secrets: vec![password.to_owned()] };
    let gateway = SandboxGateway::new(Emulated::SberOld, sandbox.url(), shop, http, clock);
    let provider = SberOld::new(config, gateway.transport());
    let gateway = gateway.with_print(format!("{provider:?}"));

    let report = run_all(&provider, &gateway).await;
    report.assert_counts(
        44,
        &[
            // No key is documented for this dialect.
            "keyed_resend_is_one_refund",
            "keyed_lineages_differ",
            // refund.do answers at once and gives no reference, so there is none to miss and none to ask by.
            "missing_reference_is_unknown",
            "accepted_refund_settles",
            "cancellation_is_seen",
            "status_of_another_amount",
            "status_of_a_lost_refund",
            "status_of_an_unknown_word",
            "status_makes_nothing_up",
            // Callbacks are not verified by this version; that none is believed is a case that runs.
            "genuine_callback_is_believed",
            "forged_callback_is_refused",
            "altered_callback_is_refused",
            "garbage_callback_is_refused",
        ],
    );
    assert_eq!(CASES.len(), 57);
}
