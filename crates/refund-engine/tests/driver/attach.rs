//! What lies beside which record: requests, baselines, references, replies, and what people said.

use crate::{
    READABLE, Shop, VERIFIED,
    acme::{Acme, accepted, cut, declined, no_answer, reference_of, refused, settled, shown, timeout, words},
    said,
};
use refund_core::{
    Certainty, Clock, IntentId, LookupError, NotSent, NotSentReason, RefundState, StatusError, Tier, Verdict,
    WallTime,
};
use refund_engine::{
    Ended, ManualClock, Phase, Record, Recorded, Role,
    codec::{Note, decode_note},
    machine::{Decision, Stop},
};
use std::time::Duration;

/// Kind and roles of every record after the plan.
async fn roles(shop: &Shop, intent: IntentId) -> Vec<(&'static str, Vec<Role>)> {
    let history = shop.history(intent).await;
    let rows = history.iter().skip(2).map(|recorded| {
        let roles = recorded.attachments.iter().map(|attachment| attachment.role).collect();
        (recorded.record.kind(), roles)
    });
    rows.collect()
}

async fn note(shop: &Shop, intent: IntentId, kind: &str) -> Note {
    note_of(&shop.newest(intent, kind).await)
}

fn note_of(recorded: &Recorded) -> Note {
    decode_note(recorded.attached(Role::Note).expect("a note")).expect("readable")
}

/// A kind of record and the roles beside it.
type Row = (&'static str, &'static [Role]);

const RESERVED: Row = ("reserved", &[Role::Prepared, Role::Baseline]);
const ARMED: Row = ("armed", &[]);

fn expected(rows: &[Row]) -> Vec<(&'static str, Vec<Role>)> {
    rows.iter().map(|(kind, roles)| (*kind, roles.to_vec())).collect()
}

#[tokio::test]
async fn every_answer_lies_beside_its_record() {
    use Role::{Evidence, Note, Reference};
    let cases: Vec<(_, _, &[Row])> = vec![
        (READABLE, settled(), &[RESERVED, ARMED, ("settled", &[Evidence])]),
        (Tier::Blind, accepted("R-1"), &[RESERVED, ARMED, ("accepted", &[Evidence, Reference])]),
        (READABLE, declined(Certainty::Final), &[RESERVED, ARMED, ("declined", &[Evidence, Note])]),
        (READABLE, declined(Certainty::Confirm), &[RESERVED, ARMED, ("doubted", &[Evidence, Note])]),
        (READABLE, timeout(), &[RESERVED, ARMED, ("doubted", &[Evidence, Note])]),
        (Tier::Blind, timeout(), &[RESERVED, ARMED, ("doubted", &[Evidence, Note]), ("held", &[])]),
    ];
    for (tier, answer, rows) in cases {
        let shop = Shop::new(tier);
        shop.acme.answers([answer]);
        let intent = shop.approved("k-1").await;
        shop.run(intent).await;
        assert_eq!(roles(&shop, intent).await, expected(rows));
    }
}

#[tokio::test]
async fn what_people_say_lies_beside_what_they_did() {
    let shop = Shop::new(Tier::Blind);
    shop.acme.answers([timeout()]);
    let intent = shop.approved("k-1").await;
    assert_eq!(note(&shop, intent, "planned").await, said("the customer asked"));
    assert_eq!(note(&shop, intent, "approved").await, said("yes"));
    shop.run(intent).await;
    shop.clock.advance(Duration::from_secs(905));
    let seen = Note { evidence: "cabinet, page 3".into(), ..said("not there") };
    shop.engine.decide(intent, Decision::SendAgain, seen.clone()).await.expect("decided");
    assert_eq!(note(&shop, intent, "decided").await, seen);
    shop.engine.take_by_hand(intent, said("faster by hand")).await.expect("taken");
    assert_eq!(note(&shop, intent, "taken_by_hand").await, said("faster by hand"));
    shop.engine.decide(intent, Decision::Happened, said("done")).await.expect("decided");
    assert_eq!(
        (note(&shop, intent, "decided").await, shop.phase(intent).await),
        (said("done"), Phase::Settled)
    );

    let other = shop.approved("k-2").await;
    shop.engine.withdraw(other, said("changed his mind")).await.expect("withdrawn");
    assert_eq!(note(&shop, other, "withdrawn").await, said("changed his mind"));
}

