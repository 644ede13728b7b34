//! R8, R10 and the supplier: what the FFD version and the back end have room for in a line.

use super::{Line, RefundCheck, path, price_of, roubles};
use crate::{
    BackEnd, Evidence, FfdVersion, Measure, MessageDef, OfdPartner, Reason, RuleDef, Severity, Violation,
    Vocabulary, rules::first_unprinted, shown,
};
use validator::ValidateLength;

pub(super) static OBJECT: RuleDef = RuleDef {
    id: "r8-object",
    severity: Severity::Error,
    messages: &[&NEWER, &NEEDS_MARK, &FORBIDS_MARK, &FRACTION, &NAME_IS_A_CODE, &NOT_A_RETURN],
    evidence: Evidence::Confirmed,
    source: "ATOL v5: objects and marking codes; ATOL v4 doc 4.6, appendix 1: names of objects 15 and 16",
};
static NEWER: MessageDef = MessageDef {
    id: "ofd-r8-version",
    en: "{ $path } { $value } exists from FFD { $limit } on; this receipt is older.",
    ru: "{ $path } { $value } есть только с ФФД { $limit }, а чек в более ранней версии.",
};
static NEEDS_MARK: MessageDef = MessageDef {
    id: "ofd-r8-needs-mark",
    en: "{ $path } { $value } comes with a marking code; goods that came back without a readable one are { $limit }.",
    ru: "{ $path } { $value } указывают с кодом маркировки; если код не читается, это { $limit }.",
};
static FORBIDS_MARK: MessageDef = MessageDef {
    id: "ofd-r8-forbids-mark",
    en: "{ $path } { $value } comes without a marking code; with one it is { $limit }.",
    ru: "{ $path } { $value } указывают без кода маркировки; с кодом это { $limit }.",
};
static FRACTION: MessageDef = MessageDef {
    id: "ofd-r8-fraction",
    en: "{ $path } is { $value }: a part of a marked piece is smaller than one and measured in pieces ({ $limit }).",
    ru: "{ $path }: { $value }; часть маркированного товара меньше единицы и измеряется в штуках ({ $limit }).",
};
static NAME_IS_A_CODE: MessageDef = MessageDef {
    id: "ofd-r8-name-code",
    en: "{ $path } of this settlement object is a code from { $limit } under FFD 1.05; this is { $value }.",
    ru: "{ $path } у такого предмета расчёта в ФФД 1.05 — код от { $limit }, а здесь { $value }.",
};
static NOT_A_RETURN: MessageDef = MessageDef {
    id: "ofd-r8-planned-status",
    en: "{ $path } is { $value }; of goods that come back it is { $limit }.",
    ru: "{ $path }: { $value }; у возвращаемого товара это { $limit }.",
};

pub(super) static LIMITS: RuleDef = RuleDef {
    id: "r10-limits",
    severity: Severity::Error,
    messages: &[&ABOVE, &UNPRINTED, &NOT_LISTED, &NOT_ATTESTED],
    evidence: Evidence::Reported,
    source: "ATOL v4 and v5, Sber e-commerce OpenAPI (CONFIRMED); Sber OLD from the sister gateway, Robokassa from \
             libraries (REPORTED)",
};
static ABOVE: MessageDef = MessageDef {
    id: "ofd-r10-limit",
    en: "{ $path } is { $value }; { $backend } takes { $limit }.",
    ru: "{ $path }: { $value }; { $backend } принимает { $limit }.",
};
static UNPRINTED: MessageDef = MessageDef {
    id: "ofd-r10-charset",
    en: "{ $path } holds at position { $value } a character that registers do not print.",
    ru: "{ $path }: в позиции { $value } символ, который касса не печатает.",
};
static NOT_LISTED: MessageDef = MessageDef {
    id: "ofd-r10-not-listed",
    en: "{ $path } { $value }: the list of codes that { $backend } publishes has none for it.",
    ru: "{ $path } { $value }: в списке кодов, который публикует { $backend }, такого нет.",
};
static NOT_ATTESTED: MessageDef = MessageDef {
    id: "ofd-r10-not-attested",
    en: "{ $path } { $value }: no source says how { $backend } codes it; ask its support.",
    ru: "{ $path } { $value }: ни один источник не говорит, какой код у { $backend }; спросите поддержку.",
};

pub(super) static ITEM_SUPPLIER: RuleDef = RuleDef {
    id: "supplier",
    severity: Severity::Error,
    messages: &[&NO_SUPPLIER],
    evidence: Evidence::Confirmed,
    source: "ATOL v5: the INN with every agent, name and telephones also for kinds 1 to 4",
};
static NO_SUPPLIER: MessageDef = MessageDef {
    id: "ofd-item-supplier",
    en: "{ $path } is missing: { $backend } wants the supplier with an agent of kind { $value }.",
    ru: "Не хватает { $path }: { $backend } требует поставщика при агенте вида { $value }.",
};

