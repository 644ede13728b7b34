//! The fiscal document format's versions, and in which of them something exists.
//!
//! It must not know fields or codes.

use std::fmt;

/// A version of the fiscal document format (ФФД) that a cash register speaks.
///
/// FFD 1.1 was used beside 1.05 and is not offered by any back end known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FfdVersion {
    /// FFD 1.05.
    V1_05,
    /// FFD 1.2: marked goods, the buyer's block, codes of measures; agents live in the items.
    V1_2,
}

impl FfdVersion {
    /// Both, the older first.
    pub const ALL: &[Self] = &[Self::V1_05, Self::V1_2];

    /// As documents write it: `1.05`, `1.2`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_05 => "1.05",
            Self::V1_2 => "1.2",
        }
    }

    /// Reads `1.05` or `1.2`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|version| version.as_str() == text)
    }
}

impl fmt::Display for FfdVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// In which versions something exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Versions {
    /// In 1.05 and 1.2.
    Both,
    /// From 1.2 on.
    From1_2,
}

impl Versions {
    /// Does it exist in this version?
    pub const fn include(self, version: FfdVersion) -> bool {
        matches!((self, version), (Self::Both, _) | (Self::From1_2, FfdVersion::V1_2))
    }

    /// The first version that has it.
    pub const fn first(self) -> FfdVersion {
        match self {
            Self::Both => FfdVersion::V1_05,
            Self::From1_2 => FfdVersion::V1_2,
        }
    }
}

impl fmt::Display for Versions {
    /// `1.05+`, `1.2+`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+", self.first())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_read_back_and_compare() {
        for version in FfdVersion::ALL {
            assert_eq!(FfdVersion::parse(version.as_str()), Some(*version));
        }
        assert_eq!(FfdVersion::parse("1.1"), None);
        assert!(FfdVersion::V1_05 < FfdVersion::V1_2);
        assert!(Versions::Both.include(FfdVersion::V1_05) && !Versions::From1_2.include(FfdVersion::V1_05));
    }
}
