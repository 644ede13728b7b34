//! Four toy gateways that differ in what they can do, so that every branch of the kit is walked.

use refund_core::{
    Actors, Capabilities, CartNeed, CartPolicy, Currency, Descriptor, KeyTrust, MessageDef, Name,
    OperatorTexts, ProviderId, SelfFencing, Support, Tier, Timing, Traffic,
};
use std::time::Duration;

pub(crate) const ID: ProviderId = ProviderId::from_static("toy");

/// What a toy gateway can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Everything, with a key.
    Rich,
    /// Parts by amount, one refund per payment, shows what was refunded; nothing else.
    Plain,
    /// Whole payments only, and shows nothing.
    Whole,
    /// Parts only.
    Parts,
}

impl Flavour {
    pub(crate) fn keyed(self) -> bool {
        self == Self::Rich
    }

    pub(crate) fn shows_refunds(self) -> bool {
        self != Self::Whole
    }

    pub(crate) fn descriptor(self) -> Descriptor {
        let rich = if self == Self::Rich { Support::Yes } else { Support::No };
        let unless = |flavour| if self == flavour { Support::No } else { Support::Yes };
        Descriptor {
            id: ID,
            name: Name { en: "Toy", ru: "Игрушка" },
            dialect: "lines",
            capabilities: Capabilities {
                full: unless(Self::Parts),
                partial: unless(Self::Whole),
                several: if self == Self::Parts { Support::Yes } else { rich },
                cart: rich,
                penalty: rich,
                loyalty: Support::No,
                receipts: rich,
                callbacks: rich,
                currencies: &[Currency::RUB],
            },
            tier: match self {
                Self::Rich => Tier::Keyed { trust: KeyTrust::Verified, actors: Actors::OnlyUs },
                Self::Plain | Self::Parts => Tier::Readable(Actors::OnlyUs),
                Self::Whole => Tier::Blind,
            },
            self_fencing: SelfFencing::Off,
            timing: Timing {
                poll: POLL,
                settle: Duration::from_secs(60),
                confirm_gap: Duration::from_secs(10),
            },
            traffic: Traffic::UNLIMITED,
            cart: CartPolicy::new(CartNeed::ForReceiptOnly),
            texts: OperatorTexts { cabinet: &TEXT, support: &TEXT },
        }
    }
}

static TEXT: MessageDef =
    MessageDef {
        id: "toy-text", en: "A toy has no cabinet.", ru: "У игрушки нет кабинета."
    };

const POLL: &[Duration] = &[Duration::from_secs(10), Duration::from_secs(60)];
