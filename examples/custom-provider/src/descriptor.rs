//! Acme described as data. Everything above a provider decides by these values, never by a gateway's name.

use refund_core::{
    Actors, Capabilities, CartNeed, CartPolicy, Currency, Descriptor, MessageDef, Name, OperatorTexts,
    ProviderId, SelfFencing, Support, Tier, Timing, Traffic,
};
use std::time::Duration;

/// Acme's stable name. It is written to journals and never changes.
pub const ID: ProviderId = ProviderId::from_static("acme");

/// What Acme is and can do.
pub static DESCRIPTOR: Descriptor = Descriptor {
    id: ID,
    name: Name { en: "Acme Pay", ru: "Акме Пэй" },
    dialect: "lines",
    capabilities: Capabilities {
        full: Support::Yes,
        partial: Support::Yes,
        several: Support::Yes,
        cart: Support::No,
        penalty: Support::No,
        loyalty: Support::No,
        receipts: Support::No,
        callbacks: Support::No,
        currencies: &[Currency::RUB],
    },
    // Acme tells the refunded sum of a payment, and this merchant refunds nowhere else: a doubt is resolved by reading.
    tier: Tier::Readable(Actors::OnlyUs),
    self_fencing: SelfFencing::Off,
    timing: Timing {
        poll: &[Duration::from_secs(5), Duration::from_secs(60), Duration::from_secs(3_600)],
        settle: Duration::from_secs(15 * 60),
        confirm_gap: Duration::from_secs(60),
    },
    // No cart is asked for here; a cart's lines only say what is left of them.
    traffic: Traffic::CAREFUL,
    cart: CartPolicy::new(CartNeed::ForReceiptOnly),
    texts: OperatorTexts { cabinet: &CABINET, support: &SUPPORT },
};

static CABINET: MessageDef = MessageDef {
    id: "acme-cabinet",
    en: "Acme's cabinet, Payments, filter by the payment's number, tab Refunds.",
    ru: "Кабинет Акме, раздел «Платежи», фильтр по номеру платежа, вкладка «Возвраты».",
};

static SUPPORT: MessageDef = MessageDef {
    id: "acme-support",
    en: "Tell Acme's support the payment's number, amount and time. Never send the token.",
    ru: "Сообщите поддержке Акме номер платежа, сумму и время. Токен не передавайте никогда.",
};
