//! Which cart fits which order and sum, in the ECOM dialect.
//!
//! The three texts under code 8 are CONFIRMED (ecomtest); which case gets which is a GUESS, and so is that
//! a refund's lines are measured against what is left of the order's: only the counter
//! `refundedQuantity` is documented.

use std::collections::{BTreeMap, BTreeSet};

use super::bundle::{Bundle, Item};
use super::refusal::Refusal;
use crate::ledger::Payment;
use crate::money::scaled_product;
use crate::switches::{Checked, EcomSwitches};

/// Whatever the cart is for: positions and codes once, one currency, sums that add up.
pub(super) fn consistent(
    bundle: &Bundle,
    amount: u64,
    currency: &str,
    switches: &EcomSwitches,
) -> Result<(), Refusal> {
    let (mut positions, mut codes) = (BTreeSet::new(), BTreeSet::new());
    for (at, item) in bundle.items.iter().enumerate() {
        let place = |what: &str| Refusal::cart_format(format!("orderBundle.cartItems.items[{at}].{what}"));
        if !positions.insert(item.position.as_str()) {
            return Err(place("positionId: given twice"));
        }
        // Unique in the request (CONFIRMED): the same goods on two lines need two codes.
        if !codes.insert(item.code.as_str()) {
            return Err(place("itemCode: given twice"));
        }
        let product = scaled_product(item.price, item.quantity, 1_000);
        if switches.item_arithmetic == Checked::MustHold && product != Some(item.amount) {
            return Err(place("itemAmount: not price times quantity"));
        }
    }
    if bundle.items.iter().any(|item| item.currency.as_deref().is_some_and(|sent| sent != currency)) {
        return Err(Refusal::cart_currency());
    }
    let total = bundle.items.iter().try_fold(0_u64, |sum, item| sum.checked_add(item.amount));
    if total != Some(amount) || bundle.total.is_some_and(|said| said != amount) {
        return Err(Refusal::cart_total());
    }
    Ok(())
}

/// The lines are positions of the order and fit what earlier refunds have left of them. An order that
/// was registered without a cart has nothing to compare with.
pub(super) fn fits(bundle: &Bundle, order: &Payment, switches: &EcomSwitches) -> Result<(), Refusal> {
    if switches.refund_cart == Checked::NotChecked || order.cart.is_empty() {
        return Ok(());
    }
    let known = registered(order);
    let used = used(order);
    for (at, item) in bundle.items.iter().enumerate() {
        let place = |what: &str| Refusal::cart_format(format!("orderBundle.cartItems.items[{at}].{what}"));
        let same = |known: &&Item| known.name == item.name && known.code == item.code;
        let Some(position) = known.get(&item.position).filter(same) else {
            return Err(place("positionId: no such position, name and code in the order"));
        };
        let (quantity, amount) = used.get(&item.position).copied().unwrap_or_default();
        if item.quantity > position.quantity.saturating_sub(quantity) {
            return Err(place("quantity.value: exceeds what is left"));
        }
        if item.amount > position.amount.saturating_sub(amount) {
            return Err(place("itemAmount: exceeds what is left"));
        }
    }
    Ok(())
}

fn registered(order: &Payment) -> BTreeMap<String, Item> {
    let items = order.cart.iter().filter_map(|raw| Item::read(raw.get()));
    items.map(|item| (item.position.clone(), item)).collect()
}

/// Quantity in thousandths and sum in minor units that refunds took of each position.
pub(super) fn used(order: &Payment) -> BTreeMap<String, (u64, u64)> {
    let mut used = BTreeMap::<String, (u64, u64)>::new();
    let items = order.standing().flat_map(|refund| &refund.lines).filter_map(|raw| Item::read(raw.get()));
    for item in items {
        let entry = used.entry(item.position).or_default();
        *entry = (entry.0.saturating_add(item.quantity), entry.1.saturating_add(item.amount));
    }
    used
}
