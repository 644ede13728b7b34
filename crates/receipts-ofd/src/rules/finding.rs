//! What a check finds: rules as data, violations with place, masked value and limit, and all of them together.
//!
//! It must not know any single rule.

use crate::{
    Evidence, Message, MessageDef,
    params::{Key, Privacy},
    shown,
};
use std::fmt;

/// How bad a violation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It may go wrong further down; a person decides.
    Warning,
    /// It must not be sent.
    Error,
}

impl Severity {
    /// `warning`, `error`.
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

/// A rule as data, for catalogues and explanations.
#[derive(Debug)]
pub struct RuleDef {
    /// Its stable id, kebab-case.
    pub id: &'static str,
    /// How bad a violation usually is. Some sentences of a rule are milder, and some back ends stricter.
    pub severity: Severity,
    /// Every sentence a violation can say.
    pub messages: &'static [&'static MessageDef],
    /// How well the rule is known.
    pub evidence: Evidence,
    /// Where it comes from.
    pub source: &'static str,
}

/// One broken rule: which, where, how bad, and the sentence that says it.
#[derive(Clone, Debug)]
pub struct Violation {
    rule: &'static RuleDef,
    severity: Severity,
    path: String,
    message: Message,
    correction: Option<Correction>,
}

impl Violation {
    /// The rule.
    pub fn rule(&self) -> &'static RuleDef {
        self.rule
    }

    /// How bad it is here.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Where: `client.phone`, `agent_info.paying.phones[1]`, `lines[0].vat`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The sentence with its values.
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// The value that was found: cut to 40 characters, and of personal ones their shape alone.
    pub fn value(&self) -> Option<&str> {
        self.arg("value")
    }

    /// What the rule allows.
    pub fn limit(&self) -> Option<&str> {
        self.arg("limit")
    }

    /// What the value should probably be. It is only offered: nothing is changed.
    pub fn correction(&self) -> Option<&Correction> {
        self.correction.as_ref()
    }

    fn arg(&self, name: &str) -> Option<&str> {
        self.message.args().iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// A value that is offered instead of a wrong one. It may be personal: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Correction(String);

impl Correction {
    /// The value, to show to whoever typed the wrong one.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Correction(hidden)")
    }
}

/// Building a violation, for the rules.
impl Violation {
    pub(crate) fn new(rule: &'static RuleDef, message: &'static MessageDef, key: Key) -> Self {
        Self::at_path(rule, message, key.name().to_owned())
    }

    pub(crate) fn at_path(rule: &'static RuleDef, message: &'static MessageDef, path: String) -> Self {
        let args = vec![("path", shown::plain(&path))];
        Self { rule, severity: rule.severity, path, message: Message::new(message, args), correction: None }
    }

    /// At one place of a list.
    pub(crate) fn in_list(
        rule: &'static RuleDef,
        message: &'static MessageDef,
        key: Key,
        index: Option<usize>,
    ) -> Self {
        let path = index.map_or_else(|| key.name().to_owned(), |index| format!("{key}[{index}]"));
        Self::at_path(rule, message, path)
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        let mut args = self.message.args().to_vec();
        args.push((name, value.to_string()));
        self.message = Message::new(self.message.def(), args);
        self
    }

    /// The value as it may be shown of this violation's key.
    #[must_use]
    pub(crate) fn with_value(self, value: Option<&str>) -> Self {
        let name = self.path.split('[').next().unwrap_or_default();
        // A place that is no key is a group or a line; those have no personal values.
        let privacy = Key::parse(name).map_or(Privacy::Plain, |key| key.def().privacy);
        match value {
            Some(value) => self.with("value", privacy.show(value)),
            None => self,
        }
    }

    #[must_use]
    pub(crate) fn warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    #[must_use]
    pub(crate) fn error(self) -> Self {
        Self { severity: Severity::Error, ..self }
    }

    #[must_use]
    pub(crate) fn with_correction(self, correction: Option<String>) -> Self {
        Self { correction: correction.map(Correction), ..self }
    }
}

impl fmt::Display for Violation {
    /// For logs: `error phone-buyer at client.phone`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} at {}", self.severity, self.rule.id, self.path)
    }
}

/// Everything that was found. Empty when nothing is wrong.
#[derive(Clone, Debug, Default)]
pub struct Findings(Vec<Violation>);

impl Findings {
    /// All of it, in the order of the rules.
    pub fn as_slice(&self) -> &[Violation] {
        &self.0
    }

    /// Is nothing wrong, not even a little?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Must it not be sent?
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// What must be mended.
    pub fn errors(&self) -> impl Iterator<Item = &Violation> {
        self.0.iter().filter(|one| one.severity == Severity::Error)
    }

    /// What a person should look at.
    pub fn warnings(&self) -> impl Iterator<Item = &Violation> {
        self.0.iter().filter(|one| one.severity == Severity::Warning)
    }

    /// The warnings, when there is no error.
    ///
    /// # Errors
    /// Everything found, when there is one.
    pub fn into_result(self) -> Result<Self, Self> {
        if self.has_errors() { Err(self) } else { Ok(self) }
    }

    pub(crate) fn sorted(mut found: Vec<Violation>) -> Self {
        // Stable: within a rule the order of the keys stays. Rules of other catalogues come last.
        found.sort_by_key(|one| {
            super::ALL.iter().position(|rule| rule.id == one.rule.id).unwrap_or(usize::MAX)
        });
        Self(found)
    }

    pub(crate) fn add(&mut self, more: Vec<Violation>) {
        self.0.extend(more);
    }
}

impl From<Vec<Violation>> for Findings {
    fn from(found: Vec<Violation>) -> Self {
        Self(found)
    }
}

impl fmt::Display for Findings {
    /// For logs; people get the messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&all.join(", "))
    }
}

impl std::error::Error for Findings {}
