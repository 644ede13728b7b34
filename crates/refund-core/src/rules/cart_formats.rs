//! Rule: cart-formats
//!
//! Every member of a line has the format its document gives: position, name, code, measure; quantity, price and amount
//! within their limits; not too many lines; not none.

use super::{
    Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Value, Violation, lines::JoinedLine, view::View,
};
use crate::{
    Message, MessageDef, Money, Quantity,
    format::{Format, Mismatch},
    outcome::sanitize,
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-formats"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MISMATCH, &RANGE, &COUNT],
    source: "Sber, refund.do: «Все параметры корзины проверяются на соответствие требуемому формату (длине)» (CONFIRMED); limits: Sber and platform documents, item table (CONFIRMED or REPORTED per member); Robokassa, fiscalisation page: 128 characters, 100 positions, Cost 8 digits and 2 decimals (CONFIRMED), Quantity 5 digits and 3 decimals (REPORTED)",
    contradiction: Some(
        "Documents write A and ANS (Latin letters) for members whose examples are Cyrillic. Letters of any script are \
         taken; control characters never.",
    ),
};

static MISMATCH: MessageDef = MessageDef {
    id: "cart-formats",
    en: "\"{ $given }\" is not { $format }: { $why ->
    [length] it has { $found } characters
   *[character] \"{ $found }\" cannot stand there
}. Write it as the order has it.",
    ru: "«{ $given }» не подходит под { $format }: { $why ->
    [length] символов { $found }
   *[character] «{ $found }» здесь недопустим
}. Укажите так, как в заказе.",
};

static RANGE: MessageDef = MessageDef {
    id: "cart-formats-range",
    en: "{ $given } is above { $most }, the most the gateway takes here. Split the line or correct it.",
    ru: "{ $given } больше { $most }: больше шлюз здесь не принимает. Разделите позицию или исправьте значение.",
};

static COUNT: MessageDef = MessageDef {
    id: "cart-formats-count",
    en: "The cart has { $given } lines; from 1 to { $most } are possible. { $why ->
    [empty] Name the lines that come back, or refund without a cart.
   *[long] Make several refunds.
}",
    ru: "Позиций в корзине { $given }; может быть от 1 до { $most }. { $why ->
    [empty] Укажите возвращаемые позиции или верните без корзины.
   *[long] Сделайте несколько возвратов.
}",
};

/// How many lines there are.
pub(super) fn count(view: &View<'_>, lines: usize, found: &mut Findings) {
    let most = view.policy.lines_max;
    if lines == 0 || lines > most {
        let message = Message::new(&COUNT).with("given", lines).with("most", most);
        let message = message.with("why", if lines == 0 { "empty" } else { "long" });
        let allowed = Allowed::Between(Value::Count(1), Value::Count(most));
        found.push(Violation::new(&RULE, "lines", message).with_given(lines).with_allowed(allowed));
    }
}

pub(super) fn check(view: &View<'_>, line: &JoinedLine<'_>, found: &mut Findings) {
    let (policy, asked) = (view.policy, line.asked);
    text(line, "position", policy.position, Some(&asked.position), found);
    text(line, "name", policy.name, asked.name.as_deref(), found);
    text(line, "code", policy.code, asked.code.as_deref(), found);
    text(line, "measure", policy.measure, asked.measure.as_ref().map(|measure| measure.0.as_str()), found);
    if asked.quantity.thousandths() > policy.quantity_max {
        let most = Quantity::from_thousandths(policy.quantity_max);
        found.push(beyond(line, "quantity", asked.quantity.into(), most.into()));
    }
    let beyond_money = |money: Money, most| money.minor() > most;
    if let Some(price) = asked.price.filter(|price| beyond_money(*price, policy.price_max)) {
        found.push(beyond(line, "price", price.into(), view.money(policy.price_max).into()));
    }
    if let Some(amount) = line.amount().filter(|amount| beyond_money(*amount, policy.amount_max)) {
        found.push(beyond(line, "amount", amount.into(), view.money(policy.amount_max).into()));
    }
}

fn beyond(line: &JoinedLine<'_>, field: &str, given: Value, most: Value) -> Violation {
    let message = Message::new(&RANGE).with("given", &given).with("most", &most);
    Violation::new(&RULE, line.path(field), message).with_given(given).with_allowed(Allowed::AtMost(most))
}

fn text(line: &JoinedLine<'_>, field: &str, format: Format, given: Option<&str>, found: &mut Findings) {
    let Some(given) = given else { return };
    let Err(mismatch) = format.check(given) else { return };
    let shown = sanitize(given, 40);
    let message = Message::new(&MISMATCH).with("given", &shown).with("format", format);
    let message = match mismatch {
        Mismatch::Length { found } => message.with("why", "length").with("found", found),
        Mismatch::Character { found, .. } => {
            message.with("why", "character").with("found", found.escape_default())
        }
    };
    let violation = Violation::new(&RULE, line.path(field), message).with_given(Value::Text(shown));
    found.push(violation.with_allowed(Allowed::Only(Value::text(format))));
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::{Measure, Money, RefundLine, rules};

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
    fn an_empty_cart_is_not_a_cart() {
        expect(&refund(10_000, Vec::new()), &["cart-formats@lines", "items-total-the-sum@amount"]);
    }

    #[test]
    fn quantities_prices_and_amounts_are_within_their_limits() {
        let policy = policy()
            .with_quantity_max(1_500)
            .with_price_max(10_000)
            .with_amount_max(15_000)
            .with_lines_max(2);
        let check = |lines: Vec<RefundLine>, kopecks, expected: &[&str]| {
            let found = rules::check(&refund(kopecks, lines), &order(), &nothing_before(), &policy);
            let found = found.err().map(|found| found.to_string()).unwrap_or_default();
            assert_eq!(found, expected.join(", "));
        };
        let priced =
            |price, kopecks| RefundLine { price: Some(Money::rub(price)), ..worth("1", 1_000, kopecks) };
        check(vec![worth("1", 1_499, 15_000)], 15_000, &[]);
        check(vec![worth("1", 1_500, 15_000)], 15_000, &[]);
        check(vec![worth("1", 1_501, 15_000)], 15_000, &["cart-formats at lines[0].quantity"]);
        check(vec![worth("1", 1_500, 15_001)], 15_001, &["cart-formats at lines[0].amount"]);
        check(vec![priced(10_000, 10_000)], 10_000, &[]);
        check(vec![priced(10_001, 10_001)], 10_001, &["cart-formats at lines[0].price"]);
        check(vec![some("1", 1_000), worth("2", 500, 15_000)], 25_000, &[]);
        let three = vec![some("1", 1_000), worth("2", 500, 15_000), worth("2", 500, 15_000)];
        check(three, 40_000, &["cart-formats at lines", "cart-positions-unique at lines[2].position"]);
        // What the documents give: 99999.999.
        let beyond = |thousandths| {
            broken(&refund(10_000, vec![worth("1", thousandths, 10_000)]), &order(), &nothing_before())
        };
        assert_eq!(beyond(99_999_999), ["cart-quantity-remaining@lines[0].quantity"]);
        assert_eq!(
            beyond(100_000_000),
            ["cart-formats@lines[0].quantity", "cart-quantity-remaining@lines[0].quantity"]
        );
    }
}
