//! What happened in a run, in sentences.

use refund_core::{
    DoubtReason, LookupError, Message, MessageDef, NotSentReason, ReadError, outcome::sanitize,
};
use refund_engine::News;

/// The sentences about one piece of news. Broken rules are told by their own messages.
pub fn news(news: &News) -> Vec<Message> {
    match news {
        News::Lookup(error) => vec![lookup(error)],
        News::Rules(violations) => violations.as_slice().iter().map(|found| found.message.clone()).collect(),
        News::Budget { left } => vec![Message::new(&BUDGET).with("left", left)],
        News::Busy(error) => vec![Message::new(&BUSY).with("detail", error)],
        News::NotSent(not_sent) => {
            vec![Message::new(not_sent_def(not_sent.reason)).with("detail", tidy(&not_sent.detail))]
        }
        News::Declined(decline) => {
            let said =
                Message::new(&DECLINED).with("code", tidy(&decline.code)).with("text", tidy(&decline.text));
            std::iter::once(said).chain(decline.hints.iter().map(|hint| Message::new(hint))).collect()
        }
        News::Doubt(doubt) => {
            let status =
                if let DoubtReason::Status(code) = doubt.why { code.to_string() } else { String::new() };
            let message =
                Message::new(doubt_def(doubt.why)).with("detail", tidy(&doubt.detail)).with("status", status);
            let refusal =
                doubt.refusal.iter().flat_map(|decline| decline.hints.iter().map(|hint| Message::new(hint)));
            std::iter::once(message).chain(refusal).collect()
        }
        News::Status(error) => vec![Message::new(&NO_STATUS).with("detail", tidy(&error.to_string()))],
        News::StatusWord(word) => vec![Message::new(&STATUS_WORD).with("detail", tidy(word))],
        News::Look(detail) => vec![Message::new(&LOOK).with("detail", tidy(detail))],
        _ => Vec::new(),
    }
}

/// Why a payment could not be looked up.
pub(crate) fn lookup(error: &LookupError) -> Message {
    let (def, detail) = match error {
        LookupError::NotFound { detail } => (&NOT_FOUND, detail.clone()),
        LookupError::Denied { detail } => (&DENIED, detail.clone()),
        LookupError::NotOurs { detail } => (&NOT_OURS, detail.clone()),
        LookupError::Read(ReadError::NotSent(not_sent)) => {
            return Message::new(not_sent_def(not_sent.reason)).with("detail", tidy(&not_sent.detail));
        }
        LookupError::Read(error) => (&NO_ANSWER, error.to_string()),
        LookupError::CannotTell { detail } => (&CANNOT_TELL, detail.clone()),
        other => (&CANNOT_TELL, other.to_string()),
    };
    Message::new(def).with("detail", tidy(&detail))
}

fn tidy(text: &str) -> String {
    sanitize(text, 300)
}

fn not_sent_def(reason: NotSentReason) -> &'static MessageDef {
    match reason {
        NotSentReason::Dns => &NOT_SENT_DNS,
        NotSentReason::Refused => &NOT_SENT_REFUSED,
        NotSentReason::ConnectTimeout => &NOT_SENT_TIMEOUT,
        NotSentReason::Tls => &NOT_SENT_TLS,
        NotSentReason::PermitExpired => &NOT_SENT_LATE,
        _ => &NOT_SENT,
    }
}

fn doubt_def(reason: DoubtReason) -> &'static MessageDef {
    match reason {
        DoubtReason::Timeout => &DOUBT_TIMEOUT,
        DoubtReason::ConnectionLost => &DOUBT_CONNECTION,
        DoubtReason::TruncatedReply => &DOUBT_TRUNCATED,
        DoubtReason::Status(_) => &DOUBT_STATUS,
        DoubtReason::EmptyReply => &DOUBT_EMPTY,
        DoubtReason::UnreadableReply => &DOUBT_UNREADABLE,
        DoubtReason::MissingReference => &DOUBT_NO_REFERENCE,
        DoubtReason::AmbiguousRefusal => &DOUBT_REFUSAL,
        _ => &DOUBT_CRASH,
    }
}

macro_rules! defs {
    ($($name:ident, $id:literal, $en:literal, $ru:literal;)+) => {
        $(static $name: MessageDef = MessageDef { id: $id, en: $en, ru: $ru };)+
        /// Every sentence of this module, for tests.
        pub(crate) const DEFS: &[&MessageDef] = &[$(&$name),+];
    };
}

