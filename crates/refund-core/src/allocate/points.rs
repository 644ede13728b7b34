//! Orders paid with money and loyalty points: how each refunded line divides into both.
//!
//! The gateway's rule is proportion: a full refund gives back money and points as paid, a part in the payment's proportion
//! (Sber wiki, autoRefund, CONFIRMED). Which kopeck is which is stated nowhere, so it is decided here:
//!
//! - The order's points are laid out over its lines in proportion to what each cost, in whole points, by largest remainder;
//!   what is no whole point (or has no room) follows by minor units.
//! - A part of a line gives back points in proportion to what is left of the line's points, **rounded down to whole points;
//!   the remainder is money**. Only where the line's money would not suffice, more points go back than that.
//! - What uses a line up takes exactly the money and the points that are left of it.
//!
//! So every line closes exactly in both, over any sequence of partial refunds, and therefore so does the order. Amounts of
//! order lines and of used lines are composite here, money and points together, as the gateway compares them (Sber,
//! refund.do: «для запросов autoRefund сравниваются композитные суммы денег и баллов», CONFIRMED).

use super::{
    left::{Book, Left},
    refusal::{self as why, Unallocatable},
    share::largest_remainder,
};
use crate::{Cart, Money, RefundLine, UsedLine};
use std::collections::BTreeMap;

/// The points an earlier refund gave back for a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedPoints {
    /// Which line of the order.
    pub position: String,
    /// How many points, as money.
    pub points: Money,
}

/// A refund line divided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mixed {
    /// The line; its amount is money and points together.
    pub line: RefundLine,
    /// The part that goes back as money.
    pub money: Money,
    /// The part that goes back as points, as money.
    pub points: Money,
}

/// The points of each line of the order, in the order's sequence; they add up to `points`. `unit` is what one whole point
/// is worth (1.00 at Sber), at least one minor unit.
///
/// # Errors
/// [`Unallocatable`] when the order cannot be counted, or its lines are worth less than the points.
pub fn of_lines(order: &Cart, points: Money, unit: Money) -> Result<Vec<Money>, Unallocatable> {
    let book = Book::of(order, &[])?;
    let lines: Vec<_> = book.all().iter().collect();
    laid_out(&book, &lines, points, unit)
}

fn laid_out(
    book: &Book<'_>,
    lines: &[&Left<'_>],
    points: Money,
    unit: Money,
) -> Result<Vec<Money>, Unallocatable> {
    let (all, unit) = (book.minor(points, "points")?, book.minor(unit, "points")?.max(1));
    let room = Left::total(lines);
    if all < 0 || all > room {
        return Err(why::over_left(points, book.money(room), &[]));
    }
    // Whole points first, as far as lines have room for whole ones.
    let whole: Vec<_> = lines.iter().map(|left| (left.money / unit, left.sold.position.as_str())).collect();
    let places = whole.iter().map(|(weight, _)| weight).sum::<i64>();
    let mut shares = largest_remainder((all / unit).min(places), &whole);
    shares.iter_mut().for_each(|share| *share *= unit);
    let over = all - shares.iter().sum::<i64>();
    let rest = lines.iter().zip(&shares);
    let rest: Vec<_> = rest.map(|(left, share)| (left.money - share, left.sold.position.as_str())).collect();
    let more = largest_remainder(over, &rest);
    Ok(shares.iter().zip(more).map(|(share, more)| book.money(share + more)).collect())
}

/// Divides refund lines into money and points.
///
/// `points` is what the order was paid with in points, `used` and `used_points` what earlier refunds took of its lines,
/// composite and in points.
///
/// # Errors
/// [`Unallocatable`] when the order cannot be counted, a line is not in it, or more is asked than is left.
pub fn split(
    lines: &[RefundLine],
    order: &Cart,
    points: Money,
    used: &[UsedLine],
    used_points: &[UsedPoints],
    unit: Money,
) -> Result<Vec<Mixed>, Unallocatable> {
    let (paid, left) = (Book::of(order, &[])?, Book::of(order, used)?);
    let laid = laid_out(&paid, &paid.all().iter().collect::<Vec<_>>(), points, unit)?;
    let unit = paid.minor(unit, "points")?.max(1);
    let mut gone = BTreeMap::<_, i64>::new();
    for used in used_points {
        let sum = gone.entry(used.position.as_str()).or_default();
        *sum = sum.saturating_add(used.points.minor());
    }
    let divide = |(at, line): (usize, &RefundLine)| {
        let path = format!("lines[{at}]");
        let open = left.find(&line.position, &format!("{path}.position"))?;
        let amount = line.total(Some(open.sold)).ok_or_else(|| why::order_line(open.sold))?;
        let asked = left.minor(amount, &format!("{path}.amount"))?;
        if asked > open.money {
            return Err(why::line_over_left(amount, left.money(open.money), &line.position));
        }
        let gone = gone.get(line.position.as_str()).copied().unwrap_or(0);
        let points_left = laid[open.index].minor().saturating_sub(gone).clamp(0, open.money);
        let points = points_of(asked, open.money, points_left, unit);
        Ok(Mixed { line: line.clone(), money: left.money(asked - points), points: left.money(points) })
    };
    lines.iter().enumerate().map(divide).collect()
}

/// How many of the points that are left go back with `asked` of `left`.
fn points_of(asked: i64, left: i64, points: i64, unit: i64) -> i64 {
    if asked >= left {
        return points;
    }
    let in_proportion = i128::from(asked) * i128::from(points) / i128::from(left.max(1));
    let in_proportion = i64::try_from(in_proportion).expect("a share is within what is left");
    let whole = in_proportion / unit * unit;
    // The money left may not be enough for the remainder: then whole points make up for it, or what there is.
    let needed = (asked - (left - points)).max(0);
    if whole >= needed {
        return whole;
    }
    let up = needed.saturating_add(unit - 1) / unit * unit;
    if up <= points.min(asked) { up } else { needed }
}
