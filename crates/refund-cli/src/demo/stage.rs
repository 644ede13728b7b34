//! What the scenes play on: a running sandbox, a folder with settings and secrets, a journal, an engine.

use super::{control::Control, control::SharedClock, words};
use crate::{
    args::{Detail, Global},
    printer::Output,
    setup::Setup,
    workplace,
};
use refund_core::{Clock as _, IntentId, IntentKey, Message, WallTime};
use refund_desk::{Kind, Problem, files, ops};
use refund_engine::{Engine, ManualClock, NewRefund, Timer, codec::Note};
use refund_http::{HttpTransport, PlainHttp};
use refund_sandbox::{Running, Sandbox, shops};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

/// When the demonstration begins: 2026-11-20 12:00 in Moscow. Fixed, so that every run tells the same times.
const BEGINS_UNIX_SECONDS: i64 = 1_795_165_200;

/// What the scenes play on.
pub(super) struct Stage {
    pub(super) control: Control,
    pub(super) engine: Engine,
    pub(super) clock: ManualClock,
    pub(super) timer: Arc<dyn Timer>,
    pub(super) folder: PathBuf,
    pub(super) program: Option<PathBuf>,
    sandbox: Running,
    /// The sandbox's ledger knows Robokassa's payments by operation key, the journal by invoice.
    op_keys: Mutex<BTreeMap<String, String>>,
    // Removed with everything in it when the stage goes.
    _temporary: Option<tempfile::TempDir>,
}

impl Stage {
    /// Starts the sandbox on a free port of this machine and opens a journal.
    pub(super) async fn build(keep: Option<&Path>, setup: &Setup) -> Result<Self, Problem> {
        let (folder, temporary) = folder(keep, setup)?;
        let sandbox =
            Sandbox::builder().starts_at(BEGINS_UNIX_SECONDS).start().await.map_err(|e| failed(&e))?;
        let clock = ManualClock::starting(WallTime(BEGINS_UNIX_SECONDS * 1_000));
        let transport =
            HttpTransport::builder(Arc::new(clock.clone())).plain_http(PlainHttp::LoopbackOnly).build();
        let control = Control::new(Arc::new(transport.map_err(|error| failed(&error))?), sandbox.url());
        let timer: Arc<dyn Timer> = Arc::new(SharedClock::new(clock.clone(), control.clone()));
        write_settings(&folder, &sandbox.url())?;
        let inner = bare(&timer, &folder);
        let engine = workplace::engine_for_all(&global(&folder), &inner).await?;
        let program = setup.program.clone();
        Ok(Self {
            control,
            engine,
            clock,
            timer,
            folder,
            program,
            sandbox,
            op_keys: Mutex::default(),
            _temporary: temporary,
        })
    }

    pub(super) async fn close(self) {
        self.sandbox.stop().await;
    }

    /// Lets so many seconds pass, for engine and sandbox.
    pub(super) async fn pass(&self, seconds: u64) {
        let until = self.clock.now().after(std::time::Duration::from_secs(seconds));
        self.timer.wait_until(until).await;
    }

    /// A paid Robokassa operation.
    pub(super) async fn pay_robokassa(&self, invoice: u64, roubles: &str) -> Result<(), Problem> {
        let body = json!({ "gateway": "robokassa", "inv_id": invoice, "sum": roubles });
        let paid = self.control.post("payments", &body).await?;
        let op_key = paid["op_key"].as_str().unwrap_or_default().to_owned();
        self.op_keys.lock().expect("nobody panics while writing").insert(invoice.to_string(), op_key);
        Ok(())
    }

    /// The id under which the sandbox's ledger has a payment.
    pub(super) fn ledger_id(&self, payment: &str) -> String {
        let op_keys = self.op_keys.lock().expect("nobody panics while reading");
        op_keys.get(payment).cloned().unwrap_or_else(|| payment.to_owned())
    }

    /// A paid Sber order.
    pub(super) async fn pay_sber(&self, order_id: &str, number: &str, kopecks: i64) -> Result<(), Problem> {
        self.pay_sber_with_cart(order_id, number, kopecks, &json!([])).await
    }

    /// A paid Sber order that was registered with a cart, in Sber's own names.
    pub(super) async fn pay_sber_with_cart(
        &self,
        order_id: &str,
        number: &str,
        kopecks: i64,
        cart: &Value,
    ) -> Result<(), Problem> {
        let body = json!({
            "gateway": "sber-old", "order_number": number, "amount": kopecks, "order_id": order_id, "cart": cart,
        });
        self.control.post("payments", &body).await.map(drop)
    }

    /// A file in the stage's folder.
    pub(super) fn write(&self, name: &str, content: &Value) -> Result<PathBuf, Problem> {
        let file = self.folder.join(name);
        std::fs::write(&file, format!("{content:#}\n")).map_err(|error| failed(&error))?;
        Ok(file)
    }

    /// A fault for the next refund call.
    pub(super) async fn fault(&self, gateway: &str, fault: &str) -> Result<(), Problem> {
        let body = json!({ "gateway": gateway, "operation": "refund", "fault": fault, "times": 1 });
        self.control.post("faults", &body).await.map(drop)
    }

