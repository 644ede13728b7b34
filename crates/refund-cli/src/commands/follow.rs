//! Commands about refunds that exist: `status`, `resolve`, `withdraw`, `show`, `list`.

use super::create::actor;
use crate::{
    args::{Detail, FollowArgs, Global, ListArgs, ResolveArgs, WithdrawArgs},
    exit::Exit,
    printer::Printer,
    setup::Setup,
    workplace,
};
use refund_desk::{
    Problem,
    ops::{self, Told},
    view::Bytes,
};
use refund_engine::{ListQuery, Phase, codec::Note};

pub(crate) async fn status(
    args: &FollowArgs,
    global: &Global,
    setup: &Setup,
    printer: &Printer,
) -> Result<Exit, Problem> {
    let engine = workplace::engine_for_all(global, setup).await?;
    Ok(tell(&ops::status(&engine, &args.refund, args.wait).await?, printer))
}

pub(crate) async fn resolve(
    args: &ResolveArgs,
    global: &Global,
    setup: &Setup,
    printer: &Printer,
) -> Result<Exit, Problem> {
    let engine = workplace::engine_for_all(global, setup).await?;
    let told = match args.decision {
        None => ops::resolve(&engine, &args.refund, args.wait).await?,
        Some(decision) => {
            let note = note(setup, &args.reason, &args.evidence);
            ops::decide(&engine, &args.refund, decision, note).await?
        }
    };
    Ok(tell(&told, printer))
}

pub(crate) async fn withdraw(
    args: &WithdrawArgs,
    global: &Global,
    setup: &Setup,
    printer: &Printer,
) -> Result<Exit, Problem> {
    let engine = workplace::engine_for_all(global, setup).await?;
    let told = ops::take_back(&engine, &args.refund, note(setup, &args.reason, "")).await?;
    Ok(tell(&told, printer))
}

pub(crate) async fn show(
    args: &FollowArgs,
    global: &Global,
    setup: &Setup,
    printer: &Printer,
) -> Result<Exit, Problem> {
    let engine = workplace::engine_for_all(global, setup).await?;
    let bytes = if global.detail == Detail::Verbose { Bytes::Shown } else { Bytes::Hidden };
    let (told, rows) = ops::show(&engine, &args.refund, bytes).await?;
    let exit = told.kind.map_or(Exit::DONE, Exit::of);
    printer.history(&told, &rows, exit);
    Ok(exit)
}

pub(crate) async fn list(
    args: &ListArgs,
    global: &Global,
    setup: &Setup,
    printer: &Printer,
) -> Result<Exit, Problem> {
    let engine = workplace::engine_for_all(global, setup).await?;
    let named = |phase: &Phase| args.states.iter().any(|word| word == phase.as_str());
    let phases = Phase::ALL.into_iter().filter(named).collect();
    let query = ListQuery { payment: None, phases, limit: args.limit };
    printer.list(&ops::list(&engine, &query).await?);
    Ok(Exit::DONE)
}

fn tell(told: &Told, printer: &Printer) -> Exit {
    let exit = told.kind.map_or(Exit::DONE, Exit::of);
    printer.told(told, exit);
    exit
}

fn note(setup: &Setup, reason: &str, evidence: &str) -> Note {
    Note {
        actor: actor(setup),
        reason: reason.to_owned(),
        evidence: evidence.to_owned(),
        details: Vec::new(),
    }
}
