//! A shop to refund in: a real sandbox over HTTP, a real journal in a folder of its own, the command in this process
//! with captured streams, and one clock that moves engine and sandbox together. It must not know what a test expects.

use crate::control::{Control, SharedClock};
use refund_cli::{
    Setup,
    gateways::built_in,
    run,
    setup::{Answers, Stream},
};
use refund_core::WallTime;
use refund_engine::{ManualClock, Timer};
use refund_sandbox::{Running, Sandbox};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

/// 2026-11-20 12:00 in Moscow.
pub(crate) const BEGINS: i64 = 1_795_165_200;
/// An order id as Sber prints them: 36 characters.
pub(crate) const SBER_ORDER: &str = "2f6a5d10-7c1e-4b52-9a55-000000000001";
/// An operation key as Robokassa prints them.
pub(crate) const OP_KEY: &str = "0005F891-8CCD-434B-8455-000000001001";
/// The language of a run.
pub(crate) const LANGUAGES: [&str; 2] = ["ru", "en"];
/// The settle window of both gateways and the life of a permit, with a second to spare.
pub(crate) const WINDOW_SECONDS: u64 = 15 * 60 + 6;

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) line: String,
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Both streams in one text, as a person sees them.
    pub(crate) fn shown(&self) -> String {
        format!(
            "$ refund {}\n[exit {}]\n-- stdout\n{}-- stderr\n{}",
            self.line, self.code, self.out, self.err
        )
    }
}

/// Everything a command must not lose or change by mistake.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) ledger: Value,
    pub(crate) refund_requests: usize,
    pub(crate) journal: Vec<String>,
}

/// A merchant with one Robokassa payment of 1500.00 (invoice 1001) and one Sber order of 470.00.
pub(crate) struct Shop {
    pub(crate) control: Control,
    pub(crate) clock: ManualClock,
    pub(crate) lang: &'static str,
    pub(crate) environment: BTreeMap<String, String>,
    timer: Arc<dyn Timer>,
    folder: tempfile::TempDir,
    sandbox: Option<Running>,
    url: String,
}

impl Shop {
    pub(crate) async fn open(lang: &'static str) -> Self {
        let sandbox = loop {
            let sandbox = Sandbox::builder().starts_at(BEGINS).start().await.expect("a free port");
            // Tables are as wide as what stands in them: every port has five digits here.
            if sandbox.addr().port() >= 10_000 {
                break sandbox;
            }
        };
        let url = sandbox.url();
        let clock = ManualClock::starting(WallTime(BEGINS * 1_000));
        let control = Control::new(&url);
        let timer = Arc::new(SharedClock::new(clock.clone(), control.clone()));
        let folder = tempfile::tempdir().expect("a folder");
        let environment = BTreeMap::from([("REFUND_ACTOR".to_owned(), "anna".to_owned())]);
        let shop = Self { control, clock, lang, environment, timer, folder, sandbox: Some(sandbox), url };
        shop.secret("p2", "password2-test");
        shop.secret("p3", "password3-test");
        shop.secret("sp", "demo-password");
        shop.write("refund.toml", &shop.settings());
        shop.pay().await;
        shop
    }

    /// The payments every shop begins with.
    async fn pay(&self) {
        let robokassa = json!({"gateway":"robokassa","inv_id":1001,"sum":"1500.00","op_key":OP_KEY});
        self.control.post("payments", robokassa).await;
        let sber = json!({"gateway":"sber-old","order_number":"A-1","amount":47_000,"order_id":SBER_ORDER});
        self.control.post("payments", sber).await;
    }

