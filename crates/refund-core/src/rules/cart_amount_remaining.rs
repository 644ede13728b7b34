//! Rule: cart-amount-remaining
//!
//! A line's money is within what was paid for it less what earlier refunds gave back for it.

use super::{
    Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Violation, lines::JoinedLine, view::View,
};
use crate::{Line, Message, MessageDef};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-amount-remaining"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE, &NOTHING],
    source: "Sber, refund.do: «Значение элемента itemAmount … не должно превышать значение аналогичного параметра в оригинальном заказе» (CONFIRMED); less what is already refunded (GUESS, as for quantities)",
    contradiction: Some(
        "The document compares with the original order. What is left counts here, as for quantities.",
    ),
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-amount-remaining",
    en: "{ $asked } for line \"{ $position }\" asked, { $left } left: { $sold } paid, { $used } refunded or reserved \
         (refunds: { $by }). Ask for { $left } or less.",
    ru: "За позицию «{ $position }» запрошено { $asked }, осталось { $left }: оплачено { $sold }, возвращено или занято \
         { $used } (возвраты: { $by }). Запросите не больше { $left }.",
};

static NOTHING: MessageDef = MessageDef {
    id: "cart-amount-remaining-nothing",
    en: "{ $asked } for line \"{ $position }\" asked, nothing is left: { $sold } paid, { $used } refunded or reserved \
         (refunds: { $by }). Leave the line out.",
    ru: "За позицию «{ $position }» запрошено { $asked }, а возвращать нечего: оплачено { $sold }, возвращено или занято \
         { $used } (возвраты: { $by }). Уберите эту позицию.",
};

pub(super) fn check(view: &View<'_>, line: &JoinedLine<'_>, found: &mut Findings) {
    let (Some(paid), Some(left)) = (line.sold.and_then(Line::total), line.amount_left()) else { return };
    let Some(asked) = line.amount() else { return };
    if !asked.is_positive() || asked.minor() <= left.minor() {
        return;
    }
    let by = view.takers(&line.asked.position);
    let message = Message::new(if left.is_positive() { &MESSAGE } else { &NOTHING })
        .with("asked", asked)
        .with("position", line.shown_position())
        .with("left", left)
        .with("sold", paid)
        .with("used", view.money(line.taken.amount))
        .with("by", super::named(&by));
    let violation = Violation::new(&RULE, line.path("amount"), message).with_given(asked);
    let violation = violation.with_allowed(Allowed::AtMost(left.into())).with_taken_by(by);
    found.push(violation.with_suggestion(left.is_positive().then(|| left.into())));
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn a_kopeck_too_much_is_refused() {
        expect(&refund(20_000, vec![worth("1", 2_000, 20_000)]), &[]);
        expect(&refund(20_001, vec![worth("1", 2_000, 20_001)]), &["cart-amount-remaining@lines[0].amount"]);
        let prior = before("1", 500, 5_000);
        let left = |kopecks| refund(kopecks, vec![worth("1", 1_500, kopecks)]);
        assert!(broken(&left(15_000), &order(), &prior).is_empty());
        assert_eq!(broken(&left(15_001), &order(), &prior), ["cart-amount-remaining@lines[0].amount"]);
        assert!(broken(&left(14_999), &order(), &prior).is_empty());
    }

    #[test]
    fn the_refund_that_used_it_up_is_named() {
        let asked = refund(15_001, vec![worth("1", 1_500, 15_001)]);
        let values = values(&asked, &order(), &before("1", 500, 5_000), "cart-amount-remaining");
        let expected = [
            "asked=150.01 RUB",
            "position=1",
            "left=150.00 RUB",
            "sold=200.00 RUB",
            "used=50.00 RUB",
            "by=k-1",
        ];
        assert_eq!(values, expected);
    }
}
