//! One currency in the whole cart, and it is the order's.
//!
//! CONFIRMED, `refund.do` document: all positions in one currency, where it is given, equal to the
//! order's; roubles for orders with loyalty.

use super::Case;
use crate::sber_old::refusal::Refusal;

/// ISO 4217 for the rouble.
const ROUBLES: &str = "643";

pub(super) fn one_and_the_orders(case: &Case<'_>) -> Result<(), Refusal> {
    let loyalty = case.points > 0 && case.currency != ROUBLES;
    let other =
        case.lines.iter().filter_map(|line| line.currency.as_deref()).any(|sent| sent != case.currency);
    if !loyalty && !other {
        return Ok(());
    }
    Err(case.borrowed("Валюта в Корзине не совпадает с валютой заказа"))
}
