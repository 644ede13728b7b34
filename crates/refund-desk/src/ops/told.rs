//! What an operation tells: the refund, the news, the next steps; and how an engine's trouble becomes a problem.

use crate::{
    problem::{Kind, Problem, in_request},
    view::{self, RefundView},
    words,
};
use refund_core::{
    ArmError, IntentId, LookupError, Message, MessageDef, RefundOutcome, StatusError, WallTime,
    rules::Violations,
};
use refund_engine::{
    Ended, Engine, Halt, JournalError, Listed, News, Phase, PreviewError, Report,
    machine::{Misstep, Record, Stop, WithdrawReason},
};
use std::time::Duration;

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
    /// What libraries and systems said of it, in their own (English) words.
    pub details: Vec<String>,
    /// When the settle window ends, if something may have been sent and it is still open.
    pub window_ends: Option<WallTime>,
    /// The kind of problem; `None` when all is well.
    pub kind: Option<Kind>,
}

impl Told {
    /// What there is to tell of a refund nothing was done about just now.
    pub(crate) fn standing(engine: &Engine, listed: &Listed) -> Self {
        Self::new(engine, listed, standing_kind(listed.state.phase))
    }

    /// What there is to tell after a run.
    pub(crate) async fn after(engine: &Engine, intent: IntentId, report: &Report) -> Result<Self, Problem> {
        let listed = found(engine, intent).await?;
        let mut told = Self::new(engine, &listed, run_kind(&listed, report));
        for news in &report.news {
            match news {
                News::Rules(violations) => told.violations = Some(in_request(violations.clone())),
                _ => told.news.extend(words::news(news)),
            }
            told.details.extend(words::details(news));
        }
        Ok(told)
    }

    fn new(engine: &Engine, listed: &Listed, kind: Option<Kind>) -> Self {
        let descriptor = engine.provider(&listed.payment).ok().map(|provider| provider.describe());
        let left = descriptor.and_then(|descriptor| {
            view::window_left(&listed.state, descriptor.timing.settle, engine.timer().now())
        });
        let open = left.filter(|_| standing_kind(listed.state.phase) == Some(Kind::Unknown));
        Self {
            refund: RefundView::of(listed),
            phase: listed.state.phase,
            news: Vec::new(),
            violations: None,
            next: words::next_step(listed, descriptor, open),
            details: Vec::new(),
            window_ends: open.map(|left| later(engine.timer().wall(), left)),
            kind,
        }
    }
}

fn later(wall: WallTime, by: Duration) -> WallTime {
    WallTime(wall.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
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
        // Nothing of it was sent in this run, and it can be repeated.
        Ended::Stopped(Stop::Paused { .. }) if unsent => Some(Kind::Unreachable),
        Ended::Interrupted if unsent => Some(Kind::Unreachable),
        // Not due yet: an earlier run did not reach the gateway.
        Ended::Due(_) if unsent => Some(Kind::Unreachable),
        _ if not_asked(listed.state.phase, report) => Some(Kind::Unreachable),
        _ => standing_kind(listed.state.phase),
    }
}

/// Whether somebody wanted to know how an acknowledged refund stands and the gateway did not answer.
fn not_asked(phase: Phase, report: &Report) -> bool {
    matches!(phase, Phase::Accepted | Phase::Processing)
        && matches!(report.news.last(), Some(News::Status(StatusError::Read(_))))
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
        PreviewError::Lookup(error) => lookup(&error),
        PreviewError::Rules(violations) => Problem::rules(violations),
        PreviewError::Halt(halt) => halted(halt),
        other => Problem::new(Kind::Internal, Message::new(&INTERNAL).with("detail", other)),
    }
}

fn lookup(error: &LookupError) -> Problem {
    let kind = lookup_kind(error);
    let details = words::lookup_details(error).into_iter().collect();
    let problem = Problem::new(kind, words::lookup(error)).with_details(details);
    if kind == Kind::Unreachable { problem.advise(&REPEAT_LATER) } else { problem }
}

/// An engine that broke off, as a problem.
pub fn halted(halt: Halt) -> Problem {
    match halt {
        Halt::Journal { error, unrecorded: Some(outcome) } => unrecorded(&error, &outcome),
        Halt::Journal { error, unrecorded: None } => journal(&error),
        Halt::Arm(error) => arm(&error),
        Halt::NoProvider { provider, account } => {
            let message = Message::new(&NO_PROVIDER).with("provider", provider).with("account", account);
            Problem::new(Kind::Configuration, message).advise(&NO_PROVIDER_ADVICE)
        }
        Halt::Misstep(Misstep::Acknowledged) => Problem::new(Kind::Rules, &ACKNOWLEDGED),
        Halt::Misstep(Misstep::OnWord) => Problem::new(Kind::Rules, &ON_WORD),
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
        JournalError::Broken { .. } => {
            Problem::new(Kind::Journal, detail(&JOURNAL_DAMAGED)).advise(&DAMAGED_ADVICE)
        }
        JournalError::Unavailable { place, detail } => {
            let message = Message::new(&JOURNAL).with("detail", detail);
            Problem::new(Kind::Journal, message).at(place).advise(&JOURNAL_ADVICE)
        }
        _ => Problem::new(Kind::Journal, detail(&JOURNAL)).advise(&JOURNAL_ADVICE),
    }
}