defs! {
    NOT_FOUND, "lookup-not-found",
        "The gateway does not know this payment: { $detail }",
        "Шлюз не знает такого платежа: { $detail }";
    DENIED, "lookup-denied",
        "The gateway refused the credentials: { $detail }. Check the account and the secrets of the profile.",
        "Шлюз не принял учётные данные: { $detail }. Проверьте счёт и секреты профиля.";
    NOT_OURS, "lookup-not-ours",
        "This is not how this gateway names a payment: { $detail }",
        "Так этот шлюз платежи не называет: { $detail }";
    NO_ANSWER, "lookup-no-answer",
        "The gateway was asked about the payment and did not answer; nothing was sent: { $detail }",
        "Шлюз не ответил на вопрос о платеже; ничего не отправлено: { $detail }";
    CANNOT_TELL, "lookup-cannot-tell",
        "The gateway cannot tell about this payment: { $detail }",
        "Шлюз ничего не может сказать о платеже: { $detail }";
    BUDGET, "budget-used-up",
        "Other refunds were faster: { $left } can still be refunded. Nothing was sent.",
        "Другие возвраты успели раньше: вернуть можно ещё { $left }. Ничего не отправлено.";
    BUSY, "payment-busy",
        "Another refund of this payment has to become final first; nothing was sent: { $detail }",
        "Сначала должен завершиться другой возврат этого платежа; ничего не отправлено: { $detail }";
    NOT_SENT_DNS, "not-sent-dns",
        "Nothing was sent: the gateway's name could not be resolved ({ $detail }).",
        "Ничего не отправлено: имя шлюза не находится в DNS ({ $detail }).";
    NOT_SENT_REFUSED, "not-sent-refused",
        "Nothing was sent: nobody answers at the gateway's address ({ $detail }).",
        "Ничего не отправлено: по адресу шлюза никто не отвечает ({ $detail }).";
    NOT_SENT_TIMEOUT, "not-sent-connect-timeout",
        "Nothing was sent: no connection to the gateway in time ({ $detail }).",
        "Ничего не отправлено: соединиться со шлюзом вовремя не удалось ({ $detail }).";
    NOT_SENT_TLS, "not-sent-tls",
        "Nothing was sent: no secure connection to the gateway ({ $detail }). Sber needs the Russian national root: \
         see ca_file.",
        "Ничего не отправлено: защищённое соединение со шлюзом не установлено ({ $detail }). Для Сбера нужен корень \
         НУЦ Минцифры: настройка ca_file.";
    NOT_SENT_LATE, "not-sent-permit-expired",
        "Nothing was sent: the journal took too long and the permit expired ({ $detail }).",
        "Ничего не отправлено: запись в журнал затянулась, разрешение истекло ({ $detail }).";
    NOT_SENT, "not-sent",
        "Nothing was sent: { $detail }",
        "Ничего не отправлено: { $detail }";
    DECLINED, "gateway-declined",
        "The gateway declined with code { $code }: { $text }",
        "Шлюз отказал с кодом { $code }: { $text }";
    DOUBT_TIMEOUT, "doubt-timeout",
        "The refund was sent and no answer came in time ({ $detail }).",
        "Возврат отправлен, ответ вовремя не пришёл ({ $detail }).";
    DOUBT_CONNECTION, "doubt-connection-lost",
        "The connection broke after the refund may have been sent ({ $detail }).",
        "Соединение оборвалось, когда возврат мог быть уже отправлен ({ $detail }).";
    DOUBT_TRUNCATED, "doubt-truncated-reply",
        "The gateway's answer stopped in the middle ({ $detail }).",
        "Ответ шлюза оборвался на середине ({ $detail }).";
    DOUBT_STATUS, "doubt-status",
        "The gateway answered with HTTP { $status }, which proves nothing ({ $detail }).",
        "Шлюз ответил HTTP { $status }, это ничего не доказывает ({ $detail }).";
    DOUBT_EMPTY, "doubt-empty-reply",
        "The gateway's answer was empty ({ $detail }).",
        "Ответ шлюза пуст ({ $detail }).";
    DOUBT_UNREADABLE, "doubt-unreadable-reply",
        "The gateway's answer cannot be read ({ $detail }).",
        "Ответ шлюза не читается ({ $detail }).";
    DOUBT_NO_REFERENCE, "doubt-missing-reference",
        "The gateway reported success without the refund's number ({ $detail }).",
        "Шлюз сообщил об успехе, но не назвал номер возврата ({ $detail }).";
    DOUBT_REFUSAL, "doubt-ambiguous-refusal",
        "The gateway refused with a code that also means \"system error\": only its records can tell ({ $detail }).",
        "Шлюз отказал с кодом, который значит и «системная ошибка»: скажут только его записи ({ $detail }).";
    DOUBT_CRASH, "doubt-crash",
        "The program ended before the answer was recorded ({ $detail }).",
        "Программа завершилась до записи ответа ({ $detail }).";
    NO_STATUS, "status-not-had",
        "The status could not be had: { $detail }",
        "Узнать состояние не удалось: { $detail }";
    STATUS_WORD, "status-word",
        "The gateway's status needs attention: { $detail }",
        "Состояние у шлюза требует внимания: { $detail }";
    LOOK, "look",
        "What the gateway shows: { $detail }",
        "Что показывает шлюз: { $detail }";
}
