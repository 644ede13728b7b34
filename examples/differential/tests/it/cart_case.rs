//! A random order with a cart, and refunds of its lines that are good but for a space, a kopeck or a thousandth.

use proptest::{collection::vec, option, prelude::*};
use refund_core::{Cart, Currency, Line, Money, Quantity, RefundLine, cart::extend};

/// One order and what is asked of it, one refund after the other.
#[derive(Clone, Debug)]
pub(crate) struct CartCase {
    pub(crate) sold: Vec<Sold>,
    pub(crate) wishes: Vec<Wish>,
}

/// A line of the order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sold {
    pub(crate) pieces: i64,
    /// Kopecks for one.
    pub(crate) price: i64,
}

/// One refund.
#[derive(Clone, Debug)]
pub(crate) enum Wish {
    /// No cart, and so many thousandths of the order.
    Bare(i64),
    /// These lines, and so many kopecks more or less than they total.
    Lines { lines: Vec<WishLine>, off: i64 },
}

/// One line that is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WishLine {
    /// Which line of the order, from 0; beyond the last is a line the order lacks.
    pub(crate) of: usize,
    pub(crate) portion: Portion,
    pub(crate) name: Text,
    pub(crate) code: Text,
    pub(crate) worth: Worth,
    pub(crate) currency: Option<&'static str>,
}

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Portion {
    /// What is left of it, and so many thousandths more or less.
    LeftAnd(i64),
    /// So many thousandths of what was sold.
    Part(i64),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Text {
    LeftOut,
    Same,
    /// A space too many.
    Spaced,
}

/// What is written of its money.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Worth {
    LeftOut,
    /// An amount, so many kopecks off price × quantity.
    Amount(i64),
    /// A price, so many kopecks off the order's.
    Price(i64),
    /// The order's price, and an amount so many kopecks off.
    Both(i64),
}

impl CartCase {
    pub(crate) fn cart(&self) -> Cart {
        let line = |(index, sold): (usize, &Sold)| {
            let quantity = Quantity::from_thousandths(sold.pieces * 1_000);
            let mut line = Line::new((index + 1).to_string(), format!("Товар {}", index + 1), quantity);
            line.code = Some(format!("code-{}", index + 1));
            line.price = Some(Money::rub(sold.price));
            line.amount = Some(Money::rub(sold.price * sold.pieces));
            line
        };
        Cart { lines: self.sold.iter().enumerate().map(line).collect() }
    }

    pub(crate) fn captured(&self) -> i64 {
        self.sold.iter().map(|sold| sold.price * sold.pieces).sum()
    }
}

impl WishLine {
    /// A good line: all that is left, and nothing written that need not be.
    pub(crate) fn of(of: usize) -> Self {
        let (name, code) = (Text::LeftOut, Text::LeftOut);
        Self { of, portion: Portion::LeftAnd(0), name, code, worth: Worth::LeftOut, currency: None }
    }

    /// The line as it is asked for, and its money in kopecks. `left` is what is left of the order's line, in thousandths.
    pub(crate) fn resolve(&self, cart: &Cart, left: i64) -> (RefundLine, i64) {
        let absent = Line::new((self.of + 1).to_string(), "Нет такого", Quantity::from_thousandths(1_000));
        let sold = cart.lines.get(self.of).unwrap_or(&absent);
        let quantity = Quantity::from_thousandths(match self.portion {
            Portion::LeftAnd(more) => left + more,
            Portion::Part(thousandths) => sold.quantity.thousandths() / 1_000 * thousandths,
        });
        let mut line = RefundLine::new(sold.position.clone(), quantity);
        line.name = text(self.name, &sold.name);
        line.code = text(self.code, sold.code.as_deref().unwrap_or("code-0"));
        line.currency = self.currency.and_then(Currency::from_code);
        let price = sold.price.unwrap_or(Money::rub(100));
        let near = |off| extend(price, quantity).map(|money| Money::rub(money.minor() + off));
        match self.worth {
            Worth::LeftOut => {}
            Worth::Amount(off) => line.amount = near(off),
            Worth::Price(off) => line.price = Some(Money::rub(price.minor() + off)),
            Worth::Both(off) => (line.price, line.amount) = (Some(price), near(off)),
        }
        let money = line.total(Some(sold)).map_or(0, Money::minor);
        (line, money)
    }
}

fn text(text: Text, sold: &str) -> Option<String> {
    match text {
        Text::LeftOut => None,
        Text::Same => Some(sold.to_owned()),
        Text::Spaced => Some(format!("{sold} ")),
    }
}

pub(crate) fn cart_cases() -> impl Strategy<Value = CartCase> {
    // Small prices make the shares whose rounding matters.
    let price = prop_oneof![1 => 1_i64..=9, 3 => 1_i64..=30_000];
    let sold = (1_i64..=4, price).prop_map(|(pieces, price)| Sold { pieces, price });
    vec(sold, 1..=3).prop_flat_map(|sold| {
        let wishes = vec(wish(sold.len()), 1..=3);
        (Just(sold), wishes).prop_map(|(sold, wishes)| CartCase { sold, wishes })
    })
}

fn wish(lines: usize) -> impl Strategy<Value = Wish> {
    let of_order: Vec<_> = (0..lines).map(|of| option::weighted(0.7, line(of))).collect();
    // Sometimes one more: a line the order lacks, or one that stands there already.
    let extra = option::weighted(0.06, (0..=lines).prop_flat_map(line));
    let lines = (of_order, extra, any::<bool>(), off()).prop_map(|(lines, extra, turned, off)| {
        let mut lines: Vec<_> = lines.into_iter().flatten().chain(extra).collect();
        if turned {
            lines.reverse();
        }
        Wish::Lines { lines, off }
    });
    prop_oneof![12 => lines, 1 => prop_oneof![Just(1_000_i64), 1_i64..=999].prop_map(Wish::Bare)]
}

fn line(of: usize) -> impl Strategy<Value = WishLine> {
    let portion = prop_oneof![
        3 => Just(Portion::LeftAnd(0)),
        1 => prop_oneof![Just(-1), Just(1), Just(1_000)].prop_map(Portion::LeftAnd),
        6 => prop_oneof![Just(250_i64), Just(500), 1_i64..=1_000].prop_map(Portion::Part),
    ];
    let text = || prop_oneof![8 => Just(Text::LeftOut), 8 => Just(Text::Same), 1 => Just(Text::Spaced)];
    let worth = prop_oneof![
        4 => Just(Worth::LeftOut),
        2 => off().prop_map(Worth::Amount),
        2 => off().prop_map(Worth::Price),
        2 => off().prop_map(Worth::Both),
    ];
    let currency = prop_oneof![10 => Just(None), 4 => Just(Some("RUB")), 1 => Just(Some("USD"))];
    (portion, text(), text(), worth, currency).prop_map(move |(portion, name, code, worth, currency)| {
        WishLine { of, portion, name, code, worth, currency }
    })
}

/// Mostly right, sometimes a kopeck off.
fn off() -> impl Strategy<Value = i64> {
    prop_oneof![10 => Just(0_i64), 1 => Just(1_i64), 1 => Just(-1_i64)]
}
