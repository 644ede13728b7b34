//! Robokassa under the conformance kit, over real HTTP against the sandbox.
//!
//! The numbers are exact: a case that stops running, or begins to be skipped, fails here.

use provider_robokassa::{Endpoints, ID, Robokassa, RobokassaConfig};
use refund_conformance::{
    CASES, ManualClock, run_all,
    sandbox::{Emulated, SandboxGateway, Shop},
};
use refund_core::{AccountId, Transport};
use refund_http::{HttpTransport, PlainHttp};
use refund_sandbox::{Sandbox, shops};
use std::sync::Arc;

#[tokio::test]
async fn robokassa_passes_the_kit() {
    let sandbox = Sandbox::builder().start().await.expect("a free port");
    let clock = Arc::new(ManualClock::default());
    let http = HttpTransport::builder(clock.clone()).plain_http(PlainHttp::LoopbackOnly).build();
    let http: Arc<dyn Transport> = Arc::new(http.expect("default settings"));

    let account = AccountId::parse(shops::ROBOKASSA_LOGIN).expect("a login");
    let secrets = [shops::ROBOKASSA_PASSWORD2, shops::ROBOKASSA_PASSWORD3];
    let endpoints = Endpoints::one(&sandbox.url()).expect("an address");
    let config = RobokassaConfig::new(account.clone(), secrets[0].into(), secrets[1].into());
    let config = config.expect("two passwords").with_endpoints(endpoints);

    let shop = Shop { provider: ID, account, secrets: secrets.map(str::to_owned).to_vec() };
    let gateway = SandboxGateway::new(Emulated::Robokassa, sandbox.url(), shop, http, clock);
    let provider = Robokassa::new(config, gateway.transport());
    let gateway = gateway.with_print(format!("{provider:?}"));

    let report = run_all(&provider, &gateway).await;
    report.assert_counts(
        51,
        &[
            // Robokassa takes no key.
            "keyed_resend_is_one_refund",
            "keyed_lineages_differ",
            // It sends no callbacks about refunds; that none is believed is a case that runs.
            "genuine_callback_is_believed",
            "forged_callback_is_refused",
            "altered_callback_is_refused",
            "garbage_callback_is_refused",
        ],
    );
    assert_eq!(CASES.len(), 57);
}
