//! What the command is run with. Tests and embedding programs bring their own.

use crate::gateways;
use refund_desk::gateways::Gateway;
use refund_engine::{SystemClock, Timer};
use std::{
    collections::BTreeMap,
    io::{IsTerminal as _, Write},
    path::PathBuf,
    sync::{Arc, Mutex},
};

/// A stream that several parts of the command write to.
pub type Stream = Arc<Mutex<dyn Write + Send>>;

/// Everything the command takes from its surroundings.
#[derive(Clone)]
pub struct Setup {
    /// The gateways profiles can name.
    pub gateways: Vec<Arc<dyn Gateway>>,
    /// Time, and waiting for it.
    pub timer: Arc<dyn Timer>,
    /// Data.
    pub out: Stream,
    /// Everything else.
    pub err: Stream,
    /// Where answers to questions come from.
    pub answers: Answers,
    /// The environment's variables.
    pub environment: BTreeMap<String, String>,
    /// The folder relative paths and the project's settings are taken from.
    pub folder: PathBuf,
    /// This program's own file, which the demonstration starts once more to kill it.
    pub program: Option<PathBuf>,
}

/// Where answers to questions come from.
#[derive(Clone)]
pub enum Answers {
    /// A person at a terminal.
    Terminal,
    /// Nobody: a question is an unconfirmed command.
    Nobody,
    /// These lines, for tests.
    Lines(Arc<Mutex<Vec<String>>>),
}

impl Setup {
    /// The surroundings of this process, with the gateways of this crate.
    pub fn process() -> Self {
        let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        Self {
            gateways: gateways::built_in(),
            timer: Arc::new(SystemClock::new()),
            out: Arc::new(Mutex::new(std::io::stdout())),
            err: Arc::new(Mutex::new(std::io::stderr())),
            answers: if terminal { Answers::Terminal } else { Answers::Nobody },
            environment: std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                .collect(),
            folder: std::env::current_dir().unwrap_or_default(),
            program: std::env::current_exe().ok(),
        }
    }
}

/// Says on stderr that the first interrupt was heard.
pub fn announce_interrupt() {
    let text = "refund: letting the call in flight end; interrupt again to leave at once (the journal knows where)\n";
    // Nobody to tell if stderr is gone.
    let _ = std::io::stderr().write_all(text.as_bytes());
}
