//! The OLD dialect: form bodies on `/payment/rest/`, the platform Sber runs since before 2023.
//!
//! Full and partial refunds, with a cart or without, a penalty, receipt fields. Read the modules in this order to learn
//! how a provider is written:
//!
//! | module | question |
//! |---|---|
//! | [`wire`] | which bytes go out and come back? pure, public, gateway's names |
//! | `declines` | what does a refusal's code mean, and does it prove anything? |
//! | `outcome` | what came of a send? |
//! | `payment` | what does the gateway know of a payment? |
//! | `rules` | what does this gateway refuse, so that it need not be asked? |
//! | `lines` | how is a line of the order sent? |
//! | `probe` | after a lost answer: did it happen? |
//! | `descriptor` | what must the layers above know of this gateway? |
//! | `config`, `provider` | glue: credentials, addresses, the trait |
//!
//! It must not know the journal, an HTTP library, or the other dialect.

pub mod wire;

mod config;
mod declines;
mod descriptor;
mod lines;
mod outcome;
mod payment;
mod probe;
mod provider;
mod record;
mod rules;

pub use config::{BaseUrl, Config, ConfigError};
pub use declines::HINTS;
pub use descriptor::{ID, POLICY, TEXTS};
pub use provider::SberOld;
pub use rules::{MESSAGES, RETIRED, RULES};
