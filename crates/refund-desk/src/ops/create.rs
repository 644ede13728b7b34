//! Creating a refund: propose (nothing is written or sent), then carry out.
//!
//! The same key with the same request is never a second refund: it is answered with the first one's outcome, or goes
//! on with it if nothing of it can have left yet.

use super::told::{self, Told, halted, no_preview};
use crate::problem::{Kind, Problem};
use refund_core::{Message, MessageDef, Money, Opaque, RefundAmount};
use refund_engine::{Engine, Listed, NewRefund, Patience, Phase, Planned, Preview, codec};

/// What carrying out would do.
#[derive(Clone, Debug)]
pub enum Proposal {
    /// A new refund: the payment, the checked refund, the request without credentials.
    Fresh(Box<Preview>),
    /// One with the same key and content that nothing of can have left; carrying out goes on with it, by this amount.
    GoOn(Box<Listed>, Money),
    /// One with the same key and content that may have been sent or is final: this is its outcome, nothing to do.
    Replay(Box<Told>),
}

impl Proposal {
    /// Exactly how much a person is asked to confirm; `None` when there is nothing to carry out.
    pub fn amount(&self) -> Option<Money> {
        match self {
            Self::Fresh(preview) => Some(preview.checked.amount()),
            Self::GoOn(_, amount) => Some(*amount),
            Self::Replay(_) => None,
        }
    }
}

/// Checks a refund against the journal, the gateway and the rules. Writes nothing, sends nothing.
///
/// # Errors
/// A [`Problem`]: rules (3), configuration (4), not reached (11), the key used for another request (3).
pub async fn propose(engine: &Engine, new: &NewRefund) -> Result<Proposal, Problem> {
    if new.note.reason.trim().is_empty() {
        return Err(Problem::new(Kind::Usage, &told::NO_REASON).at("--reason"));
    }
    let bytes = codec::encode_command(&new.command).bytes().len();
    if bytes >= Opaque::MAX_BYTES {
        // Cut at the limit, two such requests could not be told apart.
        let message = Message::new(&TOO_LONG).with("limit", Opaque::MAX_BYTES);
        return Err(Problem::new(Kind::Rules, message).at("lines").advise(&TOO_LONG_ADVICE));
    }
    let intent = engine.intent_of(new);
    let known = engine.journal().find(intent).await.map_err(|error| halted(error.into()))?;
    let Some(listed) = known else {
        let preview = engine.preview(new).await.map_err(no_preview)?;
        return Ok(Proposal::Fresh(Box::new(preview)));
    };
    refuse_other_request(engine, new).await?;
    match listed.state.phase {
        Phase::Planned | Phase::Approved | Phase::Reserved => {
            let amount = match listed.state.amount {
                Some(minor) => Money::new(minor, listed.currency),
                None => engine.preview(new).await.map_err(no_preview)?.checked.amount(),
            };
            Ok(Proposal::GoOn(Box::new(listed), amount))
        }
        _ => {
            let mut told = Told::standing(engine, &listed);
            told.news.insert(0, Message::new(&told::REPLAYED));
            Ok(Proposal::Replay(Box::new(told)))
        }
    }
}

/// Carries out what was proposed and confirmed, by the amount that was confirmed: "all that is left" may have changed
/// while the question stood.
///
/// # Errors
/// A [`Problem`] when the amount is another one by now (nothing was sent), or when the journal or the configuration
/// stops it; what came of the refund itself is in [`Told`].
pub async fn carry_out(
    engine: &Engine,
    new: &NewRefund,
    confirmed: Money,
    patience: Patience,
) -> Result<Told, Problem> {
    let intent = engine.intent_of(new);
    refuse_other_amount(engine, new, confirmed).await?;
    refuse_other_request(engine, new).await?;
    let listed = told::found(engine, intent).await?;
    if listed.state.phase == Phase::Planned {
        engine.approve(intent, new.note.clone()).await.map_err(halted)?;
    }
    let report = engine.run(intent, patience).await.map_err(halted)?;
    Told::after(engine, intent, &report).await
}

async fn refuse_other_amount(engine: &Engine, new: &NewRefund, confirmed: Money) -> Result<(), Problem> {
    let known = engine.journal().find(engine.intent_of(new)).await.map_err(|error| halted(error.into()))?;
    let fixed = known.is_some_and(|listed| listed.state.amount.is_some());
    if fixed || new.command.amount != RefundAmount::Full {
        return Ok(());
    }
    let now = engine.preview(new).await.map_err(no_preview)?.checked.amount();
    if now == confirmed {
        return Ok(());
    }
    let message = Message::new(&CHANGED).with("confirmed", confirmed).with("now", now);
    Err(Problem::new(Kind::NotConfirmed, message))
}

/// Planning is idempotent: it writes a fresh refund, and compares one that is there.
async fn refuse_other_request(engine: &Engine, new: &NewRefund) -> Result<(), Problem> {
    match engine.plan(new).await.map_err(halted)?.1 {
        Planned::Fresh | Planned::Same => Ok(()),
        Planned::Differs { field } => {
            let message = Message::new(&told::OTHER_REQUEST).with("key", &new.key).with("field", field);
            let advice = Message::new(&told::OTHER_REQUEST_ADVICE).with("key", &new.key);
            Err(Problem::new(Kind::Rules, message).at(field).advise(advice))
        }
    }
}

static CHANGED: MessageDef = MessageDef {
    id: "amount-changed",
    en: "{ $confirmed } was confirmed, but by now { $now } would go back; nothing was sent. Give the command again and confirm \
         the new amount.",
    ru: "Подтверждено { $confirmed }, но теперь вернулось бы { $now }; ничего не отправлено. Повторите команду и подтвердите \
         новую сумму.",
};
static TOO_LONG: MessageDef = MessageDef {
    id: "create-too-long",
    en: "With its lines and the order's the request is longer than the journal keeps ({ $limit ->
    [one] { $limit } byte
   *[other] { $limit } bytes
}).",
    ru: "Запрос вместе с позициями и заказом длиннее, чем хранит журнал ({ $limit ->
    [one] { $limit } байт
    [few] { $limit } байта
   *[many] { $limit } байт
}).",
};
static TOO_LONG_ADVICE: MessageDef = MessageDef {
    id: "create-too-long-advice",
    en: "Refund the lines in several steps, and leave lines that do not come back out of the order file.",
    ru: "Верните позиции несколькими возвратами, а из файла заказа уберите позиции, которые не возвращаются.",
};

/// Every sentence of this module, for tests.
pub(crate) const DEFS: &[&MessageDef] = &[&CHANGED, &TOO_LONG, &TOO_LONG_ADVICE];
