//! Orders and refunds of them: half of each line comes back, every text is written.

use refund_core::{
    AccountId, Cart, Line, Money, Opaque, Payment, PaymentId, PaymentRef, PaymentState, Prior, ProviderId,
    Quantity, RefundAmount, RefundCommand, RefundLine,
};

/// Whether the cart is right.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Valid,
    /// The last line's name is off by its last letter.
    LastWrong,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::LastWrong => "last-wrong",
        }
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
        let sold: Vec<_> = (0..lines).map(sold).collect();
        let mut asked: Vec<_> = sold.iter().map(asked).collect();
        let total = asked.iter().map(|line| line.amount.map_or(0, Money::minor)).sum();
        if kind == Kind::LastWrong
            && let Some(name) = asked.last_mut().and_then(|line| line.name.as_mut())
        {
            name.pop();
            name.push('ъ');
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
        Self { kind, command, payment, prior: Prior::of(Money::rub(0), Money::rub(0)), total }
    }

    pub(crate) fn lines(&self) -> usize {
        self.asked().len()
    }

    pub(crate) fn asked(&self) -> &[RefundLine] {
        self.command.lines.as_deref().expect("every case has lines")
    }

    pub(crate) fn sold(&self) -> &[Line] {
        &self.payment.cart.as_ref().expect("every case has a cart").lines
    }
}

fn sold(index: usize) -> Line {
    let price = 1_000 + i64::try_from(index % 977).expect("small") * 2;
    Line {
        code: Some(format!("sku-{index:06}")),
        price: Some(Money::rub(price)),
        amount: Some(Money::rub(price * 2)),
        ..Line::new(
            (index + 1).to_string(),
            format!("Товар номер {index:06}, упаковка"),
            Quantity::from_thousandths(2_000),
        )
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
