//! Rules of taxpayer numbers: lengths, control digits, zeros, and what Sber OLD has no room for.

use super::{Checker, InnSums, RuleDef, Severity, Violation};
use crate::{BackEnd, Evidence, Inn, InnError, MessageDef, params::Key};

pub(super) static INN_LEN: RuleDef = RuleDef {
    id: "inn-len",
    severity: Severity::Error,
    messages: &[&LENGTH],
    evidence: Evidence::Confirmed,
    source: "ATOL v5: 10 or 12 digits, a cashier's exactly 12; Sber, refund.do: N10..12, N12",
};
static LENGTH: MessageDef = MessageDef {
    id: "ofd-inn-len",
    en: "{ $path } is no INN: { $value }. It has { $limit } digits and nothing else.",
    ru: "{ $path } — не ИНН: { $value }. В нём { $limit } цифр и ничего больше.",
};

pub(super) static INN_SUM: RuleDef = RuleDef {
    id: "inn-sum",
    severity: Severity::Error,
    messages: &[&SUM, &ZERO],
    evidence: Evidence::Reported,
    source: "the published algorithm of control digits; a warning where the manuals' samples are replayed",
};
static SUM: MessageDef = MessageDef {
    id: "ofd-inn-sum",
    en: "{ $path }: the control digits of { $value } are wrong, a digit is mistyped.",
    ru: "{ $path }: контрольные цифры { $value } не сходятся, в номере опечатка.",
};
static ZERO: MessageDef = MessageDef {
    id: "ofd-inn-zero",
    en: "{ $path } is all zeros, which is nobody's INN; { $limit } stands for a foreign supplier and nowhere else.",
    ru: "{ $path } из одних нулей, такого ИНН нет; { $limit } ставят только иностранному поставщику.",
};

pub(super) static INN_SBER_12: RuleDef = RuleDef {
    id: "inn-sber-12",
    severity: Severity::Warning,
    messages: &[&COMPANY],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: client.inn is N12; whether a company's ten digits pass is not said",
};
static COMPANY: MessageDef = MessageDef {
    id: "ofd-inn-sber-12",
    en: "{ $path } has 10 digits, a company's; { $backend } documents { $limit } and may refuse it.",
    ru: "{ $path } из 10 цифр, как у организации; { $backend } описывает { $limit } и может его отклонить.",
};

pub(super) fn check(c: &mut Checker<'_>) {
    for key in [Key::TransferInn, Key::CashierInn, Key::BuyerInn] {
        if let Some(text) = c.text(key).filter(|text| !text.is_empty()) {
            one(c, key, text);
        }
    }
}

fn one(c: &mut Checker<'_>, key: Key, text: &str) {
    let limit = if key == Key::CashierInn { "12" } else { "10 / 12" };
    match Inn::parse(text) {
        Err(InnError::Zero) => return c.limited(&INN_SUM, &ZERO, key, Inn::NO_RUSSIAN_INN.as_str()),
        Err(InnError::Length | InnError::NotDigits) => return c.limited(&INN_LEN, &LENGTH, key, limit),
        Err(InnError::Checksum) => {
            let violation = Violation::new(&INN_SUM, &SUM, key).with_value(Some(text));
            let sample = c.context.inn_sums() == InnSums::SamplesAllowed;
            c.push(if sample { violation.warning() } else { violation });
        }
        Ok(_) => {}
    }
    if text.len() == 10 && key == Key::CashierInn {
        c.limited(&INN_LEN, &LENGTH, key, limit);
    }
    if text.len() == 10 && key == Key::BuyerInn && c.context.back_end() == BackEnd::SberOld {
        let violation = Violation::new(&INN_SBER_12, &COMPANY, key).with("limit", key.def().old);
        c.push(violation.with("backend", BackEnd::SberOld));
    }
}
