//! Rules of every text, and of the block as a whole: length, control characters, the registers' alphabet, FFD version,
//! who takes the block at all.

use super::{Checker, RuleDef, Severity, Violation, groups};
use crate::{
    BackEnd, Context, Evidence, MessageDef, OfdPartner, Versions,
    params::{KEYS, Key, KeyDef},
};
use validator::ValidateLength;

pub(super) static BLOCK_UNSUPPORTED: RuleDef = RuleDef {
    id: "block-unsupported",
    severity: Severity::Error,
    messages: &[&NO_BLOCK],
    evidence: Evidence::Confirmed,
    source: "Robokassa, refund API page: InvoiceItems is all of a receipt that can be sent",
};
static NO_BLOCK: MessageDef = MessageDef {
    id: "ofd-block-unsupported",
    en: "{ $backend } has no field for { $path }: send the lines of the receipt alone.",
    ru: "У { $backend } нет поля для { $path }: передавайте только позиции чека.",
};

pub(super) static OFD_PARTNER: RuleDef = RuleDef {
    id: "ofd-partner",
    severity: Severity::Error,
    messages: &[&PARTNER],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: only with ATOL, Business.ru, Evotor; Sber e-commerce OpenAPI: Business.ru on OLD only",
};
static PARTNER: MessageDef = MessageDef {
    id: "ofd-partner",
    en: "{ $backend } takes the block when receipts go through { $limit }; this shop's go through { $value }.",
    ru: "{ $backend } принимает блок, если чеки идут через { $limit }; у этого магазина — { $value }.",
};

pub(super) static FFD_VERSION: RuleDef = RuleDef {
    id: "ffd-version",
    severity: Severity::Error,
    messages: &[&NEWER],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do, column of FFD versions; ATOL v4 takes the buyer's contact, name and INN under 1.05",
};
static NEWER: MessageDef = MessageDef {
    id: "ofd-ffd-version",
    en: "{ $path } exists from FFD { $limit } on; this receipt is FFD { $version }.",
    ru: "{ $path } есть только с ФФД { $limit }, а чек в версии { $version }.",
};

pub(super) static TEXT_EMPTY: RuleDef = RuleDef {
    id: "text-empty",
    severity: Severity::Error,
    messages: &[&EMPTY],
    evidence: Evidence::Guess,
    source: "an empty requisite is no requisite; what a gateway makes of one is nowhere said",
};
static EMPTY: MessageDef = MessageDef {
    id: "ofd-text-empty",
    en: "{ $path } is empty: leave it out instead.",
    ru: "{ $path } пустой: не передавайте его совсем.",
};

pub(super) static TEXT_CONTROL: RuleDef = RuleDef {
    id: "text-control",
    severity: Severity::Error,
    messages: &[&CONTROL],
    evidence: Evidence::Confirmed,
    source: "Sber e-commerce OpenAPI: no pattern of a text has room for one",
};
static CONTROL: MessageDef = MessageDef {
    id: "ofd-text-control",
    en: "{ $path } holds a control character (a line end, a tab) at position { $position }: { $value }.",
    ru: "{ $path }: управляющий символ (перенос строки, табуляция) в позиции { $position }: { $value }.",
};

pub(super) static TEXT_LENGTH: RuleDef = RuleDef {
    id: "text-length",
    severity: Severity::Error,
    messages: &[&LENGTH],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do, column of types; Sber e-commerce OpenAPI; ATOL v4 and v5",
};
/// What every rule about a length says.
pub(super) static LENGTH: MessageDef = MessageDef {
    id: "ofd-text-length",
    en: "{ $path } has { $found } characters; { $backend } takes { $limit }.",
    ru: "{ $path }: символов { $found }; { $backend } принимает { $limit }.",
};

pub(super) static CHARSET: RuleDef = RuleDef {
    id: "charset",
    severity: Severity::Warning,
    messages: &[&ALPHABET],
    evidence: Evidence::Confirmed,
    source: "Sber e-commerce OpenAPI: ^[ -~А-Яа-яЁё№]*$ for almost every text; registers print CP866 (GUESS)",
};
static ALPHABET: MessageDef = MessageDef {
    id: "ofd-charset",
    en: "{ $path } holds at position { $position } a character that registers do not print. They print Russian and \
         Latin letters, digits, ASCII signs and №; «» and long dashes are not among them.",
    ru: "{ $path }: в позиции { $position } символ, который касса не печатает. Печатаются русские и латинские буквы, \
         цифры, знаки ASCII и №; кавычек-«ёлочек» и длинного тире среди них нет.",
};

pub(super) fn check(c: &mut Checker<'_>) {
    let mut empty = true;
    for def in KEYS {
        let Some(value) = c.fields.field(def.key) else { continue };
        empty = false;
        version(c, def);
        for (index, text) in value.texts() {
            one(c, def, index, text);
        }
    }
    if !empty {
        whole(c);
    }
}

fn whole(c: &mut Checker<'_>) {
    let block = || "additionalOfdParams".to_owned();
    let (back_end, partner) = (c.context.back_end(), c.context.partner());
    if back_end == BackEnd::Robokassa {
        c.push(Violation::at_path(&BLOCK_UNSUPPORTED, &NO_BLOCK, block()).with("backend", back_end));
    }
    let takes = match (back_end, partner) {
        (BackEnd::SberOld, OfdPartner::Other) => "ATOL, Business.ru, Evotor",
        (BackEnd::SberEcom, OfdPartner::Other | OfdPartner::BusinessRu) => "ATOL, Evotor",
        _ => return,
    };
    let violation = Violation::at_path(&OFD_PARTNER, &PARTNER, block()).with("backend", back_end);
    c.push(violation.with("limit", takes).with("value", partner));
}

