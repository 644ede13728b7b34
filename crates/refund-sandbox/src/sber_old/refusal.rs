//! The errors of `refund.do` and `getOrderStatusExtended.do`: codes and texts of the documents.
//!
//! Russian texts stand in the `refund.do` document, English ones in Sber's wiki (both CONFIRMED).
//! Texts that start with `sandbox:` are the sandbox's own, where no document has one.

use std::borrow::Cow;

use crate::switches::Language;

/// A refusal: HTTP 200, a code and a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: u64,
    ru: Cow<'static, str>,
    en: Cow<'static, str>,
}

impl Refusal {
    const fn new(code: u64, ru: &'static str, en: &'static str) -> Self {
        Self { code, ru: Cow::Borrowed(ru), en: Cow::Borrowed(en) }
    }

    pub(super) const fn access_denied() -> Self {
        Self::new(5, "Доступ запрещён", "Access denied")
    }

    pub(super) const fn order_id_empty() -> Self {
        Self::new(5, "[orderId] не указан", "[orderId] is empty")
    }

    pub(super) const fn wrong_amount() -> Self {
        Self::new(5, "Неверная сумма", "Incorrect amount")
    }

    /// The document prints it in English only.
    pub(super) const fn penalty_with_loyalty() -> Self {
        const TEXT: &str = "Penalty is not supported for orders with loyalty";
        Self::new(5, TEXT, TEXT)
    }

    pub(super) const fn wrong_order() -> Self {
        Self::new(6, "Неверный номер заказа", "Wrong order number")
    }

    pub(super) const fn wrong_state() -> Self {
        Self::new(7, "Платёж должен быть в корректном состоянии", "Payment must be in the correct state")
    }

    pub(super) const fn exceeds() -> Self {
        Self::new(
            7,
            "Сумма возврата превышает сумму списания",
            "The refund amount exceeds the debited amount",
        )
    }

    pub(super) const fn system() -> Self {
        Self::new(7, "Системная ошибка", "System error")
    }

    /// The text speaks of a completion because it was copied from there; verbatim. Russian only.
    pub(super) const fn cart_needed() -> Self {
        const TEXT: &str = "Указанная сумма завершения не совпадает с полной суммой заказа. \
                            Необходима корзина для завершения на неполную сумму предавторизации";
        Self::new(8, TEXT, TEXT)
    }

    /// From Sber's error dictionary, where it stands under code 1 (CONFIRMED; English only).
    pub(super) const fn composite_amount_not_a_number() -> Self {
        const TEXT: &str = "[compositeRefundAmount] is not a number";
        Self::new(1, TEXT, TEXT)
    }

    /// A case the documents call an error without giving it a text.
    pub(super) fn own(code: u64, text: impl AsRef<str>) -> Self {
        let text: Cow<'static, str> = Cow::Owned(format!("sandbox: {}", text.as_ref()));
        Self { code, ru: text.clone(), en: text }
    }

    /// Whatever a fault wants.
    pub(super) fn made_up(code: u64, text: &str) -> Self {
        let text: Cow<'static, str> = Cow::Owned(text.to_owned());
        Self { code, ru: text.clone(), en: text }
    }

    /// A text that another dialect's document gives for the same case.
    pub(super) const fn borrowed(code: u64, text: &'static str) -> Self {
        Self::new(code, text, text)
    }

    pub(super) fn text(&self, language: Language) -> &str {
        match language {
            Language::Ru => &self.ru,
            Language::En => &self.en,
        }
    }
}
