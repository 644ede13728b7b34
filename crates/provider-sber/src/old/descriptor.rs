//! The dialect described as data, for everything above that must not know a gateway.

use refund_core::{
    Actors, Capabilities, CartNeed, CartPolicy, Currency, Descriptor, MessageDef, Name, OperatorTexts,
    ProviderId, SelfFencing, Support, Tier, Timing, Traffic,
};
use std::time::Duration;

/// The provider's id, written to journals.
pub const ID: ProviderId = ProviderId::from_static("sber-old");

/// Currencies refunded in. `refund.do` names none, so an order in another currency would be refunded in its own; that
/// is not supported until somebody needs and checks it.
pub(super) const CURRENCIES: &[Currency] = &[Currency::RUB];

/// The sentences an operator may be shown.
pub const TEXTS: &[&MessageDef] = &[&CABINET, &SUPPORT];

// Sber's personal account can search orders, refund in full and in part, and make reports (CONFIRMED that it can;
// where its menus are is attested nowhere, so nothing is said of it).
static CABINET: MessageDef = MessageDef {
    id: "sber-old-cabinet",
    en: "In the merchant's personal account at Sber find the order by its order number or by the gateway's order id, \
         open it and look at its refunds: compare date, time and amount with this refund, and mind the time zone. A \
         partial refund changes the order's state too, so go by the refunded amount and not by the state.",
    ru: "В личном кабинете продавца в Сбере найдите заказ по номеру заказа или по идентификатору заказа в шлюзе, \
         откройте его и посмотрите возвраты: сверьте дату, время и сумму с этим возвратом, помня о часовом поясе. \
         Частичный возврат тоже меняет состояние заказа, поэтому смотрите на возвращённую сумму, а не на состояние.",
};

static SUPPORT: MessageDef = MessageDef {
    id: "sber-old-support",
    en: "Tell Sber's support: the API account's login, the gateway's order id, the order number, the refund's amount, \
         date and time with the time zone, and the gateway's answer. Never tell: the account's password, card numbers, codes from \
         messages.",
    ru: "Поддержке Сбера сообщите: логин учётной записи API, идентификатор заказа в шлюзе, номер заказа, сумму возврата, \
         дату и время с часовым поясом и ответ шлюза. Не сообщайте: пароль учётной записи, номера карт, коды из сообщений.",
};

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Seconds, then a minute, minutes, an hour, and five days.
static POLL: [Duration; 11] = [
    seconds(2),
    seconds(5),
    seconds(15),
    seconds(60),
    seconds(5 * 60),
    seconds(60 * 60),
    seconds(24 * 60 * 60),
    seconds(24 * 60 * 60),
    seconds(24 * 60 * 60),
    seconds(24 * 60 * 60),
    seconds(24 * 60 * 60),
];

/// The description; it differs between accounts only in who refunds there.
pub(super) fn descriptor(actors: Actors) -> Descriptor {
    Descriptor {
        id: ID,
        name: Name {
            en: "Sber acquiring (form dialect)", ru: "Интернет-эквайринг Сбера (старый шлюз)"
        },
        dialect: "form",
        capabilities: Capabilities {
            full: Support::Yes,
            partial: Support::Yes,
            several: Support::Yes,
            cart: Support::Yes,
            // `jsonParams.penalty` (CONFIRMED); that the payer gets the amount less the penalty is a GUESS.
            penalty: Support::Yes,
            // refund.do returns money only; points need autoRefund.do.
            loyalty: Support::No,
            // From the cart, by the OFD the account is connected to.
            receipts: Support::Yes,
            // The gateway sends them (checksum, `operation=refunded`); this version does not verify them yet.
            callbacks: Support::No,
            currencies: CURRENCIES,
        },
        tier: Tier::Readable(actors),
        // The order can be read, which decides better than the gateway's own balance.
        self_fencing: SelfFencing::Off,
        // How long a request may stay inside the gateway is documented nowhere: 15 minutes are a guess (assumption G2).
        timing: Timing { poll: &POLL, settle: seconds(15 * 60), confirm_gap: seconds(60) },
        // 429 is documented without numbers (CONFIRMED): five calls a second are a guess, and fewer after the first 429.
        traffic: Traffic { every: Duration::from_millis(200), at_once: 4 },
        // Position N..12 and amount N..12 (CONFIRMED), name and code ANS..100 (REPORTED; the platform allows longer
        // names), measure up to 20, quantity up to 99999.999 in thousandths (CONFIRMED, platform and newer dialect); no
        // largest number of lines is documented.
        cart: CartPolicy::new(CartNeed::OrdersWithCart),
        texts: OperatorTexts { cabinet: &CABINET, support: &SUPPORT },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_in_full() {
        insta::assert_debug_snapshot!("descriptor", descriptor(Actors::Shared));
        assert_eq!(descriptor(Actors::OnlyUs).tier, Tier::Readable(Actors::OnlyUs));
    }
}
