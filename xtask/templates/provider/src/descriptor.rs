//! Newgate described as data. Everything above a provider decides by these values, never by a gateway's name.
//!
//! It promises as little as possible. Say `Yes` to what the gateway's documents say, one thing at a time: the conformance
//! kit then asks for it, and asks for the rest to be refused.

use refund_core::{
    Capabilities, CartNeed, CartPolicy, Currency, Descriptor, MessageDef, Name, OperatorTexts, ProviderId, SelfFencing, Support, Tier, Timing, Traffic,
};
use std::time::Duration;

/// Newgate's stable name. It is written to journals and never changes.
pub const ID: ProviderId = ProviderId::from_static("newgate");

/// What Newgate is and can do.
pub static DESCRIPTOR: Descriptor = Descriptor {
    id: ID,
    name: Name { en: "Newgate", ru: "Newgate" },
    dialect: "v1",
    capabilities: Capabilities {
        full: Support::Yes,
        partial: Support::No,
        several: Support::No,
        cart: Support::No,
        penalty: Support::No,
        loyalty: Support::No,
        receipts: Support::No,
        callbacks: Support::No,
        currencies: &[Currency::RUB],
    },
    // Nothing can be proven after a doubt, so a person decides: true of every gateway until its documents say more.
    tier: Tier::Blind,
    self_fencing: SelfFencing::Off,
    timing: Timing {
        poll: &[Duration::from_secs(60), Duration::from_secs(600), Duration::from_secs(3_600)],
        settle: Duration::from_secs(15 * 60),
        confirm_gap: Duration::from_secs(60),
    },
    // No cart is asked for here; a cart's lines only say what is left of them.
    traffic: Traffic::CAREFUL,
    cart: CartPolicy::new(CartNeed::ForReceiptOnly),
    texts: OperatorTexts { cabinet: &CABINET, support: &SUPPORT },
};

static CABINET: MessageDef = MessageDef {
    id: "newgate-cabinet",
    en: "Newgate's cabinet: find the payment by its number and look at its refunds.",
    ru: "Кабинет Newgate: найдите платёж по номеру и посмотрите его возвраты.",
};

static SUPPORT: MessageDef = MessageDef {
    id: "newgate-support",
    en: "Tell Newgate's support the payment's number, amount and time. Never send the token.",
    ru: "Сообщите поддержке Newgate номер платежа, сумму и время. Токен не передавайте никогда.",
};
