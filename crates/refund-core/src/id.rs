//! Identifiers by role: the caller's key, the gateway's key, the payment. Strings that must never be swapped are
//! different types.
//!
//! It must not know how a gateway spells its own handles (operation keys, order ids): those stay in their provider.

use std::{borrow::Cow, fmt};

/// Why a text cannot be an identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// Nothing was given.
    #[error("the {role} is empty")]
    Empty {
        /// Which identifier.
        role: &'static str,
    },
    /// Longer than the limit.
    #[error("the {role} has {length} characters, the limit is {limit}")]
    TooLong {
        /// Which identifier.
        role: &'static str,
        /// How long it is, in characters.
        length: usize,
        /// The limit, in characters.
        limit: usize,
    },
    /// A character that has no place in it.
    #[error("the {role} holds the character {found:?} at position {position}, which is not allowed there")]
    Character {
        /// Which identifier.
        role: &'static str,
        /// The character.
        found: char,
        /// Its place, counted in characters from 1.
        position: usize,
    },
}

fn parse(role: &'static str, text: &str, limit: usize, allowed: fn(char) -> bool) -> Result<(), IdError> {
    let length = text.chars().count();
    if text.is_empty() {
        return Err(IdError::Empty { role });
    }
    if length > limit {
        return Err(IdError::TooLong { role, length, limit });
    }
    match text.chars().enumerate().find(|(_, c)| !allowed(*c)) {
        Some((index, found)) => Err(IdError::Character { role, found, position: index + 1 }),
        None => Ok(()),
    }
}

/// Anything that prints and is not a space.
fn printable(c: char) -> bool {
    !c.is_control() && !c.is_whitespace()
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $role:literal, $limit:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            #[doc = concat!("The longest allowed, in characters: ", stringify!($limit), ".")]
            pub const MAX_CHARS: usize = $limit;

            /// Takes a text as this identifier.
            ///
            /// # Errors
            /// [`IdError`] when it is empty, too long, or holds a character that has no place in it.
            pub fn parse(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                parse($role, &text, $limit, $allowed)?;
                Ok(Self(Cow::Owned(text)))
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.0)
            }
        }
    };
}

text_id! {
    /// A provider's stable name: lower-case letters, digits and hyphens (`robokassa`, `sber-old`). At most 32
    /// characters. It is written to journals, so it never changes.
    ProviderId, "provider id", 32, |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
}

impl ProviderId {
    /// A provider's own constant name.
    ///
    /// # Panics
    /// At compile time, when used in a `const` and the name is empty, too long, or has other characters.
    pub const fn from_static(name: &'static str) -> Self {
        let bytes = name.as_bytes();
        assert!(!bytes.is_empty() && bytes.len() <= Self::MAX_CHARS, "a provider id has 1 to 32 characters");
        let mut i = 0;
        while i < bytes.len() {
            assert!(
                bytes[i].is_ascii_lowercase() || bytes[i].is_ascii_digit() || bytes[i] == b'-',
                "a provider id has lower-case letters, digits and hyphens only"
            );
            i += 1;
        }
        Self(Cow::Borrowed(name))
    }
}

text_id! {
    /// The merchant's account at the gateway, not secret: Robokassa's MerchantLogin, Sber's userName. Two shops of
    /// one merchant may use the same order numbers, so a payment is named together with its account.
    AccountId, "merchant account", 100, printable
}
text_id! {
    /// The handle a payment is looked up by: Robokassa's InvoiceID, Sber's orderId. What the gateway's other calls
    /// need beyond it (an operation key) travels in [`crate::Payment::data`].
    PaymentId, "payment id", 160, printable
}
text_id! {
    /// The caller's name for one intent to refund. Same key and same request: the recorded outcome is replayed. Same
    /// key and another request: refused.
    IntentKey, "refund key", 128, printable
}
text_id! {
    /// The key that goes to a gateway which takes one. Stable for all attempts of a lineage, new for a new lineage;
    /// derived, never random, so that a crash cannot lose it.
    LineageKey, "lineage key", 32, |c: char| c.is_ascii_lowercase() || c.is_ascii_digit()
}

/// One payment at one gateway account.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PaymentRef {
    /// Which provider.
    pub provider: ProviderId,
    /// Which account there.
    pub account: AccountId,
    /// Which payment.
    pub payment: PaymentId,
}

impl fmt::Display for PaymentRef {
    /// `robokassa/demo/1001`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.provider, self.account, self.payment)
    }
}

/// A journal's name for one intent: 128 bits, derived from the account and the caller's key, so that planning the same
/// file twice plans nothing twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentId(pub u128);

impl fmt::Display for IntentId {
    /// 32 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IntentId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_say_what_is_wrong_with_them() {
        assert_eq!(IntentKey::parse(""), Err(IdError::Empty { role: "refund key" }));
        assert!(matches!(IntentKey::parse("a".repeat(129)), Err(IdError::TooLong { length: 129, .. })));
        assert!(IntentKey::parse("ж".repeat(128)).is_ok(), "limits count characters, not bytes");
        assert!(matches!(PaymentId::parse("a\nb"), Err(IdError::Character { found: '\n', position: 2, .. })));
        assert!(ProviderId::parse("Sber").is_err());
        const NAME: ProviderId = ProviderId::from_static("sber-old");
        assert_eq!(Ok(NAME), ProviderId::parse("sber-old"));
    }
}
