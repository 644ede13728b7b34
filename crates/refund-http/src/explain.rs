//! Library errors as one safe line for a person: without the URL, without control characters, at most 400 characters.
//!
//! Nothing here decides anything.

use refund_core::outcome::sanitize;
use std::error::Error;

/// How long a line gets, in characters.
const LIMIT: usize = 400;

/// What reqwest reports, without the URL (its query may hold credentials).
pub(crate) fn http(error: reqwest::Error) -> String {
    chain(&error.without_url())
}

/// An error and its causes, joined by colons; a cause that its parent repeats is left out.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut line = error.to_string();
    for cause in causes(error).skip(1) {
        let text = cause.to_string();
        if !line.ends_with(&text) {
            line = format!("{line}: {text}");
        }
    }
    sanitize(&line, LIMIT)
}

/// The first of an error and its causes that is a `T`.
pub(crate) fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Layer {
        text: &'static str,
        source: Option<Box<Layer>>,
    }

    fn layers(texts: &[&'static str]) -> Layer {
        let (text, rest) = texts.split_first().expect("at least one");
        Layer { text, source: (!rest.is_empty()).then(|| Box::new(layers(rest))) }
    }

    #[test]
    fn causes_are_joined_once_and_made_safe() {
        assert_eq!(chain(&layers(&["sending failed", "reset by peer"])), "sending failed: reset by peer");
        assert_eq!(chain(&layers(&["tls: eof", "eof", "why"])), "tls: eof: why");
        assert_eq!(chain(&layers(&["bad\u{1b}[2J\nname"])), "bad[2Jname");
        let long: &'static str = Box::leak("x".repeat(500).into_boxed_str());
        assert_eq!(chain(&layers(&[long])).len(), LIMIT);
    }
}
