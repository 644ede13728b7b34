//! What reading takes the liberty of, and what it cannot read, as rules like any other.

use crate::{Evidence, MessageDef, RuleDef, Severity};

/// Every rule of reading.
pub const RULES: &[&RuleDef] = &[&UNKNOWN_KEY, &DUPLICATE_KEY, &VALUE_KIND, &KEY_SPELLING, &NESTED];

pub(super) static UNKNOWN_KEY: RuleDef = RuleDef {
    id: "unknown-key",
    severity: Severity::Error,
    messages: &[&UNKNOWN],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: the table of additionalOfdParams",
};
pub(super) static UNKNOWN: MessageDef = MessageDef {
    id: "ofd-unknown-key",
    en: "{ $path } is not a key of additionalOfdParams; it would not be sent.",
    ru: "{ $path } — нет такого ключа в additionalOfdParams; он не был бы передан.",
};

pub(super) static DUPLICATE_KEY: RuleDef = RuleDef {
    id: "duplicate-key",
    severity: Severity::Error,
    messages: &[&TWICE],
    evidence: Evidence::Guess,
    source: "which of two values a gateway takes is nowhere said",
};
pub(super) static TWICE: MessageDef = MessageDef {
    id: "ofd-duplicate-key",
    en: "{ $path } stands twice; the first is kept here, the gateway may take either.",
    ru: "{ $path } указан дважды; здесь оставлено первое значение, шлюз может взять любое.",
};

pub(super) static VALUE_KIND: RuleDef = RuleDef {
    id: "value-kind",
    severity: Severity::Error,
    messages: &[&KIND, &NUMBER, &NULL],
    evidence: Evidence::Reported,
    source: "the sister gateway's examples: every value is a text; Sber, refund.do: telephones are arrays",
};
pub(super) static KIND: MessageDef = MessageDef {
    id: "ofd-value-kind",
    en: "{ $path } is { $value }; { $limit } belongs here.",
    ru: "{ $path }: { $value }, а должно быть: { $limit }.",
};
pub(super) static NUMBER: MessageDef = MessageDef {
    id: "ofd-value-number",
    en: "{ $path } is a number; it is read as its digits and will be sent as a text.",
    ru: "{ $path } — число; прочитано как цифры и будет передано строкой.",
};
pub(super) static NULL: MessageDef = MessageDef {
    id: "ofd-value-null",
    en: "{ $path } is null; it is read as not given.",
    ru: "{ $path } — null; прочитано как отсутствующее значение.",
};

pub(super) static KEY_SPELLING: RuleDef = RuleDef {
    id: "key-spelling",
    severity: Severity::Warning,
    messages: &[&SPELLING],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do spells operatingCheckProps; the sister gateway's manual operatingcheckprops",
};
pub(super) static SPELLING: MessageDef = MessageDef {
    id: "ofd-key-spelling",
    en: "{ $value } is spelled { $path } at Sber; it is read and will be sent like that.",
    ru: "{ $value } у Сбера пишется { $path }; прочитано и будет передано так.",
};

pub(super) static NESTED: RuleDef = RuleDef {
    id: "key-nested",
    severity: Severity::Warning,
    messages: &[&DEEP],
    evidence: Evidence::Reported,
    source: "five codebases send one flat object with dotted keys; some clients nest",
};
pub(super) static DEEP: MessageDef = MessageDef {
    id: "ofd-key-nested",
    en: "{ $path } is nested; it is read and will be sent as one flat key with dots.",
    ru: "{ $path } вложен; прочитано и будет передано одним плоским ключом с точками.",
};
