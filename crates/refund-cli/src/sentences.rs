//! Every sentence of the toolkit, of all crates, rendered in both languages: nothing missing, nothing foreign, numbers
//! and their words in the right form. Tests only.

use crate::{gateways, words};
use refund_core::{Message, MessageDef, RefundProvider, rules};
use refund_text::{Lang, check_def, counted, forms, render};
use std::{collections::BTreeMap, sync::Arc};

/// Sentences that are only a frame around another one, and names that are the same in every language.
const WITHOUT_RUSSIAN: &[&str] = &["problem", "problem-at", "usage-other"];

/// The sentences that count, and the values they count by.
const COUNTED: &[(&str, &[&str])] = &[
    ("cart-formats", &["found"]),
    ("cart-formats-count", &["given"]),
    ("create-too-long", &["limit"]),
    ("next-decide-later", &["minutes"]),
    ("next-resolve", &["minutes"]),
    ("request-identifier-long", &["length"]),
    ("request-too-large", &["bytes"]),
    ("robokassa-item-count", &["items", "lines"]),
    ("rules-broken", &["n"]),
    ("sber-old-receipt-extras-count", &["found", "takes"]),
    ("sber-old-receipt-extras-format", &["found"]),
    ("sber-old-request-size", &["bytes"]),
    ("window-open", &["minutes"]),
];

/// A number and the form Russian takes with it.
const NUMBERS: [(&str, Form); 10] = [
    ("0", Form::Many),
    ("1", Form::One),
    ("2", Form::Few),
    ("5", Form::Many),
    ("11", Form::Many),
    ("21", Form::One),
    ("22", Form::Few),
    ("25", Form::Many),
    ("101", Form::One),
    ("111", Form::Many),
];

/// Which of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    One,
    Few,
    Many,
}

/// All of them, each once.
fn all() -> Vec<&'static MessageDef> {
    let core = rules::ALL.iter().flat_map(|rule| rule.messages);
    let own = [provider_robokassa::rules::ALL, provider_sber::old::RULES].concat();
    let own = own.into_iter().flat_map(|rule| rule.messages);
    let listed = [
        provider_robokassa::rules::MESSAGES,
        provider_sber::old::MESSAGES,
        provider_sber::old::TEXTS,
        provider_sber::old::HINTS,
        ROBOKASSA_HINTS,
        words::DEFS,
        crate::demo::DEFS,
    ];
    let account = refund_core::AccountId::parse("check").expect("a word is an account");
    let providers = gateways::built_in().into_iter().map(|gateway| {
        let offline = gateway.offline(account.clone());
        offline.unwrap_or_else(|problem| panic!("{problem:?}")).provider
    });
    let texts = providers.flat_map(|provider: Arc<dyn RefundProvider>| {
        let texts = provider.describe().texts;
        [texts.cabinet, texts.support]
    });
    let defs = core.chain(own).copied().chain(listed.concat()).chain(texts);
    let defs = defs.chain(refund_desk::words::defs()).chain(gateways::defs());
    defs.map(|def| (def.id, def)).collect::<BTreeMap<_, _>>().into_values().collect()
}

const ROBOKASSA_HINTS: &[&MessageDef] = &[
    &provider_robokassa::declines::NOT_ENOUGH_FUNDS,
    &provider_robokassa::declines::SIGNATURE_KEY,
    &provider_robokassa::declines::NOT_UNDERSTOOD,
    &provider_robokassa::declines::TOO_MANY,
];

#[test]
fn every_sentence_is_whole_in_both_languages() {
    let all = all();
    assert!(all.len() > 250, "only {} sentences were found", all.len());
    let mut wrong = Vec::new();
    for def in all {
        if let Err(error) = check_def(def) {
            wrong.push(error.to_string());
        }
        for form in forms(def) {
            let (en, ru) = (render(&form, Lang::En), render(&form, Lang::Ru));
            wrong.extend(
                mistakes(def.id, &en, &ru).map(|mistake| format!("{}: {mistake}\n  {en}\n  {ru}", def.id)),
            );
        }
    }
    assert!(wrong.is_empty(), "{} mistakes:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a reader would stumble over.
fn mistakes(id: &str, en: &str, ru: &str) -> impl Iterator<Item = &'static str> {
    // A value that a pattern could not use follows in parentheses as `name = value`.
    let unused = |text: &str| text.contains(" = <") && !text.contains("<path> = <value>");
    let holes = |text: &str| ["{$", "{ $", "\u{2068}"].iter().any(|hole| text.contains(hole)) || unused(text);
    let cyrillic = |text: &str| text.contains(|c| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё'));
    let checks = [
        (holes(en) || holes(ru), "something is not filled in"),
        (en.trim().is_empty() || ru.trim().is_empty(), "nothing is said"),
        (cyrillic(&without_quotes(en)), "Russian in the English sentence"),
        (!cyrillic(ru) && !WITHOUT_RUSSIAN.contains(&id), "no Russian in the Russian sentence"),
    ];
    checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, mistake)| mistake)
}

