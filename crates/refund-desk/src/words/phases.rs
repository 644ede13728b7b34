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

/// What to do next, in order; empty when there is nothing to do. `wait` is what is left of the settle window. Without
/// the gateway's `descriptor` (no usable profile here) nobody can tell how long the window is, so nothing is promised.
pub fn next_step(listed: &Listed, descriptor: Option<&Descriptor>, wait: Option<Duration>) -> Vec<Message> {
    let keyed = |def| Message::new(def).with("key", &listed.key);
    let timed = |def| keyed(def).with("minutes", minutes(wait));
    let phase = listed.state.phase;
    let mut steps = Vec::new();
    if matches!(phase, Phase::Sending | Phase::Unknown | Phase::NeedsReview | Phase::ByHand) {
        steps.push(Message::new(&DO_NOT_REPEAT));
    }
    let Some(descriptor) = descriptor else {
        if !phase.is_final() {
            let payment = &listed.payment;
            let message = Message::new(&NO_PROFILE).with("provider", &payment.provider);
            steps.push(message.with("account", &payment.account));
        }
        return steps;
    };
    match phase {
        Phase::Planned => steps.push(keyed(&CONFIRM_IT)),
        Phase::Approved | Phase::Reserved => steps.push(keyed(&REPEAT_IS_SAFE)),
        Phase::Accepted | Phase::Processing => steps.push(keyed(&ASK_STATUS)),
        Phase::Sending | Phase::Unknown => steps.push(timed(&RESOLVE)),
        Phase::NeedsReview | Phase::ByHand => {
            if listed.state.may_still_be_told() {
                steps.push(keyed(&ASK_STATUS));
            }
            steps.push(Message::new(descriptor.texts.cabinet));
            steps.push(if wait.is_none() { keyed(&DECIDE) } else { timed(&DECIDE_LATER) });
        }
        Phase::Declined | Phase::Withdrawn | Phase::DidNotHappen | Phase::Canceled => {
            steps.push(Message::new(&NEW_KEY));
        }
        Phase::Settled => {}
    }
    steps
}

/// A decision that came before the settle window was over.
pub(crate) fn too_early(left: Duration) -> Message {
    Message::new(&TOO_EARLY).with("minutes", minutes(Some(left)))
}

