//! `refund create FILE`: propose, confirm, carry out.

use crate::{
    args::{Confirm, CreateArgs, Global, Run},
    exit::Exit,
    printer::{Output, Printer},
    prompt,
    setup::Setup,
    words, workplace,
};
use refund_core::{Message, MessageDef};
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
    let settings = workplace::settings(global, setup)?;
    let profile = settings.choose(&request.gateway, global.profile.as_deref())?;
    let engine = workplace::engine_for(global, &settings, setup, profile)?;
    let new = new_refund(&request, args, profile, setup)?;
    let proposal = ops::propose(&engine, &new).await?;
    if let Proposal::Replay(told) = &proposal {
        return Ok(tell(told, printer));
    }
    if args.run == Run::Dry {
        return Ok(show_dry(&engine, &new, &proposal, printer));
    }
    confirm(args, setup, printer, profile, &new, &proposal)?;
    let told = ops::carry_out(&engine, &new, Patience::None).await?;
    Ok(tell(&told, printer))
}

fn tell(told: &Told, printer: &Printer) -> Exit {
    let exit = told.kind.map_or(Exit::DONE, Exit::of);
    printer.told(told, exit);
    exit
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

fn confirm(
    args: &CreateArgs,
    setup: &Setup,
    printer: &Printer,
    profile: &Profile,
    new: &NewRefund,
    proposal: &Proposal,
) -> Result<(), Problem> {
    let environment = printer.word(environment(profile.environment));
    let place = |def| {
        Message::new(def)
            .with("order", &new.command.payment.payment)
            .with("environment", &environment)
            .with("profile", &profile.name)
    };
    let question = match proposal {
        Proposal::Fresh(preview) => place(&words::ASK)
            .with("gateway", &profile.gateway)
            .with("amount", preview.checked.amount())
            .with("captured", preview.payment.captured)
            .with("reason", &new.note.reason),
        _ => place(&words::ASK_GO_ON).with("key", &new.key),
    };
    let confirmed = match args.confirm {
        Confirm::Given => true,
        Confirm::Refuse => false,
        Confirm::Ask => prompt::ask(setup, &printer.text(&question)).unwrap_or(false),
    };
    if confirmed {
        return Ok(());
    }
    Err(Problem::new(Kind::NotConfirmed, &words::NOT_CONFIRMED).advise(&words::CONFIRM_ADVICE))
}

fn environment(environment: Environment) -> &'static MessageDef {
    match environment {
        Environment::Live => &words::LIVE,
        Environment::Test => &words::TEST,
        Environment::Sandbox => &words::SANDBOX,
    }
}

fn show_dry(engine: &Engine, new: &NewRefund, proposal: &Proposal, printer: &Printer) -> Exit {
    let key = new.key.to_string();
    match (proposal, printer.output) {
        (Proposal::Fresh(preview), Output::Json) => printer.json(&json!({
            "schema": "refund/dry-run@1",
            "exit": Exit::DONE.code(),
            "key": key,
            "intent": engine.intent_of(new).to_string(),
            "order": new.command.payment.payment.as_str(),
            "amount": preview.checked.amount().to_major_string(),
            "captured": preview.payment.captured.to_major_string(),
            "request": request_text(preview),
        })),
        (Proposal::Fresh(preview), Output::Table) => {
            printer.say(&Message::new(&words::DRY_RUN));
            printer.data(&request_text(preview));
        }
        (_, Output::Json) => printer.json(&json!({
            "schema": "refund/dry-run@1",
            "exit": Exit::DONE.code(),
            "key": key,
            "intent": engine.intent_of(new).to_string(),
            "order": new.command.payment.payment.as_str(),
        })),
        (_, Output::Table) => printer.data(&key),
    }
    Exit::DONE
}

/// The request as it would be journaled: complete, without credentials.
fn request_text(preview: &Preview) -> String {
    String::from_utf8_lossy(preview.prepared.payload().bytes()).into_owned()
}
