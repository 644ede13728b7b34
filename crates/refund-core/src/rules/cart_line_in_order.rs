//! Rule: cart-line-in-order
//!
//! A line of the refund is a line of the order: position, name and code agree, each as far as it is written.

use super::{Facts, RuleDef, RuleId, Violation, lines::Joined};
use crate::{Message, MessageDef, outcome::sanitize};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-line-in-order"),
    message: &ABSENT,
    source: "Sber, refund.do: «В корзине запрещены для передачи товарные позиции, отсутствующие в оригинальном заказе … Необходимо совпадение элементов positionId, name, itemCode» (CONFIRMED); members left out are not compared (Sber wiki, partial refund with cart, CONFIRMED; reading GUESS)",
};

static ABSENT: MessageDef = MessageDef {
    id: "cart-line-in-order",
    en: "The order has no line \"{ $position }\".",
    ru: "В заказе нет позиции «{ $position }».",
};

static DIFFERS: MessageDef = MessageDef {
    id: "cart-line-in-order-differs",
    en: "The order's line \"{ $position }\" has \"{ $sold }\" here, not \"{ $given }\".",
    ru: "В заказе у позиции «{ $position }» здесь «{ $sold }», а не «{ $given }».",
};

static NO_ORDER: MessageDef = MessageDef {
    id: "cart-line-in-order-unknown",
    en: "The order's cart is not known: the gateway has none, so give the shop's own (order_file).",
    ru: "Корзина заказа неизвестна: у шлюза её нет, дайте корзину магазина (order_file).",
};

pub(super) fn check(facts: &Facts<'_>, line: &Joined<'_>, found: &mut Vec<Violation>) {
    let asked = line.asked;
    let Some(sold) = line.sold else {
        if facts.sold().is_some() {
            let message = Message::new(&ABSENT).with("position", sanitize(&asked.position, 40));
            found.push(Violation::new(RULE.id, line.path("position"), message));
        } else if line.index == 0 {
            found.push(Violation::new(RULE.id, "lines", Message::new(&NO_ORDER)));
        }
        return;
    };
    differs(line, "name", asked.name.as_deref(), Some(&sold.name), found);
    differs(line, "code", asked.code.as_deref(), sold.code.as_deref(), found);
}

/// The gateway compares bytes, so a space or another Unicode form is a difference.
fn differs(line: &Joined<'_>, field: &str, given: Option<&str>, sold: Option<&str>, found: &mut Vec<Violation>) {
    if given.is_none() || given == sold {
        return;
    }
    let shown = |text: Option<&str>| sanitize(text.unwrap_or("-"), 100);
    let message = Message::new(&DIFFERS)
        .with("position", &line.asked.position)
        .with("sold", shown(sold))
        .with("given", shown(given));
    found.push(Violation::new(RULE.id, line.path(field), message));
}
