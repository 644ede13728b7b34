//! What may be wrong with a refund, one aspect at a time. A mutation may change nothing (a refund without lines has no
//! line to spoil) and may leave the refund valid: what it means is for the documents to say.

mod lines;

use crate::{case::Case, generate, seeded::Seeded};
use lines::lines;
use refund_core::{
    Cart, Currency, Line, Measure, Money, PaymentState, PriorCarts, PriorRoute, Quantity, RefundAmount,
    UsedLine, UsedStage, format::Format,
};

/// One aspect to change, with the numbers that say where and how; shown in a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mutation {
    pub(crate) aspect: Aspect,
    seed: u64,
}

/// Which aspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aspect {
    AskedByOne,
    AskedOddly,
    AskedFull,
    AskedCurrency,
    PaymentState,
    PaymentRefunded,
    PaymentPoints,
    PaymentCurrency,
    PointsInDollars,
    PriorDone,
    PriorOpen,
    PriorCarts,
    PriorTakes,
    PriorCurrency,
    PriorRaw,
    PriorStage,
    LinesDropped,
    LinesEmpty,
    LinesTooMany,
    LineDropped,
    LineTwice,
    LineUnknown,
    LinePosition,
    LineName,
    LineNameLong,
    LineCode,
    LineMeasure,
    LineMeasureOther,
    LineCodeTwice,
    LineQuantityByOne,
    LineQuantityOddly,
    LineQuantityFormat,
    LineAmountByOne,
    LineAmountOddly,
    LineAmountShifted,
    LineAmountDropped,
    LinePriceByOne,
    LinePriceOddly,
    LinePriceWritten,
    LineCurrency,
    LineMoneyCurrency,
    OrderUnknown,
    OrderLineGone,
    OrderLineAmount,
    OrderLineCurrency,
    OrderLineTwice,
    OrderCounted,
    OrderToldOnce,
    OrderSwapped,
    PolicyRules,
    PolicyLimits,
    Penalty,
}

/// Every aspect; those twice here whose rules would be broken too rarely.
pub(crate) const ASPECTS: &[Aspect] = {
    use Aspect::*;
    &[
        AskedByOne,
        AskedOddly,
        AskedFull,
        AskedCurrency,
        PaymentState,
        PaymentRefunded,
        PaymentPoints,
        PaymentCurrency,
        PointsInDollars,
        PriorDone,
        PriorOpen,
        PriorCarts,
        PriorTakes,
        PriorCurrency,
        PriorRaw,
        PriorStage,
        LinesDropped,
        LinesDropped,
        LinesEmpty,
        LinesTooMany,
        LineDropped,
        LineTwice,
        LineUnknown,
        LinePosition,
        LineName,
        LineNameLong,
        LineCode,
        LineMeasure,
        LineMeasureOther,
        LineCodeTwice,
        LineQuantityByOne,
        LineQuantityOddly,
        LineQuantityFormat,
        LineAmountByOne,
        LineAmountOddly,
        LineAmountShifted,
        LineAmountDropped,
        LinePriceByOne,
        LinePriceOddly,
        LinePriceWritten,
        LineCurrency,
        LineMoneyCurrency,
        OrderUnknown,
        OrderLineGone,
        OrderLineAmount,
        OrderLineCurrency,
        OrderLineTwice,
        OrderCounted,
        OrderToldOnce,
        OrderSwapped,
        PolicyRules,
        PolicyLimits,
        Penalty,
    ]
};

impl Mutation {
    pub(crate) fn new(aspect: Aspect, seed: u64) -> Self {
        Self { aspect, seed }
    }

    pub(crate) fn any(seeded: &mut Seeded) -> Self {
        Self::new(seeded.pick(ASPECTS), seeded.next())
    }

    /// Changes the case.
    pub(crate) fn apply(self, case: &mut Case) {
        let seeded = &mut Seeded::new(self.seed);
        use Aspect::*;
        match self.aspect {
            AskedByOne | AskedOddly | AskedFull | AskedCurrency => asked(self.aspect, seeded, case),
            PaymentState | PaymentRefunded | PaymentPoints | PaymentCurrency | PointsInDollars => {
                payment(self.aspect, seeded, case);
            }
            PriorDone | PriorOpen | PriorCarts | PriorTakes | PriorCurrency | PriorRaw | PriorStage => {
                prior(self.aspect, seeded, case);
            }
            LinesDropped => case.command.lines = None,
            LinesEmpty => case.command.lines = Some(Vec::new()),
            LinesTooMany => {
                case.policy.lines_max = case.command.lines.as_ref().map_or(0, Vec::len).max(1) - 1
            }
            OrderUnknown | OrderLineGone | OrderLineAmount | OrderLineCurrency | OrderLineTwice
            | OrderCounted | OrderToldOnce | OrderSwapped => order(self.aspect, seeded, case),
            PolicyRules => case.bindings = generate::any_bindings(seeded),
            PolicyLimits => limits(seeded, case),
            Penalty => {
                case.command.penalty = Some(money(case, seeded.pick(&[1, 1, 0, -1, i64::MAX])));
                let points = money(case, 1);
                case.payment.points = seeded.percent(60).then_some(points);
            }
            _ => lines(self.aspect, seeded, case),
        }
    }
}

