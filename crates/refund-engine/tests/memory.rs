//! The journal in memory passes the suite of every journal, and fails exactly as it is told to.

use refund_core::{
    AccountId, Clock, Currency, IntentKey, PaymentId, PaymentRef, ProviderId, RefundAmount, RefundCommand,
    WallTime,
};
use refund_engine::{
    Journal, JournalError, ListQuery, ManualClock, Plan, Planned,
    codec::{Note, encode_command, encode_note},
    lineage::intent_id,
    memory::{Failure, MemoryJournal, Write},
    suite::{CASES, Subject, run_all},
};
use std::sync::Arc;

async fn subject() -> Subject {
    let clock = ManualClock::starting(WallTime(1_795_000_000_000));
    let journal = Arc::new(MemoryJournal::new(Arc::new(clock.clone()) as Arc<dyn Clock>));
    Subject { journal, clock }
}

fn wanted(order: &str) -> Plan {
    let payment = PaymentRef {
        provider: ProviderId::from_static("acme"),
        account: AccountId::parse("shop").expect("a plain word"),
        payment: PaymentId::parse(order).expect("a plain word"),
    };
    let key = IntentKey::parse(order).expect("a plain word");
    Plan {
        intent: intent_id(&payment.provider, &payment.account, &key),
        key,
        currency: Currency::RUB,
        amount: None,
        command: encode_command(&RefundCommand::new(payment.clone(), RefundAmount::Full)),
        payment,
        note: encode_note(&Note::default()),
        wall: WallTime(0),
    }
}

#[tokio::test]
async fn it_fails_once_and_as_it_was_told() {
    let unavailable = |answer: &Result<Vec<Planned>, JournalError>| matches!(answer, Err(JournalError::Unavailable { place, .. }) if place == "memory");
    // What the failing write answers, whether it was written, and what the next one answers.
    type Case = (Failure, fn(&JournalError) -> bool, bool, bool);
    let cases: [Case; 4] = [
        (Failure::Unavailable, |error| matches!(error, JournalError::Unavailable { .. }), false, true),
        (Failure::Poison, |error| matches!(error, JournalError::Unavailable { .. }), false, false),
        (Failure::CommitLost, |error| *error == JournalError::CommitUnknown, false, true),
        (Failure::CommitKept, |error| *error == JournalError::CommitUnknown, true, true),
    ];
    for (failure, is_it, written, goes_on) in cases {
        let journal = MemoryJournal::new(Arc::new(ManualClock::starting(WallTime(0))));
        let (one, two) = (wanted("1"), wanted("2"));
        // An order for another call waits for that call.
        journal.fail_next(Write::Append, Failure::Poison);
        journal.fail_next(Write::Plan, failure);
        let answer = journal.plan(std::slice::from_ref(&one)).await;
        assert!(answer.as_ref().is_err_and(is_it), "{failure:?}: {answer:?}");
        assert_eq!(journal.find(one.intent).await.expect("readable").is_some(), written, "{failure:?}");
        let next = journal.plan(std::slice::from_ref(&two)).await;
        let expected = if goes_on { Ok(vec![Planned::Fresh]) } else { Err(JournalError::Poisoned) };
        assert_eq!(next, expected, "{failure:?}: it happens once, unless the handle is poisoned");
        // Opened again it has what was committed, and goes on.
        let again = journal.reopen();
        assert_eq!(again.find(one.intent).await.expect("readable").is_some(), written, "{failure:?}");
        let expected = if written { Planned::Same } else { Planned::Fresh };
        assert_eq!(again.plan(std::slice::from_ref(&one)).await, Ok(vec![expected]));
        assert!(!unavailable(&again.plan(&[two]).await));
    }
}

#[tokio::test]
async fn it_dies_with_the_nth_write_and_forgets_nothing() {
    for n in 1..5 {
        let journal = MemoryJournal::new(Arc::new(ManualClock::starting(WallTime(0))));
        journal.crash_after(n);
        for number in 1..=6 {
            let answer = journal.plan(&[wanted(&number.to_string())]).await;
            let expected = if number < n { Ok(vec![Planned::Fresh]) } else { Err(JournalError::Poisoned) };
            assert_eq!(answer, expected, "write {number}, to die with {n}");
        }
        let again = journal.reopen();
        let kept = again.list(&ListQuery::default()).await.expect("readable").len() as u64;
        assert_eq!((kept, again.writes()), (n, n), "the write it died with was committed");
        assert_eq!(again.plan(&[wanted("7")]).await, Ok(vec![Planned::Fresh]));
    }
}

/// Nothing an operator reads of it may show what is in it.
#[tokio::test]
async fn its_debug_shows_no_content() {
    let journal = MemoryJournal::new(Arc::new(ManualClock::starting(WallTime(0))));
    journal.plan(&[wanted("canary")]).await.expect("planned");
    assert_eq!(format!("{journal:?}"), "MemoryJournal { writes: 1, .. }");
}

#[tokio::test]
async fn it_passes_the_suite() {
    assert_eq!(run_all(subject).await, CASES);
}
