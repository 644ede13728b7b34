//! What a refusal of Refund/Create may mean, for the person who reads it.
//!
//! One message is official, `NotEnoughOperationFunds`; it is explained nowhere (CONFIRMED, Robokassa, refund API page).
//! Reasons are an open set: whatever else comes is passed on as it is and gets no invented meaning. This module must not
//! decide an outcome.

use refund_core::MessageDef;

/// `NotEnoughOperationFunds`.
pub static NOT_ENOUGH_FUNDS: MessageDef = MessageDef {
    id: "robokassa-hint-not-enough-operation-funds",
    en: "The operation has less left than was asked. Refunds made in the cabinet are not visible by API: look there \
         (\"Operations and refunds\", with refunds) for what has already been returned.",
    ru: "По операции осталось меньше, чем запрошено. Возвраты, сделанные в личном кабинете, по API не видны: \
         посмотрите там («Операции и возвраты», «с возвратами»), что уже возвращено.",
};

/// The token was not accepted: 401, 403, or a message about the signature key.
pub static SIGNATURE_KEY: MessageDef = MessageDef {
    id: "robokassa-hint-signature-key",
    en: "Robokassa did not accept the signature: Password3 is wrong or not generated, access to the refunds API is not \
         granted (request \"Доступ к API возвратов\" in the cabinet), or the operation belongs to another shop.",
    ru: "Robokassa не приняла подпись: Password3 неверен или не выпущен, нет доступа к API возвратов (заявка «Доступ к \
         API возвратов» в личном кабинете) или операция принадлежит другому магазину.",
};

/// 404, 405, 413, 415, and 400 without a message: what arrived was not what this program sends.
pub static NOT_UNDERSTOOD: MessageDef = MessageDef {
    id: "robokassa-hint-not-understood",
    en: "The request did not reach the refunds API in the form it was sent: check the configured address and whether a \
         proxy in between changes requests. The money was not touched.",
    ru: "Запрос не дошёл до API возвратов в том виде, в каком отправлен: проверьте адрес в настройках и не меняет ли \
         запросы промежуточный прокси. Деньги не тронуты.",
};

/// 429.
pub static TOO_MANY: MessageDef = MessageDef {
    id: "robokassa-hint-too-many-requests",
    en: "Too many requests: the refund was not accepted and may be planned again later, more slowly.",
    ru: "Слишком много запросов: возврат не принят, его можно запланировать снова позже и медленнее.",
};

/// Every hint, for catalogues.
pub const ALL: &[&MessageDef] = &[&NOT_ENOUGH_FUNDS, &SIGNATURE_KEY, &NOT_UNDERSTOOD, &TOO_MANY];

/// Hints for a refusal: by its message, else by its status (`None` for a success status).
pub(crate) fn hints(status: Option<u16>, message: Option<&str>) -> Vec<&'static MessageDef> {
    match (message, status) {
        (Some("NotEnoughOperationFunds"), _) => vec![&NOT_ENOUGH_FUNDS],
        (Some(message), _) if message.starts_with("Signature key is not exists") => vec![&SIGNATURE_KEY],
        (_, Some(401 | 403)) => vec![&SIGNATURE_KEY],
        (_, Some(429)) => vec![&TOO_MANY],
        (_, Some(404 | 405 | 413 | 415)) | (None, Some(400)) => vec![&NOT_UNDERSTOOD],
        _ => Vec::new(),
    }
}
