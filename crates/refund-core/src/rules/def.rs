//! A rule as data: id, severity, evidence, source, and every sentence it can say.
//!
//! It must not know any single rule.

use crate::MessageDef;
use std::fmt;

/// A rule's stable kebab-case name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(&'static str);

impl RuleId {
    /// A rule of this crate, of a provider or of a shop that has its own.
    pub const fn new(id: &'static str) -> Self {
        Self(id)
    }

    /// The name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How bad it is when a rule is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It may go wrong further down. It is told and never refuses.
    Warning,
    /// The refund is refused before anything is sent.
    Error,
}

impl Severity {
    /// The stable word: `warning`, `error`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How well a rule is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// The gateway's own documents, or code its vendor publishes, say so.
    Confirmed,
    /// Somebody who works with the gateway says so.
    Reported,
    /// Nobody says so; it follows from what is known, or it is the careful side.
    Guess,
}

impl Evidence {
    /// The stable word: `confirmed`, `reported`, `guess`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Reported => "reported",
            Self::Guess => "guess",
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A rule as data, for catalogues and `explain`.
#[derive(PartialEq, Eq)]
pub struct RuleDef {
    /// Its stable id.
    pub id: RuleId,
    /// How bad a violation is where a policy does not say otherwise.
    pub severity: Severity,
    /// How well the rule is known; where gateways differ, the best of them. The source says which is which.
    pub evidence: Evidence,
    /// Every sentence a violation can say; the first one is the rule's own and has its id. At least one.
    pub messages: &'static [&'static MessageDef],
    /// Where the rule comes from: document and paragraph, each with its evidence mark.
    pub source: &'static str,
    /// Where documents contradict each other or practice: which side is taken and why.
    pub contradiction: Option<&'static str>,
}

impl RuleDef {
    /// A rule that refuses and that nothing contradicts.
    pub const fn new(
        id: &'static str,
        evidence: Evidence,
        messages: &'static [&'static MessageDef],
        source: &'static str,
    ) -> Self {
        Self {
            id: RuleId::new(id),
            severity: Severity::Error,
            evidence,
            messages,
            source,
            contradiction: None,
        }
    }

    /// The rule's own sentence, the first of [`RuleDef::messages`].
    ///
    /// # Panics
    /// When a rule is written without any sentence: a defect of that rule.
    pub const fn message(&self) -> &'static MessageDef {
        self.messages[0]
    }
}

impl fmt::Debug for RuleDef {
    /// The id: the rest is prose.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}