/// Numbers where a sum or a product leaves what a machine can count.
const HUGE: &[i64] = &[i64::MAX, i64::MAX - 1, i64::MIN, i64::MAX / 1_000, i64::MAX / 2 + 1, 999_999_999_999];

fn money(case: &Case, minor: i64) -> Money {
    Money::new(minor, case.payment.captured.currency())
}

fn by(money: Money, step: i64) -> Money {
    Money::new(money.minor().saturating_add(step), money.currency())
}

fn step(seeded: &mut Seeded) -> i64 {
    seeded.pick(&[-1, 1])
}

fn oddly(seeded: &mut Seeded) -> i64 {
    match seeded.percent(50) {
        true => seeded.pick(&[0, -1, 1]),
        false => seeded.pick(HUGE),
    }
}

fn other_currency(seeded: &mut Seeded) -> Currency {
    let code = seeded.pick(&["USD", "JPY", "RUB"]);
    Currency::from_code(code).expect("a currency of ISO 4217")
}

fn asked(aspect: Aspect, seeded: &mut Seeded, case: &mut Case) {
    let RefundAmount::Exactly(asked) = case.command.amount else {
        if aspect == Aspect::AskedOddly {
            case.command.amount = RefundAmount::Exactly(money(case, oddly(seeded)));
        }
        return;
    };
    case.command.amount = match aspect {
        Aspect::AskedByOne => RefundAmount::Exactly(by(asked, step(seeded))),
        Aspect::AskedOddly => RefundAmount::Exactly(money(case, oddly(seeded))),
        Aspect::AskedCurrency => RefundAmount::Exactly(Money::new(asked.minor(), other_currency(seeded))),
        _ => RefundAmount::Full,
    };
}

fn payment(aspect: Aspect, seeded: &mut Seeded, case: &mut Case) {
    let payment = &mut case.payment;
    let (captured, currency) = (payment.captured.minor(), payment.captured.currency());
    match aspect {
        Aspect::PaymentState => {
            payment.state = seeded.pick(&[
                PaymentState::Pending,
                PaymentState::Held,
                PaymentState::Void,
                PaymentState::Suspended,
                PaymentState::Other("на проверке".into()),
            ]);
        }
        Aspect::PaymentRefunded => {
            let shown = seeded.pick(&[0, 1, captured, captured.saturating_sub(1), i64::MAX]);
            payment.refunded = seeded.percent(90).then_some(Money::new(shown, currency));
        }
        Aspect::PaymentPoints => payment.points = Some(Money::new(seeded.pick(&[0, 1, 10_000]), currency)),
        Aspect::PointsInDollars => {
            generate::in_currency(case, Currency::from_code("USD").expect("a currency of ISO 4217"));
            case.payment.points = Some(money(case, 1));
        }
        _ => match seeded.range(0, 2) {
            0 => payment.captured = Money::new(captured, other_currency(seeded)),
            1 => payment.refunded = payment.refunded.map(|m| Money::new(m.minor(), other_currency(seeded))),
            _ => payment.captured = Money::new(seeded.pick(HUGE), currency),
        },
    }
}

fn prior(aspect: Aspect, seeded: &mut Seeded, case: &mut Case) {
    let positions: Vec<_> = case.command.lines.iter().flatten().map(|line| line.position.clone()).collect();
    let few = seeded.pick(&[1, 1, 1, 0, i64::MAX]);
    let sum = seeded.range(0, case.payment.captured.minor());
    let taken = money(case, seeded.pick(&[0, 1, 1, 1, sum]));
    let prior = &mut case.prior;
    match aspect {
        Aspect::PriorDone => prior.done = by(prior.done, few),
        Aspect::PriorOpen => prior.open = by(prior.open, few),
        Aspect::PriorRaw => prior.route = PriorRoute::Raw,
        Aspect::PriorStage => {
            let stage = seeded.pick(&[UsedStage::Done, UsedStage::Open]);
            prior.lines.iter_mut().for_each(|used| used.stage = stage);
        }
        Aspect::PriorCarts => prior.carts = seeded.pick(&[PriorCarts::Some, PriorCarts::None]),
        Aspect::PriorCurrency => match seeded.percent(50) {
            true => prior.done = Money::new(prior.done.minor(), other_currency(seeded)),
            false => prior.open = Money::new(prior.open.minor(), other_currency(seeded)),
        },
        _ if positions.is_empty() => {}
        _ => {
            let quantity = Quantity::from_thousandths(seeded.pick(&[0, 1, 1, 1_000]));
            let used = UsedLine::new(seeded.pick(&positions), quantity, taken, "c-3".into());
            prior.lines.push(if seeded.percent(50) { used } else { used.open() });
        }
    }
}