    /// How many refund requests a gateway has received.
    pub(super) async fn refund_requests(&self, gateway: &str) -> Result<usize, Problem> {
        let path =
            if gateway == "robokassa" { "/RefundService/Refund/Create" } else { "/payment/rest/refund.do" };
        let answer = self.control.get("requests").await?;
        let requests = answer["requests"].as_array().cloned().unwrap_or_default();
        Ok(requests.iter().filter(|request| request["path"] == path).count())
    }

    /// A request file of these fields, written and turned into a refund as `create` does.
    pub(super) fn request(
        &self,
        key: &str,
        gateway: &str,
        order: &str,
        fields: &Value,
    ) -> Result<NewRefund, Problem> {
        let mut content =
            json!({ "schema": "refund/request@1", "key": key, "gateway": gateway, "order": order });
        for (name, value) in fields.as_object().into_iter().flatten() {
            content[name] = value.clone();
        }
        let file = self.write(&format!("{key}.json"), &content)?;
        let request = files::read_request(&file)?;
        let settings = workplace::settings(&global(&self.folder), &self.bare_setup())?;
        let profile = settings.choose(gateway, None)?;
        let provider = workplace::provider(&self.bare_setup(), profile)?.describe().id.clone();
        let command = request.command(provider, profile.account.clone());
        let key = IntentKey::parse(key).expect("the scenes' keys are identifiers");
        let note = Note { actor: "demo".to_owned(), reason: "demonstration".to_owned(), ..Note::default() };
        Ok(NewRefund { key, command, note })
    }

    fn bare_setup(&self) -> Setup {
        bare(&self.timer, &self.folder)
    }

    /// Where the refund stands, and its history.
    pub(super) async fn shown(
        &self,
        intent: IntentId,
    ) -> Result<(ops::Told, Vec<refund_desk::view::RecordView>), Problem> {
        ops::show(&self.engine, &intent.to_string(), refund_desk::view::Bytes::Shown).await
    }

    /// What the sandbox says of one payment: captured and refunded, in kopecks.
    pub(super) async fn ledger_of(&self, payment: &str) -> Result<Option<(i64, i64)>, Problem> {
        let (id, payments) = (self.ledger_id(payment), self.ledger().await?);
        let found = payments.iter().find(|row| row["id"] == id.as_str());
        Ok(found.and_then(|row| Some((row["captured"].as_i64()?, row["refunded"].as_i64()?))))
    }

    pub(super) async fn ledger(&self) -> Result<Vec<Value>, Problem> {
        let ledger = self.control.get("ledger").await?;
        Ok(ledger["payments"].as_array().cloned().unwrap_or_default())
    }
}

/// Surroundings without the operator's own settings: the demonstration reads no variable.
fn bare(timer: &Arc<dyn Timer>, folder: &Path) -> Setup {
    let environment = BTreeMap::new();
    Setup { timer: timer.clone(), folder: folder.to_owned(), environment, ..Setup::process() }
}

/// The settings of the demonstration, whoever runs them.
pub(super) fn global(folder: &Path) -> Global {
    Global {
        config: Some(folder.join("refund.toml")),
        profile: None,
        journal: Some(folder.join("journal.sqlite")),
        lang: None,
        output: Output::Table,
        detail: Detail::Plain,
    }
}

fn folder(keep: Option<&Path>, setup: &Setup) -> Result<(PathBuf, Option<tempfile::TempDir>), Problem> {
    match keep {
        Some(named) => {
            let folder = setup.folder.join(named);
            if folder.join("journal.sqlite").exists() {
                let message = Message::new(&words::KEPT).with("folder", folder.display());
                return Err(Problem::new(Kind::Usage, message).at("--keep"));
            }
            std::fs::create_dir_all(&folder).map_err(|error| failed(&error))?;
            Ok((folder, None))
        }
        None => {
            let temporary = tempfile::tempdir().map_err(|error| failed(&error))?;
            Ok((temporary.path().to_owned(), Some(temporary)))
        }
    }
}

/// Settings and secrets as an operator has them; the secrets are the sandbox's public test keys.
fn write_settings(folder: &Path, url: &str) -> Result<(), Problem> {
    let secrets = [
        ("password2", shops::ROBOKASSA_PASSWORD2),
        ("password3", shops::ROBOKASSA_PASSWORD3),
        ("sber-password", shops::SBER_PASSWORD),
    ];
    for (name, value) in secrets {
        write_private(&folder.join(name), value).map_err(|error| failed(&error))?;
    }
    let login = shops::ROBOKASSA_LOGIN;
    let user = shops::SBER_USER;
    let settings = format!(
        r#"[profiles.robokassa-demo]
gateway = "robokassa"
account = "{login}"
environment = "sandbox"
url = "{url}"
secrets = {{ password2 = {{ file = "password2" }}, password3 = {{ file = "password3" }} }}

[profiles.sber-demo]
gateway = "sber"
account = "{user}"
environment = "sandbox"
url = "{url}"
options = {{ actors = "only_us" }}
secrets = {{ password = {{ file = "sber-password" }} }}
"#
    );
    std::fs::write(folder.join("refund.toml"), settings).map_err(|error| failed(&error))
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

fn failed(error: &dyn std::fmt::Display) -> Problem {
    Problem::new(Kind::Internal, Message::new(&words::STAGE).with("detail", error))
}
