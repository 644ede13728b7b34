//! Rules of the small groups: pairs, trios and quadruples that are whole or absent, and the cashier's name.

use super::{Checker, RuleDef, Severity, Violation, text};
use crate::{BackEnd, Evidence, FoivId, MessageDef, params::Key, params::groups::OPERATION_NAME};

pub(super) static CHECKPROP: RuleDef = RuleDef {
    id: "checkprop",
    severity: Severity::Error,
    messages: &[&text::LENGTH],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: ANS..16; 16 everywhere else",
};

pub(super) static CASHIER_LEN: RuleDef = RuleDef {
    id: "cashier-len",
    severity: Severity::Error,
    messages: &[&text::LENGTH, &BEYOND_THE_TAG],
    evidence: Evidence::Confirmed,
    source: "ATOL v4 and v5: 64; Sber, refund.do: A..256, of which more than 64 is cut or refused further down (GUESS)",
};
static BEYOND_THE_TAG: MessageDef = MessageDef {
    id: "ofd-cashier-len",
    en: "{ $path } has { $found } characters; { $backend } documents { $format }, but the receipt has room for { $limit }.",
    ru: "{ $path }: символов { $found }; { $backend } описывает { $format }, но в чеке помещается { $limit }.",
};
/// What the tag itself has room for.
const CASHIER_TAG: u16 = 64;

pub(super) static USERPROP_PAIR: RuleDef = RuleDef {
    id: "userprop-pair",
    severity: Severity::Error,
    messages: &[&PARTNER_MISSING, &text::LENGTH],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: ANS..24 each; Sber e-commerce OpenAPI and ATOL: 64 and 256",
};
pub(super) static OPER_TRIO: RuleDef = RuleDef {
    id: "oper-trio",
    severity: Severity::Error,
    messages: &[&PARTNER_MISSING, &NOT_ZERO],
    evidence: Evidence::Confirmed,
    source: "ATOL v5 and Sber e-commerce OpenAPI: all three; Sber, refund.do: the name is 0",
};
pub(super) static SECT_QUAD: RuleDef = RuleDef {
    id: "sect-quad",
    severity: Severity::Error,
    messages: &[&PARTNER_MISSING],
    evidence: Evidence::Confirmed,
    source: "ATOL v5 and Sber e-commerce OpenAPI: all four",
};
static PARTNER_MISSING: MessageDef = MessageDef {
    id: "ofd-group-incomplete",
    en: "{ $path } is missing: { $limit } come together or not at all.",
    ru: "Не хватает { $path }: { $limit } передаются вместе или никак.",
};
static NOT_ZERO: MessageDef = MessageDef {
    id: "ofd-operation-name",
    en: "{ $path } is { $value }; until the tax service defines other ids it is { $limit }.",
    ru: "{ $path }: { $value }; пока ФНС не определила других значений, это { $limit }.",
};

pub(super) static SECT_NUMBER: RuleDef = RuleDef {
    id: "sect-number",
    severity: Severity::Error,
    messages: &[&NOT_DIGITS, &text::LENGTH],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: N..32; ATOL v5 takes any text of 32, and real numbers have letters and slashes",
};
static NOT_DIGITS: MessageDef = MessageDef {
    id: "ofd-sect-number",
    en: "{ $path } is { $value }; { $backend } documents { $limit }, digits alone, and may refuse it.",
    ru: "{ $path }: { $value }; { $backend } описывает { $limit }, только цифры, и может отказать.",
};

