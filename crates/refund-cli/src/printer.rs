//! The only writer to stdout and stderr: data on one, everything else on the other.

use crate::{
    args::Detail,
    exit::Exit,
    setup::{Setup, Stream},
    words::{self, text},
};
use comfy_table::{ContentArrangement, Table, presets};
use refund_core::{
    CheckedRefund, Message, MessageDef, Violation,
    rules::{Severity, Violations},
};
use refund_desk::{
    Problem,
    ops::Told,
    view::{RecordView, RefundView, rfc3339},
    words as desk_words,
};
use refund_text::{Lang, render};
use serde_json::{Value, json};

/// How wide a table with long texts is, in characters.
const WIDTH: u16 = 120;

/// The form of data on stdout.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// Renders and writes.
pub(crate) struct Printer {
    out: Stream,
    err: Stream,
    pub(crate) lang: Lang,
    pub(crate) output: Output,
    detail: Detail,
}

impl Printer {
    pub(crate) fn new(setup: &Setup, lang: Lang, output: Output, detail: Detail) -> Self {
        Self { out: setup.out.clone(), err: setup.err.clone(), lang, output, detail }
    }

    /// A line of data.
    pub(crate) fn data(&self, line: &str) {
        write_line(&self.out, line);
    }

    /// A line of everything else.
    pub(crate) fn note(&self, line: &str) {
        write_line(&self.err, line);
    }

    /// A message to a person.
    pub(crate) fn say(&self, message: &Message) {
        self.note(&self.text(message));
    }

    pub(crate) fn text(&self, message: &Message) -> String {
        render(message, self.lang)
    }

    pub(crate) fn word(&self, def: &'static MessageDef) -> String {
        text(def, self.lang)
    }

    /// One JSON document on stdout.
    pub(crate) fn json(&self, value: &Value) {
        self.data(&serde_json::to_string_pretty(value).expect("JSON values always serialise"));
    }

    /// A refund, what happened, what to do next.
    pub(crate) fn told(&self, told: &Told, exit: Exit) {
        match self.output {
            Output::Json => self.json(&self.told_json(told, exit)),
            Output::Table => {
                self.data(&self.refund_table(told).to_string());
                self.data(&self.word(desk_words::about(told.phase)));
                self.findings(found(told.violations.as_ref()));
                told.news.iter().for_each(|news| self.say(news));
                self.details(&told.details);
                told.next.iter().for_each(|next| self.say(&wrapped(&words::NEXT, self.text(next))));
            }
        }
    }

    pub(crate) fn told_json(&self, told: &Told, exit: Exit) -> Value {
        let sentences =
            |list: &[Message]| list.iter().map(|message| self.sentence(message)).collect::<Vec<_>>();
        json!({
            "schema": "refund/result@1",
            "exit": exit.code(),
            "refund": told.refund,
            "about": self.word(desk_words::about(told.phase)),
            "news": sentences(&told.news),
            "violations": self.findings_json(found(told.violations.as_ref()), Severity::Error),
            "warnings": self.findings_json(found(told.violations.as_ref()), Severity::Warning),
            "next": sentences(&told.next),
            "details": told.details,
            "window_ends": told.window_ends.map(rfc3339),
        })
    }

    /// A refund's history, below what is told of it.
    pub(crate) fn history(&self, told: &Told, rows: &[RecordView], exit: Exit) {
        if self.output == Output::Json {
            let mut value = self.told_json(told, exit);
            value["history"] = json!(rows);
            return self.json(&value);
        }
        self.told(told, exit);
        let mut table = self.table(&[&words::HEAD_TIME, &words::HEAD_RECORD, &words::HEAD_NOTE]);
        for row in rows {
            let note = row.note.iter().flat_map(|note| {
                [&note.actor, &note.reason, &note.evidence]
                    .into_iter()
                    .chain(&note.details)
                    .filter(|text| !text.is_empty())
            });
            let note: Vec<_> = note.map(|text| self.remark(text)).collect();
            table.add_row([seconds(&row.at), row.kind.to_owned(), note.join("; ")]);
        }
        self.data(&table.to_string());
        for row in rows {
            for attachment in row.attachments.iter().filter(|attachment| attachment.text.is_some()) {
                let bytes = attachment.text.as_deref().unwrap_or_default();
                self.data(&format!("{} {} {}:\n{bytes}", row.seq, row.kind, attachment.role));
            }
        }
    }

    /// A list of refunds.
    pub(crate) fn list(&self, rows: &[RefundView]) {
        if self.output == Output::Json {
            return self.json(&json!({ "schema": "refund/list@1", "refunds": rows }));
        }
        if rows.is_empty() {
            return self.note(&self.word(&words::NO_REFUNDS));
        }
        let mut table = self.table(&[
            &words::HEAD_KEY,
            &words::HEAD_GATEWAY,
            &words::HEAD_ORDER,
            &words::HEAD_AMOUNT,
            &words::HEAD_STATE,
            &words::HEAD_CHANGED,
        ]);
        for row in rows {
            let (amount, state) = (self.amount(row), row.state.to_owned());
            table.add_row([
                row.key.clone(),
                row.gateway.clone(),
                row.order.clone(),
                amount,
                state,
                seconds(&row.changed),
            ]);
        }
        self.data(&table.to_string());
    }