fn arm(error: &ArmError) -> Problem {
    match error {
        ArmError::Fenced | ArmError::Stale | ArmError::Busy => Problem::new(Kind::Unknown, &BUSY_ELSEWHERE),
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
        "Внутренняя ошибка: { $detail }. На чём остановился возврат, видно в журнале: refund list";
    NO_REFUND, "refund-not-found",
        "The journal has no such refund; see: refund list",
        "Такого возврата в журнале нет; посмотрите: refund list";
    SEVERAL, "refund-several",
        "Several accounts have a refund with the key \"{ $key }\"; give its intent instead: { $intents }",
        "Возврат с ключом «{ $key }» есть у нескольких аккаунтов; укажите номер намерения: { $intents }";
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
        "The journal cannot be used, so nothing is sent: { $detail }",
        "С журналом нельзя работать, поэтому ничего не отправляется: { $detail }";
    JOURNAL_ADVICE, "journal-advice",
        "Check that the journal is named rightly (--journal, or journal in the settings), that its folder exists, that \
         its file and folder can be written, and that the disk has space left; then give the command again.",
        "Проверьте, что журнал указан верно (--journal или journal в настройках), его папка существует, в файл и папку \
         можно писать и на диске есть место, и повторите команду.";
    DAMAGED_ADVICE, "journal-damaged-advice",
        "Do not repair or replace the file by hand: keep a copy of it, restore the journal from a backup, and compare \
         with the gateway's cabinet before anything is refunded again.",
        "Не правьте и не заменяйте файл вручную: сохраните его копию, восстановите журнал из резервной копии и сверьте \
         его с кабинетом шлюза, прежде чем делать новые возвраты.";
    REPEAT_LATER, "repeat-later",
        "Nothing has changed, so the same command may be given again later. Check the network and the profile's url; \
         -v shows the technical details.",
        "Ничего не изменилось, поэтому команду можно повторить позже. Проверьте сеть и url в профиле; технические \
         подробности покажет -v.";
    UNRECORDED, "outcome-unrecorded",
        "THE GATEWAY ANSWERED \"{ $answer }\", BUT THE JOURNAL COULD NOT RECORD IT: { $detail }. Do not repeat the \
         refund: the journal will take it for unknown.",
        "ШЛЮЗ ОТВЕТИЛ «{ $answer }», НО ЖУРНАЛ НЕ СМОГ ЭТО ЗАПИСАТЬ: { $detail }. Не повторяйте возврат: журнал сочтёт \
         его исход неизвестным.";
    NO_PROVIDER, "provider-not-configured",
        "No usable profile is configured for the gateway { $provider }, account { $account }.",
        "Нет рабочего профиля для шлюза { $provider }, аккаунт { $account }.";
    NO_PROVIDER_ADVICE, "provider-not-configured-advice",
        "Give the settings that hold this profile (--config) and its secrets.",
        "Укажите настройки, в которых есть этот профиль (--config), и его секреты.";
    ACKNOWLEDGED, "gateway-may-still-do-it",
        "The gateway took this refund and may still carry it out, so it cannot be recorded as not happened or sent again. Ask how it stands: refund resolve KEY; if the cabinet shows it as done, record that it happened.",
        "Шлюз принял этот возврат и ещё может его выполнить, поэтому нельзя записать, что его не было, или отправить заново. Спросите, что с ним: refund resolve КЛЮЧ; если кабинет показывает его выполненным, запишите, что он был.";
    ON_WORD, "only-a-word-says-no",
        "An earlier attempt of this refund may have been carried out; only a person's word says that it was not. So it cannot be taken back like a wish: look into the cabinet and record what it shows with refund resolve KEY.",
        "Прежняя попытка этого возврата могла исполниться: что этого не было, известно только со слов человека. Поэтому отозвать его нельзя: посмотрите в кабинете и запишите, что там, командой refund resolve КЛЮЧ.";
    NOT_NOW, "not-in-this-state",
        "This cannot be done to a refund in the state \"{ $state }\"; nothing was changed.",
        "С возвратом в состоянии «{ $state }» этого сделать нельзя; ничего не изменено.";
    WHAT_CAN_BE_DONE, "what-can-be-done",
        "What can be done: refund show { $key }",
        "Что с ним можно сделать: refund show { $key }";
    OTHER_REQUEST, "same-key-other-request",
        "The key \"{ $key }\" was already used for another request: \"{ $field }\" differs. Nothing was sent.",
        "Ключ «{ $key }» уже занят другим запросом: отличается «{ $field }». Ничего не отправлено.";
    OTHER_REQUEST_ADVICE, "same-key-advice",
        "If a second refund is meant, give it a \"key\" of its own. The first one: refund show { $key }",
        "Если нужен ещё один возврат, задайте ему свой «key». Прежний возврат: refund show { $key }";
    NO_REASON, "reason-missing",
        "No reason is given; give one here or as \"reason\" in the request. It goes to the journal.",
        "Не указана причина возврата; задайте её этим параметром или полем «reason» в запросе. Она попадёт в журнал.";
    NO_REASON_HERE, "reason-missing-here",
        "No reason is given. It goes to the journal.",
        "Не указана причина; она попадёт в журнал.";
    NO_EVIDENCE, "evidence-missing",
        "Nothing is said of what the cabinet shows. It goes to the journal.",
        "Не указано, что показывает кабинет; это попадёт в журнал.";
    REPLAYED, "replayed",
        "A refund with this key and this content is already in the journal; this is how it stands. Nothing was sent now.",
        "Возврат с этим ключом и содержанием уже есть в журнале; здесь его состояние. Сейчас ничего не отправлено.";
    STILL_WAITING, "still-waiting",
        "Nothing can be found out yet: the request may still take effect at the gateway.",
        "Пока выяснить нельзя: запрос ещё может сработать в шлюзе.";
    DECISION_TAKEN, "decision-taken",
        "The decision is on record.",
        "Решение записано.";
}
