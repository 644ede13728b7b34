//! The command's own sentences: help, usage errors, questions, headings.

use refund_core::{Message, MessageDef};
use refund_text::{Lang, render, render_def};

/// A sentence without values.
pub(crate) fn text(def: &'static MessageDef, lang: Lang) -> String {
    render_def(def, lang)
}

/// How a subcommand's help is laid out.
pub(crate) fn template(lang: Lang) -> String {
    let (usage, options) = (text(&USAGE, lang), text(&OPTIONS, lang));
    format!(
        "{{about-with-newline}}\n{usage} {{usage}}\n\n{options}\n{{options}}{{after-help}}\n{{positionals}}\n"
    )
}

/// How the program's help is laid out.
pub(crate) fn root_template(lang: Lang) -> String {
    let (usage, options, commands) = (text(&USAGE, lang), text(&OPTIONS, lang), text(&COMMANDS, lang));
    format!(
        "{{about-with-newline}}\n{usage} {{usage}}\n\n{commands}\n{{subcommands}}\n\n{options}\n{{options}}\n\n{{after-help}}\n"
    )
}

/// A usage error in words; what clap says beyond its kinds stays as clap says it.
pub(crate) fn usage_error(error: &clap::Error, lang: Lang) -> String {
    use clap::error::{ContextKind as Kind, ErrorKind};
    let value = |kind| error.get(kind).map_or_else(String::new, |value| value.to_string());
    let message = match error.kind() {
        ErrorKind::UnknownArgument => Message::new(&UNKNOWN_ARGUMENT).with("name", value(Kind::InvalidArg)),
        ErrorKind::InvalidSubcommand => {
            Message::new(&UNKNOWN_COMMAND).with("name", value(Kind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Message::new(&NO_COMMAND)
        }
        ErrorKind::MissingRequiredArgument => Message::new(&MISSING).with("name", value(Kind::InvalidArg)),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => Message::new(&BAD_VALUE)
            .with("name", value(Kind::InvalidArg))
            .with("value", value(Kind::InvalidValue)),
        ErrorKind::ArgumentConflict => {
            Message::new(&CONFLICT).with("name", value(Kind::InvalidArg)).with("other", value(Kind::PriorArg))
        }
        _ => return error.render().to_string(),
    };
    format!("{}\n{}\n", render(&message, lang), text(&SEE_HELP, lang))
}

macro_rules! defs {
    ($($name:ident, $id:literal, $en:literal, $ru:literal;)+) => {
        $(pub(crate) static $name: MessageDef = MessageDef { id: $id, en: $en, ru: $ru };)+
        /// Every sentence of this module, for tests.
        #[cfg(test)]
        pub(crate) const DEFS: &[&MessageDef] = &[$(&$name),+];
    };
}

defs! {
    ABOUT, "about",
        "Refunds through Robokassa and Sber acquiring: checked before they are sent, recorded before they leave, never \
         sent twice.",
        "Возвраты через Робокассу и эквайринг Сбера: проверка до отправки, запись в журнал до отправки, никогда дважды.";
    USAGE, "help-usage", "Usage:", "Использование:";
    OPTIONS, "help-options", "Options:", "Параметры:";
    COMMANDS, "help-commands", "Commands:", "Команды:";
    EXIT_CODES, "help-exit-codes",
        "Exit codes: 0 done, 1 internal error, 2 usage, 3 a rule is broken, 4 configuration, 5 declined, 6 OUTCOME \
         UNKNOWN (do not repeat), 9 not confirmed, 10 journal, 11 gateway not reached (safe to repeat).",
        "Коды выхода: 0 сделано, 1 внутренняя ошибка, 2 вызов, 3 нарушено правило, 4 настройки, 5 отказ, 6 ИСХОД \
         НЕИЗВЕСТЕН (не повторять), 9 не подтверждено, 10 журнал, 11 шлюз недоступен (можно повторить).";
    CMD_DEMO, "cmd-demo",
        "Show everything on an embedded sandbox; needs no settings",
        "Показать всё на встроенной песочнице; настройки не нужны";
    CMD_SANDBOX, "cmd-sandbox",
        "Run the emulator of both gateways",
        "Запустить эмулятор обоих шлюзов";
    CMD_CREATE, "cmd-create",
        "Refund: check, confirm, record, send once",
        "Вернуть деньги: проверить, подтвердить, записать, отправить один раз";
    CMD_STATUS, "cmd-status",
        "How a refund stands; asks the gateway about one it has accepted",
        "Состояние возврата; о принятом возврате спрашивает шлюз";
    CMD_SHOW, "cmd-show",
        "A refund with its whole history, from the journal",
        "Возврат со всей историей, по журналу";
    CMD_LIST, "cmd-list", "Refunds in the journal, newest first", "Возвраты в журнале, новые сверху";
    CMD_RESOLVE, "cmd-resolve",
        "Find out what came of an unknown refund, or record what the cabinet shows",
        "Выяснить исход неизвестного возврата или записать, что показывает кабинет";
    CMD_WITHDRAW, "cmd-withdraw",
        "Take back a refund of which nothing was sent",
        "Отозвать возврат, который ещё не отправлялся";
    ARG_HELP, "arg-help", "Show this help", "Показать эту справку";
    ARG_VERSION, "arg-version", "Show the version", "Показать версию";
    ARG_KEEP, "arg-keep",
        "Keep the journal in this folder",
        "Сохранить журнал в этой папке";
    ARG_FILE, "arg-file", "The request file (JSON, refund/request@1)", "Файл запроса (JSON, refund/request@1)";
    ARG_REASON, "arg-reason", "Why; goes to the journal", "Причина; попадает в журнал";
    ARG_YES, "arg-yes", "Confirmed: do not ask", "Подтверждено: не спрашивать";
    ARG_NO_INPUT, "arg-no-input", "Never ask; without --yes nothing is done", "Никогда не спрашивать; без --yes ничего не делать";
    ARG_DRY_RUN, "arg-dry-run",
        "Check everything and show the request; send nothing",
        "Всё проверить и показать запрос; ничего не отправлять";
    ARG_WAIT, "arg-wait", "Wait until it is known", "Ждать, пока не выяснится";
    ARG_REFUND, "arg-refund", "The refund's key or intent", "Ключ или номер намерения возврата";
    ARG_HAPPENED, "arg-happened", "The cabinet shows the refund", "Кабинет показывает этот возврат";
    ARG_DID_NOT_HAPPEN, "arg-did-not-happen",
        "The cabinet shows no refund; close it",
        "В кабинете возврата нет; закрыть";
    ARG_SEND_AGAIN, "arg-send-again",
        "The cabinet shows no refund; it may be sent anew by: refund create",
        "В кабинете возврата нет; разрешить отправить заново командой refund create";
    ARG_EVIDENCE, "arg-evidence", "What the cabinet shows", "Что показывает кабинет";
    ARG_STATE, "arg-state", "Only refunds in this state (may be given several times)", "Только возвраты в этом состоянии (можно несколько раз)";
    ARG_LIMIT, "arg-limit", "At most so many, 0 for all (50)", "Не больше стольких, 0 значит все (50)";
    ARG_LISTEN, "arg-listen", "Where to listen; port 0 picks one (127.0.0.1:8787)", "Где слушать; порт 0 выберет свободный (127.0.0.1:8787)";
    ARG_MODE, "arg-mode", "strict, or lenient as some clients get away with", "strict или lenient: прощать то, что иногда сходит с рук";
    ARG_CONFIG, "arg-config", "Settings file instead of ./refund.toml and the user's", "Файл настроек вместо ./refund.toml и пользовательского";
    ARG_PROFILE, "arg-profile", "Profile to use; live ones must be named", "Профиль; боевой надо назвать явно";
    ARG_JOURNAL, "arg-journal", "The journal's file", "Файл журнала";
    ARG_OUTPUT, "arg-output", "table or json", "table или json";
    ARG_LANG, "arg-lang", "ru or en; else REFUND_LANG, LANG", "ru или en; иначе REFUND_LANG, LANG";
    ARG_VERBOSE, "arg-verbose", "Also show requests without credentials, and answers", "Показывать и запросы без секретов, и ответы";
    UNKNOWN_ARGUMENT, "usage-unknown-argument", "Unknown argument: { $name }", "Неизвестный параметр: { $name }";
    UNKNOWN_COMMAND, "usage-unknown-command", "Unknown command: { $name }", "Неизвестная команда: { $name }";
    NO_COMMAND, "usage-no-command", "No command is given.", "Команда не указана.";
    MISSING, "usage-missing", "Missing: { $name }", "Не хватает: { $name }";
    BAD_VALUE, "usage-bad-value", "{ $name } cannot be \"{ $value }\".", "{ $name } не может быть «{ $value }».";
    CONFLICT, "usage-conflict", "{ $name } does not go with { $other }.", "{ $name } нельзя указывать вместе с { $other }.";
    SEE_HELP, "usage-see-help", "See: refund --help", "Смотрите: refund --help";
    NO_SETTINGS_FILE, "settings-file-missing", "There is no file { $file }.", "Файла { $file } нет.";
    UNKNOWN_GATEWAY, "gateway-unknown",
        "The gateway \"{ $gateway }\" is not known; this program knows: { $known }.",
        "Шлюз «{ $gateway }» неизвестен; эта программа знает: { $known }.";
    NO_JOURNAL, "journal-no-place",
        "There is no place for the journal: { $detail }. Name one with --journal.",
        "Для журнала нет места: { $detail }. Назовите его: --journal.";
    NOT_CONFIRMED, "not-confirmed",
        "Not confirmed; nothing was sent.",
        "Не подтверждено; ничего не отправлено.";
    CONFIRM_ADVICE, "not-confirmed-advice",
        "Confirm at a terminal, or give --yes.",
        "Подтвердите в терминале или укажите --yes.";
    ASK, "ask-refund",
        "Refund { $amount } of order { $order } through { $gateway } ({ $environment }, profile { $profile })? Paid \
         { $captured }. Reason: { $reason }. [y/N]",
        "Вернуть { $amount } по заказу { $order } через { $gateway } ({ $environment }, профиль { $profile })? Оплачено \
         { $captured }. Причина: { $reason }. [y/N]";
    ASK_GO_ON, "ask-go-on",
        "Go on with the refund \"{ $key }\" of order { $order }, of which nothing was sent yet ({ $environment }, profile \
         { $profile })? [y/N]",
        "Продолжить возврат «{ $key }» по заказу { $order }, который ещё не отправлялся ({ $environment }, профиль \
         { $profile })? [y/N]";
    DRY_RUN, "dry-run",
        "Dry run: nothing was recorded or sent. This is what would be sent, without credentials:",
        "Пробный запуск: ничего не записано и не отправлено. Вот что было бы отправлено, без секретов:";
    LIVE, "environment-live", "REAL MONEY", "НАСТОЯЩИЕ ДЕНЬГИ";
    TEST, "environment-test", "the gateway's test stand", "тестовый контур шлюза";
    SANDBOX, "environment-sandbox", "sandbox", "песочница";
    NO_REFUNDS, "list-empty", "No refunds.", "Возвратов нет.";
    SANDBOX_FAILED, "sandbox-failed", "The sandbox cannot start: { $detail }", "Песочница не запускается: { $detail }";
    HEAD_STATE, "head-state", "state", "состояние";
    HEAD_KEY, "head-key", "key", "ключ";
    HEAD_INTENT, "head-intent", "intent", "намерение";
    HEAD_GATEWAY, "head-gateway", "gateway", "шлюз";
    HEAD_ACCOUNT, "head-account", "account", "счёт";
    HEAD_ORDER, "head-order", "order", "заказ";
    HEAD_AMOUNT, "head-amount", "amount", "сумма";
    HEAD_SENT, "head-sent", "lineage / attempt", "линия / попытка";
    HEAD_DOUBT, "head-doubt", "doubt", "сомнение";
    HEAD_CHANGED, "head-changed", "changed", "изменён";
    HEAD_TIME, "head-time", "time", "время";
    HEAD_RECORD, "head-record", "record", "запись";
    HEAD_NOTE, "head-note", "note", "заметка";
    ALL_THAT_IS_LEFT, "all-that-is-left", "all that is left", "весь остаток";
    RULE_AT, "rule-at", "rule { $rule }, at { $path }: { $text }", "правило { $rule }, место { $path }: { $text }";
    PROBLEM, "problem", "refund: { $text }", "refund: { $text }";
    PROBLEM_AT, "problem-at", "refund: { $place }: { $text }", "refund: { $place }: { $text }";
    ADVICE, "advice", "hint: { $text }", "подсказка: { $text }";
    NEXT, "next", "next: { $text }", "дальше: { $text }";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_reads_in_both_languages() {
        let all = [DEFS, crate::gateways::DEFS, crate::demo::DEFS].concat();
        for def in all.into_iter().chain(refund_desk::words::defs()) {
            refund_text::check_def(def).unwrap_or_else(|error| panic!("{}: {error}", def.id));
        }
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<_> =
            DEFS.iter().copied().chain(refund_desk::words::defs()).map(|def| def.id).collect();
        ids.sort_unstable();
        let twice: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
