//! Where a refund stands, in a sentence, and what to do next.

use refund_core::{Descriptor, Message, MessageDef};
use refund_engine::{Listed, Phase};
use std::time::Duration;

/// Where it stands.
pub fn about(phase: Phase) -> &'static MessageDef {
    match phase {
        Phase::Planned => &PLANNED,
        Phase::Approved => &APPROVED,
        Phase::Reserved => &RESERVED,
        Phase::Sending => &SENDING,
        Phase::Accepted => &ACCEPTED,
        Phase::Processing => &PROCESSING,
        Phase::Settled => &SETTLED,
        Phase::Canceled => &CANCELED,
        Phase::Declined => &DECLINED,
        Phase::Unknown => &UNKNOWN,
        Phase::NeedsReview => &NEEDS_REVIEW,
        Phase::ByHand => &BY_HAND,
        Phase::Withdrawn => &WITHDRAWN,
        Phase::DidNotHappen => &DID_NOT_HAPPEN,
    }
}

/// What to do next, in order; empty when there is nothing to do. `wait` is what is left of the settle window.
pub fn next_step(listed: &Listed, descriptor: Option<&Descriptor>, wait: Option<Duration>) -> Vec<Message> {
    let keyed = |def| Message::new(def).with("key", &listed.key);
    let minutes = wait.map_or(0, |left| left.as_secs().div_ceil(60));
    match listed.state.phase {
        Phase::Approved | Phase::Reserved => vec![keyed(&REPEAT_IS_SAFE)],
        Phase::Accepted | Phase::Processing => vec![keyed(&ASK_STATUS)],
        Phase::Sending | Phase::Unknown => {
            vec![Message::new(&DO_NOT_REPEAT), keyed(&RESOLVE).with("minutes", minutes)]
        }
        Phase::NeedsReview | Phase::ByHand => {
            let cabinet = descriptor.map(|descriptor| Message::new(descriptor.texts.cabinet));
            let mut steps = vec![Message::new(&DO_NOT_REPEAT)];
            steps.extend(cabinet);
            steps.push(match minutes {
                0 => keyed(&DECIDE),
                _ => keyed(&DECIDE_LATER).with("minutes", minutes),
            });
            steps
        }
        Phase::Declined | Phase::Withdrawn | Phase::DidNotHappen | Phase::Canceled => {
            vec![Message::new(&NEW_KEY)]
        }
        Phase::Planned | Phase::Settled => Vec::new(),
    }
}

static PLANNED: MessageDef = MessageDef {
    id: "about-planned",
    en: "Planned, not confirmed yet.",
    ru: "Запланирован, ещё не подтверждён.",
};
static APPROVED: MessageDef = MessageDef {
    id: "about-approved",
    en: "Confirmed; nothing has been sent.",
    ru: "Подтверждён; ничего не отправлено.",
};
static RESERVED: MessageDef = MessageDef {
    id: "about-reserved",
    en: "The amount is reserved; nothing has been sent.",
    ru: "Сумма зарезервирована; ничего не отправлено.",
};
static SENDING: MessageDef = MessageDef {
    id: "about-sending",
    en: "It may be on its way to the gateway; there is no answer on record.",
    ru: "Возможно, уже отправлен шлюзу; ответа в журнале нет.",
};
static ACCEPTED: MessageDef = MessageDef {
    id: "about-accepted",
    en: "The gateway has accepted the refund and carries it out.",
    ru: "Шлюз принял возврат и выполняет его.",
};
static PROCESSING: MessageDef = MessageDef {
    id: "about-processing",
    en: "The gateway is carrying the refund out.",
    ru: "Шлюз выполняет возврат.",
};
static SETTLED: MessageDef =
    MessageDef { id: "about-settled", en: "Refunded.", ru: "Деньги возвращены." };
