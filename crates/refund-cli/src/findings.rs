//! Broken rules and warnings as people and programs are told them: where, given and allowed, who used it up, what would
//! mend it. Errors and warnings are kept apart, because a warning refuses nothing.
//!
//! It must not know any single rule.

use crate::{printer::Printer, words};
use refund_core::{
    Message, MessageDef, Violation,
    rules::{Allowed, Severity, Value},
};
use refund_desk::view::ViolationView;
use refund_text::{Lang, render};
use serde_json::{Value as Json, json};

/// How many earlier refunds are named to people; programs get all of them.
const NAMED_MAX: usize = 10;

impl Printer {
    /// Lines on stderr: the errors, then the warnings.
    pub(crate) fn findings(&self, found: &[Violation]) {
        for (severity, head) in [(Severity::Error, &words::RULE_AT), (Severity::Warning, &words::WARNING_AT)]
        {
            for one in found.iter().filter(|one| one.severity == severity) {
                let said = Message::new(head).with("rule", one.rule).with("path", &one.path);
                self.say(&said.with("text", self.text(&one.message)));
                remarks(one, self.lang).iter().for_each(|remark| self.note(&format!("    {remark}")));
            }
        }
    }

    /// Tables on stdout: the errors, then the warnings under a heading of their own.
    pub(crate) fn findings_table(&self, found: &[Violation]) {
        for severity in [Severity::Error, Severity::Warning] {
            let some: Vec<_> = found.iter().filter(|one| one.severity == severity).collect();
            if some.is_empty() {
                continue;
            }
            if severity == Severity::Warning {
                self.data(&self.word(&words::WARNINGS));
            }
            let mut table = self.wide_table(&[&words::HEAD_RULE, &words::HEAD_PLACE, &words::HEAD_TEXT]);
            for one in some {
                let text = [vec![self.text(&one.message)], remarks(one, self.lang)].concat().join("\n");
                table.add_row([one.rule.to_string(), one.path.clone(), text]);
            }
            self.data(&table.to_string());
        }
    }

    /// For programs: those of one severity, schema `refund/violation@1` with the sentence as `text`.
    pub(crate) fn findings_json(&self, found: &[Violation], severity: Severity) -> Vec<Json> {
        let some = found.iter().filter(|one| one.severity == severity);
        some.map(|one| {
            let mut value = json!(ViolationView::of(one));
            value["text"] = json!(self.text(&one.message));
            value
        })
        .collect()
    }
}

/// What stands below a violation's sentence, line by line.
pub(crate) fn remarks(one: &Violation, lang: Lang) -> Vec<String> {
    let values = match (&one.given, one.allowed.as_ref().and_then(|allowed| bounds(allowed, lang))) {
        (Some(given), Some(allowed)) => {
            Some(values_given(&words::GIVEN_AND_ALLOWED, given, lang).with("allowed", allowed))
        }
        (Some(given), None) => Some(values_given(&words::GIVEN, given, lang)),
        (None, Some(allowed)) => Some(Message::new(&words::ALLOWED).with("allowed", allowed)),
        (None, None) => None,
    };
    let taken = (!one.taken_by.is_empty())
        .then(|| Message::new(&words::TAKEN_BY).with("keys", some_of(&one.taken_by)));
    let suggested = one.suggestion.as_ref().map(|suggestion| {
        let message = Message::new(&words::SUGGESTION).with("path", &suggestion.path);
        message.with("value", shown_in(&suggestion.value, lang))
    });
    [values, taken, suggested].iter().flatten().map(|message| render(message, lang)).collect()
}

fn values_given(def: &'static MessageDef, value: &Value, lang: Lang) -> Message {
    Message::new(def).with("kind", value.kind()).with("given", shown_in(value, lang))
}

