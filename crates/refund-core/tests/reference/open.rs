//! Where the documents' reading stands and the check does not follow it yet. Each entry says what the document says and
//! which of its violations the check leaves out; an entry that nothing differs by any more must be taken out.

use crate::{
    case::Case,
    documents::{self, Broken, Reading},
};
use refund_core::PriorCarts;
use rust_decimal::Decimal;

/// One open question to the check.
pub(crate) struct Open {
    pub(crate) what: &'static str,
    /// True where it explains that the check leaves this out.
    explains: fn(&Case, &Reading<'_>, &Broken) -> bool,
}

pub(crate) const OPEN: &[Open] = &[
    Open {
        what: "every violation is told at once, also where sums in two currencies cannot be put together",
        explains: |_, reading, _| reading.asked().is_none(),
    },
    Open {
        what: "lines of earlier refunds show that an earlier refund had a cart",
        explains: |case, _, (rule, ..)| {
            let prior = &case.prior;
            *rule == "cart-continues" && prior.carts == PriorCarts::None && !prior.lines.is_empty()
        },
    },
    Open {
        what: "a cart is compared with the confirmed money; points count in autoRefund requests only",
        explains: |_, reading, (rule, ..)| *rule == "cart-within-confirmed" && reading.has_points(),
    },
    Open {
        what: "an order whose total is beyond counting does not total the payment",
        explains: |case, _, (rule, ..)| *rule == "order-totals-the-payment" && beyond(case),
    },
    Open {
        what: "a written price and a quantity above zero may make less than a kopeck",
        explains: |case, _, (rule, path, _)| {
            let lines = case.command.lines.iter().flatten().enumerate();
            let mut line =
                lines.filter(|(at, _)| *path == format!("lines[{at}].amount")).map(|(_, line)| line);
            *rule == "cart-line-positive" && line.any(|line| line.amount.is_none() && line.price.is_some())
        },
    },
];

fn beyond(case: &Case) -> bool {
    let paid = case.command.order.iter().flat_map(|order| &order.lines).filter_map(documents::paid);
    i64::try_from(paid.sum::<Decimal>()).is_err()
}

/// The entry that explains all that the check leaves out; `None` where something remains unexplained.
pub(crate) fn explained(case: &Case, left_out: &[Broken]) -> Option<&'static str> {
    let reading = Reading::of(case);
    let explains = |broken: &Broken| OPEN.iter().find(|open| (open.explains)(case, &reading, broken));
    let found: Option<Vec<_>> = left_out.iter().map(explains).collect();
    found?.first().map(|open| open.what)
}
