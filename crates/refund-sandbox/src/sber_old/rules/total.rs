//! The lines must total the refund.
//!
//! Not stated for this dialect (GUESS); the text is the other dialect's for the same case. Together with
//! the balance it also keeps the cart within the order's confirmed sum (CONFIRMED, `refund.do` document).

use super::Case;
use crate::sber_old::refusal::Refusal;

pub(super) fn lines_make_the_refund(case: &Case<'_>) -> Result<(), Refusal> {
    let mut values = case.lines.iter().map(|line| case.book.value(line));
    let total = values.try_fold(0_u64, |total, value| total.checked_add(value?));
    if total == Some(case.amount) {
        return Ok(());
    }
    Err(case.borrowed("Сумма товарных позиций в Корзине не совпадает с общей суммой заказа"))
}
