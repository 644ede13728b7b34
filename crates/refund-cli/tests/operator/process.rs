//! The real binary, as a process: demonstration, sandbox, interrupts, help.

use crate::{control::Control, shop::Shop, tale::parsed};
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

/// Far more than anything here takes; only a hang is that long.
const HANG: Duration = Duration::from_secs(60);

fn refund(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_refund"));
    command.args(args).env_clear().env("HOME", "/nonexistent").stdin(Stdio::null());
    command
}

fn ended(args: &[&str]) -> Output {
    assert_cmd::Command::from_std(refund(args)).timeout(HANG).output().expect("it starts and ends")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn interrupt(child: &Child) {
    signal(child, "-INT");
}

fn signal(child: &Child, which: &str) {
    let sent = Command::new("kill").args([which, &child.id().to_string()]).status().expect("kill is there");
    assert!(sent.success());
}

#[test]
fn the_demonstration_ends_equal_to_the_kopeck() {
    for (lang, equal) in [("ru", "Сходится до копейки"), ("en", "Equal to the kopeck")] {
        let ran = ended(&["demo", "-v", "--lang", lang]);
        let (out, err) = (text(&ran.stdout), text(&ran.stderr));
        assert_eq!((ran.status.code(), err), (Some(0), ""), "{out}");
        assert!(out.contains(equal), "{out}");
        assert_eq!(out.matches("=== ").count(), 9, "eight scenes and the ledger: {out}");
        assert!(out.contains("cart-quantity-remaining (lines[0].quantity)"), "{out}");
        for secret in ["password2-test", "password3-test", "demo-password", "eyJ"] {
            assert!(!out.contains(secret), "{secret}: {out}");
        }
    }
}

#[test]
fn the_demonstration_is_one_document() {
    let ran = ended(&["demo", "--output", "json"]);
    assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
    let document = parsed(text(&ran.stdout));
    assert_eq!((&document["schema"], &document["equal"]), (&"refund/demo@1".into(), &true.into()));
    let scenes: Vec<_> =
        document["scenes"].as_array().expect("scenes").iter().map(|scene| scene["id"].clone()).collect();
    assert_eq!(
        scenes,
        [
            "robokassa-full",
            "sber-full",
            "robokassa-cart",
            "sber-cart",
            "sber-penalty",
            "sber-reply-lost",
            "robokassa-reply-lost",
            "worker-killed"
        ]
    );
    for scene in document["scenes"].as_array().expect("scenes") {
        assert_eq!(scene["refund"]["state"], "settled", "{scene}");
    }
    let ledger = document["ledger"].as_array().expect("a table");
    let told: Vec<_> = ledger
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().expect("a text").to_owned();
            assert_eq!((&row["ledger"], &row["equal"]), (&row["journal"], &true.into()), "{row}");
            assert_eq!(row["refunds"], row["intended"], "{row}");
            (text("captured"), text("ledger"), row["refunds"].as_u64().expect("a number"))
        })
        .collect();
    let expected = [
        ("1500.00", "1500.00", 1),
        ("999.99", "999.99", 1),
        // A packet of tea and half a kilogram of honey: 500.00 + 150.05.
        ("1450.15", "650.05", 1),
        ("2350.00", "2350.00", 1),
        ("470.00", "470.00", 1),
        ("1280.50", "1280.50", 1),
        // Two packets of tea, one after the other; the request for two more was stopped.
        ("650.15", "200.00", 2),
        ("5000.00", "5000.00", 1),
    ];
    assert_eq!(told, expected.map(|(paid, back, times)| (paid.to_owned(), back.to_owned(), times)));
}

