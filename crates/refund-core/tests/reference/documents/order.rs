//! The rules that compare with the order: its lines, what is left of them, what they total.

use super::{LineMoney, Places, Reading, countable, lines::path, money::place_if, paid, units};
use rust_decimal::Decimal;

/// «В корзине запрещены для передачи товарные позиции, отсутствующие в оригинальном заказе. … Необходимо совпадение
/// элементов positionId, name, itemCode. Если хотя бы одно из значений не совпадает, считается, что данная товарная
/// позиция отсутствует в оригинальном заказе» (Sber, refund.do). Position and quantity are enough on their own (Sber
/// wiki, partial refund with a cart), so what is left out is not compared.
pub(super) fn cart_line_in_order(reading: &Reading<'_>) -> Places {
    let lines = reading.asked_lines();
    if reading.order.is_none() {
        return place_if(!lines.is_empty(), "lines");
    }
    let mut places = Places::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(sold) = reading.sold(&line.position) else {
            places.push(path(index, "position"));
            continue;
        };
        if line.name.as_ref().is_some_and(|name| *name != sold.name) {
            places.push(path(index, "name"));
        }
        if line.code.is_some() && line.code != sold.code {
            places.push(path(index, "code"));
        }
    }
    places
}

/// «positionId … уникален в рамках корзины» (Sber, ECOM cart), of the order's cart: a position that stands there twice
/// does not say which line comes back.
pub(super) fn order_positions_unique(reading: &Reading<'_>) -> Places {
    let Some(order) = &reading.order else { return Places::new() };
    let twice = |position: &String| order.get(position).is_some_and(|lines| lines.len() > 1);
    let lines = reading.asked_lines().iter().enumerate();
    lines.filter(|(_, line)| twice(&line.position)).map(|(index, _)| path(index, "position")).collect()
}

/// `quantity` is compared with the order's (Sber, refund.do), and `measure` is a member of it: so much of another unit is
/// another quantity. What the order does not tell is not compared.
pub(super) fn cart_measure_in_order(reading: &Reading<'_>) -> Places {
    let differs = |line: &refund_core::RefundLine, sold: &refund_core::Line| {
        line.measure.is_some() && sold.measure.is_some() && line.measure != sold.measure
    };
    let joined = reading.joined().into_iter();
    joined.filter(|(_, line, sold)| differs(line, sold)).map(|(index, ..)| path(index, "measure")).collect()
}

/// «Значение элемента quantity в корзине запроса на завершение не должно превышать значение аналогичного параметра в
/// корзине заказа на регистрацию» (Sber, refund.do); with several refunds, less what earlier ones took, as the ECOM
/// cart counts `refundedQuantity`.
pub(super) fn cart_quantity_remaining(reading: &Reading<'_>) -> Places {
    let mut places = Places::new();
    for (index, line, sold) in reading.joined() {
        if units(line.quantity.thousandths()) > reading.quantity_left(sold) {
            places.push(path(index, "quantity"));
        }
    }
    places
}

/// «Значение элемента itemAmount блока items не должно превышать значение аналогичного параметра в оригинальном заказе»
/// (Sber, refund.do); less what earlier refunds took. Where the order tells no amount, it is price × quantity.
pub(super) fn cart_amount_remaining(reading: &Reading<'_>) -> Places {
    let mut places = Places::new();
    for (index, _, sold) in reading.joined() {
        let LineMoney::Known(asked) = reading.line_money(index) else { continue };
        if reading.money_left(sold).is_some_and(|left| asked > left) {
            places.push(path(index, "amount"));
        }
    }
    places
}

/// Positions add up to the operation's sum (Robokassa, fiscalisation page, for payments) and to the order's amount (Sber
/// wiki, register.do), which is money and points. Said of the order as the shop gives it, where that is the one that
/// counts and tells all its money.
pub(super) fn order_totals_the_payment(reading: &Reading<'_>) -> Places {
    if reading.case.payment.cart.is_some() {
        return Places::new();
    }
    let Some(order) = &reading.case.command.order else { return Places::new() };
    let mut total = Decimal::ZERO;
    let currency = reading.case.payment.captured.currency();
    for line in &order.lines {
        // A line in another currency is told as such.
        let told = line.amount.or(line.price).is_some_and(|money| money.currency() == currency);
        let (true, Some(paid)) = (told, paid(line)) else { return Places::new() };
        total += paid;
    }
    let points = reading.case.payment.points.map_or(Decimal::ZERO, |points| Decimal::from(points.minor()));
    place_if(!countable(&total) || total != reading.captured() + points, "order")
}
