//! Records, commands and notes as versioned JSON bytes: the journal's own schemas.
//!
//! Domain types have no serde; the shapes here are private twins, so that renaming a field of the domain never changes
//! a byte in a journal. Bytes of a newer version, an unknown kind or an unknown word are refused, never guessed.

mod allocation;
mod cart;
mod command;
mod note;
mod record;

pub use cart::{decode_lines, encode_lines};
pub use command::{decode_command, difference, encode_command};
pub use note::{Note, decode_note, encode_note};
pub use record::{decode_record, encode_record};

/// Why bytes of a journal cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} cannot be read: {detail}")]
pub struct CodecError {
    /// Which schema was expected.
    pub what: &'static str,
    /// What is wrong; no content of the bytes beyond names and positions.
    pub detail: String,
}

impl CodecError {
    fn new(what: &'static str, detail: impl ToString) -> Self {
        Self { what, detail: detail.to_string() }
    }
}
