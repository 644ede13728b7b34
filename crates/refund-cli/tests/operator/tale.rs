//! What several commands showed, one after the other, as one text to pin. Ports, folders and ids that differ from run
//! to run are replaced; nothing else is.

use crate::shop::{Ran, SBER_ORDER, Shop};
use serde_json::Value;
use std::fmt::Write as _;

/// A transcript.
#[derive(Default)]
pub(crate) struct Tale(String);

impl Tale {
    /// Adds what a command showed.
    pub(crate) fn add(&mut self, shop: &Shop, ran: &Ran) {
        let folder = shop.path().display().to_string();
        let port = shop.url().rsplit(':').next().expect("a port").to_owned();
        let shown = ran
            .shown()
            .replace(&folder, "[DIR]")
            .replace(SBER_ORDER, "[ORDER]")
            .replace(&format!(":{port}"), ":[PORT]");
        writeln!(self.0, "{shown}").expect("memory");
    }

    /// Compares it with the snapshot of this name and language.
    pub(crate) fn pin(self, name: &str, lang: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.add_filter("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[GUID]");
        settings.add_filter(r"[0-9a-f]{4}\*{32}", "[MASKED]");
        settings.bind(|| insta::assert_snapshot!(format!("{name}@{lang}"), self.0));
    }
}

/// A command's JSON; fails with the text if it is none.
pub(crate) fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text:?}"))
}
