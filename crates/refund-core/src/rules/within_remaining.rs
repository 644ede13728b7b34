//! Rule: within-remaining
//!
//! A refund is above zero and within what is left: captured, less what the gateway shows as refunded or this journal
//! saw done (the larger), less what this journal has in flight or cannot tell.

use super::{
    Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Value, Violation, Violations, view::View,
};
use crate::{Currency, Message, MessageDef, Money, MoneyError, Payment, Prior, RefundAmount, RefundCommand};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("within-remaining"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&EXCEEDS, &NOTHING_LEFT, &NONE_OF_IT_LEFT, &NOT_POSITIVE, &OTHER_CURRENCY, &UNCOUNTABLE],
    source: "Sber, refund.do: code 7, the refund exceeds the debited sum (CONFIRMED); Robokassa, refund API: \
             NotEnoughOperationFunds (CONFIRMED)",
    contradiction: Some(
        "The gateway's and the journal's sums may differ: a refund of ours may be on its way, or somebody refunds in \
         the cabinet. The larger of what the gateway shows and what the journal saw done counts, and what the journal \
         has open is added: this may refuse too much for a while, never too little.",
    ),
};

static EXCEEDS: MessageDef = MessageDef {
    id: "within-remaining",
    en: "{ $asked } asked, { $remaining } can still be refunded: { $captured } was captured, { $used } is refunded or \
         reserved by other refunds. Ask for { $remaining } or less.",
    ru: "Запрошено { $asked }, вернуть можно ещё { $remaining }: списано { $captured }, возвращено или занято другими \
         возвратами { $used }. Запросите не больше { $remaining }.",
};

static NOTHING_LEFT: MessageDef = MessageDef {
    id: "within-remaining-nothing-left",
    en: "Nothing is left to refund: { $captured } was captured, { $used } is refunded or reserved by other refunds. \
         Look at the earlier refunds of this payment.",
    ru: "Возвращать нечего: списано { $captured }, возвращено или занято другими возвратами { $used }. Посмотрите \
         прежние возвраты этого платежа.",
};

static NONE_OF_IT_LEFT: MessageDef = MessageDef {
    id: "within-remaining-none-of-it-left",
    en: "{ $asked } asked, nothing is left to refund: { $captured } was captured, { $used } is refunded or reserved by \
         other refunds. Look at the earlier refunds of this payment.",
    ru: "Запрошено { $asked }, но возвращать нечего: списано { $captured }, возвращено или занято другими возвратами \
         { $used }. Посмотрите прежние возвраты этого платежа.",
};

static NOT_POSITIVE: MessageDef = MessageDef {
    id: "within-remaining-not-positive",
    en: "{ $asked } asked; a refund must be above zero. To refund everything that is left, ask for \"full\".",
    ru: "Запрошено { $asked }: сумма возврата должна быть больше нуля. Чтобы вернуть весь остаток, укажите full.",
};

static OTHER_CURRENCY: MessageDef = MessageDef {
    id: "within-remaining-currency",
    en: "{ $whose ->
    [asked] The refund is asked in { $given }
    [gateway] The gateway tells the refunded sum in { $given }
   *[journal] Earlier refunds are in { $given }
}, the payment is in { $captured }; all must be in the same currency. { $whose ->
    [asked] Ask in { $captured }.
   *[other] Look the payment up in the gateway's cabinet before refunding it.
}",
    ru: "{ $whose ->
    [asked] Возврат запрошен в { $given }
    [gateway] Шлюз сообщает возвращённую сумму в { $given }
   *[journal] Прежние возвраты в { $given }
}, а платёж в { $captured }: валюты должны совпадать. { $whose ->
    [asked] Укажите сумму в { $captured }.
   *[other] Сверьте платёж в кабинете шлюза, прежде чем возвращать.
}",
};

static UNCOUNTABLE: MessageDef = MessageDef {
    id: "within-remaining-uncountable",
    en: "The payment's sums are too large to be counted: { $captured } was captured. Look the payment up in the \
         gateway's cabinet before refunding it.",
    ru: "Суммы платежа слишком велики, их не сосчитать: списано { $captured }. Сверьте платёж в кабинете шлюза, \
         прежде чем возвращать.",
};

pub(super) fn check(view: &View<'_>, found: &mut Findings) {
    let (asked, remaining) = (view.asked(), view.remaining);
    let left = Money::new(remaining.minor().max(0), remaining.currency());
    let message = match view.command.amount {
        RefundAmount::Full if remaining.is_positive() => return,
        RefundAmount::Full => Message::new(&NOTHING_LEFT),
        RefundAmount::Exactly(asked) if !asked.is_positive() => {
            Message::new(&NOT_POSITIVE).with("asked", asked)
        }
        RefundAmount::Exactly(asked) if asked.minor() <= remaining.minor() => return,
        RefundAmount::Exactly(asked) if left.is_zero() => Message::new(&NONE_OF_IT_LEFT).with("asked", asked),
        RefundAmount::Exactly(asked) => Message::new(&EXCEEDS).with("asked", asked).with("remaining", left),
    };
    let message = message.with("captured", view.payment.captured).with("used", view.used);
    let mut keys: Vec<_> = view.prior.lines.iter().map(|line| line.by.clone()).collect();
    keys.sort_unstable();
    keys.dedup();
    let too_much = asked.minor() > left.minor();
    let violation = Violation::new(&RULE, "amount", message).with_given(asked);
    let violation = violation.with_suggestion(Some(left.into()).filter(|_| too_much && left.is_positive()));
    found.push(
        match left.is_positive() {
            true => violation.with_allowed(Allowed::Between(view.money(1).into(), left.into())),
            false => violation.with_allowed(Allowed::AtMost(left.into())),
        }
        .with_taken_by(if too_much { keys } else { Vec::new() }),
    );
}

