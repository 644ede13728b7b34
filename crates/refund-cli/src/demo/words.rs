//! The demonstration's sentences.

use refund_core::MessageDef;

macro_rules! defs {
    ($($name:ident, $id:literal, $en:literal, $ru:literal;)+) => {
        $(pub(super) static $name: MessageDef = MessageDef { id: $id, en: $en, ru: $ru };)+
        /// Every sentence of this module, for tests.
        #[cfg(test)]
        pub(crate) const DEFS: &[&MessageDef] = &[$(&$name),+];
    };
}

defs! {
    ROBOKASSA_FULL, "demo-robokassa-full",
        "Robokassa: a full refund, until the gateway says it is finished",
        "Robokassa: полный возврат, пока шлюз не ответит, что он исполнен";
    SBER_FULL, "demo-sber-full",
        "Sber: a full refund, done at once",
        "Сбер: полный возврат, исполнен сразу";
    ROBOKASSA_CART, "demo-robokassa-cart",
        "Robokassa: two lines come back; the cart is the shop's own, from an order file",
        "Robokassa: возвращаются две позиции; корзина — из файла заказа магазина";
    SBER_CART, "demo-sber-cart",
        "Sber: a part with a cart; more of a line than is left of it is stopped; then what is left of it",
        "Сбер: часть заказа с корзиной; запрос больше остатка позиции остановлен; потом её остаток";
    SBER_PENALTY, "demo-sber-penalty",
        "Sber: a refund from which a penalty is kept",
        "Сбер: возврат с удержанием";
    SBER_LOST, "demo-sber-lost",
        "Sber: the bank moves the money and its reply is lost; evidence resolves it",
        "Сбер: банк вернул деньги, но ответ потерян; исход выяснен по данным банка";
    ROBOKASSA_LOST, "demo-robokassa-lost",
        "Robokassa: the reply is lost; nothing could prove it, so a person decides, and nothing is paid twice",
        "Robokassa: ответ потерян; доказать исход нечем, поэтому решает человек, и дважды деньги не уходят";
    WORKER_KILLED, "demo-worker-killed",
        "A worker is killed (kill -9) between its record \"armed\" and the reply",
        "Процесс убит (kill -9) между записью «armed» и ответом шлюза";
    LEDGER, "demo-ledger",
        "The sandbox's ledger beside the journal",
        "Учёт песочницы рядом с журналом";
    CHECKED, "demo-checked",
        "create \"{ $key }\": order { $order }, { $amount }; the rules hold, the intent is recorded, the request leaves \
         once.",
        "create «{ $key }»: заказ { $order }, { $amount }; правила соблюдены, намерение записано, запрос уходит один раз.";
    LINE, "demo-line",
        "line { $position } \"{ $name }\": { $quantity } for { $amount }",
        "позиция { $position } «{ $name }»: { $quantity } на { $amount }";
    PENALTY, "demo-penalty", "a penalty of { $penalty } is kept from it", "удержание из этой суммы: { $penalty }";
    MORE, "demo-more",
        "create \"{ $key }\": asks for { $asked } of line 1, of which { $left } is left; stopped before anything is sent:",
        "create «{ $key }»: по позиции 1 запрошено { $asked }, а осталось { $left }; остановлен до отправки:";
    NOTHING_SENT, "demo-nothing-sent",
        "The sandbox received no request, the journal holds nothing of it; corrected, it may be created under the same key.",
        "Песочница не получила запроса, в журнале его нет; после исправления его можно создать с тем же ключом.";
    POLLED, "demo-polled",
        "A minute passes; the gateway is asked how the refund stands.",
        "Проходит минута; программа спрашивает шлюз, что с возвратом.";
    WINDOW_PASSES, "demo-window-passes",
        "The settle window passes: from now on the lost request cannot take effect any more.",
        "Окно ожидания прошло: потерянный запрос больше не может сработать.";
    CREATED_AGAIN, "demo-created-again",
        "create again with the same key: the sandbox received no second request.",
        "Снова create с тем же ключом: второго запроса песочница не получила.";
    DECIDED, "demo-decided",
        "A person has looked into the cabinet and records what it shows.",
        "Человек посмотрел в кабинет и записывает, что там видно.";
    KILLED, "demo-killed",
        "The bank has moved the money; the worker is killed before it hears so.",
        "Банк вернул деньги; процесс убит раньше, чем узнал об этом.";
    FOUND, "demo-found",
        "After the crash the journal says: { $state }.",
        "После падения в журнале: { $state }.";
    LEASE_OVER, "demo-lease-over",
        "The dead worker's lease runs out; another worker takes over, asks and does not send.",
        "Аренда погибшего процесса истекла; другой процесс спрашивает шлюз и ничего не отправляет.";
    JOURNAL, "demo-journal", "journal", "журнал";
    HEAD_PAID, "demo-head-paid", "paid", "оплачено";
    HEAD_LEDGER, "demo-head-ledger", "refunded at the gateway", "возвращено в шлюзе";
    HEAD_TIMES, "demo-head-times", "refunds", "возвратов";
    HEAD_INTENDED, "demo-head-intended", "intended", "намечено";
    HEAD_JOURNAL, "demo-head-journal", "refunded by the journal", "возвращено по журналу";
    EQUAL, "demo-equal",
        "Equal to the kopeck, and every refund was made exactly once.",
        "Сходится до копейки, и каждый возврат сделан ровно один раз.";
    UNEQUAL, "demo-unequal",
        "NOT EQUAL: this is a defect of the program.",
        "НЕ СХОДИТСЯ: это дефект программы.";
    KEPT, "demo-kept",
        "The folder { $folder } already holds a journal; name another one.",
        "В папке { $folder } уже есть журнал; укажите другую.";
    STAGE, "demo-stage",
        "The demonstration cannot be set up: { $detail }",
        "Не удалось подготовить демонстрацию: { $detail }";
    CONTROL, "demo-control",
        "The sandbox's control call \"{ $call }\" failed: { $detail }",
        "Служебный вызов песочницы «{ $call }» не удался: { $detail }";
    WENT_WRONG, "demo-went-wrong",
        "The demonstration went wrong: { $detail }",
        "Демонстрация пошла не так: { $detail }";
    BAD_INTENT, "demo-bad-intent",
        "This is not an intent.",
        "Это не номер намерения.";
}
