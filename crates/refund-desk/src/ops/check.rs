//! Checking a request against an order as a file tells it: no journal, no secrets, no network.
//!
//! The same rules as when it is created, in the same order: the core's, then, once those hold, the gateway's own. What
//! only a gateway or a journal knows (whether the payment is there, refunds the file does not tell) is not checked.

use crate::{
    files::{Order, Request},
    gateways::Gateway,
    problem::{Kind, Problem, in_request},
};
use refund_core::{
    AccountId, CheckedRefund, LineageKey, MessageDef, Payment, Prepared, ProviderId, RefundCommand,
    RefundProvider, Support, Violation, allocate, rules, rules::Violations,
};

/// What a check found.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The provider's id.
    pub provider: ProviderId,
    /// The payment the order would be.
    pub payment: Payment,
    /// What would be refunded, or every broken rule.
    pub outcome: Result<Checked, Violations>,
}

/// A refund that every rule accepts.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What would be refunded.
    pub refund: CheckedRefund,
    /// The request that would be sent, without credentials and with a sample in place of what only the gateway knows.
    pub prepared: Prepared,
}

/// Checks a request against an order; without one, against the request's own order file.
///
/// # Errors
/// A [`Problem`] when there is no order, or it is another one.
pub fn check(gateway: &dyn Gateway, request: &Request, order: Option<&Order>) -> Result<Verdict, Problem> {
    let none = || Problem::new(Kind::Usage, &NO_ORDER).at("--order").advise(&NO_ORDER_ADVICE);
    let order = order.or(request.sold.as_ref()).ok_or_else(none)?;
    order.is_of(&request.order)?;
    let account = AccountId::parse("check").expect("a word is an account");
    let offline = gateway.offline(account.clone())?;
    let (provider, descriptor) = (&*offline.provider, offline.provider.describe());
    let mut command = request.command(descriptor.id.clone(), account);
    if command.order.is_none() && !order.cart.lines.is_empty() {
        command.order = Some(order.cart.clone());
    }
    let mut payment = order.as_payment(offline.payment);
    if descriptor.capabilities.cart == Support::No {
        payment.cart = None;
    }
    let outcome = accepted(provider, &command, &payment, order).map_err(in_request);
    Ok(Verdict { provider: descriptor.id.clone(), payment, outcome })
}

fn accepted(
    provider: &dyn RefundProvider,
    command: &RefundCommand,
    payment: &Payment,
    order: &Order,
) -> Result<Checked, Violations> {
    let policy = &provider.describe().cart;
    let command = allocate::complete(command, payment, &order.earlier, policy).map_err(Violation::from)?;
    let refund = rules::check(&command, payment, &order.earlier, policy)?;
    let key = LineageKey::parse("check").expect("five letters are a lineage key");
    let prepared = provider.prepare(&refund, payment, &key)?;
    Ok(Checked { refund, prepared })
}

static NO_ORDER: MessageDef = MessageDef {
    id: "check-no-order",
    en: "There is no order to check the request against.",
    ru: "Нет заказа, с которым можно сверить запрос.",
};
static NO_ORDER_ADVICE: MessageDef = MessageDef {
    id: "check-no-order-advice",
    en: "Name its file with --order, or in the request as order_file (schema refund/order@1).",
    ru: "Укажите его файл: --order или order_file в запросе (схема refund/order@1).",
};

/// Every sentence of this module, for tests.
pub(crate) const DEFS: &[&MessageDef] = &[&NO_ORDER, &NO_ORDER_ADVICE];
