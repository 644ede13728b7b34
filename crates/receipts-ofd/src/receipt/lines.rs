//! R1, R2, R4, R7: each line of a refund against the sale's line.

use super::{Line, Purpose, RefundCheck, path, roubles};
use crate::{
    CivilDate, Evidence, Findings, MessageDef, RuleDef, SettlementMethod, Severity, VatKind, VatRate,
    Violation, shown,
};

pub(super) static LINE_ECHO: RuleDef = RuleDef {
    id: "r1-line-echo",
    severity: Severity::Error,
    messages: &[&NO_LINE, &DIFFERS, &TWICE],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: positionId, name and itemCode match or the line counts as absent (CONFIRMED); price, object \
             and method too (GUESS)",
};
static NO_LINE: MessageDef = MessageDef {
    id: "ofd-r1-no-line",
    en: "{ $path }: the sale has no position { $value }.",
    ru: "{ $path }: в чеке продажи нет позиции { $value }.",
};
static DIFFERS: MessageDef = MessageDef {
    id: "ofd-r1-differs",
    en: "{ $path } is { $value }; the sale has { $limit }.",
    ru: "{ $path }: { $value }, а в чеке продажи { $limit }.",
};
static TWICE: MessageDef = MessageDef {
    id: "ofd-r1-twice",
    en: "{ $path }: position { $value } stands twice; put it into one line.",
    ru: "{ $path }: позиция { $value } указана дважды; объедините строки.",
};

pub(super) static NOT_ABOVE_ORIGINAL: RuleDef = RuleDef {
    id: "r2-not-above-original",
    severity: Severity::Error,
    messages: &[&ABOVE],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: quantity and itemAmount are not above the order's; over several refunds: their sum",
};
static ABOVE: MessageDef = MessageDef {
    id: "ofd-r2-above",
    en: "{ $path }: with earlier refunds { $value } would go back, of { $limit } sold.",
    ru: "{ $path }: с учётом прежних возвратов вернулось бы { $value } из { $limit } проданных.",
};

pub(super) static VAT: RuleDef = RuleDef {
    id: "r4-vat",
    severity: Severity::Error,
    messages: &[&OTHER_RATE, &WRONG_SALE, &UNKNOWN_DAY],
    evidence: Evidence::Reported,
    source: "letter of the tax service АБ-4-20/11248@ of 15.12.2025: goods sold before 2026 at 20 % are refunded at 20 %",
};
static OTHER_RATE: MessageDef = MessageDef {
    id: "ofd-r4-other-rate",
    en: "{ $path } is { $value }; the sale was at { $limit }, and a refund carries the rate of the sale, not of today.",
    ru: "{ $path }: { $value }, а продажа была по ставке { $limit }; в возврате указывают ставку продажи, а не текущую.",
};
static WRONG_SALE: MessageDef = MessageDef {
    id: "ofd-r4-wrong-sale",
    en: "{ $path }: sales of { $day } could not carry { $value }, which was in force { $limit }. The sale's receipt is \
         wrong already: correct it first.",
    ru: "{ $path }: продажа { $day } не могла быть по ставке { $value }, она действует { $limit }. Ошибка уже в чеке \
         продажи: сначала исправьте его.",
};
static UNKNOWN_DAY: MessageDef = MessageDef {
    id: "ofd-r4-unknown-day",
    en: "{ $path }: whether { $value } was right cannot be told, because the day of the sale is not known.",
    ru: "{ $path }: верна ли ставка { $value }, сказать нельзя: день продажи неизвестен.",
};

pub(super) static METHOD_RATE: RuleDef = RuleDef {
    id: "r7-method-rate",
    severity: Severity::Warning,
    messages: &[&UNUSUAL],
    evidence: Evidence::Guess,
    source: "tax practice; both gateways' documents print examples against it",
};
static UNUSUAL: MessageDef = MessageDef {
    id: "ofd-r7-unusual",
    en: "{ $path } is { $value }, with the settlement method { $method } it is usually { $limit }.",
    ru: "{ $path }: { $value }; при способе расчёта { $method } обычно { $limit }.",
};

pub(super) fn check(check: &RefundCheck<'_>, found: &mut Vec<Violation>) {
    for (index, line) in check.refund.lines.iter().enumerate() {
        method_and_rate(index, line, found);
        if check.refund.lines[..index].iter().any(|other| other.position == line.position) {
            let twice = Violation::at_path(&LINE_ECHO, &TWICE, path(index, "position"));
            found.push(twice.with("value", shown::plain(&line.position)));
            continue;
        }
        match check.sale.lines.iter().find(|sold| sold.position == line.position) {
            Some(sold) => {
                echo(check, index, line, sold, found);
                above(check, index, line, sold, found);
                let rate = vat_at(path(index, "vat"), sold.vat, check.sold_on, line.vat, sold.method);
                found.extend(rate);
            }
            None => {
                let missing = Violation::at_path(&LINE_ECHO, &NO_LINE, path(index, "position"));
                found.push(missing.with("value", shown::plain(&line.position)));
            }
        }
    }
}

