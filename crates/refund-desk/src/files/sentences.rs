//! What is wrong with a request file or an order file, in sentences. They must not know which gateway is meant.

use refund_core::MessageDef;

pub(super) static UNREADABLE: MessageDef = MessageDef {
    id: "request-unreadable",
    en: "The file { $file } cannot be read: { $error }",
    ru: "Не удалось прочитать файл { $file }: { $error }",
};
pub(super) static NO_FILE: MessageDef =
    MessageDef {
        id: "request-no-file", en: "There is no file { $file }.", ru: "Файла { $file } нет."
    };
pub(super) static TOO_LARGE: MessageDef = MessageDef {
    id: "request-too-large",
    en: "The file has { $bytes ->
    [one] { $bytes } byte
   *[other] { $bytes } bytes
}; at most { $limit } are read.",
    ru: "В файле { $bytes ->
    [one] { $bytes } байт
    [few] { $bytes } байта
   *[many] { $bytes } байт
}, а может быть не больше { $limit }.",
};
pub(super) static MALFORMED: MessageDef = MessageDef {
    id: "request-malformed",
    en: "The file is not what was expected here: { $error }",
    ru: "Файл составлен неверно: { $error }",
};
pub(super) static SYNTAX: MessageDef = MessageDef {
    id: "request-syntax",
    en: "The file is not valid JSON: a mistake in line { $line }, at character { $column }.",
    ru: "Файл — не JSON: ошибка в строке { $line }, знак { $column }.",
};
pub(super) static NOT_AN_OBJECT: MessageDef = MessageDef {
    id: "request-not-an-object",
    en: "The file is not a JSON object.",
    ru: "Файл — не объект JSON.",
};
pub(super) static SEE_EXAMPLE: MessageDef = MessageDef {
    id: "request-see-example",
    en: "It looks like { $example }",
    ru: "Это выглядит так: { $example }",
};
pub(super) static OTHER_SCHEMA: MessageDef = MessageDef {
    id: "request-schema",
    en: "The schema is \"{ $found }\"; this version reads \"{ $expected }\".",
    ru: "Схема файла — «{ $found }», а эта версия читает «{ $expected }».",
};
pub(super) static AMOUNT_AND_FULL: MessageDef = MessageDef {
    id: "request-amount-and-full",
    en: "Both an amount and \"full\" are given; keep one of them.",
    ru: "Указаны и «amount», и «full»: оставьте что-то одно.",
};
pub(super) static NO_AMOUNT: MessageDef = MessageDef {
    id: "request-no-amount",
    en: "Neither an amount nor \"full\": true is given; nothing is refunded by omission.",
    ru: "Не указано ни «amount», ни \"full\": true, а по умолчанию ничего не возвращается.",
};
pub(super) static BAD_AMOUNT: MessageDef = MessageDef {
    id: "request-amount",
    en: "The amount cannot be read: { $error }.",
    ru: "Сумма не подходит: { $error }.",
};
pub(super) static TOO_MANY_DECIMALS: MessageDef = MessageDef {
    id: "request-amount-decimals",
    en: "\"{ $text }\" has more than two decimal places; there is nothing smaller than a kopeck.",
    ru: "В сумме «{ $text }» больше двух знаков после точки; меньше копейки ничего нет.",
};
pub(super) static NOT_A_NUMBER: MessageDef = MessageDef {
    id: "request-amount-not-a-number",
    en: "\"{ $text }\" is not an amount.",
    ru: "«{ $text }» — это не сумма.",
};
pub(super) static WRITE_AMOUNT: MessageDef = MessageDef {
    id: "request-write-amount",
    en: "Write roubles as a string with a point and at most two decimal places: \"150.00\".",
    ru: "Пишите рубли строкой в кавычках, с точкой и не более чем двумя знаками после неё: \"150.00\".",
};
pub(super) static BAD_ID: MessageDef = MessageDef {
    id: "request-identifier",
    en: "The value cannot be used: { $error }.",
    ru: "Значение не подходит: { $error }.",
};
pub(super) static EMPTY_ID: MessageDef =
    MessageDef {
        id: "request-identifier-empty", en: "The value is empty.", ru: "Значение пустое."
    };
