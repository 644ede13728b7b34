//! Rule: cart-formats
//!
//! Every member of a line has the format its document gives: position, name, code, measure; quantity and amount above
//! zero and within their limits; not too many lines; not none.

use super::{Facts, RuleDef, RuleId, Violation, facts::quantity, lines::Joined};
use crate::{
    Message, MessageDef,
    format::{Format, Mismatch},
    outcome::sanitize,
};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-formats"),
    message: &MISMATCH,
    source: "Sber, refund.do: «Все параметры корзины проверяются на соответствие требуемому формату (длине)» (CONFIRMED); limits: Sber and platform documents, item table (CONFIRMED or REPORTED per member)",
};

static MISMATCH: MessageDef = MessageDef {
    id: "cart-formats",
    en: "\"{ $given }\" is not { $format }: { $why ->
    [length] it has { $found } characters
   *[character] \"{ $found }\" cannot stand there
}.",
    ru: "«{ $given }» не подходит под { $format }: { $why ->
    [length] символов { $found }
   *[character] «{ $found }» здесь недопустим
}.",
};

static RANGE: MessageDef = MessageDef {
    id: "cart-formats-range",
    en: "{ $given } is not between { $least } and { $most }.",
    ru: "{ $given } вне пределов от { $least } до { $most }.",
};

static COUNT: MessageDef = MessageDef {
    id: "cart-formats-count",
    en: "The cart has { $given } lines; from 1 to { $most } are possible.",
    ru: "Позиций в корзине { $given }; может быть от 1 до { $most }.",
};

static NO_AMOUNT: MessageDef = MessageDef {
    id: "cart-formats-no-amount",
    en: "Neither the line nor the order tells a price or an amount for it.",
    ru: "Ни в позиции, ни в заказе нет её цены или суммы.",
};

/// How many lines there are.
pub(super) fn count(facts: &Facts<'_>, lines: usize) -> Option<Violation> {
    (lines == 0 || lines > facts.policy.lines_max).then(|| {
        let message = Message::new(&COUNT).with("given", lines).with("most", facts.policy.lines_max);
        Violation::new(RULE.id, "lines", message)
    })
}

pub(super) fn check(facts: &Facts<'_>, line: &Joined<'_>, found: &mut Vec<Violation>) {
    let (policy, asked) = (facts.policy, line.asked);
    text(line, "position", policy.position, Some(&asked.position), found);
    text(line, "name", policy.name, asked.name.as_deref(), found);
    text(line, "code", policy.code, asked.code.as_deref(), found);
    text(line, "measure", policy.measure, asked.measure.as_ref().map(|measure| measure.0.as_str()), found);
    let thousandths = asked.quantity.thousandths();
    if thousandths <= 0 || thousandths > policy.quantity_max {
        let message = Message::new(&RANGE)
            .with("given", asked.quantity)
            .with("least", quantity(1))
            .with("most", quantity(policy.quantity_max));
        found.push(Violation::new(RULE.id, line.path("quantity"), message));
    }
    match line.amount {
        Some(minor) if minor > 0 && minor <= policy.amount_max => {}
        Some(minor) => {
            let message = Message::new(&RANGE)
                .with("given", facts.money(minor))
                .with("least", facts.money(1))
                .with("most", facts.money(policy.amount_max));
            found.push(Violation::new(RULE.id, line.path("amount"), message));
        }
        // A line the order lacks has no price to go by; that is told by the rule about it.
        None if line.sold.is_none() => {}
        None => found.push(Violation::new(RULE.id, line.path("amount"), Message::new(&NO_AMOUNT))),
    }
}

fn text(line: &Joined<'_>, field: &str, format: Format, given: Option<&str>, found: &mut Vec<Violation>) {
    let Some(given) = given else { return };
    let Err(mismatch) = format.check(given) else { return };
    let shown = sanitize(given, 40);
    let message = Message::new(&MISMATCH).with("given", shown).with("format", format);
    let message = match mismatch {
        Mismatch::Length { found } => message.with("why", "length").with("found", found),
        Mismatch::Character { found, .. } => {
            message.with("why", "character").with("found", found.escape_default())
        }
    };
    found.push(Violation::new(RULE.id, line.path(field), message));
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::{Measure, RefundLine};

    #[test]
    fn texts_have_their_documents_formats() {
        let check = |line: RefundLine, expected: &[&str]| expect(&refund(10_000, vec![line]), expected);
        let tea = || some("1", 1_000);
        let code = |text: String| RefundLine { code: Some(text), ..tea() };
        check(code("tea".into()), &[]);
        check(code("ж".repeat(100)), &["cart-line-in-order@lines[0].code"]);
        check(code("ж".repeat(101)), &["cart-formats@lines[0].code", "cart-line-in-order@lines[0].code"]);
        check(code("te\u{0}a".into()), &["cart-formats@lines[0].code", "cart-line-in-order@lines[0].code"]);
        let measure = |text: &str| RefundLine { measure: Some(Measure(text.to_owned())), ..tea() };
        check(measure("шт."), &[]);
        check(measure(&"м".repeat(20)), &[]);
        check(measure(&"м".repeat(21)), &["cart-formats@lines[0].measure"]);
        check(measure(""), &["cart-formats@lines[0].measure"]);
    }

    #[test]
    fn quantities_and_amounts_are_above_zero_and_within_their_limits() {
        expect(&refund(10_000, vec![worth("1", 0, 10_000)]), &["cart-formats@lines[0].quantity"]);
        expect(&refund(10_000, vec![worth("1", -1, 10_000)]), &["cart-formats@lines[0].quantity"]);
        expect(&refund(10_000, vec![worth("1", 1, 10_000)]), &[]);
        let beyond =
            broken(&refund(10_000, vec![worth("1", 99_999_999, 10_000)]), &order(), &nothing_before());
        assert_eq!(beyond, ["cart-quantity-remaining@lines[0].quantity"]);
        let beyond =
            broken(&refund(10_000, vec![worth("1", 100_000_000, 10_000)]), &order(), &nothing_before());
        assert_eq!(beyond, ["cart-formats@lines[0].quantity", "cart-quantity-remaining@lines[0].quantity"]);
        let free = broken(&refund(10_000, vec![worth("1", 1_000, 0)]), &order(), &nothing_before());
        assert_eq!(free, ["cart-formats@lines[0].amount", "items-total-the-sum@amount"]);
        expect(&refund(10_000, vec![worth("1", 1_000, 9_999), worth("2", 1, 1)]), &[]);
    }

    #[test]
    fn an_empty_cart_is_not_a_cart() {
        expect(&refund(10_000, Vec::new()), &["cart-formats@lines", "items-total-the-sum@amount"]);
    }

    #[test]
    fn a_line_without_any_price_says_so() {
        let mut payment = order();
        payment.cart.as_mut().expect("has one").lines[0].price = None;
        let found = broken(&refund(10_000, vec![some("1", 1_000)]), &payment, &nothing_before());
        assert_eq!(found, ["cart-formats@lines[0].amount"]);
    }
}
