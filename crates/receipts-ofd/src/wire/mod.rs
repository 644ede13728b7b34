//! The block on the wire: one flat JSON object with dotted keys, all values texts, telephones an array of texts.
//!
//! What is written is Sber's own spelling. What is read may be spelled in any case, nested, with a telephone as a plain
//! text or a number where a text belongs; every such liberty is told, and nothing is dropped or cut. Reading checks no
//! values: that is [`crate::check`]'s.

mod block;
mod notes;
mod read;

pub use block::Block;
pub use notes::RULES as READING_RULES;
pub use read::{ReadError, Reading, read};

use crate::params::Fields;

/// The value of the form field `additionalOfdParams`, compact, keys in the order of Sber's table.
///
/// It is percent-encoded by whoever builds the form.
pub fn write(fields: &dyn Fields) -> String {
    serde_json::to_string(&Block::of(fields)).expect("texts and lists of texts are always JSON")
}

#[cfg(test)]
mod tests;
