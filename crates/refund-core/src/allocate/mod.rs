//! From "1 234.56 of this order", "these lines, this quantity" or "everything that is left" to exact refund lines.
//!
//! Pure: an order, what earlier refunds took of it and a policy go in, lines come out that [`crate::rules`] accept, or a
//! sentence that says why not and what to do. It must not know a gateway, a file or a journal; what differs between
//! gateways is [`Splitting`], what is the shop's to decide is [`WholeOrder`].
//!
//! ```
//! use refund_core::allocate::{self, AllocationPolicy, Splitting, Wish};
//! use refund_core::{Cart, Line, Money, Quantity, UsedLine};
//!
//! // Three cups for 100.00: one costs a third of a kopeck more than 33.33.
//! let cups = Line { amount: Some(Money::rub(10_000)), ..Line::new("1", "Cup", Quantity::whole(3)?) };
//! let order = Cart { lines: vec![cups] };
//! let policy = AllocationPolicy::new(Splitting::Allowed);
//!
//! let one = Wish::Lines(vec![allocate::Piece::new("1", Quantity::whole(1)?)]);
//! let lines = allocate::lines(&one, &order, &[], &policy)?;
//! assert_eq!(lines[0].amount, Some(Money::rub(3_333)));
//!
//! // The last part takes exactly what is left of the line.
//! let used = [UsedLine::new("1".into(), Quantity::whole(1)?, Money::rub(3_333), "r-1".into())];
//! let rest = allocate::lines(&Wish::Rest, &order, &used, &policy)?;
//! assert_eq!(rest[0].amount, Some(Money::rub(6_667)));
//! assert_eq!(rest[0].quantity, Quantity::whole(2)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What holds of every answer
//!
//! - The lines total the wish to the kopeck, and no line exceeds what is left of it in quantity or money.
//! - A line's quantity is used up together with its money, never one without the other, so [`Wish::Rest`] always finds
//!   something to carry what is left, and the parts of a line add up to what was paid for it.
//! - The same question has the same answer, and permuting the order's lines permutes it: ties go by position, not by place.
//! - A position stands once (the rule *cart-positions-unique*). Where a unit price cannot be exact, the line has an amount
//!   and no price; [`positions`] says which two positions a kopeck apart a receipt is then made of.
//! - Members that are left out (name, code, measure) are the order's own.
//!
//! # Rounding
//!
//! Price × quantity is rounded half up per line, before summing (Sber wiki, credit register page, CONFIRMED). An amount is
//! distributed over lines in proportion to what is left of each, by largest remainder. A line's part that uses it up takes
//! exactly what is left. Lines worth nothing (a gift) are never put in: no gateway's rules take a line of 0.00.
//!
//! # A penalty
//!
//! A penalty is inside the refund's sum, not beside it: refund.do has one `amount` and `{"penalty":"130000"}` next to
//! `amount=500000` (CONFIRMED), and the payer gets the amount less the penalty (GUESS, the only sensible reading). So the
//! lines total the refund's amount, penalty included; the penalty is no line and makes none smaller.
//!
//! # A concession
//!
//! Money may go back while the payer keeps the goods. A receipt has no line for that, so [`Wish::Concession`] names the
//! line *and the quantity it uses up*: what is used up here cannot come back as goods later.

mod complete;
mod divide;
mod left;
pub mod points;
mod price;
mod refusal;
mod share;
mod whole_order;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tables;

pub use complete::{Allocation, By, complete};
pub use price::{Priced, positions};
pub use refusal::{MESSAGES, RULE, Unallocatable};
pub use whole_order::{WholeOrder, WholeOrderLines};

use crate::{Cart, Money, Quantity, RefundLine, UsedLine};
use divide::Part;
use left::{Book, Left};
use refusal as why;
use std::collections::BTreeSet;

/// What somebody wants back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wish {
    /// So much money of the order, distributed over its lines in proportion to what is left of each.
    Amount(Money),
    /// So much of these lines; their money follows.
    Lines(Vec<Piece>),
    /// Everything that is left.
    Rest,
    /// Money for a line whose goods the payer keeps.
    Concession {
        /// Which line.
        position: String,
        /// How much of the line this uses up: it cannot come back as goods later. Less than all that is left, unless all
        /// its money goes back.
        quantity: Quantity,
        /// How much money.
        amount: Money,
    },
}

/// So much of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which line of the order.
    pub position: String,
    /// How much of it.
    pub quantity: Quantity,
}

impl Piece {
    /// So much of the line at `position`.
    pub fn new(position: impl Into<String>, quantity: Quantity) -> Self {
        Self { position: position.into(), quantity }
    }
}

/// Whether a line may become two positions a kopeck apart where its money does not divide by its quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Splitting {
    /// It may: only a price of one unit travels (Robokassa's `Cost`), and positions need not be the order's own.
    Allowed,
    /// It may not: a second position would not stand in the order (Sber, refund.do: «В корзине запрещены для передачи
    /// товарные позиции, отсутствующие в оригинальном заказе»). The price is reduced within the line until it is exact.
    Never,
}

/// How lines are made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AllocationPolicy {
    /// What the gateway allows.
    pub splitting: Splitting,
    /// Which lines belong to the whole order (delivery), and what becomes of them.
    pub whole_order: WholeOrderLines,
}

impl AllocationPolicy {
    /// Every line is treated alike.
    pub const fn new(splitting: Splitting) -> Self {
        Self { splitting, whole_order: WholeOrderLines::none() }
    }
}