    /// A problem, on stderr: a sentence, or JSON where data would be JSON.
    pub(crate) fn problem(&self, problem: &Problem, exit: Exit) {
        if self.output == Output::Json {
            let value = json!({
                "schema": "refund/problem@1",
                "exit": exit.code(),
                "code": problem.code(),
                "text": self.text(&problem.message),
                "place": problem.place,
                "advice": problem.advice.as_ref().map(|advice| self.text(advice)),
                "violations": self.findings_json(found(problem.violations.as_ref()), Severity::Error),
                "warnings": self.findings_json(found(problem.violations.as_ref()), Severity::Warning),
                "details": problem.details,
            });
            return self.note(&serde_json::to_string_pretty(&value).expect("JSON values always serialise"));
        }
        let said = self.text(&problem.message);
        self.say(&match &problem.place {
            Some(place) => wrapped(&words::PROBLEM_AT, said).with("place", place),
            None => wrapped(&words::PROBLEM, said),
        });
        self.findings(found(problem.violations.as_ref()));
        self.details(&problem.details);
        if let Some(advice) = &problem.advice {
            self.say(&wrapped(&words::ADVICE, self.text(advice)));
        }
    }

    pub(crate) fn table(&self, heads: &[&'static MessageDef]) -> Table {
        let mut table = Table::new();
        table.load_style(presets::UTF8_BORDERS_ONLY).set_content_arrangement(ContentArrangement::Disabled);
        if !heads.is_empty() {
            table.set_header(heads.iter().map(|head| self.word(head)).collect::<Vec<_>>());
        }
        table
    }

    /// A table whose long texts are broken into lines.
    pub(crate) fn wide_table(&self, heads: &[&'static MessageDef]) -> Table {
        let mut table = self.table(heads);
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
        table
    }

    /// The lines that come back, as a table; `None` without a cart.
    pub(crate) fn lines(&self, refund: &CheckedRefund) -> Option<String> {
        let heads = [&words::HEAD_POSITION, &words::HEAD_GOODS, &words::HEAD_QUANTITY, &words::HEAD_AMOUNT];
        let mut table = self.table(&heads);
        for line in refund.lines()? {
            let sold = &line.sold;
            // Names are the gateway's or a file's words.
            let name = refund_core::outcome::sanitize(&sold.name, 200);
            table.add_row([sold.position.clone(), name, line.quantity.to_string(), line.amount.to_string()]);
        }
        Some(table.to_string())
    }

    fn refund_table(&self, told: &Told) -> Table {
        let refund = &told.refund;
        let mut table = self.table(&[]);
        let mut row = |head, value: String| {
            table.add_row([self.word(head), value]);
        };
        row(&words::HEAD_STATE, refund.state.to_owned());
        row(&words::HEAD_KEY, refund.key.clone());
        row(&words::HEAD_INTENT, refund.intent.clone());
        row(&words::HEAD_GATEWAY, refund.gateway.clone());
        row(&words::HEAD_ACCOUNT, refund.account.clone());
        row(&words::HEAD_ORDER, refund.order.clone());
        row(&words::HEAD_AMOUNT, self.amount(refund));
        row(&words::HEAD_SENT, format!("{} / {}", refund.lineage, refund.attempt));
        if let Some(doubt) = refund.doubt {
            row(&words::HEAD_DOUBT, doubt.to_owned());
        }
        if let Some(end) = told.window_ends {
            row(&words::HEAD_WINDOW, seconds(&rfc3339(end)));
        }
        row(&words::HEAD_CHANGED, seconds(&refund.changed));
        table
    }

    /// Technical words, for whoever asks for detail.
    fn details(&self, details: &[String]) {
        if self.detail == Detail::Verbose {
            details.iter().for_each(|text| self.say(&wrapped(&words::DETAILS, text.clone())));
        }
    }

    /// One part of a record's note.
    fn remark(&self, text: &str) -> String {
        let text = refund_core::outcome::sanitize(text, 400);
        if self.detail == Detail::Verbose { text } else { desk_words::without_layers(&text) }
    }

    fn amount(&self, refund: &RefundView) -> String {
        let known = refund.amount.as_ref().map(|amount| format!("{amount} {}", refund.currency));
        known.unwrap_or_else(|| self.word(&words::ALL_THAT_IS_LEFT))
    }

    fn sentence(&self, message: &Message) -> Value {
        json!({ "id": message.def().id, "text": self.text(message) })
    }
}

fn found(violations: Option<&Violations>) -> &[Violation] {
    violations.map_or(&[], Violations::as_slice)
}

fn wrapped(def: &'static MessageDef, text: String) -> Message {
    Message::new(def).with("text", text)
}

/// A time for people: to the second, and it says that it is UTC.
fn seconds(rfc3339: &str) -> String {
    match rfc3339.strip_suffix('Z').and_then(|time| time.split_once('T')) {
        Some((day, time)) => format!("{day} {} UTC", time.split('.').next().unwrap_or(time)),
        None => rfc3339.to_owned(),
    }
}

/// A closed stream (`refund list | head`) ends the output, not the work.
fn write_line(stream: &Stream, line: &str) {
    let mut stream = stream.lock().expect("nobody panics while writing");
    let _ = writeln!(stream, "{line}").and_then(|()| stream.flush());
}
