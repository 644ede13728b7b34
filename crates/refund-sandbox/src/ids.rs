//! Fresh identifiers in the forms the gateways print.
//!
//! Random, so that a sandbox started twice never answers for the ids of its earlier life.

use uuid::Uuid;

/// A refund request's id, or an order's: a lower-case version-4 UUID, as in the samples of both
/// documents.
pub(crate) fn uuid() -> Uuid {
    Uuid::new_v4()
}

/// A Robokassa operation key: upper-case GUID, hyphen, ten mixed-case alphanumerics, 47 characters
/// (four official samples, CONFIRMED).
pub(crate) fn operation_key() -> String {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let guid = Uuid::new_v4().hyphenated().to_string().to_uppercase();
    let tail = Uuid::new_v4();
    let tail: String =
        tail.as_bytes().iter().take(10).map(|byte| char::from(ALPHABET[usize::from(*byte) % 62])).collect();
    format!("{guid}-{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_key_has_the_form_of_the_samples() {
        let key = operation_key();
        assert_eq!(key.len(), 47);
        assert_eq!(key.as_bytes()[36], b'-');
        assert_eq!(key[..36], key[..36].to_uppercase());
        assert_ne!(key, operation_key());
    }
}
