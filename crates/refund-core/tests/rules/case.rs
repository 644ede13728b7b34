//! One refund that nothing is wrong with, and for every rule a way to break it.
//!
//! The order: line 1, two packets of tea at 100.00; line 2, 1.5 kg of honey at 300.10, which is 450.15. Paid: 650.15. One
//! packet of tea comes back.

use refund_core::{
    AccountId, Cart, CartNeed, CartPolicy, CheckedRefund, Currency, Line, Measure, Money, Opaque, Payment,
    PaymentId, PaymentRef, PaymentState, Prior, PriorCarts, PriorRoute, ProviderId, Quantity, RefundAmount,
    RefundCommand, RefundLine, UsedLine, Violations,
    rules::{self, CoreRule, RuleSet},
};

pub(crate) const PAID: i64 = 65_015;

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) command: RefundCommand,
    pub(crate) payment: Payment,
    pub(crate) prior: Prior,
    pub(crate) policy: CartPolicy,
}

pub(crate) fn quantity(thousandths: i64) -> Quantity {
    Quantity::from_thousandths(thousandths)
}

pub(crate) fn used(position: &str, thousandths: i64, kopecks: i64, by: &str) -> UsedLine {
    UsedLine::new(position.to_owned(), quantity(thousandths), Money::rub(kopecks), by.to_owned())
}

impl Case {
    /// Every rule binds, none is broken.
    pub(crate) fn good() -> Self {
        let line = |position: &str, name: &str, code: &str, thousandths, price, amount| Line {
            code: Some(code.to_owned()),
            measure: Some(Measure("шт.".to_owned())),
            price: Some(Money::rub(price)),
            amount: Some(Money::rub(amount)),
            ..Line::new(position, name, quantity(thousandths))
        };
        let lines = vec![
            line("1", "Чай", "tea", 2_000, 10_000, 20_000),
            line("2", "Мёд", "honey", 1_500, 30_010, 45_015),
        ];
        let data = Opaque::new("acme/payment@1", Vec::new()).expect("short");
        let mut payment = Payment::new(Money::rub(PAID), PaymentState::Captured, data);
        payment.cart = Some(Cart { lines });
        let reference = PaymentRef {
            provider: ProviderId::from_static("acme"),
            account: AccountId::parse("shop").expect("valid"),
            payment: PaymentId::parse("1").expect("valid"),
        };
        let mut command = RefundCommand::new(reference, RefundAmount::Exactly(Money::rub(10_000)));
        command.lines = Some(vec![RefundLine::new("1", quantity(1_000))]);
        let policy = CartPolicy::new(CartNeed::OrdersWithCart).with_rules(RuleSet::documented());
        Self { command, payment, prior: Prior::none(Currency::RUB), policy }
    }

    /// The same, changed.
    pub(crate) fn but(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub(crate) fn check(&self) -> Result<CheckedRefund, Violations> {
        rules::check(&self.command, &self.payment, &self.prior, &self.policy)
    }

    /// Rules that are broken, warnings too, each once, as they are told.
    pub(crate) fn broken(&self) -> Vec<&'static str> {
        let ids = |found: &[rules::Violation]| found.iter().map(|one| one.rule.as_str()).collect::<Vec<_>>();
        let mut told = match self.check() {
            Ok(checked) => ids(checked.warnings()),
            Err(found) => ids(found.as_slice()),
        };
        told.dedup();
        told
    }

    pub(crate) fn line(&mut self, index: usize) -> &mut RefundLine {
        &mut self.lines()[index]
    }

    pub(crate) fn lines(&mut self) -> &mut Vec<RefundLine> {
        self.command.lines.as_mut().expect("this case has lines")
    }

    pub(crate) fn sold(&mut self) -> &mut Vec<Line> {
        &mut self.payment.cart.as_mut().or(self.command.order.as_mut()).expect("an order").lines
    }

    pub(crate) fn asks(&mut self, kopecks: i64) {
        self.command.amount = RefundAmount::Exactly(Money::new(kopecks, self.payment.captured.currency()));
    }

