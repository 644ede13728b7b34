//! What a person is told: next steps, waits, problems of the engine, histories without references.

use refund_core::{
    Actors, ArmError, BootId, Capabilities, CartNeed, CartPolicy, Currency, Decline, Descriptor, IntentId,
    IntentKey, MessageDef, Moment, Name, Opaque, OperatorTexts, PaymentId, PaymentRef, ProviderId,
    RefundOutcome, SelfFencing, Support, Tier, Timing, Traffic, WallTime,
};
use refund_desk::{
    Kind,
    ops::halted,
    view::{Bytes, history},
    words::next_step,
};
use refund_engine::{
    Halt, JournalError, Listed, Phase, Recorded, Role, State,
    codec::{Note, encode_note},
    machine::{Misstep, Record},
};
use refund_text::{Lang, render};
use std::time::Duration;

static CABINET: MessageDef = MessageDef { id: "cabinet", en: "Look there.", ru: "Смотрите там." };

fn descriptor() -> Descriptor {
    let no = Support::No;
    let capabilities = Capabilities {
        full: Support::Yes,
        partial: no,
        several: no,
        cart: no,
        penalty: no,
        loyalty: no,
        receipts: no,
        callbacks: no,
        currencies: &[Currency::RUB],
    };
    Descriptor {
        id: ProviderId::from_static("acme"),
        name: Name { en: "Acme", ru: "Акме" },
        dialect: "one",
        capabilities,
        tier: Tier::Readable(Actors::OnlyUs),
        self_fencing: SelfFencing::Off,
        timing: Timing { poll: &[], settle: Duration::from_secs(900), confirm_gap: Duration::ZERO },
        traffic: Traffic::UNLIMITED,
        cart: CartPolicy::new(CartNeed::ForReceiptOnly),
        texts: OperatorTexts { cabinet: &CABINET, support: &CABINET },
    }
}

fn listed(phase: Phase) -> Listed {
    Listed {
        intent: IntentId(7),
        key: IntentKey::parse("k-1").expect("a key"),
        payment: PaymentRef {
            provider: ProviderId::from_static("acme"),
            account: refund_core::AccountId::parse("shop").expect("an account"),
            payment: PaymentId::parse("1001").expect("a payment"),
        },
        currency: Currency::RUB,
        state: State { phase, ..State::EMPTY },
        planned: WallTime(0),
        changed: WallTime(0),
    }
}

fn steps(phase: Phase, known: Option<&Descriptor>, wait: Option<u64>, lang: Lang) -> Vec<String> {
    let wait = wait.map(Duration::from_secs);
    next_step(&listed(phase), known, wait).iter().map(|message| render(message, lang)).collect()
}

#[test]
fn every_phase_has_its_next_step() {
    let gateway = descriptor();
    let ids = |phase, known| {
        let found: Vec<_> =
            next_step(&listed(phase), known, None).iter().map(|message| message.def().id).collect();
        found.join(" ")
    };
    let expected = [
        (Phase::Planned, "next-confirm", "next-no-profile"),
        (Phase::Approved, "next-repeat-is-safe", "next-no-profile"),
        (Phase::Reserved, "next-repeat-is-safe", "next-no-profile"),
        (Phase::Sending, "next-do-not-repeat next-resolve", "next-do-not-repeat next-no-profile"),
        (Phase::Accepted, "next-ask-status", "next-no-profile"),
        (Phase::Processing, "next-ask-status", "next-no-profile"),
        (Phase::Settled, "", ""),
        (Phase::Canceled, "next-new-key", ""),
        (Phase::Declined, "next-new-key", ""),
        (Phase::Unknown, "next-do-not-repeat next-resolve", "next-do-not-repeat next-no-profile"),
        (Phase::NeedsReview, "next-do-not-repeat cabinet next-decide", "next-do-not-repeat next-no-profile"),
        (Phase::ByHand, "next-do-not-repeat cabinet next-decide", "next-do-not-repeat next-no-profile"),
        (Phase::Withdrawn, "next-new-key", ""),
        (Phase::DidNotHappen, "next-new-key", ""),
    ];
    assert_eq!(expected.len(), Phase::ALL.len());
    for (phase, with, without) in expected {
        assert_eq!(
            (ids(phase, Some(&gateway)).as_str(), ids(phase, None).as_str()),
            (with, without),
            "{phase:?}"
        );
    }
}

#[test]
fn waits_are_rounded_up_and_declined_in_russian() {
    let gateway = descriptor();
    for (seconds, ru, en) in [
        (1, "через 1 минуту", "in 1 minute:"),
        (60, "через 1 минуту", "in 1 minute:"),
        (61, "через 2 минуты", "in 2 minutes:"),
        (300, "через 5 минут:", "in 5 minutes:"),
        (660, "через 11 минут:", "in 11 minutes:"),
        (1_260, "через 21 минуту", "in 21 minutes:"),
    ] {
        let shown = |lang| steps(Phase::Unknown, Some(&gateway), Some(seconds), lang).remove(1);
        assert!(shown(Lang::Ru).contains(ru), "{}", shown(Lang::Ru));
        assert!(shown(Lang::En).contains(en), "{}", shown(Lang::En));
    }
    let held = |wait| steps(Phase::NeedsReview, Some(&gateway), wait, Lang::Ru).remove(2);
    assert!(held(Some(1)).starts_with("Через 1 минуту, не раньше, запишите"), "{}", held(Some(1)));
    assert!(held(None).starts_with("Запишите, что показывает кабинет"), "{}", held(None));
}

