//! Rules of the buyer's identity: country, document, and what must be there together.

use super::{Checker, RuleDef, Severity, Violation};
use crate::{BackEnd, Basket, CivilDate, Country, DocumentCode, Evidence, Holder, MessageDef, params::Key};

pub(super) static OKSM: RuleDef = RuleDef {
    id: "oksm",
    severity: Severity::Error,
    messages: &[&NO_COUNTRY, &RUSSIA],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: N3 by OKSM; Sber e-commerce OpenAPI: for foreign citizens only",
};
static NO_COUNTRY: MessageDef = MessageDef {
    id: "ofd-oksm",
    en: "{ $path } is no country: { $value }. Write its three-digit number by { $limit }.",
    ru: "{ $path } — нет такой страны: { $value }. Нужен трёхзначный код по { $limit }.",
};
static RUSSIA: MessageDef = MessageDef {
    id: "ofd-oksm-russia",
    en: "{ $path } is 643: the citizenship is told of foreigners, leave it out for citizens of Russia.",
    ru: "{ $path } — 643: гражданство указывают для иностранцев, для россиян его не передают.",
};

pub(super) static DOC_CODE: RuleDef = RuleDef {
    id: "doc-code",
    severity: Severity::Error,
    messages: &[&NO_CODE],
    evidence: Evidence::Confirmed,
    source: "ATOL v5, appendix 2; Sber e-commerce OpenAPI",
};
static NO_CODE: MessageDef = MessageDef {
    id: "ofd-doc-code",
    en: "{ $path } is no kind of document: { $value }. There are { $limit }.",
    ru: "{ $path } — нет такого вида документа: { $value }. Есть { $limit }.",
};

pub(super) static PASSPORT: RuleDef = RuleDef {
    id: "passport",
    severity: Severity::Error,
    messages: &[&SHAPE, &LETTERS, &super::text::LENGTH],
    evidence: Evidence::Guess,
    source: "lengths CONFIRMED (Sber, refund.do: NS11, 1111 222222; Sber e-commerce OpenAPI: letters and digits; ATOL \
             v5: ≤64); the shape per kind of document is a GUESS",
};
static SHAPE: MessageDef = MessageDef {
    id: "ofd-passport",
    en: "{ $path } of document { $code } is written { $limit } for { $backend }; this is { $value }.",
    ru: "{ $path } документа { $code } для { $backend } пишется { $limit }, а здесь { $value }.",
};
static LETTERS: MessageDef = MessageDef {
    id: "ofd-passport-letters",
    en: "{ $path } holds letters; { $backend } documents { $limit }, digits and symbols, and may refuse it.",
    ru: "{ $path } содержит буквы; { $backend } описывает { $limit }, цифры и символы, и может отказать.",
};

pub(super) static BUYER_IDENT: RuleDef = RuleDef {
    id: "buyer-ident",
    severity: Severity::Error,
    messages: &[&UNIDENTIFIED],
    evidence: Evidence::Reported,
    source: "the sister gateway's manual refuses such a basket; Sber e-commerce OpenAPI recommends; order \
             ЕД-7-20/662@, table 115",
};
static UNIDENTIFIED: MessageDef = MessageDef {
    id: "ofd-buyer-ident",
    en: "The buyer is named but not identified: give client.inn, or all of { $limit }; missing: { $missing }. Unless \
         the law asks for the buyer's data, leave it out.",
    ru: "Покупатель назван, но не идентифицирован: нужен client.inn или все вместе: { $limit }; не хватает: { $missing }. \
         Если закон не требует данных покупателя, не передавайте их.",
};

pub(super) static DOC_CITIZENSHIP: RuleDef = RuleDef {
    id: "doc-citizenship",
    severity: Severity::Warning,
    messages: &[&CONTRADICTION],
    evidence: Evidence::Guess,
    source: "document codes 21 to 28 are of citizens of Russia, 31 and 32 of foreigners",
};
static CONTRADICTION: MessageDef = MessageDef {
    id: "ofd-doc-citizenship",
    en: "{ $path } { $value } is not a document of a citizen of { $country }.",
    ru: "{ $path } { $value } — не документ гражданина страны { $country }.",
};

pub(super) static DOC_AGE: RuleDef = RuleDef {
    id: "doc-age",
    severity: Severity::Warning,
    messages: &[&TOO_OLD],
    evidence: Evidence::Guess,
    source: "a birth certificate (27) identifies until the age of 14",
};
static TOO_OLD: MessageDef = MessageDef {
    id: "ofd-doc-age",
    en: "{ $path } 27, a birth certificate, identifies children under { $limit }; by client.birth_date the buyer is older.",
    ru: "{ $path } 27, свидетельство о рождении, — для детей младше { $limit }; по client.birth_date покупатель старше.",
};

pub(super) fn check(c: &mut Checker<'_>) {
    citizenship(c);
    document_code(c);
    document_number(c);
    identified(c);
    contradictions(c);
}

