//! The rules every refund must obey, with or without a cart.

use super::{Places, Reading};
use refund_core::{Currency, PaymentState};
use rust_decimal::Decimal;

/// «Запрос закончится ошибкой, если средства по этому заказу не были списаны» (Sber, refund.do).
pub(super) fn payment_captured(reading: &Reading<'_>) -> Places {
    place_if(reading.case.payment.state != PaymentState::Captured, "payment")
}

/// «Сумма возврата превышает сумму списания», code 7; «Неверная сумма», code 5 (Sber, refund.do);
/// `NotEnoughOperationFunds` (Robokassa, refund API). Several refunds are possible and their total may not exceed the
/// debited sum (Sber wiki), so what counts is what is left.
pub(super) fn within_remaining(reading: &Reading<'_>) -> Places {
    let fine = match reading.asked() {
        Some(asked) => asked > Decimal::ZERO && asked <= reading.remaining(),
        None => false,
    };
    place_if(!fine, "amount")
}

/// «Для Сбербанк «Спасибо» валюта заказа должна быть рубли РФ (643-RUB)» (Sber, refund.do).
pub(super) fn loyalty_in_roubles(reading: &Reading<'_>) -> Places {
    let roubles = reading.case.payment.captured.currency() == Currency::RUB;
    place_if(reading.has_points() && !roubles, "payment")
}

/// «Параметр penalty игнорируется при возвратах заказа с баллами (лояльностью), возвращается ошибка: … Penalty is not
/// supported for orders with loyalty» (Sber, refund.do).
pub(super) fn penalty_not_with_loyalty(reading: &Reading<'_>) -> Places {
    place_if(reading.has_points() && reading.case.command.penalty.is_some(), "penalty")
}

/// The place, where a rule that has only one is broken.
pub(super) fn place_if(broken: bool, place: &str) -> Places {
    if broken { vec![place.to_owned()] } else { Vec::new() }
}
