//! A gateway that reaches nobody: for checks that need its rules and not its answers.

use async_trait::async_trait;
use refund_core::{Message, MessageDef, NotSent, NotSentReason, ReadError, Ready, Reply, Request, Transport};
use refund_desk::{Kind, Problem};
use secrecy::SecretString;

/// A transport that carries nothing.
pub(super) struct NoNetwork;

fn not_here() -> NotSent {
    NotSent::new(NotSentReason::Unusable, "a check reaches no gateway")
}

#[async_trait]
impl Transport for NoNetwork {
    async fn read(&self, _: Request) -> Result<Reply, ReadError> {
        Err(not_here().into())
    }

    async fn open(&self, _: Request) -> Result<Box<dyn Ready>, NotSent> {
        Err(not_here())
    }
}

/// Stands where a secret is asked for; it is never sent.
pub(super) fn no_secret() -> SecretString {
    SecretString::from("not-a-secret")
}

/// A gateway that cannot be built even for a check.
pub(super) fn not_built(error: &dyn std::fmt::Display) -> Problem {
    Problem::new(Kind::Internal, Message::new(&OFFLINE).with("error", error))
}

static OFFLINE: MessageDef = MessageDef {
    id: "gateway-offline",
    en: "The gateway cannot be set up for a check: { $error }.",
    ru: "Шлюз не удалось подготовить для проверки: { $error }.",
};

/// Every sentence of this module, for tests.
#[cfg(test)]
pub(super) const DEFS: &[&MessageDef] = &[&OFFLINE];
