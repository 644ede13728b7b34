//! The kit's adapter for the sandbox stages every gateway the sandbox has, also one no provider of ours speaks to yet.

use crate::side::Bench;
use refund_conformance::{
    Ability, Call, Deed, Fault, GatewayUnderTest, Ledger, Seed, Seeded, Standing,
    sandbox::{Emulated, Shop},
};
use refund_core::{AccountId, Cart, Money, PaymentRef, ProviderId};
use std::time::Duration;

async fn seeded(bench: &Bench, cart: Option<Cart>, standing: Standing) -> PaymentRef {
    let mut seed = Seed::paid(Money::rub(50_000));
    (seed.cart, seed.standing) = (cart, standing);
    match bench.gateway.seed(&seed).await.expect("the sandbox takes it") {
        Seeded::Payment(payment) => payment,
        Seeded::Unsupported(why) => panic!("{why}"),
    }
}

#[tokio::test]
async fn the_adapter_stages_every_emulated_gateway() {
    for emulated in [Emulated::Robokassa, Emulated::SberOld, Emulated::SberEcom] {
        let account = AccountId::parse("shop").expect("a login");
        let shop = Shop { provider: ProviderId::from_static("anybody"), account, secrets: Vec::new() };
        let bench = Bench::start(emulated, shop).await;
        let cart =
            crate::case::Case { lines: vec![20_000, 30_000], ..crate::case::Case::paid(50_000) }.cart();
        let plain = seeded(&bench, None, Standing::Paid).await;
        seeded(&bench, cart, Standing::Paid).await;
        seeded(&bench, None, Standing::Held).await;

        let deed = bench.gateway.elsewhere(&plain, Deed::Refund(Money::rub(1_000))).await;
        assert_eq!(deed, Ok(Ability::Done), "{emulated:?}");
        let expected = Ledger::new(Money::rub(50_000), Money::rub(1_000), 1);
        assert_eq!(bench.ledger(&plain).await, expected, "{emulated:?}");

        for fault in [Fault::DropAfterCommit, Fault::HalfBody, Fault::Redirect, Fault::EmptySuccess] {
            let broken = bench.gateway.break_next(Call::Refund, fault).await;
            assert_eq!(broken, Ok(Ability::Done), "{emulated:?}, {fault:?}");
        }
        assert_eq!(bench.gateway.clear_faults().await, Ok(()));
        assert_eq!(bench.gateway.advance(Duration::from_secs(60)).await, Ok(()));
        assert_eq!(bench.gateway.elsewhere(&plain, Deed::Forget).await, Ok(Ability::Done));
        assert!(bench.gateway.ledger(&plain).await.is_err(), "{emulated:?}: forgotten");
    }
}
