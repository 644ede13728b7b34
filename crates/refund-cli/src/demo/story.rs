//! How the demonstration is told: scene by scene for people, as one document for programs.

use super::words;
use crate::{
    exit::Exit,
    printer::{Output, Printer},
};
use refund_core::{Message, MessageDef};
use refund_desk::view::{RecordView, RefundView};
use serde_json::{Value, json};

/// Tells scenes, and remembers them for the document.
pub(super) struct Story<'a> {
    printer: &'a Printer,
    verbose: bool,
    scenes: Vec<Value>,
    ledger: Value,
}

impl<'a> Story<'a> {
    pub(super) fn new(printer: &'a Printer, verbose: bool) -> Self {
        Self { printer, verbose, scenes: Vec::new(), ledger: Value::Null }
    }

    /// Begins a scene.
    pub(super) fn scene(&mut self, id: &str, heading: &'static MessageDef) {
        let title = self.printer.word(heading);
        if self.aloud() {
            let number = self.scenes.len() + 1;
            self.printer.data(&format!("\n=== {number}. {title}"));
        }
        self.scenes.push(json!({ "id": id, "title": title, "steps": [] }));
    }

    /// One thing that happened.
    pub(super) fn step(&mut self, message: &Message) {
        let text = self.printer.text(message);
        if self.aloud() {
            self.printer.data(&format!("  {text}"));
        }
        let step = json!({ "id": message.def().id, "text": text });
        if let Some(steps) = self.current().and_then(|scene| scene["steps"].as_array_mut()) {
            steps.push(step);
        }
    }

    /// Ends a scene with the refund as the journal has it.
    pub(super) fn ends(&mut self, refund: &RefundView, history: &[RecordView]) {
        if self.aloud() {
            let kinds: Vec<_> = history.iter().map(|row| row.kind).collect();
            self.printer.data(&format!("  {}: {}", self.printer.word(&words::JOURNAL), kinds.join(" → ")));
        }
        if self.aloud() && self.verbose {
            self.bytes(history);
        }
        let (refund, history) = (json!(refund), json!(history));
        if let Some(scene) = self.current() {
            scene["refund"] = refund;
            scene["history"] = history;
        }
    }

    /// The last table.
    pub(super) fn ledger(&mut self, rows: Value) {
        self.ledger = rows;
    }

    pub(super) fn printer(&self) -> &Printer {
        self.printer
    }

    pub(super) fn aloud(&self) -> bool {
        self.printer.output == Output::Table
    }

    /// Everything as one document.
    pub(super) fn document(&self, exit: Exit, equal: bool) -> Value {
        json!({
            "schema": "refund/demo@1",
            "exit": exit.code(),
            "scenes": self.scenes,
            "ledger": self.ledger,
            "equal": equal,
        })
    }

    /// Requests as journaled (credentials were never in them) and answers as kept.
    fn bytes(&self, history: &[RecordView]) {
        for row in history {
            for attachment in &row.attachments {
                let Some(text) = &attachment.text else { continue };
                if matches!(attachment.role, "prepared" | "evidence") {
                    self.printer.data(&format!("    {} {}: {}", row.kind, attachment.role, text.trim_end()));
                }
            }
        }
    }

    fn current(&mut self) -> Option<&mut Value> {
        self.scenes.last_mut()
    }
}
