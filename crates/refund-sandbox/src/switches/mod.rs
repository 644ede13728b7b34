//! The contested points, each a named switch with its two or more sides.
//!
//! Code asks typed fields; names, allowed values and reasons stand in `table`. A mode is a preset.

mod table;
mod words;

use crate::config::Mode;

pub(crate) use table::{Setting, TABLE};
pub(crate) use words::{
    AmountMissing, CodeForm, Duplicates, Hash, ItemValues, ItemsSum, JsonKind, Language, OpKeyShown,
    Password3, Reservation, Strictness, UnknownKey, XmlNamespace, ZeroAmount,
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
}

impl Switches {
    /// The defaults of a mode.
    pub(crate) fn preset(mode: Mode) -> Self {
        let lenient = mode == Mode::Lenient;
        let strictness = if lenient { Strictness::Accept } else { Strictness::Refuse };
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
            },
            requests_kept: 10_000,
        }
    }
}