/// Whole minutes, rounded up: whoever waits so long has waited long enough.
fn minutes(wait: Option<Duration>) -> u64 {
    wait.map_or(0, |left| u64::try_from(left.as_millis().div_ceil(60_000)).unwrap_or(u64::MAX))
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
    ru: "Возможно, уже ушёл в шлюз; ответа в журнале нет.",
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
    ru: "Возврат оформляют вручную в кабинете шлюза; сумма пока зарезервирована.",
};
static WITHDRAWN: MessageDef = MessageDef {
    id: "about-withdrawn",
    en: "Withdrawn before anything was sent; the money was not returned.",
    ru: "Отозван до отправки; деньги не возвращались.",
};
static DID_NOT_HAPPEN: MessageDef = MessageDef {
    id: "about-did-not-happen",
    en: "It did not happen; the money was not returned.",
    ru: "Возврат не состоялся; деньги не возвращены.",
};
static CONFIRM_IT: MessageDef = MessageDef {
    id: "next-confirm",
    en: "To go on, give its request to refund create again; to drop it: refund withdraw { $key } --reason TEXT",
    ru: "Чтобы продолжить, снова передайте его запрос команде refund create; чтобы отменить: refund withdraw { $key } \
         --reason ТЕКСТ",
};
static REPEAT_IS_SAFE: MessageDef = MessageDef {
    id: "next-repeat-is-safe",
    en: "refund create with the same request goes on with the refund \"{ $key }\" and never makes a second one; to drop \
         it: refund withdraw { $key } --reason TEXT",
    ru: "refund create с тем же запросом продолжит возврат «{ $key }» и второго не создаст; чтобы отменить: refund \
         withdraw { $key } --reason ТЕКСТ",
};
static ASK_STATUS: MessageDef = MessageDef {
    id: "next-ask-status",
    en: "Ask the gateway how it stands: refund status { $key }",
    ru: "Спросить шлюз, как дела с возвратом: refund status { $key }",
};
static DO_NOT_REPEAT: MessageDef = MessageDef {
    id: "next-do-not-repeat",
    en: "Do not refund this payment in any other way.",
    ru: "Не возвращайте деньги по этому платежу никаким другим способом.",
};
static NO_PROFILE: MessageDef = MessageDef {
    id: "next-no-profile",
    en: "No profile with its secrets is usable here for { $provider }, account { $account }: the gateway cannot be asked, \
         nor a decision recorded. Give that profile's settings (--config) and secrets.",
    ru: "Здесь нет рабочего профиля с секретами для { $provider }, аккаунт { $account }: спросить шлюз или \
         записать решение нельзя. Укажите настройки с этим профилем (--config) и его секреты.",
};
static RESOLVE: MessageDef = MessageDef {
    id: "next-resolve",
    en: "{ $minutes ->
    [0] Find out by evidence: refund resolve { $key }
    [one] Find out by evidence, possible in { $minutes } minute: refund resolve { $key } --wait
   *[other] Find out by evidence, possible in { $minutes } minutes: refund resolve { $key } --wait
}",
    ru: "{ $minutes ->
    [0] Выяснить исход по данным шлюза: refund resolve { $key }
    [one] Выяснить исход по данным шлюза можно будет через { $minutes } минуту: refund resolve { $key } --wait
    [few] Выяснить исход по данным шлюза можно будет через { $minutes } минуты: refund resolve { $key } --wait
   *[many] Выяснить исход по данным шлюза можно будет через { $minutes } минут: refund resolve { $key } --wait
}",
};
static DECIDE: MessageDef = MessageDef {
    id: "next-decide",
    en: "Record what the cabinet shows: refund resolve { $key } with one of --happened, --did-not-happen, --send-again, \
         and with --evidence TEXT --reason TEXT",
    ru: "Запишите, что показывает кабинет: refund resolve { $key } и одно из --happened, --did-not-happen, --send-again, \
         а также --evidence ТЕКСТ --reason ТЕКСТ",
};
static DECIDE_LATER: MessageDef = MessageDef {
    id: "next-decide-later",
    en: "{ $minutes ->
    [one] In { $minutes } minute, not earlier, record what the cabinet shows: refund resolve { $key } with one of --happened, --did-not-happen, --send-again, and with --evidence TEXT --reason TEXT
   *[other] In { $minutes } minutes, not earlier, record what the cabinet shows: refund resolve { $key } with one of --happened, --did-not-happen, --send-again, and with --evidence TEXT --reason TEXT
}",
    ru: "{ $minutes ->
    [one] Через { $minutes } минуту, не раньше, запишите, что показывает кабинет: refund resolve { $key } и одно из --happened, --did-not-happen, --send-again, а также --evidence ТЕКСТ --reason ТЕКСТ
    [few] Через { $minutes } минуты, не раньше, запишите, что показывает кабинет: refund resolve { $key } и одно из --happened, --did-not-happen, --send-again, а также --evidence ТЕКСТ --reason ТЕКСТ
   *[many] Через { $minutes } минут, не раньше, запишите, что показывает кабинет: refund resolve { $key } и одно из --happened, --did-not-happen, --send-again, а также --evidence ТЕКСТ --reason ТЕКСТ
}",
};
static TOO_EARLY: MessageDef = MessageDef {
    id: "window-open",
    en: "{ $minutes ->
    [one] Too early to decide: for { $minutes } minute more the request may still take effect at the gateway. Nothing was recorded.
   *[other] Too early to decide: for { $minutes } minutes more the request may still take effect at the gateway. Nothing was recorded.
}",
    ru: "{ $minutes ->
    [one] Решать рано: ещё { $minutes } минуту запрос может сработать в шлюзе. Решение не записано.
    [few] Решать рано: ещё { $minutes } минуты запрос может сработать в шлюзе. Решение не записано.
   *[many] Решать рано: ещё { $minutes } минут запрос может сработать в шлюзе. Решение не записано.
}",
};
static NEW_KEY: MessageDef = MessageDef {
    id: "next-new-key",
    en: "This outcome is final for its key; another attempt is another refund and needs a \"key\" of its own.",
    ru: "Для этого ключа исход окончательный; новая попытка — это новый возврат, ему нужен свой «key».",
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
    &CONFIRM_IT,
    &REPEAT_IS_SAFE,
    &ASK_STATUS,
    &DO_NOT_REPEAT,
    &NO_PROFILE,
    &RESOLVE,
    &DECIDE,
    &DECIDE_LATER,
    &TOO_EARLY,
    &NEW_KEY,
];
