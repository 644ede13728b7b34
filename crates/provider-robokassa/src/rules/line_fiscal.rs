//! Rule: robokassa-line-fiscal
//!
//! A position says what the receipt of the sale said of the line: VAT, settlement method, settlement object. The rate is
//! that of the sale, whatever the rate is today; nothing is filled in for what the order does not tell.

use crate::wire::items::{PaymentMethod, PaymentObject, Tax};
use refund_core::{
    Line, Message, MessageDef, RuleId, Violation,
    outcome::sanitize,
    rules::{Allowed, Evidence, RuleDef, Severity, Value},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("robokassa-line-fiscal"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&UNKNOWN, &ABSENT],
    source: "Robokassa, refund API page and fiscalisation page: Tax, PaymentMethod, PaymentObject and their words \
             (CONFIRMED); a refund carries the rate of its sale (tax service, letter АБ-4-20/11248@, REPORTED)",
    contradiction: None,
};

pub(super) static UNKNOWN: MessageDef = MessageDef {
    id: "robokassa-line-fiscal",
    en: "The order's line \"{ $position }\" (\"{ $name }\") has { $member } \"{ $word }\"; Robokassa knows { $known }. Write the word of \
         the sale's receipt.",
    ru: "У позиции «{ $position }» заказа («{ $name }») { $member } «{ $word }»; Robokassa знает { $known }. Укажите слово \
         из чека продажи.",
};

pub(super) static ABSENT: MessageDef = MessageDef {
    id: "robokassa-line-fiscal-absent",
    en: "The order does not tell what the receipt of the sale said of the line \"{ $position }\" (\"{ $name }\"): add VAT, \
         settlement method and settlement object to it, or refund without a receipt.",
    ru: "В заказе нет данных чека продажи для позиции «{ $position }» («{ $name }»): добавьте НДС, признак способа и \
         признак предмета расчёта или верните без чека.",
};

/// The three words, or everything that is wrong with them.
pub(super) fn check(
    sold: &Line,
    index: usize,
    found: &mut Vec<Violation>,
) -> Option<(Tax, PaymentMethod, PaymentObject)> {
    let path = |member: &str| format!("lines[{index}].{member}");
    let Some(fiscal) = &sold.fiscal else {
        found.push(Violation::new(&RULE, path("fiscal"), named(&ABSENT, sold)));
        return None;
    };
    let mut unknown = |member: &'static str, word: &str, known: Vec<&str>| {
        let message = named(&UNKNOWN, sold)
            .with("member", member)
            .with("word", sanitize(word, 40))
            .with("known", known.join(", "));
        let violation =
            Violation::new(&RULE, path(member), message).with_given(Value::Text(sanitize(word, 40)));
        let allowed = known.into_iter().map(Value::text).collect();
        found.push(violation.with_allowed(Allowed::OneOf(allowed)));
    };
    let tax = Tax::from_word(&fiscal.vat);
    if tax.is_none() {
        unknown("vat", &fiscal.vat, Tax::ALL.iter().map(|word| word.as_str()).collect());
    }
    let method = PaymentMethod::from_word(&fiscal.method);
    if method.is_none() {
        unknown("method", &fiscal.method, PaymentMethod::ALL.iter().map(|word| word.as_str()).collect());
    }
    let object = PaymentObject::from_word(&fiscal.object);
    if object.is_none() {
        unknown("object", &fiscal.object, PaymentObject::ALL.iter().map(|word| word.as_str()).collect());
    }
    Some((tax?, method?, object?))
}

fn named(def: &'static MessageDef, sold: &Line) -> Message {
    Message::new(def).with("position", sanitize(&sold.position, 40)).with("name", sanitize(&sold.name, 60))
}
