//! How each gateway is built from a profile. The only place of the command that knows gateways by name: one file each,
//! and one line in [`built_in`].

mod offline;
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

/// An option's word that is none of the known ones.
fn not_one_of(profile: &Profile, option: &str, found: &str, known: &[&str]) -> Problem {
    let found = refund_core::outcome::sanitize(found, 40);
    let message = Message::new(&NOT_ONE_OF).with("found", found).with("known", known.join(", "));
    Problem::new(Kind::Configuration, message).at(format!("profiles.{}.options.{option}", profile.name))
}

static NOT_ONE_OF: MessageDef = MessageDef {
    id: "gateway-option",
    en: "\"{ $found }\" is not possible here; possible are: { $known }.",
    ru: "Значение «{ $found }» здесь невозможно; возможны: { $known }.",
};
static UNUSABLE: MessageDef = MessageDef {
    id: "gateway-setting",
    en: "The gateway cannot be set up: { $error }.",
    ru: "Шлюз с такими настройками не работает: { $error }.",
};

/// Every sentence of this module, for tests.
#[cfg(test)]
pub(crate) fn defs() -> Vec<&'static MessageDef> {
    [&[&UNUSABLE, &NOT_ONE_OF], offline::DEFS].concat()
}
