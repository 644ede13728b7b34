//! The rows of the block: one per key, in the order of Sber's table.
//!
//! Key, tag, structure, Russian, English; Sber OLD's format, then the most characters of the FFD, of Sber ECOM and of
//! ATOL; versions, refund, privacy. Sources: Sber, refund.do (keys, formats, versions, refund: CONFIRMED); a register
//! driver's tag table (FFD lengths: REPORTED); Sber e-commerce OpenAPI and ATOL v4/v5 (CONFIRMED).

use super::key::{AtRefund, AtRefund::MayChange, AtRefund::MustEcho, Key, KeyDef, Privacy, Privacy::*};
use crate::{A, Ans, Format, N, Ns, Versions, Versions::*};

/// Everything about every key.
#[rustfmt::skip]
pub const KEYS: &[KeyDef] = &[
    row(Key::AgentType, "agent_info.type", (1057, None), ("Признак агента", "Kind of agent"), N::max(2), [None, None, None], Both, MustEcho, Plain),
    row(Key::AgentOperation, "agent_info.paying.operation", (1044, None), ("Операция платёжного агента", "Operation of the paying agent"), Ans::max(24), [Some(24), Some(24), Some(24)], Both, MustEcho, Plain),
    row(Key::AgentPhones, "agent_info.paying.phones", (1073, None), ("Телефоны платёжного агента", "Telephones of the paying agent"), Ans::max(19), [Some(19), Some(16), Some(19)], Both, MustEcho, Personal),
    row(Key::OperatorPhones, "agent_info.paymentsOperator.phones", (1074, None), ("Телефоны оператора по приёму платежей", "Telephones of the payments operator"), Ans::max(19), [Some(19), Some(16), Some(19)], Both, MustEcho, Personal),
    row(Key::TransferAddress, "agent_info.MTOperator.address", (1005, None), ("Адрес оператора перевода", "Address of the money transfer operator"), Ans::max(256), [Some(256), Some(256), Some(256)], Both, MustEcho, Plain),
    row(Key::TransferInn, "agent_info.MTOperator.inn", (1016, None), ("ИНН оператора перевода", "INN of the money transfer operator"), N::between(10, 12), [Some(12), Some(12), Some(12)], Both, MustEcho, Personal),
    row(Key::TransferName, "agent_info.MTOperator.name", (1026, None), ("Наименование оператора перевода", "Name of the money transfer operator"), Ans::max(64), [Some(64), Some(64), Some(64)], Both, MustEcho, Plain),
    row(Key::TransferPhones, "agent_info.MTOperator.phones", (1075, None), ("Телефоны оператора перевода", "Telephones of the money transfer operator"), Ans::max(19), [Some(19), Some(16), Some(19)], Both, MustEcho, Personal),
    row(Key::SupplierPhones, "supplier_info.phones", (1171, Some(1224)), ("Телефоны поставщика", "Telephones of the supplier"), Ans::max(19), [Some(19), Some(16), Some(19)], Both, MustEcho, Personal),
    row(Key::Cashier, "cashier", (1021, None), ("Кассир", "Cashier"), A::max(256), [Some(64), Some(64), Some(64)], Both, MayChange, Personal),
    row(Key::CheckProperty, "additional_check_props", (1192, None), ("Дополнительный реквизит чека", "Additional requisite of the receipt"), Ans::max(16), [Some(16), Some(16), Some(16)], Both, MayChange, Plain),
    row(Key::UserPropertyName, "additional_user_props.name", (1085, Some(1084)), ("Наименование дополнительного реквизита пользователя", "Name of the user's additional requisite"), Ans::max(24), [Some(64), Some(64), Some(64)], Both, MayChange, Plain),
    row(Key::UserPropertyValue, "additional_user_props.value", (1086, Some(1084)), ("Значение дополнительного реквизита пользователя", "Value of the user's additional requisite"), Ans::max(24), [Some(256), Some(256), Some(256)], Both, MayChange, Personal),
    row(Key::CashierInn, "cashier_inn", (1203, None), ("ИНН кассира", "INN of the cashier"), N::max(12), [Some(12), Some(12), Some(12)], From1_2, MustEcho, Personal),
    row(Key::BuyerAddress, "client.address", (1254, Some(1256)), ("Адрес покупателя", "Address of the buyer"), Ans::max(256), [Some(256), Some(256), Some(256)], From1_2, MustEcho, Personal),
    row(Key::BuyerBirthDate, "client.birth_date", (1243, Some(1256)), ("Дата рождения покупателя, dd.mm.yyyy", "Birth date of the buyer, dd.mm.yyyy"), Ns::exact(10), [Some(10), Some(10), Some(10)], From1_2, MustEcho, Personal),
    row(Key::BuyerCitizenship, "client.citizenship", (1244, Some(1256)), ("Гражданство, код ОКСМ", "Citizenship, OKSM number"), N::exact(3), [Some(3), Some(3), Some(3)], From1_2, MustEcho, Code),
    row(Key::BuyerDocumentCode, "client.document_code", (1245, Some(1256)), ("Код вида документа", "Kind of identity document"), N::exact(2), [Some(2), Some(2), Some(2)], From1_2, MustEcho, Code),
    row(Key::BuyerDocumentNumber, "client.passport_number", (1246, Some(1256)), ("Данные документа: 1111 222222", "Number of the document: 1111 222222"), Ns::max(11), [Some(64), Some(64), Some(64)], From1_2, MustEcho, Personal),
    row(Key::BuyerEmail, "client.email", (1008, None), ("Адрес электронной почты покупателя", "E-mail of the buyer"), Ans::max(64), [Some(64), Some(64), Some(64)], From1_2, MustEcho, Personal),
    row(Key::BuyerPhone, "client.phone", (1008, None), ("Телефон покупателя, +N", "Telephone of the buyer, +N"), Ns::max(19), [Some(64), Some(16), Some(19)], From1_2, MustEcho, Personal),
    row(Key::BuyerInn, "client.inn", (1228, Some(1256)), ("ИНН покупателя", "INN of the buyer"), N::exact(12), [Some(12), Some(12), Some(12)], From1_2, MustEcho, Personal),
    row(Key::BuyerName, "client.name", (1227, Some(1256)), ("Наименование покупателя", "Name of the buyer"), Ans::max(256), [Some(256), Some(100), Some(256)], From1_2, MustEcho, Personal),
    row(Key::OperationName, "operatingCheckProps.name", (1271, Some(1270)), ("Идентификатор операции, «0»", "Operation id, \"0\""), Ans::any(), [Some(1), Some(40), Some(1)], From1_2, MustEcho, Plain),
    row(Key::OperationMoment, "operatingCheckProps.timestamp", (1273, Some(1270)), ("Дата и время операции, dd.mm.yyyy HH:MM:SS", "Date and time of the operation, dd.mm.yyyy HH:MM:SS"), Ns::exact(19), [None, Some(19), Some(19)], From1_2, MustEcho, Plain),
    row(Key::OperationValue, "operatingCheckProps.value", (1272, Some(1270)), ("Данные операции", "Data of the operation"), Ans::max(64), [Some(64), Some(64), Some(64)], From1_2, MustEcho, Personal),
    row(Key::SectorDate, "sectoralCheckProps.date", (1263, Some(1261)), ("Дата нормативного акта, dd.mm.yyyy", "Date of the act, dd.mm.yyyy"), Ns::exact(10), [Some(10), Some(10), Some(10)], From1_2, MustEcho, Plain),
    row(Key::SectorBody, "sectoralCheckProps.federalId", (1262, Some(1261)), ("Идентификатор ФОИВ", "Federal executive body"), Ans::any(), [Some(3), Some(3), Some(3)], From1_2, MustEcho, Plain),
    row(Key::SectorNumber, "sectoralCheckProps.number", (1264, Some(1261)), ("Номер нормативного акта", "Number of the act"), N::max(32), [Some(32), Some(32), Some(32)], From1_2, MustEcho, Plain),
    row(Key::SectorValue, "sectoralCheckProps.value", (1265, Some(1261)), ("Значение отраслевого реквизита", "Value of the sectoral requisite"), Ans::max(256), [Some(256), Some(256), Some(256)], From1_2, MustEcho, Personal),
    row(Key::MachineNumber, "company.automat_number", (1036, None), ("Номер автомата", "Number of the vending machine"), Ans::max(20), [Some(20), None, Some(20)], Both, MustEcho, Plain),
    row(Key::SettlementAddress, "company.location", (1009, None), ("Адрес расчётов", "Address of the settlement"), Ans::max(243), [Some(256), None, Some(256)], Both, MustEcho, Plain),
    row(Key::SettlementPlace, "company.payment_address", (1187, None), ("Место расчётов (для интернет-магазина — сайт)", "Place of the settlement (a web shop's site)"), Ans::max(243), [Some(256), Some(256), Some(256)], Both, MustEcho, Plain),
];

#[expect(clippy::too_many_arguments, reason = "a row of a table")]
const fn row(
    key: Key,
    name: &'static str,
    (tag, inside): (u16, Option<u16>),
    (ru, en): (&'static str, &'static str),
    old: Format,
    [ffd, ecom, atol]: [Option<u16>; 3],
    versions: Versions,
    at_refund: AtRefund,
    privacy: Privacy,
) -> KeyDef {
    KeyDef { key, name, tag, inside, ru, en, old, ffd, ecom, atol, versions, at_refund, privacy }
}
