//! The provider against a transport that plays a script: which bytes leave, what is made of every answer, and that no
//! secret gets out. What the wire says is tested beside the wire; the sandbox is asked in `sandbox.rs`.

use async_trait::async_trait;
use provider_sber::old::{BaseUrl, Config, ID, SberOld};
use refund_core::*;
use secrecy::SecretString;
use std::sync::{Arc, Mutex};

const ORDER: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";
const PASSWORD: &str = "pa%ss&w+rd-canary";
const PAID: &str = r#"{"errorCode":"0","orderNumber":"A-1","orderStatus":2,"amount":47000,"currency":"643",
    "attributes":[{"name":"mdOrder","value":"130ab8ed-aeb8-7226-ba88-33300128092a"}],
    "cardAuthInfo":{"maskedPan":"220220**2424","expiration":"203012","cardholderName":"CARD HOLDER CANARY"},
    "paymentAmountInfo":{"paymentState":"DEPOSITED","approvedAmount":47000,"depositedAmount":47000,"refundedAmount":0}}"#;

/// Answers every read and every send with the same thing and keeps the requests.
struct Script {
    read: Result<Reply, ReadError>,
    fired: Result<Fired, NotSent>,
    requests: Arc<Mutex<Vec<Request>>>,
}

struct Held(Fired);

#[async_trait]
impl Transport for Script {
    async fn read(&self, request: Request) -> Result<Reply, ReadError> {
        self.requests.lock().expect("no panic holds it").push(request);
        self.read.clone()
    }

    async fn open(&self, request: Request) -> Result<Box<dyn Ready>, NotSent> {
        self.requests.lock().expect("no panic holds it").push(request);
        self.fired.clone().map(|fired| Box::new(Held(fired)) as Box<dyn Ready>)
    }
}

#[async_trait]
impl Ready for Held {
    async fn fire(self: Box<Self>, _: SendPermit) -> Fired {
        self.0
    }
}

/// A log that believes everything.
struct Paper;

#[async_trait]
impl ArmLog for Paper {
    async fn arm(&self, _: &ArmRecord) -> Result<(), ArmError> {
        Ok(())
    }
}

fn reply(status: u16, body: &str) -> Reply {
    Reply { status, headers: vec![], body: body.into() }
}

/// The provider, and what it was made to ask.
fn provider(
    read: Result<Reply, ReadError>,
    fired: Result<Fired, NotSent>,
) -> (SberOld, Arc<Mutex<Vec<Request>>>) {
    let requests = Arc::new(Mutex::new(vec![]));
    let script = Script { read, fired, requests: Arc::clone(&requests) };
    let config = Config::new("shop-api", SecretString::from(PASSWORD), BaseUrl::test(), Actors::OnlyUs);
    (SberOld::new(config.expect("valid"), Arc::new(script)), requests)
}

fn reading(read: Reply) -> (SberOld, Arc<Mutex<Vec<Request>>>) {
    provider(Ok(read), Ok(Fired::Reply(reply(200, "{}"))))
}

fn place() -> PaymentRef {
    PaymentRef {
        provider: ID,
        account: AccountId::parse("shop-api").expect("valid"),
        payment: PaymentId::parse(ORDER).expect("valid"),
    }
}

fn key() -> LineageKey {
    LineageKey::parse("lineage1").expect("valid")
}

async fn prepared(provider: &SberOld, amount: RefundAmount) -> (Payment, Prepared) {
    let payment = provider.lookup(&place()).await.expect("a paid order");
    let command = RefundCommand::new(place(), amount);
    let prepared = prepare(provider, &command, &payment).expect("nothing is broken");
    (payment, prepared)
}

fn prepare(provider: &SberOld, command: &RefundCommand, payment: &Payment) -> Result<Prepared, Violations> {
    let prior = Prior::none(Currency::RUB);
    let checked = rules::check(command, payment, &prior, &provider.describe().cart)?;
    provider.prepare(&checked, payment, &key())
}

