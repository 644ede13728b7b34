//! Sentences as data: an id, a pattern in English and one in Russian, and the values to put in.
//!
//! Patterns are Fluent patterns, kept beside the rule they belong to, without Fluent's runtime: whoever shows them brings
//! a renderer. It must not know rules.

/// One sentence in two languages.
///
/// `en` and `ru` are Fluent patterns: `{ $limit }` is replaced by the argument of that name. The id is kebab-case, begins
/// with `ofd-` and never changes once released.
#[derive(Debug, PartialEq, Eq)]
pub struct MessageDef {
    /// The stable kebab-case id.
    pub id: &'static str,
    /// The English pattern.
    pub en: &'static str,
    /// The Russian pattern.
    pub ru: &'static str,
}

/// A sentence with its values, ready for a renderer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    def: &'static MessageDef,
    args: Vec<(&'static str, String)>,
}

impl Message {
    pub(crate) fn new(def: &'static MessageDef, args: Vec<(&'static str, String)>) -> Self {
        Self { def, args }
    }

    /// The sentence's definition.
    pub fn def(&self) -> &'static MessageDef {
        self.def
    }

    /// The values by name. Personal ones are masked already.
    pub fn args(&self) -> &[(&'static str, String)] {
        &self.args
    }

    /// Does every variable of the pattern have its value?
    #[cfg(test)]
    pub(crate) fn is_whole(&self) -> bool {
        let names = self.def.en.split("{ $").skip(1).filter_map(|part| part.split(" }").next());
        names.into_iter().all(|name| self.args.iter().any(|(known, _)| *known == name))
    }

    /// The English sentence with its values put in, without Fluent: patterns use variables alone.
    pub fn en(&self) -> String {
        self.fill(self.def.en)
    }

    /// The Russian sentence with its values put in.
    pub fn ru(&self) -> String {
        self.fill(self.def.ru)
    }

    /// Puts values in, left to right, so that a value that looks like a variable stays a value.
    fn fill(&self, pattern: &str) -> String {
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("{ $") {
            text.push_str(before);
            let Some((name, behind)) = after.split_once(" }") else { break };
            let value = self.args.iter().find(|(known, _)| *known == name);
            match value {
                Some((_, value)) => text.push_str(value),
                None => text.extend(["{ $", name, " }"]),
            }
            rest = behind;
        }
        text.push_str(rest);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_once() {
        static DEF: MessageDef = MessageDef { id: "t", en: "{ $a } of { $b }.", ru: "{ $b }: { $a }" };
        assert_eq!(Message::new(&DEF, vec![]).en(), DEF.en, "a missing value is seen");
        let message = Message::new(&DEF, vec![("a", "{ $b }".to_owned()), ("b", "2".to_owned())]);
        assert_eq!(message.en(), "{ $b } of 2.");
        assert_eq!(message.ru(), "2: { $b }");
    }
}
