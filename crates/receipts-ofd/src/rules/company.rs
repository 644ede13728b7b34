//! Rules of where and by which machine the settlement was made, and of what Evotor's register does not take.

use super::{Checker, RuleDef, Severity, Violation, text};
use crate::{Evidence, MerchantKind, MessageDef, OfdPartner, params::Key};

pub(super) static AUTOMAT: RuleDef = RuleDef {
    id: "automat",
    severity: Severity::Error,
    messages: &[&OF_VENDING, &OF_TRANSPORT, &text::LENGTH],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: vending and transport, FFD 1.05 and 1.2",
};
pub(super) static LOCATION: RuleDef = RuleDef {
    id: "location",
    severity: Severity::Error,
    messages: &[&OF_VENDING, &OF_TRANSPORT, &OF_COURIERS, &text::LENGTH],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: vending, transport and couriers, FFD 1.05 and 1.2; 243 characters there, 256 elsewhere",
};
static OF_VENDING: MessageDef = MessageDef {
    id: "ofd-company-vending",
    en: "{ $path } is missing: it is required of vending machines.",
    ru: "Не хватает { $path }: для вендинга он обязателен.",
};
static OF_TRANSPORT: MessageDef = MessageDef {
    id: "ofd-company-transport",
    en: "{ $path } is missing: it is required of transport.",
    ru: "Не хватает { $path }: для транспорта он обязателен.",
};
static OF_COURIERS: MessageDef = MessageDef {
    id: "ofd-company-courier",
    en: "{ $path } is missing: it is required of couriers.",
    ru: "Не хватает { $path }: для курьеров он обязателен.",
};

pub(super) static EVOTOR_CLIENT: RuleDef = RuleDef {
    id: "evotor-client",
    severity: Severity::Warning,
    messages: &[&IGNORED],
    evidence: Evidence::Confirmed,
    source: "Sber e-commerce OpenAPI: Evotor's digital register has no address, birth date, citizenship or document",
};
pub(super) static EVOTOR_COMPANY: RuleDef = RuleDef {
    id: "evotor-company",
    severity: Severity::Warning,
    messages: &[&IGNORED],
    evidence: Evidence::Confirmed,
    source: "Evotor's page on its ATOL connector: no location, no device number",
};
static IGNORED: MessageDef = MessageDef {
    id: "ofd-evotor",
    en: "{ $path } is not printed by { $limit }.",
    ru: "{ $path } не печатается: { $limit } этого поля не знает.",
};

const CLIENT: &[Key] = &[
    Key::BuyerAddress,
    Key::BuyerBirthDate,
    Key::BuyerCitizenship,
    Key::BuyerDocumentCode,
    Key::BuyerDocumentNumber,
];
const COMPANY: &[Key] = &[Key::MachineNumber, Key::SettlementAddress];

pub(super) fn check(c: &mut Checker<'_>) {
    if let Some((message, machine)) = needed(c.context.merchant()) {
        let machine = machine.then_some((&AUTOMAT, Key::MachineNumber));
        let place = [(&LOCATION, Key::SettlementAddress), (&LOCATION, Key::SettlementPlace)];
        for (rule, key) in machine.into_iter().chain(place) {
            if !c.has(key) {
                c.push(Violation::new(rule, message, key));
            }
        }
    }
    if c.context.partner() == OfdPartner::Evotor {
        ignored(c, &EVOTOR_CLIENT, CLIENT);
        ignored(c, &EVOTOR_COMPANY, COMPANY);
    }
}

/// What to say of a missing address, and whether the machine's number is needed too.
const fn needed(merchant: MerchantKind) -> Option<(&'static MessageDef, bool)> {
    match merchant {
        MerchantKind::Shop => None,
        MerchantKind::Vending => Some((&OF_VENDING, true)),
        MerchantKind::Transport => Some((&OF_TRANSPORT, true)),
        MerchantKind::Courier => Some((&OF_COURIERS, false)),
    }
}

fn ignored(c: &mut Checker<'_>, rule: &'static RuleDef, keys: &[Key]) {
    for key in keys.iter().copied().filter(|key| c.fields.has(*key)) {
        c.found.push(Violation::new(rule, &IGNORED, key).with("limit", "Evotor"));
    }
}