pub(super) static FOIV: RuleDef = RuleDef {
    id: "foiv",
    severity: Severity::Error,
    messages: &[&NO_BODY, &UNNAMED_BODY],
    evidence: Evidence::Confirmed,
    source: "ATOL v5, appendix 1: 001 to 072; its schema lets 073 through",
};
static NO_BODY: MessageDef = MessageDef {
    id: "ofd-foiv",
    en: "{ $path } is no federal executive body: { $value }. The directory goes from { $limit }.",
    ru: "{ $path } — нет в справочнике ФОИВ: { $value }. В справочнике { $limit }.",
};
static UNNAMED_BODY: MessageDef = MessageDef {
    id: "ofd-foiv-unnamed",
    en: "{ $path } { $value } passes a schema but stands in no printed directory ({ $limit }).",
    ru: "{ $path } { $value } проходит по схеме, но в напечатанном справочнике ({ $limit }) его нет.",
};
const DIRECTORY: &str = "001–072";

const USER: &[Key] = &[Key::UserPropertyName, Key::UserPropertyValue];
const OPERATION: &[Key] = &[Key::OperationName, Key::OperationMoment, Key::OperationValue];
const SECTOR: &[Key] = &[Key::SectorDate, Key::SectorBody, Key::SectorNumber, Key::SectorValue];

pub(super) fn check(c: &mut Checker<'_>) {
    whole_or_absent(c, &USERPROP_PAIR, USER);
    whole_or_absent(c, &OPER_TRIO, OPERATION);
    whole_or_absent(c, &SECT_QUAD, SECTOR);
    if c.text(Key::OperationName).is_some_and(|name| name != OPERATION_NAME && !name.is_empty()) {
        c.limited(&OPER_TRIO, &NOT_ZERO, Key::OperationName, OPERATION_NAME);
    }
    sector_number(c);
    sector_body(c);
}

fn whole_or_absent(c: &mut Checker<'_>, rule: &'static RuleDef, keys: &'static [Key]) {
    for key in c.missing_of(keys) {
        let together = keys.iter().map(|key| key.name()).collect::<Vec<_>>().join(", ");
        c.push(Violation::new(rule, &PARTNER_MISSING, key).with("limit", together));
    }
}

fn sector_number(c: &mut Checker<'_>) {
    let Some(text) = c.text(Key::SectorNumber) else { return };
    if c.context.back_end() == BackEnd::SberOld && !text.bytes().all(|byte| byte.is_ascii_digit()) {
        let violation = Violation::new(&SECT_NUMBER, &NOT_DIGITS, Key::SectorNumber).warning();
        let violation = violation.with_value(Some(text)).with("limit", Key::SectorNumber.def().old);
        c.push(violation.with("backend", BackEnd::SberOld));
    }
}

fn sector_body(c: &mut Checker<'_>) {
    let Some(text) = c.text(Key::SectorBody).filter(|text| !text.is_empty()) else { return };
    if FoivId::parse(text).is_some() {
        return;
    }
    let unnamed = text == "073";
    let message = if unnamed { &UNNAMED_BODY } else { &NO_BODY };
    let violation = Violation::new(&FOIV, message, Key::SectorBody).with_value(Some(text));
    let violation = violation.with("limit", DIRECTORY);
    c.push(if unnamed { violation.warning() } else { violation });
}

/// Sber OLD's own limit holds the name, the tag does not.
pub(super) fn cashier_beyond_the_tag(c: &mut Checker<'_>, key: Key, name: &str) {
    if key != Key::Cashier || text::fits(name, Some(CASHIER_TAG)) {
        return;
    }
    let back_end = c.context.back_end();
    let violation = Violation::new(&CASHIER_LEN, &BEYOND_THE_TAG, key).with("found", name.chars().count());
    let violation = violation.with("format", key.def().old).with("limit", CASHIER_TAG);
    let violation = violation.with("backend", back_end);
    c.push(if back_end == BackEnd::SberOld { violation.warning() } else { violation });
}

/// A block's type knows the bodies of the directory alone.
pub(super) fn without_place(c: &mut Checker<'_>) {
    if c.text(Key::SectorBody) == Some("073") {
        let violation = Violation::new(&FOIV, &UNNAMED_BODY, Key::SectorBody).with_value(Some("073"));
        c.push(violation.with("limit", DIRECTORY));
    }
}
