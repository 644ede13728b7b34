//! What happened in a run, in sentences.

use refund_core::{
    DoubtReason, LookupError, Message, MessageDef, NotSent, NotSentReason, ReadError, StatusError,
    outcome::sanitize,
};
use refund_engine::{JournalError, News};

/// The sentences about one piece of news. Broken rules are told by their own messages.
pub fn news(news: &News) -> Vec<Message> {
    match news {
        News::Lookup(error) => vec![lookup(error)],
        News::Rules(violations) => violations.as_slice().iter().map(|found| found.message.clone()).collect(),
        News::Budget { left } => vec![Message::new(&BUDGET).with("left", left)],
        News::Busy(JournalError::PaymentBusy { by }) => vec![Message::new(&BUSY).with("by", by)],
        News::Busy(error) => vec![Message::new(&BUSY_OTHERWISE).with("detail", error)],
        News::NotSent(found) => vec![not_sent(found)],
        News::Declined(decline) => {
            let bare = decline.text.is_empty() || decline.text == decline.code;
            let said = Message::new(if bare { &DECLINED_BARE } else { &DECLINED })
                .with("code", tidy(&decline.code))
                .with("text", tidy(&decline.text));
            std::iter::once(said).chain(decline.hints.iter().map(|hint| Message::new(hint))).collect()
        }
        News::Doubt(doubt) => {
            let status =
                if let DoubtReason::Status(code) = doubt.why { code.to_string() } else { String::new() };
            let message = Message::new(doubt_def(doubt.why)).with("status", status);
            let refusal =
                doubt.refusal.iter().flat_map(|decline| decline.hints.iter().map(|hint| Message::new(hint)));
            std::iter::once(message).chain(refusal).collect()
        }
        News::Paused { .. } => vec![Message::new(&PAUSED)],
        News::Status(error) => vec![Message::new(status_def(error))],
        News::StatusWord(word) => vec![Message::new(&STATUS_WORD).with("detail", tidy(word))],
        News::Look(detail) => vec![Message::new(&LOOK).with("detail", tidy(detail))],
        _ => Vec::new(),
    }
}

/// What lies behind a piece of news in the words of libraries and systems; the sentences leave it out.
pub fn details(news: &News) -> Option<String> {
    match news {
        News::Lookup(error) => lookup_details(error),
        News::NotSent(not_sent) => Some(tidy(&not_sent.to_string())),
        News::Doubt(doubt) => Some(tidy(&format!("{}: {}", doubt.why.as_str(), doubt.detail))),
        News::Status(error) => Some(tidy(&error.to_string())),
        _ => None,
    }
}

/// As [`details`], for a lookup.
pub(crate) fn lookup_details(error: &LookupError) -> Option<String> {
    matches!(error, LookupError::Read(_)).then(|| tidy(&error.to_string()))
}

/// Why a payment could not be looked up.
pub(crate) fn lookup(error: &LookupError) -> Message {
    let (def, detail) = match error {
        LookupError::NotFound { detail } => (&NOT_FOUND, detail),
        LookupError::Denied { detail } => (&DENIED, detail),
        LookupError::NotOurs { detail } => (&NOT_OURS, detail),
        LookupError::CannotTell { detail } => (&CANNOT_TELL, detail),
        LookupError::Read(ReadError::NotSent(found)) => return not_sent(found),
        _ => return Message::new(&NO_ANSWER),
    };
    Message::new(def).with("detail", tidy(detail))
}

fn not_sent(found: &NotSent) -> Message {
    let def = match found.reason {
        NotSentReason::Dns => &NOT_SENT_DNS,
        NotSentReason::Refused => &NOT_SENT_REFUSED,
        NotSentReason::ConnectTimeout => &NOT_SENT_TIMEOUT,
        NotSentReason::Tls => &NOT_SENT_TLS,
        NotSentReason::PermitExpired => &NOT_SENT_LATE,
        // No usual reason has a sentence of its own: then the words below are all there is.
        _ => return Message::new(&NOT_SENT).with("detail", tidy(&found.detail)),
    };
    Message::new(def)
}

fn status_def(error: &StatusError) -> &'static MessageDef {
    match error {
        StatusError::NotFound { .. } => &STATUS_NOT_FOUND,
        StatusError::Unreadable { .. } => &STATUS_UNREADABLE,
        StatusError::Unsupported => &STATUS_UNSUPPORTED,
        _ => &NO_STATUS,
    }
}

