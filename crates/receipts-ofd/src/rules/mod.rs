//! What is checked before anything is sent. All of it without a network, all violations at once.
//!
//! A rule has a stable kebab-case id, a usual severity, a source with its evidence mark and its sentences in two
//! languages. One file per family. A check allocates nothing until something is wrong. It must not know how a block came
//! to be: it looks at [`Fields`].

mod agent;
mod buyer;
mod company;
mod contact;
mod dates;
mod finding;
mod groups;
mod inn;
mod text;

pub(crate) use text::first_unprinted;

pub use finding::{Correction, Findings, RuleDef, Severity, Violation};

use crate::{
    Context, InnSums, MessageDef,
    params::{Fields, Key},
};

/// Every rule of the block, in the order they are checked.
pub const ALL: &[&RuleDef] = &[
    &text::BLOCK_UNSUPPORTED,
    &text::OFD_PARTNER,
    &text::FFD_VERSION,
    &text::TEXT_EMPTY,
    &text::TEXT_CONTROL,
    &text::TEXT_LENGTH,
    &text::CHARSET,
    &groups::CHECKPROP,
    &groups::CASHIER_LEN,
    &agent::AGENT_TYPE,
    &agent::AGENT_MATRIX,
    &agent::AGENT_RECEIPT_LEVEL_12,
    &agent::SUPPLIER,
    &contact::PHONE_AGENT,
    &contact::PHONE_BUYER,
    &contact::EMAIL,
    &contact::CONTACT_ONE,
    &contact::INTERNET,
    &inn::INN_LEN,
    &inn::INN_SUM,
    &inn::INN_SBER_12,
    &dates::DATE,
    &dates::TIMESTAMP,
    &buyer::OKSM,
    &buyer::DOC_CODE,
    &buyer::PASSPORT,
    &buyer::BUYER_IDENT,
    &buyer::DOC_CITIZENSHIP,
    &buyer::DOC_AGE,
    &groups::USERPROP_PAIR,
    &groups::OPER_TRIO,
    &groups::SECT_QUAD,
    &groups::SECT_NUMBER,
    &groups::FOIV,
    &company::AUTOMAT,
    &company::LOCATION,
    &company::EVOTOR_CLIENT,
    &company::EVOTOR_COMPANY,
];

/// Checks a block against everything known of its back end.
///
/// Violations come in the order of [`ALL`] and, within a rule, of the keys; an empty result allocated nothing.
///
/// ```
/// use receipts_ofd::{BackEnd, CivilDate, Context, FfdVersion, OfdPartner, check, wire};
/// let context = Context::new(BackEnd::SberOld, FfdVersion::V1_2, OfdPartner::Atol, CivilDate::of(2026, 11, 21));
/// let block = wire::read(r#"{"client.phone":"+371 2 1234567"}"#)?.into_block();
/// let found = check(&block, &context);
/// let violation = &found.as_slice()[0];
/// assert_eq!((violation.rule().id, violation.path()), ("phone-buyer", "client.phone"));
/// assert_eq!(violation.value(), Some("+*** * *******"));
/// assert_eq!(violation.correction().map(|correction| correction.expose()), Some("+37121234567"));
/// # Ok::<(), wire::ReadError>(())
/// ```
pub fn check(fields: &dyn Fields, context: &Context) -> Findings {
    let mut checker = Checker { fields, context, found: Vec::new() };
    text::check(&mut checker);
    agent::check(&mut checker);
    contact::check(&mut checker);
    inn::check(&mut checker);
    dates::check(&mut checker);
    buyer::check(&mut checker);
    groups::check(&mut checker);
    company::check(&mut checker);
    Findings::sorted(checker.found)
}

/// Values that some back end tolerates and the types have no place for.
pub(crate) fn without_place(fields: &dyn Fields, context: &Context, found: &mut Findings) {
    let mut checker = Checker { fields, context, found: Vec::new() };
    contact::without_place(&mut checker);
    groups::without_place(&mut checker);
    found.add(checker.found);
}

/// What a rule sees, and where it puts what it finds.
struct Checker<'a> {
    fields: &'a dyn Fields,
    context: &'a Context,
    found: Vec<Violation>,
}

impl<'a> Checker<'a> {
    fn text(&self, key: Key) -> Option<&'a str> {
        self.fields.text(key)
    }

    fn has(&self, key: Key) -> bool {
        self.fields.has(key)
    }

    /// A violation at a key, with its value and a limit.
    fn limited(&mut self, rule: &'static RuleDef, message: &'static MessageDef, key: Key, limit: &str) {
        let value = self.fields.text(key);
        self.found.push(Violation::new(rule, message, key).with_value(value).with("limit", limit));
    }

    fn push(&mut self, violation: Violation) {
        self.found.push(violation);
    }

    /// The keys of a group, those that are there and those that are not.
    fn missing_of(&self, keys: &'static [Key]) -> impl Iterator<Item = Key> + use<'a> {
        let fields = self.fields;
        let any = keys.iter().any(|key| fields.has(*key));
        keys.iter().copied().filter(move |key| any && !fields.has(*key))
    }
}

#[cfg(test)]
mod tests;
