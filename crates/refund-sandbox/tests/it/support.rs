//! A sandbox of one's own and the smallest HTTP client that can talk to it.
//!
//! The client is written here, on a bare socket, so that a test sees every byte and every missing one.

use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use refund_sandbox::{Mode, Running, Sandbox};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const OP_KEY: &str = "0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";
pub(crate) const CREATE: &str = "/RefundService/Refund/Create";
pub(crate) const REFUND_DO: &str = "/payment/rest/refund.do";
pub(crate) const STATUS_DO: &str = "/payment/rest/getOrderStatusExtended.do";
/// Credentials of the `refund.do` document.
pub(crate) const WHO: &str = "userName=username-api&password=testPwd";
/// 2026-11-21T09:00:00Z.
pub(crate) const START: i64 = 1_795_251_600;

/// One reply, or what there was of it.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// 0 if the connection closed without a byte.
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    fn of(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            return Self { status: 0, head: text, body: String::new() };
        };
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }
}

/// A running sandbox and the calls tests make to it.
pub(crate) struct Bench {
    pub(crate) running: Running,
}

impl Bench {
    pub(crate) async fn strict() -> Self {
        Self::in_mode(Mode::Strict).await
    }

    pub(crate) async fn in_mode(mode: Mode) -> Self {
        let running = Sandbox::builder().mode(mode).starts_at(START).start().await.expect("a free port");
        Self { running }
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.running.addr()
    }

    /// Sends bytes as they are and reads until the other side closes.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.addr()).await.expect("the sandbox listens");
        // The other side may close while we still write; what it said before is what counts.
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        answer
    }

    pub(crate) async fn send(&self, method: &str, path: &str, media_type: &str, body: &[u8]) -> Answer {
        let media_type =
            if media_type.is_empty() { String::new() } else { format!("Content-Type: {media_type}\r\n") };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n{media_type}Content-Length: {}\r\n\r\n",
            body.len()
        );
        Answer::of(&self.raw(&[head.as_bytes(), body].concat()).await)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", b"").await
    }

    /// A control call that must succeed.
    pub(crate) async fn control(&self, method: &str, path: &str, body: &str) -> Value {
        let answer = self.send(method, &format!("/_sandbox/{path}"), "", body.as_bytes()).await;
        assert_eq!(answer.status, 200, "{path} {body}: {answer:?}");
        answer.json()
    }

    pub(crate) async fn switch(&self, name: &str, value: impl Into<Value>) {
        let body = serde_json::json!({ name: value.into() });
        self.control("POST", "switches", &body.to_string()).await;
    }

    /// `fault` strikes `operation` of `gateway` once.
    pub(crate) async fn fault(&self, gateway: &str, operation: &str, fault: &str) {
        let body = serde_json::json!({ "gateway": gateway, "operation": operation, "fault": fault });
        self.control("POST", "faults", &body.to_string()).await;
    }

    pub(crate) async fn advance(&self, seconds: u64) {
        self.control("POST", "clock", &format!("{{\"advance_seconds\":{seconds}}}")).await;
    }

    /// The ledger's entry of a payment.
    pub(crate) async fn payment(&self, id: &str) -> Value {
        let ledger = self.control("GET", "ledger", "").await;
        let found = ledger["payments"].as_array().expect("a list").iter().find(|payment| payment["id"] == id);
        found.unwrap_or_else(|| panic!("no {id} in {ledger}")).clone()
    }

    pub(crate) async fn refunded(&self, id: &str) -> u64 {
        self.payment(id).await["refunded"].as_u64().expect("kopecks")
    }

    /// `Refund/Create` as a careful client sends it: the token as a JSON string.
    pub(crate) async fn create(&self, token: &str) -> Answer {
        self.send("POST", CREATE, JSON, format!("\"{token}\"").as_bytes()).await
    }

    /// The same for a payload signed with the shop's Password3. Answers the request id.
    pub(crate) async fn create_accepted(&self, payload: &str) -> String {
        let answer = self.create(&token(payload)).await;
        let id = answer.json()["requestId"].as_str().map(str::to_owned);
        id.unwrap_or_else(|| panic!("{payload}: {answer:?}"))
    }

    pub(crate) async fn form(&self, path: &str, form: &str) -> Answer {
        self.send("POST", path, FORM, form.as_bytes()).await
    }
}

/// A token signed with `password3-test`, HS256, header as on the refund API page.
pub(crate) fn token(payload: &str) -> String {
    token_with(r#"{"alg":"HS256","typ":"JWT"}"#, payload, b"password3-test")
}

pub(crate) fn token_with(header: &str, payload: &str, key: &[u8]) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// Percent-encodes everything but letters and digits.
pub(crate) fn encoded(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(byte).collect()
}
