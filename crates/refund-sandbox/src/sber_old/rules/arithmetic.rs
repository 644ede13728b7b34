//! Where a line has a price and a sum, the sum is price times quantity, half up to a whole kopeck.
//!
//! CONFIRMED, platform vendor; rounding per position CONFIRMED, Sber wiki (credit registration page).

use super::Case;
use crate::money::scaled_product;
use crate::sber_old::refusal::Refusal;
use crate::switches::Checked;

pub(super) fn price_times_quantity(case: &Case<'_>) -> Result<(), Refusal> {
    if case.switches.cart_arithmetic == Checked::NotChecked {
        return Ok(());
    }
    for line in case.lines {
        let (Some(price), Some(amount)) = (line.price, line.amount) else { continue };
        let product = scaled_product(price, line.quantity, 1_000);
        if product != Some(amount) {
            let product = product.map_or_else(|| "anything".to_owned(), |product| product.to_string());
            let position = line.position;
            return Err(case.broken(format!(
                "position {position}: itemAmount {amount} is not {product}, price times quantity"
            )));
        }
    }
    Ok(())
}
