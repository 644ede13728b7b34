//! What an operation tells: the refund, the news, the next steps; and how an engine's trouble becomes a problem.

use crate::{
    problem::{Kind, Problem},
    view::{self, RefundView},
    words,
};
use refund_core::{ArmError, IntentId, LookupError, Message, MessageDef, RefundOutcome, rules::Violations};
use refund_engine::{
    Ended, Engine, Halt, JournalError, Listed, News, Phase, PreviewError, Report,
    machine::{Misstep, Record, Stop, WithdrawReason},
};

/// What an operation tells.
#[derive(Clone, Debug)]
pub struct Told {
    /// The refund as it stands.
    pub refund: RefundView,
    /// Where it stands.
    pub phase: Phase,
    /// What happened, in order.
    pub news: Vec<Message>,
    /// Broken rules, if those stopped it.
    pub violations: Option<Violations>,
    /// What to do next.
    pub next: Vec<Message>,
    /// The kind of problem; `None` when all is well.
    pub kind: Option<Kind>,
}

impl Told {
    /// What there is to tell of a refund nothing was done about just now.
    pub(crate) fn standing(engine: &Engine, listed: &Listed) -> Self {
        Self::new(engine, listed, Vec::new(), None, standing_kind(listed.state.phase))
    }

    /// What there is to tell after a run.
    pub(crate) async fn after(engine: &Engine, intent: IntentId, report: &Report) -> Result<Self, Problem> {
        let listed = found(engine, intent).await?;
        let messages =
            report.news.iter().filter(|news| !matches!(news, News::Rules(_))).flat_map(words::news);
        let violations = report.news.iter().find_map(|news| match news {
            News::Rules(violations) => Some(violations.clone()),
            _ => None,
        });
        let kind = run_kind(&listed, report);
        Ok(Self::new(engine, &listed, messages.collect(), violations, kind))
    }

    fn new(
        engine: &Engine,
        listed: &Listed,
        news: Vec<Message>,
        violations: Option<Violations>,
        kind: Option<Kind>,
    ) -> Self {
        let descriptor = engine.provider(&listed.payment).ok().map(|provider| provider.describe());
        let settle = descriptor.map_or(std::time::Duration::ZERO, |descriptor| descriptor.timing.settle);
        let wait = view::wait_until(&listed.state, settle, engine.timer().now());
        Self {
            refund: RefundView::of(listed),
            phase: listed.state.phase,
            news,
            violations,
            next: words::next_step(listed, descriptor, wait),
            kind,
        }
    }
}

/// The refund by its id.
pub(crate) async fn found(engine: &Engine, intent: IntentId) -> Result<Listed, Problem> {
    let listed = engine.journal().find(intent).await.map_err(|error| halted(error.into()))?;
    listed.ok_or_else(|| halted(JournalError::NotFound.into()))
}

/// What a phase means for a caller who asked for the money to go back.
fn standing_kind(phase: Phase) -> Option<Kind> {
    match phase {
        Phase::Accepted | Phase::Processing | Phase::Settled => None,
        Phase::Planned | Phase::Approved | Phase::Reserved => None,
        Phase::Declined | Phase::Canceled | Phase::DidNotHappen => Some(Kind::Declined),
        Phase::Sending | Phase::Unknown | Phase::NeedsReview | Phase::ByHand => Some(Kind::Unknown),
        Phase::Withdrawn => Some(Kind::Rules),
    }
}

/// As [`standing_kind`], with why the run ended.
fn run_kind(listed: &Listed, report: &Report) -> Option<Kind> {
    let unsent = matches!(listed.state.phase, Phase::Approved | Phase::Reserved);
    match report.ended {
        Ended::Stopped(Stop::NotReached) if unsent => {
            let lookup = report.news.iter().rev().find_map(|news| match news {
                News::Lookup(error) => Some(lookup_kind(error)),
                _ => None,
            });
            Some(lookup.unwrap_or(Kind::Unreachable))
        }
        Ended::Stopped(Stop::Busy) => Some(Kind::Rules),
        // Not due yet: an earlier run did not reach the gateway.
        Ended::Due(_) if unsent => Some(Kind::Unreachable),
        _ => standing_kind(listed.state.phase),
    }
}