    /// Half a kilogram of honey comes back too.
    fn with_honey(&mut self) {
        if self.lines().iter().all(|line| line.position != "2") {
            self.lines().push(RefundLine::new("2", quantity(500)));
        }
    }

    /// The whole case in another currency, with the same numbers.
    fn converted(&mut self, currency: Currency) {
        let other = |money: &mut Money| *money = Money::new(money.minor(), currency);
        let maybe = |money: &mut Option<Money>| money.iter_mut().for_each(other);
        other(&mut self.payment.captured);
        maybe(&mut self.payment.refunded);
        maybe(&mut self.payment.points);
        other(&mut self.prior.done);
        other(&mut self.prior.open);
        if let RefundAmount::Exactly(asked) = &mut self.command.amount {
            other(asked);
        }
        for line in self.payment.cart.iter_mut().flat_map(|cart| &mut cart.lines) {
            maybe(&mut line.price);
            maybe(&mut line.amount);
        }
    }
}

/// Breaks a rule; others may break with it.
pub(crate) fn breaks(rule: CoreRule, case: &mut Case) {
    match rule {
        CoreRule::PaymentCaptured => case.payment.state = PaymentState::Held,
        CoreRule::WithinRemaining => case.asks(PAID + 1),
        CoreRule::CartOptionalWhenFull => unreachable!("it permits and never refuses"),
        CoreRule::CartRequired => case.command.lines = None,
        CoreRule::CartContinues => (case.command.lines, case.prior.carts) = (None, PriorCarts::Some),
        CoreRule::RawContinues => case.prior.route = PriorRoute::Raw,
        CoreRule::LoyaltyInRoubles => {
            case.payment.points = Some(Money::rub(1));
            case.converted(yen());
        }
        CoreRule::PenaltyNotWithLoyalty => {
            let one = Money::new(1, case.payment.captured.currency());
            (case.payment.points, case.command.penalty) = (Some(one), Some(one));
        }
        CoreRule::CartFormats => case.line(0).measure = Some(Measure("ш".repeat(21))),
        CoreRule::CartLinePositive => {
            let line = case.line(0);
            (line.price, line.amount) = (Some(Money::rub(0)), Some(Money::rub(10_000)));
        }
        CoreRule::CartCountable => {
            case.with_honey();
            let sold = &mut case.sold()[1];
            (sold.price, sold.amount) = (None, None);
        }
        CoreRule::CartPositionsUnique => {
            let again = case.line(0).clone();
            case.lines().push(again);
        }
        CoreRule::OrderPositionsUnique => {
            let again = case.sold()[0].clone();
            case.sold().push(again);
        }
        CoreRule::CartCodesUnique => {
            case.with_honey();
            case.sold()[1].code = Some("tea".to_owned());
        }
        CoreRule::CartOneCurrency => case.line(0).currency = Some(yen()),
        CoreRule::CartLineInOrder => case.line(0).name = Some("Чай ".to_owned()),
        CoreRule::CartMeasureInOrder => case.line(0).measure = Some(Measure("кг".to_owned())),
        CoreRule::CartQuantityRemaining => case.line(0).quantity = quantity(2_001),
        CoreRule::CartAmountRemaining => case.line(0).amount = Some(Money::rub(20_001)),
        CoreRule::CartPriceTimesQuantity => {
            let line = case.line(0);
            (line.price, line.amount) = (Some(Money::rub(9_999)), line.amount.or(Some(Money::rub(10_000))));
        }
        CoreRule::CartWithinConfirmed => case.line(0).amount = Some(Money::rub(PAID + 1)),
        CoreRule::ItemsTotalTheSum => case.asks(9_999),
        CoreRule::OrderTotalsThePayment => {
            case.command.order = case.payment.cart.take();
            case.sold()[1].amount = Some(Money::rub(45_016));
        }
        other => panic!("no way is known to break {other:?}"),
    }
}

pub(crate) fn yen() -> Currency {
    Currency::from_code("JPY").expect("the yen is in ISO 4217")
}

/// The rules that can refuse or warn.
pub(crate) fn refusing() -> Vec<CoreRule> {
    CoreRule::ALL.iter().copied().filter(|rule| *rule != CoreRule::CartOptionalWhenFull).collect()
}
