//! Orders and refunds of them, with verdicts by hand: half of each line comes back, every text is written.

use refund_core::{
    AccountId, Cart, Line, Money, Opaque, Payment, PaymentId, PaymentRef, PaymentState, Prior, PriorCarts,
    ProviderId, Quantity, RefundAmount, RefundCommand, RefundLine, UsedLine,
};

/// What is special about a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Everything is right, in the order's sequence.
    Valid,
    /// The last line's name is off by its last letter.
    LastWrong,
    /// Every line's name is.
    AllWrong,
    /// Everything is right, in no sequence.
    Shuffled,
    /// Everything is right; names and codes differ in their last letters only, as long as they may be.
    LongPrefix,
    /// Everything is right; the order's codes are in no sequence.
    AnyCodes,
    /// Everything is right; ten earlier refunds took a little of every line.
    Prior,
}

/// Every kind.
pub(crate) const KINDS: [Kind; 7] = [
    Kind::Valid,
    Kind::LastWrong,
    Kind::AllWrong,
    Kind::Shuffled,
    Kind::LongPrefix,
    Kind::AnyCodes,
    Kind::Prior,
];

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::LastWrong => "last-wrong",
            Self::AllWrong => "all-wrong",
            Self::Shuffled => "shuffled",
            Self::LongPrefix => "long-prefix",
            Self::AnyCodes => "any-codes",
            Self::Prior => "prior",
        }
    }

    pub(crate) fn is_right(self) -> bool {
        !matches!(self, Self::LastWrong | Self::AllWrong)
    }
}

pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) command: RefundCommand,
    pub(crate) payment: Payment,
    pub(crate) prior: Prior,
    /// What the lines total, in kopecks.
    pub(crate) total: i64,
}

impl Case {
    pub(crate) fn build(lines: usize, kind: Kind) -> Self {
        let sold: Vec<_> = (0..lines).map(|index| sold(index, lines, kind)).collect();
        let mut asked: Vec<_> = sold.iter().map(asked).collect();
        let total = asked.iter().map(|line| line.amount.map_or(0, Money::minor)).sum();
        let wrong = match kind {
            Kind::LastWrong => &mut asked[lines - 1..],
            Kind::AllWrong => &mut asked[..],
            _ => &mut [],
        };
        for name in wrong.iter_mut().filter_map(|line| line.name.as_mut()) {
            name.pop();
            name.push('ъ');
        }
        if kind == Kind::Shuffled {
            shuffle(&mut asked);
        }
        let payment = PaymentRef {
            provider: ProviderId::from_static("acme"),
            account: AccountId::parse("shop").expect("valid"),
            payment: PaymentId::parse("1").expect("valid"),
        };
        let mut command = RefundCommand::new(payment, RefundAmount::Exactly(Money::rub(total)));
        command.lines = Some(asked);
        let data = Opaque::new("acme/payment@1", Vec::new()).expect("short");
        let mut payment = Payment::new(Money::rub(total * 2), PaymentState::Captured, data);
        payment.cart = Some(Cart { lines: sold });
        let prior = if kind == Kind::Prior { earlier(&payment) } else { nothing() };
        Self { kind, command, payment, prior, total }
    }

    pub(crate) fn asked(&self) -> &[RefundLine] {
        self.command.lines.as_deref().expect("every case has lines")
    }

    pub(crate) fn sold(&self) -> &[Line] {
        &self.payment.cart.as_ref().expect("every case has a cart").lines
    }

    /// The total where the cart is right.
    pub(crate) fn expected(&self) -> Option<i64> {
        self.kind.is_right().then_some(self.total)
    }
}

fn sold(index: usize, lines: usize, kind: Kind) -> Line {
    let price = 1_000 + i64::try_from(index % 977).expect("small") * 2;
    let name = match kind {
        Kind::LongPrefix => format!(
            "{}{index:06}",
            "Чай чёрный байховый, пачка, ".repeat(4).chars().take(94).collect::<String>()
        ),
        _ => format!("Товар номер {index:06}, упаковка"),
    };
    let code = match kind {
        Kind::LongPrefix => format!("{}{index:06}", "x".repeat(94)),
        // A step that shares no factor with any number of lines here.
        Kind::AnyCodes => format!("sku-{:06}", (index * 7_919) % lines),
        _ => format!("sku-{index:06}"),
    };
    Line {
        code: Some(code),
        price: Some(Money::rub(price)),
        amount: Some(Money::rub(price * 2)),
        ..Line::new((index + 1).to_string(), name, Quantity::from_thousandths(2_000))
    }
}

fn asked(sold: &Line) -> RefundLine {
    RefundLine {
        name: Some(sold.name.clone()),
        code: sold.code.clone(),
        price: sold.price,
        amount: sold.price,
        ..RefundLine::new(sold.position.clone(), Quantity::from_thousandths(1_000))
    }
}

/// The same sequence every time: a linear congruence picks each line's new place.
fn shuffle(lines: &mut [RefundLine]) {
    let mut state = 1_u64;
    for last in (1..lines.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let place = usize::try_from(state >> 33).expect("31 bits") % (last + 1);
        lines.swap(last, place);
    }
}

fn nothing() -> Prior {
    Prior::of(Money::rub(0), Money::rub(0))
}

/// Ten refunds of 0.05 of each line for 5 kopecks, newest first.
fn earlier(payment: &Payment) -> Prior {
    let sold = &payment.cart.as_ref().expect("every case has a cart").lines;
    let mut prior = nothing();
    for refund in 0..10 {
        let take = |line: &Line| {
            let (quantity, amount) = (Quantity::from_thousandths(50), Money::rub(5));
            UsedLine::new(line.position.clone(), quantity, amount, format!("r-{refund}"))
        };
        prior.lines.extend(sold.iter().map(take));
    }
    prior.done = Money::rub(prior.lines.iter().map(|line| line.amount.minor()).sum());
    prior.carts = PriorCarts::Some;
    prior
}