fn order(aspect: Aspect, seeded: &mut Seeded, case: &mut Case) {
    if aspect == Aspect::OrderUnknown {
        case.payment.cart = None;
        case.command.order = seeded.percent(20).then(Cart::default);
        return;
    }
    if aspect == Aspect::OrderSwapped {
        // The cart moves between gateway and shop.
        std::mem::swap(&mut case.payment.cart, &mut case.command.order);
        return;
    }
    let currency = other_currency(seeded);
    let one = money(case, 1);
    let wanted: Vec<_> = case.command.lines.iter().flatten().map(|line| line.position.clone()).collect();
    let Some(cart) = case.cart_mut().filter(|cart| !cart.lines.is_empty()) else { return };
    // Mostly a line that is asked for.
    let mut at = seeded.below(cart.lines.len());
    if !wanted.is_empty() && seeded.percent(80) {
        let position = seeded.pick(&wanted);
        at = cart.lines.iter().position(|line| line.position == position).unwrap_or(at);
    }
    if aspect == Aspect::OrderLineTwice {
        let again = cart.lines[at].clone();
        let to = if seeded.percent(50) { at + 1 } else { seeded.below(cart.lines.len() + 1) };
        cart.lines.insert(to, again);
        return;
    }
    if aspect == Aspect::OrderLineGone {
        cart.lines.remove(at);
        return;
    }
    let line: &mut Line = &mut cart.lines[at];
    let amount = seeded.percent(50);
    match (aspect, amount) {
        (Aspect::OrderCounted, true) => {
            let count = line.refunded.quantity.map_or(0, Quantity::thousandths) + seeded.range(0, 1);
            line.refunded.quantity = Some(Quantity::from_thousandths(count));
        }
        (Aspect::OrderCounted, false) => {
            line.refunded.amount = Some(line.refunded.amount.map_or(one, |m| by(m, 1)))
        }
        (Aspect::OrderToldOnce, _) => line.measure = Some(Measure("кг".into())).filter(|_| amount),
        (Aspect::OrderLineAmount, true) => line.amount = line.amount.map(|m| by(m, step(seeded))),
        (Aspect::OrderLineAmount, false) => {
            (line.price, line.amount) = (line.price.filter(|_| seeded.percent(50)), None);
        }
        (_, true) => line.amount = line.amount.map(|m| Money::new(m.minor(), currency)),
        (_, false) => line.price = line.price.map(|m| Money::new(m.minor(), currency)),
    }
}

fn limits(seeded: &mut Seeded, case: &mut Case) {
    let policy = &mut case.policy;
    match seeded.range(0, 7) {
        0 => policy.position = seeded.pick(&[Format::n_up_to(1), Format::ans_up_to(20)]),
        1 => policy.name = Format::ans_up_to(10),
        2 => policy.code = seeded.pick(&[Format::ans_up_to(4), Format::ans_exact(5)]),
        3 => policy.measure = Format::n_up_to(2),
        4 => policy.quantity_max = 1_000,
        5 => policy.amount_max = 10_000,
        6 => policy.price_max = 10_000,
        _ => limitless(seeded, case),
    }
}

/// A gateway without limits, and an order line that was sold for more than a sum can hold beside another.
fn limitless(seeded: &mut Seeded, case: &mut Case) {
    (case.policy.amount_max, case.policy.price_max) = (i64::MAX, i64::MAX);
    case.policy.quantity_max = i64::MAX;
    let most = money(case, seeded.pick(&[i64::MAX, i64::MAX - 1, i64::MAX / 2 + 1]));
    let positions: Vec<_> = case.command.lines.iter().flatten().map(|line| line.position.clone()).collect();
    if positions.is_empty() {
        return;
    }
    let position = seeded.pick(&positions);
    let sold = case.cart_mut().into_iter().flat_map(|cart| &mut cart.lines);
    for line in sold.filter(|line| line.position == position) {
        line.amount = Some(most);
    }
    for line in case.command.lines.iter_mut().flatten().filter(|line| line.position == position) {
        line.amount = Some(most);
    }
}
