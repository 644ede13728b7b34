//! Reading a file of either schema: its size first, then JSON with the path of the first mistake.

use super::{
    sentences::{NO_FILE, NOT_AN_OBJECT, TOO_LARGE, UNREADABLE},
    words::{malformed, see},
};
use crate::problem::{Kind, Problem};
use refund_core::Message;
use serde::Deserialize;
use std::path::Path;

/// The largest file: 8 MiB, which holds ten thousand lines.
const BYTES_MAX: u64 = 8 << 20;

/// Reads and parses a file; a mistake in it is told with the file's name in front.
pub(super) fn file<T>(path: &Path, parse: impl FnOnce(&[u8]) -> Result<T, Problem>) -> Result<T, Problem> {
    let place = path.display().to_string();
    let unreadable = |error: &dyn std::fmt::Display| {
        Problem::new(Kind::Usage, Message::new(&UNREADABLE).with("file", &place).with("error", error))
    };
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Problem::new(Kind::Usage, Message::new(&NO_FILE).with("file", &place))
        }
        _ => unreadable(&error),
    })?;
    let size = metadata.len();
    if size > BYTES_MAX {
        let message = Message::new(&TOO_LARGE).with("bytes", size).with("limit", BYTES_MAX);
        return Err(Problem::new(Kind::Usage, message).at(place));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(&error))?;
    parse(&bytes).map_err(|problem| {
        let at = problem.place.clone().map_or_else(|| place.clone(), |path| format!("{place}: {path}"));
        problem.at(at)
    })
}

/// Parses one JSON object, whole; what is borrowed stays in `bytes`.
pub(super) fn object<'de, T: Deserialize<'de>>(bytes: &'de [u8], example: &str) -> Result<T, Problem> {
    // serde would also take a list of values in the fields' order.
    if bytes.trim_ascii_start().first().is_some_and(|first| matches!(first, b'[' | b'"' | b'0'..=b'9')) {
        return Err(Problem::new(Kind::Rules, &NOT_AN_OBJECT).advise(see(example)));
    }
    serde_json::from_slice(bytes).map_err(|error| explained::<T>(bytes, &error, example))
}

/// Where the mistake is. To know that, every step is written down, which takes longer than parsing: so only now.
#[cold]
fn explained<'de, T: Deserialize<'de>>(
    bytes: &'de [u8],
    error: &serde_json::Error,
    example: &str,
) -> Problem {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize::<_, T>(&mut reader) {
        Err(error) => {
            let path = error.path().to_string();
            malformed(&path, &error.into_inner(), example)
        }
        // Something stands behind the object.
        Ok(_) => malformed("", error, example),
    }
}
