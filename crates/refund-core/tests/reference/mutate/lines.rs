//! What may be wrong with the refund's lines: which there are, and what one of them says.

use super::{Aspect, by, money, oddly, other_currency, step};
use crate::{case::Case, seeded::Seeded};
use refund_core::{Currency, Line, Measure, Money, Quantity, RefundLine};

pub(super) fn lines(aspect: Aspect, seeded: &mut Seeded, case: &mut Case) {
    let cart = case.cart().cloned().unwrap_or_default();
    let limit = case.policy.quantity_max;
    let unit = money(case, 0);
    let foreign = other_currency(seeded);
    let Some(lines) = case.command.lines.as_mut().filter(|lines| !lines.is_empty()) else { return };
    let at = seeded.below(lines.len());
    match aspect {
        Aspect::LineDropped => drop(lines.remove(at)),
        Aspect::LineCodeTwice => {
            // Two lines of the order have one code; the refund's lines have it too, or do not tell.
            let code = lines[at].code.clone().unwrap_or_else(|| "sku".into());
            let to = (at + 1) % lines.len();
            let told = seeded.percent(50).then(|| code.clone());
            (lines[at].code, lines[to].code) = (told.clone(), told);
            let positions = [lines[at].position.clone(), lines[to].position.clone()];
            let sold = case.cart_mut().into_iter().flat_map(|cart| &mut cart.lines);
            sold.filter(|sold| positions.contains(&sold.position))
                .for_each(|sold| sold.code = Some(code.clone()));
        }
        Aspect::LineTwice => {
            let again = lines[at].clone();
            lines.insert(seeded.below(lines.len() + 1), again);
        }
        Aspect::LineUnknown => {
            let position = seeded.pick(&["0", "77777", "1 ", "", "01", "один"]);
            let mut line = RefundLine::new(position, Quantity::from_thousandths(1_000));
            line.amount = seeded.percent(50).then(|| by(unit, 1));
            lines.push(line);
        }
        Aspect::LineAmountShifted => {
            // Two lines, the same total.
            let to = seeded.below(lines.len());
            lines[at].amount = lines[at].amount.map(|amount| by(amount, -1));
            lines[to].amount = lines[to].amount.map(|amount| by(amount, 1));
        }
        _ => {
            let line = &mut lines[at];
            let sold = cart.lines.iter().find(|sold| sold.position == line.position);
            one_line(aspect, seeded, line, sold, &Around { unit, limit, foreign });
        }
    }
}

/// What a line's mutations take from outside the line.
struct Around {
    unit: Money,
    limit: i64,
    foreign: Currency,
}

fn one_line(
    aspect: Aspect,
    seeded: &mut Seeded,
    line: &mut RefundLine,
    sold: Option<&Line>,
    around: &Around,
) {
    let amount_of = |minor: i64| Money::new(minor, around.unit.currency());
    let quantity = line.quantity.thousandths();
    match aspect {
        Aspect::LinePosition => line.position = spoilt(seeded, &line.position),
        Aspect::LineName => {
            let name = line.name.clone().or_else(|| sold.map(|sold| sold.name.clone())).unwrap_or_default();
            line.name = Some(spoilt(seeded, &name));
        }
        Aspect::LineNameLong => line.name = Some("Ж".repeat(seeded.pick(&[100, 101, 128, 129, 5_000]))),
        Aspect::LineCode => {
            let code = line.code.clone().or_else(|| sold.and_then(|sold| sold.code.clone()));
            line.code = Some(spoilt(seeded, &code.unwrap_or_default()));
        }
        Aspect::LineMeasure => {
            line.measure =
                Some(Measure(seeded.pick(&["", "шт.", "кг\n", "килограмм-килограмм-килограмм"]).into()));
        }
        Aspect::LineMeasureOther => line.measure = Some(Measure(seeded.pick(&["кг", "шт.", "л"]).into())),
        Aspect::LineQuantityByOne => {
            line.quantity = Quantity::from_thousandths(quantity.saturating_add(step(seeded)))
        }
        Aspect::LineQuantityOddly => line.quantity = Quantity::from_thousandths(oddly(seeded)),
        Aspect::LineQuantityFormat => {
            line.quantity = Quantity::from_thousandths(around.limit.saturating_add(seeded.range(0, 1)));
        }
        Aspect::LineAmountByOne => line.amount = line.amount.map(|amount| by(amount, step(seeded))),
        Aspect::LineAmountOddly => line.amount = Some(amount_of(oddly(seeded))),
        Aspect::LineAmountDropped => (line.price, line.amount) = (None, None),
        Aspect::LinePriceByOne => line.price = line.price.map(|price| by(price, step(seeded))),
        Aspect::LinePriceOddly => line.price = Some(amount_of(oddly(seeded))),
        Aspect::LinePriceWritten => line.price = sold.and_then(|sold| sold.price.or(sold.amount)),
        Aspect::LineCurrency => line.currency = Some(around.foreign),
        _ => {
            let turn = |money: Money| Money::new(money.minor(), around.foreign);
            line.amount = line.amount.map(turn);
            if seeded.percent(50) {
                line.price = line.price.map(turn);
            }
        }
    }
}

/// A text that looks nearly the same: a space, another Unicode form, another case, a letter of another alphabet, a
/// control character, nothing at all.
fn spoilt(seeded: &mut Seeded, text: &str) -> String {
    match seeded.range(0, 9) {
        0 => format!("{text} "),
        1 => format!(" {text}"),
        2 => text.replace('й', "и\u{306}").replace('ё', "е\u{308}"),
        3 => text.to_uppercase(),
        4 => text.replace('а', "a").replace('о', "o").replace('1', "１"),
        5 => format!("{text}\u{0}"),
        6 => format!("{text}\u{85}"),
        7 => format!("\u{202e}{text}"),
        8 => text.replace(' ', "\u{a0}"),
        _ => String::new(),
    }
}
