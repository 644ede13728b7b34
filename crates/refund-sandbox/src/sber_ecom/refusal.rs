//! The errors of the ECOM dialect: codes and texts of its own table, verbatim.
//!
//! CONFIRMED, ecomtest, section on error codes; the texts are protocol. Which of several texts a case
//! gets is marked where it is chosen. Russian only: no document has them in English.

use std::borrow::Cow;

/// A refusal: HTTP 200, a code and a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: u64,
    pub(super) text: Cow<'static, str>,
    /// What exactly is wrong, in a header of the sandbox's own: the gateway's text does not say.
    pub(super) why: Option<String>,
}

impl Refusal {
    const fn new(code: u64, text: &'static str) -> Self {
        Self { code, text: Cow::Borrowed(text), why: None }
    }

    fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// A mandatory parameter is missing or incorrect.
    pub(super) fn mandatory(path: impl Into<String>) -> Self {
        Self::new(
            4,
            "В запросе не передан обязательный параметр или передан некорректный обязательный параметр",
        )
        .because(path)
    }

    pub(super) fn invalid(path: impl Into<String>) -> Self {
        Self::new(5, "Ошибка валидации данных запроса").because(path)
    }

    pub(super) const fn access_denied() -> Self {
        Self::new(5, "Доступ запрещен")
    }

    pub(super) const fn forbidden() -> Self {
        Self::new(5, "Операция запрещена")
    }

    pub(super) const fn wrong_status() -> Self {
        Self::new(5, "Неверный статус заказа")
    }

    pub(super) const fn wrong_amount() -> Self {
        Self::new(5, "Неверная сумма")
    }

    pub(super) const fn reversed_in_part_already() -> Self {
        Self::new(5, "Нельзя провести частичную отмену более одного раза")
    }

    pub(super) const fn exceeds_hold() -> Self {
        Self::new(5, "Сумма завершения превышает сумму холдирования")
    }

    /// 6 with the document's own spelling, or 5 (which one is a switch).
    pub(super) const fn unknown_order(code: u64) -> Self {
        if code == 5 {
            Self::new(5, "Заказ не найден")
        } else {
            Self::new(6, "Неверныий номер заказа")
        }
    }

    /// No payment to refund: 7, or 5 (which one is a switch).
    pub(super) const fn not_paid(code: u64) -> Self {
        if code == 5 {
            Self::wrong_status()
        } else {
            Self::new(7, "Не найдена успешная платежная операция")
        }
    }

    /// No hold to take: 7, or 5 (which one is a switch).
    pub(super) const fn not_held(code: u64) -> Self {
        if code == 5 {
            Self::wrong_status()
        } else {
            Self::new(7, "Не найдена успешная предавторизация")
        }
    }

    /// Listed under 5 and under 7 (which one is a switch).
    pub(super) const fn exceeds(code: u64) -> Self {
        Self::new(code, "Общая сумма возвратов превышает сумму заказа")
    }

    /// A known key with other data; no document has a text for it.
    pub(super) fn key_conflict(code: u64) -> Self {
        let text = if code == 5 {
            "Ошибка валидации данных запроса"
        } else {
            "Системная ошибка"
        };
        Self::new(code, text).because("jsonParams.externalRefundId: known with other data")
    }

    pub(super) const fn system() -> Self {
        Self::new(7, "Системная ошибка")
    }

    pub(super) const fn cart_currency() -> Self {
        Self::new(8, "Валюта в Корзине не совпадает с валютой заказа")
    }

    pub(super) const fn cart_total() -> Self {
        Self::new(8, "Сумма товарных позиций в Корзине не совпадает с общей суммой заказа")
    }

    pub(super) fn cart_format(path: impl Into<String>) -> Self {
        Self::new(8, "Неверный формат корзины").because(path)
    }

    /// Whatever a fault wants.
    pub(super) fn made_up(code: u64, text: &str) -> Self {
        Self { code, text: Cow::Owned(text.to_owned()), why: None }
    }

    /// An order of that number exists (CONFIRMED).
    pub(super) const fn number_taken() -> Self {
        Self::new(1, "Заказ с таким номером уже обработан")
    }
}
