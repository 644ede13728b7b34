//! How well a fact is known: a small mark that every coding, limit and rule of this crate carries.
//!
//! It must not know what the facts are about.

use std::fmt;

/// How well a fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// An inference; try it before relying on it.
    Guess,
    /// Second-hand: press, a transcription, third-party code, the manual of a sister gateway.
    Reported,
    /// Stated in a primary source: an order of the tax service, a protocol document of ATOL, a document of Sber, a
    /// vendor's own module.
    Confirmed,
}

impl Evidence {
    /// The mark as documents print it: `CONFIRMED`, `REPORTED`, `GUESS`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guess => "GUESS",
            Self::Reported => "REPORTED",
            Self::Confirmed => "CONFIRMED",
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
