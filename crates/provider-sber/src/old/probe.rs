//! After a lost answer: the order as it is now, read against the order as it was before the first send.
//!
//! One look, one verdict. Waiting for the settle window, asking for two agreeing looks, and doubting a match on an
//! account that others refund on too are the engine's work. It must not read the clock or send anything.

use super::{
    payment::{Sums, numbers, same_order, state, sums},
    record::PaymentRecord,
    wire::status::Order,
};
use crate::OrderId;
use refund_core::{Money, Payment, PaymentState, Verdict};

/// What one look at the order proves about a refund of `amount`.
///
/// | `refundedAmount` against the baseline | `refunds[]`, where both looks have it | verdict |
/// |---|---|---|
/// | unchanged | no new entry | not seen |
/// | more by exactly the amount | exactly one new entry, of that amount | happened |
/// | anything else, or something new that does not fit | | cannot tell, with the numbers |
pub(super) fn judge(order: &Order, asked: &OrderId, baseline: &Payment, amount: Money) -> Verdict {
    compare(order, asked, baseline, amount).unwrap_or_else(|detail| Verdict::CannotTell { detail })
}

/// The error is the reason why nobody can tell.
fn compare(order: &Order, asked: &OrderId, baseline: &Payment, amount: Money) -> Result<Verdict, String> {
    same_order(order, asked)?;
    let before = baseline.refunded.ok_or("refundedAmount was not shown before the refund was sent")?;
    let record = PaymentRecord::read(&baseline.data)?;
    let now = comparable(order, baseline)?;
    let refunded =
        now.refunded.ok_or_else(|| format!("refundedAmount is not shown now: {}", numbers(order)))?;
    let (before, amount) = (before.minor(), amount.minor());
    let fresh = fresh(&record, before, order);
    let tell = |what: &str| {
        format!("{what}: {before} was refunded before, {refunded} now, {amount} was asked, {}", shown(&fresh))
    };
    match (refunded.checked_sub(before), &fresh) {
        (Some(0), Fresh::NoList) => Ok(Verdict::NotSeen),
        (Some(0), Fresh::Entries(entries)) if entries.is_empty() => Ok(Verdict::NotSeen),
        (Some(delta), Fresh::NoList) if delta == amount => Ok(Verdict::Happened(None)),
        (Some(delta), Fresh::Entries(entries)) if delta == amount && *entries == [amount] => {
            Ok(Verdict::Happened(None))
        }
        (Some(0), _) => Err(tell("the refunded sum is unchanged and the list of refunds is not")),
        (Some(delta), _) if delta == amount => Err(tell("the sum fits and the list of refunds does not")),
        _ => Err(tell("the refunded sum changed by something else")),
    }
}

/// The sums now, if the order is still the same in everything but its refunds. A reversed order shows zeros, which must
/// not pass for "nothing was refunded".
fn comparable(order: &Order, baseline: &Payment) -> Result<Sums, String> {
    let state = state(order)?;
    if state != PaymentState::Captured {
        return Err(format!("the order is no longer captured: {}", numbers(order)));
    }
    if let Some(currency) = order.currency.filter(|currency| *currency != baseline.captured.currency()) {
        return Err(format!("the order was in {}, it is in {currency} now", baseline.captured.currency()));
    }
    let now = sums(order, &state)?;
    match baseline.captured.minor() {
        captured if captured == now.captured => Ok(now),
        captured => Err(format!("{captured} was captured before, {} now: {}", now.captured, numbers(order))),
    }
}

/// Amounts of `refunds[]` that were not there before.
#[derive(Debug, PartialEq, Eq)]
enum Fresh {
    /// At least one look had no list to compare.
    NoList,
    /// These are new.
    Entries(Vec<i64>),
    /// Something that was there is gone.
    Shrunk,
}

/// The list appears with the first refund, so before it "no list" is an empty one; that the account's status version
/// has lists at all is known only when one is seen.
fn fresh(record: &PaymentRecord, refunded_before: i64, order: &Order) -> Fresh {
    let before = match (&record.refunds, refunded_before) {
        (Some(list), _) => list.clone(),
        (None, 0) => Vec::new(),
        (None, _) => return Fresh::NoList,
    };
    let Some(now) = &order.refunds else {
        return if before.is_empty() { Fresh::NoList } else { Fresh::Shrunk };
    };
    let mut new: Vec<i64> = now.iter().map(|refund| refund.amount).collect();
    for known in before {
        match new.iter().position(|amount| *amount == known) {
            Some(index) => drop(new.swap_remove(index)),
            None => return Fresh::Shrunk,
        }
    }
    new.sort_unstable();
    Fresh::Entries(new)
}

