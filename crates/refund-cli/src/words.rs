//! The command's own sentences: help, usage errors, questions, headings. They must not know who says them when.

use refund_core::MessageDef;
use refund_text::{Lang, render_def};

/// A sentence without values.
pub(crate) fn text(def: &'static MessageDef, lang: Lang) -> String {
    render_def(def, lang)
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
        "Возвраты через Robokassa и эквайринг Сбера: проверяются и записываются в журнал до отправки, никогда не уходят \
         дважды.";
    USAGE, "help-usage", "Usage:", "Использование:";
    OPTIONS, "help-options", "Options:", "Параметры:";
    COMMANDS, "help-commands", "Commands:", "Команды:";
    ARGUMENTS, "help-arguments", "Arguments:", "Аргументы:";
    MORE_HELP, "help-more",
        "Help on a command: refund COMMAND --help. To begin: refund demo",
        "Справка по команде: refund КОМАНДА --help. С чего начать: refund demo";
    VALUE_OPTIONS, "value-options", "OPTIONS", "ПАРАМЕТРЫ";
    VALUE_COMMAND, "value-command", "COMMAND", "КОМАНДА";
    VALUE_FILE, "value-file", "FILE", "ФАЙЛ";
    VALUE_KEY, "value-key", "KEY", "КЛЮЧ";
    VALUE_TEXT, "value-text", "TEXT", "ТЕКСТ";
    VALUE_DIR, "value-dir", "DIR", "ПАПКА";
    VALUE_NAME, "value-name", "NAME", "ИМЯ";
    VALUE_FORMAT, "value-format", "FORMAT", "ФОРМАТ";
    VALUE_LANG, "value-lang", "LANG", "ЯЗЫК";
    VALUE_STATE, "value-state", "STATE", "СОСТОЯНИЕ";
    VALUE_NUMBER, "value-number", "N", "ЧИСЛО";
    VALUE_RULE, "value-rule", "RULE", "ПРАВИЛО";
    VALUE_ADDRESS, "value-address", "ADDRESS", "АДРЕС";
    VALUE_MODE, "value-mode", "MODE", "РЕЖИМ";
    EXIT_CODES, "help-exit-codes",
        "Exit codes:
  0    done: accepted or settled, as the output says, or already done before under the same key
  1    internal error
  2    wrong usage
  3    the request breaks a rule; nothing was sent
  4    settings or credentials
  5    the gateway declined, or the money will not go back
  6    OUTCOME UNKNOWN: do not repeat; see refund resolve
  9    not confirmed; nothing was sent
  10   the journal cannot be used; nothing more is sent
  11   the gateway was not reached; nothing was sent, safe to repeat
  130  interrupted; the journal says how far it came",
        "Коды выхода:
  0    сделано: возврат принят или исполнен (видно в ответе) или был сделан раньше с тем же ключом
  1    внутренняя ошибка
  2    команда вызвана неверно
  3    запрос нарушает правило; ничего не отправлено
  4    настройки или учётные данные
  5    шлюз отказал, деньги не вернутся
  6    ИСХОД НЕИЗВЕСТЕН: не повторяйте; см. refund resolve
  9    не подтверждено; ничего не отправлено
  10   с журналом нельзя работать; больше ничего не отправляется
  11   шлюз недоступен; ничего не отправлено, можно повторить
  130  прервано; на чём остановились, видно в журнале";
    CMD_DEMO, "cmd-demo",
        "Show everything on an embedded sandbox; needs no settings",
        "Показать всё в деле на встроенной песочнице; настройки не нужны";
    CMD_SANDBOX, "cmd-sandbox",
        "Run the emulator of both gateways",
        "Запустить эмулятор обоих шлюзов";
    CMD_CHECK, "cmd-check",
        "Check a request against an order's file: every rule, without network, settings or journal",
        "Сверить запрос с файлом заказа: все правила, без сети, настроек и журнала";
    CMD_EXPLAIN, "cmd-explain",
        "What a rule says and where it comes from; all of them without a name",
        "Объяснить правило и откуда оно; без имени — все правила";
    CMD_CREATE, "cmd-create",
        "Refund: check, confirm, record, send once",
        "Вернуть деньги: проверить, подтвердить, записать, отправить один раз";
    CMD_STATUS, "cmd-status",
        "How a refund stands; asks the gateway about one it has accepted",
        "Узнать состояние возврата; о принятом возврате спросить шлюз";
    CMD_SHOW, "cmd-show",
        "A refund with its whole history, from the journal",
        "Показать возврат со всей его историей из журнала";
    CMD_LIST, "cmd-list", "Refunds in the journal, newest first", "Перечислить возвраты из журнала, новые сверху";
    CMD_RESOLVE, "cmd-resolve",
        "Find out what came of an unknown refund, or record what the cabinet shows",
        "Выяснить неизвестный исход возврата или записать, что показывает кабинет";
    CMD_WITHDRAW, "cmd-withdraw",
        "Take back a refund of which nothing was sent",
        "Отозвать возврат, пока он не отправлен";
    ARG_HELP, "arg-help", "Show this help", "Показать эту справку";
    ARG_VERSION, "arg-version", "Show the version", "Показать версию";
    ARG_KEEP, "arg-keep",
        "Keep the journal in this folder",
        "Сохранить журнал в этой папке";
    ARG_FILE, "arg-file", "The request file (JSON, refund/request@1)", "Файл запроса (JSON, refund/request@1)";
    ARG_ORDER, "arg-order",
        "The order's file (JSON, refund/order@1) instead of the request's order_file",
        "Файл заказа (JSON, refund/order@1) вместо order_file из запроса";
    ARG_RULE, "arg-rule", "The rule's name, for example cart-required", "Имя правила, например cart-required";
    ARG_REASON, "arg-reason", "Why; goes to the journal", "Причина; записывается в журнал";
    ARG_YES, "arg-yes", "Confirmed: do not ask", "Подтвердить заранее: не спрашивать";
    ARG_NO_INPUT, "arg-no-input", "Never ask; without --yes nothing is done", "Не задавать вопросов; без --yes ничего не делать";
    ARG_DRY_RUN, "arg-dry-run",
        "Check everything and show the request; send nothing",
        "Всё проверить и показать запрос, но ничего не отправлять";
    ARG_WAIT, "arg-wait", "Wait until it is known", "Ждать, пока не выяснится";
    ARG_REFUND, "arg-refund", "The refund's key or intent", "Ключ или номер намерения возврата";
    ARG_HAPPENED, "arg-happened", "The cabinet shows the refund", "В кабинете этот возврат есть";
    ARG_DID_NOT_HAPPEN, "arg-did-not-happen",
        "The cabinet shows no refund; close it",
        "В кабинете возврата нет; закрыть его";
    ARG_SEND_AGAIN, "arg-send-again",
        "The cabinet shows no refund; it may be sent anew by: refund create",
        "В кабинете возврата нет; разрешить refund create отправить его заново";
    ARG_EVIDENCE, "arg-evidence", "What the cabinet shows", "Что показывает кабинет";
    ARG_STATE, "arg-state", "Only refunds in this state (may be given several times)", "Только возвраты в этом состоянии; можно указать несколько раз";
    ARG_LIMIT, "arg-limit", "At most so many, 0 for all (usually 50)", "Сколько показать самое большее, 0 — все (обычно 50)";
    ARG_LISTEN, "arg-listen", "Where to listen; port 0 picks one (usually 127.0.0.1:8787)", "Где слушать, порт 0 — любой свободный (обычно 127.0.0.1:8787)";
    ARG_MODE, "arg-mode", "strict (usually), or lenient: forgive what some clients get away with", "strict (обычно) или lenient: прощать то, что иногда сходит клиентам с рук";
    ARG_CHAOS, "arg-chaos", "Random faults; the same seed and the same requests give the same ones", "Случайные сбои; одно и то же зерно при тех же запросах даёт те же сбои";
    VALUE_SEED, "value-seed", "SEED", "ЗЕРНО";
    ARG_CONFIG, "arg-config", "Settings file instead of ./refund.toml and the user's", "Файл настроек вместо ./refund.toml и файла пользователя";
    ARG_PROFILE, "arg-profile", "Profile to use; live ones must be named", "Какой профиль взять; боевой нужно указать явно";
    ARG_JOURNAL, "arg-journal", "The journal's file", "Файл журнала";
    ARG_OUTPUT, "arg-output", "table (usually) or json", "table (обычно) или json";
    ARG_LANG, "arg-lang", "ru or en; else by REFUND_LANG, the setting lang, LANG", "ru или en; иначе по REFUND_LANG, настройке lang или LANG";
    ARG_VERBOSE, "arg-verbose", "Also show requests (without credentials), answers and technical details", "Показывать и запросы (без секретов), ответы и технические подробности";
    UNKNOWN_ARGUMENT, "usage-unknown-argument", "Unknown argument: { $name }", "Неизвестный параметр: { $name }";
    UNKNOWN_COMMAND, "usage-unknown-command", "Unknown command: { $name }", "Неизвестная команда: { $name }";
    NO_COMMAND, "usage-no-command", "No command is given.", "Команда не указана.";
    MISSING, "usage-missing", "Missing: { $name }", "Не указано обязательное: { $name }";
    NO_VALUE, "usage-no-value", "{ $name } needs a value.", "Для { $name } нужно значение.";
    BAD_VALUE, "usage-bad-value", "{ $name } cannot be \"{ $value }\".", "Недопустимое значение «{ $value }» для { $name }.";
    CONFLICT, "usage-conflict", "{ $name } does not go with { $other }.", "{ $name } нельзя указывать вместе с { $other }.";
    OTHER_USAGE, "usage-other", "{ $text }", "{ $text }";
    DID_YOU_MEAN, "usage-did-you-mean", "Did you mean { $name }?", "Возможно, вы имели в виду { $name }.";
    POSSIBLE, "usage-possible-values", "Possible values: { $known }.", "Допустимые значения: { $known }.";
    SEE_HELP, "usage-see-help",
        "Usage: { $usage }. See: refund{ $command } --help",
        "Использование: { $usage }. Справка: refund{ $command } --help";
    OTHER_PLACE, "journal-other-place",
        "This journal holds refunds of the account { $account } made at \"{ $theirs }\"; this profile is \"{ $ours }\". A rehearsal must not answer for a live refund: give it a journal of its own (--journal).",
        "В этом журнале возвраты аккаунта { $account } сделаны в «{ $theirs }», а профиль относится к «{ $ours }». Репетиция не должна отвечать за настоящий возврат: заведите отдельный журнал (--journal).";
    NO_SETTINGS_FILE, "settings-file-missing", "There is no file { $file }.", "Файла { $file } нет.";
    UNKNOWN_GATEWAY, "gateway-unknown",
        "The gateway \"{ $gateway }\" is not known; this program knows: { $known }.",
        "Шлюз «{ $gateway }» неизвестен; эта программа работает с такими: { $known }.";
    NO_JOURNAL, "journal-no-place",
        "There is no place for the journal: { $detail }. Name one with --journal.",
        "Негде хранить журнал: { $detail }. Укажите файл: --journal.";
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
         { $captured }. Причина: { $reason }. [да/НЕТ]";
    ASK_GO_ON, "ask-go-on",
        "Go on with the refund \"{ $key }\" of { $amount } of order { $order }, of which nothing was sent yet ({ $environment }, profile \
         { $profile })? [y/N]",
        "Продолжить возврат «{ $key }» на { $amount } по заказу { $order }, который ещё не отправлялся ({ $environment }, профиль \
         { $profile })? [да/НЕТ]";
    DRY_RUN, "dry-run",
        "Dry run: nothing was recorded or sent. It would refund { $amount } of order { $order } through { $gateway } \
         ({ $environment }, profile { $profile }); paid { $captured }. This request would be sent (without credentials):",
        "Пробный запуск: ничего не записано и не отправлено. Без --dry-run ушёл бы возврат { $amount } по заказу \
         { $order } через { $gateway } ({ $environment }, профиль { $profile }); оплачено { $captured }. Запрос без секретов:";
    DRY_GO_ON, "dry-run-go-on",
        "Dry run: nothing was recorded or sent. The refund \"{ $key }\" is in the journal ({ $state }) and nothing of it was \
         sent yet; without --dry-run it would go on.",
        "Пробный запуск: ничего не записано и не отправлено. Возврат «{ $key }» уже есть в журнале ({ $state }), но ещё не \
         отправлялся; без --dry-run он продолжился бы.";
    CHECK_HOLDS, "check-holds",
        "Every rule holds: { $amount } of order { $order } would be refunded through { $gateway }. Nothing was sent; what \
         only the gateway and the journal know is checked by refund create.",
        "Все правила соблюдены: по заказу { $order } вернулось бы { $amount } через { $gateway }. Ничего не отправлено; то, \
         что знают только шлюз и журнал, проверит refund create.";
    CHECK_PENALTY, "check-penalty", "A penalty of { $penalty } is kept from it.", "Удержание из этой суммы: { $penalty }.";
    CHECK_EXPLAIN, "check-explain", "about a rule: refund explain { $rule }", "о правиле: refund explain { $rule }";
    EVERY_GATEWAY, "every-gateway", "all", "все";
    LIVE, "environment-live", "REAL MONEY", "НАСТОЯЩИЕ ДЕНЬГИ";
    TEST, "environment-test", "the gateway's test stand", "тестовый стенд шлюза";
    SANDBOX, "environment-sandbox", "sandbox", "песочница";
    NO_REFUNDS, "list-empty", "No refunds.", "Возвратов нет.";
    SANDBOX_FAILED, "sandbox-failed", "The sandbox cannot start: { $detail }", "Песочница не запускается: { $detail }";
    HEAD_STATE, "head-state", "state", "состояние";
    HEAD_KEY, "head-key", "key", "ключ";
    HEAD_INTENT, "head-intent", "intent", "намерение";
    HEAD_GATEWAY, "head-gateway", "gateway", "шлюз";
    HEAD_ACCOUNT, "head-account", "account", "аккаунт";
    HEAD_ORDER, "head-order", "order", "заказ";
    HEAD_AMOUNT, "head-amount", "amount", "сумма";
    HEAD_SENT, "head-sent", "lineage / attempt", "линия / попытка";
    HEAD_DOUBT, "head-doubt", "doubt", "сомнение";
    HEAD_WINDOW, "head-window", "settle window until", "окно ожидания до";
    HEAD_CHANGED, "head-changed", "changed", "изменён";
    HEAD_RULE, "head-rule", "rule", "правило";
    HEAD_PLACE, "head-place", "place", "место";
    HEAD_TEXT, "head-text", "text", "текст";
    HEAD_SOURCE, "head-source", "source", "источник";
    HEAD_POSITION, "head-position", "position", "позиция";
    HEAD_GOODS, "head-goods", "name", "название";
    HEAD_QUANTITY, "head-quantity", "quantity", "количество";
    HEAD_TIME, "head-time", "time", "время";
    HEAD_RECORD, "head-record", "record", "запись";
    HEAD_NOTE, "head-note", "note", "заметка";
    ALL_THAT_IS_LEFT, "all-that-is-left", "all that is left", "весь остаток";
    RULE_AT, "rule-at", "rule { $rule } ({ $path }): { $text }", "правило { $rule } ({ $path }): { $text }";
    PROBLEM, "problem", "refund: { $text }", "refund: { $text }";
    PROBLEM_AT, "problem-at", "refund: { $place }: { $text }", "refund: { $place }: { $text }";
    ADVICE, "advice", "hint: { $text }", "подсказка: { $text }";
    DETAILS, "details", "details: { $text }", "подробности: { $text }";
    INTERRUPTED, "interrupted",
        "refund: letting the call in flight end; interrupt again to leave at once (the journal says how far it came)",
        "refund: жду ответа на уже отправленный запрос; прервите ещё раз, чтобы выйти сразу (на чём остановились, видно в \
         журнале)";
    UNKNOWN_LANG, "settings-lang",
        "\"{ $lang }\" is no language of this program; it speaks ru and en.",
        "«{ $lang }» — не язык этой программы; есть ru и en.";
    NEXT, "next", "next: { $text }", "дальше: { $text }";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_reads_in_both_languages() {
        let all = [DEFS, crate::demo::DEFS].concat().into_iter().chain(crate::gateways::defs());
        for def in all.chain(refund_desk::words::defs()) {
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
