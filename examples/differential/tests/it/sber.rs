//! Sber's form dialect.

use crate::side::{Bench, Difference, Side};
use async_trait::async_trait;
use provider_sber::old::{BaseUrl, Config, ID, SberOld};
use refund_conformance::sandbox::{Emulated, Shop};
use refund_core::{AccountId, Actors, PaymentRef, RefundProvider};
use refund_sandbox::shops::{SBER_PASSWORD, SBER_USER};

pub(crate) struct SberSide {
    bench: Bench,
    provider: SberOld,
}

impl SberSide {
    pub(crate) async fn start() -> Self {
        let account = AccountId::parse(SBER_USER).expect("a login");
        let shop = Shop { provider: ID, account, secrets: Vec::new() };
        let bench = Bench::start(Emulated::SberOld, shop).await;
        let base = BaseUrl::parse(&format!("{}/payment/rest/", bench.url)).expect("this machine's address");
        let config =
            Config::new(SBER_USER, SBER_PASSWORD.into(), base, Actors::Shared).expect("valid settings");
        let provider = SberOld::new(config, bench.http.clone());
        Self { bench, provider }
    }
}

#[async_trait]
impl Side for SberSide {
    fn bench(&self) -> &Bench {
        &self.bench
    }

    fn provider(&self) -> &dyn RefundProvider {
        &self.provider
    }

    async fn send_raw(&self, payment: &PaymentRef, kopecks: Option<i64>) {
        // "All that is left" in figures: 0 would say the same, and is a case of its own.
        let ledger = self.bench.ledger(payment).await;
        let left = ledger.captured.minor() - ledger.refunded.minor();
        let (id, amount) = (&payment.payment, kopecks.unwrap_or(left));
        let form = format!("userName={SBER_USER}&password={SBER_PASSWORD}&orderId={id}&amount={amount}");
        self.bench
            .post("/payment/rest/refund.do", "application/x-www-form-urlencoded", form.into_bytes())
            .await;
    }

    fn explain(&self, difference: &Difference) -> Option<&'static str> {
        let zero = *difference == Difference::OnlyTheGatewayTakesIt { asked: Some(0) };
        zero.then_some("sber-zero-is-the-rest")
    }
}
