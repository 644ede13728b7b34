//! What a sentence can say before anybody says it: for catalogues, explanations and tests.
//!
//! A value stands as its name in angle brackets. Nothing here knows what a sentence is about.

use crate::{
    Lang,
    pattern::{Pattern, Uses},
    render,
};
use refund_core::{Message, MessageDef};
use std::collections::BTreeSet;

/// Every form of a sentence that chooses by a word, each value standing as its name: `<asked>`. One form where it
/// chooses by nothing; counts take the form without a condition, and those for one very number. A pattern that cannot be read has the one form that
/// [`render`] shows of it.
///
/// ```
/// use refund_core::MessageDef;
/// use refund_text::{Lang, forms, render};
///
/// static PRICE: MessageDef = MessageDef {
///     id: "price",
///     en: "{ $what ->
///         [unit] The price
///        *[line] The amount
///     } is { $given }.",
///     ru: "{ $what ->
///         [unit] Цена
///        *[line] Сумма
///     }: { $given }.",
/// };
/// let shown: Vec<_> = forms(&PRICE).iter().map(|form| render(form, Lang::En)).collect();
/// assert_eq!(shown, ["The price is <given>.", "The amount is <given>."]);
/// ```
pub fn forms(def: &'static MessageDef) -> Vec<Message> {
    let (en, ru) = (uses(def, Lang::En), uses(def, Lang::Ru));
    let values: BTreeSet<&str> = en.values.union(&ru.values).map(String::as_str).collect();
    let mut forms = vec![Message::new(def)];
    for name in values {
        // The name lives as long as the pattern it stands in.
        let Some(name) = name_in(def, name) else { continue };
        let words = words(&en, name).chain(words(&ru, name)).map(str::to_owned);
        let mut choices: Vec<String> = words.chain([format!("<{name}>")]).collect();
        let mut seen = BTreeSet::new();
        choices.retain(|choice| seen.insert(choice.clone()));
        forms = choices
            .iter()
            .flat_map(|choice| forms.iter().map(move |form| form.clone().with(name, choice)))
            .collect();
    }
    let mut told = BTreeSet::new();
    forms.retain(|form| told.insert((render(form, Lang::En), render(form, Lang::Ru))));
    forms
}

/// The values a sentence counts by, in either language: whole numbers belong there, as plain digits.
pub fn counted(def: &'static MessageDef) -> Vec<String> {
    let uses = [uses(def, Lang::En), uses(def, Lang::Ru)];
    let names: BTreeSet<_> =
        uses.iter().flat_map(|uses| uses.selects.keys().filter(|name| counts(uses, name))).cloned().collect();
    names.into_iter().collect()
}

/// What a pattern asks for; nothing when it cannot be read.
fn uses(def: &'static MessageDef, lang: Lang) -> Uses {
    Pattern::parse(lang.pattern_of(def)).map(|pattern| pattern.uses).unwrap_or_default()
}

/// A selection that has a form for one is by number.
fn counts(uses: &Uses, name: &str) -> bool {
    uses.selects.get(name).is_some_and(|forms| forms.contains("one"))
}

/// The words a value can be, apart from the form that is taken when no other fits.
fn words<'u>(uses: &'u Uses, name: &str) -> impl Iterator<Item = &'u str> {
    let by_word = !counts(uses, name);
    // A count may have a form for one very number.
    let told = move |choice: &&String| by_word || choice.bytes().all(|b| b.is_ascii_digit());
    uses.choices.get(name).into_iter().flatten().filter(told).map(String::as_str)
}

/// The value's name where it stands in a pattern.
fn name_in(def: &'static MessageDef, name: &str) -> Option<&'static str> {
    [def.en, def.ru].into_iter().find_map(|pattern| {
        let is_end = |c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-';
        let names = pattern.split('$').skip(1).map(|rest| rest.split(is_end).next().unwrap_or_default());
        names.into_iter().find(|found| *found == name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    static MIXED: MessageDef = MessageDef {
        id: "mixed",
        en: "{ $whose ->
    [asked] Asked
   *[journal] Known
} { $n ->
    [one] { $n } line
   *[other] { $n } lines
}. { $whose ->
    [asked] Mend it.
   *[other] Look it up.
}",
        ru: "{ $whose ->
    [asked] Запрошено
   *[journal] Известно
} { $n ->
    [one] { $n } позиция
    [few] { $n } позиции
   *[many] { $n } позиций
}. { $whose ->
    [asked] Исправьте.
   *[other] Сверьте.
}",
    };

    #[test]
    fn a_choice_by_word_is_told_once_and_a_count_stands_as_its_name() {
        let told: Vec<_> = forms(&MIXED).iter().map(|form| render(form, Lang::Ru)).collect();
        assert_eq!(told, ["Запрошено <n> позиций. Исправьте.", "Известно <n> позиций. Сверьте."]);
        assert_eq!(counted(&MIXED), ["n"]);
    }

    #[test]
    fn what_is_shown_by_default_is_shown_as_its_name() {
        static STATE: MessageDef = MessageDef {
            id: "state",
            en: "{ $state ->\n [held] on hold\n*[else] { $state }\n}",
            ru: "{ $state ->\n [held] удержан\n*[else] { $state }\n}",
        };
        let told: Vec<_> = forms(&STATE).iter().map(|form| render(form, Lang::En)).collect();
        assert_eq!(told, ["on hold", "<state>"]);
        assert!(counted(&STATE).is_empty());
    }

    #[test]
    fn a_sentence_without_choices_has_one_form_and_a_broken_one_too() {
        static PLAIN: MessageDef = MessageDef { id: "plain", en: "Done.", ru: "Готово." };
        static BROKEN: MessageDef = MessageDef { id: "broken", en: "{ $a", ru: "{ $a" };
        assert_eq!((forms(&PLAIN).len(), forms(&BROKEN).len()), (1, 1));
    }
}
