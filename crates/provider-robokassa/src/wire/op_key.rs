//! The operation key: Robokassa's name for one paid operation, needed to refund it.
//!
//! It is opaque. Four official samples are an upper-case GUID, a hyphen and ten letters and digits, 47 characters
//! (CONFIRMED, Robokassa, refund API page and notification page); nothing promises that form. It must not know where a
//! key was found.

use serde::{Serialize, Serializer};
use std::fmt;

/// An operation key: 1 to 500 visible characters without spaces, case kept.
///
/// ```
/// use provider_robokassa::wire::op_key::OpKey;
/// let key = OpKey::parse("0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF")?;
/// assert_eq!(format!("{key:?}"), "OpKey(0005F891…)");
/// # Ok::<(), provider_robokassa::wire::op_key::OpKeyError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OpKey(String);

/// Why a text is no operation key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpKeyError {
    /// Nothing was given.
    #[error("the operation key is empty")]
    Empty,
    /// Longer than any system reserves for it.
    #[error("the operation key has {length} characters, the limit is {limit}")]
    TooLong {
        /// How long it is, in characters.
        length: usize,
        /// The limit, in characters.
        limit: usize,
    },
    /// A space or an invisible character.
    #[error("the operation key holds a space or an invisible character at position {position}")]
    Character {
        /// Its place, counted in characters from 1.
        position: usize,
    },
}

impl OpKey {
    /// The longest taken, in characters. The most that a known shop module reserves (REPORTED, third-party code).
    pub const MAX_CHARS: usize = 500;

    /// Takes a text as an operation key.
    ///
    /// # Errors
    /// [`OpKeyError`]; the text itself is never quoted, because a key can stand for a stored card.
    pub fn parse(text: impl Into<String>) -> Result<Self, OpKeyError> {
        let text = text.into();
        let length = text.chars().count();
        if length == 0 {
            return Err(OpKeyError::Empty);
        }
        if length > Self::MAX_CHARS {
            return Err(OpKeyError::TooLong { length, limit: Self::MAX_CHARS });
        }
        match text.chars().position(|c| c.is_control() || c.is_whitespace()) {
            Some(index) => Err(OpKeyError::Character { position: index + 1 }),
            None => Ok(Self(text)),
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OpKey {
    /// The first eight characters: a key also serves as a token of the payer's card in recurring payments
    /// (CONFIRMED, Robokassa, XML interfaces page), so it is not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start: String = self.0.chars().take(8).collect();
        write!(f, "OpKey({start}…)")
    }
}

impl Serialize for OpKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_opaque_but_never_empty_or_invisible() {
        for good in ["0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF", "x", "ключ_1"] {
            assert_eq!(OpKey::parse(good).map(|key| key.as_str().to_owned()), Ok(good.to_owned()));
        }
        assert_eq!(OpKey::parse(""), Err(OpKeyError::Empty));
        assert_eq!(OpKey::parse("ab c"), Err(OpKeyError::Character { position: 3 }));
        assert_eq!(OpKey::parse("ab\u{0}"), Err(OpKeyError::Character { position: 3 }));
        assert_eq!(OpKey::parse("ж".repeat(501)), Err(OpKeyError::TooLong { length: 501, limit: 500 }));
    }

    #[test]
    fn an_error_never_quotes_the_key() {
        let error = OpKey::parse("canary-operation key").expect_err("a space");
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}
