//! What the command is run with. Tests and embedding programs bring their own.

use crate::{args, gateways, words};
use refund_desk::gateways::Gateway;
use refund_engine::{Engine, SystemClock, Timer};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    io::{IsTerminal as _, Write},
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, Ordering},
    },
};
use tokio::sync::Notify;

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

/// What this process is doing that an interrupt must know of.
static DOING: AtomicU8 = AtomicU8::new(Doing::Work as u8);

/// Told when a server is to stop; it remembers, so that an early interrupt is not lost.
static STOP: Notify = Notify::const_new();

/// The engines of this process. There are one or two, and they live as long as it does.
static ENGINES: Mutex<Vec<Engine>> = Mutex::new(Vec::new());

/// From now on an interrupt tells this engine to stop.
pub(crate) fn track(engine: &Engine) {
    ENGINES.lock().expect("nobody panics while pushing").push(engine.clone());
}

/// True when an interrupt ended a refund's run before its end: somebody has to go on with it.
pub fn left_early() -> bool {
    ENGINES.lock().expect("nobody panics while pushing").iter().any(|engine| engine.interrupted() > 0)
}

/// Returns when an interrupt has come while [`Doing::Serving`].
pub(crate) async fn stop_asked() {
    STOP.notified().await;
}

/// What an interrupt meets.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Doing {
    /// A call may be in flight.
    Work,
    /// A person is asked; nothing is in flight.
    Asking,
    /// A server runs until [`stop_asked`].
    Serving,
}

impl Doing {
    /// Until the guard is dropped, this is what the process does.
    pub(crate) fn begin(self) -> DoingGuard {
        DOING.store(self as u8, Ordering::SeqCst);
        DoingGuard
    }
}

/// Ends what [`Doing::begin`] began.
pub(crate) struct DoingGuard;

impl Drop for DoingGuard {
    fn drop(&mut self) {
        DOING.store(Doing::Work as u8, Ordering::SeqCst);
    }
}

/// What an interrupt means right now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupt {
    /// Nothing is in flight: leave.
    Leave,
    /// Something may be, or the command ends by itself: go on. If it matters, the person was told so on stderr.
    GoOn,
}

/// Hears an interrupt: nothing more is sent, and if a call may be in flight that is said on stderr.
pub fn interrupted(args: &[OsString], setup: &Setup) -> Interrupt {
    match DOING.load(Ordering::SeqCst) {
        doing if doing == Doing::Asking as u8 => return Interrupt::Leave,
        doing if doing == Doing::Serving as u8 => {
            STOP.notify_one();
            return Interrupt::GoOn;
        }
        _ => {}
    }
    ENGINES.lock().expect("nobody panics while pushing").iter().for_each(Engine::stop);
    let text = words::text(&words::INTERRUPTED, args::language(args, &setup.environment));
    let mut err = setup.err.lock().expect("nobody panics while writing");
    // Nobody to tell if stderr is gone.
    let _ = writeln!(err, "{text}");
    Interrupt::GoOn
}
