//! What refund.do's refusals mean, and whether they prove that nothing happened.
//!
//! One code has several meanings here, so every meaning is told. Codes and Russian texts: Sber, refund.do (CONFIRMED).
//! It must not read bytes.

use super::wire::reply::Refusal;
use crate::redact::Redactor;
use refund_core::{Certainty, Decline, MessageDef};

/// Every meaning of a refusal that this dialect can hint at.
pub const HINTS: &[&MessageDef] = &[
    &ACCESS_DENIED,
    &PASSWORD_CHANGE,
    &NO_ORDER_ID,
    &WRONG_AMOUNT,
    &PENALTY_WITH_LOYALTY,
    &PARAMETERS,
    &WRONG_ORDER,
    &WRONG_STATE,
    &EXCEEDS,
    &LESS_THAN_A_ROUBLE,
    &SYSTEM_ERROR,
    &CART_NEEDED,
    &CART_REFUSED,
    &FORMAT,
    &UNDOCUMENTED,
];

static ACCESS_DENIED: MessageDef = MessageDef {
    id: "sber-old-code-5-access-denied",
    en: "Access denied: the API account's login or password is wrong, it may not make refunds, or the order is another \
         merchant's. Check the account and ask Sber for the refund permission.",
    ru: "Доступ запрещён: неверен логин или пароль учётной записи API, у неё нет права на возврат или заказ принадлежит \
         другому продавцу. Проверьте учётную запись и запросите в Сбере право на возвраты.",
};
static PASSWORD_CHANGE: MessageDef = MessageDef {
    id: "sber-old-code-5-password-change",
    en: "The API account must change its password first; do it in the merchant's personal account.",
    ru: "Учётная запись API должна сначала сменить пароль; сделайте это в личном кабинете продавца.",
};
static NO_ORDER_ID: MessageDef = MessageDef {
    id: "sber-old-code-5-no-order-id",
    en: "The order id is missing from the request.",
    ru: "В запросе не указан [orderId].",
};
static WRONG_AMOUNT: MessageDef =
    MessageDef {
        id: "sber-old-code-5-wrong-amount", en: "The amount is wrong.", ru: "Неверная сумма."
    };
static PENALTY_WITH_LOYALTY: MessageDef = MessageDef {
    id: "sber-old-code-5-penalty-with-loyalty",
    en: "A penalty cannot be kept from an order that was paid with loyalty points.",
    ru: "Удержание невозможно по заказу, оплаченному с бонусами (баллами лояльности).",
};
/// GUESS: no document gives a code for these.
static PARAMETERS: MessageDef = MessageDef {
    id: "sber-old-code-5-parameters",
    en: "If receipt fields or parameters of your own were sent: the gateway may not take them, for example because the \
         order was registered without additionalOfdParams. No document gives the code of such a refusal.",
    ru: "Если переданы поля чека или свои параметры: шлюз мог их не принять, например потому что заказ зарегистрирован \
         без additionalOfdParams. Код такого отказа в документации не указан.",
};
static WRONG_ORDER: MessageDef = MessageDef {
    id: "sber-old-code-6-wrong-order",
    en: "The gateway does not know this order id. It is the gateway's own id of 36 characters, not the shop's order \
         number; check also that the test and the production gateway are not mixed up.",
    ru: "Неверный номер заказа. Нужен идентификатор заказа в шлюзе (36 символов), а не номер заказа магазина; проверьте \
         также, не перепутаны ли тестовый и боевой шлюзы.",
};
static WRONG_STATE: MessageDef = MessageDef {
    id: "sber-old-code-7-wrong-state",
    en: "The payment is not in a state that can be refunded, for example not debited or cancelled.",
    ru: "Платёж должен быть в корректном состоянии: возврат невозможен, если он, например, не списан или отменён.",
};
static EXCEEDS: MessageDef = MessageDef {
    id: "sber-old-code-7-exceeds",
    en: "The refund exceeds what was debited and not yet given back. After a lost answer this may mean that the refund \
         was made.",
    ru: "Сумма возврата превышает сумму списания за вычетом уже возвращённого. После потерянного ответа это может \
         означать, что возврат уже прошёл.",
};
static LESS_THAN_A_ROUBLE: MessageDef = MessageDef {
    id: "sber-old-code-7-less-than-a-rouble",
    en: "Less than one rouble is refunded of an order paid by credit.",
    ru: "По заказу, оплаченному в кредит, нельзя вернуть меньше одного рубля.",
};
static SYSTEM_ERROR: MessageDef = MessageDef {
    id: "sber-old-code-7-system-error",
    en: "A system error inside the gateway, which proves nothing: the order is read to see whether money moved.",
    ru: "Системная ошибка шлюза. Она ничего не доказывает: движение денег проверяется по состоянию заказа.",
};
static CART_NEEDED: MessageDef = MessageDef {
    id: "sber-old-code-8-cart-needed",
    en: "The order has a cart and the amount is not the whole of it: the refund must say which lines of the cart are \
         given back.",
    ru: "У заказа есть корзина, а сумма не равна полной: в возврате нужно передать возвращаемые позиции корзины.",
};
static CART_REFUSED: MessageDef = MessageDef {
    id: "sber-old-code-8-cart-refused",
    en: "A line of the refund's cart breaks a rule: not in the order, more than was sold or is left, another currency, a \
         wrong format, or the lines do not total the refund. No document says which code stands for which.",
    ru: "Позиция корзины возврата нарушает правило: её нет в заказе, её больше, чем продано или осталось, другая валюта, \
         неверный формат, или сумма позиций не равна возврату. Какой код чему соответствует, в документации не сказано.",
};
static FORMAT: MessageDef = MessageDef {
    id: "sber-old-code-4-format",
    en: "Reported elsewhere as \"wrong format of the request\", for a cart whose lines lack receipt fields (FFD). Not in the \
         gateway's documents for a refund.",
    ru: "По сообщениям, «Неверный формат запроса»: в позициях корзины не хватает полей чека (ФФД). В документации по \
         возвратам такого кода нет.",
};
static UNDOCUMENTED: MessageDef = MessageDef {
    id: "sber-old-code-undocumented",
    en: "This code is not in the gateway's documents for a refund, so it proves nothing: the order is read to see \
         whether money moved.",
    ru: "Такого кода нет в документации по возвратам, он ничего не доказывает: движение денег проверяется по состоянию \
         заказа.",
};

