//! Rule: cart-codes-unique
//!
//! A goods' code stands in the refund once: the same goods on two lines of an order need two codes.

use super::{Evidence, Findings, RuleDef, RuleId, Severity, Value, Violation, lines::JoinedLine, view::View};
use crate::{Message, MessageDef, outcome::sanitize};
use std::collections::BTreeMap;

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-codes-unique"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Sber, ECOM API, cart: itemCode is unique within the request (CONFIRMED); the same for the form dialect \
             (REPORTED, two third-party programs)",
    contradiction: Some(
        "The form dialect's own document does not ask for it and matches lines by three members of which the position \
         alone is unique. There it is a warning: an order that was registered with one code twice must stay refundable.",
    ),
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-codes-unique",
    en: "The code \"{ $code }\" of this line stands at lines[{ $first }] too; the gateway may take both for one line. Refund \
         one of them now and the other separately.",
    ru: "Код «{ $code }» этой позиции уже указан у lines[{ $first }]: шлюз может принять обе за одну. Верните одну сейчас, \
         а другую отдельно.",
};

/// The code that is sent: the order's, which is the line's own wherever that is written rightly.
fn sent<'a>(line: &JoinedLine<'a>) -> Option<&'a str> {
    line.sold.map_or(line.asked.code.as_deref(), |sold| sold.code.as_deref())
}

pub(super) fn check(view: &View<'_>, found: &mut Findings) {
    let mut first = BTreeMap::new();
    for line in view.lines() {
        let Some(code) = sent(&line) else { continue };
        let at = *first.entry(code).or_insert((line.index, line.asked.position.as_str()));
        // The same line twice is told as such.
        if at.0 != line.index && at.1 != line.asked.position {
            let code = sanitize(code, 100);
            let message = Message::new(&MESSAGE).with("code", &code).with("first", at.0);
            found.push(Violation::new(&RULE, line.path("code"), message).with_given(Value::Text(code)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::Payment;

    fn coded(first: Option<&str>, second: Option<&str>) -> Payment {
        let mut payment = order();
        let lines = &mut payment.cart.as_mut().expect("a cart").lines;
        (lines[0].code, lines[1].code) = (first.map(str::to_owned), second.map(str::to_owned));
        payment
    }

    #[test]
    fn a_code_stands_in_the_refund_once() {
        let both = refund(25_005, vec![some("1", 1_000), some("2", 500)]);
        let turned = refund(25_005, vec![some("2", 500), some("1", 1_000)]);
        let check = |first: Option<&str>, second: Option<&str>, expected: &[&str]| {
            let payment = coded(first, second);
            assert_eq!(warned(&both, &payment, &nothing_before()), expected, "{first:?} {second:?}");
            assert_eq!(warned(&turned, &payment, &nothing_before()), expected, "{second:?} {first:?}");
        };
        check(Some("tea"), Some("tea"), &["cart-codes-unique@lines[1].code"]);
        check(Some("tea"), Some("Tea"), &[]);
        check(Some("tea"), Some("tea "), &[]);
        check(Some("tea"), None, &[]);
        check(None, None, &[]);
        let one = refund(10_000, vec![some("1", 1_000)]);
        assert!(
            warned(&one, &coded(Some("tea"), Some("tea")), &nothing_before()).is_empty(),
            "one at a time"
        );
    }

    #[test]
    fn the_same_line_twice_is_not_told_twice() {
        let twice = refund(10_000, vec![some("1", 500), some("1", 500)]);
        expect(&twice, &["cart-positions-unique@lines[1].position"]);
    }
}
