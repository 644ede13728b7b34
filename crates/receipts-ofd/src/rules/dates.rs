//! Rules of days and moments: the form, a day that exists, a day that makes sense.

use super::{Checker, RuleDef, Severity, Violation};
use crate::{CivilDate, CivilMoment, Evidence, MessageDef, params::Key};

pub(super) static DATE: RuleDef = RuleDef {
    id: "date",
    severity: Severity::Error,
    messages: &[&NOT_A_DAY, &OUT_OF_RANGE],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: dd.mm.yyyy; that the day exists, and lies in a sensible range, is checked in addition",
};
static NOT_A_DAY: MessageDef = MessageDef {
    id: "ofd-date",
    en: "{ $path } is no day: { $value }. Write { $limit }, a day that exists.",
    ru: "{ $path } — не дата: { $value }. Нужно { $limit } и существующий день.",
};
static OUT_OF_RANGE: MessageDef = MessageDef {
    id: "ofd-date-range",
    en: "{ $path } is { $value }, which is outside { $limit }.",
    ru: "{ $path }: { $value } вне пределов { $limit }.",
};

pub(super) static TIMESTAMP: RuleDef = RuleDef {
    id: "timestamp",
    severity: Severity::Error,
    messages: &[&NOT_A_MOMENT],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: dd.mm.yyyy HH:MM:SS; ATOL v5's pattern: hours 00 to 23",
};
static NOT_A_MOMENT: MessageDef = MessageDef {
    id: "ofd-timestamp",
    en: "{ $path } is no moment: { $value }. Write { $limit }, Moscow time, hours 00 to 23.",
    ru: "{ $path } — не дата и время: { $value }. Нужно { $limit }, московское время, часы от 00 до 23.",
};

/// No buyer was born before.
const FIRST_BIRTHDAY: CivilDate = CivilDate::of(1900, 1, 1);

pub(super) fn check(c: &mut Checker<'_>) {
    day(c, Key::BuyerBirthDate, Some(FIRST_BIRTHDAY));
    day(c, Key::SectorDate, None);
    let moment = c.text(Key::OperationMoment).filter(|text| !text.is_empty());
    if moment.is_some_and(|text| CivilMoment::parse(text).is_none()) {
        c.limited(&TIMESTAMP, &NOT_A_MOMENT, Key::OperationMoment, "dd.mm.yyyy HH:MM:SS");
    }
}

fn day(c: &mut Checker<'_>, key: Key, first: Option<CivilDate>) {
    let Some(text) = c.text(key).filter(|text| !text.is_empty()) else { return };
    let Some(day) = CivilDate::parse(text) else {
        return c.limited(&DATE, &NOT_A_DAY, key, "dd.mm.yyyy");
    };
    let today = c.context.today();
    if day > today || first.is_some_and(|first| day < first) {
        let limit = format!("{}–{today}", first.map_or("…".to_owned(), |first| first.to_string()));
        c.push(Violation::new(&DATE, &OUT_OF_RANGE, key).with_value(Some(text)).with("limit", limit));
    }
}