fn lookup_kind(error: &LookupError) -> Kind {
    match error {
        LookupError::NotFound { .. } | LookupError::NotOurs { .. } => Kind::Rules,
        LookupError::Denied { .. } => Kind::Configuration,
        _ => Kind::Unreachable,
    }
}

/// Why there is no proposal, as a problem.
pub(crate) fn no_preview(error: PreviewError) -> Problem {
    match error {
        PreviewError::Lookup(error) => Problem::new(lookup_kind(&error), words_of(&error)),
        PreviewError::Rules(violations) => Problem::rules(violations),
        PreviewError::Halt(halt) => halted(halt),
        other => Problem::new(Kind::Internal, Message::new(&INTERNAL).with("detail", other)),
    }
}

fn words_of(error: &LookupError) -> Message {
    words::news(&News::Lookup(error.clone())).into_iter().next().expect("a failed lookup has one sentence")
}

/// An engine that broke off, as a problem.
pub fn halted(halt: Halt) -> Problem {
    match halt {
        Halt::Journal { error, unrecorded: Some(outcome) } => unrecorded(&error, &outcome),
        Halt::Journal { error, unrecorded: None } => journal(&error),
        Halt::Arm(error) => arm(&error),
        Halt::NoProvider { provider, account } => {
            let message = Message::new(&NO_PROVIDER).with("provider", provider).with("account", account);
            Problem::new(Kind::Configuration, message)
        }
        Halt::Misstep(Misstep::WindowOpen { .. }) => Problem::new(Kind::Rules, &WINDOW_OPEN),
        Halt::Misstep(Misstep::NotNow { phase }) => {
            Problem::new(Kind::Rules, Message::new(&NOT_NOW).with("state", phase.as_str()))
        }
        other => Problem::new(Kind::Internal, Message::new(&INTERNAL).with("detail", other)),
    }
}

fn journal(error: &JournalError) -> Problem {
    let detail = |def| Message::new(def).with("detail", error);
    match error {
        JournalError::NotFound => Problem::new(Kind::Usage, &NO_REFUND),
        JournalError::Leased | JournalError::Fenced | JournalError::Stale { .. } => {
            Problem::new(Kind::Unknown, &BUSY_ELSEWHERE)
        }
        JournalError::Budget { .. } | JournalError::PaymentBusy { .. } => {
            Problem::new(Kind::Rules, detail(&JOURNAL_REFUSES))
        }
        JournalError::Broken { .. } => Problem::new(Kind::Journal, detail(&JOURNAL_DAMAGED)),
        _ => Problem::new(Kind::Journal, detail(&JOURNAL)).advise(&JOURNAL_ADVICE),
    }
}

fn arm(error: &ArmError) -> Problem {
    match error {
        ArmError::Fenced | ArmError::Stale => Problem::new(Kind::Unknown, &BUSY_ELSEWHERE),
        _ => {
            Problem::new(Kind::Journal, Message::new(&JOURNAL).with("detail", error)).advise(&JOURNAL_ADVICE)
        }
    }
}

/// The worst case told plainly: the gateway answered, the journal does not hold it.
fn unrecorded(error: &JournalError, outcome: &RefundOutcome) -> Problem {
    let answer = match outcome {
        RefundOutcome::Accepted(_) => "accepted",
        RefundOutcome::Settled(_) => "settled",
        RefundOutcome::Declined(_) => "declined",
        RefundOutcome::Unknown(_) => "unknown",
    };
    let message = Message::new(&UNRECORDED).with("answer", answer).with("detail", error);
    Problem::new(Kind::Journal, message).advise(&JOURNAL_ADVICE)
}

/// Why a withdrawn refund was withdrawn, from its history.
pub(crate) fn withdrawn_by_person(records: &[Record]) -> bool {
    matches!(records.last(), Some(Record::Withdrawn { why: WithdrawReason::Person }))
}

macro_rules! defs {
    ($($name:ident, $id:literal, $en:literal, $ru:literal;)+) => {
        $(pub(super) static $name: MessageDef = MessageDef { id: $id, en: $en, ru: $ru };)+
        /// Every sentence of the operations, for tests.
        pub(crate) const DEFS: &[&MessageDef] = &[$(&$name),+];
    };
}

