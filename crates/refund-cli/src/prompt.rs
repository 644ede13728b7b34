//! Asking a person. Without one, a question is an unconfirmed command.

use crate::setup::{Answers, Setup};

/// Asks a yes-or-no question on stderr; `None` when there is nobody to ask.
pub(crate) fn ask(setup: &Setup, question: &str) -> Option<bool> {
    let line = match &setup.answers {
        Answers::Nobody => return None,
        Answers::Terminal => {
            show(setup, question);
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).ok()?;
            line
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

fn show(setup: &Setup, question: &str) {
    let mut err = setup.err.lock().expect("nobody panics while writing");
    // A question nobody can see is answered by nobody.
    let _ = write!(err, "{question} ");
    let _ = err.flush();
}
