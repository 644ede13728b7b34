//! The demonstration: refunds over real HTTP to an embedded sandbox, through a durable journal, with lost replies and
//! a killed worker, and nothing paid twice.
//!
//! It uses what an operator uses: a settings file, secrets in files, the desk's operations. Only time is its own:
//! engine and sandbox share a clock that jumps, so polls and settle windows pass without sleeping.

mod control;
mod ledger;
mod scenes;
mod stage;
mod story;
mod words;

use crate::{
    args::{DemoArgs, DemoWorkerArgs, Detail, Global},
    exit::Exit,
    printer::{Output, Printer},
    setup::Setup,
    workplace,
};
use refund_core::{IntentId, WallTime};
use refund_desk::{Kind, Problem};
use refund_engine::{ManualClock, Patience};
use stage::Stage;
use std::sync::Arc;
use story::Story;

#[cfg(test)]
pub(crate) use words::DEFS;

/// `refund demo`
pub(crate) async fn run(
    args: &DemoArgs,
    global: &Global,
    setup: &Setup,
    printer: &Printer,
) -> Result<Exit, Problem> {
    let stage = Stage::build(args.keep.as_deref(), setup).await?;
    let mut story = Story::new(printer, global.detail == Detail::Verbose);
    let told = tell(&stage, &mut story).await;
    let equal = match told {
        Ok(equal) => equal,
        Err(problem) => {
            stage.close().await;
            return Err(problem);
        }
    };
    stage.close().await;
    let exit = if equal { Exit::DONE } else { Exit::INTERNAL };
    if printer.output == Output::Json {
        printer.json(&story.document(exit, equal));
    }
    Ok(exit)
}

async fn tell(stage: &Stage, story: &mut Story<'_>) -> Result<bool, Problem> {
    scenes::robokassa_full(stage, story).await?;
    scenes::sber_full(stage, story).await?;
    scenes::robokassa_cart(stage, story).await?;
    scenes::sber_cart(stage, story).await?;
    scenes::sber_penalty(stage, story).await?;
    scenes::sber_reply_lost(stage, story).await?;
    scenes::robokassa_reply_lost(stage, story).await?;
    scenes::worker_killed(stage, story).await?;
    ledger::compare(stage, story).await
}

/// The worker that is killed: goes on with one refund, in a process of its own.
pub(crate) async fn worker(args: &DemoWorkerArgs) -> Result<Exit, Problem> {
    let clock = ManualClock::standing_at(args.millis, WallTime(args.wall));
    let setup = Setup {
        timer: Arc::new(clock),
        folder: args.folder.clone(),
        environment: std::collections::BTreeMap::new(),
        ..Setup::process()
    };
    let engine = workplace::engine_for_all(&stage::global(&args.folder), &setup).await?;
    let intent = u128::from_str_radix(&args.intent, 16)
        .map_err(|_| Problem::new(Kind::Usage, &words::BAD_INTENT).at("--intent"))?;
    engine.run(IntentId(intent), Patience::None).await.map_err(refund_desk::ops::halted)?;
    Ok(Exit::DONE)
}