/// After a reboot a decision only restarts the window; what the person said is kept beside that.
#[tokio::test]
async fn what_a_person_said_too_early_after_a_reboot_is_kept() {
    let shop = Shop::new(Tier::Blind);
    shop.acme.answers([timeout()]);
    let intent = shop.approved("k-1").await;
    shop.run(intent).await;
    shop.clock.reboot();
    shop.engine.decide(intent, Decision::DidNotHappen, said("not there")).await.expect("the window restarts");
    assert_eq!(shop.phase(intent).await, Phase::NeedsReview);
    assert_eq!(note(&shop, intent, "window_restarted").await, said("not there"));
}

#[tokio::test]
async fn the_program_says_why_it_could_not() {
    let shop = Shop::new(READABLE);
    shop.acme.opens([Some(refused())]);
    let intent = shop.approved("k-1").await;
    shop.run(intent).await;
    assert_eq!(note(&shop, intent, "not_sent").await.details, ["refused: nobody listens"]);

    let shop = Shop::new(READABLE);
    shop.acme.looks([Ok(shown(20_000, Some(0)))]);
    let intent = shop.approved("k-1").await;
    shop.run(intent).await;
    assert_eq!(note(&shop, intent, "withdrawn").await.details, ["within-remaining at amount"]);

    let shop = Shop::new(READABLE);
    shop.acme.answers([declined(Certainty::Final)]);
    let intent = shop.approved("k-1").await;
    shop.run(intent).await;
    assert_eq!(note(&shop, intent, "declined").await.details, ["5: no"]);

    // Nor does what was said once turn up later.
    let shop = Shop::new(READABLE);
    shop.acme.looks([Err(LookupError::Read(no_answer())), Ok(shown(100_000, Some(0)))]);
    let intent = shop.approved("k-1").await;
    shop.run(intent).await;
    assert_eq!(note(&shop, intent, "postponed").await.details, ["the gateway did not answer: it hung up"]);
    shop.clock.advance(Duration::from_secs(1));
    shop.run(intent).await;
    assert_eq!(shop.newest(intent, "settled").await.attached(Role::Note), None);
}

/// A question that brought nothing new writes nothing, and its answer does not turn up beside the next record.
#[tokio::test]
async fn evidence_lies_beside_the_record_it_belongs_to() {
    let shop = Shop::new(Tier::Blind);
    shop.acme.answers([accepted("R-1")]);
    shop.acme.tells([
        Ok(RefundState::Processing),
        Ok(RefundState::Processing),
        Err(StatusError::Read(no_answer())),
        Ok(RefundState::Settled),
    ]);
    let intent = shop.approved("k-1").await;
    shop.run(intent).await;
    // Waits for 10 seconds in the nudge itself; the first nudge brings news, the second none.
    for _ in 0..2 {
        let report = shop.engine.nudge(intent, refund_engine::Patience::None).await.expect("runs");
        assert_eq!(report.state.phase, Phase::Processing);
    }
    shop.engine.run(intent, refund_engine::Patience::Patient).await.expect("runs");
    let polls = shop
        .history(intent)
        .await
        .into_iter()
        .skip(5)
        .map(|recorded| (recorded.record.kind(), recorded.attached(Role::Evidence).map(words)));
    let polls: Vec<_> = polls.collect();
    let answer = |number: u32| Some(format!("answer {number}"));
    // Lookup, open, fire, then the four questions: the third had no answer.
    assert_eq!(polls, [("polled", answer(4)), ("polled", None), ("settled", answer(7))]);
    assert_eq!(shop.acme.asked()[3], "status of R-1, 30000");
}

#[tokio::test]
async fn a_salvaged_reference_reaches_the_probe_and_the_status() {
    let shop = Shop::new(Tier::Blind);
    shop.acme.looks([Ok(shown(100_000, None))]);
    shop.acme.answers([cut("R-9")]);
    shop.acme.shows([Verdict::Happened(Some(reference_of("R-9")))]);
    shop.acme.tells([Ok(RefundState::Settled)]);
    let intent = shop.approved("k-1").await;
    let report = shop.engine.run(intent, refund_engine::Patience::Patient).await.expect("runs");
    assert_eq!(report.state.phase, Phase::Settled);
    use Role::{Evidence, Note, Reference};
    let rows: &[Row] = &[
        RESERVED,
        ARMED,
        ("doubted", &[Evidence, Reference, Note]),
        ("accepted", &[Evidence, Reference]),
        ("settled", &[Evidence]),
    ];
    assert_eq!(roles(&shop, intent).await, expected(rows));
    let asked = shop.acme.asked();
    assert!(asked[3].ends_with("salvaged Some(\"R-9\")"), "{asked:?}");
    assert_eq!(asked[4], "status of R-9, 30000");
}

