//! What was given and what is allowed, for programs: values with their kinds, printed the same way for ever.
//!
//! People read the sentence; programs read these. It must not know any rule.

use crate::{Money, Quantity};
use std::fmt;

/// A value of a violation.
///
/// | kind | printed |
/// |---|---|
/// | `money` | major units and the currency, `150.00 RUB` |
/// | `quantity` | a decimal with at most three places, `1.5` |
/// | `count` | digits, `101` |
/// | `text` | as it is; what comes from outside is cut and cannot play tricks on a terminal |
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// An amount of money.
    Money(Money),
    /// A quantity of goods, in the line's own unit.
    Quantity(Quantity),
    /// A number of things: lines, characters.
    Count(usize),
    /// A text: a name, a currency, a state, a format.
    Text(String),
}

impl Value {
    /// The stable word for the kind: `money`, `quantity`, `count`, `text`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Money(_) => "money",
            Self::Quantity(_) => "quantity",
            Self::Count(_) => "count",
            Self::Text(_) => "text",
        }
    }

    /// A text.
    pub fn text(text: impl fmt::Display) -> Self {
        Self::Text(text.to_string())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Money(money) => money.fmt(f),
            Self::Quantity(quantity) => quantity.fmt(f),
            Self::Count(count) => count.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl From<Money> for Value {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

impl From<Quantity> for Value {
    fn from(quantity: Quantity) -> Self {
        Self::Quantity(quantity)
    }
}

impl From<usize> for Value {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

/// What a rule allows in place of what was given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Allowed {
    /// Exactly this.
    Only(Value),
    /// This and less.
    AtMost(Value),
    /// This and more.
    AtLeast(Value),
    /// From the first to the second, both included.
    Between(Value, Value),
    /// One of these.
    OneOf(Vec<Value>),
}

impl Allowed {
    /// The kind of the value or values.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Only(value) | Self::AtMost(value) | Self::AtLeast(value) | Self::Between(value, _) => {
                value.kind()
            }
            Self::OneOf(values) => values.first().map_or("text", Value::kind),
        }
    }
}

/// A value that would obey the rule. It is only offered: nothing is ever changed by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Where it would stand: `lines[3].quantity`.
    pub path: String,
    /// What would stand there.
    pub value: Value,
}
