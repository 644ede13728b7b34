//! The `validator` crate's traits over the same rules, for programs that collect their errors there.
//!
//! [`ValidateArgs`] takes the [`Context`]; only errors count, because that crate knows no warnings. Each error's code is
//! the rule's id, its message the English sentence; `path`, `value`, `limit`, `ru` and `en` are its parameters, personal
//! values masked. It must not have rules of its own.

use crate::{AdditionalOfdParams, Context, Fields, Key, Violation, check, wire::Block};
use std::borrow::Cow;
use validator::{ValidateArgs, ValidationError, ValidationErrors};

impl<'a> ValidateArgs<'a> for Block {
    type Args = &'a Context;

    /// ```
    /// use receipts_ofd::{BackEnd, CivilDate, Context, FfdVersion, Key, OfdPartner, wire::Block};
    /// use validator::ValidateArgs;
    /// let context = Context::new(BackEnd::SberOld, FfdVersion::V1_2, OfdPartner::Atol, CivilDate::of(2026, 11, 21));
    /// let errors = Block::new().with(Key::BuyerEmail, "ivan").validate_with_args(&context).unwrap_err();
    /// assert_eq!(errors.field_errors()["client.email"][0].code, "email");
    /// ```
    fn validate_with_args(&self, context: &'a Context) -> Result<(), ValidationErrors> {
        errors(self, context)
    }
}

impl<'a> ValidateArgs<'a> for AdditionalOfdParams {
    type Args = &'a Context;

    fn validate_with_args(&self, context: &'a Context) -> Result<(), ValidationErrors> {
        errors(self, context)
    }
}

fn errors(fields: &dyn Fields, context: &Context) -> Result<(), ValidationErrors> {
    let found = check(fields, context);
    let mut errors = ValidationErrors::new();
    for violation in found.errors() {
        errors.add(field(violation.path()), error(violation));
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(errors),
    }
}

/// Their fields are static names: the key without its place in a list, or the group.
fn field(path: &str) -> &'static str {
    let name = path.split('[').next().unwrap_or_default();
    match (Key::parse(name), name) {
        (Some(key), _) => key.name(),
        (None, "client") => "client",
        (None, "agent_info") => "agent_info",
        (None, name) if name.starts_with("supplier_info") => "supplier_info",
        (None, _) => "additionalOfdParams",
    }
}

fn error(violation: &Violation) -> ValidationError {
    let mut error = ValidationError::new(violation.rule().id);
    let message = violation.message();
    for (name, value) in message.args() {
        error.add_param(Cow::Borrowed(name), value);
    }
    error.add_param(Cow::Borrowed("path"), &violation.path());
    error.add_param(Cow::Borrowed("ru"), &message.ru());
    error.add_param(Cow::Borrowed("en"), &message.en());
    error.with_message(Cow::Owned(message.en()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BackEnd, CivilDate, FfdVersion, OfdPartner};

    #[test]
    fn errors_and_not_warnings_come_by_field() {
        let context =
            Context::new(BackEnd::SberOld, FfdVersion::V1_05, OfdPartner::Atol, CivilDate::of(2026, 11, 21));
        let block = Block::new()
            .with(Key::AgentType, "1")
            .with_list(Key::SupplierPhones, &["+79160000001", "+371 2 1234567"])
            .with(Key::BuyerName, "Canary");
        let errors = block.validate_with_args(&context).expect_err("three errors");
        let fields = errors.field_errors();
        let mut codes: Vec<_> = fields
            .iter()
            .flat_map(|(field, errors)| errors.iter().map(move |one| format!("{} at {field}", one.code)))
            .collect();
        codes.sort();
        assert_eq!(
            codes,
            [
                "buyer-ident at client",
                "contact-one at client",
                "ffd-version at client.name",
                "phone-agent at supplier_info.phones",
            ]
        );
        let phone = &fields["supplier_info.phones"][0];
        assert_eq!(phone.params["path"], "supplier_info.phones[1]");
        assert!(!format!("{errors:?}").contains("Canary") && !format!("{errors:?}").contains("1234567"));
        let warned = Block::new().with(Key::AgentType, "3");
        assert_eq!(warned.validate_with_args(&context), Ok(()));
    }
}
