//! Asking a person. Without one, a question is an unconfirmed command.

use crate::setup::{Answers, Doing, Setup};
use tokio::sync::oneshot;

/// Asks a yes-or-no question on stderr; `None` when there is nobody to ask.
pub(crate) async fn ask(setup: &Setup, question: &str) -> Option<bool> {
    let line = match &setup.answers {
        Answers::Nobody => return None,
        Answers::Terminal => {
            show(setup, question);
            from_terminal().await?
        }
        Answers::Lines(lines) => {
            show(setup, question);
            let mut lines = lines.lock().expect("nobody panics while answering");
            if lines.is_empty() {
                return None;
            }
            lines.remove(0)
        }
    };
    let answer = line.trim().to_lowercase();
    Some(matches!(answer.as_str(), "y" | "yes" | "д" | "да"))
}

/// Reads a line in a thread of its own: the runtime stays free to hear an interrupt, and does not wait for the thread
/// when it ends.
async fn from_terminal() -> Option<String> {
    let _asking = Doing::Asking.begin();
    let (said, heard) = oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        if matches!(std::io::stdin().read_line(&mut line), Ok(read) if read > 0) {
            // Nobody listens any more after an interrupt.
            let _ = said.send(line);
        }
    });
    heard.await.ok()
}

fn show(setup: &Setup, question: &str) {
    let mut err = setup.err.lock().expect("nobody panics while writing");
    // A question nobody can see is answered by nobody.
    let _ = write!(err, "{question} ");
    let _ = err.flush();
}
