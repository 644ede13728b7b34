//! What this dialect refuses before anything is sent: the gateway's own limits, one rule a file, each with its source.
//!
//! Core's rules have already passed, those about carts included. All violations are reported together, in precedence
//! order. It must not build a request.

mod amount;
mod currency;
mod language;
mod payment;
mod penalty;
mod receipt;
mod receipt_extras;
mod request_size;
mod reserved_name;

pub(super) use payment::order_id;
pub(super) use request_size::payload;

use super::{
    config::Config,
    lines,
    record::FiscalRecord,
    wire::{
        form::{Amount, JsonParams, Language},
        items::RefundItems,
        ofd::OfdParams,
    },
};
use crate::OrderId;
use refund_core::{CheckedRefund, MessageDef, Payment, Violation, Violations, rules::RuleDef};

/// The rules of this dialect, in precedence order.
pub const RULES: &[&RuleDef] = &[
    &payment::RULE,
    &currency::RULE,
    &amount::RULE,
    &receipt::RULE,
    &receipt_extras::RULE,
    &reserved_name::RULE,
    &penalty::RULE,
    &language::RULE,
    &request_size::RULE,
];

/// Ids that were rules of this dialect once and are never used again. What `sber-old-penalty-loyalty` said is the core's
/// `penalty-not-with-loyalty` now.
pub const RETIRED: &[&str] = &["sber-old-penalty-loyalty"];

/// Every sentence the rules say.
pub const MESSAGES: &[&MessageDef] = &[
    &payment::NOT_OURS,
    &payment::NOT_AN_ORDER_ID,
    &currency::OTHER,
    &amount::TOO_LONG,
    &receipt::NO_CART,
    &receipt::CART_MAKES_ONE,
    &receipt::UNKNOWN,
    &receipt_extras::UNKNOWN,
    &receipt_extras::COUNT,
    &receipt_extras::FORMAT,
    &receipt_extras::NO_RECEIPT,
    &reserved_name::RESERVED,
    &reserved_name::PENALTY,
    &penalty::OUTSIDE,
    &language::UNKNOWN,
    &request_size::TOO_LONG,
];

/// What a request needs, once nothing is wrong.
#[derive(Debug)]
pub(super) struct Sendable<'a> {
    pub(super) order_id: OrderId,
    pub(super) amount: Amount,
    pub(super) items: Option<RefundItems<'a>>,
    pub(super) ofd_params: Option<OfdParams>,
    pub(super) json_params: Option<JsonParams>,
    pub(super) language: Option<Language>,
}

/// # Errors
/// Every violation, in precedence order.
pub(super) fn check<'a>(
    refund: &'a CheckedRefund,
    payment: &Payment,
    config: &Config,
) -> Result<Sendable<'a>, Violations> {
    let mut found = Vec::new();
    let order_id = keep(payment::check(refund.payment(), config), &mut found);
    found.extend(currency::check(refund.amount()));
    let amount = keep(amount::check(refund.amount(), "amount"), &mut found);
    let items = items(refund, payment, &mut found);
    found.extend(receipt::check(refund, payment));
    let ofd_params = receipt_extras::check(refund, &mut found);
    let params = reserved_name::check(refund.command(), &mut found);
    let json_params = penalty::check(refund, params, &mut found);
    let language = keep(language::check(refund.command(), config), &mut found);
    if let Some(violations) = Violations::found(found) {
        return Err(violations);
    }
    Ok(Sendable {
        order_id: order_id.expect("no violation was found"),
        amount: amount.expect("no violation was found"),
        items,
        ofd_params,
        json_params: Some(json_params).filter(|params| !params.is_empty()),
        language: language.expect("no violation was found"),
    })
}

fn keep<T>(result: Result<T, Violation>, found: &mut Vec<Violation>) -> Option<T> {
    result.map_err(|violation| found.push(violation)).ok()
}

/// The lines as they are sent, with what their sale said of them.
fn items<'a>(
    refund: &'a CheckedRefund,
    payment: &Payment,
    found: &mut Vec<Violation>,
) -> Option<RefundItems<'a>> {
    let fiscal = FiscalRecord::read(payment.fiscal.as_ref());
    let items = refund.lines()?.iter().enumerate().filter_map(|(index, line)| {
        let amount = keep(amount::check(line.amount, &format!("lines[{index}].amount")), found)?;
        Some(lines::item(line, amount, fiscal.of(&line.sold.position)))
    });
    Some(RefundItems(items.collect()))
}

#[cfg(test)]
mod tests;