async fn send(provider: &SberOld, prepared: &Prepared) -> Result<Submission, NotSent> {
    let opened = provider.open(prepared).await?;
    let record = ArmRecord {
        at: At { intent: IntentId(1), fence: 1, seq: 1 },
        lineage: 1,
        attempt: 1,
        digest: prepared.digest(),
        fire_by: Moment::new(BootId(1), 5_000),
    };
    Ok(Journaled::arm(opened, &record, &Paper).await.expect("the log believes everything").fire().await)
}

fn text(opaque: &Opaque) -> String {
    String::from_utf8(opaque.bytes().to_vec()).expect("this provider keeps text")
}

#[tokio::test]
async fn a_full_refund_sends_the_documented_bytes_and_the_exact_amount() {
    let (provider, requests) = reading(reply(200, PAID));
    let (_, prepared) = prepared(&provider, RefundAmount::Full).await;
    assert_eq!(prepared.payload().schema(), "sber-old/refund@1");
    assert_eq!(text(prepared.payload()), format!("orderId={ORDER}&amount=47000"));
    let submission = send(&provider, &prepared).await.expect("the script opens");
    assert!(matches!(submission, Submission::Outcome { outcome: RefundOutcome::Settled(None), .. }));

    let requests = requests.lock().expect("no panic holds it");
    let [status, refund] = requests.as_slice() else {
        panic!("one read and one send, not {}", requests.len())
    };
    let credentials = "userName=shop-api&password=pa%25ss%26w%2Brd-canary";
    let form = vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
    let expected = |method: &str, rest: &str| Request {
        method: Method::Post,
        url: format!("https://3dsec.sberbank.ru/payment/rest/{method}"),
        headers: form.clone(),
        body: format!("{credentials}&{rest}").into_bytes(),
    };
    assert!(*status == expected("getOrderStatusExtended.do", &format!("orderId={ORDER}")));
    assert!(*refund == expected("refund.do", &format!("orderId={ORDER}&amount=47000")));
}

/// The order of `PAID` with a cart, as a status shows it: strings and numbers, a rate nobody attests, members this
/// program does not know.
fn paid_with_cart() -> String {
    let cart = r#""orderBundle":{"customerDetails":{"email":"CANARY@example.com"},"cartItems":{"items":[
        {"positionId":"1","name":"Чай «Ёлочка», 100 г","quantity":{"value":3,"measure":"шт."},"itemAmount":30000,
         "itemPrice":10000,"itemCurrency":643,"itemCode":"чай-1","tax":{"taxType":6,"taxSum":5000},
         "itemAttributes":{"attributes":[{"name":"paymentMethod","value":"4"},{"name":"paymentObject","value":"1"}]}},
        {"positionId":2,"name":"Мёд липовый","quantity":{"value":"1.700","measure":"кг"},"itemAmount":"17000",
         "itemPrice":"10000","itemCode":"honey","tax":{"taxType":12}}]}},"orderNumber""#;
    PAID.replace("\"orderNumber\"", cart)
}

/// Two of three packets of tea and 0.35 of the honey.
fn two_lines() -> RefundCommand {
    let mut command = RefundCommand::new(place(), RefundAmount::Exactly(Money::rub(23_500)));
    let line = |position, thousandths| RefundLine::new(position, Quantity::from_thousandths(thousandths));
    command.lines = Some(vec![line("1", 2_000), line("2", 350)]);
    command.receipt = ReceiptChoice::Cart;
    command
}

#[tokio::test]
async fn a_partial_refund_with_a_cart_byte_for_byte() {
    let (provider, requests) = reading(reply(200, &paid_with_cart()));
    let payment = provider.lookup(&place()).await.expect("a paid order");
    let prepared = prepare(&provider, &two_lines(), &payment).expect("nothing is broken");
    send(&provider, &prepared).await.expect("the script opens");
    // Raw: what is kept is what is sent, behind the credentials.
    insta::assert_snapshot!("partial_raw", text(prepared.payload()));
    let sent = requests.lock().expect("no panic holds it").last().expect("the refund").body.clone();
    assert!(sent.ends_with(prepared.payload().bytes()));
    // Decoded, by the rules of forms and not by the encoder.
    let pairs = form_urlencoded::parse(prepared.payload().bytes());
    let shown: Vec<_> = pairs.map(|(name, value)| format!("{name} = {value}")).collect();
    insta::assert_snapshot!("partial_decoded", shown.join("\n"));
}

