//! A refund from command to outcome without the command `refund`: one gateway, one journal, one engine.
//!
//! It runs against the sandbox, which it starts itself: `cargo run -p refund-examples --example embed`. What a real
//! program changes: the address and the credentials, the order, and where the journal lies.

use provider_sber::old::{BaseUrl, Config, SberOld};
use refund_core::{
    Actors, Currency, IntentKey, Money, PaymentId, PaymentRef, RefundAmount, RefundCommand, RefundProvider,
};
use refund_engine::{Engine, NewRefund, Patience, Phase, Planned, Report, SystemClock, codec::Note};
use refund_http::{HttpTransport, PlainHttp};
use refund_journal::SqliteJournal;
use refund_sandbox::{Sandbox, shops};
use std::{error::Error, path::Path, sync::Arc};

/// An order of 470.00 roubles that every sandbox starts with.
const ORDER: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";

/// Refunds 100.00 roubles of it. Called again, it answers what came of the first call and sends nothing.
pub(crate) async fn refund(gateway: &str, journal: &Path) -> Result<Report, Box<dyn Error>> {
    let clock = Arc::new(SystemClock::new());
    let http = HttpTransport::builder(clock.clone()).plain_http(PlainHttp::LoopbackOnly).build()?;
    let base = BaseUrl::parse(&format!("{gateway}/payment/rest/"))?;
    let config = Config::new(shops::SBER_USER, shops::SBER_PASSWORD.into(), base, Actors::OnlyUs)?;
    let account = config.account().clone();
    let sber = Arc::new(SberOld::new(config, Arc::new(http)));
    let provider = sber.describe().id.clone();
    let journal = Arc::new(SqliteJournal::open(journal, clock.clone())?);
    let engine = Engine::builder(journal, clock).provider(account.clone(), sber).build();

    let payment = PaymentRef { provider, account, payment: PaymentId::parse(ORDER)? };
    let amount = Money::parse_major("100.00", Currency::RUB)?;
    let new = NewRefund {
        key: IntentKey::parse("order-7-return-1")?,
        command: RefundCommand::new(payment, RefundAmount::Exactly(amount)),
        note: Note { actor: "shop".to_owned(), reason: "the goods came back".to_owned(), ..Note::default() },
    };
    let (intent, planned) = engine.plan(&new).await?;
    if let Planned::Differs { field } = planned {
        return Err(format!("the key {} stands for another refund: {field} differs", new.key).into());
    }
    let known = engine.journal().find(intent).await?;
    if known.is_some_and(|refund| refund.state.phase == Phase::Planned) {
        engine.approve(intent, new.note).await?;
    }
    Ok(engine.run(intent, Patience::None).await?)
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the program's only output")]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::builder().start().await?;
    let folder = tempfile::tempdir()?;
    let report = refund(&sandbox.url(), &folder.path().join("journal.sqlite")).await?;
    println!("{}: {:?}", report.state.phase.as_str(), report.state.amount.map(Money::rub));
    if report.state.phase != Phase::Settled {
        println!("why: {:?}", report.news);
    }
    sandbox.stop().await;
    Ok(())
}
