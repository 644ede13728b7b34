//! The contested points, each a named switch with its two or more sides.
//!
//! Code asks typed fields; names, allowed values and reasons stand in `table`. A mode is a preset.

mod table;
mod words;

use crate::config::Mode;

pub(crate) use table::{Setting, TABLE};
pub(crate) use words::{
    AmountMissing, Attributes, CallbackAmounts, CartLimits, CartMatch, Checked, Checksum, CodeForm,
    Deposited, Duplicates, EcomZero, Hash, ItemValues, ItemsSum, JsonKind, Language, OldKeys, OpKeyShown,
    Operations, Password3, ReceiptOutcome, Reservation, Strictness, UnknownKey, Word, XmlNamespace,
    ZeroAmount,
};

/// Every switch of one sandbox.
#[derive(Clone)]
pub(crate) struct Switches {
    pub(crate) robokassa: RobokassaSwitches,
    pub(crate) sber: SberSwitches,
    /// How many gateway requests the listing keeps.
    pub(crate) requests_kept: u64,
}

/// What is contested about Robokassa; each field is explained in `table`.
#[derive(Clone)]
pub(crate) struct RobokassaSwitches {
    pub(crate) refusal_status: u64,
    pub(crate) unknown_op_key: UnknownKey,
    pub(crate) bad_id_status: u64,
    pub(crate) finish_after_seconds: u64,
    pub(crate) reservation: Reservation,
    pub(crate) payload_whitespace: Strictness,
    pub(crate) unknown_members: Strictness,
    pub(crate) signature_padding: Strictness,
    pub(crate) items_sum: ItemsSum,
    pub(crate) item_values: ItemValues,
    pub(crate) hash: Hash,
    pub(crate) password3: Password3,
    pub(crate) xml_namespace: XmlNamespace,
    pub(crate) op_state_op_key: OpKeyShown,
}

/// What is contested about Sber; each field is explained in `table`.
#[derive(Clone)]
pub(crate) struct SberSwitches {
    pub(crate) status_version: u64,
    pub(crate) error_code: CodeForm,
    pub(crate) content_type: JsonKind,
    pub(crate) language: Language,
    pub(crate) missing_amount: AmountMissing,
    pub(crate) zero_amount: ZeroAmount,
    pub(crate) duplicate_parameters: Duplicates,
    pub(crate) json_params_values: Strictness,
    pub(crate) reserved_names: Strictness,
    pub(crate) foreign_order_code: u64,
    pub(crate) cart_violation_code: u64,
    pub(crate) cart_match: CartMatch,
    pub(crate) cart_limits: CartLimits,
    pub(crate) cart_arithmetic: Checked,
    pub(crate) unique_item_codes: Checked,
    pub(crate) name_limit: u64,
    pub(crate) ofd_without_registration: Strictness,
    pub(crate) ofd_unknown_keys: Strictness,
    pub(crate) ofd_changed_values: Strictness,
    pub(crate) external_refund_id: OldKeys,
    pub(crate) callback_checksum: Checksum,
    pub(crate) callback_amounts: CallbackAmounts,
    pub(crate) callback_attempts: u64,
    pub(crate) callback_retry_seconds: u64,
    pub(crate) ecom: EcomSwitches,
}

/// What is contested about Sber's ECOM dialect; each field is explained in `table`.
#[derive(Clone)]
pub(crate) struct EcomSwitches {
    pub(crate) malformed_status: u64,
    pub(crate) unknown_order_code: u64,
    pub(crate) wrong_state_code: u64,
    pub(crate) exceeds_code: u64,
    pub(crate) key_conflict_code: u64,
    pub(crate) zero_amount: EcomZero,
    pub(crate) refund_cart: Checked,
    pub(crate) partial_without_cart: Strictness,
    pub(crate) item_arithmetic: Checked,
    pub(crate) tax_type_max: u64,
    pub(crate) finish_after_seconds: u64,
    pub(crate) operations: Operations,
    pub(crate) deposited_amount: Deposited,
    pub(crate) attributes: Attributes,
    pub(crate) receipt_after_seconds: u64,
    pub(crate) receipt_outcome: ReceiptOutcome,
    pub(crate) callback_attempts: u64,
    pub(crate) callback_retry_seconds: u64,
}

impl Switches {
    /// The defaults of a mode.
    pub(crate) fn preset(mode: Mode) -> Self {
        let lenient = mode == Mode::Lenient;
        let strictness = if lenient { Strictness::Accept } else { Strictness::Refuse };
        let checked = if lenient { Checked::NotChecked } else { Checked::MustHold };
        Self {
            robokassa: RobokassaSwitches {
                refusal_status: 200,
                unknown_op_key: UnknownKey::Unauthorized,
                bad_id_status: 400,
                finish_after_seconds: 30,
                reservation: Reservation::AtAcceptance,
                payload_whitespace: strictness,
                unknown_members: strictness,
                signature_padding: strictness,
                items_sum: if lenient { ItemsSum::NotChecked } else { ItemsSum::MustEqual },
                item_values: if lenient { ItemValues::Any } else { ItemValues::Documented },
                hash: Hash::Md5,
                password3: Password3::Issued,
                xml_namespace: XmlNamespace::Roboxchange,
                op_state_op_key: OpKeyShown::Shown,
            },
            sber: SberSwitches {
                status_version: 3,
                error_code: CodeForm::String,
                content_type: JsonKind::Json,
                language: Language::Ru,
                missing_amount: AmountMissing::Refuse,
                zero_amount: ZeroAmount::Rest,
                duplicate_parameters: if lenient { Duplicates::First } else { Duplicates::Refuse },
                json_params_values: strictness,
                reserved_names: Strictness::Refuse,
                foreign_order_code: 6,
                cart_violation_code: 8,
                cart_match: CartMatch::Sent,
                cart_limits: CartLimits::Remaining,
                cart_arithmetic: checked,
                unique_item_codes: checked,
                name_limit: 255,
                ofd_without_registration: strictness,
                ofd_unknown_keys: strictness,
                ofd_changed_values: strictness,
                external_refund_id: OldKeys::Ignored,
                callback_checksum: Checksum::Symmetric,
                callback_amounts: CallbackAmounts::Absent,
                callback_attempts: 3,
                callback_retry_seconds: 30,
                ecom: EcomSwitches {
                    malformed_status: 400,
                    unknown_order_code: 6,
                    wrong_state_code: 7,
                    exceeds_code: 7,
                    key_conflict_code: 5,
                    zero_amount: EcomZero::Refuse,
                    refund_cart: checked,
                    partial_without_cart: Strictness::Accept,
                    item_arithmetic: checked,
                    tax_type_max: 13,
                    finish_after_seconds: 0,
                    operations: Operations::Absent,
                    deposited_amount: Deposited::Net,
                    attributes: Attributes::Object,
                    receipt_after_seconds: 360,
                    receipt_outcome: ReceiptOutcome::Done,
                    callback_attempts: 3,
                    callback_retry_seconds: 60,
                },
            },
            requests_kept: 10_000,
        }
    }
}
