//! What is wrong with a request file, in sentences. They must not know which gateway is meant.

use refund_core::MessageDef;

pub(super) static UNREADABLE: MessageDef = MessageDef {
    id: "request-unreadable",
    en: "The request file { $file } cannot be read: { $error }",
    ru: "Не удалось прочитать файл запроса { $file }: { $error }",
};
pub(super) static NO_FILE: MessageDef = MessageDef {
    id: "request-no-file",
    en: "There is no request file { $file }.",
    ru: "Файла запроса { $file } нет.",
};
pub(super) static TOO_LARGE: MessageDef = MessageDef {
    id: "request-too-large",
    en: "The file has { $bytes } bytes; a request has at most { $limit }.",
    ru: "В файле { $bytes } байт, в запросе может быть не больше { $limit }.",
};
pub(super) static MALFORMED: MessageDef = MessageDef {
    id: "request-malformed",
    en: "The request is not what was expected here: { $error }",
    ru: "Запрос составлен неверно: { $error }",
};
pub(super) static SYNTAX: MessageDef = MessageDef {
    id: "request-syntax",
    en: "The request is not valid JSON: a mistake in line { $line }, at character { $column }.",
    ru: "Запрос — не JSON: ошибка в строке { $line }, знак { $column }.",
};
pub(super) static NOT_AN_OBJECT: MessageDef = MessageDef {
    id: "request-not-an-object",
    en: "The request is not a JSON object.",
    ru: "Запрос — не объект JSON.",
};
pub(super) static SEE_EXAMPLE: MessageDef = MessageDef {
    id: "request-see-example",
    en: "A request looks like { $example }",
    ru: "Запрос выглядит так: { $example }",
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
    en: "The value has { $length } characters, the limit is { $limit }.",
    ru: "В значении знаков: { $length }, а можно не больше { $limit }.",
};
pub(super) static NOT_YET: MessageDef = MessageDef {
    id: "request-not-supported",
    en: "\"{ $what }\" is part of the schema, but this version refunds money only, without a cart or receipt. Take it out of the request.",
    ru: "«{ $what }» есть в схеме, но эта версия возвращает только деньги, без корзины и чека. Уберите это из запроса.",
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
    &NOT_YET,
];