#[tokio::test]
async fn what_the_sale_said_of_a_line_is_said_again() {
    let (provider, _) = reading(reply(200, &paid_with_cart()));
    let payment = provider.lookup(&place()).await.expect("a paid order");
    let cart = payment.cart.clone().expect("a cart");
    let fiscal = cart.lines[0].fiscal.clone().expect("all three are attested");
    assert_eq!((&*fiscal.vat, &*fiscal.method, &*fiscal.object), ("vat20", "full_payment", "commodity"));
    assert_eq!(cart.lines[1].fiscal, None, "12 has no word that everybody agrees on");
    let form = text(prepare(&provider, &two_lines(), &payment).expect("nothing is broken").payload());
    let items =
        form_urlencoded::parse(form.as_bytes()).find(|(name, _)| name == "refundItems").expect("a cart").1;
    assert!(items.contains(r#""tax":{"taxType":6}"#) && items.contains(r#""tax":{"taxType":12}"#), "{items}");
    // A payment that comes without them is refunded without them: the gateway has its own.
    let mut bare = payment;
    bare.fiscal = None;
    let form = text(prepare(&provider, &two_lines(), &bare).expect("nothing is broken").payload());
    assert!(!form.contains("taxType"), "{form}");
}

#[tokio::test]
async fn bad_input_is_refused_before_anything_is_opened() {
    let (provider, requests) = reading(reply(200, &paid_with_cart()));
    let mut payment = provider.lookup(&place()).await.expect("a paid order");
    payment.points = Some(Money::rub(100));
    let check = |change: &dyn Fn(&mut RefundCommand), expected: &str| {
        let mut command = two_lines();
        change(&mut command);
        let found = prepare(&provider, &command, &payment).expect_err(expected);
        assert_eq!(found.to_string(), expected);
    };
    let first = |command: &mut RefundCommand| command.lines.as_mut().expect("two lines")[0].clone();
    check(&|command| command.lines = None, "cart-required at lines");
    check(&|command| command.receipt = ReceiptChoice::None, "sber-old-receipt at receipt");
    check(&|command| command.penalty = Some(Money::rub(1)), "penalty-not-with-loyalty at penalty");
    check(
        &|command| drop(command.params.insert("loyaltyId".to_owned(), "1".to_owned())),
        "sber-old-reserved-name at params.loyaltyId",
    );
    check(
        &|command| {
            let tea =
                RefundLine { name: Some("Чай «Ёлочка», 100 г ".to_owned()), ..first(command) };
            command.lines.as_mut().expect("two lines")[0] = tea;
        },
        "cart-line-in-order at lines[0].name",
    );
    check(
        &|command| command.lines.as_mut().expect("two lines")[1].quantity = Quantity::from_thousandths(1_701),
        "cart-quantity-remaining at lines[1].quantity, cart-amount-remaining at lines[1].amount, items-total-the-sum at amount",
    );
    assert_eq!(requests.lock().expect("no panic holds it").len(), 1, "the order was read and nothing else");
}

#[tokio::test]
async fn prepare_is_pure_and_the_language_is_part_of_the_request() {
    let (provider, _) = reading(reply(200, PAID));
    let (_, once) = prepared(&provider, RefundAmount::Exactly(Money::rub(1))).await;
    let (_, again) = prepared(&provider, RefundAmount::Exactly(Money::rub(1))).await;
    assert_eq!(once, again);
    let config = Config::new("shop-api", SecretString::from("other"), BaseUrl::test(), Actors::Shared)
        .and_then(|config| config.with_language("ru"))
        .expect("valid");
    let read = Script {
        read: Ok(reply(200, PAID)),
        fired: Ok(Fired::Reply(reply(200, "{}"))),
        requests: Arc::default(),
    };
    let russian = SberOld::new(config, Arc::new(read));
    let (_, spoken) = prepared(&russian, RefundAmount::Exactly(Money::rub(1))).await;
    assert_eq!(text(spoken.payload()), format!("orderId={ORDER}&amount=1&language=ru"));
    assert_eq!(russian.describe().tier, Tier::Readable(Actors::Shared));
}

#[tokio::test]
async fn lookup_fails_in_words_that_say_whether_asking_again_helps() {
    enum Kind {
        Denied,
        NotFound,
        Read,
        CannotTell,
    }
    let cases = [
        (200, r#"{"errorCode":"5","errorMessage":"Доступ запрещён"}"#, Kind::Denied),
        (200, r#"{"errorCode":6,"errorMessage":"Неверный номер заказа"}"#, Kind::NotFound),
        (200, r#"{"errorCode":"1"}"#, Kind::CannotTell),
        (200, "<html>", Kind::CannotTell),
        (200, "", Kind::CannotTell),
        (200, "{}", Kind::CannotTell),
        (404, "", Kind::CannotTell),
        (302, "", Kind::CannotTell),
        (429, "", Kind::Read),
        (502, "<html>", Kind::Read),
    ];
    for (status, body, kind) in cases {
        let (provider, _) = reading(reply(status, body));
        let error = provider.lookup(&place()).await.expect_err(body);
        let fits = match kind {
            Kind::Denied => matches!(error, LookupError::Denied { .. }),
            Kind::NotFound => matches!(error, LookupError::NotFound { .. }),
            Kind::Read => matches!(error, LookupError::Read(_)),
            Kind::CannotTell => matches!(error, LookupError::CannotTell { .. }),
        };
        assert!(fits, "{status} {body}: {error:?}");
    }
    let down = ReadError::NotSent(NotSent::new(NotSentReason::Dns, "no such host"));
    let (provider, _) = provider(Err(down.clone()), Ok(Fired::Reply(reply(200, "{}"))));
    assert_eq!(provider.lookup(&place()).await, Err(LookupError::Read(down)));
}

#[tokio::test]
async fn a_payment_of_somebody_else_is_not_even_asked_for() {
    let (provider, requests) = reading(reply(200, PAID));
    let mut short = place();
    short.payment = PaymentId::parse("A-1").expect("valid");
    let mut elsewhere = place();
    elsewhere.account = AccountId::parse("other-api").expect("valid");
    for (payment, part) in [(short, "ANS36"), (elsewhere, "sber-old/shop-api")] {
        match provider.lookup(&payment).await {
            Err(LookupError::NotOurs { detail }) => assert!(detail.contains(part), "{detail}"),
            other => panic!("{payment}: {other:?}"),
        }
    }
    assert!(requests.lock().expect("no panic holds it").is_empty());
}

#[tokio::test]
async fn nothing_is_opened_for_a_request_of_another_making() {
    let (provider, requests) = reading(reply(200, PAID));
    let foreign = Prepared::new(Opaque::new("robokassa/refund@1", b"orderId=x".to_vec()).expect("short"));
    let Err(error) = provider.open(&foreign).await else { panic!("another schema was opened") };
    assert_eq!(error.reason, NotSentReason::Unusable);
    assert!(requests.lock().expect("no panic holds it").is_empty());
    let closed = NotSent::new(NotSentReason::Refused, "nobody listens");
    let (provider, _) = self::provider(Ok(reply(200, PAID)), Err(closed.clone()));
    let (_, prepared) = prepared(&provider, RefundAmount::Full).await;
    assert_eq!(send(&provider, &prepared).await, Err(closed));
}

#[tokio::test]
async fn a_probe_reads_the_order_and_keeps_its_numbers() {
    let (before, _) = reading(reply(200, PAID));
    let (baseline, prepared) = prepared(&before, RefundAmount::Exactly(Money::rub(12_000))).await;
    let refunded = PAID.replace("\"orderStatus\":2", "\"orderStatus\":4").replace(
        "\"depositedAmount\":47000,\"refundedAmount\":0",
        "\"depositedAmount\":35000,\"refundedAmount\":12000",
    );
    let payment = place();
    let probe = Probe {
        payment: &payment,
        baseline: &baseline,
        prepared: &prepared,
        amount: Money::rub(12_000),
        key: &key(),
        salvaged: None,
    };
    let happened = reading(reply(200, &refunded)).0.probe(&probe).await;
    assert_eq!(happened.verdict, Verdict::Happened(None));
    insta::assert_snapshot!(text(&happened.evidence), @r#"{"asked":12000,"refundedBefore":0,"orderStatus":4,"paymentState":"DEPOSITED","amount":47000,"deposited":35000,"refunded":12000,"refunds":null}"#);
    let not_seen = before.probe(&probe).await;
    assert_eq!(not_seen.verdict, Verdict::NotSeen);
    for (status, body) in [(502, "<html>"), (200, r#"{"errorCode":"5"}"#), (200, "{{}"), (429, "")] {
        let report = reading(reply(status, body)).0.probe(&probe).await;
        assert!(matches!(report.verdict, Verdict::Unreadable { .. }), "{status} {body}: {report:?}");
        assert!(text(&report.evidence).contains("problem"), "{status} {body}");
    }
    let mut elsewhere = place();
    elsewhere.account = AccountId::parse("other-api").expect("valid");
    let report = before.probe(&Probe { payment: &elsewhere, ..probe }).await;
    assert!(matches!(report.verdict, Verdict::CannotTell { .. }), "{report:?}");
}

#[tokio::test]
async fn status_and_callbacks_are_said_to_be_missing() {
    let (provider, requests) = reading(reply(200, PAID));
    let reference = ProviderRef(Opaque::new("x@1", vec![]).expect("short"));
    let payment = place();
    let query = StatusQuery { payment: &payment, reference: &reference, amount: Money::rub(1) };
    assert_eq!(provider.status(&query).await, Err(StatusError::Unsupported));
    assert!(provider.notifications().is_none());
    assert_eq!(provider.describe().capabilities.callbacks, Support::No);
    assert!(requests.lock().expect("no panic holds it").is_empty());
}

/// A gateway that quotes the whole request back in every way it can, and the debug form of everything that comes out.
#[tokio::test]
async fn no_secret_and_no_card_gets_out() {
    let quoted = "userName=shop-api&password=pa%25ss%26w%2Brd-canary&orderId=x";
    let hostile = [
        reply(200, &format!(r#"{{"errorCode":"5","errorMessage":"{PASSWORD} {quoted}"}}"#)),
        reply(200, &format!(r#"{{"errorCode":"99","errorMessage":"{PASSWORD}"}}"#)),
        reply(200, &format!("<pre>{PASSWORD} {quoted}</pre>")),
        reply(200, &format!(r#"{{"amount":"{PASSWORD}"}}"#)),
        reply(500, &format!("{PASSWORD} {quoted}")),
        reply(200, PAID),
    ];
    let mut shown = String::new();
    let (provider, _) = reading(reply(200, PAID));
    let (baseline, prepared) = prepared(&provider, RefundAmount::Full).await;
    shown += &format!("{provider:?} {:?} {baseline:?} {prepared:?}", provider.describe());
    shown += &(text(prepared.payload()) + &text(&baseline.data));
    for reply in hostile {
        let (provider, requests) = self::provider(Ok(reply.clone()), Ok(Fired::Reply(reply)));
        shown += &format!("{:?}", provider.lookup(&place()).await);
        let (payment, key) = (place(), key());
        let amount = Money::rub(1);
        let probe = Probe {
            payment: &payment,
            baseline: &baseline,
            prepared: &prepared,
            amount,
            key: &key,
            salvaged: None,
        };
        let report = provider.probe(&probe).await;
        shown += &format!("{report:?} {}", text(&report.evidence));
        match send(&provider, &prepared).await.expect("the script opens") {
            Submission::Outcome { outcome, evidence } => shown += &format!("{outcome:?} {}", text(&evidence)),
            Submission::NotSent(proof) => panic!("{proof}"),
        }
        shown += &format!("{:?}", requests.lock().expect("no panic holds it"));
    }
    assert!(shown.contains("***"), "the gateway's words are still shown, without the secret");
    for private in ["canary", "pa%25ss", "pa%ss", "CANARY", "2424", "203012"] {
        assert!(!shown.contains(private), "{private} got out: {shown}");
    }
}
