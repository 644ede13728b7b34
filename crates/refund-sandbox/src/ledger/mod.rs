//! What really happened to the money: every payment, every refund, whatever the wire said.
//!
//! Knows sums, states and instants. Must not know how any gateway spells a request or a reply.

mod news;
mod payment;
mod receipt;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use uuid::Uuid;

pub(crate) use news::{News, What};
pub(crate) use payment::{
    Fiscal, Gateway, Move, MoveKind, Origin, Payment, Phase, Refund, RefundState, ReplayKey, Scheme,
};
pub(crate) use receipt::{Cause, Direction, Receipt, ReceiptState};
pub(crate) use view::view;

use crate::switches::Reservation;

/// The payment's place in the book, and the refund's place among its refunds.
type Place = (usize, usize);

/// The book of one sandbox.
#[derive(Default)]
pub(crate) struct Ledger {
    payments: Vec<Payment>,
    by_id: BTreeMap<(Gateway, String), usize>,
    by_number: BTreeMap<(Gateway, String), Vec<usize>>,
    by_request: BTreeMap<Uuid, Place>,
    /// Refunds still processing, in the order they fall due.
    due: BTreeSet<(Timestamp, Place)>,
    /// Receipts that belong to no payment.
    loose: Vec<Receipt>,
    /// What happened and nobody has been told yet.
    news: Vec<News>,
}

/// A refund to be written: everything that is known before it has a place.
pub(crate) struct NewRefund {
    pub(crate) amount: u64,
    /// Loyalty points that go back with the money.
    pub(crate) points: u64,
    pub(crate) penalty: u64,
    pub(crate) at: Timestamp,
    /// When it finishes by itself; the same as `at` for a refund that is finished at once.
    pub(crate) due: Timestamp,
    pub(crate) request: Option<Uuid>,
    pub(crate) origin: Origin,
    /// The receipt lines as they were sent.
    pub(crate) lines: Vec<Box<serde_json::value::RawValue>>,
    /// Fiscal parameters sent with it.
    pub(crate) extras: Fiscal,
    pub(crate) key: Option<ReplayKey>,
    pub(crate) receipt: Option<Receipt>,
}

impl NewRefund {
    /// Money that goes back at once, and nothing else; the rest is filled in by struct update.
    pub(crate) fn at_once(amount: u64, at: Timestamp, origin: Origin) -> Self {
        Self {
            amount,
            points: 0,
            penalty: 0,
            at,
            due: at,
            request: None,
            origin,
            lines: Vec::new(),
            extras: Fiscal::new(),
            key: None,
            receipt: None,
        }
    }
}

impl Ledger {
    /// Enters a payment. `false`, and nothing changes, if the gateway already has one of that id.
    pub(crate) fn enter(&mut self, payment: Payment) -> bool {
        let key = (payment.gateway, payment.id.clone());
        if self.by_id.contains_key(&key) {
            return false;
        }
        let at = self.payments.len();
        self.by_id.insert(key, at);
        self.by_number.entry((payment.gateway, payment.number.clone())).or_default().push(at);
        self.payments.push(payment);
        true
    }

    pub(crate) fn find(&self, gateway: Gateway, id: &str) -> Option<&Payment> {
        let at = self.by_id.get(&(gateway, id.to_owned()))?;
        self.payments.get(*at)
    }

    /// Every payment of that merchant-side number; Robokassa may have several.
    pub(crate) fn numbered(&self, gateway: Gateway, number: &str) -> Vec<&Payment> {
        let places = self.by_number.get(&(gateway, number.to_owned()));
        places.into_iter().flatten().filter_map(|at| self.payments.get(*at)).collect()
    }

    /// Every refund of a gateway.
    pub(crate) fn refunds_at(&self, gateway: Gateway) -> impl Iterator<Item = &Refund> {
        let payments = self.payments.iter().filter(move |payment| payment.gateway == gateway);
        payments.flat_map(|payment| &payment.refunds)
    }

    pub(crate) fn refund_of_request(&self, request: Uuid) -> Option<&Refund> {
        let (payment, refund) = self.by_request.get(&request)?;
        self.payments.get(*payment)?.refunds.get(*refund)
    }

    /// Writes a refund of the payment with this id. `false` if there is no such payment.
    ///
    /// Checks no balance: what a gateway refuses is the gateway's business.
    pub(crate) fn write(&mut self, gateway: Gateway, id: &str, new: NewRefund) -> bool {
        let Some(&at) = self.by_id.get(&(gateway, id.to_owned())) else { return false };
        let Some(payment) = self.payments.get_mut(at) else { return false };
        let place = (at, payment.refunds.len());
        let finished = new.due <= new.at;
        if let Some(request) = new.request {
            self.by_request.insert(request, place);
        }
        if !finished {
            self.due.insert((new.due, place));
        }
        let receipt = new.receipt.map(|receipt| {
            payment.receipts.push(receipt);
            payment.receipts.len() - 1
        });
        payment.refunds.push(Refund {
            amount: new.amount,
            points: new.points,
            penalty: new.penalty,
            at: new.at,
            due: new.due,
            state: if finished { RefundState::Finished } else { RefundState::Processing },
            request: new.request,
            origin: new.origin,
            lines: new.lines,
            extras: new.extras,
            key: new.key,
            receipt,
        });
        if finished {
            self.news.push(News::of(payment, What::Refunded(new.amount)));
        }
        true
    }

    /// Changes a payment by anything but a refund and notes what it was, if anyone is to be told.
    /// `None`, and nothing changes, if there is no such payment.
    pub(crate) fn change<T>(
        &mut self,
        gateway: Gateway,
        id: &str,
        what: Option<What>,
        change: impl FnOnce(&mut Payment) -> T,
    ) -> Option<T> {
        let at = *self.by_id.get(&(gateway, id.to_owned()))?;
        let payment = self.payments.get_mut(at)?;
        let changed = change(payment);
        self.news.extend(what.map(|what| News::of(payment, what)));
        Some(changed)
    }

