//! The member `allocate` of a request: how its lines are to be made, where nobody writes them out.
//!
//! Only the form is checked here; what it comes to is known when the order is. It must not know a gateway.
//!
//! Without it nothing is made: lines are those of the file. With it, they are computed from the order (the gateway's own,
//! else `order_file`) and from what earlier refunds took, exact to the kopeck, and every rule checks them as if they had been
//! written out. `refund check` shows them.
//!
//! | member | what |
//! |---|---|
//! | `by` | `amount`: the amount is distributed over the order's lines in proportion to what is left of each (`"full": true` is all that is left); `lines`: `lines` say position and quantity, their money is computed and must total the amount; `concession`: the amount goes back for one line while the payer keeps the goods |
//! | `position`, `quantity` | with `concession` only: which line, and how much of it is used up and cannot come back as goods later |
//! | `delivery` | what becomes of lines that belong to the whole order: `keep`, `return` (whole, before anything else), `in_proportion` (as every other line) |
//! | `delivery_lines` | their positions; they are never guessed from a name |
//! | `delivery_objects` | settlement objects (`service`) that mark a line as one of them, for shops whose delivery is their only service |
//!
//! ```json
//! { "schema": "refund/request@1", "gateway": "sber", "order": "2f6a5d10-7c1e-4b52-9a55-000000000010", "amount": "1234.56",
//!   "receipt": "cart", "allocate": { "by": "amount", "delivery": "keep", "delivery_lines": ["3"] } }
//! ```

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
