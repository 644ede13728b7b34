//! Bytes that only their maker reads: a provider's data and evidence as the engine and the journal carry them.
//!
//! They are versioned by a schema name and must hold no secret. Nothing outside the maker may look inside.

use sha2::Digest as _;
use std::{borrow::Cow, fmt};

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// The digest of several pieces, each preceded by its length, so that no two lists of pieces run together.
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = sha2::Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }
}

impl fmt::Display for Digest {
    /// 64 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, ..] = self.0;
        write!(f, "Digest({a:02x}{b:02x}{c:02x}{d:02x}…)")
    }
}

/// Provider data in a journal: a schema name with its version (`sber-old/refund@1`) and at most 1 MiB of bytes.
///
/// It must be free of secrets: whoever makes it promises so, and the conformance kit looks for canaries in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Opaque {
    schema: Cow<'static, str>,
    bytes: Vec<u8>,
}

/// Why bytes cannot be carried.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpaqueError {
    /// More than [`Opaque::MAX_BYTES`].
    #[error("{schema}: {length} bytes of provider data, the limit is {limit}")]
    TooLong {
        /// The schema name.
        schema: String,
        /// How many bytes.
        length: usize,
        /// The limit.
        limit: usize,
    },
}

impl Opaque {
    /// The most bytes carried: 1 MiB.
    pub const MAX_BYTES: usize = 1 << 20;

    /// Wraps bytes under a schema name.
    ///
    /// # Errors
    /// [`OpaqueError::TooLong`].
    pub fn new(schema: impl Into<Cow<'static, str>>, bytes: Vec<u8>) -> Result<Self, OpaqueError> {
        let schema = schema.into();
        if bytes.len() > Self::MAX_BYTES {
            return Err(OpaqueError::TooLong {
                schema: schema.into_owned(),
                length: bytes.len(),
                limit: Self::MAX_BYTES,
            });
        }
        Ok(Self { schema, bytes })
    }

    /// Wraps bytes under a schema name and cuts what is beyond the limit: for evidence, where a beginning is better
    /// than nothing.
    pub fn cut(schema: impl Into<Cow<'static, str>>, mut bytes: Vec<u8>) -> Self {
        bytes.truncate(Self::MAX_BYTES);
        Self { schema: schema.into(), bytes }
    }

    /// The schema name with its version.
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// The bytes, for their maker.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The digest of schema and bytes together.
    pub fn digest(&self) -> Digest {
        Digest::of_parts(&[self.schema.as_bytes(), &self.bytes])
    }
}

impl fmt::Debug for Opaque {
    /// The schema and the length; never the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{} bytes]", self.schema, self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_sha256_and_pieces_do_not_run_together() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            Digest::of(b"abc").to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_ne!(Digest::of_parts(&[b"ab", b"c"]), Digest::of_parts(&[b"a", b"bc"]));
    }

    #[test]
    fn bytes_are_capped_and_never_printed() {
        let long = vec![0; Opaque::MAX_BYTES + 1];
        assert!(matches!(Opaque::new("x@1", long.clone()), Err(OpaqueError::TooLong { .. })));
        assert_eq!(Opaque::cut("x@1", long).bytes().len(), Opaque::MAX_BYTES);
        let data = Opaque::new("x@1", b"OpKey-canary".to_vec()).expect("short");
        assert_eq!(format!("{data:?}"), "x@1[12 bytes]");
    }
}
