//! How each gateway is built from a profile. The only place of the command that knows gateways by name: one file each,
//! and one line in [`built_in`].

mod robokassa;
mod sber;
mod tools;

pub use robokassa::RobokassaGateway;
pub use sber::SberGateway;
pub use tools::HttpTools;

use refund_core::{Message, MessageDef};
use refund_desk::{Kind, Problem, gateways::Gateway, settings::Profile};
use std::sync::Arc;

/// The gateways of this crate. An outside crate adds its own to the list.
pub fn built_in() -> Vec<Arc<dyn Gateway>> {
    vec![Arc::new(RobokassaGateway), Arc::new(SberGateway)]
}

/// A setting a gateway cannot use.
fn unusable(profile: &Profile, setting: &str, error: &dyn std::fmt::Display) -> Problem {
    let message = Message::new(&UNUSABLE).with("error", error);
    Problem::new(Kind::Configuration, message).at(format!("profiles.{}.{setting}", profile.name))
}

static UNUSABLE: MessageDef = MessageDef {
    id: "gateway-setting",
    en: "The gateway cannot be set up: { $error }.",
    ru: "Шлюз не настраивается: { $error }.",
};

/// Every sentence of this module, for tests.
#[cfg(test)]
pub(crate) const DEFS: &[&MessageDef] = &[&UNUSABLE];