/// What is allowed, in words; `None` for a bound this version has no words for.
fn bounds(allowed: &Allowed, lang: Lang) -> Option<String> {
    let shown = |value: &Value| shown_in(value, lang);
    let message = match allowed {
        Allowed::Only(value) => return Some(shown(value)),
        Allowed::AtMost(most) => Message::new(&words::AT_MOST).with("most", shown(most)),
        Allowed::AtLeast(least) => Message::new(&words::AT_LEAST).with("least", shown(least)),
        Allowed::Between(least, most) => {
            Message::new(&words::BETWEEN).with("least", shown(least)).with("most", shown(most))
        }
        Allowed::OneOf(values) => {
            let values: Vec<_> = values.iter().map(shown).collect();
            Message::new(&words::ONE_OF).with("values", values.join(", "))
        }
        _ => return None,
    };
    Some(render(&message, lang))
}

/// Texts stand in quotes, so that a blank at their end is seen.
fn shown_in(value: &Value, lang: Lang) -> String {
    match (value, lang) {
        (Value::Text(text), Lang::Ru) => format!("«{text}»"),
        (Value::Text(text), Lang::En) => format!("\"{text}\""),
        _ => value.to_string(),
    }
}

fn some_of(keys: &[String]) -> String {
    match keys.get(..NAMED_MAX) {
        Some(first) if keys.len() > NAMED_MAX => format!("{}, … ({})", first.join(", "), keys.len()),
        _ => keys.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use refund_core::{
        Money, Quantity,
        rules::{Evidence, RuleDef},
    };

    static RULE: RuleDef = RuleDef::new("some-rule", Evidence::Guess, &[&SAID], "nobody's word");
    static SAID: MessageDef = MessageDef { id: "some-rule", en: "No.", ru: "Нет." };

    fn violation() -> Violation {
        Violation::new(&RULE, "lines[3].quantity", Message::new(&SAID))
    }

    #[test]
    fn every_kind_of_value_and_bound_has_words() {
        let quantity = |thousandths| Value::from(Quantity::from_thousandths(thousandths));
        let (one, two) = (Value::from(Money::rub(1)), Value::from(Money::rub(65_015)));
        let cases = [
            (
                violation().with_given(quantity(2_000)).with_allowed(Allowed::AtMost(quantity(1_500))),
                "указано количество 2, допустимо не больше 1.5",
                "quantity given: 2; allowed: at most 1.5",
            ),
            (
                violation().with_given(two.clone()).with_allowed(Allowed::Between(one.clone(), two.clone())),
                "указана сумма 650.15 RUB, допустимо от 0.01 RUB до 650.15 RUB",
                "amount given: 650.15 RUB; allowed: from 0.01 RUB to 650.15 RUB",
            ),
            (
                violation().with_given(101_usize).with_allowed(Allowed::AtLeast(Value::Count(1))),
                "указано число 101, допустимо не меньше 1",
                "number given: 101; allowed: at least 1",
            ),
            (
                violation().with_given(Value::text("Чай ")).with_allowed(Allowed::Only(Value::text("Чай"))),
                "указано «Чай », допустимо «Чай»",
                "given: \"Чай \"; allowed: \"Чай\"",
            ),
            (
                violation().with_allowed(Allowed::OneOf(vec![Value::text("a"), Value::text("b")])),
                "допустимо одно из: «a», «b»",
                "allowed: one of \"a\", \"b\"",
            ),
            (violation().with_given(one), "указана сумма 0.01 RUB", "amount given: 0.01 RUB"),
        ];
        for (violation, ru, en) in cases {
            assert_eq!(remarks(&violation, Lang::Ru), [ru]);
            assert_eq!(remarks(&violation, Lang::En), [en]);
        }
        assert_eq!(remarks(&violation(), Lang::Ru), [""; 0]);
    }

    #[test]
    fn takers_and_a_suggestion_stand_on_lines_of_their_own() {
        let keys: Vec<_> = (0..12).map(|number| format!("k-{number}")).collect();
        let half = Value::from(Quantity::from_thousandths(1_500));
        let violation = violation().with_taken_by(keys).with_suggestion(Some(half));
        assert_eq!(
            remarks(&violation, Lang::Ru),
            [
                "прежние возвраты: k-0, k-1, k-2, k-3, k-4, k-5, k-6, k-7, k-8, k-9, … (12)",
                "исправление: lines[3].quantity = 1.5",
            ]
        );
        assert_eq!(remarks(&violation, Lang::En)[1], "fix: lines[3].quantity = 1.5");
    }
}
