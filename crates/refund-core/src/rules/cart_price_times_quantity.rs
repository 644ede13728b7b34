//! Rule: cart-price-times-quantity
//!
//! Where a line writes both price and amount, the amount is price × quantity, rounded half up to the kopeck.

use super::{Facts, RuleDef, RuleId, Violation, lines::Joined};
use crate::{Message, MessageDef, cart::extend};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-price-times-quantity"),
    message: &MESSAGE,
    source: "platform documents (BPC), cart: if both are sent, itemAmount must equal itemPrice × quantity (CONFIRMED); rounding per position, half up (Sber wiki, credit register page, CONFIRMED)",
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-price-times-quantity",
    en: "{ $price } × { $quantity } is { $product }, the line says { $given }.",
    ru: "{ $price } × { $quantity } это { $product }, а в позиции { $given }.",
};

pub(super) fn check(facts: &Facts<'_>, line: &Joined<'_>, found: &mut Vec<Violation>) {
    let asked = line.asked;
    let (Some(price), Some(given)) = (asked.price, asked.amount) else { return };
    let product = extend(price, asked.quantity);
    if product == Some(given) {
        return;
    }
    let message = Message::new(&MESSAGE)
        .with("price", price)
        .with("quantity", asked.quantity)
        .with("product", product.unwrap_or(facts.money(i64::MAX)))
        .with("given", given);
    found.push(Violation::new(RULE.id, line.path("amount"), message));
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