/// The refund, the payment or the journal speak of different currencies, or of sums beyond counting.
pub(super) fn uncountable(
    command: &RefundCommand,
    payment: &Payment,
    prior: &Prior,
    error: &MoneyError,
) -> Violations {
    let currency = payment.captured.currency();
    let asked = match command.amount {
        RefundAmount::Full => None,
        RefundAmount::Exactly(asked) => Some(asked),
    };
    let sums = [
        ("asked", asked),
        ("gateway", payment.refunded),
        ("journal", Some(prior.done)),
        ("journal", Some(prior.open)),
    ];
    let differs = |(whose, sum): (&'static str, Option<Money>)| {
        sum.map(Money::currency).filter(|found| *found != currency).map(|found| (whose, found))
    };
    let violation = match (error, sums.into_iter().find_map(differs)) {
        (MoneyError::CurrencyMismatch { .. }, Some((whose, given))) => other_currency(whose, given, currency),
        _ => {
            let message = Message::new(&UNCOUNTABLE).with("captured", payment.captured);
            Violation::new(&RULE, "amount", message).with_given(payment.captured)
        }
    };
    violation.into()
}

fn other_currency(whose: &str, given: Currency, captured: Currency) -> Violation {
    let message =
        Message::new(&OTHER_CURRENCY).with("whose", whose).with("given", given).with("captured", captured);
    let allowed = Allowed::Only(Value::text(captured));
    Violation::new(&RULE, "amount", message).with_given(Value::text(given)).with_allowed(allowed)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::{Money, Payment, Prior, RefundAmount, RefundCommand, rules};

    #[test]
    fn the_stricter_of_gateway_and_journal_counts_to_the_kopeck() {
        // Shown by the gateway, done and open in the journal, all that is left of 650.15.
        for (shown, done, open, left) in [
            (None, 0, 0, 65_015),
            (Some(0), 0, 0, 65_015),
            (Some(10_000), 0, 0, 55_015),
            (Some(10_000), 9_999, 0, 55_015),
            (Some(10_000), 10_001, 0, 55_014),
            (Some(10_000), 10_000, 5_000, 50_015),
            (None, 10_000, 55_014, 1),
        ] {
            let mut payment = order();
            (payment.refunded, payment.cart) = (shown.map(Money::rub), None);
            let prior = Prior::of(Money::rub(done), Money::rub(open));
            let check = |kopecks, expected: &[&str]| {
                assert_eq!(broken(&bare(kopecks), &payment, &prior), expected, "{kopecks} of {left}");
            };
            check(left, &[]);
            check(left + 1, &["within-remaining@amount"]);
            check(left - 1, if left == 1 { &["within-remaining@amount"] } else { &[] });
        }
    }

    #[test]
    fn what_is_left_is_offered_unless_nothing_is() {
        let suggested = |asked: i64, used: i64| {
            let prior = Prior::of(Money::rub(used), Money::rub(0));
            let found = rules::check(&bare(asked), &order(), &prior, &policy()).expect_err("refused");
            found.as_slice()[0].suggestion.clone().map(|one| format!("{} = {}", one.path, one.value))
        };
        assert_eq!(suggested(65_016, 0).as_deref(), Some("amount = 650.15 RUB"));
        assert_eq!(suggested(10, 65_014).as_deref(), Some("amount = 0.01 RUB"));
        assert_eq!(suggested(10, 65_015), None);
        assert_eq!(suggested(0, 0), None, "what was meant by zero is not known");
        assert_eq!(suggested(-1, 0), None);
    }

    #[test]
    fn sums_that_cannot_be_compared_or_counted_are_named() {
        let said = |command: &RefundCommand, payment: &Payment, prior: &Prior| {
            let found = rules::check(command, payment, prior, &policy()).expect_err("refused");
            let args = found.as_slice()[0].message.args().iter().map(|(_, value)| value.clone());
            (found.as_slice()[0].message.def().id, args.collect::<Vec<_>>().join(" "))
        };
        let (full, payment) = (RefundCommand { amount: RefundAmount::Full, ..bare(1) }, order());
        let yens = RefundCommand { amount: RefundAmount::Exactly(Money::new(1, yen())), ..bare(1) };
        let currency = "within-remaining-currency";
        assert_eq!(said(&yens, &payment, &nothing_before()), (currency, "asked JPY RUB".to_owned()));
        assert_eq!(said(&full, &payment, &Prior::none(yen())), (currency, "journal JPY RUB".to_owned()));
        let mut shown = order();
        shown.refunded = Some(Money::new(1, yen()));
        assert_eq!(said(&full, &shown, &nothing_before()), (currency, "gateway JPY RUB".to_owned()));
        let huge = Prior::of(Money::rub(i64::MAX), Money::rub(1));
        assert_eq!(said(&full, &payment, &huge).0, "within-remaining-uncountable");
        let mut negative = order();
        negative.captured = Money::rub(i64::MIN);
        assert_eq!(
            said(&full, &negative, &Prior::of(Money::rub(1), Money::rub(0))).0,
            "within-remaining-uncountable"
        );
    }
}
