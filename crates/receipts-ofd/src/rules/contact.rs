//! Rules of telephones, e-mail addresses and the buyer's one contact.

use super::{Checker, RuleDef, Severity, Violation, text};
use crate::{
    BackEnd, Evidence, MessageDef, Settled,
    contact::{corrected_phone, is_email, is_phone},
    params::Key,
};

pub(super) static PHONE_BUYER: RuleDef = RuleDef {
    id: "phone-buyer",
    severity: Severity::Error,
    messages: &[&PHONE, &PHONE_LENGTH],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do (\"+371 2 1234567\" must go as \"+37121234567\"); ATOL v5; Sber e-commerce OpenAPI",
};
pub(super) static PHONE_AGENT: RuleDef = RuleDef {
    id: "phone-agent",
    severity: Severity::Error,
    messages: &[&PHONE, &PHONE_LENGTH, &TOO_MANY],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: arrays of ANS..19 in the form +N; Sber e-commerce OpenAPI: 7 to 15 digits, at most 5; ATOL v5 \
             allows more, letters too, and is not followed",
};
static PHONE: MessageDef = MessageDef {
    id: "ofd-phone",
    en: "{ $path } is no telephone: { $value }. Write { $limit }, a plus, the country's code and the number, 1 to 18 \
         digits, no spaces or brackets.",
    ru: "{ $path } — не телефон: { $value }. Нужно { $limit }, то есть плюс, код страны и номер, от 1 до 18 цифр, без пробелов и \
         скобок.",
};
static PHONE_LENGTH: MessageDef = MessageDef {
    id: "ofd-phone-length",
    en: "{ $path } has { $found } digits; real numbers have { $limit }.",
    ru: "{ $path }: цифр { $found }, а в настоящих номерах { $limit }.",
};

static TOO_MANY: MessageDef = MessageDef {
    id: "ofd-phones-too-many",
    en: "{ $path } has { $found } telephones; { $backend } takes { $limit }.",
    ru: "{ $path }: телефонов { $found }; { $backend } принимает { $limit }.",
};

pub(super) static EMAIL: RuleDef = RuleDef {
    id: "email",
    severity: Severity::Error,
    messages: &[&ADDRESS],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: ANS..64; shape from ATOL",
};
static ADDRESS: MessageDef = MessageDef {
    id: "ofd-email",
    en: "{ $path } is no e-mail address: { $value }. It has { $limit } ASCII characters, one @ and no spaces.",
    ru: "{ $path } — не адрес электронной почты: { $value }. В нём { $limit } символов ASCII, одна @ и нет пробелов.",
};

pub(super) static CONTACT_ONE: RuleDef = RuleDef {
    id: "contact-one",
    severity: Severity::Error,
    messages: &[&NONE, &BOTH],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: strictly one of email and phone (that it holds whenever a client.* is there: GUESS); ATOL \
             v5: at least one, of two the e-mail is used",
};
static NONE: MessageDef = MessageDef {
    id: "ofd-contact-none",
    en: "The buyer is given without a contact: add client.email or client.phone, one of them.",
    ru: "Покупатель указан без контакта: добавьте client.email или client.phone, ровно одно.",
};
static BOTH: MessageDef = MessageDef {
    id: "ofd-contact-both",
    en: "Both client.email and client.phone are given; { $backend } takes one: leave { $path } out.",
    ru: "Указаны и client.email, и client.phone; { $backend } принимает одно: уберите { $path }.",
};

pub(super) static INTERNET: RuleDef = RuleDef {
    id: "internet",
    severity: Severity::Error,
    messages: &[&INTERNET_NEEDS, &NOT_A_SITE],
    evidence: Evidence::Reported,
    source: "order ЕД-7-20/236@ of 26.03.2025 (press): tag 1125 needs tag 1008, and the site in tag 1187",
};
static INTERNET_NEEDS: MessageDef = MessageDef {
    id: "ofd-internet-needs",
    en: "A receipt flagged as an Internet settlement needs { $path }: { $limit }.",
    ru: "Чеку с признаком расчёта в Интернете нужен { $path }: { $limit }.",
};
static NOT_A_SITE: MessageDef = MessageDef {
    id: "ofd-internet-site",
    en: "{ $path } of an Internet settlement is the site's address; this does not look like one: { $value }.",
    ru: "{ $path } при расчёте в Интернете — адрес сайта; это на него не похоже: { $value }.",
};

/// The most telephones of one key on Sber ECOM.
const ECOM_PHONES: usize = 5;

const AGENT_PHONES: &[Key] =
    &[Key::AgentPhones, Key::OperatorPhones, Key::TransferPhones, Key::SupplierPhones];

pub(super) fn check(c: &mut Checker<'_>) {
    agent_phones(c);
    buyer_phone(c);
    email(c);
    contact_one(c);
    internet(c);
}

fn agent_phones(c: &mut Checker<'_>) {
    let ecom = c.context.back_end() == BackEnd::SberEcom;
    for key in AGENT_PHONES {
        let Some(value) = c.fields.field(*key) else { continue };
        let mut count = 0;
        for (index, text) in value.texts() {
            count += 1;
            match is_phone(text) {
                false if !text.is_empty() => c.push(no_phone(&PHONE_AGENT, *key, index, text)),
                true if ecom && !is_usual(text) => c.push(unusual(&PHONE_AGENT, *key, index, text)),
                _ => {}
            }
        }
        if count == 0 {
            c.push(no_phone(&PHONE_AGENT, *key, None, "[]"));
        }
        if ecom && count > ECOM_PHONES {
            let violation = Violation::new(&PHONE_AGENT, &TOO_MANY, *key).with("found", count);
            c.push(violation.with("limit", ECOM_PHONES).with("backend", BackEnd::SberEcom));
        }
    }
}

fn buyer_phone(c: &mut Checker<'_>) {
    let Some(text) = c.text(Key::BuyerPhone).filter(|text| !text.is_empty()) else { return };
    if is_none_at_atol(c, text) {
        return;
    }
    if !is_phone(text) {
        return c.push(no_phone(&PHONE_BUYER, Key::BuyerPhone, None, text));
    }
    if !is_usual(text) {
        let violation = unusual(&PHONE_BUYER, Key::BuyerPhone, None, text);
        // The newer gateway's pattern refuses what others only wonder at.
        let ecom = c.context.back_end() == BackEnd::SberEcom;
        c.push(if ecom { violation } else { violation.warning() });
    }
}

/// 7 to 15 digits behind the plus.
fn is_usual(phone: &str) -> bool {
    (8..=16).contains(&phone.len())
}

fn unusual(rule: &'static RuleDef, key: Key, index: Option<usize>, phone: &str) -> Violation {
    let violation = Violation::in_list(rule, &PHONE_LENGTH, key, index);
    violation.with("found", phone.len() - 1).with("limit", "7–15")
}

fn no_phone(rule: &'static RuleDef, key: Key, index: Option<usize>, text: &str) -> Violation {
    let violation = Violation::in_list(rule, &PHONE, key, index).with_value(Some(text));
    violation.with("limit", "+N").with_correction(corrected_phone(text))
}

fn email(c: &mut Checker<'_>) {
    let Some(text) = c.text(Key::BuyerEmail).filter(|text| !text.is_empty()) else { return };
    if !is_email(text) && !is_none_at_atol(c, text) {
        c.limited(&EMAIL, &ADDRESS, Key::BuyerEmail, "≤64");
    }
}

/// ATOL v5 takes `none` where the buyer left no contact (CONFIRMED, ATOL v5).
fn is_none_at_atol(c: &Checker<'_>, text: &str) -> bool {
    c.context.back_end() == BackEnd::AtolV5 && text == "none"
}

fn contact_one(c: &mut Checker<'_>) {
    let back_end = c.context.back_end();
    let buyer = Key::all().any(|key| key.is_buyer() && c.has(key));
    match (c.has(Key::BuyerEmail), c.has(Key::BuyerPhone)) {
        (false, false) if buyer => c.push(Violation::at_path(&CONTACT_ONE, &NONE, "client".to_owned())),
        (true, true) => {
            let violation = Violation::new(&CONTACT_ONE, &BOTH, Key::BuyerPhone).with("backend", back_end);
            c.push(if back_end.is_atol() { violation.warning() } else { violation });
        }
        _ => {}
    }
}

fn internet(c: &mut Checker<'_>) {
    if c.context.settled() != Settled::OnInternet {
        return;
    }
    let contact = c.has(Key::BuyerEmail) || c.has(Key::BuyerPhone);
    // Without room for a contact in this version, it is the order's own contact that counts.
    if !contact && text::allows(c.context, Key::BuyerEmail) {
        let violation = Violation::new(&INTERNET, &INTERNET_NEEDS, Key::BuyerEmail);
        c.push(violation.with("limit", "client.email / client.phone"));
    }
    match c.text(Key::SettlementPlace) {
        None => {
            let violation = Violation::new(&INTERNET, &INTERNET_NEEDS, Key::SettlementPlace);
            c.push(violation.with("limit", "https://shop.example"));
        }
        Some(place) if !looks_like_a_site(place) => {
            let violation = Violation::new(&INTERNET, &NOT_A_SITE, Key::SettlementPlace);
            c.push(violation.with_value(Some(place)).warning());
        }
        Some(_) => {}
    }
}

/// A dot between two other characters, and no space.
fn looks_like_a_site(text: &str) -> bool {
    let inner = text.trim_matches('.');
    inner.len() == text.len() && text.contains('.') && !text.contains(char::is_whitespace)
}

/// A block's type has one contact, and `none` is no contact.
pub(super) fn without_place(c: &mut Checker<'_>) {
    let back_end = c.context.back_end();
    if !back_end.is_atol() {
        return;
    }
    if c.has(Key::BuyerEmail) && c.has(Key::BuyerPhone) {
        let violation = Violation::new(&CONTACT_ONE, &BOTH, Key::BuyerPhone).error();
        c.push(violation.with("backend", back_end));
    }
    if c.fields.text(Key::BuyerEmail) == Some("none") {
        c.limited(&EMAIL, &ADDRESS, Key::BuyerEmail, "≤64");
    }
    if c.fields.text(Key::BuyerPhone) == Some("none") {
        c.push(no_phone(&PHONE_BUYER, Key::BuyerPhone, None, "none"));
    }
}