/// Makes exact refund lines of a wish.
///
/// `used` is what earlier refunds took, in any order; several may have taken of one line.
///
/// # Errors
/// [`Unallocatable`]: why there are no such lines, where, with both values, and what to do instead.
pub fn lines(
    wish: &Wish,
    order: &Cart,
    used: &[UsedLine],
    policy: &AllocationPolicy,
) -> Result<Vec<RefundLine>, Unallocatable> {
    let book = Book::of(order, used)?;
    let special = policy.whole_order.of(&book)?;
    let parts = match wish {
        Wish::Amount(amount) => of_amount(&book, *amount, &special, policy)?,
        Wish::Lines(pieces) => of_pieces(&book, pieces, &special, policy)?,
        Wish::Rest => of_rest(&book, &special, policy)?,
        Wish::Concession { position, quantity, amount } => {
            vec![concession(&book, position, *quantity, *amount, policy)?]
        }
    };
    Ok(parts.into_iter().map(|part| part.into_line(book.currency)).collect())
}

/// The places of whole-order lines in the book.
type Special = BTreeSet<usize>;

fn of_amount<'a>(
    book: &Book<'a>,
    amount: Money,
    special: &Special,
    policy: &AllocationPolicy,
) -> Result<Vec<Part<'a>>, Unallocatable> {
    let asked = book.minor(amount, "amount")?;
    if asked <= 0 {
        return Err(why::not_positive(amount));
    }
    let back = policy.whole_order.back;
    let first = |left: &Left<'_>| back == WholeOrder::Return && special.contains(&left.index);
    let kept = |left: &Left<'_>| back == WholeOrder::Keep && special.contains(&left.index);
    let whole: Vec<_> = book.open().filter(|left| first(left)).collect();
    let shared: Vec<_> = book.open().filter(|left| !first(left) && !kept(left)).collect();
    let (returned, room) = (Left::total(&whole), Left::total(&shared));
    if asked < returned {
        return Err(why::whole_order_over(amount, book.money(returned), &whole));
    }
    if i128::from(asked) > i128::from(returned) + i128::from(room) {
        let kept: Vec<_> = book.open().filter(|left| kept(left)).collect();
        return Err(why::over_left(amount, book.money(returned.saturating_add(room)), &kept));
    }
    let weights: Vec<_> = shared.iter().map(|left| (left.money, left.sold.position.as_str())).collect();
    let mut shares = share::largest_remainder(asked - returned, &weights).into_iter();
    let mut parts = Vec::with_capacity(whole.len() + shared.len());
    for left in book.open() {
        if first(left) {
            parts.push(left.whole(policy.splitting)?);
        } else if !kept(left) {
            let share = shares.next().unwrap_or(0);
            if share > 0 {
                parts.push(left.for_money(share, policy.splitting)?);
            }
        }
    }
    Ok(parts)
}

fn of_pieces<'a>(
    book: &Book<'a>,
    pieces: &[Piece],
    special: &Special,
    policy: &AllocationPolicy,
) -> Result<Vec<Part<'a>>, Unallocatable> {
    if pieces.is_empty() {
        return Err(why::nothing_named());
    }
    let (mut parts, mut named) = (Vec::with_capacity(pieces.len()), BTreeSet::new());
    for (at, piece) in pieces.iter().enumerate() {
        let left = book.find(&piece.position, &format!("lines[{at}].position"))?;
        if !named.insert(left.index) {
            return Err(why::line_twice(at, &piece.position));
        }
        parts.push(left.for_quantity(piece.quantity, &format!("lines[{at}].quantity"), policy.splitting)?);
    }
    let goods = |left: &&Left<'_>| !special.contains(&left.index);
    let back: i64 = parts.iter().filter(|part| !special.contains(&part.index)).map(|part| part.money).sum();
    let of = Left::total(&book.open().filter(goods).collect::<Vec<_>>());
    for left in book.open().filter(|left| special.contains(&left.index) && !named.contains(&left.index)) {
        match policy.whole_order.back {
            WholeOrder::Keep => {}
            WholeOrder::Return => parts.push(left.whole(policy.splitting)?),
            WholeOrder::InProportion => {
                let money = share::half_up(left.money, back, of).min(left.money);
                if money > 0 {
                    parts.push(left.for_money(money, policy.splitting)?);
                }
            }
        }
    }
    Ok(parts)
}

fn of_rest<'a>(
    book: &Book<'a>,
    special: &Special,
    policy: &AllocationPolicy,
) -> Result<Vec<Part<'a>>, Unallocatable> {
    if let Some(stuck) = book.stuck() {
        return Err(why::stuck(stuck, book.currency));
    }
    let keeps = policy.whole_order.back == WholeOrder::Keep;
    let back = book.open().filter(|left| !(keeps && special.contains(&left.index)));
    let parts = back.map(|left| left.whole(policy.splitting)).collect::<Result<Vec<_>, _>>()?;
    if parts.is_empty() { Err(why::nothing_left()) } else { Ok(parts) }
}

fn concession<'a>(
    book: &Book<'a>,
    position: &str,
    quantity: Quantity,
    amount: Money,
    policy: &AllocationPolicy,
) -> Result<Part<'a>, Unallocatable> {
    let money = book.minor(amount, "amount")?;
    if money <= 0 {
        return Err(why::not_positive(amount));
    }
    book.find(position, "allocate.position")?.exactly(quantity, money, policy.splitting)
}