fn version(c: &mut Checker<'_>, def: &KeyDef) {
    let ffd = c.context.ffd();
    if def.versions.include(ffd) || (c.context.back_end() == BackEnd::AtolV4 && is_in_atol_v4(def.key)) {
        return;
    }
    let violation = Violation::new(&FFD_VERSION, &NEWER, def.key).with("version", ffd);
    c.push(violation.with("limit", def.versions.first()));
}

/// Is this key allowed in receipts of the context's version?
pub(super) fn allows(context: &Context, key: Key) -> bool {
    let since_1_2 = key.def().versions == Versions::From1_2;
    let v4 = context.back_end() == BackEnd::AtolV4 && is_in_atol_v4(key);
    !since_1_2 || v4 || key.def().versions.include(context.ffd())
}

const fn is_in_atol_v4(key: Key) -> bool {
    matches!(key, Key::BuyerEmail | Key::BuyerPhone | Key::BuyerName | Key::BuyerInn)
}

fn one(c: &mut Checker<'_>, def: &'static KeyDef, index: Option<usize>, text: &str) {
    let key = def.key;
    if text.is_empty() {
        return c.push(Violation::in_list(&TEXT_EMPTY, &EMPTY, key, index));
    }
    let scan = scan(text);
    if let Some(position) = scan.control {
        let violation = Violation::in_list(&TEXT_CONTROL, &CONTROL, key, index).with_value(Some(text));
        c.push(violation.with("position", position));
    }
    if let Some(position) = scan.foreign {
        c.push(Violation::in_list(&CHARSET, &ALPHABET, key, index).with("position", position));
    }
    length(c, def, index, text);
}

fn length(c: &mut Checker<'_>, def: &'static KeyDef, index: Option<usize>, text: &str) {
    let back_end = c.context.back_end();
    let Some(rule) = rule_of_length(def.key) else { return };
    let most = def.most(back_end);
    if fits(text, most) {
        return groups::cashier_beyond_the_tag(c, def.key, text);
    }
    let limit = match back_end {
        BackEnd::SberOld => def.old.to_string(),
        _ => most.map(|most| format!("≤{most}")).unwrap_or_default(),
    };
    let violation = Violation::in_list(rule, &LENGTH, def.key, index).with_value(Some(text));
    let violation = violation.with("found", text.chars().count()).with("limit", limit);
    c.push(violation.with("backend", back_end));
}

/// A text has at most as many characters as bytes, so most need not be counted.
pub(super) fn fits(text: &str, most: Option<u16>) -> bool {
    most.is_none_or(|most| text.len() <= usize::from(most))
        || text.validate_length(None, most.map(u64::from), None)
}

/// Which rule speaks of a length; `None` where another rule looks at the whole shape.
const fn rule_of_length(key: Key) -> Option<&'static RuleDef> {
    match key {
        Key::AgentType
        | Key::AgentPhones
        | Key::OperatorPhones
        | Key::TransferPhones
        | Key::SupplierPhones
        | Key::TransferInn
        | Key::CashierInn
        | Key::BuyerInn
        | Key::BuyerBirthDate
        | Key::BuyerCitizenship
        | Key::BuyerDocumentCode
        | Key::BuyerEmail
        | Key::BuyerPhone
        | Key::OperationName
        | Key::OperationMoment
        | Key::SectorDate
        | Key::SectorBody => None,
        Key::BuyerDocumentNumber => Some(&super::buyer::PASSPORT),
        Key::SectorNumber => Some(&groups::SECT_NUMBER),
        Key::UserPropertyName | Key::UserPropertyValue => Some(&groups::USERPROP_PAIR),
        Key::CheckProperty => Some(&groups::CHECKPROP),
        Key::Cashier => Some(&groups::CASHIER_LEN),
        Key::MachineNumber => Some(&super::company::AUTOMAT),
        Key::SettlementAddress | Key::SettlementPlace => Some(&super::company::LOCATION),
        _ => Some(&TEXT_LENGTH),
    }
}

/// The first control character and the first that registers do not print, counted from 1.
struct Scan {
    control: Option<usize>,
    foreign: Option<usize>,
}

fn scan(text: &str) -> Scan {
    let mut scan = Scan { control: None, foreign: None };
    // Almost every text is clean: find that out at once and look closer only otherwise.
    if is_printed_ascii(text) || text.chars().all(is_printed) {
        return scan;
    }
    for (index, c) in text.chars().enumerate() {
        let found = match c {
            _ if c.is_control() => &mut scan.control,
            _ if !is_printed(c) => &mut scan.foreign,
            _ => continue,
        };
        found.get_or_insert(index + 1);
    }
    scan
}

/// `[ -~]` alone. Without an early end, so that many bytes are looked at in one step.
fn is_printed_ascii(text: &str) -> bool {
    text.bytes().fold(true, |all, byte| all & matches!(byte, b' '..=b'~'))
}

/// `[ -~А-Яа-яЁё№]`.
fn is_printed(c: char) -> bool {
    matches!(c, ' '..='~' | 'А'..='я' | 'Ё' | 'ё' | '№')
}

/// Does a text stay within what registers print? For the lines of a receipt.
pub(crate) fn first_unprinted(text: &str) -> Option<usize> {
    text.chars().position(|c| !is_printed(c)).map(|index| index + 1)
}
