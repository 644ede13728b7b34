//! Rule: cart-line-in-order
//!
//! A line of the refund is a line of the order: position, name and code agree, each as far as it is written.

use super::{
    Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Value, Violation, alike, lines::JoinedLine,
    view::View,
};
use crate::{Message, MessageDef, outcome::sanitize};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-line-in-order"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&ABSENT, &DIFFERS, &NO_ORDER],
    source: "Sber, refund.do: «В корзине запрещены для передачи товарные позиции, отсутствующие в оригинальном заказе … Необходимо совпадение элементов positionId, name, itemCode» (CONFIRMED); members left out are not compared (Sber wiki, partial refund with cart, CONFIRMED; reading GUESS)",
    contradiction: Some(
        "refund.do asks for position, name and code together; Sber's wiki says that position and quantity are enough. What \
         is left out is not compared here, and what is sent is always the order's own words.",
    ),
};

static ABSENT: MessageDef = MessageDef {
    id: "cart-line-in-order",
    en: "The order has no line \"{ $position }\". Name one of the order's own lines.",
    ru: "В заказе нет позиции «{ $position }». Укажите одну из позиций заказа.",
};

static DIFFERS: MessageDef = MessageDef {
    id: "cart-line-in-order-differs",
    en: "The order's line \"{ $position }\" has \"{ $sold }\" here, not \"{ $given }\". Write it exactly as the order has it, \
         or leave it out.",
    ru: "В заказе у позиции «{ $position }» здесь «{ $sold }», а не «{ $given }». Укажите в точности как в заказе или \
         уберите это поле.",
};

static NO_ORDER: MessageDef = MessageDef {
    id: "cart-line-in-order-unknown",
    en: "The order's cart is not known: the gateway has none, so give the shop's own (order_file).",
    ru: "Корзина заказа неизвестна: у шлюза её нет, дайте корзину магазина (order_file).",
};

pub(super) fn check(view: &View<'_>, line: &JoinedLine<'_>, found: &mut Findings) {
    let asked = line.asked;
    let Some(sold) = line.sold else {
        if view.order().is_some() {
            let position = line.shown_position();
            let message = Message::new(&ABSENT).with("position", &position);
            let violation = Violation::new(&RULE, line.path("position"), message);
            let meant = view.folded().position(&asked.position);
            found.push(violation.with_given(Value::Text(position)).with_suggestion(meant));
        } else if line.index == 0 {
            found.push(Violation::new(&RULE, "lines", Message::new(&NO_ORDER)));
        }
        return;
    };
    differs(line, "name", asked.name.as_deref(), Some(&sold.name), found);
    differs(line, "code", asked.code.as_deref(), sold.code.as_deref(), found);
}

/// The gateway compares bytes, so a space or another Unicode form is a difference.
fn differs(
    line: &JoinedLine<'_>,
    field: &str,
    given: Option<&str>,
    sold: Option<&str>,
    found: &mut Findings,
) {
    let Some(given) = given.filter(|given| sold != Some(given)) else { return };
    let shown = sanitize(given, 100);
    let message = Message::new(&DIFFERS)
        .with("position", line.shown_position())
        .with("sold", sanitize(sold.unwrap_or("-"), 100))
        .with("given", &shown);
    let violation = Violation::new(&RULE, line.path(field), message).with_given(Value::Text(shown));
    found.push(match sold {
        Some(sold) => violation
            .with_allowed(Allowed::Only(Value::Text(sanitize(sold, 100))))
            .with_suggestion(alike::meant(given, sold)),
        None => violation,
    });
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::RefundLine;

    #[test]
    fn position_name_and_code_agree_as_far_as_they_are_written() {
        let tea = |name: Option<&str>, code: Option<&str>| RefundLine {
            name: name.map(str::to_owned),
            code: code.map(str::to_owned),
            ..some("1", 1_000)
        };
        let check = |line, expected: &[&str]| expect(&refund(10_000, vec![line]), expected);
        check(tea(None, None), &[]);
        check(tea(Some("Чай"), Some("tea")), &[]);
        check(tea(Some("Чай "), Some("tea")), &["cart-line-in-order@lines[0].name"]);
        check(
            tea(Some("чай"), Some("Tea")),
            &["cart-line-in-order@lines[0].name", "cart-line-in-order@lines[0].code"],
        );
        // The same word in another Unicode form is another name: the gateway compares bytes.
        check(tea(Some("Чаи\u{306}"), None), &["cart-line-in-order@lines[0].name"]);
        check(worth("3", 1_000, 10_000), &["cart-line-in-order@lines[0].position"]);
        check(worth("01", 1_000, 10_000), &["cart-line-in-order@lines[0].position"]);
    }

    #[test]
    fn without_any_order_the_lines_cannot_be_checked() {
        let mut payment = order();
        let cart = payment.cart.take();
        let asked = refund(10_000, vec![worth("1", 1_000, 10_000)]);
        assert_eq!(broken(&asked, &payment, &nothing_before()), ["cart-line-in-order@lines"]);
        let with_order = crate::RefundCommand { order: cart, ..asked };
        assert!(broken(&with_order, &payment, &nothing_before()).is_empty(), "the shop's own order serves");
    }
}
