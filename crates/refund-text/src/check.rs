//! Whether a sentence is fit to be shown in both languages: what every crate with messages asks in a test.
//!
//! Nothing here runs when a sentence is shown.

use crate::{
    Lang,
    pattern::{Pattern, Uses},
};
use refund_core::MessageDef;
use std::{collections::BTreeSet, fmt};

/// What is wrong with one definition: all of it at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefError {
    /// The definition's id.
    pub id: &'static str,
    /// At least one.
    pub problems: Vec<Problem>,
}

impl fmt::Display for DefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems: Vec<_> = self.problems.iter().map(ToString::to_string).collect();
        write!(f, "message {:?}: {}", self.id, problems.join("; "))
    }
}

impl std::error::Error for DefError {}

/// One thing that is wrong with a definition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The id is not lower-case words joined by hyphens.
    #[error("the id is not kebab-case")]
    Id,
    /// A pattern cannot be read.
    #[error("{}: cannot be read: {reason}", lang.as_str())]
    Syntax {
        /// In which language.
        lang: Lang,
        /// Fluent's words.
        reason: String,
    },
    /// A pattern refers to a message, term or function: there are none here.
    #[error("{}: refers to {what}, and patterns stand alone", lang.as_str())]
    Foreign {
        /// In which language.
        lang: Lang,
        /// What it refers to.
        what: String,
    },
    /// A pattern counts and lacks a form its language needs.
    #[error("{}: counts by ${value} without the form [{form}]", lang.as_str())]
    MissingForm {
        /// In which language.
        lang: Lang,
        /// The value it counts by.
        value: String,
        /// The form that is missing.
        form: &'static str,
    },
    /// A value is used in one language only.
    #[error("${value} is not used in {}", missing_in.as_str())]
    OneSided {
        /// The value.
        value: String,
        /// The language that does not show it.
        missing_in: Lang,
    },
}

/// Checks that a sentence can be shown in both languages and says the same in both: the id is kebab-case, both patterns
/// can be read and stand alone, every value of one is in the other, and whatever counts has all forms of its language
/// (Russian: one, few, many; English: one, other).
///
/// # Errors
/// [`DefError`] with everything that was found.
pub fn check_def(def: &MessageDef) -> Result<(), DefError> {
    let mut problems = Vec::new();
    if !is_kebab(def.id) {
        problems.push(Problem::Id);
    }
    let mut uses_in = |lang: Lang| match Pattern::parse(lang.pattern_of(def)) {
        Ok(pattern) => {
            problems.extend(problems_of(&pattern.uses, lang));
            Some(pattern.uses.values)
        }
        Err(reason) => {
            problems.push(Problem::Syntax { lang, reason });
            None
        }
    };
    if let (Some(en), Some(ru)) = (uses_in(Lang::En), uses_in(Lang::Ru)) {
        problems.extend(one_sided(&en, &ru, Lang::Ru));
        problems.extend(one_sided(&ru, &en, Lang::En));
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(DefError { id: def.id, problems }),
    }
}

fn is_kebab(id: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    id.split('-').all(word)
}

fn problems_of(uses: &Uses, lang: Lang) -> Vec<Problem> {
    let foreign = uses.foreign.iter().map(|what| Problem::Foreign { lang, what: what.clone() });
    let missing = uses.selects.iter().flat_map(|(value, forms)| {
        let missing_form = move |form| Problem::MissingForm { lang, value: value.clone(), form };
        missing_forms(forms, lang).map(missing_form).collect::<Vec<_>>()
    });
    foreign.chain(missing).collect()
}

/// The forms that a selection by number lacks. A selection without any form of its language's is one by words.
fn missing_forms(forms: &BTreeSet<String>, lang: Lang) -> impl Iterator<Item = &'static str> {
    let (needed, counts): (&[_], _) = match lang {
        Lang::Ru => {
            (&["one", "few", "many"], ["one", "few", "many"].iter().any(|form| forms.contains(*form)))
        }
        Lang::En => (&["one", "other"], forms.contains("one")),
    };
    needed.iter().copied().filter(move |form| counts && !forms.contains(*form))
}

fn one_sided(shown: &BTreeSet<String>, other: &BTreeSet<String>, missing_in: Lang) -> Vec<Problem> {
    shown.difference(other).map(|value| Problem::OneSided { value: value.clone(), missing_in }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: &'static str, en: &'static str, ru: &'static str) -> Vec<String> {
        let found = check_def(&MessageDef { id, en, ru });
        found.map_or_else(|error| error.problems.iter().map(ToString::to_string).collect(), |()| Vec::new())
    }

    #[test]
    fn a_good_definition_passes() {
        let en = "{ $n ->\n [one] a refund\n*[other] { $n } refunds\n} of { $sum }";
        let ru =
            "{ $n ->\n [one] { $n } возврат\n [few] { $n } возврата\n*[many] { $n } возвратов\n} на { $sum }";
        assert_eq!(check("two-words", en, ru), Vec::<String>::new());
        let word = "{ $state ->\n [held] on hold\n*[else] { $state }\n}";
        assert_eq!(check("by-a-word", word, word), Vec::<String>::new());
    }

    #[test]
    fn every_mistake_is_named() {
        for id in ["", "Two", "two_words", "two--words", "-two"] {
            assert_eq!(check(id, "a", "a"), ["the id is not kebab-case"], "{id:?}");
        }
        assert_eq!(
            check("x", "{ $a } { $b }", "{ $b } { $c }"),
            ["$a is not used in ru", "$c is not used in en"]
        );
        assert_eq!(check("x", "{ other }", "x"), ["en: refers to other, and patterns stand alone"]);
        assert_eq!(
            check("x", "{ $n ->\n [one] a\n*[many] b\n}", "{ $n ->\n [one] а\n*[other] б\n}"),
            [
                "en: counts by $n without the form [other]",
                "ru: counts by $n without the form [few]",
                "ru: counts by $n without the form [many]",
            ]
        );
        let broken = check("x", "{ $a", "");
        assert!(broken[0].starts_with("en: cannot be read: "), "{broken:?}");
        assert!(broken[1].starts_with("ru: cannot be read: "), "{broken:?}");
    }

    #[test]
    fn an_error_names_the_message_and_all_its_problems() {
        let error = check_def(&MessageDef { id: "No", en: "{ $a }", ru: "а" }).expect_err("two mistakes");
        assert_eq!(error.to_string(), "message \"No\": the id is not kebab-case; $a is not used in ru");
    }
}
