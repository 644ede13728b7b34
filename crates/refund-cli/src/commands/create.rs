//! `refund create FILE`: propose, confirm, carry out.

use crate::{
    args::{Confirm, CreateArgs, Global, Run},
    exit::Exit,
    printer::{Output, Printer},
    prompt,
    setup::Setup,
    words, workplace,
};
use refund_core::{Message, MessageDef, Violation, rules::Severity};
use refund_desk::{
    Kind, Problem, files,
    ops::{self, Proposal, Told},
    settings::{Environment, Profile},
};
use refund_engine::{Engine, NewRefund, Patience, Preview, codec::Note};
use serde_json::json;

pub(crate) async fn run(
    args: &CreateArgs,
    global: &Global,
    setup: &Setup,
    printer: &Printer,
) -> Result<Exit, Problem> {
    let request = files::read_request(&setup.folder.join(&args.file))?;
    workplace::known_gateway(setup, &request.gateway)
        .map_err(|problem| problem.at(format!("{}: gateway", setup.folder.join(&args.file).display())))?;
    let settings = workplace::settings(global, setup)?;
    let profile = settings.choose(&request.gateway, global.profile.as_deref())?;
    let engine = workplace::engine_for(global, &settings, setup, profile, args.run).await?;
    let new = new_refund(&request, args, profile, setup)?;
    let proposal = ops::propose(&engine, &new).await?;
    if let Proposal::Replay(told) = &proposal {
        return Ok(tell(told, printer));
    }
    if args.run == Run::Dry {
        return Ok(show_dry(&engine, profile, &new, &proposal, printer));
    }
    if printer.output == Output::Table {
        printer.findings(warnings(&proposal));
    }
    confirm(args, setup, printer, profile, &new, &proposal).await?;
    let confirmed = proposal.amount().expect("a replay has been told above");
    let told = ops::carry_out(&engine, &new, confirmed, Patience::None).await?;
    if printer.output == Output::Json {
        let exit = exit_of(&told);
        let mut document = printer.told_json(&told, exit);
        if told.violations.is_none() {
            document["warnings"] = json!(printer.findings_json(warnings(&proposal), Severity::Warning));
        }
        printer.json(&document);
        return Ok(exit);
    }
    Ok(tell(&told, printer))
}

fn tell(told: &Told, printer: &Printer) -> Exit {
    let exit = exit_of(told);
    printer.told(told, exit);
    exit
}

fn exit_of(told: &Told) -> Exit {
    told.kind.map_or(Exit::DONE, Exit::of)
}

/// What a person should look at before it is carried out; none of it refuses.
fn warnings(proposal: &Proposal) -> &[Violation] {
    match proposal {
        Proposal::Fresh(preview) => preview.checked.warnings(),
        _ => &[],
    }
}

fn new_refund(
    request: &files::Request,
    args: &CreateArgs,
    profile: &Profile,
    setup: &Setup,
) -> Result<NewRefund, Problem> {
    let provider = workplace::provider(setup, profile)?.describe().id.clone();
    let command = request.command(provider, profile.account.clone());
    let reason = args.reason.clone().or_else(|| request.reason.clone()).unwrap_or_default();
    let note = Note { actor: actor(setup), reason, ..Note::default() };
    Ok(NewRefund { key: request.key_for(&command), command, note })
}

/// Who the operating system says is at the keyboard.
pub(crate) fn actor(setup: &Setup) -> String {
    let name = ["REFUND_ACTOR", "USER", "USERNAME"].into_iter().find_map(|name| setup.environment.get(name));
    name.cloned().unwrap_or_default()
}

