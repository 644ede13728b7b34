//! The ECOM dialect's orders in tests: made by its own calls, paid through the control API.

use serde_json::{Value, json};

use crate::support::{Answer, Bench, JSON};

pub(crate) const V1: &str = "/ecomm/gw/partner/api/v1";
pub(crate) const OFD: &str = "/ecomm/gw/partner/api/ofd/v1";
/// An order made through the control API: 470.00, no cart.
pub(crate) const ORDER: &str = "a67b0ced-c9a4-4cfb-bce3-b9595afaafc1";

/// Texts of the gateway's own error table, by hand.
pub(crate) const DONE: &str = "Обработка запроса прошла без системных ошибок";
pub(crate) const ACCEPTED: &str = "Запрос принят в обработку";
pub(crate) const MANDATORY: &str =
    "В запросе не передан обязательный параметр или передан некорректный обязательный параметр";
pub(crate) const INVALID: &str = "Ошибка валидации данных запроса";
pub(crate) const DENIED: &str = "Доступ запрещен";
pub(crate) const EXCEEDS: &str = "Общая сумма возвратов превышает сумму заказа";
pub(crate) const CART_TOTAL: &str = "Сумма товарных позиций в Корзине не совпадает с общей суммой заказа";
pub(crate) const CART_CURRENCY: &str = "Валюта в Корзине не совпадает с валютой заказа";
pub(crate) const CART_FORMAT: &str = "Неверный формат корзины";

/// What a reply must be: `{"errorCode":code,"errorMessage":text}` and nothing else.
pub(crate) fn head(code: &str, text: &str) -> String {
    format!(r#"{{"errorCode":"{code}","errorMessage":"{text}"}}"#)
}

/// `members` with credentials of the `refund.do` document.
pub(crate) fn signed(members: Value) -> Value {
    let mut request = json!({"userName": "username-api", "password": "testPwd"});
    for (name, value) in members.as_object().expect("an object") {
        request[name] = value.clone();
    }
    request
}

/// The two lines most tests sell: two packs of tea at 100.00, 0.7 kg of sugar at 100.00.
pub(crate) fn items() -> Value {
    json!([item("1", "Чай", "tea", "2", 10_000, 20_000), item("2", "Сахар", "sugar", "0.7", 10_000, 7_000)])
}

/// One line as the official samples have it. `quantity` is JSON text, so that its digits are the test's.
pub(crate) fn item(position: &str, name: &str, code: &str, quantity: &str, price: u64, amount: u64) -> Value {
    let quantity: Value = serde_json::from_str(quantity).expect("a number");
    json!({
        "positionId": position, "name": name, "itemCode": code,
        "quantity": {"value": quantity, "measure": "0"},
        "itemPrice": price, "itemAmount": amount,
        "paymentMethod": "full_payment", "paymentObject": "1", "tax": {"taxType": 2}
    })
}

/// A bundle that asks for a receipt of these lines.
pub(crate) fn bundle(receipt_type: &str, items: Value) -> Value {
    let total: u64 =
        items.as_array().expect("lines").iter().filter_map(|item| item["itemAmount"].as_u64()).sum();
    json!({
        "ffdVersion": "1.2", "receiptType": receipt_type,
        "company": {"email": "shop@test.ru", "sno": "osn", "inn": "5027119066", "paymentAddress": "https://test.ru"},
        "payments": [{"type": 1, "sum": total}], "total": total,
        "cartItems": {"items": items}
    })
}

/// A bundle that asks for none.
pub(crate) fn plain(items: Value) -> Value {
    json!({"cartItems": {"items": items}})
}

impl Bench {
    /// A sandbox with [`ORDER`], paid.
    pub(crate) async fn ecom() -> Self {
        let bench = Self::strict().await;
        let order =
            json!({"gateway": "sber-ecom", "order_number": "E-1", "order_id": ORDER, "amount": 47_000});
        assert_eq!(bench.control("POST", "payments", &order.to_string()).await, json!({"order_id": ORDER}));
        bench
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, JSON, body.to_string().as_bytes()).await
    }

    /// Calls an operation of the version-1 API.
    pub(crate) async fn v1(&self, operation: &str, members: Value) -> Answer {
        self.post(&format!("{V1}/{operation}"), &signed(members)).await
    }

    /// The same, where the reply must be exactly this head.
    pub(crate) async fn v1_says(&self, operation: &str, members: Value, code: &str, text: &str) {
        let answer = self.v1(operation, members.clone()).await;
        assert_eq!((answer.status, answer.body), (200, head(code, text)), "{operation} {members}");
    }

    pub(crate) async fn ofd(&self, operation: &str, members: Value) -> Answer {
        self.post(&format!("{OFD}/{operation}"), &signed(members)).await
    }

    pub(crate) async fn ecom_status(&self, order: &str) -> Value {
        self.v1("getOrderStatusExtended.do", json!({"orderId": order})).await.json()
    }

    /// Registers an order of these members (amount and whatever else) and answers its id.
    pub(crate) async fn registered(&self, operation: &str, members: Value) -> String {
        let mut request =
            json!({"orderNumber": "R-1", "returnUrl": "https://shop.test/back", "email": "a@b.ru"});
        for (name, value) in members.as_object().expect("an object") {
            request[name] = value.clone();
        }
        let answer = self.v1(operation, request).await.json();
        assert_eq!((&answer["errorCode"], &answer["errorMessage"]), (&"0".into(), &DONE.into()), "{answer}");
        answer["orderId"].as_str().expect("an id").to_owned()
    }

    pub(crate) async fn pay(&self, order: &str) -> Value {
        let deed = json!({"gateway": "sber-ecom", "id": order, "action": "pay"});
        self.control("POST", "cabinet", &deed.to_string()).await
    }

    /// An order of 270.00 with [`items`] that asked for a receipt, paid.
    pub(crate) async fn sold(&self) -> String {
        let order = json!({"amount": 27_000, "orderBundle": bundle("sell", items())});
        let id = self.registered("register.do", order).await;
        assert_eq!(self.pay(&id).await, json!({"paid": 27_000}));
        id
    }
}