fn shown(fresh: &Fresh) -> String {
    match fresh {
        Fresh::NoList => "no list of refunds to compare".to_owned(),
        Fresh::Entries(entries) => format!("new entries of refunds[]: {entries:?}"),
        Fresh::Shrunk => "an entry of refunds[] is gone".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::old::{
        payment::payment,
        wire::status::{self, Answer},
    };
    use proptest::prelude::*;
    use refund_core::Opaque;

    const ORDER: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";

    fn id() -> OrderId {
        OrderId::parse(ORDER).expect("36 characters")
    }

    fn order(members: &str) -> Order {
        let body = format!(r#"{{"errorCode":"0","amount":47000,"currency":"643",{members}}}"#);
        match status::decode(200, body.as_bytes()) {
            Ok(Answer::Done(order)) => order,
            other => panic!("{body}: {other:?}"),
        }
    }

    /// An order of 470.00 with so much refunded and, if given, this list.
    fn state_of(refunded: i64, list: Option<&str>) -> String {
        let (status, deposited) = (if refunded == 0 { 2 } else { 4 }, 47_000 - refunded);
        let sums = format!(
            r#""orderStatus":{status},"paymentAmountInfo":{{"depositedAmount":{deposited},"refundedAmount":{refunded}}}"#
        );
        list.map_or(sums.clone(), |list| format!(r#"{sums},"refunds":{list}"#))
    }

    fn verdict(before: &str, now: &str, amount: i64) -> Verdict {
        let baseline = payment(&order(before), &id()).expect("a readable baseline");
        judge(&order(now), &id(), &baseline, Money::rub(amount))
    }

    #[derive(Debug)]
    enum Expected {
        NotSeen,
        Happened,
        CannotTell(&'static str),
    }
    use Expected::{CannotTell, Happened, NotSeen};

    fn check(before: &str, now: &str, expected: &Expected) {
        match (verdict(before, now, 10_000), expected) {
            (Verdict::NotSeen, NotSeen) | (Verdict::Happened(None), Happened) => {}
            (Verdict::CannotTell { detail }, CannotTell(part)) => assert!(detail.contains(part), "{detail}"),
            (got, expected) => panic!("{before} → {now}: {got:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn sums_and_lists_against_the_baseline() {
        const OURS: &str = r#"[{"amount":10000}]"#;
        const EARLIER: &str = r#"[{"amount":5000}]"#;
        const BOTH: &str = r#"[{"amount":10000},{"amount":5000}]"#;
        type Look = (i64, Option<&'static str>);
        let cases: &[(Look, Look, Expected)] = &[
            // No list on this account's status version.
            ((0, None), (0, None), NotSeen),
            ((0, None), (10_000, None), Happened),
            ((5_000, None), (5_000, None), NotSeen),
            ((5_000, None), (15_000, None), Happened),
            ((0, None), (9_999, None), CannotTell("0 was refunded before, 9999 now, 10000 was asked")),
            ((0, None), (20_000, None), CannotTell("something else")),
            ((5_000, None), (0, None), CannotTell("something else")),
            // The list appears with the first refund.
            ((0, None), (10_000, Some(OURS)), Happened),
            ((0, Some("[]")), (10_000, Some(OURS)), Happened),
            ((0, None), (10_000, Some(r#"{"amount":10000}"#)), Happened),
            ((0, None), (0, Some("[]")), NotSeen),
            ((5_000, Some(EARLIER)), (5_000, Some(EARLIER)), NotSeen),
            ((5_000, Some(EARLIER)), (15_000, Some(BOTH)), Happened),
            // A second refund of the same amount is a new entry beside the old one.
            ((10_000, Some(OURS)), (20_000, Some(r#"[{"amount":10000},{"amount":10000}]"#)), Happened),
            ((10_000, Some(OURS)), (10_000, Some(OURS)), NotSeen),
            // The list was not there for an earlier refund: the sum alone speaks.
            ((5_000, None), (15_000, Some(BOTH)), Happened),
            ((5_000, None), (5_000, Some(EARLIER)), NotSeen),
            // Sum and list disagree.
            (
                (0, None),
                (10_000, Some(r#"[{"amount":4000},{"amount":6000}]"#)),
                CannotTell("the sum fits and the list of refunds does not"),
            ),
            ((0, None), (10_000, Some("[]")), CannotTell("the sum fits")),
            ((0, None), (10_000, Some(r#"[{"amount":9999}]"#)), CannotTell("entries of refunds[]: [9999]")),
            ((0, None), (0, Some(OURS)), CannotTell("the refunded sum is unchanged and the list")),
            ((5_000, Some(EARLIER)), (15_000, Some(OURS)), CannotTell("an entry of refunds[] is gone")),
            ((5_000, Some(EARLIER)), (15_000, None), CannotTell("an entry of refunds[] is gone")),
            ((5_000, Some(EARLIER)), (5_000, None), CannotTell("an entry of refunds[] is gone")),
            (
                (0, None),
                (20_000, Some(r#"[{"amount":10000},{"amount":10000}]"#)),
                CannotTell("something else"),
            ),
        ];
        for ((before, before_list), (now, now_list), expected) in cases {
            check(&state_of(*before, *before_list), &state_of(*now, *now_list), expected);
        }
    }

    #[test]
    fn an_order_that_changed_otherwise_proves_nothing() {
        let paid = state_of(0, None);
        let cases = [
            // Reversed in the cabinet: zero refunded, and yet the money went back.
            (
                r#""orderStatus":3,"paymentAmountInfo":{"paymentState":"REVERSED","depositedAmount":0,"refundedAmount":0}"#,
                "no longer captured",
            ),
            (
                r#""orderStatus":42,"paymentAmountInfo":{"depositedAmount":47000,"refundedAmount":0}"#,
                "no longer captured",
            ),
            (
                r#""orderStatus":2,"paymentAmountInfo":{"depositedAmount":40000,"refundedAmount":0}"#,
                "47000 was captured before, 40000 now",
            ),
            // Gross instead of net.
            (
                r#""orderStatus":4,"paymentAmountInfo":{"depositedAmount":47000,"refundedAmount":10000}"#,
                "exceed the registered amount",
            ),
            (r#""orderStatus":2"#, "refundedAmount is not shown now"),
            (r#""orderStatus":4"#, "does not say what was captured"),
            (r#""actionCode":0"#, "neither orderStatus nor paymentState"),
            (
                r#""attributes":[{"name":"mdOrder","value":"other"}],"orderStatus":2,"paymentAmountInfo":{"depositedAmount":47000,"refundedAmount":0}"#,
                "the answer is about other",
            ),
        ];
        for (now, part) in cases {
            check(&paid, now, &CannotTell(part));
        }
        let blind = r#""orderStatus":2"#;
        check(blind, &state_of(10_000, None), &CannotTell("refundedAmount was not shown before"));
    }

    #[test]
    fn a_baseline_of_another_making_proves_nothing() {
        for (schema, bytes) in
            [("robokassa/payment@1", "{}"), ("sber-old/payment@2", "{}"), ("sber-old/payment@1", "x")]
        {
            let mut baseline = payment(&order(&state_of(0, None)), &id()).expect("readable");
            baseline.data = Opaque::new(schema, bytes.into()).expect("short");
            let verdict = judge(&order(&state_of(0, None)), &id(), &baseline, Money::rub(1));
            assert!(matches!(verdict, Verdict::CannotTell { .. }), "{schema}");
        }
        let mut baseline = payment(&order(&state_of(0, None)), &id()).expect("readable");
        baseline.captured = Money::new(47_000, refund_core::Currency::from_code("EUR").expect("in ISO 4217"));
        let verdict = judge(&order(&state_of(0, None)), &id(), &baseline, Money::rub(1));
        assert!(matches!(verdict, Verdict::CannotTell { detail } if detail.contains("EUR")));
    }

    proptest! {
        #[test]
        fn only_a_matching_change_is_taken_for_ours(
            before in 0..=20_000_i64, change in -20_000..=20_000_i64, amount in 1..=20_000_i64,
        ) {
            let now = before + change;
            prop_assume!(now >= 0);
            let got = verdict(&state_of(before, None), &state_of(now, None), amount);
            prop_assert_eq!(got == Verdict::NotSeen, change == 0);
            prop_assert_eq!(got == Verdict::Happened(None), change == amount);
        }
    }
}
