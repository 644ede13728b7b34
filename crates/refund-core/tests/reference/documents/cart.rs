//! The rules of a cart as a whole: whether there must be one, and what its lines total.

use super::{LineMoney, Places, Reading, countable, lines::path, money::place_if};
use refund_core::{PriorCarts, PriorRoute};
use rust_decimal::Decimal;

/// «При возврате заказа на сумму отличную от суммы списания (кроме передачи значения «0») обязательно должна
/// передаваться корзина товаров»; «в случае полного возврата заказа, передача корзины товаров необязательна» (Sber,
/// refund.do). It is about orders registered with a cart. An order that something was already given back of is not
/// refunded in full by any amount: its debited sum is less by then.
pub(super) fn cart_required(reading: &Reading<'_>) -> Places {
    let registered_with_cart = reading.case.payment.cart.is_some();
    let full = |asked: Decimal| asked == reading.captured() && reading.taken().is_zero();
    let partial = reading.asked().is_some_and(|asked| !full(asked));
    place_if(registered_with_cart && partial && !reading.has_cart(), "lines")
}

/// «В случае проведения нескольких возвратов по заказам с корзиной все они должны осуществляться только по алгоритму
/// возврата с корзиной» (Sber, refund.do).
pub(super) fn cart_continues(reading: &Reading<'_>) -> Places {
    let prior = &reading.case.prior;
    let earlier_had_cart = prior.carts == PriorCarts::Some || !prior.lines.is_empty();
    place_if(earlier_had_cart && !reading.has_cart(), "lines")
}

/// The same sentence, for an order that another program refunded past the cart (`processRawSumRefund.do`): what such a
/// refund took of which line nobody can tell, so no further refund is made here.
pub(super) fn raw_continues(reading: &Reading<'_>) -> Places {
    place_if(reading.case.prior.route == PriorRoute::Raw, "payment")
}

/// The platform's documents (BPC): `itemAmount` is needed where `itemPrice` is absent. What the order tells counts too.
pub(super) fn cart_countable(reading: &Reading<'_>) -> Places {
    let mut places = Places::new();
    for index in 0..reading.asked_lines().len() {
        if matches!(reading.line_money(index), LineMoney::Untold | LineMoney::Beyond) {
            places.push(path(index, "amount"));
        }
    }
    if matches!(cart_total(reading), Total::Beyond) {
        places.push("lines".into());
    }
    places
}

/// «Сумма возврата (в деньгах) в корзине не должна превышать подтверждённую денежную сумму оригинального заказа (для
/// запросов autoRefund сравниваются композитные суммы денег и баллов)» (Sber, refund.do).
pub(super) fn cart_within_confirmed(reading: &Reading<'_>) -> Places {
    let Total::Known(total) = cart_total(reading) else { return Places::new() };
    place_if(reading.has_cart() && total > reading.captured(), "lines")
}

/// «Сумма товарных позиций в Корзине не совпадает с общей суммой заказа», code 8 (Sber, ECOM error table); the vendor's
/// plugin sends items only when they total the refund (Robokassa).
pub(super) fn items_total_the_sum(reading: &Reading<'_>) -> Places {
    let (Total::Known(total), Some(asked)) = (cart_total(reading), reading.asked()) else {
        return Places::new();
    };
    place_if(reading.has_cart() && total != asked, "amount")
}

/// What the lines total.
enum Total {
    Known(Decimal),
    /// Some line's money is not known; that is said of the line.
    Unknown,
    /// Adding line by line, it leaves what an amount can be.
    Beyond,
}

fn cart_total(reading: &Reading<'_>) -> Total {
    let lines = (0..reading.asked_lines().len()).map(|index| match reading.line_money(index) {
        LineMoney::Known(money) => Some(money),
        LineMoney::Untold | LineMoney::NoSuchLine | LineMoney::Beyond => None,
    });
    let Some(lines) = lines.collect::<Option<Vec<_>>>() else { return Total::Unknown };
    let mut total = Decimal::ZERO;
    for money in lines {
        total += money;
        if !countable(&total) {
            return Total::Beyond;
        }
    }
    Total::Known(total)
}