pub(super) static EVOTOR_MARK: RuleDef = RuleDef {
    id: "evotor-client",
    severity: Severity::Warning,
    messages: &[&NOT_TAKEN],
    evidence: Evidence::Confirmed,
    source: "Sber e-commerce OpenAPI: Evotor's digital register takes no unknown, ean8, ean13, itf14, gs10",
};
static NOT_TAKEN: MessageDef = MessageDef {
    id: "ofd-evotor-mark",
    en: "{ $path }: Evotor's digital register does not take marking codes of the kind { $value }.",
    ru: "{ $path }: цифровая касса Эвотор не принимает коды маркировки вида { $value }.",
};

/// What a back end has room for in one receipt. `None`: no limit is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The greatest price of one unit, in kopecks.
    pub price: u64,
    /// The greatest sum of a line, in kopecks.
    pub sum: u64,
    /// The greatest total, in kopecks.
    pub total: u64,
    /// The greatest quantity, in thousandths.
    pub quantity: Option<u64>,
    /// The longest name, in characters.
    pub name: u16,
    /// The most lines.
    pub lines: Option<usize>,
    /// How well the limits are known.
    pub evidence: Evidence,
}

impl Limits {
    /// The limits of a back end. 42 949 672.95 is 2³²−1 kopecks, the width of the old tag.
    pub const fn of(back_end: BackEnd) -> Self {
        let tag = u32::MAX as u64;
        let (ecom, robokassa, v4) = (4_294_967_200, 9_999_999_999, 1_000_000_000_000);
        let (price, sum, total, quantity, name, lines, evidence) = match back_end {
            BackEnd::SberOld => (
                10_u64.pow(18) - 1,
                10_u64.pow(18) - 1,
                10_u64.pow(18) - 1,
                None,
                128,
                None,
                Evidence::Reported,
            ),
            BackEnd::SberEcom => (ecom, ecom, ecom, Some(99_999_999), 100, None, Evidence::Confirmed),
            BackEnd::Robokassa => {
                (robokassa, robokassa, robokassa, Some(99_999_999), 128, Some(100), Evidence::Reported)
            }
            BackEnd::AtolV4 => (v4, v4, v4, Some(99_999_999_000), 128, Some(100), Evidence::Reported),
            BackEnd::AtolV5 => (tag, tag, 10_000_000_000, Some(99_999_999), 128, None, Evidence::Confirmed),
        };
        Self { price, sum, total, quantity, name, lines, evidence }
    }
}

pub(super) fn check(check: &RefundCheck<'_>, found: &mut Vec<Violation>) {
    for (index, line) in check.refund.lines.iter().enumerate() {
        object(check, index, line, found);
        marks(index, line, found);
        limits(check, index, line, found);
        codes(check, index, line, found);
        supplier(check, index, line, found);
        evotor(check, index, line, found);
    }
    let limits = Limits::of(check.back_end);
    let lines = check.refund.lines.len();
    if limits.lines.is_some_and(|most| lines > most) {
        found.push(above(check, "lines".to_owned(), lines, format!("≤{}", limits.lines.unwrap_or_default())));
    }
    if check.refund.total > limits.total {
        let limit = format!("≤{}", roubles(limits.total));
        found.push(above(check, "total".to_owned(), roubles(check.refund.total), limit));
    }
}

fn object(check: &RefundCheck<'_>, index: usize, line: &Line, found: &mut Vec<Violation>) {
    let newer = |member: &str, value: u16| {
        let violation = Violation::at_path(&OBJECT, &NEWER, path(index, member));
        violation.with("value", value).with("limit", FfdVersion::V1_2)
    };
    if !line.object.entry().ffd.include(check.ffd) {
        found.push(newer("object", line.object.number()));
    }
    if check.ffd == FfdVersion::V1_05 {
        found.extend(line.measure.map(|measure| newer("measure", measure.number())));
        found.extend(line.mark.map(|mark| newer("mark", mark.number())));
        found.extend(line.planned_status.map(|status| newer("planned_status", status.number())));
    }
    if let Some((least, most)) = line.object.name_codes(check.ffd)
        && !line.name.parse().is_ok_and(|code: u16| (least..=most).contains(&code))
    {
        let violation = Violation::at_path(&OBJECT, &NAME_IS_A_CODE, path(index, "name"));
        found
            .push(violation.with("value", shown::plain(&line.name)).with("limit", format!("{least}–{most}")));
    }
}

