//! What a refund may do with the block of its registration: four keys may change, the others echo or stay away (R6).
//!
//! The block may be sent only if it was sent when the order was registered (CONFIRMED text, Sber, refund.do; that the
//! gateway checks it is a GUESS). It must not know lines: those are [`crate::receipt`]'s.

use crate::{
    AdditionalOfdParams, Evidence, Findings, MessageDef, RuleDef, Severity, Text, UserProperty, Violation,
    params::{AtRefund, Fields, Key, Value},
};

/// Every rule of a refund's block.
pub const RULES: &[&RuleDef] = &[&ONLY_CHANGEABLE, &CASHIER_WITHOUT_INN];

static ONLY_CHANGEABLE: RuleDef = RuleDef {
    id: "r6-only-changeable",
    severity: Severity::Error,
    messages: &[&NOT_REGISTERED, &NEW_KEY, &CHANGED],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: the sentence on changing stands at cashier, additional_check_props and \
             additional_user_props.*; \"if the block was passed at registration, it may be passed at refund\"",
};
static NOT_REGISTERED: MessageDef = MessageDef {
    id: "ofd-r6-not-registered",
    en: "The order was registered without { $path }: it cannot be sent with its refund.",
    ru: "Заказ зарегистрирован без { $path }: при возврате этот блок передать нельзя.",
};
static NEW_KEY: MessageDef = MessageDef {
    id: "ofd-r6-new-key",
    en: "{ $path } was not sent when the order was registered: leave it out.",
    ru: "{ $path } не передавался при регистрации заказа: не передавайте его при возврате.",
};
static CHANGED: MessageDef = MessageDef {
    id: "ofd-r6-changed",
    en: "{ $path } is { $value } and was registered as { $limit }: repeat it or leave it out. Only cashier, \
         additional_check_props and additional_user_props.* may change.",
    ru: "{ $path }: { $value }, а при регистрации { $limit }: повторите значение или не передавайте. Менять можно только \
         cashier, additional_check_props и additional_user_props.*.",
};

static CASHIER_WITHOUT_INN: RuleDef = RuleDef {
    id: "cashier-without-inn",
    severity: Severity::Warning,
    messages: &[&OLD_INN],
    evidence: Evidence::Confirmed,
    source: "Sber, refund.do: the sentence on changing is missing at cashier_inn",
};
static OLD_INN: MessageDef = MessageDef {
    id: "ofd-cashier-without-inn",
    en: "{ $path } changes, and cashier_inn may not: the receipt would pair another cashier with the registered INN. Ask \
         Sber, or keep the cashier.",
    ru: "{ $path } меняется, а cashier_inn менять нельзя: в чеке другой кассир окажется с прежним ИНН. Уточните у Сбера \
         или оставьте кассира.",
};

/// What a refund may change; nothing by default. The types have no room for anything else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Another cashier.
    pub cashier: Option<Text>,
    /// Another requisite of the receipt.
    pub check_property: Option<Text>,
    /// Another requisite of the user.
    pub user_property: Option<UserProperty>,
}

/// The block of a refund: that of the registration with these changes. Warnings come with it.
///
/// ```
/// use receipts_ofd::{AdditionalOfdParams, Text, refund};
/// let registered = AdditionalOfdParams::new().with_cashier(Text::parse("Иванов И.И.")?);
/// let changes = refund::Changes { cashier: Some(Text::parse("Петрова А.А.")?), ..refund::Changes::default() };
/// let (block, warnings) = refund::block(&registered, changes).expect("the cashier may change");
/// assert_eq!(block.cashier.as_ref().map(Text::as_str), Some("Петрова А.А."));
/// assert!(warnings.is_empty());
/// # Ok::<(), receipts_ofd::TextError>(())
/// ```
///
/// # Errors
/// [`check_block`]'s findings: a change of something that was not registered.
pub fn block(
    registered: &AdditionalOfdParams,
    changes: Changes,
) -> Result<(AdditionalOfdParams, Findings), Findings> {
    let mut block = registered.clone();
    block.cashier = changes.cashier.or(block.cashier);
    block.check_property = changes.check_property.or(block.check_property);
    block.user_property = changes.user_property.or(block.user_property);
    let found = check_block(Some(registered), &block).into_result()?;
    Ok((block, found))
}

