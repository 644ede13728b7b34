//! A broken rule: which, where, how bad, the sentence for people and the values for programs. And all of them together.
//!
//! It must not know any single rule.

use super::{
    def::{RuleDef, RuleId, Severity},
    value::{Allowed, Suggestion, Value},
};
use crate::Message;
use std::fmt;

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Which rule.
    pub rule: RuleId,
    /// How bad it is here.
    pub severity: Severity,
    /// Where in the request: `amount`, `lines[3].quantity`.
    pub path: String,
    /// What to tell a person: both values and what to do.
    pub message: Message,
    /// What was given.
    pub given: Option<Value>,
    /// What would be allowed.
    pub allowed: Option<Allowed>,
    /// The keys of the earlier refunds that used up what is missing, sorted, each once.
    pub taken_by: Vec<String>,
    /// The one correction there is, where there is exactly one.
    pub suggestion: Option<Suggestion>,
}

impl Violation {
    /// A violation of `rule` at `path`, as bad as the rule says; values are added one by one.
    pub fn new(rule: &'static RuleDef, path: impl Into<String>, message: Message) -> Self {
        Self {
            rule: rule.id,
            severity: rule.severity,
            path: path.into(),
            message,
            given: None,
            allowed: None,
            taken_by: Vec::new(),
            suggestion: None,
        }
    }

    /// Says what was given.
    #[must_use]
    pub fn with_given(mut self, given: impl Into<Value>) -> Self {
        self.given = Some(given.into());
        self
    }

    /// Says what would be allowed.
    #[must_use]
    pub fn with_allowed(mut self, allowed: Allowed) -> Self {
        self.allowed = Some(allowed);
        self
    }

    /// Names the earlier refunds that used up what is missing.
    #[must_use]
    pub fn with_taken_by(mut self, keys: Vec<String>) -> Self {
        self.taken_by = keys;
        self
    }

    /// Offers a correction of the very place, if there is one.
    #[must_use]
    pub fn with_suggestion(mut self, value: Option<Value>) -> Self {
        self.suggestion = value.map(|value| Suggestion { path: self.path.clone(), value });
        self
    }

    /// The same violation at another place, for callers whose files spell paths otherwise. A suggestion for the old
    /// place moves along.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        let path = path.into();
        if let Some(suggestion) = self.suggestion.as_mut().filter(|suggestion| suggestion.path == self.path) {
            suggestion.path.clone_from(&path);
        }
        self.path = path;
        self
    }

    /// The same violation, as bad as a policy says.
    #[must_use]
    pub fn as_bad_as(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Everything a program needs, as ordered pairs of names and printed values. What there is none of is left out.
    ///
    /// `rule`, `severity`, `path`, `message` (the sentence's id), `given` and `given_kind`; of what is allowed `allowed`,
    /// `allowed_most`, `allowed_least` (or both, for a range), or `allowed` once for each of several, and `allowed_kind`;
    /// `taken_by` once for each refund; `suggestion_path`, `suggestion`, `suggestion_kind`. Names and order are stable.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("rule", self.rule.to_string()),
            ("severity", self.severity.to_string()),
            ("path", self.path.clone()),
            ("message", self.message.def().id.to_owned()),
        ];
        if let Some(given) = &self.given {
            fields.extend([("given", given.to_string()), ("given_kind", given.kind().to_owned())]);
        }
        if let Some(allowed) = &self.allowed {
            match allowed {
                Allowed::Only(value) => fields.push(("allowed", value.to_string())),
                Allowed::AtMost(most) => fields.push(("allowed_most", most.to_string())),
                Allowed::AtLeast(least) => fields.push(("allowed_least", least.to_string())),
                Allowed::Between(least, most) => {
                    fields.extend([("allowed_least", least.to_string()), ("allowed_most", most.to_string())]);
                }
                Allowed::OneOf(values) => {
                    fields.extend(values.iter().map(|value| ("allowed", value.to_string())));
                }
            }
            fields.push(("allowed_kind", allowed.kind().to_owned()));
        }
        fields.extend(self.taken_by.iter().map(|key| ("taken_by", key.clone())));
        if let Some(Suggestion { path, value }) = &self.suggestion {
            fields.extend([("suggestion_path", path.clone()), ("suggestion", value.to_string())]);
            fields.push(("suggestion_kind", value.kind().to_owned()));
        }
        fields
    }
}

/// Everything that was found about a refused refund, in precedence order: at least one error, and the warnings beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Takes what was found; `None` when there is no error in it, because warnings alone refuse nothing.
    pub fn found(found: Vec<Violation>) -> Option<Self> {
        found.iter().any(|one| one.severity == Severity::Error).then_some(Self(found))
    }

    /// Errors and warnings.
    pub fn as_slice(&self) -> &[Violation] {
        &self.0
    }

    /// What must be mended; at least one.
    pub fn errors(&self) -> impl Iterator<Item = &Violation> {
        self.0.iter().filter(|one| one.severity == Severity::Error)
    }

    /// What a person should look at beside that.
    pub fn warnings(&self) -> impl Iterator<Item = &Violation> {
        self.0.iter().filter(|one| one.severity == Severity::Warning)
    }
}

impl From<Violation> for Violations {
    /// One violation that refuses, whatever its rule says.
    fn from(one: Violation) -> Self {
        Self(vec![one.as_bad_as(Severity::Error)])
    }
}

impl fmt::Display for Violations {
    /// The ids of the errors, for logs; people get the messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.errors().map(|v| format!("{} at {}", v.rule, v.path)).collect();
        f.write_str(&ids.join(", "))
    }
}

impl std::error::Error for Violations {}
