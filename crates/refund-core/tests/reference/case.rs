//! One case: a refund, the payment, what was refunded before, the gateway's limits; and how it is shown to a person.

use crate::documents::{Binding, Bindings, RULES};
use refund_core::{Cart, CartPolicy, Payment, Prior, RefundCommand};
use std::fmt;

/// Everything a check looks at.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) command: RefundCommand,
    pub(crate) payment: Payment,
    pub(crate) prior: Prior,
    /// The gateway's limits; which rules bind is in `bindings`.
    pub(crate) policy: CartPolicy,
    pub(crate) bindings: Bindings,
}

impl Case {
    /// The order's cart that counts: the gateway's own where it has one, else the shop's.
    pub(crate) fn cart_mut(&mut self) -> Option<&mut Cart> {
        match &mut self.payment.cart {
            Some(cart) => Some(cart),
            None => self.command.order.as_mut(),
        }
    }

    pub(crate) fn cart(&self) -> Option<&Cart> {
        self.payment.cart.as_ref().or(self.command.order.as_ref())
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (command, payment, prior) = (&self.command, &self.payment, &self.prior);
        writeln!(f, "refund  {:?}, {:?}", command.amount, command.receipt)?;
        writeln!(f, "        penalty {:?}, params {:?}", command.penalty, command.params)?;
        writeln!(
            f,
            "payment {:?}, captured {}, refunded {:?}, points {:?}",
            payment.state, payment.captured, payment.refunded, payment.points
        )?;
        writeln!(
            f,
            "prior   done {}, open {}, {:?}, carts {:?}",
            prior.done, prior.open, prior.route, prior.carts
        )?;
        for used in &prior.lines {
            writeln!(
                f,
                "  used  {:?} {} for {}, {:?}",
                used.position, used.quantity, used.amount, used.stage
            )?;
        }
        cart(f, "gateway's cart", payment.cart.as_ref())?;
        cart(f, "shop's cart", command.order.as_ref())?;
        match &command.lines {
            None => writeln!(f, "no lines")?,
            Some(lines) => writeln!(f, "{} lines", lines.len())?,
        }
        for (index, line) in command.lines.iter().flatten().enumerate() {
            writeln!(
                f,
                "  [{index}] {:?} name {:?} code {:?} measure {:?}: {} × {:?} = {:?} in {:?}",
                line.position,
                line.name,
                line.code,
                line.measure,
                line.quantity,
                line.price,
                line.amount,
                line.currency
            )?;
        }
        let limits = &self.policy;
        writeln!(
            f,
            "limits  position {}, name {}, code {}, measure {}, quantity {}, price {}, amount {}, lines {}",
            limits.position,
            limits.name,
            limits.code,
            limits.measure,
            limits.quantity_max,
            limits.price_max,
            limits.amount_max,
            limits.lines_max
        )?;
        let of = |rule: &&&str| self.bindings.of(rule) != Some(Binding::Refuses);
        let softer: Vec<_> = RULES.iter().filter(of).map(|rule| (*rule, self.bindings.of(rule))).collect();
        write!(f, "every rule refuses, but {softer:?}")
    }
}

fn cart(f: &mut fmt::Formatter<'_>, whose: &str, cart: Option<&Cart>) -> fmt::Result {
    let Some(cart) = cart else { return writeln!(f, "{whose}: none") };
    writeln!(f, "{whose}: {} lines", cart.lines.len())?;
    for line in &cart.lines {
        writeln!(
            f,
            "  sold  {:?} {:?} code {:?} measure {:?}: {} × {:?} = {:?}, given back {:?} for {:?}",
            line.position,
            line.name,
            line.code,
            line.measure,
            line.quantity,
            line.price,
            line.amount,
            line.refunded.quantity,
            line.refunded.amount
        )?;
    }
    Ok(())
}