fn marks(index: usize, line: &Line, found: &mut Vec<Violation>) {
    let says = |message, member: &str, value: String, limit: &str| {
        let violation = Violation::at_path(&OBJECT, message, path(index, member));
        violation.with("value", value).with("limit", limit)
    };
    let number = line.object.number();
    match (line.object.is_marked(), line.object.requires_mark_code(), line.mark.is_some()) {
        (_, true, false) => {
            let without = if number == 31 { "30" } else { "32" };
            found.push(says(&NEEDS_MARK, "object", number.to_string(), without));
        }
        (true, false, true) => {
            let with = if number == 30 { "31" } else { "33" };
            found.push(says(&FORBIDS_MARK, "object", number.to_string(), with));
        }
        _ => {}
    }
    if let Some((part, whole)) = line.fraction {
        let proper = 0 < part && part < whole;
        if !proper || line.measure != Some(Measure::Piece) {
            found.push(says(&FRACTION, "fraction", format!("{part}/{whole}"), "0"));
        }
    }
    if let Some(status) = line.planned_status.filter(|status| !status.is_return()) {
        found.push(says(&NOT_A_RETURN, "planned_status", status.number().to_string(), "3 / 4"));
    }
}

fn limits(check: &RefundCheck<'_>, index: usize, line: &Line, found: &mut Vec<Violation>) {
    let limits = Limits::of(check.back_end);
    if !line.name.validate_length(Some(1), Some(limits.name.into()), None) {
        let count = line.name.chars().count();
        found.push(above(check, path(index, "name"), count, format!("1–{}", limits.name)));
    }
    if let Some(position) = first_unprinted(&line.name) {
        let violation = Violation::at_path(&LIMITS, &UNPRINTED, path(index, "name")).warning();
        found.push(violation.with("value", position));
    }
    for (member, value, most) in [("price", line.price, limits.price), ("sum", line.sum, limits.sum)] {
        if value > most {
            found.push(above(check, path(index, member), roubles(value), format!("≤{}", roubles(most))));
        }
    }
    let most = limits.quantity.unwrap_or(u64::MAX);
    if line.quantity == 0 || line.quantity > most {
        let limit =
            format!("0.001–{}", limits.quantity.map_or("…".to_owned(), |most| (most / 1000).to_string()));
        found.push(above(check, path(index, "quantity"), format!("{}/1000", line.quantity), limit));
    }
    let product = price_of(line.price, line.quantity);
    if product != Some(line.sum) {
        let limit = product.map_or("…".to_owned(), roubles);
        // How the product is rounded is nowhere said, so a difference is for a person to judge.
        found.push(above(check, path(index, "sum"), roubles(line.sum), limit).warning());
    }
}

fn above(check: &RefundCheck<'_>, path: String, value: impl ToString, limit: String) -> Violation {
    let violation = Violation::at_path(&LIMITS, &ABOVE, path).with("value", value);
    violation.with("limit", limit).with("backend", check.back_end)
}

fn codes(check: &RefundCheck<'_>, index: usize, line: &Line, found: &mut Vec<Violation>) {
    let (back_end, ffd) = (check.back_end, check.ffd);
    let coded = [
        ("vat", line.vat.label(), line.vat.coding(back_end, ffd)),
        ("method", line.method.number().to_string(), line.method.coding(back_end, ffd)),
        ("object", line.object.number().to_string(), line.object.coding(back_end, ffd)),
    ];
    for (member, value, coding) in coded {
        let message = match coding.reason() {
            Some(Reason::NotListed) => &NOT_LISTED,
            Some(Reason::NotAttested) => &NOT_ATTESTED,
            // What must be configured is coded by the caller's table; what the version lacks is R8's.
            _ => continue,
        };
        let violation = Violation::at_path(&LIMITS, message, path(index, member)).with("value", value);
        found.push(violation.with("backend", back_end));
    }
}

fn supplier(check: &RefundCheck<'_>, index: usize, line: &Line, found: &mut Vec<Violation>) {
    let Some(agent) = line.agent.as_ref().filter(|_| check.back_end.is_atol()) else { return };
    let more = agent.kind.is_bank() || agent.kind.is_paying();
    let missing = [
        ("agent.supplier_inn", agent.supplier_inn.is_none()),
        ("agent.supplier_name", more && agent.supplier_name.is_none()),
        ("agent.supplier_phones", more && agent.supplier_phones.is_none()),
    ];
    for (member, _) in missing.into_iter().filter(|(_, missing)| *missing) {
        let violation = Violation::at_path(&ITEM_SUPPLIER, &NO_SUPPLIER, path(index, member));
        found.push(violation.with("backend", check.back_end).with("value", agent.kind.number()));
    }
}

fn evotor(check: &RefundCheck<'_>, index: usize, line: &Line, found: &mut Vec<Violation>) {
    let refused = line.mark.filter(|mark| mark.evotor_takes() == Some(false));
    if let Some(mark) = refused.filter(|_| check.partner == OfdPartner::Evotor) {
        let violation = Violation::at_path(&EVOTOR_MARK, &NOT_TAKEN, path(index, "mark"));
        found.push(violation.with("value", mark.word()));
    }
}
