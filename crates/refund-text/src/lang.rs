//! The two languages, and how a person's choice or machine's setting names them.
//!
//! Reads no environment itself.

use refund_core::{MessageDef, descriptor::Name};
use std::str::FromStr;

/// A language sentences are shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Russian.
    Ru,
    /// English.
    En,
}

/// A language that was asked for by name and is not here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{asked:?} is not a language of this program: use ru or en")]
pub struct UnknownLang {
    /// What was asked for (cut to 40 characters).
    pub asked: String,
}

impl Lang {
    /// Takes a person's choice: exactly `ru` or `en`.
    ///
    /// # Errors
    /// [`UnknownLang`].
    pub fn parse(text: &str) -> Result<Self, UnknownLang> {
        match text {
            "ru" => Ok(Self::Ru),
            "en" => Ok(Self::En),
            _ => Err(UnknownLang { asked: text.chars().take(40).collect() }),
        }
    }

    /// Takes the value of `LC_ALL`, `LC_MESSAGES` or `LANG`, in that order of precedence (POSIX, Base Definitions,
    /// 8.2). `None` when it is empty, which POSIX treats as not set; English for everything that is not Russian, `C`
    /// included.
    ///
    /// ```
    /// use refund_text::Lang;
    /// let (lc_all, lc_messages, lang) = ("", "ru_RU.UTF-8", "en_US.UTF-8");
    /// let chosen = [lc_all, lc_messages, lang].into_iter().find_map(Lang::from_env_value);
    /// assert_eq!(chosen.unwrap_or(Lang::En), Lang::Ru);
    /// ```
    pub fn from_env_value(value: &str) -> Option<Self> {
        let language = value.split(['_', '-', '.', '@']).next().unwrap_or_default();
        match value.is_empty() {
            true => None,
            false if language.eq_ignore_ascii_case("ru") => Some(Self::Ru),
            false => Some(Self::En),
        }
    }

    /// `ru` or `en`, as [`Lang::parse`] takes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// A gateway's name in this language.
    pub fn name(self, name: &Name) -> &'static str {
        match self {
            Self::Ru => name.ru,
            Self::En => name.en,
        }
    }

    pub(crate) fn pattern_of(self, def: &MessageDef) -> &'static str {
        match self {
            Self::Ru => def.ru,
            Self::En => def.en,
        }
    }
}

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(text: &str) -> Result<Self, UnknownLang> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_exact_and_a_refusal_names_the_choices() {
        assert_eq!((Lang::parse("ru"), "en".parse()), (Ok(Lang::Ru), Ok(Lang::En)));
        for bad in ["", "RU", "ru_RU", "de"] {
            let told = Lang::parse(bad).expect_err("not a choice").to_string();
            assert!(told.contains(&format!("{bad:?}")) && told.contains("ru or en"), "{told}");
        }
        assert!([Lang::Ru, Lang::En].iter().all(|lang| Lang::parse(lang.as_str()) == Ok(*lang)));
    }

    #[test]
    fn machines_name_languages_in_many_ways() {
        let cases = [
            ("ru_RU.UTF-8", Some(Lang::Ru)),
            ("ru", Some(Lang::Ru)),
            ("RU-ru", Some(Lang::Ru)),
            ("ru.koi8r", Some(Lang::Ru)),
            ("ru@euro", Some(Lang::Ru)),
            ("rue_UA", Some(Lang::En)),
            ("uk_UA.UTF-8", Some(Lang::En)),
            ("en_US.UTF-8", Some(Lang::En)),
            ("C", Some(Lang::En)),
            ("POSIX", Some(Lang::En)),
            ("", None),
        ];
        for (value, expected) in cases {
            assert_eq!(Lang::from_env_value(value), expected, "{value:?}");
        }
    }

    #[test]
    fn a_name_is_shown_in_the_language() {
        let name = Name { en: "Sber", ru: "Сбер" };
        assert_eq!((Lang::Ru.name(&name), Lang::En.name(&name)), ("Сбер", "Sber"));
    }
}