/// All attempts of a lineage carry the same bytes; after a verdict the next lineage has another key.
#[tokio::test]
async fn a_resend_carries_the_same_bytes_and_a_new_lineage_does_not() {
    let clock = ManualClock::starting(WallTime(0));
    let acme = Acme::new(VERIFIED, &clock);
    acme.answers([timeout(), timeout(), timeout(), timeout(), timeout(), settled()]);
    acme.shows([Verdict::NotSeen]);
    let shop = Shop::with(clock, acme);
    let intent = shop.approved("k-1").await;
    let report = loop {
        let report = shop.engine.run(intent, refund_engine::Patience::Patient).await.expect("runs");
        // So many unknown in a row: no resend before a read is answered again.
        let Ended::Stopped(Stop::Paused { until }) = report.ended else { break report };
        shop.clock.advance(shop.clock.now().until(until).expect("one boot"));
    };
    assert_eq!((report.state.phase, report.state.lineage, report.state.attempt), (Phase::Settled, 2, 1));
    let fired: Vec<_> = shop.acme.asked().into_iter().filter(|line| line.starts_with("fire")).collect();
    assert_eq!(fired.len(), 6);
    assert!(fired[..5].iter().all(|line| *line == fired[0]), "{fired:?}");
    assert_ne!(fired[5], fired[0]);
    // Every resend says before it why it cannot double.
    let history = shop.history(intent).await;
    let armed = history.iter().enumerate().filter(|(_, one)| one.record.kind() == "armed");
    for (number, (place, armed)) in (1..).zip(armed) {
        let before = history[..place].iter().rev().find(|one| one.record.kind() != "postponed");
        let before = before.expect("a plan, at least");
        let first = matches!(armed.record, Record::Armed { attempt: 1, .. });
        assert_eq!(before.record.kind(), if first { "reserved" } else { "may_resend" }, "send {number}");
        let said = "the same bytes under the same key; the gateway replays its answer to a known key, which a test on \
                    this account has shown";
        let expected = format!("send {number} of lineage 1: {said}");
        assert!(first || note_of(before).details == [expected], "{before:?}");
    }
}

/// A fenced resend lives on the baseline of before the first send, and on one permit per record.
#[tokio::test]
async fn a_permit_that_expired_is_proof_and_the_next_send_has_a_record_of_its_own() {
    let clock = ManualClock::starting(WallTime(0));
    let acme = Acme::new(Tier::Blind, &clock).fenced();
    acme.looks([Ok(shown(40_000, None))]);
    let late = NotSent::new(NotSentReason::PermitExpired, "the permit expired 3 ms ago");
    acme.answers([timeout(), refund_core::Submission::NotSent(late), settled()]);
    let shop = Shop::with(clock, acme);
    let intent = shop.approved("k-1").await;
    shop.run(intent).await;
    shop.clock.advance(Duration::from_secs(1));
    let report = shop.run(intent).await;
    assert_eq!((report.state.phase, report.state.attempt, report.state.lineage), (Phase::Settled, 3, 1));
    let kinds = shop.kinds(intent).await;
    let tail =
        ["reserved", "armed", "doubted", "may_resend", "armed", "not_sent", "may_resend", "armed", "settled"];
    assert_eq!(kinds[2..], tail);
    let said: Vec<_> = shop
        .history(intent)
        .await
        .iter()
        .filter(|recorded| recorded.record.kind() == "may_resend")
        .map(|recorded| note_of(recorded).details.join("; "))
        .collect();
    let because = |number| {
        format!(
            "send {number} of lineage 1: two copies do not fit, 0.00 RUB refunded before + 2 x 300.00 RUB > 400.00 RUB \
             captured; assumes G1: the gateway enforces refunded <= captured atomically"
        )
    };
    assert_eq!(said, [because(2), because(3)]);
}
