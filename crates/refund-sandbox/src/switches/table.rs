//! Names, allowed values and reasons of the switches: what `GET /_sandbox/switches` lists.
//!
//! Knows how to read and set each field; what a side *does* stands with the code that asks.

use serde::Serialize;
use serde_json::Value;

use super::Switches;
use super::words::Word;

/// What a switch takes.
#[derive(Clone, Copy, Serialize)]
#[serde(untagged)]
pub(crate) enum Allowed {
    OneOf(&'static [u64]),
    Range {
        from: u64,
        to: u64,
    },
    #[serde(serialize_with = "print_words")]
    Words(fn() -> Vec<&'static str>),
}

fn print_words<S: serde::Serializer>(words: &fn() -> Vec<&'static str>, out: S) -> Result<S::Ok, S::Error> {
    words().serialize(out)
}

impl Allowed {
    fn takes(self, number: u64) -> bool {
        match self {
            Self::OneOf(numbers) => numbers.contains(&number),
            Self::Range { from, to } => (from..=to).contains(&number),
            Self::Words(_) => false,
        }
    }
}

/// One switch.
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) allowed: Allowed,
    pub(crate) get: fn(&Switches) -> Value,
    put: fn(&mut Switches, &Value) -> Option<()>,
}

impl Setting {
    /// Sets it; `None`, and nothing changes, if the value is not among the allowed ones.
    pub(crate) fn set(&self, switches: &mut Switches, value: &Value) -> Option<()> {
        if let Some(number) = value.as_u64() {
            self.allowed.takes(number).then_some(())?;
        }
        (self.put)(switches, value)
    }
}

macro_rules! number {
    ($name:literal, $($field:ident).+, $allowed:expr, $about:literal) => {
        Setting {
            name: $name,
            about: $about,
            allowed: $allowed,
            get: |switches| Value::from(switches.$($field).+),
            put: |switches, value| {
                switches.$($field).+ = value.as_u64()?;
                Some(())
            },
        }
    };
}

macro_rules! word {
    ($name:literal, $($field:ident).+: $kind:ident, $about:literal) => {
        Setting {
            name: $name,
            about: $about,
            allowed: Allowed::Words(super::words::$kind::words),
            get: |switches| Value::from(switches.$($field).+.word()),
            put: |switches, value| {
                switches.$($field).+ = super::words::$kind::named(value.as_str()?)?;
                Some(())
            },
        }
    };
}

