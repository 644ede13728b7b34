//! How a planned command wants its lines made, as bytes: a private twin of core's allocation.

use refund_core::{
    Allocation, Quantity,
    allocate::{By, WholeOrder, WholeOrderLines},
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct AllocationV1 {
    by: ByV1,
    whole_order: WholeOrderV1,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    positions: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    objects: Vec<String>,
}

#[derive(Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ByV1 {
    Amount,
    Lines,
    Concession {
        position: String,
        /// In thousandths.
        quantity: i64,
    },
}

#[derive(Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum WholeOrderV1 {
    Keep,
    Return,
    InProportion,
}

impl From<&Allocation> for AllocationV1 {
    fn from(allocation: &Allocation) -> Self {
        let whole_order = &allocation.whole_order;
        Self {
            by: match &allocation.by {
                By::Amount => ByV1::Amount,
                By::Lines => ByV1::Lines,
                By::Concession { position, quantity } => {
                    ByV1::Concession { position: position.clone(), quantity: quantity.thousandths() }
                }
            },
            whole_order: match whole_order.back {
                WholeOrder::Keep => WholeOrderV1::Keep,
                WholeOrder::Return => WholeOrderV1::Return,
                WholeOrder::InProportion => WholeOrderV1::InProportion,
            },
            positions: whole_order.positions.clone(),
            objects: whole_order.objects.clone(),
        }
    }
}

impl From<AllocationV1> for Allocation {
    fn from(wire: AllocationV1) -> Self {
        let by = match wire.by {
            ByV1::Amount => By::Amount,
            ByV1::Lines => By::Lines,
            ByV1::Concession { position, quantity } => {
                By::Concession { position, quantity: Quantity::from_thousandths(quantity) }
            }
        };
        let back = match wire.whole_order {
            WholeOrderV1::Keep => WholeOrder::Keep,
            WholeOrderV1::Return => WholeOrder::Return,
            WholeOrderV1::InProportion => WholeOrder::InProportion,
        };
        let mut whole_order = WholeOrderLines::at(back, wire.positions);
        whole_order.objects = wire.objects;
        Allocation { by, whole_order }
    }
}