fn citizenship(c: &mut Checker<'_>) {
    let Some(text) = c.text(Key::BuyerCitizenship).filter(|text| !text.is_empty()) else { return };
    match Country::parse(text) {
        None => c.limited(&OKSM, &NO_COUNTRY, Key::BuyerCitizenship, "ОКСМ / ISO 3166-1"),
        Some(Country::RUSSIA) => {
            c.push(Violation::new(&OKSM, &RUSSIA, Key::BuyerCitizenship).warning());
        }
        Some(_) => {}
    }
}

fn document_code(c: &mut Checker<'_>) {
    let Some(text) = c.text(Key::BuyerDocumentCode).filter(|text| !text.is_empty()) else { return };
    if DocumentCode::parse(text).is_none() {
        c.limited(&DOC_CODE, &NO_CODE, Key::BuyerDocumentCode, "21, 22, 26–28, 31–38, 40");
    }
}

fn document_number(c: &mut Checker<'_>) {
    let Some(text) = c.text(Key::BuyerDocumentNumber).filter(|text| !text.is_empty()) else { return };
    let (key, back_end) = (Key::BuyerDocumentNumber, c.context.back_end());
    let passport = c.text(Key::BuyerDocumentCode) == Some(DocumentCode::RussianPassport.as_str());
    let wanted = match back_end {
        BackEnd::SberOld if passport => (is_spaced_passport(text), "1111 222222"),
        BackEnd::SberEcom if passport => (is_digits(text, 10), "1111222222"),
        BackEnd::SberEcom => (text.bytes().all(|byte| byte.is_ascii_alphanumeric()), "A–Z a–z 0–9"),
        _ => (true, ""),
    };
    if let (false, limit) = wanted {
        let code = c.text(Key::BuyerDocumentCode).unwrap_or("—");
        let violation = Violation::new(&PASSPORT, &SHAPE, key).with_value(Some(text)).with("limit", limit);
        c.push(
            violation.with("code", Key::BuyerDocumentCode.def().privacy.show(code)).with("backend", back_end),
        );
    } else if back_end == BackEnd::SberOld && text.contains(char::is_alphabetic) {
        let violation = Violation::new(&PASSPORT, &LETTERS, key).warning().with("limit", key.def().old);
        c.push(violation.with("backend", back_end));
    }
}

/// `1111 222222`.
fn is_spaced_passport(text: &str) -> bool {
    text.split_once(' ').is_some_and(|(series, number)| is_digits(series, 4) && is_digits(number, 6))
}

fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whoever of these is there asks for an identified buyer.
const NAMING: &[Key] = &[
    Key::BuyerName,
    Key::BuyerInn,
    Key::BuyerDocumentNumber,
    Key::BuyerDocumentCode,
    Key::BuyerBirthDate,
    Key::BuyerCitizenship,
];
const IDENTIFYING: &[Key] = &[Key::BuyerBirthDate, Key::BuyerDocumentCode, Key::BuyerDocumentNumber];

fn identified(c: &mut Checker<'_>) {
    let back_end = c.context.back_end();
    if c.context.basket() != Basket::Sent || !back_end.is_sber() || c.has(Key::BuyerInn) {
        return;
    }
    let complete = IDENTIFYING.iter().all(|key| c.has(*key));
    if complete || !NAMING.iter().any(|key| c.has(*key)) {
        return;
    }
    let names = |keys: Vec<Key>| keys.into_iter().map(Key::name).collect::<Vec<_>>().join(", ");
    let missing = names(IDENTIFYING.iter().copied().filter(|key| !c.has(*key)).collect());
    let violation = Violation::at_path(&BUYER_IDENT, &UNIDENTIFIED, "client".to_owned());
    let violation = violation.with("limit", names(IDENTIFYING.to_vec())).with("missing", missing);
    // The newer gateway's document only recommends it.
    c.push(if back_end == BackEnd::SberEcom { violation.warning() } else { violation });
}

fn contradictions(c: &mut Checker<'_>) {
    let Some(code) = c.text(Key::BuyerDocumentCode).and_then(DocumentCode::parse) else { return };
    if let Some(country) = c.text(Key::BuyerCitizenship).and_then(Country::parse) {
        let fits = match code.holder() {
            Holder::Russian => country == Country::RUSSIA,
            Holder::Foreign => country != Country::RUSSIA,
            Holder::Stateless | Holder::Pending => true,
        };
        if !fits {
            let violation = Violation::new(&DOC_CITIZENSHIP, &CONTRADICTION, Key::BuyerDocumentCode);
            c.push(violation.with_value(Some(code.as_str())).with("country", country.as_str()));
        }
    }
    let born = c.text(Key::BuyerBirthDate).and_then(CivilDate::parse);
    let grown = born.is_some_and(|born| born.years_until(c.context.today()) >= 14);
    if code == DocumentCode::RussianBirthCertificate && grown {
        c.push(Violation::new(&DOC_AGE, &TOO_OLD, Key::BuyerDocumentCode).with("limit", 14));
    }
}
