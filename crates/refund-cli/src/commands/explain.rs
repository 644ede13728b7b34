//! `refund explain [RULE]`: what a rule says, whose it is, where it comes from; all of them without a name.

use crate::{
    args::ExplainArgs,
    exit::Exit,
    printer::{Output, Printer},
    setup::Setup,
    words,
};
use refund_desk::{
    Problem,
    ops::{Catalogue, Entry, shape},
};
use serde_json::{Value, json};

pub(crate) fn run(args: &ExplainArgs, setup: &Setup, printer: &Printer) -> Result<Exit, Problem> {
    let catalogue = Catalogue::of(&setup.gateways);
    match (&args.rule, printer.output) {
        (None, Output::Table) => all(catalogue.entries(), printer),
        (None, Output::Json) => {
            let rules: Vec<_> = catalogue.entries().iter().map(|entry| document(entry, printer)).collect();
            printer.json(&json!({ "schema": "refund/rules@1", "rules": rules }));
        }
        (Some(id), Output::Table) => one(catalogue.find(id)?, printer),
        (Some(id), Output::Json) => {
            let mut value = document(catalogue.find(id)?, printer);
            value["schema"] = json!("refund/rule@1");
            printer.json(&value);
        }
    }
    Ok(Exit::DONE)
}

fn all(entries: &[Entry], printer: &Printer) {
    let mut table = printer.wide_table(&[&words::HEAD_RULE, &words::HEAD_GATEWAY, &words::HEAD_TEXT]);
    for entry in entries {
        table.add_row([entry.rule.id.to_string(), whose(entry, printer), text(entry, printer)]);
    }
    printer.data(&table.to_string());
}

fn one(entry: &Entry, printer: &Printer) {
    let mut table = printer.wide_table(&[]);
    let mut row = |head, value: String| {
        table.add_row([printer.word(head), value]);
    };
    row(&words::HEAD_RULE, entry.rule.id.to_string());
    row(&words::HEAD_GATEWAY, whose(entry, printer));
    row(&words::HEAD_TEXT, text(entry, printer));
    row(&words::HEAD_SOURCE, entry.rule.source.to_owned());
    printer.data(&table.to_string());
}

fn whose(entry: &Entry, printer: &Printer) -> String {
    entry.gateway.map_or_else(|| printer.word(&words::EVERY_GATEWAY), str::to_owned)
}

/// What a violation says, with the names of its values in their places.
fn text(entry: &Entry, printer: &Printer) -> String {
    printer.text(&shape(entry.rule.message()))
}

fn document(entry: &Entry, printer: &Printer) -> Value {
    json!({
        "rule": entry.rule.id.as_str(),
        "gateway": entry.gateway,
        "text": text(entry, printer),
        "source": entry.rule.source,
    })
}
