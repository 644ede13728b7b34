//! Rule: robokassa-item-name
//!
//! A position's name has at most 128 characters. A longer one is not cut here: the receipt of the sale has the first
//! 128, and that is for the order to say.

use refund_core::{
    Line, Message, MessageDef, RuleId, Violation,
    format::Format,
    outcome::sanitize,
    rules::{Allowed, Evidence, RuleDef, Severity, Value},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("robokassa-item-name"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Robokassa, fiscalisation page: names of payment receipts are cut at 128 characters (CONFIRMED; that refunds \
             do the same is a GUESS)",
    contradiction: Some(
        "Payment receipts cut longer names silently. A refund's name is not cut here: it must be the name that stands on \
         the receipt of the sale, and only the order can say it.",
    ),
};

/// What a name may be.
pub(crate) const NAME: Format = Format::ans_up_to(128);

pub(super) static MESSAGE: MessageDef = MessageDef {
    id: "robokassa-item-name",
    en: "The name of the order's line \"{ $position }\" (\"{ $name }\") is not { $format }: from 1 to 128 characters that \
         print. Robokassa cuts longer names on the receipt of the sale; write the name in the order as it stands there.",
    ru: "Название позиции «{ $position }» заказа («{ $name }») не подходит под { $format }: нужно от 1 до 128 печатных \
         символов. В чеке продажи Robokassa обрезает длинные названия; укажите в заказе название, как в том чеке.",
};

pub(super) fn check(sold: &Line, index: usize) -> Option<Violation> {
    NAME.check(&sold.name).err().map(|_| {
        let message = Message::new(&MESSAGE)
            .with("position", sanitize(&sold.position, 40))
            .with("name", sanitize(&sold.name, 60))
            .with("format", NAME);
        Violation::new(&RULE, format!("lines[{index}].name"), message)
            .with_given(Value::Text(sanitize(&sold.name, 200)))
            .with_allowed(Allowed::Only(Value::text(NAME)))
    })
}