fn tidy(text: &str) -> String {
    sanitize(text, 300)
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
        "Шлюз не принял учётные данные: { $detail }. Проверьте в профиле аккаунт (account) и секреты.";
    NOT_OURS, "lookup-not-ours",
        "This is not how this gateway names a payment: { $detail }",
        "Это не похоже на номер платежа в этом шлюзе: { $detail }";
    NO_ANSWER, "lookup-no-answer",
        "The gateway was asked about the payment and did not answer; nothing was sent.",
        "Шлюз не ответил на вопрос о платеже; запрос на возврат не отправлялся.";
    CANNOT_TELL, "lookup-cannot-tell",
        "The gateway cannot tell about this payment: { $detail }",
        "По ответу шлюза о платеже судить нельзя: { $detail }";
    BUDGET, "budget-used-up",
        "Other refunds were faster: { $left } can still be refunded. Nothing was sent.",
        "Другие возвраты успели раньше: вернуть можно ещё { $left }. Ничего не отправлено.";
    BUSY, "payment-busy",
        "The outcome of another refund of this payment is not known yet; until it is, nothing is sent. See: refund show \
         { $by }",
        "Исход другого возврата по этому платежу ещё не известен; пока он не выяснен, ничего не отправляется. \
         Смотрите: refund show { $by }";
    BUSY_OTHERWISE, "payment-busy-otherwise",
        "Another refund of this payment is in the way; nothing was sent: { $detail }",
        "Мешает другой возврат по этому платежу; ничего не отправлено: { $detail }";
    PAUSED, "sends-paused",
        "Nothing is sent through this account for a while: too many of its refunds ended with an unknown outcome. The program asks the gateway before it sends again.",
        "Через этот счёт пока ничего не отправляется: исход слишком многих возвратов остался неизвестен. Прежде чем отправлять снова, программа спросит шлюз.";
    NOT_SENT_DNS, "not-sent-dns",
        "Nothing was sent: the gateway's name could not be resolved.",
        "Ничего не отправлено: не удалось узнать адрес шлюза по его имени (DNS).";
    NOT_SENT_REFUSED, "not-sent-refused",
        "Nothing was sent: nobody answers at the gateway's address.",
        "Ничего не отправлено: по адресу шлюза никто не отвечает.";
    NOT_SENT_TIMEOUT, "not-sent-connect-timeout",
        "Nothing was sent: no connection to the gateway in time.",
        "Ничего не отправлено: не удалось вовремя соединиться со шлюзом.";
    NOT_SENT_TLS, "not-sent-tls",
        "Nothing was sent: no secure connection to the gateway. If its certificate is not trusted here (the \
         Russian national root, for example), name the root certificate in the profile: ca_file.",
        "Ничего не отправлено: не удалось установить защищённое соединение со шлюзом. Если его сертификат \
         здесь не считается доверенным (например, выдан НУЦ Минцифры), укажите корневой сертификат в профиле: ca_file.";
    NOT_SENT_LATE, "not-sent-permit-expired",
        "Nothing was sent: the journal took too long and the permit to send expired.",
        "Ничего не отправлено: запись в журнал затянулась, и разрешение на отправку истекло.";
    NOT_SENT, "not-sent",
        "Nothing was sent: { $detail }",
        "Ничего не отправлено: { $detail }";
    DECLINED, "gateway-declined",
        "The gateway declined with code { $code }: { $text }",
        "Шлюз отказал, код { $code }: { $text }";
    DECLINED_BARE, "gateway-declined-bare",
        "The gateway declined with code { $code }.",
        "Шлюз отказал, код { $code }.";
    DOUBT_TIMEOUT, "doubt-timeout",
        "The refund was sent and no answer came in time.",
        "Возврат отправлен, но ответ вовремя не пришёл.";
    DOUBT_CONNECTION, "doubt-connection-lost",
        "The connection broke when the refund may already have been sent.",
        "Соединение оборвалось, когда возврат уже мог быть отправлен.";
    DOUBT_TRUNCATED, "doubt-truncated-reply",
        "The gateway's answer stopped in the middle.",
        "Ответ шлюза оборвался на середине.";
    DOUBT_STATUS, "doubt-status",
        "The gateway answered with HTTP { $status }, which proves nothing.",
        "Шлюз ответил HTTP { $status }; это ничего не доказывает.";
    DOUBT_EMPTY, "doubt-empty-reply",
        "The gateway's answer was empty.",
        "Ответ шлюза пуст.";
    DOUBT_UNREADABLE, "doubt-unreadable-reply",
        "The gateway's answer cannot be read.",
        "Ответ шлюза не удалось разобрать.";
    DOUBT_NO_REFERENCE, "doubt-missing-reference",
        "The gateway reported success without the refund's number.",
        "Шлюз сообщил об успехе, но не назвал номер возврата.";
    DOUBT_REFUSAL, "doubt-ambiguous-refusal",
        "The gateway refused with a code that also means \"system error\": only its records can tell.",
        "Шлюз отказал с кодом, который бывает и при системной ошибке: правду покажут только его записи.";
    DOUBT_CRASH, "doubt-crash",
        "The program ended before the answer was recorded.",
        "Программа завершилась раньше, чем записала ответ.";
    NO_STATUS, "status-not-had",
        "The gateway could not be asked how the refund stands; this is what the journal knows.",
        "Не удалось спросить шлюз о возврате; здесь то, что известно журналу.";
    STATUS_NOT_FOUND, "status-not-found",
        "The gateway does not know the refund it has accepted. Ask again later; if it stays so, write to its support.",
        "Шлюз не знает возврата, который сам принял. Спросите ещё раз позже; если не поможет, обратитесь в поддержку \
         шлюза.";
    STATUS_UNREADABLE, "status-unreadable",
        "The gateway's answer about the refund cannot be read; this is what the journal knows.",
        "Ответ шлюза о возврате не удалось разобрать; здесь то, что известно журналу.";
    STATUS_UNSUPPORTED, "status-unsupported",
        "This gateway does not tell how a refund stands.",
        "Этот шлюз не сообщает о состоянии возврата.";
    STATUS_WORD, "status-word",
        "The gateway's status needs attention: { $detail }",
        "Состояние у шлюза требует внимания: { $detail }";
    LOOK, "look",
        "What the gateway shows: { $detail }",
        "Что показывает шлюз: { $detail }";
}
