//! Checking a request against an order as a file tells it: no journal, no secrets, no network.
//!
//! The same rules as when it is created, in the same order: the core's, then, once those hold, the gateway's own. What
//! only a gateway or a journal knows (whether the payment is there, refunds the file does not tell) is not checked.

use crate::{
    files::{Order, Request, RequestRef},
    gateways::Gateway,
    problem::{Kind, Problem, in_request},
};
use refund_core::{
    AccountId, CartPolicy, CheckedRefund, LineageKey, MessageDef, Money, Payment, Prepared, Prior,
    ProviderId, RefundCommand, RefundProvider, Support, Violation, allocate, rules,
    rules::{Checker, Violations},
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

/// What the requests of a batch are checked against.
#[derive(Clone, Copy, Debug)]
pub struct Against<'a> {
    /// The gateway's id.
    pub provider: &'a ProviderId,
    /// Whose account.
    pub account: &'a AccountId,
    /// The payment, with the order's cart.
    pub payment: &'a Payment,
    /// What was refunded of it before.
    pub prior: &'a Prior,
    /// The gateway's limits and rules.
    pub policy: &'a CartPolicy,
}

/// Why a request is not accepted.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// The file is not a request.
    File(Problem),
    /// It is one, and it breaks rules.
    Rules(Violations),
}

/// Checks a request from the bytes of its file, for whoever checks many: how much would be refunded. It reads no other
/// file, builds nothing that could be sent and asks no rule of the gateway's own that only a built request can break.
///
/// A request that is right is not even copied out of `bytes`; one that is not is made whole and checked again, so that
/// the refusal is the same as everywhere.
///
/// # Errors
/// A [`Refusal`].
pub fn check_bytes(checker: &mut Checker, bytes: &[u8], against: &Against<'_>) -> Result<Money, Refusal> {
    let Against { provider, account, payment, prior, policy } = *against;
    let request = RequestRef::parse(bytes).map_err(Refusal::File)?;
    let mut command = request.head().command(provider.clone(), account.clone());
    // Lines that are to be made are not in the file yet.
    if command.allocate.is_none()
        && let Some(amount) = checker.surely_right(&command, request.lines(), payment, prior, policy)
    {
        return Ok(amount);
    }
    command.lines = request.into_request().map_err(Refusal::File)?.lines;
    let completed = allocate::complete(&command, payment, prior, policy)
        .map_err(|refusal| Violations::from(Violation::from(refusal)));
    let checked = completed.and_then(|command| checker.check(&command, payment, prior, policy));
    checked.map(|refund| refund.amount()).map_err(|found| Refusal::Rules(in_request(found)))
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