#[test]
fn the_engines_trouble_keeps_its_kind() {
    let unavailable = || JournalError::Unavailable { place: "/j".to_owned(), detail: "full".to_owned() };
    let broken = JournalError::Broken { payment: "p".to_owned(), number: 3, detail: "x".to_owned() };
    let declined = RefundOutcome::Declined(Decline {
        code: "7".to_owned(),
        text: String::new(),
        hints: Vec::new(),
        certainty: refund_core::Certainty::Final,
    });
    let cases = [
        (Halt::from(unavailable()), Kind::Journal, "journal-unusable"),
        (Halt::from(JournalError::Poisoned), Kind::Journal, "journal-unusable"),
        (Halt::from(JournalError::CommitUnknown), Kind::Journal, "journal-unusable"),
        (Halt::from(broken), Kind::Journal, "journal-damaged"),
        (Halt::from(JournalError::Leased), Kind::Unknown, "refund-busy-elsewhere"),
        (Halt::from(JournalError::Fenced), Kind::Unknown, "refund-busy-elsewhere"),
        (Halt::from(JournalError::Stale { expected: 1, found: 2 }), Kind::Unknown, "refund-busy-elsewhere"),
        (Halt::from(JournalError::NotFound), Kind::Usage, "refund-not-found"),
        (Halt::from(JournalError::Budget { left: 1 }), Kind::Rules, "journal-refuses"),
        (Halt::from(JournalError::PaymentBusy { by: IntentId(1) }), Kind::Rules, "journal-refuses"),
        (Halt::Arm(ArmError::Fenced), Kind::Unknown, "refund-busy-elsewhere"),
        (Halt::Arm(ArmError::Stale), Kind::Unknown, "refund-busy-elsewhere"),
        (Halt::Arm(ArmError::Unavailable("full".to_owned())), Kind::Journal, "journal-unusable"),
        (
            Halt::Journal { error: unavailable(), unrecorded: Some(declined) },
            Kind::Journal,
            "outcome-unrecorded",
        ),
        (
            Halt::NoProvider { provider: "acme".to_owned(), account: "shop".to_owned() },
            Kind::Configuration,
            "provider-not-configured",
        ),
        (Halt::Misstep(Misstep::NotNow { phase: Phase::Settled }), Kind::Rules, "not-in-this-state"),
        (Halt::Task("panicked".to_owned()), Kind::Internal, "internal"),
    ];
    for (halt, kind, code) in cases {
        let said = halt.to_string();
        let problem = halted(halt);
        assert_eq!((problem.kind, problem.code()), (kind, code), "{said}");
    }
    assert_eq!(halted(Halt::from(unavailable())).place.as_deref(), Some("/j"));
}

#[test]
fn a_history_shows_references_masked_and_bytes_only_when_asked() {
    let id = "cf15fd52-d2d1-4fc4-b9c0-25310e3bdded";
    let due = Moment::new(BootId(1), 1);
    let opaque = |text: &str| Opaque::new("acme/x@1", text.as_bytes().to_vec()).expect("short");
    let note = Note { reason: format!("seen {id}"), details: vec![id.to_owned()], ..Note::default() };
    let records = [
        Recorded::bare(Record::Planned { amount: Some(100) }, WallTime(0))
            .with(Role::Command, opaque("short")),
        Recorded::bare(Record::Accepted { due }, WallTime(1_000))
            .with(Role::Evidence, opaque(&format!("<id>{id}</id>")))
            .with(Role::Reference, opaque(id))
            .with(Role::Note, encode_note(&note)),
    ];
    let masked = format!("cf15{}", "*".repeat(32));
    let shown = history(&records, Bytes::Shown);
    let texts: Vec<_> =
        shown[1].attachments.iter().map(|found| (found.role, found.text.as_deref())).collect();
    let evidence = format!("<id>{masked}</id>");
    assert_eq!(texts, [("evidence", Some(evidence.as_str())), ("reference", Some(masked.as_str()))]);
    let said = shown[1].note.as_ref().expect("a note");
    assert_eq!(
        (said.reason.as_str(), said.details[0].as_str()),
        (format!("seen {masked}").as_str(), masked.as_str())
    );
    assert_eq!((shown[0].seq, shown[0].kind, shown[1].at.as_str()), (1, "planned", "1970-01-01T00:00:01Z"));

    let hidden = history(&records, Bytes::Hidden);
    assert!(hidden.iter().flat_map(|row| &row.attachments).all(|found| found.text.is_none()));
    assert_eq!(hidden[1].attachments[1].bytes, 36);
    assert!(!format!("{shown:?}{hidden:?}").contains(id));
}