defs! {
    INTERNAL, "internal",
        "An internal error: { $detail }. The journal says how far the refund came: refund list",
        "Внутренняя ошибка: { $detail }. Докуда дошёл возврат, говорит журнал: refund list";
    NO_REFUND, "refund-not-found",
        "The journal has no such refund; see: refund list",
        "Такого возврата в журнале нет; посмотрите: refund list";
    SEVERAL, "refund-several",
        "Several accounts have a refund with the key \"{ $key }\"; give its intent instead: { $intents }",
        "Возврат с ключом «{ $key }» есть у нескольких счетов; укажите номер намерения: { $intents }";
    BUSY_ELSEWHERE, "refund-busy-elsewhere",
        "Another process is working on this refund, or did and was stopped; its outcome is not known here yet. Do not \
         repeat it; look again later: refund show",
        "С этим возвратом работает (или работал и был остановлен) другой процесс; исход здесь пока неизвестен. Не \
         повторяйте; посмотрите позже: refund show";
    JOURNAL_REFUSES, "journal-refuses",
        "The journal refuses: { $detail }. Nothing was sent.",
        "Журнал не разрешает: { $detail }. Ничего не отправлено.";
    JOURNAL_DAMAGED, "journal-damaged",
        "The journal is damaged and nothing more is sent: { $detail }",
        "Журнал повреждён, больше ничего не отправляется: { $detail }";
    JOURNAL, "journal-unusable",
        "The journal cannot be used, so nothing more is sent: { $detail }",
        "Журнал недоступен, поэтому больше ничего не отправляется: { $detail }";
    JOURNAL_ADVICE, "journal-advice",
        "Make the journal's file and folder writable for this user only, with space left on the disk, and give the \
         command again.",
        "Сделайте файл и папку журнала доступными для записи только этому пользователю, освободите место на диске и \
         повторите команду.";
    UNRECORDED, "outcome-unrecorded",
        "THE GATEWAY ANSWERED \"{ $answer }\", BUT THE JOURNAL COULD NOT RECORD IT: { $detail }. Do not repeat the \
         refund: the journal will take it for unknown.",
        "ШЛЮЗ ОТВЕТИЛ «{ $answer }», НО ЖУРНАЛ НЕ СМОГ ЭТО ЗАПИСАТЬ: { $detail }. Не повторяйте возврат: журнал сочтёт \
         его исход неизвестным.";
    NO_PROVIDER, "provider-not-configured",
        "No profile is configured for the gateway { $provider }, account { $account }.",
        "Нет профиля для шлюза { $provider }, счёт { $account }.";
    WINDOW_OPEN, "window-open",
        "Too early to decide: the request may still take effect at the gateway. See when: refund show",
        "Решать рано: запрос ещё может сработать у шлюза. Когда можно: refund show";
    NOT_NOW, "not-in-this-state",
        "This cannot be done to a refund in the state \"{ $state }\".",
        "С возвратом в состоянии «{ $state }» этого сделать нельзя.";
    OTHER_REQUEST, "same-key-other-request",
        "The key \"{ $key }\" was already used for another request: \"{ $field }\" differs. Nothing was sent.",
        "Ключ «{ $key }» уже занят другим запросом: отличается «{ $field }». Ничего не отправлено.";
    OTHER_REQUEST_ADVICE, "same-key-advice",
        "If a second refund is meant, give it a \"key\" of its own.",
        "Если нужен ещё один возврат, дайте ему свой «key».";
    NO_REASON, "reason-missing",
        "Say why: --reason, or \"reason\" in the request. It goes to the journal.",
        "Укажите причину: --reason или «reason» в запросе. Она попадёт в журнал.";
    NO_EVIDENCE, "evidence-missing",
        "Say what the cabinet shows: --evidence. It goes to the journal.",
        "Укажите, что показывает кабинет: --evidence. Это попадёт в журнал.";
    REPLAYED, "replayed",
        "A refund with this key and this content is already in the journal; this is its outcome. Nothing was sent now.",
        "Возврат с таким ключом и содержанием уже есть в журнале; это его исход. Сейчас ничего не отправлено.";
    STILL_WAITING, "still-waiting",
        "Nothing could be found out yet; the settle window is still open.",
        "Пока выяснить нельзя: окно ожидания ещё не прошло.";
    DECISION_TAKEN, "decision-taken",
        "The decision is on record.",
        "Решение записано.";
}
