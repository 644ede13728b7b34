//! One Fluent pattern: parsed, looked into, filled with values.
//!
//! It knows Fluent and no message's meaning.

use crate::Lang;
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern as Ast, PatternElement, Variant, VariantKey,
};
use std::collections::{BTreeMap, BTreeSet};
use unic_langid::LanguageIdentifier;

/// The name the pattern gets inside Fluent.
const NAME: &str = "message";

/// A pattern that could be read.
pub(crate) struct Pattern {
    resource: FluentResource,
    /// What it asks for.
    pub(crate) uses: Uses,
}

/// What a pattern asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Uses {
    /// Every value it names.
    pub(crate) values: BTreeSet<String>,
    /// The values it selects on, with the forms it has for each.
    pub(crate) selects: BTreeMap<String, BTreeSet<String>>,
    /// The same without the forms that are taken when no other fits, in the order they are written.
    pub(crate) choices: BTreeMap<String, Vec<String>>,
    /// Messages, terms and functions, which are not there when it is filled.
    pub(crate) foreign: BTreeSet<String>,
}

impl Pattern {
    /// Reads a pattern as it stands in a [`refund_core::MessageDef`].
    ///
    /// # Errors
    /// What is wrong with it, in Fluent's words.
    pub(crate) fn parse(written: &str) -> Result<Self, String> {
        // Further lines of a pattern are indented in Fluent, so that they cannot begin a message of their own.
        let indented = written.replace('\n', "\n    ");
        let resource = FluentResource::try_new(format!("{NAME} = {indented}\n"))
            .map_err(|(_, errors)| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
        let uses = match resource.entries().collect::<Vec<_>>()[..] {
            [Entry::Message(message)] if message.attributes.is_empty() => {
                Uses::of(message.value.as_ref().ok_or("it is empty")?)
            }
            _ => return Err("it holds more than one pattern".to_owned()),
        };
        Ok(Self { resource, uses })
    }

    /// Puts the values in.
    ///
    /// # Errors
    /// The text with holes, when the pattern asks for something that is not there.
    pub(crate) fn fill(&self, values: &[(&'static str, String)], lang: Lang) -> Result<String, String> {
        let mut bundle = FluentBundle::new(vec![identifier(lang)]);
        bundle.set_use_isolating(false);
        // One resource with one message cannot clash with itself; were it to, the message below would be missing.
        let _ = bundle.add_resource(&self.resource);
        let args: FluentArgs<'_> =
            values.iter().map(|(name, value)| (*name, self.value_for(name, value))).collect();
        let mut errors = Vec::new();
        let text = bundle
            .get_message(NAME)
            .and_then(|message| message.value())
            .map(|value| bundle.format_pattern(value, Some(&args), &mut errors).into_owned());
        match (text, errors.is_empty()) {
            (Some(text), true) => Ok(text),
            (text, _) => Err(text.unwrap_or_default()),
        }
    }

    /// A number only where the pattern selects on it and only if it prints as it was given: Fluent's numbers are
    /// floats, so everything else stays text.
    fn value_for<'v>(&self, name: &str, value: &'v str) -> FluentValue<'v> {
        let digits = value.strip_prefix('-').unwrap_or(value);
        let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if whole
            && self.uses.selects.contains_key(name)
            && let FluentValue::Number(number) = FluentValue::try_number(value)
            && number.as_string() == value
        {
            return FluentValue::Number(number);
        }
        FluentValue::from(value)
    }
}

fn identifier(lang: Lang) -> LanguageIdentifier {
    lang.as_str().parse().expect("both codes are well-formed language identifiers")
}

impl Uses {
    fn of(pattern: &Ast<&str>) -> Self {
        let mut uses = Self::default();
        uses.pattern(pattern);
        uses
    }

    fn pattern(&mut self, pattern: &Ast<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                if let InlineExpression::VariableReference { id } = selector {
                    self.variants(id.name, variants);
                }
                for variant in variants {
                    self.pattern(&variant.value);
                }
            }
        }
    }

    fn variants(&mut self, name: &str, variants: &[Variant<&str>]) {
        let forms = self.selects.entry(name.to_owned()).or_default();
        let choices = self.choices.entry(name.to_owned()).or_default();
        for variant in variants {
            let (VariantKey::Identifier { name: key } | VariantKey::NumberLiteral { value: key }) =
                variant.key;
            forms.insert(key.to_owned());
            if !variant.default && !choices.iter().any(|known| known == key) {
                choices.push(key.to_owned());
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.values.insert(id.name.to_owned());
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::MessageReference { id, .. } => {
                self.foreign.insert(id.name.to_owned());
            }
            InlineExpression::TermReference { id, .. } => {
                self.foreign.insert(format!("-{}", id.name));
            }
            InlineExpression::FunctionReference { id, .. } => {
                self.foreign.insert(format!("{}()", id.name));
            }
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_tells_what_it_asks_for() {
        let parsed = Pattern::parse("{ $n ->\n [one] { $a }\n [0] { { $b } }\n*[other] { -term } { F() }\n}");
        let uses = parsed.unwrap_or_else(|error| panic!("{error}")).uses;
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(uses.values, set(&["a", "b", "n"]));
        assert_eq!(uses.selects, BTreeMap::from([("n".to_owned(), set(&["0", "one", "other"]))]));
        assert_eq!(uses.choices, BTreeMap::from([("n".to_owned(), vec!["one".to_owned(), "0".to_owned()])]));
        assert_eq!(uses.foreign, set(&["-term", "F()"]));
    }
}
