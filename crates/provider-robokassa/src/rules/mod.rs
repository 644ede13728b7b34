//! What this gateway cannot refund: rules beside those of the core, each in a file of its own.
//!
//! They turn a checked refund into the payload that is sent, or tell every violation at once. They must not know how it
//! is sent.

mod account;
mod currency;
mod item_count;
mod item_name;
mod line_fiscal;
mod not_taken;
mod operation_key;
mod receipt;
mod sum_left_out;
mod unit_price;

pub(crate) use item_count::ITEMS_MAX;
pub(crate) use item_name::NAME;
pub(crate) use unit_price::COST_MAX;

use crate::wire::{create::CreatePayload, items::InvoiceItem};
use refund_core::{
    AccountId, CheckedLine, CheckedRefund, MessageDef, Payment, Violation, Violations, rules::RuleDef,
};

/// Every rule of this provider, in precedence order, for catalogues.
pub const ALL: &[&RuleDef] = &[
    &account::RULE,
    &operation_key::RULE,
    &currency::RULE,
    &sum_left_out::RULE,
    &not_taken::RULE,
    &receipt::RULE,
    &item_name::RULE,
    &line_fiscal::RULE,
    &unit_price::RULE,
    &item_count::RULE,
];

/// Ids that were rules of this provider once and are never used again.
pub const RETIRED: &[&str] = &[];

/// Every sentence the rules say.
pub const MESSAGES: &[&MessageDef] = &[
    &account::MESSAGE,
    &operation_key::ABSENT,
    &operation_key::UNREADABLE,
    &currency::MESSAGE,
    &sum_left_out::MESSAGE,
    &not_taken::MESSAGE,
    &receipt::NO_LINES,
    &receipt::UNKNOWN,
    &item_name::MESSAGE,
    &line_fiscal::UNKNOWN,
    &line_fiscal::ABSENT,
    &unit_price::MESSAGE,
    &item_count::MESSAGE,
];

/// The payload of a refund that every rule accepts.
///
/// `RefundSum` is left out where the rule about it permits that. `InvoiceItems` are there exactly when a receipt was asked
/// for by name.
///
/// # Errors
/// Every violation at once, in precedence order.
pub(crate) fn payload(
    shop: &AccountId,
    refund: &CheckedRefund,
    payment: &Payment,
) -> Result<CreatePayload, Violations> {
    let mut found = Vec::new();
    keep(account::check(shop, refund.payment()), &mut found);
    let key = keep(operation_key::check(payment), &mut found);
    let amount = keep(currency::check(refund.amount()), &mut found);
    not_taken::check(refund.command(), &mut found);
    let lines = keep(receipt::check(refund), &mut found).unwrap_or_default();
    let invoice_items = items(lines, &mut found);
    if let Some(violations) = Violations::found(found) {
        return Err(violations);
    }
    let refund_sum = amount.filter(|_| !sum_left_out::permits(refund));
    let payload = CreatePayload::new(key.expect("no violation was found"));
    Ok(CreatePayload { refund_sum, invoice_items, ..payload })
}

fn keep<T>(result: Result<T, Violation>, found: &mut Vec<Violation>) -> Option<T> {
    result.map_err(|violation| found.push(violation)).ok()
}

/// The positions of the lines; each rule looks at all lines before the next one does.
fn items(lines: &[CheckedLine], found: &mut Vec<Violation>) -> Vec<InvoiceItem> {
    let numbered = || lines.iter().enumerate();
    found.extend(numbered().filter_map(|(index, line)| item_name::check(&line.sold, index)));
    let fiscal: Vec<_> =
        numbered().map(|(index, line)| line_fiscal::check(&line.sold, index, found)).collect();
    let prices: Vec<_> =
        numbered().map(|(index, line)| keep(unit_price::check(line, index), found)).collect();
    let positions = lines.iter().zip(fiscal).zip(prices).flat_map(|((line, fiscal), prices)| {
        let (tax, payment_method, payment_object) = fiscal?;
        let item = move |priced: unit_price::Priced| InvoiceItem {
            name: line.sold.name.clone(),
            quantity: priced.quantity,
            cost: priced.cost,
            tax,
            payment_method,
            payment_object,
        };
        Some(prices?.into_iter().map(item))
    });
    let items: Vec<_> = positions.flatten().collect();
    found.extend(item_count::check(lines.len(), items.len()));
    items
}

#[cfg(test)]
mod tests;
