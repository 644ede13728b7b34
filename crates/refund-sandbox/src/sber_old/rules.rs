//! Which refund cart fits which order: the document's rules, one function each, in order.
//!
//! Pure: two carts and a sum in, the first broken rule out. Nothing is refunded if one is broken
//! (CONFIRMED, `refund.do` document; that no part of the cart goes through is a GUESS).

use super::cart::Line;
use super::refusal::Refusal;
use crate::money::scaled_product;

/// What a rule looks at.
pub(super) struct Case<'a> {
    pub(super) registered: &'a [Line],
    pub(super) refunded: &'a [Line],
    /// The sum of the refund in money, minor units.
    pub(super) amount: u64,
    /// The code of a violation; the document gives none.
    pub(super) code: u64,
}

type Rule = fn(&Case<'_>) -> Result<(), Refusal>;

/// In the order they are checked. Quantities, sums and currencies of single positions join here.
const RULES: [Rule; 2] = [positions_exist, lines_total_the_refund];

pub(super) fn check(case: &Case<'_>) -> Result<(), Refusal> {
    RULES.iter().try_for_each(|rule| rule(case))
}

/// No position the order lacks: `positionId`, `name`, `itemCode` must agree (CONFIRMED, `refund.do`
/// document). A member that was left out is not compared, because `positionId` and `quantity` alone
/// are enough (CONFIRMED, Sber wiki; how the two go together is a GUESS).
fn positions_exist(case: &Case<'_>) -> Result<(), Refusal> {
    match case.refunded.iter().find(|line| original(case, line).is_none()) {
        None => Ok(()),
        Some(line) => {
            let text = format!("position {} is not in the order", line.position);
            Err(Refusal::own(case.code, text))
        }
    }
}

/// The lines must total the refund. Not stated for OLD (GUESS); the text is the other dialect's for
/// the same case.
fn lines_total_the_refund(case: &Case<'_>) -> Result<(), Refusal> {
    let sums = case.refunded.iter().map(|line| sum(case, line));
    let total = sums.into_iter().try_fold(0_u64, |total, sum| total.checked_add(sum?));
    if total == Some(case.amount) {
        return Ok(());
    }
    const TEXT: &str = "Сумма товарных позиций в Корзине не совпадает с общей суммой заказа";
    Err(Refusal::borrowed(case.code, TEXT))
}

fn original<'a>(case: &'a Case<'_>, line: &Line) -> Option<&'a Line> {
    let agree = |sent: &Option<String>, known: &Option<String>| sent.is_none() || sent == known;
    case.registered.iter().find(|known| {
        known.position == line.position && agree(&line.name, &known.name) && agree(&line.code, &known.code)
    })
}

/// The sum the line says, else its share of the registered position.
fn sum(case: &Case<'_>, line: &Line) -> Option<u64> {
    let share = || {
        let known = original(case, line)?;
        match known.price {
            Some(price) => scaled_product(price, line.quantity, 1_000),
            None => scaled_product(known.amount?, line.quantity, known.quantity),
        }
    };
    line.sum().or_else(share)
}

#[cfg(test)]
mod tests {
    use super::super::cart::{refund_lines, registered_line};
    use super::*;

    fn verdict(items: &str, amount: u64) -> Result<(), u64> {
        let registered = [
            r#"{"positionId":1,"name":"Чай","quantity":{"value":2,"measure":"шт."},"itemPrice":10000,"itemAmount":20000,"itemCode":"tea"}"#,
            r#"{"positionId":2,"name":"Сахар","quantity":{"value":3,"measure":"кг"},"itemAmount":10000,"itemCode":"sugar"}"#,
        ];
        let registered: Vec<Line> = registered.iter().map(|line| registered_line(line).unwrap()).collect();
        let refunded = refund_lines(&format!(r#"{{"items":[{items}]}}"#)).unwrap();
        check(&Case { registered: &registered, refunded: &refunded, amount, code: 8 })
            .map_err(|refusal| refusal.code)
    }

    #[test]
    fn a_cart_must_name_known_positions_and_total_the_refund() {
        let tea = r#"{"positionId":1,"quantity":{"value":1}}"#;
        let sugar =
            r#"{"positionId":"2","name":"Сахар","itemCode":"sugar","quantity":{"value":1,"measure":"кг"}}"#;
        for (items, amount, expected) in [
            (tea.to_owned(), 10_000, Ok(())),
            (tea.to_owned(), 9_999, Err(8)),
            (sugar.to_owned(), 3_333, Ok(())), // a third of 100.00, half up
            (format!("{tea},{sugar}"), 13_333, Ok(())),
            (sugar.replace("sugar", "salt"), 3_333, Err(8)),
            (sugar.replace("Сахар", "Соль"), 3_333, Err(8)),
            (tea.replace("\"positionId\":1", "\"positionId\":3"), 10_000, Err(8)),
            (r#"{"positionId":1,"quantity":{"value":1},"itemAmount":500}"#.to_owned(), 500, Ok(())),
            (r#"{"positionId":1,"quantity":{"value":1},"itemPrice":"501"}"#.to_owned(), 501, Ok(())),
        ] {
            assert_eq!(verdict(&items, amount), expected, "{items}");
        }
    }
}
