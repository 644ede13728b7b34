//! Rule: order-positions-unique
//!
//! A line that comes back is one line of the order: an order that has its position twice does not say which.
//!
//! It always holds, for an order of the shop's own too: price, name and what earlier refunds took are found by position,
//! so with two lines of one position nothing about either is known. Only lines that come back are told of; the rest of
//! such an order, and all of it without a cart, is refunded as any other.

use super::{Evidence, Findings, RuleDef, RuleId, Severity, Value, Violation, lines::JoinedLine};
use crate::{Line, Message, MessageDef};
use std::collections::BTreeSet;

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("order-positions-unique"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Sber, ECOM API, cart: positionId is unique within the cart (CONFIRMED); the same for the form dialect \
             (REPORTED); a shop's own order: a limit of this program",
    contradiction: None,
};

static MESSAGE: MessageDef = MessageDef {
    id: "order-positions-unique",
    en: "The order has the position \"{ $position }\" twice, so it is not clear which line comes back. Give each line of \
         the order a position of its own; if the gateway has it so, refund this line in the gateway's cabinet.",
    ru: "В заказе позиция «{ $position }» встречается дважды, и неясно, какая возвращается. Дайте каждой позиции заказа \
         свой номер; если так записано у шлюза, верните эту позицию в его кабинете.",
};

/// The positions that several lines of the order share.
pub(super) fn shared(order: &[Line]) -> BTreeSet<&str> {
    let mut seen = BTreeSet::new();
    order.iter().map(|line| line.position.as_str()).filter(|position| !seen.insert(*position)).collect()
}

pub(super) fn check(shared: &BTreeSet<&str>, line: &JoinedLine<'_>, found: &mut Findings) {
    if shared.contains(line.asked.position.as_str()) {
        let position = line.shown_position();
        let message = Message::new(&MESSAGE).with("position", &position);
        found.push(Violation::new(&RULE, line.path("position"), message).with_given(Value::Text(position)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::RefundCommand;

    #[test]
    fn an_order_that_has_a_position_twice_does_not_say_which() {
        let twice = |position: &str| {
            let mut payment = order();
            let lines = &mut payment.cart.as_mut().expect("a cart").lines;
            let mut more = lines[0].clone();
            more.position = position.to_owned();
            lines.push(more);
            payment
        };
        let tea = refund(10_000, vec![some("1", 1_000)]);
        let honey = refund(15_005, vec![some("2", 500)]);
        assert_eq!(
            broken(&tea, &twice("1"), &nothing_before()),
            ["order-positions-unique@lines[0].position"]
        );
        assert!(broken(&honey, &twice("1"), &nothing_before()).is_empty(), "another line is not touched");
        assert!(broken(&tea, &twice("3"), &nothing_before()).is_empty());
        assert!(broken(&tea, &twice("0"), &nothing_before()).is_empty(), "out of sequence and once");
        assert!(
            broken(&bare(PAID), &twice("1"), &nothing_before()).is_empty(),
            "all of it, whichever line is which"
        );
        // Twice in both: each time told of the refund's own line, and that it stands there again.
        let both = refund(20_000, vec![some("1", 1_000), some("1", 1_000)]);
        assert_eq!(
            broken(&both, &twice("1"), &nothing_before()),
            [
                "cart-positions-unique@lines[1].position",
                "order-positions-unique@lines[0].position",
                "order-positions-unique@lines[1].position",
            ]
        );
        // An order of the shop's own is no better.
        let mut without = twice("1");
        let shops = RefundCommand { order: without.cart.take(), ..tea };
        let found = broken(&shops, &without, &nothing_before());
        assert_eq!(found, ["order-positions-unique@lines[0].position", "order-totals-the-payment@order"]);
    }
}
