//! `refund check FILE [--order ORDERFILE]`: every rule, offline. The verdict is data, so it goes to stdout.

use crate::{
    args::{CheckArgs, Detail, Global},
    exit::Exit,
    printer::{Output, Printer},
    setup::Setup,
    words, workplace,
};
use refund_core::{
    CheckedRefund, Message,
    rules::{Severity, Violations},
};
use refund_desk::{
    Kind, Problem, files,
    ops::{self, Checked, Verdict},
};
use serde_json::{Value, json};
use std::path::Path;

pub(crate) fn run(
    args: &CheckArgs,
    global: &Global,
    setup: &Setup,
    printer: &Printer,
) -> Result<Exit, Problem> {
    let file = setup.folder.join(&args.file);
    let request = files::read_request(&file)?;
    let gateway = workplace::known_gateway(setup, &request.gateway)
        .map_err(|problem| problem.at(format!("{}: gateway", file.display())))?;
    let order = args.order.as_ref().map(|order| order_of(&request, &setup.folder.join(order))).transpose()?;
    let verdict = ops::check(&**gateway, &request, order.as_ref())?;
    let exit = if verdict.outcome.is_ok() { Exit::DONE } else { Exit::of(Kind::Rules) };
    match (printer.output, &verdict.outcome) {
        (Output::Json, _) => printer.json(&document(&request, &verdict, exit, printer)),
        (Output::Table, Ok(checked)) => accepted(&request, checked, global.detail, printer),
        (Output::Table, Err(found)) => refused(found, printer),
    }
    Ok(exit)
}

/// The order of a file that is about the request's.
fn order_of(request: &files::Request, file: &Path) -> Result<files::Order, Problem> {
    let order = files::read_order(file)?;
    order.is_of(&request.order).map_err(|problem| problem.at(format!("{}: order", file.display())))?;
    Ok(order)
}

fn accepted(request: &files::Request, checked: &Checked, detail: Detail, printer: &Printer) {
    let refund = &checked.refund;
    let said = Message::new(&words::CHECK_HOLDS).with("amount", refund.amount());
    printer.data(&printer.text(&said.with("order", &request.order).with("gateway", &request.gateway)));
    if let Some(penalty) = refund.command().penalty {
        printer.data(&printer.text(&Message::new(&words::CHECK_PENALTY).with("penalty", penalty)));
    }
    if let Some(table) = printer.lines(refund) {
        printer.data(&table);
    }
    printer.findings_table(refund.warnings());
    if detail == Detail::Verbose {
        printer.data(&sendable(checked));
    }
}

fn refused(found: &Violations, printer: &Printer) {
    printer.findings_table(found.as_slice());
    printer.say(&Problem::rules(found.clone()).message);
    let first = found.errors().next().expect("what refuses has an error");
    printer.say(&Message::new(&words::CHECK_EXPLAIN).with("rule", first.rule));
}

/// The same keys whatever was found; what is not known is null.
fn document(request: &files::Request, verdict: &Verdict, exit: Exit, printer: &Printer) -> Value {
    let (checked, found) = match &verdict.outcome {
        Ok(checked) => (Some(checked), checked.refund.warnings()),
        Err(found) => (None, found.as_slice()),
    };
    json!({
        "schema": "refund/check@1",
        "exit": exit.code(),
        "gateway": verdict.provider.as_str(),
        "order": request.order.as_str(),
        "captured": verdict.payment.captured.to_major_string(),
        "amount": checked.map(|checked| checked.refund.amount().to_major_string()),
        "currency": verdict.payment.captured.currency().code(),
        "penalty": request.penalty.map(|penalty| penalty.to_major_string()),
        "lines": checked.and_then(|checked| lines(&checked.refund)),
        "request": checked.map(sendable),
        "violations": printer.findings_json(found, Severity::Error),
        "warnings": printer.findings_json(found, Severity::Warning),
    })
}

fn lines(refund: &CheckedRefund) -> Option<Value> {
    let lines = refund.lines()?.iter().map(|line| {
        json!({
            "position": line.sold.position,
            "name": line.sold.name,
            "quantity": line.quantity.to_string(),
            "amount": line.amount.to_major_string(),
        })
    });
    Some(lines.collect())
}

/// The request without credentials.
fn sendable(checked: &Checked) -> String {
    String::from_utf8_lossy(checked.prepared.payload().bytes()).into_owned()
}