/// Every switch, Robokassa first. Evidence marks: CONFIRMED, REPORTED, GUESS.
pub(crate) static TABLE: &[Setting] = &[
    number!(
        "robokassa.refusal_status",
        robokassa.refusal_status,
        Allowed::OneOf(&[200, 400]),
        "HTTP status of NotEnoughOperationFunds. The message is CONFIRMED (refund API page), its status is \
         not attested; run a client's tests with both."
    ),
    word!("robokassa.unknown_op_key", robokassa.unknown_op_key: UnknownKey,
        "Refund/Create with a key nobody has: 401 as for a bad signature, because the shop is found through \
         the key (GUESS), or 400 OperationNotFound (REPORTED, third-party code only)."),
    number!(
        "robokassa.bad_id_status",
        robokassa.bad_id_status,
        Allowed::OneOf(&[200, 400]),
        "HTTP status of GetState's `Id is invalid or request id does not exist`. Body CONFIRMED (refund API \
         page), status GUESS."
    ),
    number!(
        "robokassa.finish_after_seconds",
        robokassa.finish_after_seconds,
        Allowed::Range { from: 0, to: 31_536_000 },
        "Seconds of the sandbox's clock from `processing` to `finished`, fixed when the request is accepted. \
         The real duration is not attested; one merchant still saw `processing` after 20 s (REPORTED)."
    ),
    word!("robokassa.reservation", robokassa.reservation: Reservation,
        "Whether a request that is still processing already takes its money from the balance. Not attested."),
    word!("robokassa.payload_whitespace", robokassa.payload_whitespace: Strictness,
        "Whitespace between the tokens of the payload. The page asks for compact JSON (CONFIRMED); whether \
         the server insists is a GUESS."),
    word!("robokassa.unknown_members", robokassa.unknown_members: Strictness,
        "Members of the token's header, payload or items that no document names, such as `iat` or a name in \
         another case. Not attested; accepted ones are ignored."),
    word!("robokassa.signature_padding", robokassa.signature_padding: Strictness,
        "`=` at the end of the token's signature segment. One CMS module leaves it there (REPORTED)."),
    word!("robokassa.items_sum", robokassa.items_sum: ItemsSum,
        "Whether unit price times quantity over all items must equal the refunded sum. Nothing is written for \
         refunds; the vendor plugin sends items only when they do (CONFIRMED, vendor plugin)."),
    word!("robokassa.item_values", robokassa.item_values: ItemValues,
        "Whether Tax, PaymentMethod and PaymentObject must be values of the documents' lists."),
    word!("robokassa.hash", robokassa.hash: Hash,
        "The hash of the shop's settings, used to check OpStateExt's Signature (CONFIRMED list)."),
    word!("robokassa.password3", robokassa.password3: Password3,
        "Whether the shop was given access to the refund API. Missing: every token answers 401 (REPORTED, \
         OpenAPI quoted)."),
    word!("robokassa.xml_namespace", robokassa.xml_namespace: XmlNamespace,
        "Namespace of OpStateExt: the vendor plugin's test and the docs disagree (CONFIRMED both ways)."),
    word!("robokassa.op_state_op_key", robokassa.op_state_op_key: OpKeyShown,
        "Whether OpStateExt shows OpKey. One merchant says only card payments have one (REPORTED), the \
         vendor plugin relies on it for SBP too (CONFIRMED)."),
    number!(
        "sber.status_version",
        sber.status_version,
        Allowed::Range { from: 1, to: 46 },
        "Status-API version of the merchant: paymentAmountInfo from 3, refunds[] from 5, refundedDate from \
         12, totalAmount from 18, approvalCode in refunds[] from 26 (CONFIRMED, platform vendor). Sber's own \
         number is unknown."
    ),
    word!("sber.error_code", sber.error_code: CodeForm,
        "errorCode as a string, as a number, or absent on success; all three are documented (CONFIRMED)."),
    word!("sber.content_type", sber.content_type: JsonKind,
        "Replies as application/json or, as REPORTED, text/plain."),
    word!("sber.language", sber.language: Language,
        "Language of errorMessage when the request has no `language`; a setting of the merchant (CONFIRMED)."),
    word!("sber.missing_amount", sber.missing_amount: AmountMissing,
        "refund.do without `amount`: mandatory in the refund.do document, optional on one page (CONFIRMED \
         both). The refusal's code is a GUESS."),
    word!("sber.zero_amount", sber.zero_amount: ZeroAmount,
        "`amount=0` after an earlier refund: the rest (GUESS) or the whole order, which then exceeds."),
    word!("sber.duplicate_parameters", sber.duplicate_parameters: Duplicates,
        "A form parameter given twice: HTTP 400, or the first one counts as in a Java servlet (GUESS)."),
    word!("sber.json_params_values", sber.json_params_values: Strictness,
        "Values in jsonParams that are not strings. The document shows strings only (CONFIRMED)."),
    word!("sber.reserved_names", sber.reserved_names: Strictness,
        "Reserved names in jsonParams; the order `may be rejected` (CONFIRMED). Code 5 is a GUESS."),
    number!(
        "sber.foreign_order_code",
        sber.foreign_order_code,
        Allowed::OneOf(&[5, 6]),
        "Code for another user's order: 5 access denied (CONFIRMED list) or 6 wrong number (GUESS)."
    ),
    number!(
        "sber.cart_violation_code",
        sber.cart_violation_code,
        Allowed::Range { from: 1, to: 99 },
        "Code for a cart that breaks a rule. The document says only `an error`; 8 is a GUESS."
    ),
    word!("sber.cart_match", sber.cart_match: CartMatch,
        "Whether a refund line that leaves name or itemCode out names its position by the rest (`positionId` \
         and `quantity` are enough: CONFIRMED, Sber wiki) or names none (the triple must agree: CONFIRMED, \
         refund.do document). How the two go together is a GUESS."),
    word!("sber.cart_limits", sber.cart_limits: CartLimits,
        "Quantity and itemAmount of a refund line against what is left of the position (GUESS: otherwise \
         one line could be refunded twice) or against the order as registered (CONFIRMED wording)."),
    word!("sber.cart_arithmetic", sber.cart_arithmetic: Checked,
        "Whether itemAmount must equal itemPrice times quantity, half up, where a line has both (CONFIRMED, \
         platform vendor; REPORTED for Sber)."),
    word!("sber.unique_item_codes", sber.unique_item_codes: Checked,
        "Whether two lines of a cart may have one itemCode (REPORTED for OLD, CONFIRMED for ECOM)."),
    number!(
        "sber.name_limit",
        sber.name_limit,
        Allowed::OneOf(&[100, 255]),
        "Longest item name: 255 (CONFIRMED, platform vendor) or 100 (REPORTED, what plugins cut to)."
    ),
    word!("sber.ofd_without_registration", sber.ofd_without_registration: Strictness,
        "additionalOfdParams on the refund of an order registered without them. The document allows them \
         only if they were sent at registration (CONFIRMED); code 5 is a GUESS. Accepted ones count."),
    word!("sber.ofd_unknown_keys", sber.ofd_unknown_keys: Strictness,
        "Names in additionalOfdParams that the document's table lacks. Not attested; accepted ones are kept."),
    word!("sber.ofd_changed_values", sber.ofd_changed_values: Strictness,
        "A refund's value in additionalOfdParams that differs from the registered one. The document marks four \
         names as free to differ (CONFIRMED); that the others are not is a GUESS."),
    word!("sber.external_refund_id", sber.external_refund_id: OldKeys,
        "The platform vendor's form fields externalRefundId and expectedDepositedAmount: ignored, because no \
         page of Sber's has them; or in force, and a repeated id answers success without a second refund \
         (CONFIRMED, platform vendor) or error 5 (REPORTED, another tenant)."),
    word!("sber.callback_checksum", sber.callback_checksum: Checksum,
        "Callbacks of the OLD dialect carry an HMAC-SHA256 checksum under the shop's key or none (CONFIRMED \
         both; a setting of the merchant)."),
    word!("sber.callback_amounts", sber.callback_amounts: CallbackAmounts,
        "operationRefundedAmount, refundedAmount and depositedAmount in refund callbacks; support switches \
         them on (CONFIRMED, platform vendor)."),
    number!(
        "sber.callback_attempts",
        sber.callback_attempts,
        Allowed::Range { from: 1, to: 100 },
        "How often a callback is tried (CONFIRMED, platform vendor; Sber's own number is unknown)."
    ),
    number!(
        "sber.callback_retry_seconds",
        sber.callback_retry_seconds,
        Allowed::Range { from: 0, to: 86_400 },
        "Seconds of the sandbox's clock between attempts (CONFIRMED, platform vendor)."
    ),
    number!(
        "sber_ecom.malformed_status",
        sber.ecom.malformed_status,
        Allowed::OneOf(&[200, 400]),
        "HTTP status for a body that is no JSON object or has a member twice. 400 is REPORTED."
    ),
    number!(
        "sber_ecom.unknown_order_code",
        sber.ecom.unknown_order_code,
        Allowed::OneOf(&[5, 6]),
        "Code for an order nobody has: 6 wrong number or 5 not found; both texts are CONFIRMED, which one \
         comes is a GUESS."
    ),
    number!(
        "sber_ecom.wrong_state_code",
        sber.ecom.wrong_state_code,
        Allowed::OneOf(&[5, 7]),
        "Code for a refund or completion of an order that was not paid or held: 7 no successful operation \
         found or 5 wrong state; both texts are CONFIRMED, which one comes is a GUESS."
    ),
    number!(
        "sber_ecom.exceeds_code",
        sber.ecom.exceeds_code,
        Allowed::OneOf(&[5, 7]),
        "Code of `Общая сумма возвратов превышает сумму заказа`, which the documents list under both \
         (CONFIRMED)."
    ),
    number!(
        "sber_ecom.key_conflict_code",
        sber.ecom.key_conflict_code,
        Allowed::OneOf(&[5, 7]),
        "Code for a known externalRefundId with other data. That it is an error is CONFIRMED, its code and \
         text are not documented: 5 comes with `Ошибка валидации данных запроса`, 7 with `Системная ошибка`."
    ),
    word!("sber_ecom.zero_amount", sber.ecom.zero_amount: EcomZero,
        "`amount: 0`: refused, as action code 125 suggests, or everything that is left. Not stated."),
    word!("sber_ecom.refund_cart", sber.ecom.refund_cart: Checked,
        "Whether the lines of a completion's or refund's cart must be positions of the order and fit what is \
         left of them. The counter refundedQuantity is CONFIRMED, the check and code 8 are a GUESS."),
    word!("sber_ecom.partial_without_cart", sber.ecom.partial_without_cart: Strictness,
        "A partial refund without a cart of an order that has one: it only makes no receipt (CONFIRMED), or \
         it is refused as in the OLD dialect (GUESS)."),
    word!("sber_ecom.item_arithmetic", sber.ecom.item_arithmetic: Checked,
        "Whether itemAmount must equal itemPrice times quantity, half up. Both are mandatory (CONFIRMED); the \
         check is a GUESS."),
    number!(
        "sber_ecom.tax_type_max",
        sber.ecom.tax_type_max,
        Allowed::OneOf(&[7, 13]),
        "Largest taxType: 7 in the schema of 2024 (CONFIRMED), 13 with 5, 7 and 22 % (REPORTED, later page)."
    ),
    number!(
        "sber_ecom.finish_after_seconds",
        sber.ecom.finish_after_seconds,
        Allowed::Range { from: 0, to: 31_536_000 },
        "Seconds of the sandbox's clock a refund is processing. 0 answers that it is done, more answers code 0 \
         with `Запрос принят в обработку` (both texts CONFIRMED)."
    ),
    word!("sber_ecom.operations", sber.ecom.operations: Operations,
        "operations[] of the status; only if enabled for the client (CONFIRMED)."),
    word!("sber_ecom.deposited_amount", sber.ecom.deposited_amount: Deposited,
        "Whether depositedAmount goes down with refunds. Shown for the OLD platform only (REPORTED)."),
    word!("sber_ecom.attributes", sber.ecom.attributes: Attributes,
        "attributes of the status: an object in the schema, an array in a sample (CONFIRMED both)."),
    number!(
        "sber_ecom.receipt_after_seconds",
        sber.ecom.receipt_after_seconds,
        Allowed::Range { from: 0, to: 31_536_000 },
        "Seconds of the sandbox's clock until a receipt is over; asking is advised after six minutes \
         (CONFIRMED)."
    ),
    word!("sber_ecom.receipt_outcome", sber.ecom.receipt_outcome: ReceiptOutcome,
        "How receipts asked for from now on end: receiptStatus 3, 4, 5 or 6 (CONFIRMED values)."),
    number!(
        "sber_ecom.callback_attempts",
        sber.ecom.callback_attempts,
        Allowed::Range { from: 1, to: 100 },
        "How often a callback is tried (CONFIRMED)."
    ),
    number!(
        "sber_ecom.callback_retry_seconds",
        sber.ecom.callback_retry_seconds,
        Allowed::Range { from: 0, to: 86_400 },
        "Seconds of the sandbox's clock between attempts (CONFIRMED)."
    ),
    number!(
        "sandbox.requests_kept",
        requests_kept,
        Allowed::Range { from: 0, to: 1_000_000 },
        "How many gateway requests GET /_sandbox/requests keeps; the oldest go first."
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Mode;

    #[test]
    fn every_switch_takes_its_own_values_and_nothing_else() {
        for mode in [Mode::Strict, Mode::Lenient] {
            for setting in TABLE {
                let mut switches = Switches::preset(mode);
                let value = (setting.get)(&switches);
                assert!(setting.set(&mut switches, &value).is_some(), "{}", setting.name);
                for wrong in [Value::Null, Value::from("?"), Value::from(9_999_999_999_u64), Value::from(-1)]
                {
                    assert!(setting.set(&mut switches, &wrong).is_none(), "{} {wrong}", setting.name);
                }
                assert_eq!((setting.get)(&switches), value);
            }
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = TABLE.iter().map(|setting| setting.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
    }
}
