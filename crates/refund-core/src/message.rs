//! Sentences as data: an id, a pattern in English and one in Russian, and the values to put in.
//!
//! Patterns are Fluent patterns, kept here as constants beside the rule or error they belong to, without Fluent's
//! runtime: `refund-text` renders them. Amounts enter as text that is already formatted, because Fluent's numbers are
//! floats. It must not know how or where a message is shown.

/// One sentence in two languages.
///
/// `en` and `ru` are Fluent patterns: `{ $amount }` is replaced by the argument of that name. The id is kebab-case and
/// never changes once released.
#[derive(Debug, PartialEq, Eq)]
pub struct MessageDef {
    /// The stable kebab-case id.
    pub id: &'static str,
    /// The English pattern.
    pub en: &'static str,
    /// The Russian pattern.
    pub ru: &'static str,
}

/// A sentence with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    def: &'static MessageDef,
    args: Vec<(&'static str, String)>,
}

impl Message {
    /// A sentence without values.
    pub fn new(def: &'static MessageDef) -> Self {
        Self { def, args: Vec::new() }
    }

    /// Adds a value under a name of the pattern.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// The sentence's definition.
    pub fn def(&self) -> &'static MessageDef {
        self.def
    }

    /// The values by name, in the order they were added.
    pub fn args(&self) -> &[(&'static str, String)] {
        &self.args
    }
}

impl From<&'static MessageDef> for Message {
    fn from(def: &'static MessageDef) -> Self {
        Self::new(def)
    }
}
