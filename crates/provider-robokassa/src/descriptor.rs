//! Robokassa described as data: what it can do, when to ask, what to tell an operator.
//!
//! Everything above a provider decides by these values. They must not depend on a shop, except for what its settings say
//! about self-fencing.

use crate::rules::{ITEMS_MAX, NAME};
use refund_core::{
    Capabilities, CartNeed, CartPolicy, Currency, Descriptor, MessageDef, Name, OperatorTexts, ProviderId,
    SelfFencing, Support, Tier, Timing, Traffic, format::Format,
};
use std::time::Duration;

/// The provider's stable name.
pub const ID: ProviderId = ProviderId::from_static("robokassa");

/// The vendor's plugin's own schedule (CONFIRMED, vendor plugin): the first question after a minute, five minutes apart
/// while fewer than six were asked, fifteen while fewer than twelve, then hourly, and a person after the
/// twenty-fourth, about fourteen hours.
const POLL: [Duration; 24] = {
    let mut waits = [Duration::from_secs(60 * 60); 24];
    waits[0] = Duration::from_secs(60);
    let mut asked = 1;
    while asked < 12 {
        waits[asked] = Duration::from_secs(if asked < 6 { 5 * 60 } else { 15 * 60 });
        asked += 1;
    }
    waits
};

/// What may stand in a cart. Position and code are the shop's own and are not sent.
fn cart() -> CartPolicy {
    let mut cart = CartPolicy::new(CartNeed::ForReceiptOnly);
    cart.position = Format::ans_up_to(100);
    cart.name = NAME;
    // 5 digits and 3 decimals (REPORTED, third-party code).
    cart.quantity_max = 99_999_999;
    cart.lines_max = ITEMS_MAX;
    cart
}

/// The description of this version.
pub(crate) fn descriptor(self_fencing: SelfFencing) -> Descriptor {
    Descriptor {
        id: ID,
        name: Name { en: "Robokassa", ru: "Robokassa" },
        dialect: "refund-service",
        capabilities: Capabilities {
            full: Support::Yes,
            partial: Support::Yes,
            // CONFIRMED, vendor plugin: several partial refunds of one operation.
            several: Support::Yes,
            // It keeps none: the cart comes from the shop.
            cart: Support::No,
            penalty: Support::No,
            loyalty: Support::No,
            // From the positions sent (CONFIRMED, vendor plugin).
            receipts: Support::Yes,
            // Its notifications are about payments alone (REPORTED, merchant).
            callbacks: Support::No,
            currencies: &[Currency::RUB],
        },
        // No key, no list of refunds, and OpStateExt keeps saying 100 after one.
        tier: Tier::Blind,
        self_fencing,
        timing: Timing {
            poll: &POLL,
            settle: Duration::from_secs(15 * 60),
            confirm_gap: Duration::from_secs(60),
        },
        // No limit is documented: two calls a second are a guess, and fewer after the first 429.
        traffic: Traffic { every: Duration::from_millis(500), at_once: 4 },
        cart: cart(),
        texts: OperatorTexts { cabinet: &CABINET, support: &SUPPORT },
    }
}

/// Where to look (REPORTED: the cabinet's operations page as it was in December 2020; it has changed since).
static CABINET: MessageDef = MessageDef {
    id: "robokassa-cabinet",
    en: "Robokassa's cabinet (partner.robokassa.ru): «Финансы» → «Операции и возвраты». Put the payment's number \
         (InvoiceID) into «№ Заказа ИЛИ описание», set «Дата» from the day of the payment to today (DD.MM.YY), tick \
         «с возвратами», press «Найти», then open the order's row. Field names are those of 2020 and may differ now.",
    ru: "Личный кабинет Robokassa (partner.robokassa.ru): «Финансы» → «Операции и возвраты». В поле «№ Заказа ИЛИ \
         описание» введите номер платежа (InvoiceID), в «Дата» — период от дня платежа до сегодня (ДД.ММ.ГГ), отметьте \
         «с возвратами», нажмите «Найти» и откройте строку заказа. Названия полей — по кабинету 2020 года, сейчас они \
         могут отличаться.",
};

/// What to tell support (REPORTED: a third party's list for merchants; what never to send beyond cards is our own).
static SUPPORT: MessageDef = MessageDef {
    id: "robokassa-support",
    en: "Tell Robokassa's support: MerchantLogin; the payment's number (InvoiceID) and operation key (OpKey); the \
         refund request's id (requestId), if there is one; date and time with time zone; sum, currency and payment \
         method; what was expected and what happened; status code and message; earlier ticket numbers. One ticket, one \
         channel. Never send: Password1, 2 or 3, a signature's base text, a refund token (it can be used again), a full \
         card number, CVV, expiry date, codes from SMS.",
    ru: "Сообщите поддержке Robokassa: MerchantLogin; номер платежа (InvoiceID) и ключ операции (OpKey); номер заявки на \
         возврат (requestId), если он есть; дату и время с часовым поясом; сумму, валюту и способ оплаты; чего ждали и \
         что произошло; код ответа и сообщение; номера прежних обращений. Одно обращение, один канал. Никогда не \
         отправляйте: Password1, 2 и 3, исходную строку подписи, токен возврата (его можно использовать повторно), \
         полный номер карты, CVV, срок действия, коды из SMS.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedule_is_the_vendors() {
        let minutes: Vec<_> = POLL.iter().map(|wait| wait.as_secs() / 60).collect();
        assert_eq!(
            minutes,
            [1, 5, 5, 5, 5, 5, 15, 15, 15, 15, 15, 15, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60]
        );
        assert_eq!(minutes.iter().sum::<u64>(), 836);
    }

    #[test]
    fn outcomes_are_blind_and_the_balance_is_trusted_only_by_choice() {
        let careful = descriptor(SelfFencing::Off);
        assert_eq!((careful.tier, careful.self_fencing), (Tier::Blind, SelfFencing::Off));
        assert_eq!(careful.timing.settle, Duration::from_secs(900));
        assert_eq!((careful.cart.needed, careful.cart.lines_max), (CartNeed::ForReceiptOnly, 100));
        assert_eq!(careful.cart.name.to_string(), "ANS..128");
        assert_eq!(descriptor(SelfFencing::On).self_fencing, SelfFencing::On);
    }
}