fn echo(check: &RefundCheck<'_>, index: usize, line: &Line, sold: &Line, found: &mut Vec<Violation>) {
    let mut differs = |member: &str, value: String, limit: String| {
        if value != limit {
            let violation = Violation::at_path(&LINE_ECHO, &DIFFERS, path(index, member));
            found.push(violation.with("value", shown::plain(&value)).with("limit", shown::plain(&limit)));
        }
    };
    let code = |line: &Line| line.code.clone().unwrap_or_else(|| "—".to_owned());
    differs("name", line.name.clone(), sold.name.clone());
    differs("code", code(line), code(sold));
    differs("price", roubles(line.price), roubles(sold.price));
    differs("object", line.object.number().to_string(), sold.object.number().to_string());
    if check.purpose == Purpose::Return {
        differs("method", line.method.number().to_string(), sold.method.number().to_string());
    }
}

fn above(check: &RefundCheck<'_>, index: usize, line: &Line, sold: &Line, found: &mut Vec<Violation>) {
    let earlier = || check.earlier.iter().flat_map(|receipt| &receipt.lines);
    let same = || earlier().filter(|one| one.position == line.position).chain([line]);
    let quantity: u128 = same().map(|one| u128::from(one.quantity)).sum();
    let sum: u128 = same().map(|one| u128::from(one.sum)).sum();
    let mut report = |member: &str, value: String, limit: String| {
        let violation = Violation::at_path(&NOT_ABOVE_ORIGINAL, &ABOVE, path(index, member));
        found.push(violation.with("value", value).with("limit", limit));
    };
    if quantity > u128::from(sold.quantity) {
        report("quantity", thousandths(quantity), thousandths(sold.quantity.into()));
    }
    if sum > u128::from(sold.sum) {
        report("sum", format!("{}.{:02}", sum / 100, sum % 100), roubles(sold.sum));
    }
}

/// `1.5`: no zeros at the end.
fn thousandths(quantity: u128) -> String {
    let (whole, part) = (quantity / 1000, quantity % 1000);
    match part {
        0 => whole.to_string(),
        _ => format!("{whole}.{part:03}").trim_end_matches('0').to_owned(),
    }
}

fn method_and_rate(index: usize, line: &Line, found: &mut Vec<Violation>) {
    let usual = match (line.method, line.vat.kind()) {
        (method, VatKind::OnTop) if method.is_prepayment() && line.vat != VatRate::Vat0 => "x/(100+x)",
        (SettlementMethod::FullPayment, VatKind::Calculated) => "x %",
        _ => return,
    };
    let violation = Violation::at_path(&METHOD_RATE, &UNUSUAL, path(index, "vat"));
    let violation = violation.with("value", line.vat.label()).with("limit", usual);
    found.push(violation.with("method", line.method.number()));
}

/// R4 alone: the rate of a refund line against that of its sale.
///
/// The rate of the sale is held against the day of the sale, never against today: a sale of 2025 at 20 % is refunded at
/// 20 % in 2026. Repaying a credit of 2025 in 2026 keeps 20 % (the same letter), so [`SettlementMethod::CreditPayment`] is
/// not held against the day. Without a day any rate passes with a warning.
pub fn vat(sale: VatRate, sold_on: Option<CivilDate>, refund: VatRate, method: SettlementMethod) -> Findings {
    vat_at("vat".to_owned(), sale, sold_on, refund, method).into()
}

fn vat_at(
    path: String,
    sale: VatRate,
    sold_on: Option<CivilDate>,
    refund: VatRate,
    method: SettlementMethod,
) -> Vec<Violation> {
    let mut found = Vec::new();
    let says =
        |message, rate: VatRate| Violation::at_path(&VAT, message, path.clone()).with("value", rate.label());
    if refund != sale {
        found.push(says(&OTHER_RATE, refund).with("limit", sale.label()));
    }
    let dated = sale.in_force() != crate::InForce::ALWAYS;
    match sold_on {
        Some(day) if !sale.is_valid_on(day) && method != SettlementMethod::CreditPayment => {
            found.push(says(&WRONG_SALE, sale).with("day", day).with("limit", days(sale)));
        }
        None if dated => found.push(says(&UNKNOWN_DAY, sale).warning()),
        _ => {}
    }
    found
}

/// `01.01.2019–31.12.2025`.
fn days(rate: VatRate) -> String {
    let end = |day: Option<CivilDate>| day.map_or("…".to_owned(), |day| day.to_string());
    let force = rate.in_force();
    format!("{}–{}", end(force.from), end(force.until))
}