/// The text without what stands in quotation marks: names of pages and fields are quoted as they are.
fn without_quotes(text: &str) -> String {
    let mut rest = String::new();
    for (index, part) in text.split(['«', '»']).enumerate() {
        if index % 2 == 0 {
            rest.extend(part.split('"').step_by(2));
        }
    }
    rest
}

#[test]
fn the_sentences_that_count_are_those_listed() {
    let counting: Vec<_> = all()
        .into_iter()
        .map(|def| (def.id, counted(def)))
        .filter(|(_, values)| !values.is_empty())
        .collect();
    let listed: Vec<_> =
        COUNTED.iter().map(|(id, values)| (*id, values.iter().map(|v| (*v).to_owned()).collect())).collect();
    assert_eq!(counting, listed);
}

/// For every number the sentence has the words its form asks for: all numbers of one form differ in nothing but the
/// number, and the three forms are not all the same.
#[test]
fn numbers_stand_with_the_right_words() {
    for def in all() {
        for name in counted(def) {
            let name: &'static str = name.leak();
            let mut by_form = BTreeMap::<Form, Vec<String>>::new();
            for (number, form) in NUMBERS {
                let told = filled(def, name, number, Lang::Ru);
                if number == "0" && !told.contains(number) {
                    // None has a sentence of its own.
                    continue;
                }
                assert!(told.contains(number), "{}: {told}", def.id);
                by_form.entry(form).or_default().push(without_number(&told, number));
                let english = filled(def, name, number, Lang::En);
                let one = without_number(&filled(def, name, "1", Lang::En), "1");
                assert_eq!(without_number(&english, number) == one, number == "1", "{}: {english}", def.id);
            }
            for (form, told) in &by_form {
                assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{} {form:?}: {told:?}", def.id);
            }
            assert_ne!(by_form[&Form::One][0], by_form[&Form::Few][0], "{} by {name}", def.id);
        }
    }
}

/// The form of the sentence that shows the number, with every other value as its name.
fn filled(def: &'static MessageDef, name: &'static str, number: &str, lang: Lang) -> String {
    let shows = |form: &Message| render(form, lang).contains(&format!("<{name}>"));
    let form = forms(def).into_iter().find(shows).unwrap_or_else(|| panic!("{} shows no {name}", def.id));
    let others = form.args().iter().filter(|(other, _)| *other != name);
    let message = others.fold(Message::new(def), |message, (other, value)| message.with(other, value));
    render(&message.with(name, number), lang)
}

fn without_number(text: &str, number: &str) -> String {
    text.replacen(number, "#", 1)
}

#[test]
fn the_plurals_of_one_sentence_by_hand() {
    let told = |number: &str| filled(find("cart-formats-count"), "given", number, Lang::Ru);
    let expected = [
        ("0", "В корзине 0 позиций, а"),
        ("1", "В корзине 1 позиция, а"),
        ("2", "В корзине 2 позиции, а"),
        ("11", "В корзине 11 позиций, а"),
        ("22", "В корзине 22 позиции, а"),
        ("101", "В корзине 101 позиция, а"),
    ];
    for (number, begins) in expected {
        assert!(told(number).starts_with(begins), "{}", told(number));
    }
}

fn find(id: &str) -> &'static MessageDef {
    all().into_iter().find(|def| def.id == id).unwrap_or_else(|| panic!("no sentence {id}"))
}

#[test]
fn ids_of_the_command_and_the_desk_are_unique() {
    let mut ids: Vec<_> =
        words::DEFS.iter().copied().chain(refund_desk::words::defs()).map(|def| def.id).collect();
    ids.sort_unstable();
    let twice: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn the_checks_find_what_they_are_for() {
    let found = |en: &str, ru: &str| mistakes("x", en, ru).collect::<Vec<_>>();
    assert_eq!(found("Press «Найти» or \"Ещё\".", "Нажмите."), [""; 0]);
    assert_eq!(
        found("Нажмите.", "Press."),
        ["Russian in the English sentence", "no Russian in the Russian sentence"]
    );
    assert_eq!(found("{$a}", "Нет."), ["something is not filled in"]);
    assert_eq!(found("", "Нет."), ["nothing is said"]);
    assert_eq!(found("No. (a = <a>)", "Нет."), ["something is not filled in"]);
}