/// A refusal with its certainty and meanings; the gateway's text cleaned.
///
/// | code | certainty | why |
/// |---|---|---|
/// | 5, 6, 8 | final on a first send | the request was refused before the money: access, form, order, cart |
/// | 7 | to be confirmed | "exceeds" and "wrong state" share the number with "system error" (CONFIRMED) |
/// | any other | to be confirmed | codes differ by method, and an undocumented one is no proof; 4 has a reported meaning (third-party issue thread) |
///
/// Which of 7's meanings it was, the order's status tells, never the text: the engine reads the order and takes the
/// refusal as final only when nothing has moved. Which code a single cart violation has, no document says; 8 is the
/// likeliest (GUESS, as in the newer dialect).
pub(super) fn decline(refusal: &Refusal, redactor: &Redactor) -> Decline {
    let (certainty, hints): (_, Vec<&'static MessageDef>) = match refusal.code.as_str() {
        "5" => {
            let documented =
                vec![&ACCESS_DENIED, &PASSWORD_CHANGE, &NO_ORDER_ID, &WRONG_AMOUNT, &PENALTY_WITH_LOYALTY];
            (Certainty::Final, [documented, vec![&PARAMETERS]].concat())
        }
        "6" => (Certainty::Final, vec![&WRONG_ORDER]),
        "7" => (Certainty::Confirm, vec![&WRONG_STATE, &EXCEEDS, &LESS_THAN_A_ROUBLE, &SYSTEM_ERROR]),
        "8" => (Certainty::Final, vec![&CART_NEEDED, &CART_REFUSED]),
        "4" => (Certainty::Confirm, vec![&FORMAT, &UNDOCUMENTED]),
        _ => (Certainty::Confirm, vec![&UNDOCUMENTED]),
    };
    Decline {
        code: redactor.clean(&refusal.code, 64),
        text: redactor.clean(&refusal.message, 512),
        certainty,
        hints,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretString;

    #[test]
    fn what_each_code_proves() {
        let cases: &[(&str, Certainty, &[&str])] = &[
            (
                "5",
                Certainty::Final,
                &[
                    "sber-old-code-5-access-denied",
                    "sber-old-code-5-password-change",
                    "sber-old-code-5-no-order-id",
                    "sber-old-code-5-wrong-amount",
                    "sber-old-code-5-penalty-with-loyalty",
                    "sber-old-code-5-parameters",
                ],
            ),
            ("6", Certainty::Final, &["sber-old-code-6-wrong-order"]),
            (
                "7",
                Certainty::Confirm,
                &[
                    "sber-old-code-7-wrong-state",
                    "sber-old-code-7-exceeds",
                    "sber-old-code-7-less-than-a-rouble",
                    "sber-old-code-7-system-error",
                ],
            ),
            ("8", Certainty::Final, &["sber-old-code-8-cart-needed", "sber-old-code-8-cart-refused"]),
            ("1", Certainty::Confirm, &["sber-old-code-undocumented"]),
            ("2", Certainty::Confirm, &["sber-old-code-undocumented"]),
            ("3", Certainty::Confirm, &["sber-old-code-undocumented"]),
            ("4", Certainty::Confirm, &["sber-old-code-4-format", "sber-old-code-undocumented"]),
            ("05", Certainty::Confirm, &["sber-old-code-undocumented"]),
            ("999", Certainty::Confirm, &["sber-old-code-undocumented"]),
        ];
        let redactor = Redactor::new(&SecretString::from("password-canary"));
        for (code, certainty, hints) in cases {
            let refusal = Refusal { code: (*code).to_owned(), message: "text".to_owned() };
            let decline = decline(&refusal, &redactor);
            assert_eq!((decline.code.as_str(), decline.certainty), (*code, *certainty));
            assert_eq!(decline.hints.iter().map(|hint| hint.id).collect::<Vec<_>>(), *hints, "{code}");
        }
    }

    #[test]
    fn the_gateways_text_is_cleaned_and_cut() {
        let redactor = Redactor::new(&SecretString::from("password-canary"));
        let message = format!("wrong password-canary\u{202e}\n{}", "ж".repeat(600));
        let decline = decline(&Refusal { code: "5".to_owned(), message }, &redactor);
        assert!(decline.text.starts_with("wrong ***ж"), "{}", decline.text);
        assert_eq!(decline.text.chars().count(), 512);
    }

    #[test]
    fn every_hint_is_listed_once_and_speaks_both_languages() {
        let ids: std::collections::BTreeSet<_> = HINTS.iter().map(|hint| hint.id).collect();
        assert_eq!(ids.len(), HINTS.len());
        for hint in HINTS {
            let cyrillic = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
            assert!(cyrillic(hint.ru) && !cyrillic(hint.en), "{}", hint.id);
        }
    }
}