/// Holds the block of a refund against that of its registration; `None` when the order was registered without one.
///
/// Keys that are left out are fine. Lists are compared in their order.
pub fn check_block(registered: Option<&dyn Fields>, refund: &dyn Fields) -> Findings {
    let mut found = Vec::new();
    let Some(registered) = registered else {
        if Key::all().any(|key| refund.has(key)) {
            let path = "additionalOfdParams".to_owned();
            found.push(Violation::at_path(&ONLY_CHANGEABLE, &NOT_REGISTERED, path));
        }
        return found.into();
    };
    for key in Key::all() {
        let violation = match (registered.field(key), refund.field(key)) {
            (None, Some(_)) => Violation::new(&ONLY_CHANGEABLE, &NEW_KEY, key),
            (Some(was), Some(is)) if was != is && key.def().at_refund == AtRefund::MustEcho => {
                let changed = Violation::new(&ONLY_CHANGEABLE, &CHANGED, key);
                changed.with("value", as_shown(key, is)).with("limit", as_shown(key, was))
            }
            _ => continue,
        };
        found.push(violation);
    }
    let (was, is) = (registered.text(Key::Cashier), refund.text(Key::Cashier));
    if is.is_some() && was != is && registered.has(Key::CashierInn) {
        found.push(Violation::new(&CASHIER_WITHOUT_INN, &OLD_INN, Key::Cashier));
    }
    found.into()
}

fn as_shown(key: Key, value: Value<'_>) -> String {
    value.texts().map(|(_, text)| key.def().privacy.show(text)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Block;

    fn registered() -> Block {
        Block::new()
            .with(Key::Cashier, "Иванов И.И.")
            .with(Key::CheckProperty, "1234567890")
            .with(Key::UserPropertyName, "Заказ")
            .with(Key::UserPropertyValue, "42")
            .with(Key::BuyerEmail, "ivan@example.ru")
            .with_list(Key::SupplierPhones, &["+79160000001", "+79160000002"])
    }

    fn verdict(was: Option<&Block>, is: &Block) -> Vec<String> {
        let found = check_block(was.map(|block| block as &dyn Fields), is);
        assert!(found.as_slice().iter().all(|one| one.message().is_whole()), "{found}");
        found.as_slice().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn four_keys_may_change_and_any_may_be_left_out() {
        let was = registered();
        assert_eq!(verdict(Some(&was), &was), Vec::<String>::new());
        assert_eq!(verdict(Some(&was), &Block::new()), Vec::<String>::new());
        assert_eq!(verdict(None, &Block::new()), Vec::<String>::new());
        for key in Key::all().filter(|key| was.has(*key)) {
            let found = verdict(Some(&was), &was.clone().with(key, "9"));
            let expected = match key.def().at_refund {
                AtRefund::MayChange => vec![],
                AtRefund::MustEcho => vec![format!("error r6-only-changeable at {key}")],
            };
            assert_eq!(found, expected, "{key}");
            let without = was.clone().without(key);
            assert_eq!(verdict(Some(&was), &without), Vec::<String>::new(), "{key} left out");
            let expected = vec![format!("error r6-only-changeable at {key}")];
            assert_eq!(verdict(Some(&without), &was), expected, "{key} is new");
        }
    }

    #[test]
    fn a_block_needs_a_registered_block() {
        assert_eq!(verdict(None, &registered()), ["error r6-only-changeable at additionalOfdParams"]);
    }

    #[test]
    fn another_cashier_with_a_registered_inn_is_told() {
        let was = registered().with(Key::CashierInn, "500100732259");
        let is = was.clone().with(Key::Cashier, "Петрова А.А.");
        assert_eq!(verdict(Some(&was), &is), ["warning cashier-without-inn at cashier"]);
        assert_eq!(verdict(Some(&was), &was), Vec::<String>::new());
    }

    #[test]
    fn what_was_registered_is_masked() {
        let is = registered().with(Key::BuyerEmail, "petr@example.ru");
        let found = check_block(Some(&registered() as &dyn Fields), &is);
        let said = found.as_slice()[0].message().ru();
        assert!(
            said.contains("****@*******.**") && !said.contains("ivan") && !said.contains("petr"),
            "{said}"
        );
    }

    #[test]
    fn changes_that_types_allow_can_still_be_new() {
        let changes = Changes { cashier: Text::parse("Петрова А.А.").ok(), ..Changes::default() };
        let error = block(&AdditionalOfdParams::new(), changes).expect_err("no cashier was registered");
        assert_eq!(error.to_string(), "error r6-only-changeable at cashier");
    }
}
