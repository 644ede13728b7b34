//! Lines that belong to the whole order (delivery, packing, a service fee): which they are is said, never guessed from a
//! name; what becomes of them is the shop's to decide.

use super::{Special, left::Book, refusal as why, refusal::Unallocatable};

/// What becomes of whole-order lines when a part of the order comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WholeOrder {
    /// They stay with the shop: nothing goes back for them.
    Keep,
    /// They go back whole, before anything else.
    Return,
    /// They go back in proportion, like every other line.
    InProportion,
}

/// Which lines belong to the whole order, and what becomes of them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WholeOrderLines {
    /// What becomes of them.
    pub back: WholeOrder,
    /// Their positions. Each must stand in the order.
    pub positions: Vec<String>,
    /// Settlement objects (FFD tag 1212, the words of [`crate::LineFiscal::object`], for example `service`) that mark a
    /// line as one of them. A hint for shops whose delivery is their only service; empty means that only positions count.
    pub objects: Vec<String>,
}

impl WholeOrderLines {
    /// No line is special.
    pub const fn none() -> Self {
        Self { back: WholeOrder::InProportion, positions: Vec::new(), objects: Vec::new() }
    }

    /// The lines at these positions.
    pub fn at(back: WholeOrder, positions: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { back, positions: positions.into_iter().map(Into::into).collect(), objects: Vec::new() }
    }

    /// The places of these lines in the order.
    pub(super) fn of(&self, book: &Book<'_>) -> Result<Special, Unallocatable> {
        let mut special = Special::new();
        for (at, position) in self.positions.iter().enumerate() {
            special.insert(book.find(position, &format!("allocate.delivery_lines[{at}]"))?.index);
        }
        for (at, object) in self.objects.iter().enumerate() {
            let marked = |fiscal: &crate::LineFiscal| fiscal.object == *object;
            let lines = book.all().iter().filter(|left| left.sold.fiscal.as_ref().is_some_and(marked));
            let before = special.len();
            special.extend(lines.map(|left| left.index));
            if special.len() == before {
                return Err(why::no_such_object(object, at));
            }
        }
        Ok(special)
    }
}