async fn confirm(
    args: &CreateArgs,
    setup: &Setup,
    printer: &Printer,
    profile: &Profile,
    new: &NewRefund,
    proposal: &Proposal,
) -> Result<(), Problem> {
    let place = |def| placed(def, profile, new, printer);
    let question = match proposal {
        Proposal::Fresh(preview) => place(&words::ASK)
            .with("amount", preview.checked.amount())
            .with("captured", preview.payment.captured)
            .with("reason", &new.note.reason),
        _ => place(&words::ASK_GO_ON)
            .with("key", &new.key)
            .with("amount", proposal.amount().map_or_else(String::new, |amount| amount.to_string())),
    };
    let nobody = || Problem::new(Kind::NotConfirmed, &words::NOT_CONFIRMED).advise(&words::CONFIRM_ADVICE);
    match args.confirm {
        Confirm::Given => Ok(()),
        Confirm::Refuse => Err(nobody()),
        Confirm::Ask => match asked(setup, printer, proposal, &question).await {
            Some(true) => Ok(()),
            Some(false) => Err(Problem::new(Kind::NotConfirmed, &words::NOT_CONFIRMED)),
            None => Err(nobody()),
        },
    }
}

/// Asks, below the lines that would come back.
async fn asked(setup: &Setup, printer: &Printer, proposal: &Proposal, question: &Message) -> Option<bool> {
    if let Proposal::Fresh(preview) = proposal
        && let Some(lines) = printer.lines(&preview.checked)
    {
        printer.note(&lines);
    }
    prompt::ask(setup, &printer.text(question)).await
}

/// A sentence about what is to be done, and where.
fn placed(def: &'static MessageDef, profile: &Profile, new: &NewRefund, printer: &Printer) -> Message {
    Message::new(def)
        .with("order", &new.command.payment.payment)
        .with("gateway", &profile.gateway)
        .with("environment", printer.word(environment(profile.environment)))
        .with("profile", &profile.name)
}

fn environment(environment: Environment) -> &'static MessageDef {
    match environment {
        Environment::Live => &words::LIVE,
        Environment::Test => &words::TEST,
        Environment::Sandbox => &words::SANDBOX,
    }
}

fn show_dry(
    engine: &Engine,
    profile: &Profile,
    new: &NewRefund,
    proposal: &Proposal,
    printer: &Printer,
) -> Exit {
    if printer.output == Output::Json {
        printer.json(&dry_json(engine, profile, new, proposal, printer));
        return Exit::DONE;
    }
    printer.findings(warnings(proposal));
    match proposal {
        Proposal::Fresh(preview) => {
            let said = placed(&words::DRY_RUN, profile, new, printer);
            printer.say(
                &said.with("amount", preview.checked.amount()).with("captured", preview.payment.captured),
            );
            if let Some(lines) = printer.lines(&preview.checked) {
                printer.note(&lines);
            }
            printer.data(&request_text(preview));
        }
        Proposal::GoOn(listed, _) => {
            let said = Message::new(&words::DRY_GO_ON).with("key", &new.key);
            printer.say(&said.with("state", listed.state.phase.as_str()));
        }
        // Answered before: nothing would be done either way.
        Proposal::Replay(_) => {}
    }
    Exit::DONE
}

/// The same keys whatever is proposed; what is not known is null.
fn dry_json(
    engine: &Engine,
    profile: &Profile,
    new: &NewRefund,
    proposal: &Proposal,
    printer: &Printer,
) -> serde_json::Value {
    let (state, preview) = match proposal {
        Proposal::Fresh(preview) => ("new", Some(preview)),
        Proposal::GoOn(listed, _) => (listed.state.phase.as_str(), None),
        Proposal::Replay(told) => (told.phase.as_str(), None),
    };
    json!({
        "schema": "refund/dry-run@1",
        "exit": Exit::DONE.code(),
        "key": new.key.to_string(),
        "intent": engine.intent_of(new).to_string(),
        "state": state,
        "gateway": new.command.payment.provider.as_str(),
        "account": new.command.payment.account.as_str(),
        "order": new.command.payment.payment.as_str(),
        "profile": profile.name,
        "environment": match profile.environment {
            Environment::Live => "live",
            Environment::Test => "test",
            Environment::Sandbox => "sandbox",
        },
        "amount": preview.map(|preview| preview.checked.amount().to_major_string()),
        "captured": preview.map(|preview| preview.payment.captured.to_major_string()),
        "request": preview.map(|preview| request_text(preview)),
        "warnings": printer.findings_json(warnings(proposal), Severity::Warning),
    })
}

/// The request as it would be journaled: complete, without credentials.
fn request_text(preview: &Preview) -> String {
    String::from_utf8_lossy(preview.prepared.payload().bytes()).into_owned()
}