pub(super) static LONG_ID: MessageDef = MessageDef {
    id: "request-identifier-long",
    en: "The value has { $length ->
    [one] { $length } character
   *[other] { $length } characters
}, the limit is { $limit }.",
    ru: "В значении { $length ->
    [one] { $length } знак
    [few] { $length } знака
   *[many] { $length } знаков
}, а можно не больше { $limit }.",
};
pub(super) static QUANTITY_DECIMALS: MessageDef = MessageDef {
    id: "request-quantity-decimals",
    en: "\"{ $text }\" has more than three decimal places; a receipt counts in thousandths.",
    ru: "В количестве «{ $text }» больше трёх знаков после точки; чек считает в тысячных.",
};
pub(super) static QUANTITY_NOT_A_NUMBER: MessageDef = MessageDef {
    id: "request-quantity-not-a-number",
    en: "\"{ $text }\" is not a quantity.",
    ru: "«{ $text }» — это не количество.",
};
pub(super) static BAD_QUANTITY: MessageDef = MessageDef {
    id: "request-quantity",
    en: "The quantity cannot be read: { $error }.",
    ru: "Количество не подходит: { $error }.",
};
pub(super) static WRITE_QUANTITY: MessageDef = MessageDef {
    id: "request-write-quantity",
    en: "Write the quantity as a string with a point and at most three decimal places: \"1.5\".",
    ru: "Пишите количество строкой в кавычках, с точкой и не более чем тремя знаками после неё: \"1.5\".",
};
pub(super) static NO_CURRENCY: MessageDef = MessageDef {
    id: "request-currency",
    en: "\"{ $text }\" is not a currency of ISO 4217; roubles are \"RUB\".",
    ru: "«{ $text }» — не валюта по ISO 4217; рубли пишутся «RUB».",
};
pub(super) static FISCAL_TOGETHER: MessageDef = MessageDef {
    id: "order-fiscal-together",
    en: "vat, method and object are given together or not at all.",
    ru: "vat, method и object указывают вместе или не указывают совсем.",
};
pub(super) static EARLIER_WITHOUT_MONEY: MessageDef = MessageDef {
    id: "order-earlier-without-money",
    en: "Neither this line nor the order's line \"{ $position }\" tells its money.",
    ru: "Ни здесь, ни в позиции заказа «{ $position }» нет её суммы.",
};
pub(super) static POSITION_TWICE: MessageDef = MessageDef {
    id: "order-position-twice",
    en: "The line \"{ $position }\" stands in the order twice.",
    ru: "Позиция «{ $position }» указана в заказе дважды.",
};
pub(super) static OTHER_ORDER: MessageDef = MessageDef {
    id: "order-file-other",
    en: "The order file is about the order \"{ $found }\", the request about \"{ $asked }\".",
    ru: "Файл заказа описывает заказ «{ $found }», а запрос относится к «{ $asked }».",
};
pub(super) static ABSOLUTE: MessageDef = MessageDef {
    id: "request-order-file-absolute",
    en: "\"{ $file }\" is not a path relative to the request file.",
    ru: "«{ $file }» — не путь относительно файла запроса.",
};

pub(super) static CONCESSION_NEEDS: MessageDef = MessageDef {
    id: "request-allocate-concession",
    en: "A concession names its line and how much of it is used up: position and quantity.",
    ru: "Для уступки укажите позицию и сколько её израсходовать: position и quantity.",
};
pub(super) static CONCESSION_ONLY: MessageDef = MessageDef {
    id: "request-allocate-not-a-concession",
    en: "position and quantity belong to \"by\": \"concession\"; leave them out, or choose it.",
    ru: "position и quantity нужны только при \"by\": \"concession\": уберите их или выберите его.",
};
pub(super) static DELIVERY_NEEDS: MessageDef = MessageDef {
    id: "request-allocate-delivery",
    en: "Lines of delivery are named, but not what becomes of them: \"delivery\" is keep, return or in_proportion.",
    ru: "Позиции доставки названы, но не сказано, что с ними делать: \"delivery\" — keep, return или in_proportion.",
};
pub(super) static DELIVERY_WHICH: MessageDef = MessageDef {
    id: "request-allocate-delivery-lines",
    en: "It is not said which lines are the delivery; they are never guessed. Name them in delivery_lines.",
    ru: "Не сказано, какие позиции — доставка, а угадывать их нельзя. Назовите их в delivery_lines.",
};

/// Every sentence of this module, for tests.
pub(crate) const DEFS: &[&MessageDef] = &[
    &UNREADABLE,
    &NO_FILE,
    &SYNTAX,
    &TOO_MANY_DECIMALS,
    &NOT_A_NUMBER,
    &EMPTY_ID,
    &LONG_ID,
    &TOO_LARGE,
    &MALFORMED,
    &SEE_EXAMPLE,
    &OTHER_SCHEMA,
    &AMOUNT_AND_FULL,
    &NO_AMOUNT,
    &BAD_AMOUNT,
    &WRITE_AMOUNT,
    &BAD_ID,
    &NOT_AN_OBJECT,
    &QUANTITY_DECIMALS,
    &QUANTITY_NOT_A_NUMBER,
    &BAD_QUANTITY,
    &WRITE_QUANTITY,
    &NO_CURRENCY,
    &FISCAL_TOGETHER,
    &EARLIER_WITHOUT_MONEY,
    &POSITION_TWICE,
    &OTHER_ORDER,
    &ABSOLUTE,
    &CONCESSION_NEEDS,
    &CONCESSION_ONLY,
    &DELIVERY_NEEDS,
    &DELIVERY_WHICH,
];
