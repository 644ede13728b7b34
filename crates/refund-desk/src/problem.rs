//! What went wrong: a stable code, a sentence in two languages, where, and what to do.
//!
//! The kind decides the command's exit code. Sentences hold no secrets.

use refund_core::{Message, MessageDef, rules::Violations};

/// What sort of problem it is. The command turns each into an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A defect of the program, or of the machine it runs on.
    Internal,
    /// The command was called wrongly.
    Usage,
    /// The request breaks a rule; nothing was sent.
    Rules,
    /// Configuration or authentication.
    Configuration,
    /// The gateway refused.
    Declined,
    /// It may have happened: do not repeat.
    Unknown,
    /// Nobody confirmed.
    NotConfirmed,
    /// The journal cannot be written; nothing more is sent.
    Journal,
    /// The gateway could not be reached; nothing was sent.
    Unreachable,
}

/// A problem to tell a person, and to a program by its code.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What sort.
    pub kind: Kind,
    /// What is wrong.
    pub message: Message,
    /// Where: a path in a file (`amount`), a file, a setting.
    pub place: Option<String>,
    /// What to do next.
    pub advice: Option<Message>,
    /// Broken rules, when that is the problem.
    pub violations: Option<Violations>,
    /// What the machinery below said, in its own (English) words: for whoever asks for detail.
    pub details: Vec<String>,
}

impl Problem {
    /// A problem of a kind, with its sentence.
    pub fn new(kind: Kind, message: impl Into<Message>) -> Self {
        Self {
            kind,
            message: message.into(),
            place: None,
            advice: None,
            violations: None,
            details: Vec::new(),
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn advise(mut self, advice: impl Into<Message>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// Keeps the technical words behind the sentence.
    #[must_use]
    pub fn with_details(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }

    /// The stable code, for programs.
    pub fn code(&self) -> &'static str {
        self.message.def().id
    }

    /// Broken rules.
    pub fn rules(violations: Violations) -> Self {
        let mut problem =
            Self::new(Kind::Rules, Message::new(&RULES_BROKEN).with("n", violations.errors().count()));
        problem.violations = Some(in_request(violations));
        problem
    }
}

/// Violations with their paths as request files spell them: a refund's parameters are written as `json_params`.
pub(crate) fn in_request(violations: Violations) -> Violations {
    let renamed = violations.as_slice().iter().map(|found| {
        let path = match found.path.strip_prefix("params") {
            Some(rest) if rest.is_empty() || rest.starts_with('.') => format!("json_params{rest}"),
            _ => found.path.clone(),
        };
        found.clone().at(path)
    });
    Violations::found(renamed.collect()).expect("there was at least one")
}

static RULES_BROKEN: MessageDef = MessageDef {
    id: "rules-broken",
    en: "{ $n ->
    [one] The request breaks a rule; nothing was sent.
   *[other] The request breaks { $n } rules; nothing was sent.
}",
    ru: "{ $n ->
    [one] Запрос нарушает { $n } правило; ничего не отправлено.
    [few] Запрос нарушает { $n } правила; ничего не отправлено.
   *[many] Запрос нарушает { $n } правил; ничего не отправлено.
}",
};

/// Every sentence of this module, for tests.
pub(crate) const DEFS: &[&MessageDef] = &[&RULES_BROKEN];
