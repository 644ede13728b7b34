//! The member `allocate` of a request: how its lines are to be made, where nobody writes them out.
//!
//! Only the form is checked here; what it comes to is known when the order is.

use super::{
    lines,
    sentences::{CONCESSION_NEEDS, CONCESSION_ONLY, DELIVERY_NEEDS, DELIVERY_WHICH},
    words::wrong,
};
use crate::problem::Problem;
use refund_core::{
    Allocation,
    allocate::{By, WholeOrder, WholeOrderLines},
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllocateV1 {
    by: ByV1,
    #[serde(default)]
    position: Option<String>,
    #[serde(default)]
    quantity: Option<String>,
    #[serde(default)]
    delivery: Option<DeliveryV1>,
    #[serde(default)]
    delivery_lines: Vec<String>,
    #[serde(default)]
    delivery_objects: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ByV1 {
    Amount,
    Lines,
    Concession,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DeliveryV1 {
    Keep,
    Return,
    InProportion,
}

impl AllocateV1 {
    pub(super) fn checked(self) -> Result<Allocation, Problem> {
        let named = !(self.delivery_lines.is_empty() && self.delivery_objects.is_empty());
        let back = match self.delivery {
            None if named => return Err(wrong(&DELIVERY_NEEDS, "allocate.delivery")),
            Some(_) if !named => return Err(wrong(&DELIVERY_WHICH, "allocate.delivery_lines")),
            None | Some(DeliveryV1::InProportion) => WholeOrder::InProportion,
            Some(DeliveryV1::Keep) => WholeOrder::Keep,
            Some(DeliveryV1::Return) => WholeOrder::Return,
        };
        let mut whole_order = WholeOrderLines::at(back, self.delivery_lines);
        whole_order.objects = self.delivery_objects;
        let by = match (self.by, self.position, self.quantity) {
            (ByV1::Amount, None, None) => By::Amount,
            (ByV1::Lines, None, None) => By::Lines,
            (ByV1::Concession, Some(position), Some(quantity)) => {
                By::Concession { position, quantity: lines::quantity(&quantity, "allocate.quantity")? }
            }
            (ByV1::Concession, None, _) => return Err(wrong(&CONCESSION_NEEDS, "allocate.position")),
            (ByV1::Concession, _, None) => return Err(wrong(&CONCESSION_NEEDS, "allocate.quantity")),
            (_, Some(_), _) => return Err(wrong(&CONCESSION_ONLY, "allocate.position")),
            (_, None, Some(_)) => return Err(wrong(&CONCESSION_ONLY, "allocate.quantity")),
        };
        Ok(Allocation { by, whole_order })
    }
}
