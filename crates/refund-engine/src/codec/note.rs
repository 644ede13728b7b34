//! What a person said, or which rules refused, as bytes, version 1.

use super::CodecError;
use refund_core::Opaque;
use serde::{Deserialize, Serialize};

const WHAT: &str = "a note";
const SCHEMA: &str = "refund-engine/note@1";
const CHARS_MAX: usize = 4_000;

/// A note beside a record: who, why, and on what evidence. No secrets, no card data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Who: the operator's name as the command knows it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub actor: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// What was seen, for decisions.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub evidence: String,
    /// What the program itself has to say: broken rules, a refusal's code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
}

/// The bytes of a note; texts are cut to 4000 characters.
pub fn encode_note(note: &Note) -> Opaque {
    let cut = |text: &String| text.chars().take(CHARS_MAX).collect();
    let note = Note {
        actor: cut(&note.actor),
        reason: cut(&note.reason),
        evidence: cut(&note.evidence),
        details: note.details.iter().take(20).map(cut).collect(),
    };
    let bytes = serde_json::to_vec(&note).expect("plain structs without maps always serialise");
    Opaque::cut(SCHEMA, bytes)
}

/// The note of these bytes.
///
/// # Errors
/// [`CodecError`] for another schema or bytes that do not parse.
pub fn decode_note(data: &Opaque) -> Result<Note, CodecError> {
    if data.schema() != SCHEMA {
        return Err(CodecError::new(WHAT, format!("schema {:?}, expected {SCHEMA:?}", data.schema())));
    }
    serde_json::from_slice(data.bytes()).map_err(|error| CodecError::new(WHAT, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_round_trip_and_stay_below_their_limit() {
        let note = Note { actor: "Анна".into(), reason: "ж".repeat(5_000), ..Note::default() };
        let read = decode_note(&encode_note(&note)).expect("just written");
        assert_eq!((read.actor.as_str(), read.reason.chars().count()), ("Анна", CHARS_MAX));
    }
}