/// The operator's own settings have no part in it.
#[test]
fn the_demonstration_needs_no_settings() {
    let mut command = refund(&["demo"]);
    command.env("REFUND_JOURNAL", "/nonexistent/journal").env("REFUND_PROFILES__X__GATEWAY", "nobody");
    let ran = assert_cmd::Command::from_std(command).timeout(HANG).output().expect("it ends");
    assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sandbox_says_where_it_listens_answers_and_stops() {
    let mut command = refund(&["sandbox", "--listen", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut out = BufReader::new(child.stdout.take().expect("piped"));
    let mut first = String::new();
    out.read_line(&mut first).expect("a line");
    let url =
        first.trim_end().strip_prefix("listening on ").unwrap_or_else(|| panic!("{first:?}")).to_owned();
    let port: u16 = url.strip_prefix("http://127.0.0.1:").expect("loopback").parse().expect("a port");
    assert_ne!(port, 0);
    let ledger = Control::new(&url).get("ledger").await;
    assert!(ledger["payments"].is_array(), "{ledger}");
    interrupt(&child);
    let status = child.wait().expect("it ends");
    let (mut rest, mut err) = (String::new(), String::new());
    out.read_to_string(&mut rest).expect("text");
    child.stderr.take().expect("piped").read_to_string(&mut err).expect("text");
    assert_eq!((status.code(), rest.as_str(), err.as_str()), (Some(0), "", ""), "a clean end");
}

#[test]
fn a_sandbox_where_somebody_listens_already_says_so() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let ran = ended(&["sandbox", "--listen", &address]);
    let err = text(&ran.stderr);
    assert_eq!((ran.status.code(), text(&ran.stdout)), (Some(4), ""), "{err}");
    assert!(err.contains(&address) && err.contains("in use"), "{err}");
}

#[test]
fn help_and_version_are_data() {
    let version = ended(&["--version"]);
    assert_eq!((version.status.code(), text(&version.stderr)), (Some(0), ""));
    assert_eq!(text(&version.stdout), format!("refund {}\n", env!("CARGO_PKG_VERSION")));
    let mut russian = refund(&["--help"]);
    russian.env("LANG", "ru_RU.UTF-8");
    let help = russian.output().expect("it ends");
    assert_eq!(help.status.code(), Some(0));
    let shown = text(&help.stdout);
    assert!(shown.contains("Использование: refund [ПАРАМЕТРЫ] <КОМАНДА>"), "{shown}");
    assert!(!shown.contains("\n\n\n") && !shown.contains("demo-worker"), "{shown}");
    assert!(shown.lines().all(|line| line.trim_end() == line), "{shown:?}");
}

/// Starts a refund whose bank moves the money at once and answers only after `seconds`, and waits for the money.
async fn in_flight(shop: &Shop, seconds: u64) -> Child {
    let body = json!({"gateway":"sber-old","operation":"refund","fault":"delay","times":1,"seconds":seconds});
    shop.control.post("faults", body).await;
    let file = shop.sber("slow", None);
    let mut command = refund(&["create", &file, "--yes", "--lang", "en", "--output", "json"]);
    let piped = command.current_dir(shop.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("it starts");
    while refunded(&shop.control.get("ledger").await) == 0 {
        if let Some(status) = child.try_wait().expect("a child") {
            panic!("it ended before the money moved: {status}");
        }
        tokio::task::yield_now().await;
    }
    child
}

fn refunded(ledger: &Value) -> i64 {
    let payments = ledger["payments"].as_array().expect("a list");
    let ours = payments.iter().find(|payment| payment["id"] == crate::shop::SBER_ORDER);
    ours.and_then(|payment| payment["refunded"].as_i64()).expect("the order")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_interrupt_lets_the_call_in_flight_end() {
    let shop = Shop::open("en").await;
    let child = in_flight(&shop, 2).await;
    interrupt(&child);
    let ended =
        tokio::task::spawn_blocking(|| child.wait_with_output()).await.expect("no panic").expect("it ends");
    let err = text(&ended.stderr);
    assert_eq!(ended.status.code(), Some(0), "{err}");
    assert!(err.contains("letting the call in flight end"), "{err}");
    assert_eq!(parsed(text(&ended.stdout))["refund"]["state"], "settled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_interrupt_leaves_and_the_journal_knows() {
    let shop = Shop::open("en").await;
    // Longer than any test may take: without the interrupts this would hang.
    let mut child = in_flight(&shop, 3_600).await;
    interrupt(&child);
    let mut err = BufReader::new(child.stderr.take().expect("piped"));
    let mut heard = String::new();
    err.read_line(&mut heard).expect("a line");
    assert!(heard.contains("letting the call in flight end"), "{heard}");
    interrupt(&child);
    let status = tokio::task::spawn_blocking(move || child.wait()).await.expect("no panic").expect("it ends");
    assert_eq!(status.code(), Some(130));
    let shown = parsed(&shop.run("show slow --output json").await.out);
    assert_eq!((&shown["refund"]["state"], &shown["exit"]), (&"sending".into(), &6.into()), "{shown}");
    // Whoever comes next with the same request is told so and sends nothing.
    let again = shop.run("create slow.json --yes").await;
    assert_eq!((again.code, shop.refund_requests().await), (6, 1), "{again:?}");
}

/// A question that has no effect is given up at the first signal, the one of a service manager included; the refund is
/// as the journal says, and the exit code says that it was not followed to its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_no_effect_is_given_up_at_the_first_signal() {
    for which in ["-INT", "-TERM"] {
        let shop = Shop::open("en").await;
        let file = shop.robokassa("taken", Some("50.00"));
        assert_eq!(shop.run(&format!("create {file} --yes")).await.code, 0);
        let asked = shop.status_requests().await;
        let body =
            json!({"gateway":"robokassa","operation":"status","fault":"delay","times":1,"seconds":3_600});
        shop.control.post("faults", body).await;
        let mut command = refund(&["status", "taken", "--lang", "en"]);
        let piped = command.current_dir(shop.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().expect("it starts");
        while shop.status_requests().await == asked {
            if let Some(status) = child.try_wait().expect("a child") {
                panic!("it ended before it asked: {status}");
            }
            tokio::task::yield_now().await;
        }
        signal(&child, which);
        let ended = tokio::task::spawn_blocking(|| child.wait_with_output());
        let ended = ended.await.expect("no panic").expect("it ends");
        assert_eq!(ended.status.code(), Some(130), "{which}: {}", text(&ended.stderr));
        let shown = parsed(&shop.run("show taken --output json").await.out);
        assert_eq!((&shown["refund"]["state"], shop.refund_requests().await), (&"accepted".into(), 1));
    }
}

/// At the question nothing is in flight: one interrupt is enough, and nothing was sent or recorded.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupt_at_the_question_leaves_at_once() {
    let shop = Shop::open("en").await;
    let file = shop.sber("asked", None);
    let program = env!("CARGO_BIN_EXE_refund");
    // `script` gives it a terminal; where there is none, there is no question to interrupt.
    let line = format!("{program} create {file} --lang en");
    let mut script = Command::new("script");
    script
        .args(["-qefc", &line, "/dev/null"])
        .current_dir(shop.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let Ok(mut child) = script.spawn() else { return };
    let mut out = child.stdout.take().expect("piped");
    let mut shown = Vec::new();
    while !text_ends(&shown, "[y/N] ") {
        let mut byte = [0];
        assert_eq!(out.read(&mut byte).expect("output"), 1, "{}", String::from_utf8_lossy(&shown));
        shown.push(byte[0]);
    }
    // Ctrl-C, as a terminal passes it on.
    std::io::Write::write_all(child.stdin.as_mut().expect("piped"), &[3]).expect("written");
    let status = tokio::task::spawn_blocking(move || child.wait()).await.expect("no panic").expect("it ends");
    assert_eq!(status.code(), Some(130), "{}", String::from_utf8_lossy(&shown));
    assert_eq!((shop.refund_requests().await, shop.run("list").await.out.as_str()), (0, ""));
}

fn text_ends(bytes: &[u8], end: &str) -> bool {
    bytes.ends_with(end.as_bytes())
}
