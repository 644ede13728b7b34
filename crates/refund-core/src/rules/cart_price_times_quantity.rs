//! Rule: cart-price-times-quantity
//!
//! Where a line writes both price and amount, the amount is price × quantity, rounded half up to the kopeck.

use super::{Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Violation, lines::JoinedLine};
use crate::{Message, MessageDef, Money, Quantity, cart::extend};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-price-times-quantity"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE, &TOO_LARGE],
    source: "platform documents (BPC), cart: if both are sent, itemAmount must equal itemPrice × quantity (CONFIRMED); rounding per position, half up (Sber wiki, credit register page, CONFIRMED)",
    contradiction: None,
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-price-times-quantity",
    en: "{ $price } × { $quantity } is { $product }, the line says { $given }. Correct one of them, or write the amount \
         alone.",
    ru: "{ $price } × { $quantity } это { $product }, а в позиции { $given }. Исправьте одно из них или укажите только \
         сумму.",
};

static TOO_LARGE: MessageDef = MessageDef {
    id: "cart-price-times-quantity-too-large",
    en: "{ $price } × { $quantity } is too large to be counted. Correct the price or the quantity.",
    ru: "{ $price } × { $quantity }: произведение слишком велико. Исправьте цену или количество.",
};

pub(super) fn check(line: &JoinedLine<'_>, found: &mut Findings) {
    let asked = line.asked;
    let (Some(price), Some(given)) = (asked.price, asked.amount) else { return };
    let product = extend(price, asked.quantity);
    if product == Some(given) || price.currency() != given.currency() {
        return;
    }
    let message = |def| Message::new(def).with("price", price).with("quantity", asked.quantity);
    let violation = match product {
        None => Violation::new(&RULE, line.path("amount"), message(&TOO_LARGE)).with_given(given),
        Some(product) => {
            let message = message(&MESSAGE).with("product", product).with("given", given);
            let rounded = rounded_otherwise(price, asked.quantity, given).then(|| product.into());
            let violation = Violation::new(&RULE, line.path("amount"), message).with_given(given);
            violation.with_allowed(Allowed::Only(product.into())).with_suggestion(rounded)
        }
    };
    found.push(violation);
}

/// True when the amount is less than a minor unit away from the exact product: it was rounded, by another rule.
fn rounded_otherwise(price: Money, quantity: Quantity, given: Money) -> bool {
    let exact = i128::from(price.minor()) * i128::from(quantity.thousandths());
    (i128::from(given.minor()) * 1_000 - exact).abs() < 1_000
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::{Money, RefundLine};

    #[test]
    fn what_is_written_twice_agrees() {
        let honey =
            |price, kopecks| RefundLine { price: Some(Money::rub(price)), ..worth("2", 500, kopecks) };
        // 300.10 × 0.5 is 150.05; 300.11 × 0.5 is 150.055, half up 150.06.
        expect(&refund(15_005, vec![honey(30_010, 15_005)]), &[]);
        expect(&refund(15_006, vec![honey(30_011, 15_006)]), &[]);
        expect(&refund(15_005, vec![honey(30_011, 15_005)]), &["cart-price-times-quantity@lines[0].amount"]);
        expect(&refund(15_004, vec![honey(30_010, 15_004)]), &["cart-price-times-quantity@lines[0].amount"]);
        expect(&refund(15_000, vec![worth("2", 500, 15_000)]), &[]);
    }
}
