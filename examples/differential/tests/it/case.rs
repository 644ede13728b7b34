//! A random payment, what was refunded of it before, and what is asked now.

use proptest::{collection::vec, option, prelude::*};
use refund_core::{Cart, Line, Measure, Money, Quantity};

/// One case. Sums are kopecks.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) captured: i64,
    /// Sums of the cart's lines; they add up to `captured`.
    pub(crate) lines: Vec<i64>,
    pub(crate) held: bool,
    /// Refunds through the API, which the journal knows. Those the gateway does not take are left out.
    pub(crate) api: Vec<i64>,
    /// Refunds in the cabinet, which no journal knows. Those that do not fit are left out.
    pub(crate) cabinet: Vec<i64>,
    pub(crate) asked: Asked,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Full,
    Exactly(i64),
    /// What is really left, and so much more or less.
    LeftAnd(i64),
}

impl Case {
    /// A payment nothing was refunded of, and all of it asked.
    pub(crate) fn paid(captured: i64) -> Self {
        let (lines, api, cabinet) = (Vec::new(), Vec::new(), Vec::new());
        Self { captured, lines, held: false, api, cabinet, asked: Asked::Full }
    }

    pub(crate) fn cart(&self) -> Option<Cart> {
        let line = |(index, minor): (usize, &i64)| Line {
            code: Some(format!("code-{}", index + 1)),
            measure: Some(Measure("шт".to_owned())),
            price: Some(Money::rub(*minor)),
            amount: Some(Money::rub(*minor)),
            ..Line::new(
                (index + 1).to_string(),
                format!("Товар {}", index + 1),
                Quantity::from_thousandths(1_000),
            )
        };
        let lines: Vec<_> = self.lines.iter().enumerate().map(line).collect();
        (!lines.is_empty()).then_some(Cart { lines })
    }
}

pub(crate) fn cases() -> impl Strategy<Value = Case> {
    let sum = || prop_oneof![1_i64..=100, 1_i64..=1_000_000];
    let asked = prop_oneof![
        2 => Just(Asked::Full),
        2 => (-2_i64..=2).prop_map(Asked::LeftAnd),
        2 => sum().prop_map(Asked::Exactly),
        1 => (-2_i64..=0).prop_map(Asked::Exactly),
        1 => Just(Asked::Exactly(999_999_999_999)),
    ];
    let lines = option::weighted(0.4, vec(1_i64..=300_000, 1..4));
    let history = || vec(prop_oneof![1_i64..=50_000, 1_i64..=1_000_000], 0..3);
    let held = prop::bool::weighted(0.1);
    (sum(), lines, held, history(), history(), asked).prop_map(|(sum, lines, held, api, cabinet, asked)| {
        let lines = lines.unwrap_or_default();
        let captured = if lines.is_empty() { sum } else { lines.iter().sum() };
        Case { captured, lines, held, api, cabinet, asked }
    })
}
