//! Robokassa.

use crate::side::{Bench, Difference, Side};
use async_trait::async_trait;
use provider_robokassa::{Endpoints, ID, Robokassa, RobokassaConfig, TokenAlgorithm, wire::jwt::TokenSigner};
use refund_conformance::sandbox::{Emulated, Shop};
use refund_core::{AccountId, Money, PaymentRef, RefundProvider};
use refund_sandbox::shops::{ROBOKASSA_LOGIN, ROBOKASSA_PASSWORD2, ROBOKASSA_PASSWORD3};

pub(crate) struct RobokassaSide {
    bench: Bench,
    provider: Robokassa,
    signer: TokenSigner,
}

impl RobokassaSide {
    pub(crate) async fn start() -> Self {
        let account = AccountId::parse(ROBOKASSA_LOGIN).expect("a login");
        let shop = Shop { provider: ID, account: account.clone(), secrets: Vec::new() };
        let bench = Bench::start(Emulated::Robokassa, shop).await;
        let config = RobokassaConfig::new(account, ROBOKASSA_PASSWORD2.into(), ROBOKASSA_PASSWORD3.into());
        let endpoints = Endpoints::one(&bench.url).expect("this machine's address");
        let provider =
            Robokassa::new(config.expect("two passwords").with_endpoints(endpoints), bench.http.clone());
        let signer = TokenSigner::new(&ROBOKASSA_PASSWORD3.into(), TokenAlgorithm::Hs256);
        Self { bench, provider, signer }
    }

    /// The operation key, as the provider's lookup keeps it: `{"opKey":"…"}`.
    async fn operation_key(&self, payment: &PaymentRef) -> String {
        let known = self.provider.lookup(payment).await.expect("the emulator tells its payments");
        let data = String::from_utf8(known.data.bytes().to_vec()).expect("JSON is UTF-8");
        data.split('"').nth(3).expect("an operation key").to_owned()
    }
}

#[async_trait]
impl Side for RobokassaSide {
    fn bench(&self) -> &Bench {
        &self.bench
    }

    fn provider(&self) -> &dyn RefundProvider {
        &self.provider
    }

    async fn send_raw(&self, payment: &PaymentRef, kopecks: Option<i64>) {
        let key = self.operation_key(payment).await;
        let sum = kopecks.map(|kopecks| format!(",\"RefundSum\":{}", Money::rub(kopecks).to_major_string()));
        let payload = format!("{{\"OpKey\":\"{key}\"{}}}", sum.unwrap_or_default());
        let token = self.signer.sign(payload.as_bytes()).expect("HMAC takes any key");
        self.bench.post("/RefundService/Refund/Create", "application/json", token.into_body()).await;
    }

    fn explain(&self, difference: &Difference) -> Option<&'static str> {
        let unseen = match difference {
            // More than is left, and not more than would be left without the refunds it cannot see.
            Difference::OnlyTheClientTakesIt { asked, left, unseen } => {
                asked > left && *asked <= left + unseen
            }
            Difference::AnotherSum { asked, given, unseen } => asked > given && *asked <= given + unseen,
            Difference::OnlyTheGatewayTakesIt { .. } => false,
        };
        unseen.then_some("robokassa-unseen-refund")
    }
}