static CANCELED: MessageDef = MessageDef {
    id: "about-canceled",
    en: "Cancelled in the gateway's cabinet; the money was not returned.",
    ru: "Отменён в кабинете шлюза; деньги не возвращены.",
};
static DECLINED: MessageDef = MessageDef {
    id: "about-declined",
    en: "The gateway declined the refund; the money was not returned.",
    ru: "Шлюз отклонил возврат; деньги не возвращены.",
};
static UNKNOWN: MessageDef = MessageDef {
    id: "about-unknown",
    en: "OUTCOME UNKNOWN: the money may or may not have been returned.",
    ru: "ИСХОД НЕИЗВЕСТЕН: деньги могли вернуться, а могли и нет.",
};
static NEEDS_REVIEW: MessageDef = MessageDef {
    id: "about-needs-review",
    en: "HELD: the money may or may not have been returned, and only a person can find out.",
    ru: "ЖДЁТ РЕШЕНИЯ: деньги могли вернуться, а могли и нет; выяснить это может только человек.",
};
static BY_HAND: MessageDef = MessageDef {
    id: "about-by-hand",
    en: "A person does this refund in the gateway's cabinet; the amount stays reserved.",
    ru: "Возврат делают вручную в кабинете шлюза; сумма остаётся зарезервированной.",
};
static WITHDRAWN: MessageDef = MessageDef {
    id: "about-withdrawn",
    en: "Withdrawn before anything was sent.",
    ru: "Отозван до отправки.",
};
static DID_NOT_HAPPEN: MessageDef = MessageDef {
    id: "about-did-not-happen",
    en: "It did not happen; the money was not returned.",
    ru: "Возврата не было; деньги не возвращены.",
};
static REPEAT_IS_SAFE: MessageDef = MessageDef {
    id: "next-repeat-is-safe",
    en: "The same command may be given again; it goes on with the refund \"{ $key }\" and never makes a second one.",
    ru: "Ту же команду можно повторить: она продолжит возврат «{ $key }», второго не будет.",
};
static ASK_STATUS: MessageDef = MessageDef {
    id: "next-ask-status",
    en: "Ask how it stands: refund status { $key }",
    ru: "Узнать, что с ним: refund status { $key }",
};
static DO_NOT_REPEAT: MessageDef = MessageDef {
    id: "next-do-not-repeat",
    en: "Do not refund this payment in any other way.",
    ru: "Не возвращайте этот платёж никаким другим способом.",
};
static RESOLVE: MessageDef = MessageDef {
    id: "next-resolve",
    en: "{ $minutes ->
    [0] Find out by evidence: refund resolve { $key }
    [one] Find out by evidence, possible in { $minutes } minute: refund resolve { $key } --wait
   *[other] Find out by evidence, possible in { $minutes } minutes: refund resolve { $key } --wait
}",
    ru: "{ $minutes ->
    [0] Выяснить по данным шлюза: refund resolve { $key }
    [one] Выяснить по данным шлюза, возможно через { $minutes } минуту: refund resolve { $key } --wait
    [few] Выяснить по данным шлюза, возможно через { $minutes } минуты: refund resolve { $key } --wait
   *[many] Выяснить по данным шлюза, возможно через { $minutes } минут: refund resolve { $key } --wait
}",
};
static DECIDE: MessageDef = MessageDef {
    id: "next-decide",
    en: "Record what the cabinet shows: refund resolve { $key } --happened | --did-not-happen | --send-again, with \
         --evidence and --reason",
    ru: "Запишите, что показывает кабинет: refund resolve { $key } --happened | --did-not-happen | --send-again, с \
         --evidence и --reason",
};
static DECIDE_LATER: MessageDef = MessageDef {
    id: "next-decide-later",
    en: "{ $minutes ->
    [one] In { $minutes } minute, not earlier, record what the cabinet shows: refund resolve { $key } --happened | --did-not-happen | --send-again, with --evidence and --reason
   *[other] In { $minutes } minutes, not earlier, record what the cabinet shows: refund resolve { $key } --happened | --did-not-happen | --send-again, with --evidence and --reason
}",
    ru: "{ $minutes ->
    [one] Через { $minutes } минуту, не раньше, запишите, что показывает кабинет: refund resolve { $key } --happened | --did-not-happen | --send-again, с --evidence и --reason
    [few] Через { $minutes } минуты, не раньше, запишите, что показывает кабинет: refund resolve { $key } --happened | --did-not-happen | --send-again, с --evidence и --reason
   *[many] Через { $minutes } минут, не раньше, запишите, что показывает кабинет: refund resolve { $key } --happened | --did-not-happen | --send-again, с --evidence и --reason
}",
};
static NEW_KEY: MessageDef = MessageDef {
    id: "next-new-key",
    en: "This outcome is final for its key; another attempt is another refund and needs a \"key\" of its own.",
    ru: "Для своего ключа этот исход окончательный; новая попытка есть новый возврат, ей нужен свой «key».",
};

/// Every sentence of this module, for tests.
pub(crate) const DEFS: &[&MessageDef] = &[
    &PLANNED,
    &APPROVED,
    &RESERVED,
    &SENDING,
    &ACCEPTED,
    &PROCESSING,
    &SETTLED,
    &CANCELED,
    &DECLINED,
    &UNKNOWN,
    &NEEDS_REVIEW,
    &BY_HAND,
    &WITHDRAWN,
    &DID_NOT_HAPPEN,
    &REPEAT_IS_SAFE,
    &ASK_STATUS,
    &DO_NOT_REPEAT,
    &RESOLVE,
    &DECIDE,
    &DECIDE_LATER,
    &NEW_KEY,
];