    /// Enters a receipt that belongs to no payment.
    pub(crate) fn enter_receipt(&mut self, receipt: Receipt) {
        self.loose.push(receipt);
    }

    /// A receipt by its id, and the payment it belongs to.
    pub(crate) fn receipt(&self, id: Uuid) -> Option<(Option<&Payment>, &Receipt)> {
        let of_payments = self
            .payments
            .iter()
            .flat_map(|payment| payment.receipts.iter().map(move |receipt| (Some(payment), receipt)));
        let loose = self.loose.iter().map(|receipt| (None, receipt));
        of_payments.chain(loose).find(|(_, receipt)| receipt.id == id)
    }

    /// Every receipt there is.
    pub(crate) fn receipts_mut(&mut self) -> impl Iterator<Item = &mut Receipt> {
        let of_payments = self.payments.iter_mut().flat_map(|payment| &mut payment.receipts);
        of_payments.chain(&mut self.loose)
    }

    /// What happened since this was asked last.
    pub(crate) fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    /// Finishes every refund that is due by `now`, oldest first.
    ///
    /// Under [`Reservation::AtFinish`] a request that finds its money gone is cancelled: the list of
    /// labels has nothing better (GUESS).
    pub(crate) fn settle(&mut self, now: Timestamp, reservation: Reservation) {
        while let Some(entry) = self.due.first().copied().filter(|(due, _)| *due <= now) {
            self.due.remove(&entry);
            let (_, (at, index)) = entry;
            let Some(payment) = self.payments.get_mut(at) else { continue };
            let left = payment.remaining(Reservation::AtFinish);
            let Some(refund) = payment.refunds.get_mut(index) else { continue };
            let covered = reservation == Reservation::AtAcceptance || refund.amount <= left;
            refund.state = if covered { RefundState::Finished } else { RefundState::Canceled };
            if covered {
                let amount = refund.amount;
                self.news.push(News::of(payment, What::Refunded(amount)));
            }
        }
        self.receipts_mut().for_each(|receipt| receipt.settle(now));
    }

    /// Cancels a request that is still processing: the named one, else the payment's latest.
    /// Answers the request's id, or `None` if there is nothing to cancel.
    pub(crate) fn cancel(&mut self, gateway: Gateway, id: &str, request: Option<Uuid>) -> Option<Uuid> {
        let at = *self.by_id.get(&(gateway, id.to_owned()))?;
        let payment = self.payments.get_mut(at)?;
        let open = |refund: &Refund| {
            refund.state == RefundState::Processing && (request.is_none() || refund.request == request)
        };
        let index = payment.refunds.iter().rposition(open)?;
        let refund = payment.refunds.get_mut(index)?;
        refund.state = RefundState::Canceled;
        self.due.remove(&(refund.due, (at, index)));
        refund.request
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment(captured: u64) -> Payment {
        Payment::paid(Gateway::Robokassa, "k", "1", captured, Timestamp::UNIX_EPOCH)
    }

    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        assert!(ledger.enter(payment(1000)));
        assert!(!ledger.enter(payment(5)));
        ledger
    }

    fn refund(amount: u64, at: i64, due: i64) -> NewRefund {
        let second = |s| Timestamp::from_second(s).unwrap();
        NewRefund {
            due: second(due),
            request: Some(crate::ids::uuid()),
            ..NewRefund::at_once(amount, second(at), Origin::Api)
        }
    }

    fn states(ledger: &Ledger) -> Vec<RefundState> {
        ledger.payments[0].refunds.iter().map(|refund| refund.state).collect()
    }

    #[test]
    fn refunds_finish_when_they_are_due_and_not_before() {
        let mut ledger = ledger();
        ledger.write(Gateway::Robokassa, "k", refund(300, 0, 30));
        ledger.settle(Timestamp::from_second(29).unwrap(), Reservation::AtAcceptance);
        assert_eq!(states(&ledger), [RefundState::Processing]);
        ledger.settle(Timestamp::from_second(30).unwrap(), Reservation::AtAcceptance);
        assert_eq!(states(&ledger), [RefundState::Finished]);
        assert_eq!(ledger.payments[0].refunded(), 300);
    }

    #[test]
    fn a_cancelled_request_gives_its_money_back_and_never_finishes() {
        let mut ledger = ledger();
        ledger.write(Gateway::Robokassa, "k", refund(300, 0, 30));
        assert!(ledger.cancel(Gateway::Robokassa, "k", None).is_some());
        assert!(ledger.cancel(Gateway::Robokassa, "k", None).is_none());
        ledger.settle(Timestamp::from_second(99).unwrap(), Reservation::AtAcceptance);
        assert_eq!(states(&ledger), [RefundState::Canceled]);
        assert_eq!(
            (ledger.payments[0].refunded(), ledger.payments[0].remaining(Reservation::AtFinish)),
            (0, 1000)
        );
    }

    #[test]
    fn money_is_reserved_at_acceptance_or_at_finish() {
        let mut ledger = ledger();
        ledger.write(Gateway::Robokassa, "k", refund(700, 0, 30));
        assert_eq!(ledger.payments[0].remaining(Reservation::AtAcceptance), 300);
        assert_eq!(ledger.payments[0].remaining(Reservation::AtFinish), 1000);
        ledger.write(Gateway::Robokassa, "k", refund(700, 0, 31));
        ledger.settle(Timestamp::from_second(40).unwrap(), Reservation::AtFinish);
        assert_eq!(states(&ledger), [RefundState::Finished, RefundState::Canceled]);
    }
}
