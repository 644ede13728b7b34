//! `refund explain [RULE]`: what a rule says, how bad and how sure it is, where it binds, where it comes from, an example
//! of it; all of them without a name, the core's and each gateway's own.

use crate::{
    args::ExplainArgs,
    exit::Exit,
    findings::remarks,
    printer::{Output, Printer},
    setup::Setup,
    words,
};
use refund_core::{
    Message, MessageDef, Violation,
    rules::{Evidence, RuleDef, Severity},
};
use refund_desk::{
    Problem,
    ops::{Catalogue, Entry},
    view::ViolationView,
};
use refund_text::forms;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(crate) fn run(args: &ExplainArgs, setup: &Setup, printer: &Printer) -> Result<Exit, Problem> {
    let catalogue = Catalogue::of(&setup.gateways)?;
    match (&args.rule, printer.output) {
        (None, Output::Table) => all(catalogue.entries(), setup, printer),
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

/// The core's rules with how bad each is where, then each gateway's own.
fn all(entries: &[Entry], setup: &Setup, printer: &Printer) {
    let gateways: Vec<_> = setup.gateways.iter().map(|gateway| gateway.name()).collect();
    printer.data(&printer.word(&words::RULES_OF_CORE));
    let mut table = printer.wide_table(&[]);
    let heads = [printer.word(&words::HEAD_RULE)].into_iter();
    let heads = heads.chain(gateways.iter().map(|name| (*name).to_owned()));
    table.set_header(heads.chain([printer.word(&words::HEAD_TEXT)]).collect::<Vec<_>>());
    for entry in entries.iter().filter(|entry| entry.gateway.is_none()) {
        let severity = |gateway: &&str| severity_at(entry, gateway, printer);
        let cells = [entry.rule.id.to_string()].into_iter().chain(gateways.iter().map(severity));
        table.add_row(cells.chain([first(entry.rule, printer)]).collect::<Vec<_>>());
    }
    printer.data(&table.to_string());
    for gateway in gateways {
        let own: Vec<_> = entries.iter().filter(|entry| entry.gateway == Some(gateway)).collect();
        if own.is_empty() {
            continue;
        }
        printer.data(&printer.text(&Message::new(&words::RULES_OF_GATEWAY).with("gateway", gateway)));
        let heads = [&words::HEAD_RULE, &words::HEAD_SEVERITY, &words::HEAD_TEXT];
        let mut table = printer.wide_table(&heads);
        for entry in own {
            let severity = severity_at(entry, gateway, printer);
            table.add_row([entry.rule.id.to_string(), severity, first(entry.rule, printer)]);
        }
        printer.data(&table.to_string());
    }
    printer.note(&printer.word(&words::RULES_MORE));
}

fn one(entry: &Entry, printer: &Printer) {
    let mut table = printer.wide_table(&[]);
    let mut row = |head, value: String| {
        table.add_row([printer.word(head), value]);
    };
    row(&words::HEAD_RULE, entry.rule.id.to_string());
    row(&words::HEAD_SEVERITY, printer.word(severity_means(entry.rule.severity)));
    row(&words::HEAD_BINDS, binds(entry, printer));
    row(&words::HEAD_EVIDENCE, printer.word(evidence_means(entry.rule.evidence)));
    row(
        &words::HEAD_SAYS,
        sentences(entry.rule, printer)
            .iter()
            .map(|(_, text)| format!("- {text}"))
            .collect::<Vec<_>>()
            .join("\n"),
    );
    let example = entry.example.as_ref().map(|example| example_text(example, printer));
    row(&words::HEAD_EXAMPLE, example.unwrap_or_else(|| printer.word(&words::EXAMPLE_NONE)));
    row(&words::HEAD_SOURCE, entry.rule.source.to_owned());
    if let Some(contradiction) = entry.rule.contradiction {
        row(&words::HEAD_CONTRADICTION, contradiction.to_owned());
    }
    printer.data(&table.to_string());
}

/// Where it binds; with how bad it is there, where that is not what the rule itself says.
fn binds(entry: &Entry, printer: &Printer) -> String {
    let told = entry.bound.iter().map(|bound| match bound.severity == entry.rule.severity {
        true => bound.gateway.to_owned(),
        false => format!("{} ({})", bound.gateway, printer.word(severity_word(bound.severity))),
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() { printer.word(&words::RULE_UNBOUND) } else { told.join(", ") }
}

fn severity_at(entry: &Entry, gateway: &str, printer: &Printer) -> String {
    let bound = entry.bound.iter().find(|bound| bound.gateway == gateway);
    bound.map_or_else(|| "-".to_owned(), |bound| printer.word(severity_word(bound.severity)))
}

fn severity_word(severity: Severity) -> &'static MessageDef {
    match severity {
        Severity::Error => &words::RULE_ERROR,
        Severity::Warning => &words::RULE_WARNING,
    }
}

fn severity_means(severity: Severity) -> &'static MessageDef {
    match severity {
        Severity::Error => &words::RULE_ERROR_MEANS,
        Severity::Warning => &words::RULE_WARNING_MEANS,
    }
}

fn evidence_means(evidence: Evidence) -> &'static MessageDef {
    match evidence {
        Evidence::Confirmed => &words::EVIDENCE_CONFIRMED,
        Evidence::Reported => &words::EVIDENCE_REPORTED,
        Evidence::Guess => &words::EVIDENCE_GUESS,
    }
}

/// Every sentence the rule can say, with its id; the names of values stand in their places.
fn sentences(rule: &RuleDef, printer: &Printer) -> Vec<(&'static str, String)> {
    let mut told = BTreeSet::new();
    let forms = rule.messages.iter().flat_map(|def| forms(def));
    let texts = forms.map(|form| (form.def().id, printer.text(&form)));
    // Forms that differ in the other language alone are one here.
    texts.filter(|text| told.insert(text.clone())).collect()
}

fn first(rule: &RuleDef, printer: &Printer) -> String {
    printer.text(&forms(rule.message())[0])
}

/// Where it was, what is said, and what would mend it.
fn example_text(example: &Violation, printer: &Printer) -> String {
    let said = format!("{}: {}", example.path, printer.text(&example.message));
    [vec![said], remarks(example, printer.lang)].concat().join("\n")
}

fn document(entry: &Entry, printer: &Printer) -> Value {
    let rule = entry.rule;
    let sentences = sentences(rule, printer).into_iter().map(|(id, text)| json!({ "id": id, "text": text }));
    let bound = entry.bound.iter();
    let bound = bound.map(|bound| json!({ "gateway": bound.gateway, "severity": bound.severity.as_str() }));
    let example = entry.example.as_ref().map(|example| {
        let mut value = json!(ViolationView::of(example));
        value["text"] = json!(printer.text(&example.message));
        value
    });
    json!({
        "rule": rule.id.as_str(),
        "gateway": entry.gateway,
        "severity": rule.severity.as_str(),
        "evidence": rule.evidence.as_str(),
        "bound": bound.collect::<Vec<_>>(),
        "text": first(rule, printer),
        "sentences": sentences.collect::<Vec<_>>(),
        "example": example,
        "source": rule.source,
        "contradiction": rule.contradiction,
    })
}