    /// The settings of this shop, as TOML.
    pub(crate) fn settings(&self) -> String {
        let url = &self.url;
        format!(
            r#"journal = "journal.sqlite"

[profiles.shop-rk]
gateway = "robokassa"
account = "demo"
environment = "sandbox"
url = "{url}"
secrets = {{ password2 = {{ file = "p2" }}, password3 = {{ file = "p3" }} }}

[profiles.shop-sber]
gateway = "sber"
account = "demo-api"
environment = "sandbox"
url = "{url}"
options = {{ actors = "only_us" }}
secrets = {{ password = {{ file = "sp" }} }}
"#
        )
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.file(name), text).expect("written");
    }

    /// A file that only its owner can read.
    pub(crate) fn secret(&self, name: &str, text: &str) {
        self.write(name, text);
        self.mode(name, 0o600);
    }

    pub(crate) fn mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.file(name), fs::Permissions::from_mode(mode)).expect("set");
    }

    /// A request file of the Robokassa payment.
    pub(crate) fn robokassa(&self, key: &str, amount: Option<&str>) -> String {
        self.request(key, "robokassa", "1001", amount)
    }

    /// A request file of the Sber order.
    pub(crate) fn sber(&self, key: &str, amount: Option<&str>) -> String {
        self.request(key, "sber", SBER_ORDER, amount)
    }

    /// Writes a request file and answers with its name; without an amount it is a full refund.
    pub(crate) fn request(&self, key: &str, gateway: &str, order: &str, amount: Option<&str>) -> String {
        let mut request = json!({
            "schema": "refund/request@1", "key": key, "gateway": gateway, "order": order,
            "reason": "товар вернули",
        });
        match amount {
            Some(amount) => request["amount"] = json!(amount),
            None => request["full"] = json!(true),
        }
        let name = format!("{key}.json");
        self.write(&name, &request.to_string());
        name
    }

    /// Writes a request file of these fields beside schema, key and reason, and answers with its name.
    pub(crate) fn asking(&self, key: &str, gateway: &str, order: &str, fields: &Value) -> String {
        let mut request = json!({
            "schema": "refund/request@1", "key": key, "gateway": gateway, "order": order,
            "reason": "товар вернули",
        });
        let request_fields = request.as_object_mut().expect("an object");
        request_fields.extend(fields.as_object().expect("an object").clone());
        let name = format!("{key}.json");
        self.write(&name, &request.to_string());
        name
    }

    /// The refund requests a gateway received, as it received them, secrets masked.
    pub(crate) async fn refund_bodies(&self) -> Vec<Value> {
        let answer = self.control.get("requests").await;
        let requests = answer["requests"].as_array().expect("a list").clone();
        requests.into_iter().filter(|request| request["operation"] == "refund").collect()
    }

    /// What the gateway's books say of a payment.
    pub(crate) async fn ledger_row(&self, id: &str) -> Value {
        let ledger = self.control.get("ledger").await;
        let rows = ledger["payments"].as_array().expect("a list");
        rows.iter().find(|row| row["id"] == id).expect("the payment").clone()
    }

    /// Runs the command with nobody to answer questions.
    pub(crate) async fn run(&self, line: &str) -> Ran {
        self.answering(line, Answers::Nobody).await
    }

    /// Runs the command; arguments are split at blanks, `+` in one stands for a blank.
    pub(crate) async fn answering(&self, line: &str, answers: Answers) -> Ran {
        let (out, err) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let words = ["refund", "--lang", self.lang].into_iter().map(str::to_owned);
        let words = words.chain(line.split_whitespace().map(|word| word.replace('+', " ")));
        let setup = Setup {
            gateways: built_in(),
            timer: self.timer.clone(),
            out: out.clone() as Stream,
            err: err.clone() as Stream,
            answers,
            environment: self.environment.clone(),
            folder: self.path().to_owned(),
            program: None,
        };
        let exit = run(words.map(OsString::from).collect(), setup).await;
        let text = |stream: &Mutex<Vec<u8>>| {
            String::from_utf8(stream.lock().expect("no panic").clone()).expect("the command writes UTF-8")
        };
        Ran { line: line.to_owned(), code: exit.code(), out: text(&out), err: text(&err) }
    }

    /// A fault for the next call of this kind.
    pub(crate) async fn fault(&self, gateway: &str, operation: &str, fault: &str) {
        let body = json!({ "gateway": gateway, "operation": operation, "fault": fault, "times": 1 });
        self.control.post("faults", body).await;
    }

    /// Lets time pass, for engine and sandbox.
    pub(crate) async fn pass(&self, seconds: u64) {
        use refund_core::Clock as _;
        self.timer.wait_until(self.clock.now().after(std::time::Duration::from_secs(seconds))).await;
    }

    /// How many requests that move money reached a gateway.
    pub(crate) async fn refund_requests(&self) -> usize {
        self.requests("refund").await
    }

    /// How many questions about an acknowledged refund did.
    pub(crate) async fn status_requests(&self) -> usize {
        self.requests("status").await
    }

    async fn requests(&self, operation: &str) -> usize {
        let answer = self.control.get("requests").await;
        let requests = answer["requests"].as_array().expect("a list");
        requests.iter().filter(|request| request["operation"] == operation).count()
    }

    /// The gateway's books, how often money was asked for, and every refund of the journal with its history.
    pub(crate) async fn kept(&self) -> Kept {
        let listed = self.run("list --limit 0 --output json").await;
        assert_eq!(listed.code, 0, "{listed:?}");
        let list: Value = serde_json::from_str(&listed.out).expect("JSON");
        let mut journal = vec![listed.out.clone()];
        for refund in list["refunds"].as_array().expect("a list") {
            let intent = refund["intent"].as_str().expect("an id");
            let shown = self.run(&format!("show {intent} -v --output json")).await.out;
            let shown: Value = serde_json::from_str(&shown).expect("JSON");
            // What is advised depends on what can be done here; what is on record does not.
            journal.push(format!("{} {}", shown["refund"], shown["history"]));
        }
        Kept {
            ledger: self.control.get("ledger").await,
            refund_requests: self.refund_requests().await,
            journal,
        }
    }

    /// Leaves a confirmed refund `key` in the journal of which nothing was sent: another one is in its way.
    pub(crate) async fn confirmed(&self, key: &str) -> String {
        let first = self.robokassa("in-the-way", Some("1.00"));
        self.fault("robokassa", "refund", "drop_after_commit").await;
        assert_eq!(self.run(&format!("create {first} --yes")).await.code, 6);
        let file = self.robokassa(key, Some("50.00"));
        let waits = self.run(&format!("create {file} --yes")).await;
        assert_eq!(waits.code, 3, "{waits:?}");
        file
    }

    /// Puts a gateway back on the network, at the same address and with the same payments, none of them refunded.
    pub(crate) async fn open_gateway(&mut self) {
        let address = self.url.trim_start_matches("http://").parse().expect("an address");
        let sandbox =
            Sandbox::builder().starts_at(BEGINS).listen(address).start().await.expect("the same port");
        self.sandbox = Some(sandbox);
        self.pay().await;
    }

    /// Takes the gateway off the network.
    pub(crate) async fn close_gateway(&mut self) {
        self.sandbox.take().expect("it was open").stop().await;
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}
