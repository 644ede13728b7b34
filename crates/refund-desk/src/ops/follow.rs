//! Following refunds that exist: list, show, status, resolve, a person's decision, taking one back.

use super::told::{self, Told, halted, withdrawn_by_person};
use crate::{
    problem::{Kind, Problem},
    view::{self, Bytes, RecordView, RefundView},
    words,
};
use refund_core::{IntentId, IntentKey, Message, Moment};
use refund_engine::{
    Ended, Engine, Halt, ListQuery, Listed, Patience, Phase,
    codec::Note,
    machine::{Decision, Misstep, Record, Stop},
};

/// Whether to wait for what cannot be found out yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Say what is known now.
    No,
    /// Wait through polls and settle windows.
    Yes,
}

/// The refund a person means: by its key, or by its intent where several accounts share the key.
///
/// # Errors
/// A [`Problem`] of kind [`Kind::Usage`]: none, or several.
pub(super) async fn pick(engine: &Engine, name: &str) -> Result<Listed, Problem> {
    let broken = |error: refund_engine::JournalError| halted(error.into());
    if let Some(intent) = intent(name)
        && let Some(listed) = engine.journal().find(intent).await.map_err(broken)?
    {
        return Ok(listed);
    }
    let Ok(key) = IntentKey::parse(name) else {
        return Err(Problem::new(Kind::Usage, &told::NO_REFUND).at(name));
    };
    let mut found = engine.journal().find_key(&key).await.map_err(broken)?;
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err(Problem::new(Kind::Usage, &told::NO_REFUND).at(name)),
        (Some(last), false) => {
            let intents: Vec<_> =
                found.iter().chain([&last]).map(|listed| listed.intent.to_string()).collect();
            let message = Message::new(&told::SEVERAL).with("key", name).with("intents", intents.join(", "));
            Err(Problem::new(Kind::Usage, message))
        }
    }
}

fn intent(name: &str) -> Option<IntentId> {
    (name.len() == 32).then(|| u128::from_str_radix(name, 16).ok()).flatten().map(IntentId)
}

/// Refunds, newest first.
///
/// # Errors
/// A [`Problem`] of kind [`Kind::Journal`].
pub async fn list(engine: &Engine, query: &ListQuery) -> Result<Vec<RefundView>, Problem> {
    let listed = engine.journal().list(query).await.map_err(|error| halted(error.into()))?;
    Ok(listed.iter().map(RefundView::of).collect())
}

/// One refund with its whole history. Asks nobody.
///
/// # Errors
/// A [`Problem`]: no such refund, or the journal.
pub async fn show(engine: &Engine, name: &str, bytes: Bytes) -> Result<(Told, Vec<RecordView>), Problem> {
    let listed = pick(engine, name).await?;
    let history = engine.journal().history(listed.intent).await.map_err(|error| halted(error.into()))?;
    let rows = view::history(&history, bytes);
    let mut told = Told::standing(engine, &listed);
    let records: Vec<Record> = history.iter().map(|recorded| recorded.record).collect();
    if withdrawn_by_person(&records) {
        told.kind = None;
    }
    Ok((told, rows))
}

/// How a refund stands: an acknowledged one is asked for at the gateway, any other is told from the journal.
///
/// # Errors
/// A [`Problem`]: no such refund, the journal, the configuration.
pub async fn status(engine: &Engine, name: &str, wait: Wait) -> Result<Told, Problem> {
    let listed = pick(engine, name).await?;
    let asks = matches!(listed.state.phase, Phase::Accepted | Phase::Processing);
    if !asks && !listed.state.may_still_be_told() {
        return Ok(Told::standing(engine, &listed));
    }
    let report = engine.nudge(listed.intent, patience(wait)).await.map_err(halted)?;
    Told::after(engine, listed.intent, &report).await
}

/// Finds out by evidence what came of an unknown refund, as far as the gateway can prove it. Never sends one that may
/// have been sent, except where the gateway itself rules a second effect out.
///
/// # Errors
/// A [`Problem`]: no such refund, the journal, the configuration.
pub async fn resolve(engine: &Engine, name: &str, wait: Wait) -> Result<Told, Problem> {
    let listed = pick(engine, name).await?;
    let open =
        matches!(listed.state.phase, Phase::Sending | Phase::Unknown | Phase::Accepted | Phase::Processing);
    if !open && !listed.state.may_still_be_told() {
        return Ok(Told::standing(engine, &listed));
    }
    let report = engine.nudge(listed.intent, patience(wait)).await.map_err(halted)?;
    let mut told = Told::after(engine, listed.intent, &report).await?;
    if told.phase == Phase::Unknown && matches!(report.ended, Ended::Due(_)) {
        told.news.push(Message::new(&told::STILL_WAITING));
    }
    Ok(told)
}

/// Records what a person saw in the cabinet.
///
/// # Errors
/// A [`Problem`]: before the settle window is over, without reason or evidence, or when the refund is not held.
pub async fn decide(engine: &Engine, name: &str, decision: Decision, note: Note) -> Result<Told, Problem> {
    if note.reason.trim().is_empty() {
        return Err(Problem::new(Kind::Usage, &told::NO_REASON_HERE).at("--reason"));
    }
    if note.evidence.trim().is_empty() {
        return Err(Problem::new(Kind::Usage, &told::NO_EVIDENCE).at("--evidence"));
    }
    let listed = pick(engine, name).await?;
    let report = match engine.decide(listed.intent, decision, note).await {
        Err(Halt::Misstep(Misstep::WindowOpen { until })) => return Err(too_early(engine, until)),
        other => other.map_err(|halt| cannot(halt, &listed))?,
    };
    if let Ended::Stopped(Stop::Held { from }) = report.ended {
        // The machine was restarted since: the window began again, and that is now on record.
        return Err(too_early(engine, from.unwrap_or(engine.timer().now())));
    }
    let mut told = Told::after(engine, listed.intent, &report).await?;
    told.news.push(Message::new(&told::DECISION_TAKEN));
    told.kind = None;
    Ok(told)
}

/// Takes a refund back of which nothing can have been sent.
///
/// # Errors
/// A [`Problem`]: without reason, or when something may have been sent.
pub async fn take_back(engine: &Engine, name: &str, note: Note) -> Result<Told, Problem> {
    if note.reason.trim().is_empty() {
        return Err(Problem::new(Kind::Usage, &told::NO_REASON_HERE).at("--reason"));
    }
    let listed = pick(engine, name).await?;
    let report = engine.withdraw(listed.intent, note).await.map_err(|halt| cannot(halt, &listed))?;
    let mut told = Told::after(engine, listed.intent, &report).await?;
    told.kind = None;
    Ok(told)
}

fn too_early(engine: &Engine, until: Moment) -> Problem {
    let left = engine.timer().now().until(until).unwrap_or_default();
    Problem::new(Kind::Rules, words::too_early(left))
}

/// What a person wanted cannot be done to this refund: says where it is told what can.
fn cannot(halt: Halt, listed: &Listed) -> Problem {
    let misstep = matches!(halt, Halt::Misstep(_));
    let problem = halted(halt);
    if misstep {
        problem.advise(Message::new(&told::WHAT_CAN_BE_DONE).with("key", &listed.key))
    } else {
        problem
    }
}

fn patience(wait: Wait) -> Patience {
    match wait {
        Wait::No => Patience::None,
        Wait::Yes => Patience::Patient,
    }
}
